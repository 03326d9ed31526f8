"""Incoming documents, coordinating parts and explanations as they stood at the cut-off of the morning report."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from workflow.domain.arrivals_backlog import (
    Arrival,
    Entry,
    Held,
    Line,
    Owed,
    PartDue,
    Stood,
    moment,
    moved_step,
    own_due,
    part_before,
    still_owed,
    stood,
)
from workflow.domain.calendar import WorkingCalendar
from workflow.domain.incoming import BEFORE_REGISTER, CLOSED, OPEN_WORK, Action, Holder, State, holder_of
from workflow.domain.outgoing import Urgency
from workflow.domain.terms import step_due
from workflow.services.calendar import calendars_by_hours, days_at
from workflow.store import arrivals_stock as store
from workflow.store.session import UnitOfWork

Thing = TypeVar("Thing")
WHY = "a report covers every unit"
_IN_UNITS = frozenset({Holder.UNIT_HEAD, Holder.SPECIALIST})
_WITH_PARTS = frozenset({*OPEN_WORK, State.DONE, State.FILED})


@dataclass(frozen=True, slots=True)
class ArrivalStock:
    """Everything of incoming documents that a report counts."""

    documents: tuple[Arrival, ...] = ()
    parts: tuple[PartDue, ...] = ()
    owed: tuple[Owed, ...] = ()


def arrival_stock(uow: UnitOfWork, cut_off: dt.datetime) -> ArrivalStock:
    """As it stood then. Nine queries, whatever the size."""
    then = _Then(uow, cut_off)
    documents = [
        _as_it_stands(row)
        for row in store.open_now(uow.session, reason=WHY)
        if row.id not in then.moved and row.state_since <= cut_off
    ]
    documents += _found(then.arrival(row) for row in then.moved.values())
    return ArrivalStock(
        tuple(sorted(documents, key=lambda one: one.document)),
        _found(then.part(row) for row in store.parts_at(uow.session, cut_off, reason=WHY)),
        _found(then.owed(row) for row in store.explanations_at(uow.session, cut_off, reason=WHY)),
    )


def _found(every: Iterable[Thing | None]) -> tuple[Thing, ...]:
    return tuple(one for one in every if one is not None)


def _held_now(row: Any) -> Held:
    held_by = holder_of(State(row.state), at_office=row.at_office, paused=row.paused_since is not None)
    unit = row.lead_unit_id if held_by in _IN_UNITS else None
    return Held(held_by, row.holder_id if held_by else None, unit)


def _as_it_stands(row: Any) -> Arrival:
    where = Stood(State(row.state), row.state_since, _held_now(row))
    paused = row.paused_since is not None
    return _arrival(row, where, own=None if paused else row.due_at, step=row.step_due_at)


def _arrival(row: Any, where: Stood, *, own: dt.datetime | None, step: dt.datetime | None) -> Arrival:
    dues = [one for one in (own, step) if one is not None]
    return Arrival(
        document=row.id, agency=row.agency_id, unit=where.held.unit, state=where.state,
        held_by=where.held.held_by, holder=where.held.person, since=where.since,
        due=min(dues) if dues else None, own_due=own,
    )  # fmt: skip


class _Then:
    """What moved since the cut-off, and how to read it back."""

    def __init__(self, uow: UnitOfWork, cut_off: dt.datetime) -> None:
        session = uow.session
        self.cut_off = cut_off
        self.moved = {row.id: row for row in store.moved_since(session, cut_off, reason=WHY)}
        self.paused = store.paused_at(session, cut_off)
        self.lines: defaultdict[int, list[Line]] = defaultdict(list)
        for line in store.histories(session, cut_off):
            held = Held(Holder(line.held_by) if line.held_by else None, line.held_by_id, line.held_unit_id)
            self.lines[line.incoming_id].append(Line(line.at, line.from_state, State(line.to_state), held))
        self.entries: defaultdict[int, list[Entry]] = defaultdict(list)
        for subject, at, tag, body in store.entries(session, cut_off):
            key = int(subject.partition(":")[2])
            self.entries[key].append(Entry(at, tag, json.loads(body)["facts"]))
        days, _changed = days_at(uow, cut_off)
        self.calendar: Callable[[str], WorkingCalendar] = calendars_by_hours(days)

    def where(self, row: Any) -> Stood | None:
        """Where a document that moved was."""
        return stood(self.lines[row.id], self.cut_off, now=_held_now(row))

    def arrival(self, row: Any) -> Arrival | None:
        """It, as it stood; None where it was closed or not there yet."""
        where = self.where(row)
        if where is None or where.state in CLOSED:
            return None
        if row.id in self.paused:
            return _arrival(row, where, own=None, step=None)
        entries = self.entries[row.id]
        otherwise = None if where.state in BEFORE_REGISTER else row.due_at
        own = own_due(entries, self.cut_off, otherwise=otherwise)
        return _arrival(row, where, own=own, step=self._step(row, where, own))

    def _step(self, row: Any, where: Stood, own: dt.datetime | None) -> dt.datetime | None:
        entries = self.entries[row.id]
        said, text = moved_step(entries, self.cut_off, where.since)
        if said:
            return moment(text)
        saturday = row.lead_saturday if where.held.unit else row.agency_saturday
        return step_due(
            where.state, where.since, self.calendar(saturday or ""), due_at=own,
            urgent=_urgency(entries, self.cut_off, row.urgency) != Urgency.NORMAL,
        )  # fmt: skip

    def part(self, row: Any) -> PartDue | None:
        """A coordinating part with a due moment of its own, in a document at work whose clock ran."""
        state, due, person = State(row.state), row.due_at, row.person_id
        if row.incoming_id in self.moved:
            where = self.where(self.moved[row.incoming_id])
            if where is None:
                return None
            state = where.state
            said = part_before(self.entries[row.incoming_id], self.cut_off, row.id)
            due = moment(said["before"]) if "before" in said else due
            person = said.get("person", person)
        if due is None or state not in _WITH_PARTS or row.incoming_id in self.paused:
            return None
        return PartDue(
            part=row.id, document=row.incoming_id, agency=row.agency_id, unit=row.unit_id, holder=person, due=due
        )

    def owed(self, row: Any) -> Owed | None:
        """An explanation, where it was owed then."""
        owed, due = row.state in {"owed", "sent_back"}, row.due_at
        if row.incoming_id in self.moved and (row.given_at is not None or row.state != "accepted"):
            entries = self.entries[row.incoming_id]
            owed, due = still_owed(entries, self.cut_off, row.id, due=_demanded(entries, row) or row.due_at)
        elif row.state == "accepted" and row.given_at is None:
            owed = False  # the leader's own: recorded, never owed
        if not owed:
            return None
        return Owed(
            explanation=row.id, document=row.incoming_id, agency=row.agency_id, unit=row.unit_id,
            person=row.person_id, due=due,
        )  # fmt: skip


def _urgency(entries: Sequence[Entry], cut_off: dt.datetime, now: str) -> str:
    """As it was: a correction after the cut-off says what it changed."""
    for entry in entries:
        changed = entry.facts.get("changed")
        if entry.at > cut_off and isinstance(changed, Mapping) and "urgency" in changed:
            return str(changed["urgency"][0])
    return now


def _demanded(entries: Sequence[Entry], row: Any) -> dt.datetime | None:
    """Until when an explanation was first demanded."""
    for entry in entries:
        if entry.tag.endswith(f":{Action.DEMAND_EXPLANATION}") and (
            moment(entry.facts.get("missed")), entry.facts.get("part"), entry.facts.get("person")
        ) == (row.missed_at, row.part_id, row.person_id):  # fmt: skip
            return moment(entry.facts.get("until"))
    return None
