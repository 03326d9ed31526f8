"""What of the incoming documents is overdue or due soon, as of a moment, by step and holder; parts; explanations.

As with outgoing ones a report rests on what was true at its cut-off. A line of history says who had the document
until then, so the first line after the cut-off tells who had it at the cut-off; the row tells of what did not move.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.deadlines import is_overdue
from workflow.domain.incoming import Action, Holder, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An open incoming document as it stood. `unit`: where its work lies; none before it was directed.

    `due`: the earlier one of the document's own due moment and that of the step; `own_due`: the document's.
    """

    document: int
    agency: int
    unit: int | None
    state: State
    held_by: Holder | None
    holder: int | None
    since: dt.datetime
    due: dt.datetime | None
    own_due: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDue:
    """A coordinating part that was not done, with its own due moment."""

    part: int
    document: int
    agency: int
    unit: int
    holder: int | None
    due: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An explanation that was demanded and not given, or sent back."""

    explanation: int
    document: int
    agency: int
    unit: int
    person: int
    due: dt.datetime


@dataclass(frozen=True, slots=True)
class Held:
    """Who had a document: the kind of holder, the person, the unit (of heads and specialists)."""

    held_by: Holder | None
    person: int | None = None
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history with who had the document until then."""

    at: dt.datetime
    source: str
    target: State
    until_then: Held


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a document was at the cut-off: its state, since when, who had it."""

    state: State
    since: dt.datetime
    held: Held


def stood(lines: Sequence[Line], cut_off: dt.datetime, *, now: Held) -> Stood | None:
    """From its whole history, oldest first; `now`: who has it after the last line. None: not there yet."""
    before = [line for line in lines if line.at <= cut_off]
    if not before:
        return None
    after = next((line for line in lines if line.at > cut_off), None)
    since = next((line.at for line in reversed(before) if line.source != line.target), before[0].at)
    return Stood(before[-1].target, since, after.until_then if after else now)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a document's journal: its tag, its moment, what it tells."""

    at: dt.datetime
    tag: str
    facts: Mapping[str, Any]


def moment(text: str | None) -> dt.datetime | None:
    """A moment as the journal writes it."""
    return dt.datetime.fromisoformat(text) if text else None


def own_due(entries: Sequence[Entry], cut_off: dt.datetime, *, otherwise: dt.datetime | None) -> dt.datetime | None:
    """The document's due moment: what the last entry up to the cut-off says that says anything of it."""
    for entry in reversed(entries):
        if entry.at <= cut_off and "due" in entry.facts:
            said = entry.facts["due"]
            return moment(said["after"] if isinstance(said, Mapping) else said)
    return otherwise


def moved_step(entries: Sequence[Entry], cut_off: dt.datetime, since: dt.datetime) -> tuple[bool, str | None]:
    """(whether anything is said, the step's due moment): where days off or Saturdays moved it after it was entered,
    or after the cut-off, which tells what it was before."""
    said: tuple[bool, str | None] = (False, None)
    for entry in entries:
        step = entry.facts.get("step")
        if not isinstance(step, Mapping):
            if entry.at > cut_off and "to" in entry.facts:
                return said
            continue
        if since <= entry.at <= cut_off:
            said = (True, step["after"])
        elif entry.at > cut_off:
            return (True, step["before"])
    return said


def part_before(entries: Sequence[Entry], cut_off: dt.datetime, part: int) -> Mapping[str, Any]:
    """What the first entry after the cut-off that names a part says it was `before` (its due moment), and whose
    (`person`); empty where none does, so that the row still says it."""
    for entry in entries:
        parts = entry.facts.get("parts")
        if entry.at > cut_off and isinstance(parts, Sequence):
            for one in parts:
                if one["part"] == part:
                    return dict(one)
    return {}


GIVING = frozenset({Action.EXPLAIN})
ASKING = frozenset({Action.RETURN_EXPLANATION})


def still_owed(
    entries: Sequence[Entry], cut_off: dt.datetime, explanation: int, *, due: dt.datetime
) -> tuple[bool, dt.datetime]:
    """(whether it was owed at the cut-off, until when), by the document's journal; `due`: as it was demanded."""
    owed = True
    for entry in entries:
        if entry.at > cut_off or entry.facts.get("explanation") != explanation:
            continue
        action = entry.tag.rpartition(":")[2]
        if action in GIVING:
            owed = False
        elif action in ASKING:
            owed, due = True, moment(entry.facts.get("until")) or due
    return owed, due


def when(due: dt.datetime | None, *, cut_off: dt.datetime, soon_until: dt.datetime) -> str:
    """`overdue`, `soon` or nothing."""
    if due is None:
        return ""
    if is_overdue(cut_off, due):
        return "overdue"
    return "soon" if due <= soon_until else ""
