"""Begin an act with a remote key: files are prepared, the manifest is fixed, its code is shown; then it is sent."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.adapters.blobs import Blobs
from workflow.adapters.remote_signing import Credential, Provider
from workflow.domain.errors import NotFound, NotPermitted, WorkflowError
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.remote_signing import ItemStanding, Standing, code_of
from workflow.domain.signing_acts import OF_COPIES
from workflow.services.signing import acts
from workflow.services.signing.certificates import digest
from workflow.services.signing.preparing import open_session, own_certificate, purpose_of
from workflow.services.signing.remote.claiming import end, of_copies
from workflow.services.signing.remote.files import File, prepare
from workflow.services.signing.remote.services import Doing, Services, credential_now, service_of
from workflow.store import certificates as store
from workflow.store import remote_signing as requests
from workflow.store.models import Certificate, CopyItem, RemoteRequest, SigningItem, SigningSession
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Begun:
    """`request_id`: the first request of the act; `left_out`: files that cannot be signed now, and why."""

    request_id: int
    left_out: tuple[tuple[File, WorkflowError], ...]


def begin(
    do: Doing, actor: Actor, scope: Scope, *, purpose: str, login_session_id: int | None, certificate_id: int,
    files: Sequence[File], services: Services, blobs: Blobs, now: dt.datetime,
) -> Begun:  # fmt: skip
    """Prepare each file by itself (of purpose `copy`: certified copies), then close the act over those that could
    be. Nothing is sent yet.

    Raises what `open_session` raises, `Refused("remote_…")` and `("provider_…")` where the service does not offer
    the key, and the refusal of the last file where none could be prepared.
    """
    if actor.in_place_of is not None:
        raise NotPermitted("remote_not_in_place")
    certificate = do(lambda uow: _own(uow, actor, certificate_id, purpose=purpose))
    service = service_of(services, certificate)
    held = certificate.held
    credential = do(
        lambda uow: credential_now(
            uow, service, account=held["account"], credential=held["credential"], certificate=certificate.der
        )
    )
    token = do(
        lambda uow: open_session(
            uow, actor, purpose=purpose, login_session_id=login_session_id, certificate=certificate.der,
            key_holder=service.capabilities.way, control=service.control(credential), now=now,
        )
    )  # fmt: skip
    left_out: list[tuple[File, WorkflowError]] = []
    for file in files:
        try:
            prepare(
                do, actor, scope, file, purpose=purpose, token=token, login_session_id=login_session_id,
                blobs=blobs, now=now,
            )  # fmt: skip
        except WorkflowError as refused:
            left_out.append((file, refused))
    if len(left_out) == len(files) and left_out:
        raise left_out[-1][1]
    first = do(lambda uow: _fix(uow, actor, token, service, certificate, credential, left_out=left_out, now=now))
    return Begun(first, tuple(left_out))


def _own(uow: UnitOfWork, actor: Actor, certificate_id: int, *, purpose: str) -> Certificate:
    row = store.by_id(uow.session, certificate_id)
    return own_certificate(uow, actor, row.der, purpose=purpose_of(purpose))


def _fix(
    uow: UnitOfWork, actor: Actor, token: str, service: Provider, certificate: Certificate, credential: Credential,
    *, left_out: Sequence[tuple[File, WorkflowError]], now: dt.datetime,
) -> int:  # fmt: skip
    """Close the act and write down its requests: as many in order as the service's limit makes of it."""
    opened = store.session_by_token(uow.session, digest(token.encode()))
    uow.begin_write()
    acts.fix_by_itself(uow, actor, opened, now=now)
    manifest = acts.read(store.lock_session(uow.session, opened.id))
    items = [one for one in acts.items_of(uow, opened) if one.status == "prepared"]
    groups = [items[start : start + credential.limit] for start in range(0, len(items), credential.limit)]
    rows = []
    for part, group in enumerate(groups, start=1):
        length = service.capabilities.code
        code = code_of(manifest.digest, part=part, length=length) if length else manifest.code
        rows.append(
            _row(actor, opened, service, certificate, group, part=part, parts=len(groups), code=code, now=now)
        )
    rows[0].about = {
        "left_out": [
            {"document": file.document_id, "attachment": file.attachment_id, "code": refused.code}
            for file, refused in left_out
        ]
    }
    _replace(uow, opened, {one.document_id for one in items}, now=now)
    uow.add(*rows)
    uow.flush()
    return rows[0].id


def _replace(uow: UnitOfWork, opened: SigningSession, documents: set[int], *, now: dt.datetime) -> None:
    """What was asked for the same documents, or copies, before is taken back: an approval of that would sign
    nothing."""
    for row in requests.live_of(uow.session, opened.person_id):
        if of_copies(uow, row) is not (opened.purpose == OF_COPIES):
            continue
        if documents & {int(one["document"]) for one in row.items} and row.state != Standing.APPROVED:
            row.claim += 1
            end(uow, row, Standing.CANCELLED, reason="begun_anew", now=now)


def _row(
    actor: Actor, opened: SigningSession, service: Provider, certificate: Certificate,
    items: Sequence[SigningItem | CopyItem], *, part: int, parts: int, code: str, now: dt.datetime,
) -> RemoteRequest:  # fmt: skip
    if actor.person_id is None or actor.post_id is None:
        raise NotFound("signing_session_not_found")
    return RemoteRequest(
        kind="sign", act_id=opened.id, part=part, parts=parts, person_id=actor.person_id, post_id=actor.post_id,
        login_session_id=opened.login_session_id, address=actor.address, provider=service.name,
        account=certificate.held["account"], credential=certificate.held["credential"],
        name=secrets.token_hex(16), code=code, state=Standing.READY if part == 1 else Standing.QUEUED,
        items=[
            {"item": one.id, "document": one.document_id, "attachment": acts.attachment_of(one),
             "state": ItemStanding.WAITING, "code": ""}
            for one in items
        ],
        created_at=now, expires_at=opened.expires_at,
    )  # fmt: skip
