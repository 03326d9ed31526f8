"""Going on with an act that was broken off: a page that was closed, a network that was lost, a server that fell.

What was signed stays signed. Of what is left the same login goes on within the 15 minutes of a prepared signature:
it signs the very same bytes. Any other login, and any later hour, begins a new act with what is left: a time and a
login that are hours old have no place in a signature.

The session's secret was known to the page that is gone and is kept here as a hash only. Whoever goes on gets a new
one and the old one is void at once, so that two pages never sign one act.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.errors import Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, allowed, demand
from workflow.domain.signing_acts import OF_COPIES, Manifest
from workflow.services.signing import acts
from workflow.services.signing.certificates import digest
from workflow.services.signing.preparing import check_now, own_certificate, permission_of, purpose_of
from workflow.store import certificates as store
from workflow.store import remote_signing, signing_acts
from workflow.store.models import CopyItem, SigningItem, SigningSession
from workflow.store.session import UnitOfWork

REMEMBERED = dt.timedelta(days=3)
"""So long a broken-off act is named to whoever began it; what is left of it waits on their desk anyway."""

REASON = "the documents of an act that its own signer goes on with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """An act of which something is left. `request_id`: it waits for its signer's telephone, by this request."""

    act_id: int
    purpose: str
    signed: int
    whole: int
    rest: int
    request_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """One's own act as it stands. `same_bytes`: whether what was prepared may still be signed, by this login.
    `documents`: those that are left, without those attached to them; of an act over copies, the copies.
    `request_id`: it waits for its signer's telephone, by this request: it was not broken off."""

    opened: SigningSession
    manifest: Manifest
    signed: int
    documents: tuple[int, ...]
    same_bytes: bool
    request_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftItem:
    """One file that is left: what the key holder needs of it. `document_id`: of an act over copies, the copy."""

    document_id: int
    attachment_id: int | None
    to_be_signed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneOn:
    """A fresh secret for the session, the act's manifest, and what is left of it."""

    session: str
    purpose: str
    manifest: Manifest
    items: tuple[LeftItem, ...]


def unfinished(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> Rest | None:
    """The newest act of this person in this post, where something of it is left to sign: over documents, or over
    copies where they make such."""
    if actor.person_id is None or actor.post_id is None:
        return None
    asked = [signing_acts.newest_with_rest]
    if allowed(actor.role, Permission.MAKE_COPIES):
        asked.append(signing_acts.newest_of_copies)
    found = [
        one(uow.session, person_id=actor.person_id, post_id=actor.post_id, since=now - REMEMBERED, reason=REASON)
        for one in asked
    ]
    row = max((one for one in found if one is not None), key=lambda one: (one.created_at, one.id), default=None)
    if row is None:
        return None
    return Rest(
        act_id=row.id, purpose=row.purpose, signed=int(row.signed), whole=row.whole, rest=int(row.rest),
        request_id=remote_signing.open_of_act(uow.session, row.id, person_id=actor.person_id),
    )  # fmt: skip


def begun(uow: UnitOfWork, actor: Actor, *, act_id: int, login_session_id: int | None, now: dt.datetime) -> Begun:
    """One's own act. Raises `NotFound` for anybody else's."""
    opened = signing_acts.own(uow.session, act_id, person_id=actor.person_id, post_id=actor.post_id)
    counts = acts.tally(uow, [opened])[act_id]
    items = _items_left(uow, opened)
    return Begun(
        opened=opened,
        manifest=acts.read(opened),
        signed=counts.get("done", 0) + counts.get("pending", 0),
        documents=tuple(dict.fromkeys(one.document_id for one in items)),
        same_bytes=_same(opened, login_session_id, now=now) and any(one.status == "prepared" for one in items),
        request_id=remote_signing.open_of_act(uow.session, act_id, person_id=opened.person_id),
    )


def go_on(
    uow: UnitOfWork, actor: Actor, *, act_id: int, login_session_id: int | None, certificate: bytes,
    now: dt.datetime,
) -> GoneOn:  # fmt: skip
    """Take one's own act up again with the same key.

    Raises `NotFound` for anybody else's act, `Refused("signing_session_expired")` after 15 minutes or in another
    login, `Refused("act_other_key")`, and what `open_session` raises of the certificate.
    """
    opened = signing_acts.own(uow.session, act_id, person_id=actor.person_id, post_id=actor.post_id)
    wanted = purpose_of(opened.purpose)
    demand(actor, permission_of(opened.purpose))
    if not _same(opened, login_session_id, now=now):
        raise Refused("signing_session_expired")
    row = own_certificate(uow, actor, certificate, purpose=wanted)
    if row.id != opened.certificate_id:
        raise Refused("act_other_key")
    check_now(uow, actor, row, purpose=wanted, now=now)
    token = secrets.token_urlsafe(32)
    uow.begin_write()
    opened = store.lock_session(uow.session, opened.id)
    opened.id_hash = digest(token.encode())
    items = _items_left(uow, opened)
    uow.flush()
    left = tuple(_left(one) for one in items if one.status == "prepared")
    return GoneOn(session=token, purpose=opened.purpose, manifest=acts.read(opened), items=left)


def _same(opened: SigningSession, login_session_id: int | None, *, now: dt.datetime) -> bool:
    return now <= opened.expires_at and opened.login_session_id == login_session_id


def _items_left(uow: UnitOfWork, opened: SigningSession) -> Sequence[SigningItem | CopyItem]:
    if opened.purpose == OF_COPIES:
        return signing_acts.copies_left(uow.session, opened.id, reason=REASON)
    return signing_acts.left(uow.session, opened.id, reason=REASON)


def _left(item: SigningItem | CopyItem) -> LeftItem:
    return LeftItem(
        document_id=item.document_id, attachment_id=acts.attachment_of(item),
        to_be_signed=item.to_be_signed,
    )  # fmt: skip
