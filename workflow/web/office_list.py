"""What the address of the catalogue of outside offices says, its rows and its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.dispatch import Channel
from workflow.domain.errors import BadInput
from workflow.domain.imports.headings import FIELDS, Kind
from workflow.domain.outside_offices import key_of
from workflow.domain.text import clean, fold, has_accents
from workflow.store import outside_offices as store
from workflow.store.models import OutsideOffice
from workflow.web.context import Current
from workflow.web.i18n import N_
from workflow.web.labels import label
from workflow.web.register_paper import office_language

PATH = "/admin/offices"
CANDIDATES = f"{PATH}/candidates"

WHICH = {
    "": N_("in use"),
    "ended": N_("out of use"),
    "bare": N_("without an address and mail"),
    "all": N_("all"),
}
SORTS = {"name": N_("by name"), "code": N_("by code"), "changed": N_("changed last first")}
CANDIDATE_SORTS = {"newest": N_("written to last first"), "most": N_("most copies first"), "name": N_("by name")}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its other names."""

    row: OutsideOffice
    aliases: tuple[str, ...]

    @property
    def words(self) -> str:
        """All that a search looks through."""
        row = self.row
        return "\n".join((row.name, row.short_name, *self.aliases, row.code, row.address, row.email, row.note))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that documents went to and that the catalogue does not know."""

    name: str
    copies: int
    last: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to and how it is ordered, as the address has it."""

    words: str = ""
    which: str = ""
    channel: str = ""
    sort: str = ""

    def address(self, path: str, **more: str) -> str:
        """The same list at a path, perhaps with what was done."""
        given = {"q": self.words, "which": self.which, "channel": self.channel, "sort": self.sort, **more}
        pairs = {name: value for name, value in given.items() if value}
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read(asked: MultiDict[str, str], *, sorts: dict[str, str] = SORTS) -> Wanted:
    """Read an address; what is not understood is left out."""
    which, channel, sort = (asked.get(name, "") for name in ("which", "channel", "sort"))
    return Wanted(
        words=typed(asked.get("q", "")),
        which=which if which in WHICH else "",
        channel=channel if channel in set(Channel) else "",
        sort=sort if sort in sorts else "",
    )


def typed(text: str, *, most: int = 100) -> str:
    """Words of an address on one line; nothing where they hold what no page can show."""
    try:
        return clean(text)[:most]
    except BadInput:
        return ""


def says(text: str, words: str) -> bool:
    """Whether a text holds some words: with their accents where they have any."""
    return words.lower() in text.lower() if has_accents(words) else fold(words) in fold(text)


def lines(here: Current, wanted: Wanted) -> list[Line]:
    """The entries that fit, in order."""
    session, agency = here.uow.session, here.post.agency_id
    aliases = store.aliases(session, agency)
    found = [Line(row, aliases.get(row.id, ())) for row in store.offices(session, agency)]
    fitting = [one for one in found if _fits(one, wanted)]
    orders: dict[str, Callable[[Line], Any]] = {
        "code": lambda one: (one.row.code == "", one.row.code, fold(one.row.name)),
        "changed": lambda one: -one.row.changed_at.timestamp(),
    }
    return sorted(fitting, key=orders.get(wanted.sort, lambda one: fold(one.row.name)))


def _fits(one: Line, wanted: Wanted) -> bool:
    row = one.row
    fits = {
        "": row.ended_at is None, "ended": row.ended_at is not None, "all": True,
        "bare": row.ended_at is None and not row.address and not row.email,
    }  # fmt: skip
    return fits[wanted.which] and wanted.channel in {"", row.channel} and says(one.words, wanted.words)


def candidates(here: Current, wanted: Wanted) -> list[Candidate]:
    """Names within reach that the catalogue does not know, written one way each."""
    known = store.keys(here.uow.session, here.post.agency_id)
    found: dict[str, Candidate] = {}
    for name, copies, last in store.written_to(here.scope, here.uow.session):
        key = key_of(name)
        if key in known or not says(name, wanted.words):
            continue
        before = found.get(key, Candidate(name, 0, None))
        days = [one for one in (before.last, last) if one is not None]
        found[key] = Candidate(before.name, before.copies + copies, max(days, default=None))
    orders: dict[str, Callable[[Candidate], Any]] = {
        "most": lambda one: (-one.copies, fold(one.name)), "name": lambda one: fold(one.name),
    }  # fmt: skip
    rows = list(found.values())
    return sorted(rows, key=orders[wanted.sort]) if wanted.sort in orders else rows


def waiting(here: Current) -> int:
    """How many names of the last copies the catalogue does not know."""
    named = {key_of(name) for name in store.lately_written_to(here.scope, here.uow.session)}
    return len(named - store.keys(here.uow.session, here.post.agency_id))


def sheet(found: Sequence[Line]) -> Sheet:
    """Entries as an import reads them."""
    with office_language():
        rows: list[Sequence[Cell]] = [
            (
                one.row.name, one.row.short_name, "; ".join(one.aliases), one.row.code, one.row.address,
                one.row.email, label(Channel(one.row.channel)) if one.row.channel else "", one.row.note,
                "có" if one.row.ended_at else "",
            )
            for one in found
        ]  # fmt: skip
    return _sheet(rows)


def candidate_sheet(found: Sequence[Candidate]) -> Sheet:
    """Candidates as an import reads them: the other columns are there to be filled in."""
    return _sheet([(one.name, *[""] * (len(FIELDS[Kind.OUTSIDE]) - 1)) for one in found])


def _sheet(rows: Sequence[Sequence[Cell]]) -> Sheet:
    head = [field.heading for field in FIELDS[Kind.OUTSIDE]]
    return Sheet("Cơ quan ngoài hệ thống", head, rows, (40.0, 16.0, 30.0, 18.0, 44.0, 26.0, 18.0, 30.0, 10.0))
