"""One run: what passed its hours is told, everybody one message that lists it, and each level is recorded once.

Everything is read first, then written in one transaction: levels that another run recorded meanwhile, and papers
that moved on meanwhile, are told by nobody here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workflow.domain import incoming, notices, outgoing
from workflow.domain.backlog import Open
from workflow.domain.calendar import SATURDAY, WorkingCalendar, office_time
from workflow.domain.deadlines import remaining
from workflow.domain.escalation import USUAL, Kind, Ladders, Level, Silence, ladders_of, next_level
from workflow.domain.notices import Task, Told, paper
from workflow.domain.outgoing import Urgency
from workflow.domain.unsigned_reasons import PLAIN, Reason
from workflow.services.calendar import calendars
from workflow.services.escalation.staff import Called, Seat, Staff, called, holders, seats_of, staff_on
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.services.report_reasons import reasons
from workflow.store import escalation as store
from workflow.store.session import UnitOfWork

LINES = 20
"""Lines of one message; the rest is a number and the way to the desk."""
A_RUN = 1000
"""Levels that one run tells; the rest waits for the next one."""
WHY = "lateness is told in every agency"
AHEAD = dt.timedelta(days=14)
"""How far ahead explanations are looked at: their last half working day may lie before a long holiday."""

Calendars = Callable[[str], WorkingCalendar]
Watch = Callable[[int], bool]
"""Told how many papers were looked at; answers whether to stop."""


@dataclass(frozen=True, slots=True)
class Due:
    """A level to be told of one paper."""

    kind: Kind
    row: Any
    level: Level
    called: Called
    holder: str
    """The names of whoever has it."""


@dataclass(slots=True)
class _Run:
    """What one run knows: the calendars, and where something is late, who sits where and each agency's hours."""

    uow: UnitOfWork
    of: Calendars
    now: dt.datetime
    staff: Staff | None = None
    ladders: dict[int, Ladders] = field(default_factory=dict)
    why: Mapping[int, Reason] = field(default_factory=dict)
    """Outgoing document → why it is not signed."""

    def begin(self) -> Staff:
        """Ask once, when the first late paper is met."""
        if self.staff is None:
            self.staff = staff_on(self.uow, local_day(self.now))
            own = store.hours(self.uow.session)
            self.ladders = {agency: ladders_of(value) for agency, value in own.items()}
        return self.staff


def make(
    uow: UnitOfWork, *, period: str, now: dt.datetime, base_url: str, watch: Watch = lambda _seen: False
) -> dict[str, int]:
    """Tell what is to be told now, in the open unit of work; nothing out of office hours. Five queries where
    nothing is late, whatever the number of documents."""
    run = _Run(uow, calendars(uow), now)
    if not run.of("").is_open(now) and office_time(now).weekday() != SATURDAY:
        return {}
    found = _permitted(run, _found(run, watch))
    if not found:
        return {}
    run.why = _why(uow, found, now=now)
    uow.begin_write()
    fresh = _recorded(uow, found, now=now)
    messages = _tell(run, fresh, period=period, base_url=base_url)
    uow.flush()
    silent = sum(one.called.silence is not None for one in fresh)
    return {"told": len(fresh) - silent, "nobody": silent, "messages": messages}


def _found(run: _Run, watch: Watch) -> list[Due]:
    found: list[Due] = []
    seen = 0
    for kind, rows in _pages(run.uow, now=run.now):
        staff, told = run.begin(), _told(run.uow, kind, rows)
        for row in rows:
            if len(found) < A_RUN and (due := _due(run, staff, kind, row, told)) is not None:
                found.append(due)
        seen += len(rows)
        if watch(seen) or len(found) >= A_RUN:
            break
    return found


def _pages(uow: UnitOfWork, *, now: dt.datetime) -> Iterator[tuple[Kind, Sequence[Any]]]:
    for kind in Kind:
        due = now + AHEAD if kind is Kind.EXPLANATION else now
        after: tuple[dt.datetime, int] | None = None
        while rows := store.page(uow.session, kind, due=due, reason=WHY, after=after):
            yield kind, rows
            if len(rows) < store.PAGE:
                break
            after = rows[-1].due_at, rows[-1].id


_Key = tuple[int, str, dt.datetime]
_Before = Mapping[_Key, tuple[dict[Level, dt.datetime], frozenset[int]]]
"""(item, step, due moment) → the levels told and when, and the persons."""


def _why(uow: UnitOfWork, found: Sequence[Due], *, now: dt.datetime) -> Mapping[int, Reason]:
    """Why those are not signed that wait for it: read once for all that is told."""
    waiting = [
        Open(
            document=due.row.document, agency=due.row.agency_id, unit=due.row.unit_id, due=due.row.due_at,
            state=outgoing.State(due.row.step), drafter=due.row.person_id, signer=due.row.signer_id,
            since=due.row.since, secret=due.row.secret,
        )
        for due in found
        if due.kind is Kind.OUTGOING
    ]  # fmt: skip
    return reasons(uow, waiting, cut_off=now)


def _told(uow: UnitOfWork, kind: Kind, rows: Sequence[Any]) -> _Before:
    made: dict[_Key, tuple[dict[Level, dt.datetime], frozenset[int]]] = {}
    for row in store.told_of(uow.session, kind, [row.id for row in rows]):
        key = row.item_id, row.step, row.due_at
        levels, persons = made.get(key, ({}, frozenset()))
        made[key] = {**levels, Level(row.level): row.told_at}, persons | frozenset(row.persons)
    return made


def _due(run: _Run, staff: Staff, kind: Kind, row: Any, told: _Before) -> Due | None:
    levels, persons = told.get((row.id, row.step, row.due_at), ({}, frozenset()))
    ladder = run.ladders.get(row.agency_id, USUAL).of(kind, urgent=row.urgency != Urgency.NORMAL)
    level = next_level(ladder, levels, run.of(row.saturday), due=row.due_at, since=row.since, now=run.now)
    if level is None:
        return None
    having = seats_of(holders(staff, kind, row))
    whom = called(staff, kind, row, level, told=persons)
    return Due(kind, row, level, whom, ", ".join(seat.name for seat in having[:2]))


def _permitted(run: _Run, found: Sequence[Due]) -> list[Due]:
    """Without those who may not read the paper in the post for which they hear: one query for each post and kind
    of document. Whoever owes an explanation reads what it is about."""
    if run.staff is None:
        return []
    asked: dict[tuple[int, bool], tuple[Any, set[int]]] = {}
    for due in found:
        for seat in due.called.seats:
            outgoing = due.kind is Kind.OUTGOING
            asked.setdefault((seat.post.id, outgoing), (seat.post, set()))[1].add(due.row.document)
    reach = {
        (post, outgoing): store.readable(run.staff.scope(row), run.uow.session, ids, outgoing=outgoing)
        for (post, outgoing), (row, ids) in asked.items()
    }

    def reads(due: Due, seat: Seat) -> bool:
        owes = due.kind is Kind.EXPLANATION and seat.person_id == due.row.person_id
        return owes or due.row.document in reach[seat.post.id, due.kind is Kind.OUTGOING]

    return [_those(due, tuple(seat for seat in due.called.seats if reads(due, seat))) for due in found]


def _those(due: Due, seats: tuple[Seat, ...]) -> Due:
    nobody = Silence.UNREAD if due.called.seats and not seats else due.called.silence
    return replace(due, called=Called(seats, nobody))


def _recorded(uow: UnitOfWork, found: Sequence[Due], *, now: dt.datetime) -> list[Due]:
    """Write the levels of what still waits where it did; those that were written."""
    fresh: list[Due] = []
    for kind in Kind:
        mine = [due for due in found if due.kind is kind]
        waits = store.still(uow.session, kind, [due.row.id for due in mine], reason=WHY) if mine else {}
        mine = [due for due in mine if waits.get(due.row.id) == (due.row.step, due.row.due_at)]
        written = store.write_once(uow.session, [_row(due, now) for due in mine])
        fresh += [due for due in mine if (due.row.id, due.row.step, due.row.due_at, str(due.level)) in written]
    return fresh


def _row(due: Due, now: dt.datetime) -> dict[str, Any]:
    document = "outgoing_id" if due.kind is Kind.OUTGOING else "incoming_id"
    return {
        "kind": str(due.kind), "item_id": due.row.id, "step": due.row.step, "due_at": due.row.due_at,
        "level": str(due.level), "told_at": now, "persons": [seat.person_id for seat in due.called.seats],
        "silence": str(due.called.silence or ""), document: due.row.document,
    }  # fmt: skip


def _tell(run: _Run, fresh: Sequence[Due], *, period: str, base_url: str) -> int:
    """Each person one message about documents and one about explanations; how many."""
    lists: defaultdict[tuple[int, bool], list[tuple[Due, Seat]]] = defaultdict(list)
    for due in fresh:
        for seat in due.called.seats:
            lists[seat.person_id, due.kind is Kind.EXPLANATION].append((due, seat))
    for (person, owed), items in sorted(lists.items()):
        seat = items[0][1]
        cause = f"explanation:chased:{period}:{person}" if owed else f"escalation:{period}:{person}"
        note = Note(
            cause=cause, what=_what(run, items, owed=owed), link="/desk", person_id=person, address=seat.address,
            base_url=base_url, language=seat.language or "",
        )  # fmt: skip
        queue(run.uow, note, now=run.now)
    return len(lists)


def _what(run: _Run, items: Sequence[tuple[Due, Seat]], *, owed: bool) -> Told:
    """One's own first, then what lies longest."""
    ordered = sorted(items, key=lambda one: (_others(one[0]), one[0].row.due_at, one[0].row.id))
    lines = [_line(run, due, seat) for due, seat in ordered[:LINES]]
    more = max(0, len(items) - LINES)
    kind = notices.Kind.EXPLANATION_CHASED if owed else notices.Kind.ESCALATED
    return Told.of(kind, count=len(items), lines=lines, more=more)


def _others(due: Due) -> bool:
    return due.level in {Level.HEAD, Level.LEADER}


def _line(run: _Run, due: Due, seat: Seat) -> dict[str, Any]:
    row = due.row
    left = remaining(run.now, row.due_at, run.of(row.saturday))
    made = {
        "task": str(_task(due)), "link": _link(due, seat), **paper(row.subject, secret=row.secret),
        "clock": [str(left.measure), left.amount, left.overdue],
    }  # fmt: skip
    if row.urgency != Urgency.NORMAL:
        made["urgency"] = row.urgency
    if due.holder and _others(due):
        made["who"] = due.holder
    reason = run.why.get(row.document) if due.kind is Kind.OUTGOING else None
    if reason is not None and (_others(due) or reason not in {*PLAIN, Reason.BESIDE}):
        made["why"] = str(reason)
    return made


def _link(due: Due, seat: Seat) -> str:
    """To the paper; whoever looks after a desk goes there first, since the paper opens at that desk only."""
    if seat.person_id != seat.post.person_id:
        return "/desk"
    if due.kind is Kind.OUTGOING:
        return f"/outgoing/{due.row.document}"
    page = {Kind.PART: "/contribute", Kind.EXPLANATION: "/explain"}.get(due.kind, "")
    return f"/incoming/{due.row.document}{'' if _others(due) else page}"


_OUT, _IN = outgoing.State, incoming.State
_TASKS_OUT = {
    _OUT.DRAFT: Task.DRAFT, _OUT.RETURNED: Task.RETURNED, _OUT.IN_REVIEW: Task.REVIEW,
    _OUT.FORMAT_CHECK: Task.CHECK_FORMAT, _OUT.AWAITING_SIGNATURE: Task.SIGN, _OUT.SIGNED: Task.NUMBER,
    _OUT.NUMBERED: Task.SEAL, _OUT.SEALED: Task.ISSUE,
}  # fmt: skip
_TASKS_IN = {
    _IN.ARRIVED: Task.REGISTER, _IN.CHECKED: Task.REGISTER, _IN.REGISTERED: Task.SUBMIT, _IN.ANOMALY: Task.ANOMALY,
    _IN.SUBMITTED: Task.DIRECT, _IN.DIRECTED: Task.ASSIGN, _IN.ASSIGNED: Task.HANDLE, _IN.IN_PROGRESS: Task.HANDLE,
}  # fmt: skip


def _task(due: Due) -> Task:
    match due.kind:
        case Kind.OUTGOING:
            return _TASKS_OUT[_OUT(due.row.step)]
        case Kind.INCOMING:
            return (
                Task.PROPOSE
                if due.row.at_office and due.row.step == _IN.SUBMITTED
                else _TASKS_IN[_IN(due.row.step)]
            )
        case Kind.PART:
            return Task.COORDINATE
        case Kind.EXPLANATION:
            return Task.EXPLAIN
