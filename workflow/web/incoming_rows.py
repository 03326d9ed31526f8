"""Rows of the list of incoming documents as HTML, and what can be done to several of them at once.

A row is drawn once for each content (as `document_rows`). Who may see a row is the query's business; what can be
done to the ticked ones follows from the state table.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from workflow.domain import incoming
from workflow.domain.calendar import WorkingCalendar
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.outgoing import Urgency
from workflow.domain.people import Role
from workflow.domain.steps import possible
from workflow.store.document_list import row_type
from workflow.store.incoming_list import SHOWN
from workflow.store.prepared import Rows
from workflow.web.context import Current
from workflow.web.incoming_clock import due_clock
from workflow.web.incoming_offers import TONES
from workflow.web.labels import label
from workflow.web.offers import URGENCY_TONES

KEPT = 8192
"""Rows kept; some 1 kB each."""

AT_ONCE = (Action.SUBMIT, Action.CLOSE, Action.DIRECT, Action.ASSIGN)
"""What can be done to several documents in one go; each is still an act of its own."""


def bulk_acts(here: Current, row: Any) -> frozenset[Action]:
    """Which acts on many fit this row for this person, as far as a row tells."""
    facts = {
        incoming.ASKED: row.leader_id == here.desk_of,
        incoming.LEAD_UNIT: row.lead_unit_id in here.scope.unit_ids,
        incoming.HANDLER: row.handler_id == here.desk_of,
    }
    if here.post.role is Role.INSPECTOR:
        return frozenset()
    return frozenset(
        step.action
        for step in _steps(State(row.state), here.post.role)
        if all(facts.get(name, False) for name in step.needs)
    )


@lru_cache(maxsize=256)
def _steps(state: State, role: Role) -> tuple[Any, ...]:
    return tuple(step for step in possible(STEPS, state, role) if step.action in AT_ONCE and not step.reason)


def rows_html(
    rows: Rows[Any], here: Current, *, types: dict[str, str], calendar: WorkingCalendar
) -> tuple[Markup, frozenset[Action]]:
    """The rows of a page with their clocks as of this minute, and the acts on many that fit some of them."""
    minute = here.now.replace(second=0, microsecond=0)
    offered: frozenset[Action] = frozenset().union(*(bulk_acts(here, row) for row in rows))
    drawn = [_draw(row, minute, calendar, types=types, locale=here.locale) for row in rows]
    return Markup("".join(drawn)), offered  # noqa: S704  each is the work of a template


def _draw(
    row: Any, minute: dt.datetime, calendar: WorkingCalendar, *, types: dict[str, str], locale: str
) -> Markup:
    told = due_clock(row, minute, calendar)
    kind = types.get(row.type_code or "", row.type_code or "")
    return _row(tuple(row), kind, told.words, told.tone, locale)


@lru_cache(maxsize=KEPT)
def _row(values: tuple[Any, ...], kind: str, words: str, tone: str, _locale: str) -> Markup:
    row = row_type(SHOWN)(*values)
    state, urgency = State(row.state), Urgency(row.urgency)
    macros: Any = current_app.jinja_env.get_template("incoming/row.html").module
    drawn: Markup = macros.row(
        row,
        (label(state), TONES[state]),
        (label(urgency), URGENCY_TONES[urgency]),
        kind,
        (words, tone),
    )
    return drawn
