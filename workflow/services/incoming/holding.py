"""Who has an incoming document, as people: now, and at a moment in its history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.holding import Line, Piece, held_at, pieces
from workflow.domain.incoming import Holder, State, holder_of
from workflow.domain.people import Role
from workflow.services.incoming.clocks import calendar_for
from workflow.services.incoming.moves import office_heads, unit_heads
from workflow.services.journal import local_day
from workflow.store import incoming as store
from workflow.store import office
from workflow.store.models import Incoming
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answers for something: the kind of holder, the person, the unit."""

    held_by: Holder
    person_id: int
    unit_id: int


def lines_of(rows: Sequence[Any]) -> dict[int, list[Line]]:
    """Rows of history (`store.overdue.histories`) as lines, by document."""
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for row in rows:
        held = Holder(row.held_by) if row.held_by else None
        found[row.incoming_id].append(Line(row.at, held, row.held_by_id, row.held_unit_id))
    return found


def now_line(row: Any, now: dt.datetime) -> Line | None:
    """Whoever has a document now, as the line that is not written yet; None once it is closed.

    `row`: a document or a row with its state, `at_office`, `paused_since`, `holder_id`, `lead_unit_id`.
    """
    holder = holder_of(State(row.state), at_office=row.at_office, paused=row.paused_since is not None)
    if holder is None:
        return None
    unit = row.lead_unit_id if holder in {Holder.UNIT_HEAD, Holder.SPECIALIST} else None
    return Line(now, holder, row.holder_id, unit)


def pieces_of(
    row: Any, lines: Mapping[int, Sequence[Line]], calendar: WorkingCalendar, *, now: dt.datetime
) -> tuple[Piece, ...]:
    """Every stretch of a document's life, the present one included."""
    return pieces(lines.get(row.id, ()), calendar, now=now_line(row, now))


def answerable_at(
    uow: UnitOfWork, document: Incoming, moment: dt.datetime, *, now: dt.datetime
) -> Answerable | None:
    """Who had a document at a moment and answers for it today; None where nobody of the agency can be found."""
    rows = [line for line, _name in store.history_of(uow.session, document.id)]
    lines = {document.id: [_line(row) for row in rows]}
    piece = held_at(pieces_of(document, lines, calendar_for(uow, document), now=now), moment)
    present = now_line(document, now)
    if piece is not None:
        return person_for(uow, document, piece.held_by, piece.person_id, piece.unit_id, now=now)
    if present is not None and present.held_by is not None:
        return person_for(uow, document, present.held_by, present.person_id, present.unit_id, now=now)
    return None


def _line(row: Any) -> Line:
    return Line(row.at, Holder(row.held_by) if row.held_by else None, row.held_by_id, row.held_unit_id)


def person_for(
    uow: UnitOfWork, document: Incoming, held_by: Holder, person_id: int | None, unit_id: int | None,
    *, now: dt.datetime,
) -> Answerable | None:  # fmt: skip
    """The person behind a kind of holder: who was named, as long as they are in post; else who has the role now.

    A unit without a head in post, and an agency without a clerk, are answered for by the leader.
    """
    today, agency = local_day(now), document.agency_id
    if held_by is Holder.OUTSIDE:
        held_by, unit_id = (Holder.SPECIALIST, document.lead_unit_id)
        person_id = document.handler_id
    for found in (person_id, *_by_role(uow, document, held_by, unit_id, now=now)):
        if found is not None and office.in_agency(uow.session, found, agency_id=agency, on=today):
            return Answerable(held_by, found, unit_id or _unit_of(uow, found, agency, today))
    leaders = [post.person_id for post in office.holders(uow.session, role=Role.LEADER, on=today, agency_id=agency)]
    return Answerable(Holder.LEADER, leaders[0], agency) if leaders else None


def _by_role(
    uow: UnitOfWork, document: Incoming, held_by: Holder, unit_id: int | None, *, now: dt.datetime
) -> list[int | None]:
    match held_by:
        case Holder.CLERK:
            clerks = office.holders(uow.session, role=Role.CLERK, on=local_day(now), agency_id=document.agency_id)
            return [document.registered_by_id, *(post.person_id for post in clerks)]
        case Holder.OFFICE:
            return list(office_heads(uow, document.agency_id, now=now))
        case Holder.LEADER:
            return [document.leader_id]
        case _:
            return list(unit_heads(uow, unit_id or document.lead_unit_id, now=now))


def _unit_of(uow: UnitOfWork, person_id: int, agency_id: int, today: dt.date) -> int:
    return office.unit_of_person(uow.session, person_id, agency_id=agency_id, on=today) or agency_id


def holders_now(uow: UnitOfWork, document: Incoming, *, now: dt.datetime) -> list[int]:
    """Everybody a document waits for now: the one holder, or all who have the role."""
    line = now_line(document, now)
    if line is None or line.held_by is None:
        return []
    if line.person_id is not None:
        return [line.person_id]
    held_by = Holder.SPECIALIST if line.held_by is Holder.OUTSIDE else line.held_by
    if held_by is Holder.CLERK:
        clerks = office.holders(uow.session, role=Role.CLERK, on=local_day(now), agency_id=document.agency_id)
        return [post.person_id for post in clerks]
    found = [one for one in _by_role(uow, document, held_by, line.unit_id, now=now) if one is not None]
    if found:
        return found
    leaders = office.holders(uow.session, role=Role.LEADER, on=local_day(now), agency_id=document.agency_id)
    return [post.person_id for post in leaders]
