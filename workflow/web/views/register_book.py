"""The register of outgoing documents: the legal columns, a year and a register chosen, to print or take away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound
from workflow.domain.numbering import number_text
from workflow.domain.outgoing import Medium
from workflow.domain.permissions import Permission
from workflow.store import register_book as store
from workflow.store.models import Series
from workflow.web import format
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.sheets import csv_answer
from workflow.web.types import type_names

bp = Blueprint("register_book", __name__)

COLUMNS = (
    N_("Number and symbol"),
    N_("Date of the document"),
    N_("Type and subject"),
    N_("Signed by"),
    N_("Recipients"),
    N_("Unit or person keeping the file copy"),
    N_("Number of copies"),
    N_("Date of dispatch"),
    N_("Receipt"),
    N_("Remarks"),
)
"""Annex IV of Decree 30/2020, in its order."""

PAGE = 100
"""Lines on the screen; print and export take the whole year."""


@bp.get("/register")
@allows(Permission.SEE_REGISTER)
def index() -> str:
    """The register."""
    here = current()
    books, register_id, years, year = _chosen()
    whole = "all" in request.args
    after = _digits("after")
    rows: list[Any] = []
    if register_id:
        limit = None if whole else PAGE + 1
        rows = list(
            store.lines(here.scope, here.uow.session, register_id=register_id, year=year, after=after, limit=limit)
        )
    more = not whole and len(rows) > PAGE
    return render_template(
        "registers/book.html",
        books=books,
        register_id=register_id,
        years=years,
        year=year,
        columns=COLUMNS,
        rows=[(row.id, line(row)) for row in (rows[:PAGE] if more else rows)],
        next=rows[PAGE - 1].number if more else 0,
        first=after > 0,
        last=_last_page(register_id, year) if more else 0,
        whole=whole,
    )


def _last_page(register_id: int, year: int) -> int:
    """The number after which the year's last page begins: what was registered just now stands there."""
    series = current().uow.session.get(Series, (register_id, year))
    return max(0, (series.last_number if series else 0) - PAGE)


@bp.get("/register/export.csv")
@allows(Permission.SEE_REGISTER)
def export() -> Response:
    """The whole year of a register."""
    here = current()
    _books, register_id, _years, year = _chosen()
    if not register_id:
        raise NotFound("register_not_found")
    rows = store.lines(here.scope, here.uow.session, register_id=register_id, year=year)
    return csv_answer(
        f"register-{register_id}-{year}.csv", [_(word) for word in COLUMNS], [line(row) for row in rows]
    )


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
    return int(text) if text.isdecimal() and len(text) < 12 else 0


def line(row: Any) -> tuple[str, ...]:
    """One line in the legal columns. Of secret papers it shows that they exist, not what they are about."""
    if row.id is None:
        words = _("number held") if row.status == "held" else _("number cancelled")
        return (number_text(row.number), "", f"{words}: {row.reason}", "", "", "", "", "", "", "")
    remarks = [label(Medium.INK)] if row.medium == Medium.INK else []
    if row.status == "cancelled":
        remarks.append(f"{_('number cancelled')}: {row.reason}")
    subject = _("secret") if row.secret else row.subject
    return (
        row.symbol,
        format.day(row.numbered_at),
        f"{type_names().get(row.type_code, row.type_code)}: {subject}",
        row.signer or "",
        row.recipients,
        f"{row.unit_name}, {row.drafter}",
        "1" if row.medium == Medium.INK else _("electronic"),
        format.day(row.issued_at) if row.issued_at else "",
        "",
        "; ".join(remarks),
    )
