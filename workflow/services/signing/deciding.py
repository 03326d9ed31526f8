"""What becomes of an enrolment: a second person confirms or refuses it, and somebody stops it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from workflow.domain.certificates import BURNT, Stop
from workflow.domain.errors import BadInput, Missing, NotFound, Refused
from workflow.domain.key_holders import SHOWN, KeyHolder
from workflow.domain.known_keys import Earlier, demand_usable, is_notable
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services import journal, outbox
from workflow.services.responsible import responsible
from workflow.services.signing import known_keys
from workflow.services.signing.certificates import DESPITE, READ, record
from workflow.store import certificates as store
from workflow.store import office, people
from workflow.store.models import Certificate
from workflow.store.session import UnitOfWork

LONGEST = 400
"""Letters of a reason."""


def confirm(
    uow: UnitOfWork, actor: Actor, *, certificate_id: int, shown: bool = False, past_read: bool = False,
    despite: str = "", now: dt.datetime,
) -> Certificate:  # fmt: skip
    """A second person confirms; from now on the certificate may sign. `shown`: they say that the token was shown to
    them, which nothing in the certificate tells. `past_read`: that they read what is known of its key. `despite`:
    why they believe it although it does not name the unit.

    Raises `Refused("token_not_shown")`, `("key_past_not_read")`, `Missing("difference_reason_needed")` where these
    have to be, and what the key itself is refused for (`domain.known_keys`): that may have come up since.
    """
    demand(actor, Permission.CONFIRM_CERTIFICATE)
    row = _within_reach(uow, actor, certificate_id, now=now)
    demand_usable(past_of(uow, row, agency_id=actor.agency_id, now=now), (row.person_id, row.agency_id))
    row = _decide(uow, actor, certificate_id, now=now)
    if row.enrolled_by_id == actor.person_id:
        raise Refused("second_person_needed")
    owner = (row.person_id, row.agency_id)
    earlier = known_keys.listed(uow, row.public_key, but=row.id)
    demand_usable(earlier, owner)
    _demand_looked_at(row, earlier, shown=shown, past_read=past_read, reason=_reason(despite))
    said: dict[str, Any] = {SHOWN: actor.person_id} if row.holder == KeyHolder.TOKEN else {}
    said |= {DESPITE: _reason(despite)} if row.warnings else {}
    said |= {READ: actor.person_id} if past_read and earlier else {}
    row.proof = {**row.proof, **said}
    row.status, row.confirmed_by_id, row.confirmed_at = "confirmed", actor.person_id, now
    known_keys.mark_places(uow, row, earlier, actor=actor, now=now)
    uow.flush()
    record(uow, row, "confirmed", actor=actor, now=now)
    _tell_confirmed(uow, actor, row, now=now)
    return row


def _demand_looked_at(
    row: Certificate, earlier: Iterable[Earlier], *, shown: bool, past_read: bool, reason: str
) -> None:
    if row.holder == KeyHolder.TOKEN and not shown:
        raise Refused("token_not_shown")
    owner = (row.person_id, row.agency_id)
    if not past_read and any(is_notable(one, owner, row.holder) for one in earlier):
        raise Refused("key_past_not_read")
    if row.warnings and not reason:
        raise Missing("difference_reason_needed")


def _reason(given: str) -> str:
    words = clean(given)
    if len(words) > LONGEST:
        raise BadInput("reason_too_long", limit=LONGEST)
    return words


def past_of(uow: UnitOfWork, row: Certificate, *, agency_id: int | None, now: dt.datetime) -> tuple[Earlier, ...]:
    """What is known of the key of an enrolment: every other one of the same public key."""
    return known_keys.known(uow, row.public_key, agency_id=agency_id, now=now, but=row.id)


def _tell_confirmed(uow: UnitOfWork, actor: Actor, row: Certificate, *, now: dt.datetime) -> None:
    """Whose it is, and of an agency's the head: whoever signs in their name without their knowledge is found."""
    what = Told.of(
        Kind.CERTIFICATE_CONFIRMED, name=row.subject_name, serial=row.serial, who=actor.name,
        day=journal.local_day(row.not_after),
    )  # fmt: skip
    _tell(uow, row, "confirmed", what, _answer_for(uow, row, now=now), now=now)


def _answer_for(uow: UnitOfWork, row: Certificate, *, now: dt.datetime) -> set[int]:
    """In whose name it signs: its person, or of an agency's the heads."""
    if row.agency_id is None:
        return {row.person_id} if row.person_id is not None else set()
    heads = office.holders(uow.session, role=Role.LEADER, on=journal.local_day(now), agency_id=row.agency_id)
    return {post.person_id for post in heads}


def _tell(uow: UnitOfWork, row: Certificate, verb: str, what: Told, readers: set[int], *, now: dt.datetime) -> None:
    for reader in sorted(readers):
        cause = f"certificate:{row.id}:{verb}:{reader}"
        outbox.queue(uow, outbox.Note(cause=cause, person_id=reader, link="/certificates", what=what), now=now)


def refuse(uow: UnitOfWork, actor: Actor, *, certificate_id: int, now: dt.datetime) -> Certificate:
    """The second person does not believe it; who enrolled it is told, or they would wait for it."""
    row = _decide(uow, actor, certificate_id, now=now)
    row.status = "refused"
    record(uow, row, "refused", actor=actor, now=now)
    what = Told.of(Kind.CERTIFICATE_REFUSED, name=row.subject_name, serial=row.serial, who=actor.name)
    _tell(uow, row, "refused", what, {row.enrolled_by_id} - {actor.person_id}, now=now)
    return row


def _decide(uow: UnitOfWork, actor: Actor, certificate_id: int, *, now: dt.datetime) -> Certificate:
    demand(actor, Permission.CONFIRM_CERTIFICATE)
    uow.begin_write()
    row = _within_reach(uow, actor, certificate_id, now=now, for_update=True)
    if row.status != "pending":
        raise Refused("certificate_not_pending", status=row.status)
    return row


def _within_reach(
    uow: UnitOfWork, actor: Actor, certificate_id: int, *, now: dt.datetime, for_update: bool = False
) -> Certificate:
    row = store.by_id(uow.session, certificate_id, for_update=for_update)
    if not _looks_after(uow, actor, row, now=now):
        raise NotFound("certificate_not_found")
    return row


def _looks_after(uow: UnitOfWork, actor: Actor, row: Certificate, *, now: dt.datetime) -> bool:
    """An administrator, of what is enrolled in their agency and those below it, as their queue shows it: a
    department has no administrator of its own, and its certificates would wait for ever."""
    if actor.role is not Role.ADMIN or actor.agency_id is None:
        return False
    agencies = store.agencies_of(uow.session, row, on=journal.local_day(now))
    if actor.agency_id in agencies:
        return True
    return not agencies.isdisjoint(people.agencies_below(uow.session, actor.agency_id))


def retire(uow: UnitOfWork, actor: Actor, *, certificate_id: int, why: str, now: dt.datetime) -> Certificate:
    """Stop a certificate: by its owner, by a clerk for the agency's, or by an administrator of it or above.

    Where the key itself is in doubt (`BURNT`) its other certificates stop with it, one that was stopped before for
    a quieter reason takes the worse one, and those who answer for the agency are told. Signatures stay as they are.
    Raises `BadInput("stop_reason_needed")`.
    """
    if why not in set(Stop):
        raise BadInput("stop_reason_needed")
    uow.begin_write()
    row = store.by_id(uow.session, certificate_id, for_update=True)
    own = row.person_id is not None and row.person_id == actor.person_id
    seal = row.agency_id is not None and row.agency_id == actor.agency_id and actor.role is Role.CLERK
    if not (own or seal or _looks_after(uow, actor, row, now=now)):
        raise NotFound("certificate_not_found")
    worse = row.status == "retired" and why in BURNT and row.stopped_why not in BURNT
    if row.status not in {"pending", "confirmed"} and not worse:
        raise Refused("certificate_ended_already", status=row.status)
    _stop(uow, actor, row, Stop(why), now=now)
    if why in BURNT:
        for other in store.of_key(uow.session, row.public_key):
            if other.id != row.id and other.status in {"pending", "confirmed"}:
                _stop(uow, actor, other, Stop(why), now=now)
    return row


def _stop(uow: UnitOfWork, actor: Actor, row: Certificate, why: Stop, *, now: dt.datetime) -> None:
    row.status, row.retired_at, row.stopped_why = "retired", row.retired_at or now, str(why)
    uow.flush()
    record(uow, row, "retired", actor=actor, now=now)
    readers = _answer_for(uow, row, now=now)
    if why in BURNT:
        for agency in store.agencies_of(uow.session, row, on=journal.local_day(now)):
            readers |= responsible(uow, agency, now=now)
    what = Told.of(Kind.CERTIFICATE_STOPPED, name=row.subject_name, serial=row.serial, who=actor.name, why=str(why))
    _tell(uow, row, f"stopped:{why}", what, readers - {actor.person_id}, now=now)
