"""Names of document types in the reader's language, kept for a minute: lists need them for every row."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from workflow.domain.document_types import COPIES
from workflow.services.registers.terms import first_types
from workflow.store import office
from workflow.web.context import current
from workflow.web.i18n import ENGLISH

KEPT = dt.timedelta(minutes=1)
_KEY = "trinhky_type_names"

Names = dict[str, tuple[str, str, str]]


def _names() -> Names:
    """code → (abbreviation, Vietnamese, English), in the order of the decree."""
    here = current()
    found: tuple[dt.datetime, Names] | None = current_app.extensions.get(_KEY)
    if found is not None and abs(here.now - found[0]) < KEPT:
        return found[1]
    rows = office.document_types(here.uow.session)
    names = {row.code: (row.abbreviation, row.name_vi, row.name_en) for row in rows}
    current_app.extensions[_KEY] = (here.now, names)
    return names


def type_names() -> dict[str, str]:
    """code → name."""
    place = 2 if current().locale == ENGLISH else 1
    return {code: row[place] for code, row in _names().items()}


def type_name(code: str) -> str:
    """A type's name; its code for one that is not used any more."""
    return type_names().get(code, code)


def abbreviation_of(code: str) -> str:
    """As in the symbol; empty for a công văn."""
    return _names().get(code, ("", "", ""))[0]


COMMON = (
    "letter", "decision", "notice", "report", "submission",
    "plan", "invitation", "telegram", "resolution", "directive",
)  # fmt: skip
"""The ten kinds that make up nearly all the papers of an office: they stand first."""


Group = list[tuple[str, str]]


def type_groups() -> tuple[Group, Group]:
    """(code, name) of the types that stand first in this agency, then of the others, copies last."""
    names, first = type_names(), _first()
    common = [(code, names[code]) for code in first if code in names]
    return common, [(code, name) for code, name in names.items() if code not in first]


def without_copies(group: Group) -> tuple[Group, Group]:
    """The same in two: documents, and the kinds of copies of them."""
    copies = {kind.code for kind in COPIES}
    return [one for one in group if one[0] not in copies], [one for one in group if one[0] in copies]


def _first() -> tuple[str, ...]:
    """The agency's own ten, else those it uses most: kept for a minute."""
    here = current()
    key = f"{_KEY}_first_{here.post.agency_id}"
    found: tuple[dt.datetime, tuple[str, ...]] | None = current_app.extensions.get(key)
    if found is None or abs(here.now - found[0]) >= KEPT:
        codes = first_types(here.uow, here.post.agency_id, usual=COMMON, now=here.now)
        found = current_app.extensions[key] = (here.now, codes)
    return found[1]
