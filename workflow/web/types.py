"""Names of document types in the reader's language, kept for a minute: lists need them for every row."""

from __future__ import annotations

import datetime as dt

from flask import current_app

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


COMMON = (
    "letter", "decision", "notice", "report", "submission",
    "plan", "invitation", "telegram", "resolution", "directive",
)  # fmt: skip
"""The ten kinds that make up nearly all the papers of an office: they stand first."""


def type_groups() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(code, name) of the common types, then of the others."""
    names = type_names()
    common = [(code, names[code]) for code in COMMON if code in names]
    return common, [(code, name) for code, name in names.items() if code not in COMMON]
