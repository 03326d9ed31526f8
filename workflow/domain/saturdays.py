"""Office hours of a unit on Saturdays, as people write them and as they are stored.

People write `07:30-11:30`, or two stretches with a comma between. Stored is what holds since ever and each change
with its first day, `07:30-11:30;2026-12-05=07:00-11:00;2027-01-09=`: Saturdays that have passed stay counted with
the hours of their time.
"""

from __future__ import annotations

import datetime as dt
import re

from workflow.domain.calendar import OfficeHours, Span
from workflow.domain.errors import BadInput

LONGEST = 400
"""Characters of the stored text; about fifteen changes."""

EARLIEST, LATEST = dt.time(5), dt.time(21)
"""Nobody's office opens before or closes after."""

_STRETCH = re.compile(r"([0-2]?\d)[:h]([0-5]\d)\s*[-–]\s*([0-2]?\d)[:h]([0-5]\d)")


def spans_of(text: str) -> tuple[Span, ...]:
    """`07:30-11:30, 13:00-17:00` as stretches; nothing where the text is empty.

    Raises `BadInput`: `saturday_unreadable`, `saturday_hours`, `office_hours_reversed`, `office_hours_overlap`.
    """
    found = []
    for part in text.split(",") if text.strip() else ():
        match = _STRETCH.fullmatch(part.strip())
        if match is None:
            raise BadInput("saturday_unreadable", text=part.strip()[:40])
        hours = [int(match[n]) for n in range(1, 5)]
        if max(hours[0], hours[2]) > 23:
            raise BadInput("saturday_unreadable", text=part.strip()[:40])
        start, end = dt.time(hours[0], hours[1]), dt.time(hours[2], hours[3])
        if start < EARLIEST or end > LATEST:
            raise BadInput("saturday_hours", earliest=_clock(EARLIEST), latest=_clock(LATEST))
        found.append(Span(start, end))
    return OfficeHours(saturday=tuple(found)).saturday


def written(spans: tuple[Span, ...]) -> str:
    """The stretches as people write them."""
    return ", ".join(f"{_clock(span.start)}-{_clock(span.end)}" for span in spans)


def hours_of(stored: str) -> OfficeHours:
    """Read the stored text: what holds since ever, then every change."""
    always: tuple[Span, ...] = ()
    changes: list[tuple[dt.date, tuple[Span, ...]]] = []
    for part in stored.split(";") if stored else ():
        day, equals, spans = part.rpartition("=")
        if equals:
            changes.append((dt.date.fromisoformat(day), spans_of(spans)))
        else:
            always = spans_of(spans)
    return OfficeHours(saturday=always, changes=tuple(sorted(changes, key=lambda change: change[0])))


def changed(stored: str, spans: tuple[Span, ...], *, since: dt.date) -> str:
    """The stored text after a change that begins on a day; a change of the same day or later is replaced."""
    hours = hours_of(stored)
    kept = [(day, was) for day, was in hours.changes if day < since]
    made = ";".join(
        [written(hours.saturday).replace(" ", ""), *(f"{day}={written(was)}".replace(" ", "") for day, was in kept),
         f"{since}={written(spans)}".replace(" ", "")]
    )  # fmt: skip
    if len(made) > LONGEST:
        raise BadInput("saturday_changes", count=len(kept))
    return made


def _clock(time: dt.time) -> str:
    return f"{time:%H:%M}"
