"""Giữ số: a register's next number is kept for somebody until a day, then used or cancelled, never forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, Refused
from workflow.domain.notices import Kind, Told
from workflow.domain.numbering import number_text
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.registers import NumberStatus, check_hold
from workflow.domain.text import clean
from workflow.services import journal, outbox
from workflow.store import office
from workflow.store import registers as store
from workflow.store.models import Register, RegisterNumber
from workflow.store.session import UnitOfWork

PAGE = "/register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What a hold says: why, for whom, until which day."""

    reason: str
    person_id: int
    until: dt.date


def hold(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, register_id: int, wish: Hold, now: dt.datetime
) -> RegisterNumber:
    """Draw the register's next number of this year and keep it.

    Raises `BadInput` (`reason_needed`, `held_until_past`, `held_past_year`, `held_too_long`, `held_for_outsider`),
    `Refused`: `series_closed`, `held_already` where the same is held for the same person: sent twice, held once.
    """
    demand(actor, Permission.KEEP_REGISTER)
    today, words = journal.local_day(now), _words(wish.reason)
    check_hold(wish.until, today=today)
    if not office.in_agency(uow.session, wish.person_id, agency_id=actor.agency_id or 0, on=today):
        raise BadInput("held_for_outsider")
    uow.begin_write()
    register = _own(uow, actor, scope, register_id)
    series = office.lock_series(uow.session, register.id, today.year)
    if series.closed_at is not None:
        raise Refused("series_closed", register=register.name, year=today.year)
    for other, _name in store.held(uow.session, register.id):
        if (other.held_for_id, other.held_until, other.reason) == (wish.person_id, wish.until, words):
            raise Refused("held_already", number=number_text(other.number), year=other.year)
    series.last_number += 1
    row = RegisterNumber(
        register_id=register.id, year=today.year, number=series.last_number, status=NumberStatus.HELD,
        reason=words, drawn_at=now, drawn_by_id=actor.person_id, held_for_id=wish.person_id, held_until=wish.until,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    facts: dict[str, object] = {"number": row.number, "year": row.year, "reason": words, "for": wish.person_id,
                                "until": wish.until.isoformat()}  # fmt: skip
    journal.record(uow, subject=f"register:{register.id}", tag="register:number:held", facts=facts, actor=actor,
                   now=now)  # fmt: skip
    return row


def cancel(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, number_id: int, reason: str, now: dt.datetime
) -> RegisterNumber:
    """A held number that nobody needs: it stays in the register as cancelled and is never given again.

    Raises `BadInput("reason_needed")`, `Refused` with `number_cancelled` or `number_used`.
    """
    demand(actor, Permission.KEEP_REGISTER)
    words = _words(reason)
    uow.begin_write()
    row = store.number(scope, uow.session, number_id)
    register = _own(uow, actor, scope, row.register_id)
    office.lock_series(uow.session, register.id, row.year)
    row = store.number(scope, uow.session, number_id)
    demand_held(uow, row)
    before = row.reason
    row.status, row.reason = NumberStatus.CANCELLED, words
    row.cancelled_at, row.cancelled_by_id = now, actor.person_id
    uow.flush()
    facts: dict[str, object] = {"number": row.number, "year": row.year, "reason": words, "held": before}
    journal.record(
        uow, subject=f"register:{register.id}", tag="register:number:cancelled", facts=facts, actor=actor, now=now
    )
    return row


def demand_held(uow: UnitOfWork, row: RegisterNumber) -> None:
    """Raise `Refused("number_cancelled")` with who, when and why, or `Refused("number_used")` with its document."""
    if row.status == NumberStatus.CANCELLED:
        when = journal.local_day(row.cancelled_at).strftime("%d/%m/%Y") if row.cancelled_at else "–"
        who = store.name_of(uow.session, row.cancelled_by_id) or "–"
        raise Refused(
            "number_cancelled", number=number_text(row.number), year=row.year, who=who, when=when, reason=row.reason
        )
    if row.status != NumberStatus.HELD:
        raise Refused("number_used", number=number_text(row.number), year=row.year, symbol=row.symbol)


def _own(uow: UnitOfWork, actor: Actor, scope: Scope, register_id: int) -> Register:
    """A register of outgoing documents that the actor's own agency keeps; another's is as good as missing."""
    register = store.register(scope, uow.session, register_id)
    if register.agency_id != actor.agency_id or register.direction != "out":
        raise Refused("register_of_another")
    return register


def _words(reason: str) -> str:
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed")
    return words


def remind(uow: UnitOfWork, *, now: dt.datetime) -> int:
    """Tell the clerk and whoever it is for, each day from the last one on, that a held number waits for an end.

    Nothing is freed: a number that came back by itself would be a gap, or one that somebody wrote on a paper.
    """
    today = journal.local_day(now)
    uow.begin_write()
    found = store.expiring(uow.session, until=today, reason="each agency's clerk is told of its own numbers")
    for row, register, _name in found:
        clerks = office.holders(uow.session, role=Role.CLERK, on=today, agency_id=register.agency_id)
        people = {post.person_id for post in clerks} | ({row.held_for_id} if row.held_for_id else set())
        for person_id in sorted(people):
            outbox.queue(uow, _note(row, register, person_id, today=today), now=now)
    uow.flush()
    return len(found)


def _note(row: RegisterNumber, register: Register, person_id: int, *, today: dt.date) -> outbox.Note:
    return outbox.Note(
        cause=f"held:{row.id}:{today.isoformat()}:{person_id}", person_id=person_id,
        link=f"{PAGE}?register={register.id}&year={row.year}",
        what=Told.of(
            Kind.NUMBER_HELD, number=f"{number_text(row.number)}/{row.year}", register=register.name,
            day=row.held_until, reason=row.reason,
        ),
    )  # fmt: skip
