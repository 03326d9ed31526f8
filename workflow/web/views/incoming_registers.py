"""The register of arrivals and the follow-up register: the legal columns, a year chosen, to print or take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound
from workflow.domain.incoming import State
from workflow.domain.permissions import Permission
from workflow.domain.terms import DueKind
from workflow.store import incoming_register as store
from workflow.web import format
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.sheets import csv_answer
from workflow.web.types import type_names
from workflow.web.views.incoming import PATH, bp

ARRIVALS = (
    N_("Arrived on"),
    N_("Arrival number"),
    N_("Issued by"),
    N_("Number and symbol"),
    N_("Date of the document"),
    N_("Type and subject"),
    N_("Unit or person receiving"),
    N_("Date of transfer"),
    N_("Receipt"),
    N_("Remarks"),
)
FOLLOW_UP = (
    N_("Arrival number"),
    N_("Type, number, symbol, date and issuer"),
    N_("Unit or person receiving"),
    N_("Time limit"),
    N_("Progress"),
    N_("Number and symbol of the answer"),
    N_("Remarks"),
)
"""Annex IV of Decree 30/2020, in its order."""

OUTGOING = "/register"
PAGE = 100
"""Lines on the screen; print and export take the whole year."""

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """One of the two registers. `number`: the column that leads to the document."""

    path: str
    title: str
    columns: tuple[str, ...]
    number: int
    line: Callable[[Any, Sequence[str]], Cells]


def arrivals_line(row: Any, _answers: Sequence[str]) -> Cells:
    """One line of the register of arrivals. Of secret papers it shows that they exist, not what they are about."""
    remarks = [row.note] if row.note else []
    if row.state in {State.RETURNED, State.RECALLED}:
        remarks.append(label(State(row.state)))
    if row.copies > 1:
        remarks.append(_("%(n)s copies", n=row.copies))
    receipt = f"{row.reader or ''} {format.moment(row.read_at)}".strip() if row.read_at else ""
    return (
        format.day(row.arrived_at), str(row.number), row.issuer, row.symbol,
        format.day(row.issued_on) if row.issued_on else "", f"{_kind(row)}{_subject(row)}", _receiver(row),
        format.day(row.directed_at) if row.directed_at else "", receipt, "; ".join(remarks),
    )  # fmt: skip


def follow_up_line(row: Any, answers: Sequence[str]) -> Cells:
    """One line of the follow-up register."""
    issued = format.day(row.issued_on) if row.issued_on else ""
    what = ", ".join(part for part in (row.symbol, issued, row.issuer) if part)
    progress = label(State(row.state))
    if row.done_at is not None:
        progress = f"{progress} {format.day(row.done_at)}"
        if row.due_at is not None and row.done_at > row.due_at:
            progress = f"{progress} ({_('overdue')})"
    due = format.day(row.due_at) if row.due_at else _("no deadline") if row.due_kind == DueKind.NONE else ""
    remarks = [_("clock stopped since %(day)s", day=format.day(row.paused_since))] if row.paused_since else []
    remarks += [row.result_words] if row.result_words and not answers else []
    return (
        str(row.number), f"{_kind(row)}{what}", _receiver(row), due, progress, "; ".join(answers),
        "; ".join(remarks),
    )  # fmt: skip


def _kind(row: Any) -> str:
    return f"{type_names().get(row.type_code, row.type_code)}: " if row.type_code else ""


def _subject(row: Any) -> str:
    return _("secret") if row.secret else str(row.subject)


def _receiver(row: Any) -> str:
    return ", ".join(part for part in (row.unit, row.handler) if part)


BOOKS = {
    "arrivals": Book(f"{PATH}/register", N_("Register of arrivals"), ARRIVALS, 1, arrivals_line),
    "follow-up": Book(f"{PATH}/register/follow-up", N_("Follow-up register"), FOLLOW_UP, 0, follow_up_line),
}


@bp.get(f"{PATH}/register")
@allows(Permission.SEE_REGISTER)
def register_of_arrivals() -> str:
    """The register of arrivals."""
    return _page(BOOKS["arrivals"])


@bp.get(f"{PATH}/register.csv")
@allows(Permission.SEE_REGISTER)
def export_arrivals() -> Response:
    """The whole year of it."""
    return _export(BOOKS["arrivals"], "arrivals")


@bp.get(f"{PATH}/register/follow-up")
@allows(Permission.SEE_REGISTER)
def follow_up() -> str:
    """The follow-up register."""
    return _page(BOOKS["follow-up"])


@bp.get(f"{PATH}/register/follow-up.csv")
@allows(Permission.SEE_REGISTER)
def export_follow_up() -> Response:
    """The whole year of it."""
    return _export(BOOKS["follow-up"], "follow-up")


def _page(book: Book) -> str:
    here = current()
    found, register_id, years, year = _chosen()
    whole, after = "all" in request.args, _digits("after")
    rows = _rows(register_id, year, after=after, limit=None if whole else PAGE + 1)
    more = not whole and len(rows) > PAGE
    shown = rows[:PAGE] if more else rows
    last = store.last_number(here.scope, here.uow.session, register_id=register_id, year=year) if more else 0
    return render_template(
        "incoming/register.html",
        book=book,
        tabs=[
            ("/register", N_("Register of outgoing documents")),
            *((one.path, one.title) for one in BOOKS.values()),
        ],
        books=found,
        register_id=register_id,
        years=years,
        year=year,
        rows=_cells(book, shown, register_id, year),
        next=shown[-1].number if more else 0,
        first=after > 0,
        last=max(0, last - PAGE),
        whole=whole,
    )


def _export(book: Book, name: str) -> Response:
    _books, register_id, _years, year = _chosen()
    if not register_id:
        raise NotFound("register_not_found")
    cells = [line for _key, line in _cells(book, _rows(register_id, year), register_id, year)]
    return csv_answer(f"{name}-{register_id}-{year}.csv", [_(word) for word in book.columns], cells)


def _rows(register_id: int, year: int, *, after: int = 0, limit: int | None = None) -> list[Any]:
    if not register_id:
        return []
    here = current()
    return list(
        store.lines(here.scope, here.uow.session, register_id=register_id, year=year, after=after, limit=limit)
    )


def _cells(book: Book, rows: Sequence[Any], register_id: int, year: int) -> list[tuple[int, Cells]]:
    here = current()
    answers: dict[int, list[str]] = {}
    if rows and book.columns is FOLLOW_UP:
        answers = store.replies(
            here.scope, here.uow.session, register_id=register_id, year=year, after=rows[0].number - 1,
            until=rows[-1].number,
        )  # fmt: skip
    return [(row.id, book.line(row, answers.get(row.id, ()))) for row in rows]


def _chosen() -> tuple[list[tuple[int, str]], int, list[int], int]:
    """(registers, the chosen one or 0, its years, the chosen year). A foreign register is as good as missing."""
    here = current()
    found = [(row[0], f"{row[1]} · {row[2]}") for row in store.books(here.scope, here.uow.session)]
    wanted = _digits("register")
    known = [key for key, _name in found]
    if wanted and wanted not in known:
        raise NotFound("register_not_found")
    register_id = wanted or (known[0] if known else 0)
    years = store.years(here.scope, here.uow.session, register_id) or [here.today.year]
    year = _digits("year")
    return found, register_id, years, year if year in years else years[0]


def _digits(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
