"""What a change of days, hours or rules moves: due moments of open incoming documents, shown first, then written.

Only what is still to come moves, only of what is open, and every document that moves gets an entry in its journal.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workflow.domain.calendar import WorkingCalendar, office_time
from workflow.domain.incoming import State
from workflow.domain.journal import utc_text
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Actor
from workflow.domain.terms import due_under, step_due
from workflow.services import journal
from workflow.store import recalculating as store
from workflow.store.session import UnitOfWork

WHY = "a calendar holds for everybody's open documents"
TAG = "document:incoming:recalculated"

Stood = Mapping[int, Sequence[tuple[dt.datetime, dt.datetime]]]


class What(StrEnum):
    """Which due moment moves."""

    STEP = "step"
    DUE = "due"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Flip:
    """A due moment of an open document that a change moves; None: there is no deadline then, or was none."""

    document: int
    code: str
    symbol: str
    agency: str
    state: StrEnum
    before: dt.datetime | None
    after: dt.datetime | None
    what: What = What.STEP
    unit: str = ""

    @property
    def incoming(self) -> bool:
        """An incoming document, not an outgoing one."""
        return isinstance(self.state, State)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Both ways to count, by a unit and its stored Saturdays: as it is, and as it would be."""

    before: Callable[[int, str], WorkingCalendar]
    after: Callable[[int, str], WorkingCalendar]


@dataclass(slots=True)
class Moved:
    """One document that moves: its new columns and what stood there."""

    row: Any
    due_at: dt.datetime | None
    step_due_at: dt.datetime | None
    term: dict[str, Any] | None = None
    kind: str | None = None
    parts: list[tuple[Any, dt.datetime]] = field(default_factory=list)

    @property
    def moves(self) -> bool:
        """Whether anything is different."""
        row = self.row
        return bool(
            self.parts or self.due_at != row.due_at or self.step_due_at != row.step_due_at
            or (self.kind is not None and self.kind != row.due_kind)
        )  # fmt: skip

    def flips(self) -> Iterable[Flip]:
        """Every due moment that moves; in the work itself document and step are one."""
        row, step = self.row, self.step_due_at != self.row.step_due_at
        one = (row.id, f"{row.number}/{row.year}" if row.number else row.subject, row.symbol, row.agency)
        state = State(row.state)
        if self.due_at != row.due_at:
            yield Flip(*one, state, row.due_at, self.due_at, What.DUE)
        if step and not (self.step_due_at == self.due_at and row.step_due_at == row.due_at):
            yield Flip(*one, state, row.step_due_at, self.step_due_at, What.STEP)
        for part, after in self.parts:
            yield Flip(*one, state, part.due_at, after, What.PART, part.unit)


def by_calendar(
    uow: UnitOfWork, calendars: Calendars, *, start: dt.datetime, unit_id: int | None = None, lock: bool = False
) -> list[Moved]:
    """What moves when the calendar changes from `start` on, everywhere or in one unit. Three queries."""
    rows = store.touched(uow.session, start, reason=WHY, unit_id=unit_id, lock=lock)
    stood = _stood(store.pauses(uow.session, start, reason=WHY, unit_id=unit_id))
    parts: defaultdict[int, list[Any]] = defaultdict(list)
    for part in store.parts(uow.session, start, reason=WHY, unit_id=unit_id):
        parts[part.incoming_id].append(part)
    found = [_moved(row, stood.get(row.id, ()), parts[row.id], calendars, start=start) for row in rows]
    return [one for one in found if one.moves]


def _moved(
    row: Any, stood: Sequence[tuple[dt.datetime, dt.datetime]], parts: Sequence[Any], calendars: Calendars, *,
    start: dt.datetime,
) -> Moved:  # fmt: skip
    hours = _hours(row)
    before, after = calendars.before(*hours), calendars.after(*hours)
    due = row.due_at
    if due is not None and due >= start and row.due_term:
        new = due_under(row.due_term, stood, after)
        if new != due_under(row.due_term, stood, before):
            due = new
    step = row.step_due_at
    if step is not None and step >= start:
        new = _step(row, after, due)
        if new != _step(row, before, row.due_at):
            step = new
    moved = Moved(row, due, step)
    for part in parts:
        new = _part(part, row, due, calendars, start=start)
        if new != part.due_at:
            moved.parts.append((part, new))
    return moved


def _hours(row: Any) -> tuple[int, str]:
    """Whose office hours count for a document, and their Saturdays: the lead unit's, before that the agency's."""
    if row.lead_unit_id is not None:
        return row.lead_unit_id, row.lead_saturday
    return row.agency_id, row.agency_saturday


def _step(row: Any, calendar: WorkingCalendar, due: dt.datetime | None) -> dt.datetime | None:
    return step_due(
        State(row.state), row.state_since, calendar, urgent=row.urgency != Urgency.NORMAL, due_at=due,
        paused=row.paused_since is not None,
    )  # fmt: skip


def _part(part: Any, row: Any, due: dt.datetime | None, calendars: Calendars, *, start: dt.datetime) -> dt.datetime:
    """A named day stays that day; what a pause moved into a day keeps its office time from `start` on."""
    hours = (part.unit_id, part.saturday)
    before, after = calendars.before(*hours), calendars.after(*hours)
    moment: dt.datetime = part.due_at
    day = office_time(moment).date()
    if moment == row.due_at and due is not None:
        return due
    if before.closing(day) == moment:
        new = after.closing(day)
    else:
        new = after.add_working_time(start, before.working_time_between(start, moment))
    return min(new, due) if due is not None else new


@dataclass(frozen=True, slots=True)
class Rule:
    """An agency's own term, as it stands or as it would stand."""

    id: int
    type_code: str | None
    unit_id: int | None
    measure: str
    amount: int


def by_rules(
    uow: UnitOfWork, agency_id: int, best: Callable[[str | None, int | None], Rule | None],
    calendar: Callable[[str], WorkingCalendar], *, lock: bool = False,
) -> list[Moved]:  # fmt: skip
    """What moves when an agency's own terms become others: where a rule made the due moment, or now makes one."""
    rows = store.under_rules(uow.session, agency_id, reason=WHY, lock=lock)
    stood = _stood(store.pauses_of_agency(uow.session, agency_id, reason=WHY))
    found = []
    for row in rows:
        rule = best(row.type_code, row.lead_unit_id)
        term, kind = _term(row, rule)
        if kind == row.due_kind and term == row.due_term:
            continue
        hours = calendar(_hours(row)[1])
        due = due_under(term, stood.get(row.id, ()), hours)
        found.append(Moved(row, due, _step(row, hours, due), term, kind))
    return [one for one in found if one.moves]


def _term(row: Any, rule: Rule | None) -> tuple[dict[str, Any], str]:
    if rule is None:
        return {}, "undecided"
    if rule.measure == "none":
        return {}, "none"
    start = row.due_term.get("from", row.arrived_at.isoformat())
    return {"from": start, "measure": rule.measure, "amount": rule.amount, "rule": rule.id}, "rule"


def write(
    uow: UnitOfWork, actor: Actor, found: Sequence[Moved], *, because: Mapping[str, object], now: dt.datetime
) -> int:
    """Write what moves, each with an entry in its journal; how many documents. In the open write phase."""
    if not found:
        return 0
    entries = journal.entries(
        [(one.row, f"incoming:{one.row.id}", TAG, {**_facts(one), "because": dict(because)}) for one in found],
        actor=actor, now=now,
    )  # fmt: skip
    documents = [_columns(one, entry) for one, entry in zip(found, entries, strict=True)]
    parts = [{"id": part.id, "due_at": after} for one in found for part, after in one.parts]
    store.write(uow.session, documents=documents, parts_due=parts, entries=entries, reason=WHY)
    return len(found)


def _columns(one: Moved, entry: Mapping[str, Any]) -> dict[str, Any]:
    row = one.row
    follows = not row.extensions and row.first_due_at == row.due_at
    return {
        "id": row.id, "due_at": one.due_at, "step_due_at": one.step_due_at,
        "first_due_at": one.due_at if follows else row.first_due_at,
        "due_term": row.due_term if one.term is None else one.term, "due_kind": one.kind or row.due_kind,
        "chain_length": entry["ordinal"], "chain_head": entry["digest"],
    }  # fmt: skip


def _facts(one: Moved) -> dict[str, object]:
    row = one.row
    told: dict[str, object] = {}
    if one.due_at != row.due_at or (one.kind and one.kind != row.due_kind):
        told["due"] = {"before": _iso(row.due_at), "after": _iso(one.due_at)}
    if one.step_due_at != row.step_due_at:
        told["step"] = {"before": _iso(row.step_due_at), "after": _iso(one.step_due_at)}
    if one.term is not None:
        told["term"] = one.term
    if one.parts:
        told["parts"] = [
            {"part": part.id, "before": _iso(part.due_at), "after": _iso(after)} for part, after in one.parts
        ]
    return told


def _stood(rows: Iterable[Any]) -> Stood:
    found: defaultdict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for incoming_id, began, ended in rows:
        found[incoming_id].append((began, ended))
    return found


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)
