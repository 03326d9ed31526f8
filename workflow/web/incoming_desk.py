"""The desk's incoming documents: what waits for this post, what is late in its units, what it is only to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workflow.domain.calendar import WorkingCalendar, office_time
from workflow.domain.incoming import Action, Part, State
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.store import incoming_desk as store
from workflow.web.clocks import Clock, clock
from workflow.web.context import Current
from workflow.web.format import ago, day, moment
from workflow.web.i18n import N_, _
from workflow.web.incoming_clock import due_clock
from workflow.web.incoming_offers import FIRST_STEP, OFFERS, PAGES, TONES
from workflow.web.incoming_view import BROUGHT_BACK, proposal
from workflow.web.incoming_view import proposed_units as units_in
from workflow.web.labels import label
from workflow.web.navigation import page_exists

LIMIT = 100
"""Rows of incoming documents on a desk; the list has the rest."""

ARRIVALS = "/incoming/arrivals"
WHOLE = "/incoming?open=1&sort=due"

_URGENT_FIRST = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row. `step`: the button's words; `proposal`: what the chief of office proposes, to be agreed to."""

    row: Any
    word: str
    tone: str
    clock: Clock
    waited: str
    step: str
    address: str
    who: str = ""
    proposal: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that is a link to what it counts."""

    words: str
    count: int
    address: str
    tone: str = ""
    whole: bool = False
    """Of the agency, not only what waits for me."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """All of it. `more`: the address of the whole list where the desk holds only its beginning."""

    waiting: tuple[Entry, ...] = ()
    late: tuple[Entry, ...] = ()
    parts: tuple[Entry, ...] = ()
    to_know: tuple[Entry, ...] = ()
    extensions: tuple[Entry, ...] = ()
    figures: tuple[Figure, ...] = ()
    more: str = ""

    @property
    def anything(self) -> bool:
        """Whether something waits."""
        return bool(self.waiting or self.late or self.parts or self.to_know or self.extensions)


NOTHING = Incoming()


def incoming_desk(here: Current) -> Incoming:
    """What the desk shows, in a number of queries that does not depend on how much there is."""
    if not here.may(Permission.ACT_ON_INCOMING):
        return NOTHING
    session, role, person = here.uow.session, here.post.role, here.desk_of
    agency, calendar = here.post.agency_id, working_calendar(here.uow)
    rows = store.waiting_for(here.scope, session, role=role, person_id=person, agency_id=agency, limit=LIMIT + 1)
    late = []
    if role is Role.UNIT_HEAD:
        late = list(store.late_in_units(here.scope, session, agency_id=agency, person_id=person, now=here.now))
    parts = store.parts_for(here.scope, session, role=role, person_id=person, agency_id=agency)
    wanted = store.extensions_for(here.scope, session, role=role, person_id=person, agency_id=agency, on=here.today)
    units, moves = store.unit_names(session, units_in(rows)), store.last_moves(session, [row.id for row in rows])
    waiting = [replace(_entry(here, row, calendar, units), why=_why(moves.get(row.id))) for row in rows[:LIMIT]]
    return Incoming(
        waiting=_ranked(waiting),
        late=tuple(_late(here, row, calendar) for row in late),
        parts=tuple(_part(here, row, calendar) for row in parts if row.part == Part.COORDINATE),
        to_know=tuple(_part(here, row, calendar) for row in parts if row.part == Part.INFORM),
        extensions=tuple(_extension(here, row, calendar) for row in wanted),
        figures=(*_asked_for(len(wanted)), *_figures(here)),
        more=WHOLE if len(rows) > LIMIT else "",
    )


def _ranked(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Urgent ones first; the clock decides after."""
    return tuple(sorted(entries, key=lambda one: -_URGENT_FIRST.index(one.row.urgency)))


def _entry(here: Current, row: Any, calendar: WorkingCalendar, units: dict[int, str]) -> Entry:
    state = State(row.state)
    mine = here.post.role in {Role.LEADER, Role.DEPUTY}
    step = Action.PROPOSE if state is State.SUBMITTED and not mine else FIRST_STEP[state]
    handled = state in {State.ASSIGNED, State.IN_PROGRESS}
    page = PAGES.get(step, "").format(row.id)
    return Entry(
        row=row,
        word=label(state),
        tone=TONES[state],
        clock=due_clock(row, here.now, calendar) if handled else clock(row.step_due_at, here.now, calendar),
        waited=ago(row.state_since, here.now),
        step=_(OFFERS[step].button),
        address=page if page and page_exists(page) else f"/incoming/{row.id}",
        proposal=tuple(proposal(row, units)) if state is State.SUBMITTED and mine else (),
    )


def _why(move: Any) -> str:
    """Who gave it back, when and why; nothing of what came on its way."""
    if move is None or move.action not in BROUGHT_BACK:
        return ""
    told = f"{label(Action(move.action))} · {move.full_name or _('the machine')}, {moment(move.at)}"
    return f"{told}: {move.remark}" if move.remark else told


def _late(here: Current, row: Any, calendar: WorkingCalendar) -> Entry:
    state = State(row.state)
    return Entry(
        row, label(state), TONES[state], due_clock(row, here.now, calendar), ago(row.state_since, here.now),
        _("Open"), f"/incoming/{row.id}", who=row.handler or "",
    )  # fmt: skip


def _part(here: Current, row: Any, calendar: WorkingCalendar) -> Entry:
    due = row.part_due_at or (row.due_at if row.part == Part.COORDINATE else None)
    coordinating = row.part == Part.COORDINATE
    return Entry(
        row=row,
        word=label(Part(row.part)),
        tone="wait" if coordinating else "plain",
        clock=clock(due, here.now, calendar),
        waited=ago(row.given_at, here.now),
        step=_(OFFERS[Action.CONTRIBUTE].button) if coordinating else _("Open"),
        address=f"/incoming/{row.id}/contribute" if coordinating else f"/incoming/{row.id}",
    )


def _extension(here: Current, row: Any, calendar: WorkingCalendar) -> Entry:
    state, until = State(row.state), day(office_time(row.due_wanted).date())
    return Entry(
        row, label(state), TONES[state], due_clock(row, here.now, calendar), ago(row.state_since, here.now),
        _("Open"), f"/incoming/{row.id}", who=row.asker or "", why=_(WANTED, day=until, reason=row.why),
    )  # fmt: skip


def _asked_for(count: int) -> tuple[Figure, ...]:
    return (Figure(_("extensions to decide"), count, "#extensions", "warn"),) if count else ()


def _figures(here: Current) -> tuple[Figure, ...]:
    """The office's counts, for those who keep an eye on all of it: each leads to its list."""
    role = here.post.role
    if role not in {Role.CLERK, Role.LEADER, Role.DEPUTY} and not here.scope.office_of:
        return ()
    open_now = store.open_states(here.scope, here.uow.session, agency_id=here.post.agency_id, now=here.now)
    made = []
    if role is Role.CLERK:
        waiting = [open_now.get(state, (0, 0)) for state in (State.ARRIVED, State.CHECKED)]
        count, over = (sum(values) for values in zip(*waiting, strict=True))
        address = ARRIVALS if page_exists(ARRIVALS) else "/incoming?state=arrived&state=checked&sort=oldest"
        made.append(Figure(_(TO_REGISTER), count, address, "bad" if over else ""))
        count, over = open_now.get(State.REGISTERED, (0, 0))
        made.append(Figure(_(TO_SUBMIT), count, "/incoming?state=registered&sort=oldest", "bad" if over else ""))
    elif State.SUBMITTED in open_now:
        count, over = open_now[State.SUBMITTED]
        address = "/incoming?state=submitted&sort=oldest"
        made.append(Figure(_(TO_DIRECT), count, address, "bad" if over else "", whole=True))
    return tuple(made)


WANTED = N_("wanted until %(day)s: %(reason)s")
TO_REGISTER, TO_SUBMIT = N_("incoming to register"), N_("incoming to submit")
TO_DIRECT = N_("incoming that wait for a direction")
