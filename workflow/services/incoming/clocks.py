"""The clocks of one incoming document: its calendar, its due moment under that calendar, the end of a pause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.incoming import State
from workflow.domain.outgoing import Urgency
from workflow.domain.terms import Measure, Term, due_on, shifted, step_due, term_end
from workflow.services.calendar import working_calendar
from workflow.store import incoming as store
from workflow.store.models import Incoming
from workflow.store.session import UnitOfWork

Stood = Sequence[tuple[dt.datetime, dt.datetime]]
"""Times in which the clock stood still, each ended."""

PAUSABLE = frozenset({State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS})
"""States in which a clock can stand still; a document that leaves them takes its pause to an end."""


def calendar_for(uow: UnitOfWork, document: Incoming) -> WorkingCalendar:
    """Working time of whoever has to answer: the lead unit once it is known, before that the agency."""
    return working_calendar(uow, unit_id=document.lead_unit_id or document.agency_id)


def due_under(term: Mapping[str, Any], stood: Stood, calendar: WorkingCalendar) -> dt.datetime | None:
    """The due moment that a stored term and the ended pauses make under a calendar; None without a deadline.

    A term from the day of receipt is moved by every pause, a day that somebody named only by what came after they
    named it.
    """
    if not term:
        return None
    if "day" in term:
        base: dt.datetime | None = due_on(dt.date.fromisoformat(term["day"]), calendar)
        since = dt.datetime.fromisoformat(term["since"]) if "since" in term else None
        stood = [(max(began, since) if since else began, ended) for began, ended in stood]
    else:
        start = dt.datetime.fromisoformat(term["from"])
        base = term_end(Term(Measure(term["measure"]), int(term["amount"])), start, calendar)
    return None if base is None else shifted(base, stood, calendar)


def due_moment(uow: UnitOfWork, document: Incoming, calendar: WorkingCalendar) -> dt.datetime | None:
    """The due moment of a document as its term and its ended pauses make it."""
    pauses = store.pauses_of(uow.session, document.id)
    stood = [(one.began_at, one.ended_at) for one in pauses if one.ended_at is not None]
    return due_under(document.due_term, stood, calendar)


def step_due_of(document: Incoming, calendar: WorkingCalendar) -> dt.datetime | None:
    """When the present step becomes overdue under a calendar."""
    return step_due(
        State(document.state), document.state_since, calendar, urgent=document.urgency != Urgency.NORMAL,
        due_at=document.due_at, paused=document.paused_since is not None,
    )  # fmt: skip


def end_pause(
    uow: UnitOfWork, document: Incoming, calendar: WorkingCalendar, *, by: int | None, now: dt.datetime
) -> dt.timedelta:
    """The clock runs again: the due moments of the document and its open parts move by what it stood still.

    Answers the office time that the clock stood. The caller holds the row lock.
    """
    pause = store.open_pause(uow.session, document.id)
    document.paused_since = None
    if pause is None:
        return dt.timedelta(0)
    pause.ended_at, pause.ended_by_id = max(now, pause.began_at), by
    uow.flush()
    document.due_at = due_moment(uow, document, calendar)
    stood = [(pause.began_at, pause.ended_at)]
    for part in store.live_parts(uow.session, document.id):
        if part.due_at is not None and part.ended_at is None:
            part.due_at = shifted(part.due_at, stood, calendar)
    uow.flush()
    return calendar.working_time_between(pause.began_at, pause.ended_at)
