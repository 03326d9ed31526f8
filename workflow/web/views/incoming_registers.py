"""The register of arrivals and the follow-up register: the legal columns, a year chosen, to print or take away."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.permissions import Permission
from workflow.store import incoming_register as store
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.register_choice import chosen, demanded, digits
from workflow.web.register_lines import BOOKS, Book
from workflow.web.register_paper import Prints, cells_of
from workflow.web.sheets import csv_answer
from workflow.web.views.incoming import PATH, bp

PAGE = 100
"""Lines on the screen; print and export take the whole year."""


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
    choice = chosen("in")
    register_id, year = choice.register_id, choice.year
    whole, after = "all" in request.args, digits("after")
    rows = _rows(register_id, year, after=after, limit=None if whole else PAGE + 1)
    more = not whole and len(rows) > PAGE
    shown = rows[:PAGE] if more else rows
    last = store.last_number(here.scope, here.uow.session, register_id=register_id, year=year)
    return render_template(
        "incoming/register.html",
        book=book,
        tabs=[(one.path, one.title) for one in BOOKS.values()],
        books=choice.books,
        register_id=register_id,
        years=choice.years,
        year=year,
        rows=cells_of(book, shown, register_id=register_id, year=year),
        next=rows[PAGE].number - 1 if more else 0,  # 12 and 12a stay together
        first=after > 0,
        last=max(0, last - PAGE) if more else 0,
        whole=whole,
        prints=Prints.of(choice, last) if register_id else None,
    )


def _export(book: Book, name: str) -> Response:
    choice = demanded("in")
    register_id, year = choice.register_id, choice.year
    rows = _rows(register_id, year)
    cells = [line for _key, line in cells_of(book, rows, register_id=register_id, year=year)]
    return csv_answer(f"{name}-{register_id}-{year}.csv", [_(word) for word in book.columns], cells)


def _rows(register_id: int, year: int, *, after: int = 0, limit: int | None = None) -> list[Any]:
    if not register_id:
        return []
    here = current()
    return list(
        store.lines(here.scope, here.uow.session, register_id=register_id, year=year, after=after, limit=limit)
    )
