"""Rows of the list of documents as HTML. A row is a function of what it shows, so it is drawn once for each
content: the same fifty rows are looked at all day by everybody in an office, and drawing them costs more than
finding them. Who may see a row is the query's business, every time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.outgoing import State, Urgency
from workflow.store.document_list import SHOWN, row_type
from workflow.store.prepared import Rows
from workflow.web.clocks import clock
from workflow.web.labels import label
from workflow.web.offers import TONES, URGENCY_TONES

KEPT = 8192
"""Rows kept; some 1 kB each."""
SCREENS = 64
"""Memories of what a minute's clocks made of rows."""

NO_MARKS: Mapping[int, str] = {}
NO_PROOFS: Mapping[int, tuple[str, str]] = {}

_Screen = tuple[str, dt.datetime, WorkingCalendar, tuple[str, ...], tuple[tuple[int, str], ...],
                tuple[tuple[int, tuple[str, str]], ...]]  # fmt: skip
_memories: dict[_Screen, dict[Any, Markup]] = {}


def rows_html(
    rows: Rows[Any],
    *,
    types: dict[str, str],
    now: dt.datetime,
    calendar: WorkingCalendar,
    locale: str,
    marks: Mapping[int, str] = NO_MARKS,
    proofs: Mapping[int, tuple[str, str]] = NO_PROOFS,
) -> Markup:
    """The rows of a page, their clocks as of this minute. `marks`: what became of some since their issue; `proofs`:
    how far the files of some prove themselves, in a word and its tone."""
    minute = now.replace(second=0, microsecond=0)

    def draw(row: Any) -> Markup:
        told = clock(row.step_due_at, minute, calendar)
        return _row(
            tuple(row),
            types.get(row.type_code, row.type_code),
            told.words,
            told.tone,
            marks.get(row.id, ""),
            proofs.get(row.id, ("", "")),
            locale,
        )

    of_some = tuple(sorted(marks.items())), tuple(sorted(proofs.items()))
    kept = _memory((locale, minute, calendar, tuple(types.values()), *of_some))
    drawn: list[Markup] = rows.drawn(draw, kept)
    return Markup("".join(drawn))  # noqa: S704  each is the work of a template


def _memory(screen: _Screen) -> dict[Any, Markup]:
    """Within a minute a row is the same to the last letter; after it, most of them still are (`_row`)."""
    kept = _memories.get(screen)
    if kept is None:
        if len(_memories) >= SCREENS:
            _memories.clear()
        kept = _memories[screen] = {}
    return kept


@lru_cache(maxsize=KEPT)
def _row(
    values: tuple[Any, ...], kind: str, clock_words: str, clock_tone: str, mark: str, proof: tuple[str, str],
    _locale: str,
) -> Markup:  # fmt: skip
    row = row_type(SHOWN)(*values)
    state, urgency = State(row.state), Urgency(row.urgency)
    macros: Any = current_app.jinja_env.get_template("documents/row.html").module
    drawn: Markup = macros.row(
        row, (label(state), "plain" if mark else TONES[state]), (label(urgency), URGENCY_TONES[urgency]), kind,
        clock_words, clock_tone, mark, proof,
    )  # fmt: skip
    return drawn
