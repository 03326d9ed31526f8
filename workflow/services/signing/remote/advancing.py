"""One step further with a request, by whoever comes along: the page, the clock, a hint of the service.

Claim (a short write) · ask the service (no transaction open) · write down what it said · finish each file in a unit
of work of its own. A signature counts only once it was verified with the enrolled certificate over exactly what was
prepared; everything may be broken off at any point and begun again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from signing.prepare.possession import digests_to_sign
from workflow.adapters.blobs import Blobs
from workflow.adapters.remote_signing import Answer, Order, Said
from workflow.domain.errors import NotFound, Refused, WorkflowError
from workflow.domain.obstacle_codes import OBSTACLE_OF
from workflow.domain.remote_signing import ItemStanding, Standing
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services.signing import acts
from workflow.services.signing.finishing import Outcome
from workflow.services.signing.remote import claiming
from workflow.services.signing.remote.claiming import PROOF, Claim, held, keep_answer, take
from workflow.services.signing.remote.enrolling import enrol_proven, message_of
from workflow.services.signing.remote.files import finish
from workflow.services.signing.remote.services import Doing, Services
from workflow.store import certificates
from workflow.store import remote_signing as store
from workflow.store.models import RemoteRequest, SigningSession
from workflow.store.session import UnitOfWork

Clock = Callable[[], dt.datetime]

WORDS = "Trinh Ky"
"""Plain ASCII: a SIM card shows little else."""


def advance(do: Doing, *, request_id: int, services: Services, blobs: Blobs, clock: Clock) -> bool:
    """Whether this call found something to do; calling it too often, or twice at once, costs nothing."""
    claim = do(lambda uow: take(uow, request_id, services, now=clock()))
    if claim is None:
        return False
    state: Standing | None = claim.state
    if state is Standing.ASKING:
        state = _ask(do, claim, clock=clock)
    elif state is Standing.WAITING:
        state = _look(do, claim, clock=clock)
    if state is Standing.APPROVED:
        _finish(do, claim, blobs=blobs, clock=clock)
    return True


def hinted(uow: UnitOfWork, *, provider: str, reference: str) -> int | None:
    """Which open request a service's call is about: a hint to ask, no more."""
    return store.by_reference(uow.session, provider, reference)


def _ask(do: Doing, claim: Claim, *, clock: Clock) -> Standing | None:
    service = claim.service
    try:
        order = do(lambda uow: _order(uow, claim))
        answer, trouble = do(lambda uow: uow.compute(service.ask, order)), ""
    except Refused as refused:
        answer, trouble = _sent_into_the_dark(refused, named=service.capabilities.named)
    return do(lambda uow: keep_answer(uow, claim, answer, trouble=trouble, now=clock()))


def _sent_into_the_dark(refused: Refused, *, named: bool) -> tuple[Answer, str]:
    """Where no sensible answer came it may have arrived: a service that knows our name for it is asked next."""
    if refused.code == "provider_said_no" or (refused.code == "provider_misspoke" and not named):
        return Answer(said=Said.FAILED, code=refused.code), ""
    if named:
        return Answer(said=Said.WAITING), refused.code
    return Answer(said=Said.UNKNOWN, code=refused.code), ""


def _look(do: Doing, claim: Claim, *, clock: Clock) -> Standing | None:
    """A service that does not answer, or not sensibly, is asked again until the request's time is over."""
    service = claim.service
    try:
        order = do(lambda uow: _order(uow, claim))
        answer, trouble = do(lambda uow: uow.compute(service.state, claim.reference, order)), ""
    except Refused as refused:
        answer, trouble = Answer(said=Said.WAITING), refused.code
    return do(lambda uow: keep_answer(uow, claim, answer, trouble=trouble, now=clock()))


def _order(uow: UnitOfWork, claim: Claim) -> Order:
    row = uow.session.get_one(RemoteRequest, claim.request_id)
    certificate, messages = _of_enrolment(row) if row.kind == "enrol" else _of_act(uow, row)
    name, account, credential, code = row.name, row.account, row.credential, row.code
    kind, function, digests = uow.compute(digests_to_sign, certificate, [message for _name, message in messages])
    hashes = tuple((given, made) for (given, _message), made in zip(messages, digests, strict=True))
    return Order(
        name=name, account=account, credential=credential, hashes=hashes, function=function, kind=kind, code=code,
        words=WORDS,
    )  # fmt: skip


def _of_enrolment(row: RemoteRequest) -> tuple[bytes, list[tuple[str, bytes]]]:
    return bytes.fromhex(row.about["certificate"]), [(PROOF, message_of(row))]


def _of_act(uow: UnitOfWork, row: RemoteRequest) -> tuple[bytes, list[tuple[str, bytes]]]:
    opened = uow.session.get_one(SigningSession, row.act_id)
    wanted = {int(one["item"]) for one in row.items}
    items = [one for one in acts.items_of(uow, opened) if one.id in wanted]
    certificate = certificates.by_id(uow.session, opened.certificate_id)
    return certificate.der, [(str(one.id), one.to_be_signed) for one in items]


def _finish(do: Doing, claim: Claim, *, blobs: Blobs, clock: Clock) -> None:
    """Each file by itself: what succeeded stays, whatever becomes of the next."""
    found = do(lambda uow: _to_finish(uow, claim))
    if found is None:
        return
    kind, items = found
    if kind == "enrol":
        code = _enrol(do, claim, clock=clock)
        do(lambda uow: _close(uow, claim, now=clock(), code=code))
        return
    for item in items:
        if not _finish_one(do, claim, item, blobs=blobs, clock=clock):
            return
    do(lambda uow: _close(uow, claim, now=clock()))


def _to_finish(uow: UnitOfWork, claim: Claim) -> tuple[str, list[dict[str, Any]]] | None:
    row = held(uow, claim)
    if row is None:
        return None
    return row.kind, [one for one in row.items if one["state"] == ItemStanding.WAITING]


def _finish_one(do: Doing, claim: Claim, item: dict[str, Any], *, blobs: Blobs, clock: Clock) -> bool:
    """Whether to go on: not where somebody took the request over."""
    try:
        outcome = do(lambda uow: _finish_file(uow, claim, item, blobs=blobs, now=clock()))
    except WorkflowError as refused:
        standing, code = ItemStanding.FAILED, refused.code
    else:
        passed = outcome.conclusion == "passed"
        standing, code = (ItemStanding.DONE, "") if passed else (ItemStanding.UNDECIDED, outcome.reason)
    return do(lambda uow: _note(uow, claim, item, standing, code, now=clock()))


def _finish_file(uow: UnitOfWork, claim: Claim, item: dict[str, Any], *, blobs: Blobs, now: dt.datetime) -> Outcome:
    row = uow.session.get_one(RemoteRequest, claim.request_id)
    actor, scope = claiming.person(uow, row, now=now)
    opened = uow.session.get_one(SigningSession, row.act_id)
    if int(item["item"]) not in {one.id for one in acts.items_of(uow, opened)}:
        raise NotFound("signing_item_not_found")
    return finish(uow, actor, scope, opened=opened, item=item, blobs=blobs, now=now)


def _note(
    uow: UnitOfWork, claim: Claim, item: dict[str, Any], standing: ItemStanding, code: str, *, now: dt.datetime
) -> bool:
    """What became of one file; its signature stands in the file now and is not kept twice."""
    row = held(uow, claim)
    if row is None:
        return False
    kept = {name: value for name, value in item.items() if name != "signature"}
    row.items = [
        {**kept, "state": standing, "code": code} if one["item"] == item["item"] else one for one in row.items
    ]
    row.claimed_until = now + claiming.LEASE
    if standing is ItemStanding.UNDECIDED:
        claiming.met(uow, row, Obstacle.REVOCATION_UNREACHABLE, {int(item["document"])}, now=now)
    elif (kind := OBSTACLE_OF.get(code)) is not None:
        claiming.met(uow, row, kind, {int(item["document"])}, now=now)
    return True


def _close(uow: UnitOfWork, claim: Claim, *, now: dt.datetime, code: str = "") -> None:
    row = held(uow, claim)
    if row is not None:
        claiming.end(uow, row, Standing.FAILED if code else Standing.DONE, reason=code, now=now)


def _enrol(do: Doing, claim: Claim, *, clock: Clock) -> str:
    """The code of what stands against it."""
    try:
        do(lambda uow: enrol_proven(uow, claim, now=clock()))
    except WorkflowError as refused:
        return refused.code
    return ""
