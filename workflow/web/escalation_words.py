"""What escalation is called: levels, the hours that an agency sets, and what was told of a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.escalation import SETTABLE, Kind, Ladders, Level
from workflow.domain.people import Role
from workflow.store import people
from workflow.web import format
from workflow.web.context import Current
from workflow.web.i18n import N_, _

LEVELS: Mapping[Level, str] = {
    Level.EARLY: N_("before it is due"),
    Level.HOLDER: N_("whoever has it"),
    Level.HEAD: N_("head of the unit"),
    Level.LEADER: N_("leader of the office"),
}

LADDERS: Mapping[str, tuple[str, str]] = {
    "normal": (N_("Ordinary documents"), N_("Working hours past the due moment; an empty field: not told.")),
    "urgent": (N_("Urgent documents"), N_("Working hours past the due moment; an empty field: not told.")),
    "explanation": (
        N_("Explanations that are owed"),
        N_("Working hours past the due moment. Whoever owes one is reminded in the last half working day and when "
           "it is past due; nobody can switch this off."),
    ),
}  # fmt: skip
"""The parts of the form: title and what to know."""

_EXPLANATION = N_("An explanation that is owed")
_OWES = N_("whoever owes it")
_PART = N_("A coordinating part")


def level(code: str) -> str:
    """A level in words."""
    return _(LEVELS[Level(code)])


def field_labels() -> dict[str, str]:
    """Field → what it is called where its group does not stand above it."""
    named = {f"{ladder}_{one}": f"{_(LADDERS[ladder][0])}, {level(one)}" for ladder, one in SETTABLE}
    return {**named, "reason": _("Reason")}


def hours(ladders: Ladders) -> list[tuple[str, str]]:
    """What holds in an agency, a line for each part: `4 hours: whoever has it; 8 hours: head of the unit`."""
    found = []
    for name, (title, _hint) in LADDERS.items():
        told = [
            _("%(level)s after %(hours)s", level=level(one), hours=format.number(value))
            for ladder, one in SETTABLE
            if ladder == name and (value := getattr(getattr(ladders, name), one)) is not None
        ]
        found.append((_(title), "; ".join(told) or _("nobody is told")))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One level that was told of a document."""

    at: dt.datetime
    level: str
    who: str
    about: str
    """Empty where it is the document itself."""
    due: dt.datetime


def told_lines(here: Current, rows: Sequence[Any]) -> list[Line]:
    """What was told of a document that the reader has open. That somebody owes an explanation is
    shown to who led there, and to who was told."""
    reader = here.person.person_id
    leads = here.post.role in {Role.LEADER, Role.DEPUTY}
    seen = [row for (row,) in rows if row.kind != Kind.EXPLANATION or leads or reader in row.persons]
    if not seen:
        return []
    names = people.names(here.uow.session, sorted({key for row in seen for key in row.persons}))
    return [_line(row, names) for row in seen]


_ABOUT = {Kind.PART: _PART, Kind.EXPLANATION: _EXPLANATION}


def _line(row: Any, names: Mapping[int, str]) -> Line:
    kind = Kind(row.kind)
    owes = kind is Kind.EXPLANATION and row.level == Level.HOLDER
    whose = _(_OWES) if owes else level(row.level)
    who = ", ".join(names.get(key, "–") for key in row.persons)
    return Line(row.told_at, whose, who, _(_ABOUT[kind]) if kind in _ABOUT else "", row.due_at)
