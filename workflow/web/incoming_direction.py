"""The form of a direction: who leads, who coordinates, who is to know, each until when; words; the due date.

One lead is one group of radio buttons, so there are never two. A unit that leads neither coordinates nor is told
besides: those ticks are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from workflow.domain.errors import BadInput
from workflow.domain.incoming import Part
from workflow.domain.terms import LONGEST, Measure, Term
from workflow.domain.text import clean
from workflow.services.incoming.deadlines import NO_DEADLINE, DueChoice
from workflow.services.incoming.routing import Direction, To
from workflow.store.models import Incoming, IncomingPart
from workflow.web import format
from workflow.web.forms import Form, read_form
from workflow.web.i18n import N_, _
from workflow.web.schemas.fields import BAD_DATE, day_trouble
from workflow.web.schemas.incoming import NEEDS_LEAD, Directed

TERMS = (3, 5, 7, 10, 15, 20, 30)
"""Working days that the form offers."""
KEEP, NONE, DAY = "", "none", "day"

PHRASES = (
    N_("Lead; advise the leaders on what to do."),
    N_("Study it and settle it as the rules say."),
    N_("Carry it out and report the result."),
    N_("For your knowledge and action."),
    N_("Draft the answer and lay it before me."),
)
"""What a leader who has no phrases of their own yet is offered."""
SHOWN = 8
"""Phrases on the form."""

BAD_TERM = N_("Choose a term from the list.")


@dataclass(slots=True)
class Filled:
    """The form as it is shown: `lead` a unit's key, the others keys as text; `dues` by unit; `people` to know."""

    form: Form
    lead: str = ""
    coordinate: frozenset[str] = frozenset()
    inform: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    dues: dict[str, str] = field(default_factory=dict)


def terms() -> list[tuple[str, str]]:
    """What can be chosen for the document's due date."""
    counted = [(f"{n}", _("%(n)s working days from receipt", n=n)) for n in TERMS]
    return [
        (KEEP, _("leave it as it is")),
        *counted,
        (DAY, _("until the day below")),
        (NONE, _("no deadline")),
    ]


def _keys(name: str) -> list[str]:
    return [text for text in request.form.getlist(name) if text.isascii() and text.isdecimal() and len(text) < 16]


def read() -> Filled:
    """What was sent, errors beside their fields."""
    form = read_form(Directed)
    lead = next(iter(_keys("lead")), "")
    inform = frozenset(_keys("inform")) - {lead}
    coordinate = frozenset(_keys("coordinate")) - {lead}
    dues = {
        name.removeprefix("due-"): "".join(one for one in value if one.isprintable())[:10]
        for name, value in request.form.items()
        if name.startswith("due-") and value.strip()
    }
    if not lead:
        form.errors["lead"] = _(NEEDS_LEAD)
    for key, text in dues.items():
        if key in {lead, *coordinate} and _day(text) is None:
            form.errors[f"due-{key}"] = _(day_trouble(text))
    if not form.errors.get("due_on") and form.values["term"] == DAY and form.data.get("due_on") is None:
        form.errors["due_on"] = _(BAD_DATE)
    if form.values["term"] not in {value for value, _words in terms()}:
        form.errors["term"] = _(BAD_TERM)
    return Filled(form, lead, coordinate, inform - coordinate, frozenset(_keys("people")), dues)


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(format.iso_day(text))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


def direction(filled: Filled, people: Sequence[Any]) -> Direction:
    """The direction that a form without errors describes. `people`: who may be chosen, with their units."""
    units = {str(row.person_id): row.unit_id for row in people}
    to = [To(part=Part.LEAD, unit_id=int(filled.lead), due=_own(filled, filled.lead))]
    to += [To(part=Part.COORDINATE, unit_id=int(key), due=_own(filled, key)) for key in sorted(filled.coordinate)]
    to += [To(part=Part.INFORM, unit_id=int(key)) for key in sorted(filled.inform)]
    for key in sorted(filled.people):
        if key not in units:
            raise BadInput("recipient_person", person=key)
        to.append(To(part=Part.INFORM, unit_id=units[key], person_id=int(key)))
    return Direction(to=tuple(to), words=filled.form.data["words"], due=_due(filled.form))


def _own(filled: Filled, key: str) -> dt.date | None:
    return _day(filled.dues[key]) if key in filled.dues else None


def _due(form: Form) -> DueChoice | None:
    term = form.data["term"]
    if term == DAY:
        return DueChoice(day=form.data["due_on"])
    if term == NONE:
        return NO_DEADLINE
    if term == KEEP:
        return None
    return DueChoice(term=Term(Measure.WORKING_DAYS, min(int(term), LONGEST[Measure.WORKING_DAYS])))


def beginning(document: Incoming, parts: Sequence[IncomingPart]) -> Filled:
    """The form as it opens: what was proposed, or the recipients that stand when a direction is changed."""
    if document.proposal and not parts:
        return _proposed(document)
    values = {"words": document.direction if parts else "", "term": KEEP, "due_on": "", "remark": "", "to": ""}
    filled = Filled(Form(values=values))
    lead = next((part for part in parts if part.part == Part.LEAD), None)
    filled.lead = str(lead.unit_id) if lead else ""
    filled.coordinate = frozenset(str(one.unit_id) for one in parts if one.part == Part.COORDINATE)
    informed = [one for one in parts if one.part == Part.INFORM]
    filled.inform = frozenset(str(one.unit_id) for one in informed if one.person_id is None)
    filled.people = frozenset(str(one.person_id) for one in informed if one.person_id is not None)
    filled.dues = {str(one.unit_id): format.day(one.due_at) for one in parts if one.due_at is not None}
    return filled


def _proposed(document: Incoming) -> Filled:
    stored = document.proposal
    term, day = KEEP, ""
    if (due := stored.get("due")) is not None:
        if "day" in due:
            term, day = DAY, due["day"]
        elif due["measure"] == Measure.NONE:
            term = NONE
        else:
            term = str(due["amount"])
    to = stored["to"]

    def keys(part: Part, *, named: bool = False) -> list[str]:
        held = [one for one in to if one["part"] == part and (one["person"] is not None) is named]
        return [str(one["person" if named else "unit"]) for one in held]

    values = {"words": stored["words"], "term": term, "due_on": day, "remark": "", "to": ""}
    return Filled(
        Form(values=values), next(iter(keys(Part.LEAD)), ""), frozenset(keys(Part.COORDINATE)),
        frozenset(keys(Part.INFORM)), frozenset(keys(Part.INFORM, named=True)),
        {str(one["unit"]): format.day(dt.date.fromisoformat(one["due"])) for one in to if one["due"]},
    )  # fmt: skip


def with_phrase(filled: Filled, phrase: str) -> Filled:
    """One tap on a phrase, where no script runs: its words stand at the end of what was typed."""
    typed = filled.form.values.get("words", "").rstrip()
    filled.form.values["words"] = f"{typed} {clean(phrase)}".strip()[:2000]
    filled.form.errors = {}
    return filled
