"""A register's year for paper and spreadsheet: always in Vietnamese, whatever language its reader works in.

The law asks that the register can be printed with all its columns and bound (Decree 30/2020 Art. 16.2b, 22.3b). A
volume holds the numbers of one thousand, so that a big year never holds anybody up; a spreadsheet ten thousand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from workflow.adapters.render.books import VOLUME, Volume
from workflow.adapters.xlsx_export import PART, Cell, Sheet
from workflow.domain.errors import NotFound
from workflow.domain.numbering import number_text
from workflow.store import imported, incoming_register, office, register_book
from workflow.store.imported import Totals
from workflow.store.models import Register, Unit
from workflow.store.register_filter import Wanted
from workflow.web.context import current
from workflow.web.correction_marks import marks_of_arrivals, marks_of_numbers
from workflow.web.i18n import N_, VIETNAMESE, _
from workflow.web.register_choice import Choice
from workflow.web.register_lines import BOOKS, FOLLOW_UP, NOTHING, Book, Cells, Told, document_key, status_of

STATUSES = {"used": N_("used"), "held": N_("on hold"), "cancelled": N_("cancelled number")}
FOLLOWED = (N_("Time limit"), N_("Progress"), N_("Number and symbol of the answer"), N_("Remarks on the follow-up"))
NUMBERED = (N_("Status of the number"), N_("Why held or cancelled"))
"""Columns of a spreadsheet beside the legal ones: with them it can be read in again and nothing is lost."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A volume or a part: its place from 1, its first and last number."""

    place: int
    first: int
    last: int


def pieces(last: int, size: int) -> list[Piece]:
    """A year's numbers cut into equal pieces; an empty year is one."""
    count = max(1, -(-last // size))
    return [Piece(place, (place - 1) * size + 1, min(place * size, max(last, 1))) for place in range(1, count + 1)]


@dataclass(frozen=True, slots=True)
class Prints:
    """What a page offers to take away of a year."""

    volumes: list[Piece]
    parts: list[Piece]
    first: int = 1
    """From which number on the year is kept here."""

    @property
    def earlier(self) -> str:
        """Where the numbers before it are; nothing where the year began here."""
        return earlier_words(self.first)

    @classmethod
    def of(cls, choice: Choice, last: int) -> Prints:
        """Of a year whose last number is known. What another book holds is not offered."""
        here = current()
        first = imported.kept_from(here.scope, here.uow.session, register_id=choice.register_id, year=choice.year)
        return cls(kept_here(pieces(last, VOLUME), first), kept_here(pieces(last, PART), first), first)


def kept_here(every: Sequence[Piece], first: int) -> list[Piece]:
    """The pieces that hold lines of ours, begun where ours begin; the last one at least."""
    kept = [replace(one, first=max(one.first, first)) for one in every if one.last >= first]
    return kept or list(every[-1:])


def earlier_words(first: int) -> str:
    """What a reader is told of a year that was begun in another book; nothing where it began here."""
    if first <= 1:
        return ""
    return _(
        "Numbers 01 to %(before)s were registered in the former book, which the clerk's office keeps; "
        "this system keeps the register from number %(first)s on.",
        before=number_text(first - 1), first=number_text(first),
    )  # fmt: skip


@contextmanager
def office_language() -> Iterator[None]:
    """Within it every word is Vietnamese."""
    here = current()
    before, here.locale = here.locale, VIETNAMESE
    try:
        yield
    finally:
        here.locale = before


def totals_of(choice: Choice) -> Totals:
    """What the chosen year adds up to."""
    here = current()
    return imported.totals(here.scope, here.uow.session, register_id=choice.register_id, year=choice.year)


def volume_of(book: Book, choice: Choice, place: int) -> tuple[Volume, Piece]:
    """One volume, ready to be set; `NotFound` where the year has no such volume."""
    totals = totals_of(choice)
    every = pieces(totals.last, VOLUME)
    piece = _piece(every, place)
    with office_language():
        lines = [cells for _row, cells, _more in _lines(book, choice, piece)]
        return _volume(book, choice, piece, lines=lines, totals=totals, volumes=len(every)), piece


@dataclass(frozen=True, slots=True)
class Only:
    """What an extract holds: lines that fit, and in which words the sheet says so."""

    wanted: Wanted
    words: tuple[str, ...]


def sheets_of(
    book: Book, choice: Choice, place: int, *, only: Only | None = None
) -> tuple[list[Sheet], str, Piece]:
    """The sheets of one part, the file's title, the part. An extract says what it is narrowed to, not what
    the year adds up to."""
    totals = totals_of(choice)
    piece = _piece(pieces(totals.last, PART), place)
    with office_language():
        more = () if book.columns is FOLLOW_UP else (*(FOLLOWED if book.direction == "in" else ()), *NUMBERED)
        head = [_(words) for words in (*book.columns, *more)]
        found = _lines(book, choice, piece, **({"wanted": only.wanted} if only else {}))
        rows = [_sheet_row(book, row, cells, since) for row, cells, since in found]
        told: list[list[Cell]] = [[words, int(count)] for words, count in _sums(totals)]
        told += [[_(STATUSES[status]), f"{number}: {why}"] for number, status, why in totals.reasons]
        title = f"{_(book.printed)} {choice.year}"
        sheets = [
            Sheet(_("Register"), head, rows, [max(10.0, 11 * width) for width in book.widths] + [16.0] * len(more)),
            Sheet(_("Extract"), [_("Only these lines")], [[words] for words in only.words], (60,))
            if only
            else Sheet(_("Totals"), [_("What"), _("How many")], told, (34, 60)),
        ]
    return sheets, title, piece


def _piece(every: Sequence[Piece], place: int) -> Piece:
    if not 1 <= place <= len(every):
        raise NotFound("volume_not_found")
    return every[place - 1]


def _lines(
    book: Book, choice: Choice, piece: Piece, **narrowed: Any
) -> Iterator[tuple[Any, tuple[str, ...], Told]]:
    here = current()
    shelf: Any = register_book if book.direction == "out" else incoming_register
    span = {"register_id": choice.register_id, "year": choice.year, "after": piece.first - 1, "until": piece.last}
    told = _told(book, **span)
    for row in shelf.lines(here.scope, here.uow.session, **span, **narrowed):
        key = document_key(row)
        mine = told.get(key, NOTHING) if key else NOTHING
        yield row, book.line(row, mine), mine


def cells_of(book: Book, rows: Sequence[Any], *, register_id: int, year: int) -> list[tuple[int | None, Cells]]:
    """(document, cells) of each line, for a page and its export, in the reader's language."""
    if not rows:
        return []
    span = {"register_id": register_id, "year": year, "after": rows[0].number - 1, "until": rows[-1].number}
    told = _told(book, **span)
    return [(key := document_key(row), book.line(row, told.get(key, NOTHING) if key else NOTHING)) for row in rows]


def _told(book: Book, **span: Any) -> dict[int, Told]:
    """Document → what its line says besides its row, for some numbers of a register's year."""
    here = current()
    if book.direction == "out":
        found = marks_of_numbers(here.scope, here.uow.session, **span)
        return {key: Told(marks=marks) for key, marks in found.items()}
    answers = incoming_register.replies(here.scope, here.uow.session, **span)
    marks = marks_of_arrivals(here.scope, here.uow.session, **span)
    return {key: Told(answers.get(key, ()), marks.get(key, ())) for key in answers.keys() | marks.keys()}


def _sheet_row(book: Book, row: Any, cells: tuple[str, ...], told: Told) -> list[Cell]:
    made: list[Cell] = [_day(cell) if place in book.dates else cell for place, cell in enumerate(cells)]
    if book.columns is FOLLOW_UP:
        return made
    if book.direction == "in":
        made += BOOKS["follow-up"].line(row, Told(told.answers))[3:]  # its marks stand in the register's remarks
    status, why = status_of(row)
    return [*made, _(STATUSES[status]), why]


def _day(text: str) -> Cell:
    """A day that a line wrote as 23/11/2026; other words stay words."""
    try:
        return dt.datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007  a date alone
    except ValueError:
        return text


def _sums(totals: Totals) -> list[tuple[str, str]]:
    told = [
        (_("Last number drawn"), totals.last),
        (_("Numbers used"), totals.used),
        (_("Numbers on hold"), totals.held),
        (_("Numbers cancelled"), totals.cancelled),
        (_("Of these from the former system"), totals.imported),
        (_("Numbers without a line"), totals.missing),
    ]
    return [(words, str(count)) for words, count in told]


def _closing(year: int) -> str:
    """Under the last line: the end of a year that is over; else how far it goes."""
    if year < current().today.year:
        return _("The register of the year ends here.")
    return _("Numbers up to the day of printing: the year still runs.")


def _volume(
    book: Book, choice: Choice, piece: Piece, *, lines: list[tuple[str, ...]], totals: Totals, volumes: int
) -> Volume:
    register, agency = _whose(choice.register_id)
    days = sorted(day for line in lines if book.dates and isinstance(day := _day(line[book.dates[0]]), dt.date))
    facts = [(_("Year"), str(choice.year))]
    if days:
        facts.append(
            (_("From day"), _("%(first)s to %(last)s", first=f"{days[0]:%d/%m/%Y}", last=f"{days[-1]:%d/%m/%Y}"))
        )
    if lines:
        first = number_text(max(piece.first, totals.first))
        facts.append((_("From number"), _("%(first)s to %(last)s", first=first, last=number_text(piece.last))))
    facts.append((_("Volume"), f"{piece.place}/{volumes}"))
    earlier = earlier_words(totals.first)
    closes = piece.place == volumes
    words = _closing(choice.year) if closes else _("The register goes on in the next volume.")
    return Volume(
        superior=agency.superior, agency=agency.name, title=_(book.printed), register=register.name,
        year=choice.year, facts=tuple(facts), columns=tuple(_(word) for word in book.columns), widths=book.widths,
        rows=tuple(lines), earlier=earlier,
        empty=earlier or _("No number was drawn in this register in %(year)s.", year=choice.year),
        page_word=_("Page"), closing=words, totals=tuple(_sums(totals)) if closes else (),
        reasons_title=_("Numbers on hold and numbers cancelled"),
        reasons=tuple(f"{number}: {_(STATUSES[status])} – {why}" for number, status, why in totals.reasons)
        if closes else (),
        place=_("%(place)s, day …… month …… year ………", place=agency.place or "…………"),
        signer=_("Clerk's office"), signature_hint=_("(signature and full name)"),
    )  # fmt: skip


def _span(first: str, last: str) -> str:
    return _("%(first)s to %(last)s", first=first, last=last)


def _whose(register_id: int) -> tuple[Register, Unit]:
    session = current().uow.session
    register = session.get_one(Register, register_id)
    return register, office.unit(session, register.agency_id)
