"""The clocks of one incoming document: its calendar, its due moment under that calendar, the end of a pause."""

from __future__ import annotations

import datetime as dt

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.incoming import State
from workflow.domain.outgoing import Urgency
from workflow.domain.terms import due_under, shifted, step_due
from workflow.services.calendar import working_calendar
from workflow.store import incoming as store
from workflow.store.models import Incoming
from workflow.store.session import UnitOfWork

PAUSABLE = frozenset({State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS})
"""States in which a clock can stand still; a document that leaves them takes its pause to an end."""


def calendar_for(uow: UnitOfWork, document: Incoming) -> WorkingCalendar:
    """Working time of whoever has to answer: the lead unit once it is known, before that the agency."""
    return working_calendar(uow, unit_id=document.lead_unit_id or document.agency_id)


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
