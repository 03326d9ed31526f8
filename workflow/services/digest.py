"""One message a morning to each person: what waits for them, urgent first, each line leading to its item.

Whose an item is follows the desks: the role, the unit and the agency of the posts that a person holds today. So who
left a post, or a unit that another one leads now, is told nothing of it. The queries are of everybody at once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.domain.attachments import text_key
from workflow.domain.backlog import Open
from workflow.domain.calendar import WorkingCalendar, office_time
from workflow.domain.deadlines import remaining
from workflow.domain.incoming import State as InState
from workflow.domain.notices import Kind, Task, Told, paper
from workflow.domain.numbering import number_text
from workflow.domain.opinions import Answer, Verdict, state_of
from workflow.domain.opinions import Kind as AskedFor
from workflow.domain.opinions import State as Answered
from workflow.domain.outgoing import State as OutState
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Role, UnitKind
from workflow.domain.unsigned_reasons import PLAIN
from workflow.services.calendar import working_calendar
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.services.report_reasons import reasons
from workflow.store import access, cosigning, inspection_work, opinions, registers
from workflow.store import waiting as store
from workflow.store.explanations import OWED
from workflow.store.session import UnitOfWork

LINES = 20
"""Lines of one message; the rest is a number and the way to the desk."""

NOON = dt.time(12)
"""A digest that was missed until then is not sent any more: half of what it says is done."""

ENDS = dt.timedelta(days=30)
"""How long before its last day an inspector's post stands in its administrators' morning."""

CORRECTIONS = dt.timedelta(days=7)
"""How long before its day a correction is reminded of."""

WHY = "everybody is told what waits for them"

_DRAFTS = frozenset({Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK})
_SIGNS = frozenset({Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD})
_COSIGNS = _SIGNS | {Role.CLERK}
_DIRECTS = frozenset({Role.LEADER, Role.DEPUTY})
_ACTS = _DRAFTS | _DIRECTS


@dataclass(frozen=True, slots=True)
class Item:
    """Something that waits. `due`: by when; `number`: of a held number, which has no subject."""

    task: Task
    link: str
    facts: Mapping[str, Any]
    urgency: Urgency = Urgency.NORMAL
    due: dt.datetime | None = None

    def line(self, calendar: WorkingCalendar, *, now: dt.datetime) -> dict[str, Any]:
        """As a notice keeps it."""
        made: dict[str, Any] = {"task": str(self.task), "link": self.link, **self.facts}
        if self.urgency is not Urgency.NORMAL:
            made["urgency"] = str(self.urgency)
        if self.due is not None:
            left = remaining(now, self.due, calendar)
            made["clock"] = [str(left.measure), left.amount, left.overdue]
        return made


@dataclass(slots=True)
class Seats:
    """Who sits where today."""

    people: dict[int, Any] = field(default_factory=dict)
    inspectors: list[Any] = field(default_factory=list)
    """Their posts, where those have a last day."""
    posts: Counter[int] = field(default_factory=Counter)
    """Person → how many posts."""
    by_role: defaultdict[tuple[int, Role], set[int]] = field(default_factory=lambda: defaultdict(set))
    """(agency, role) → persons."""
    office_heads: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    heads_at: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    heads_over: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Unit → who heads it or one above it in the agency."""

    def has(self, person: int | None, agency: int, roles: Collection[Role]) -> list[int]:
        """The person, where they hold such a post in an agency; else nobody."""
        held = person is not None and any(person in self.by_role[agency, role] for role in roles)
        return [person] if held and person is not None else []


def _seats(uow: UnitOfWork, day: dt.date) -> Seats:
    made, below = Seats(), _below(store.parents(uow.session))
    for post in store.posts_on(uow.session, day):
        role = Role(post.role)
        made.people[post.person_id] = post
        made.posts[post.person_id] += 1
        made.by_role[post.agency_id, role].add(post.person_id)
        if role is Role.INSPECTOR and post.valid_to is not None:
            made.inspectors.append(post)
        if role is Role.UNIT_HEAD:
            made.heads_at[post.unit_id].add(post.person_id)
            for unit in below(post.unit_id):
                made.heads_over[unit].add(post.person_id)
            if post.is_office:
                made.office_heads[post.agency_id].add(post.person_id)
    return made


def _below(rows: Iterable[Any]) -> Any:
    """A function from a unit to itself and its parts in the same agency, at any depth."""
    parts: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    agency = {}
    for row in rows:
        agency[row.id] = row.agency_id
        if row.parent_id is not None:
            parts[row.parent_id, row.agency_id].append(row.id)

    def walk(unit: int) -> Iterator[int]:
        yield unit
        for part in parts[unit, agency[unit]]:
            yield from walk(part)

    return walk


Found = Iterator[tuple[Iterable[int], Item]]
"""(whose, what)."""

_CLERKS = {
    OutState.FORMAT_CHECK: Task.CHECK_FORMAT, OutState.SIGNED: Task.NUMBER, OutState.NUMBERED: Task.SEAL,
    OutState.SEALED: Task.ISSUE,
}  # fmt: skip
_ARRIVALS = {InState.ARRIVED: Task.REGISTER, InState.CHECKED: Task.REGISTER, InState.REGISTERED: Task.SUBMIT}


def _papers(uow: UnitOfWork, seats: Seats, *, now: dt.datetime) -> Found:
    """As `documents.waiting_for` and `desk.exemptions`; one's own drafts wait for nobody's morning."""
    rows = store.papers(uow.session, reason=WHY)
    why, beside = _why(uow, rows, now=now), cosigning.turns(uow.session, reason=WHY)
    for row in rows:
        state, link, agency = OutState(row.state), f"/outgoing/{row.id}", row.agency_id

        def item(task: Task, row: Any = row, link: str = link) -> Item:
            said = why.get(row.id, {}) if task is Task.SIGN and row.id not in beside else {}
            facts = paper(row.subject, secret=row.secret) | said
            return Item(task, link, facts, urgency=Urgency(row.urgency), due=row.step_due_at)

        if state is OutState.RETURNED:
            yield seats.has(row.drafter_id, agency, _DRAFTS), item(Task.RETURNED)
        elif state is OutState.IN_REVIEW:
            yield seats.heads_over[row.unit_id] - {row.drafter_id}, item(Task.REVIEW)
        elif state is OutState.AWAITING_SIGNATURE:
            signing = [(one, _COSIGNS) for one in sorted(beside.get(row.id, ()))] or [(row.signer_id, _SIGNS)]
            yield [one for who, roles in signing for one in seats.has(who, agency, roles)], item(Task.SIGN)
        elif state in _CLERKS:
            yield seats.by_role[agency, Role.CLERK], item(_CLERKS[state])
        if row.exempt_reason and row.exempt_by_id is None and state is not OutState.IN_REVIEW:
            yield seats.by_role[agency, Role.LEADER], item(Task.EXEMPTION)


def _why(uow: UnitOfWork, rows: Iterable[Any], *, now: dt.datetime) -> dict[int, dict[str, str]]:
    """What stands in the signer's way, where it is more than that nobody signed yet."""
    found = [
        Open(
            document=row.id, agency=row.agency_id, unit=row.unit_id, state=OutState(row.state), due=row.step_due_at,
            drafter=row.drafter_id, signer=row.signer_id, since=row.state_since, secret=row.secret,
        )
        for row in rows
    ]  # fmt: skip
    said = reasons(uow, found, cut_off=now)
    return {key: {"why": str(reason)} for key, reason in said.items() if reason not in PLAIN}


def _arrived(uow: UnitOfWork, seats: Seats) -> Found:
    """As `incoming_desk.waiting_for`, and what the clerk has not registered yet."""
    for row in store.arrived(uow.session, reason=WHY):
        state, agency = InState(row.state), row.agency_id
        link, due, whose = f"/incoming/{row.id}", row.step_due_at, set[int]()
        if state in _ARRIVALS:
            task, whose = _ARRIVALS[state], seats.by_role[agency, Role.CLERK]
        elif state is InState.ANOMALY:
            task, whose = Task.ANOMALY, seats.by_role[agency, Role.LEADER]
        elif state is InState.SUBMITTED and row.at_office:
            task, whose = Task.PROPOSE, seats.office_heads[agency]
        elif state is InState.SUBMITTED:
            task, whose = Task.DIRECT, set(seats.has(row.leader_id, agency, _DIRECTS))
        elif state is InState.DIRECTED:
            task, whose = Task.ASSIGN, seats.heads_over[row.lead_unit_id]
        else:
            task, whose = Task.HANDLE, set(seats.has(row.handler_id, agency, _DRAFTS))
            due = None if row.paused_since is not None else row.due_at
        yield whose, _of_arrived(row, task, link, due)


def _of_arrived(row: Any, task: Task, link: str, due: dt.datetime | None) -> Item:
    return Item(task, link, paper(row.subject, secret=row.secret), urgency=Urgency(row.urgency), due=due)


def _parts(uow: UnitOfWork, seats: Seats) -> Found:
    for row in store.parts(uow.session, reason=WHY):
        named = seats.has(row.person_id, row.agency_id, _ACTS)
        whose = named if row.person_id is not None else seats.heads_over[row.unit_id]
        yield whose, _of_arrived(row, Task.COORDINATE, f"/incoming/{row.id}/contribute", row.part_due_at)


def _asked(uow: UnitOfWork, seats: Seats, calendar: WorkingCalendar) -> Found:
    """Requests that wait for an answer; initials again where another text came."""
    rows = store.asked(uow.session, reason=WHY)
    again = [row[0].document_id for row in rows if row[0].kind == AskedFor.INITIALS and row[4] is not None]
    present = opinions.present_texts(uow.session, sorted(set(again)))
    for request, subject, secret, urgency, said in rows:
        kind = AskedFor(request.kind)
        last = (
            Answer(verdict=Verdict(said.verdict), text=text_key(said.file_sha256, said.attached_digest))
            if said
            else None
        )
        state = state_of(kind, withdrawn=False, last=last, present=present.get(request.document_id))
        if state not in {Answered.OPEN, Answered.DECLINED}:
            continue
        whose = (
            seats.heads_at[request.unit_id]
            if request.unit_id
            else seats.has(request.person_id, request.agency_id, _ACTS)
        )
        task = Task.INITIALS if kind is AskedFor.INITIALS else Task.OPINION
        due = calendar.closing(request.due_on) if request.due_on else None
        facts = paper(subject, secret=secret)
        yield whose, Item(task, f"/opinions/{request.id}", facts, urgency=Urgency(urgency), due=due)


def _explanations(uow: UnitOfWork, seats: Seats) -> Found:
    for row in store.explanations(uow.session, reason=WHY):
        if row.stands in OWED:
            whose = {row.person_id} & seats.people.keys()
            yield whose, _of_arrived(row, Task.EXPLAIN, f"/incoming/{row.id}/explain", row.due_at)
        else:
            leaders = seats.by_role[row.agency_id, Role.LEADER] | seats.by_role[row.agency_id, Role.DEPUTY]
            yield (
                leaders - {row.person_id},
                _of_arrived(row, Task.DECIDE_EXPLANATION, "/incoming/explanations", None),
            )


def _extensions(uow: UnitOfWork, seats: Seats, calendar: WorkingCalendar) -> Found:
    """Inside: whoever directed the document decides, else the agency's leaders. Of another agency: `may_answer`."""
    for row in store.extensions(uow.session, reason=WHY):
        whose = seats.has(row.leader_id, row.agency_id, _DIRECTS) or seats.by_role[row.agency_id, Role.LEADER]
        yield whose, _of_arrived(row, Task.EXTENSION, f"/incoming/{row.id}", row.due_at)
    for row in store.extension_requests(uow.session, reason=WHY):
        whose = {person for role in _DIRECTS for person in seats.by_role[row.agency_id, role]}
        whose.update(seats.has(row.signer_id, row.agency_id, {Role.UNIT_HEAD}))
        facts, due = paper(row.subject, secret=row.secret), calendar.closing(row.due_on)
        link = f"/outgoing/{row.document_id}/extension-requests/{row.id}"
        yield whose, Item(Task.EXTENSION_REQUEST, link, facts, urgency=Urgency(row.urgency), due=due)


_LEFT_TO_DEPUTIES = frozenset(
    {Task.DIRECT, Task.PROPOSE, Task.ASSIGN, Task.HANDLE, Task.COORDINATE, Task.SUBMIT, Task.REGISTER, Task.ANOMALY,
     Task.OPINION}
)  # fmt: skip
"""What may be done at a desk that is looked after (`permissions.IN_PLACE`)."""


def _desks(
    uow: UnitOfWork, seats: Seats, found: Mapping[int, Mapping[Any, Item]], *, day: dt.date, now: dt.datetime
) -> Found:
    """A line to whoever looks after a desk: how much waits there that they may do. They open it from their own.

    Nothing where the absent holds several posts: what waits for a person is not told apart by post, and a deputy in
    one of them has no business with the others.
    """
    for row in store.looked_after(uow.session, day):
        left = [one for one in found.get(row.person_id, {}).values() if one.task in _LEFT_TO_DEPUTIES]
        if not left or row.deputy_id not in seats.people or seats.posts[row.person_id] > 1:
            continue
        facts: dict[str, Any] = {"who": row.full_name, "title": row.title, "count": len(left)}
        if late := sum(one.due is not None and one.due < now for one in left):
            facts["late"] = late
        most = max(left, key=lambda one: _URGENT_LAST.index(one.urgency)).urgency
        yield [row.deputy_id], Item(Task.LOOKED_AFTER, f"/desk#desk-{row.absence_id}", facts, urgency=most)


def _held(uow: UnitOfWork, seats: Seats, calendar: WorkingCalendar, *, today: dt.date) -> Found:
    for row, register, _name in registers.expiring(uow.session, until=today, reason=WHY):
        agency = register.agency_id
        clerks = seats.by_role[agency, Role.CLERK]
        named = {"number": f"{number_text(row.number)}/{row.year} ({register.name})"}
        link, due = f"/register?register={register.id}&year={row.year}", calendar.closing(row.held_until)
        yield clerks, Item(Task.HELD_NUMBER, link, named, due=due)
        others = set(seats.has(row.held_for_id, agency, _ACTS)) - clerks
        yield others, Item(Task.HELD_NUMBER, "/desk", named, due=due)  # the register is not theirs to open


def _corrections(uow: UnitOfWork, seats: Seats, calendar: WorkingCalendar, *, today: dt.date) -> Found:
    """What inspections found and is due soon or late: an agency's leader corrects it, the head of a part."""
    for row in inspection_work.due_corrections(uow.session, until=today + CORRECTIONS, reason=WHY):
        agency = row.kind == UnitKind.AGENCY
        whose = seats.by_role[row.unit_id, Role.LEADER] if agency else seats.heads_at[row.unit_id]
        named = {"number": f"{row.number} ({row.decision_symbol})"}
        link = f"/inspections/{row.inspection_id}/findings#finding-{row.number}"
        yield whose, Item(Task.CORRECT, link, named, due=calendar.closing(row.due_on))


def _reviews(uow: UnitOfWork, seats: Seats, calendar: WorkingCalendar, *, today: dt.date) -> Found:
    """Accesses that were gone through once and not again in time: the agency's administrators do it."""
    for agency, name, due in access.overdue(uow.session, today=today, reason=WHY):
        link = f"/admin/access?agency={agency}"
        item = Item(Task.REVIEW_ACCESS, link, {"number": name}, due=calendar.closing(due))
        yield seats.by_role[agency, Role.ADMIN], item


def _inspectors(seats: Seats, calendar: WorkingCalendar, *, today: dt.date) -> Found:
    """Inspectors' posts that are over soon: the agency's administrators renew them, or let them end."""
    for post in seats.inspectors:
        if post.valid_to <= today + ENDS:
            named = {"number": f"{post.full_name} ({post.valid_to:%d/%m/%Y})"}
            whose = seats.by_role[post.agency_id, Role.ADMIN] - {post.person_id}
            due = calendar.closing(post.valid_to)
            yield whose, Item(Task.INSPECTOR_ENDS, f"/admin/posts/{post.id}/renew", named, due=due)


def waiting(uow: UnitOfWork, seats: Seats, calendar: WorkingCalendar, *, now: dt.datetime) -> dict[int, list[Item]]:
    """Person → what waits for them, the most urgent first: by its mark, then what is overdue or due soonest."""
    found: defaultdict[int, dict[tuple[Task, str, str], Item]] = defaultdict(dict)
    for whose, item in (
        *_papers(uow, seats, now=now), *_arrived(uow, seats), *_parts(uow, seats), *_asked(uow, seats, calendar),
        *_explanations(uow, seats), *_extensions(uow, seats, calendar),
        *_held(uow, seats, calendar, today=local_day(now)),
        *_corrections(uow, seats, calendar, today=local_day(now)),
        *_reviews(uow, seats, calendar, today=local_day(now)),
        *_inspectors(seats, calendar, today=local_day(now)),
    ):  # fmt: skip
        for person in whose:
            found[person][item.task, item.link, str(item.facts)] = item
    for whose, item in list(_desks(uow, seats, found, day=local_day(now), now=now)):
        for person in whose:
            found[person][item.task, item.link, str(item.facts)] = item
    return {person: sorted(items.values(), key=_rank) for person, items in found.items()}


_URGENT_LAST = tuple(Urgency)
_URGENT_FIRST = _URGENT_LAST[::-1]
_TASKS = tuple(Task)
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


def _rank(item: Item) -> tuple[int, dt.datetime, int, str]:
    return _URGENT_FIRST.index(item.urgency), item.due or _NEVER, _TASKS.index(item.task), item.link


def make(uow: UnitOfWork, *, cut_off: dt.datetime, now: dt.datetime, base_url: str) -> dict[str, int]:
    """Tell everybody for whom anything waits, in the open unit of work. Who muted it reads it in the program only
    (`posting.spread`).

    Missed until noon of its day it is left out.
    """
    here, there = office_time(now), office_time(cut_off)
    if here.date() != there.date() or here.time() >= NOON:
        return {"messages": 0, "items": 0, "missed": 1}
    day, calendar = local_day(cut_off), working_calendar(uow)
    seats = _seats(uow, day)
    found = waiting(uow, seats, calendar, now=now)
    notes = [
        Note(
            cause=f"digest:{day.isoformat()}:person:{person}", link="/desk",
            what=_what(items, calendar, day=day, now=now),
            person_id=person, address=seats.people[person].email, base_url=base_url,
            language=seats.people[person].language,
        )
        for person, items in sorted(found.items())
    ]  # fmt: skip
    uow.begin_write()
    for note in notes:
        queue(uow, note, now=now)
    uow.flush()
    return {"messages": len(notes), "items": sum(map(len, found.values()))}


def _what(items: Sequence[Item], calendar: WorkingCalendar, *, day: dt.date, now: dt.datetime) -> Told:
    late = sum(item.due is not None and item.due < now for item in items)
    lines = [item.line(calendar, now=now) for item in items[:LINES]]
    more = max(0, len(items) - LINES)
    return Told.of(Kind.DIGEST, day=day, count=len(items), late=late, lines=lines, more=more)
