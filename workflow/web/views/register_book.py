"""The register of outgoing documents: the legal columns, a year and a register chosen, to print or take away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound
from workflow.domain.numbering import number_text
from workflow.domain.outgoing import Medium
from workflow.domain.permissions import Permission
from workflow.domain.registers import NumberStatus
from workflow.services.documents.symbols import dated
from workflow.store import register_book as store
from workflow.store import registers
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
        keeping=_keeping(register_id, year) if register_id else None,
        done=_DONE.get(request.args.get("done", ""), ""),
    )


_DONE = {
    "held": N_("The number is held. It stands in the register until it is used or cancelled."),
    "cancelled": N_("The number is cancelled. It stays in the register and is never given again."),
    "closed": N_("The year is closed: it takes no number any more."),
    "reopened": N_("The year is open again for late papers of December."),
}


def _keeping(register_id: int, year: int) -> dict[str, Any]:
    """What the register's keeper sees besides its lines: numbers held, the year's end, what may be done."""
    here = current()
    session = here.uow.session
    row = registers.register(here.scope, session, register_id)
    own = row.agency_id == here.post.agency_id and row.direction == "out"
    series = registers.year_row(session, register_id, year)
    closed = series is not None and series[0].closed_at is not None
    over = year < here.today.year
    return {
        "held": [one for one in registers.held(session, register_id) if one[0].year == year],
        "may_keep": own and row.active and here.may(Permission.KEEP_REGISTER),
        "closed": series if closed else None,
        "may_close": own and series and not closed and over and here.may(Permission.KEEP_REGISTER),
        "may_reopen": own and closed and year == here.today.year - 1 and here.may(Permission.REOPEN_YEAR),
        "today": here.today,
    }


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
        return (number_text(row.number), "", _ended(row), "", "", "", "", "", "", "")
    remarks = [label(Medium.INK)] if row.medium == Medium.INK else []
    cancelled = row.status == NumberStatus.CANCELLED
    if cancelled:
        again = [_("the document bears %(symbol)s", symbol=row.symbol_now)] if row.symbol_now else []
        remarks = [_ended(row), *again]
    elif row.reason:
        remarks.append(row.reason)
    subject = _("secret") if row.secret else row.subject
    return (
        row.symbol or number_text(row.number),
        "" if cancelled else format.day(dated(row)),
        f"{type_names().get(row.type_code, row.type_code)}: {subject}",
        row.signer or "",
        row.recipients,
        f"{row.unit_name}, {row.drafter}",
        "1" if row.medium == Medium.INK else _("electronic"),
        format.day(row.issued_at) if row.issued_at and not cancelled else "",
        "",
        "; ".join(remarks),
    )


def _ended(row: Any) -> str:
    """Why a number is no document's: held for whom and until when, or cancelled by whom and when."""
    if row.status == NumberStatus.HELD:
        words, who, day = _("number held"), row.held_for, row.held_until
        until = _("until %(day)s", day=format.day(day)) if day else ""
    else:
        words, who = _("number cancelled"), row.cancelled_by
        until = format.day(row.cancelled_at) if row.cancelled_at else ""
    more = ", ".join(part for part in (who, until) if part)
    return f"{words}: {row.reason}" + (f" ({more})" if more else "")
