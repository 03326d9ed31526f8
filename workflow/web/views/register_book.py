"""The register of outgoing documents: the legal columns, a year and a register chosen, narrowed by filters that
stand in the address; to print or take away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.permissions import Permission
from workflow.store import register_book as store
from workflow.store import registers
from workflow.store.models import Series
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.register_choice import chosen, demanded, digits
from workflow.web.register_lines import BOOKS, OUTGOING
from workflow.web.register_listing import panel, read_listing
from workflow.web.register_paper import Prints, cells_of
from workflow.web.sheets import csv_answer

bp = Blueprint("register_book", __name__)

COLUMNS = OUTGOING
"""Annex IV of Decree 30/2020, in its order."""

PAGE = 100
"""Lines on the screen; print and export take all that are found."""


@bp.get("/register")
@allows(Permission.SEE_REGISTER)
def index() -> str:
    """The register."""
    here = current()
    choice = chosen("out")
    register_id, year = choice.register_id, choice.year
    listing = read_listing(choice)
    narrowed = listing.asked.narrowed
    whole = "all" in request.args
    after = digits("after")
    rows: list[Any] = []
    if register_id:
        limit = None if whole else PAGE + 1
        rows = store.lines(
            here.scope, here.uow.session, register_id=register_id, year=year, after=after, limit=limit,
            wanted=listing.wanted,
        )  # fmt: skip
    more = not whole and len(rows) > PAGE
    series = here.uow.session.get(Series, (register_id, year))
    last = series.last_number if series else 0
    return render_template(
        "registers/book.html",
        books=choice.books,
        register_id=register_id,
        years=choice.years,
        year=year,
        columns=COLUMNS,
        dates=BOOKS["outgoing"].dates,
        rows=cells_of(BOOKS["outgoing"], rows[:PAGE] if more else rows, register_id=register_id, year=year),
        listing=listing,
        panel=panel(listing)
        if register_id and (narrowed or listing.asked.wrong or "filters" in request.args)
        else None,
        chips=listing.chips(),
        next=listing.address(after=str(rows[PAGE].number - 1)) if more else "",  # 12 and 12a stay together
        first=after > 0,
        # what was registered just now stands on the last page
        last=listing.address(after=str(last - PAGE)) if more and not narrowed and last > PAGE else "",
        whole=whole,
        prints=Prints.of(choice, last) if register_id else None,
        keeping=_keeping(register_id, year) if register_id and not narrowed else None,
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
        "this_year": year == here.today.year,
        "closed": series if closed else None,
        "may_close": own and series and not closed and over and here.may(Permission.KEEP_REGISTER),
        "may_reopen": own and closed and year == here.today.year - 1 and here.may(Permission.REOPEN_YEAR),
        "today": here.today,
    }


@bp.get("/register/export.csv")
@allows(Permission.SEE_REGISTER)
def export() -> Response:
    """The year of a register, as it is narrowed now."""
    here = current()
    choice = demanded("out")
    register_id, year, listing = choice.register_id, choice.year, read_listing(choice)
    rows = store.lines(
        here.scope, here.uow.session, register_id=register_id, year=year, wanted=listing.wanted
    )  # fmt: skip
    cells = [line for _key, line in cells_of(BOOKS["outgoing"], rows, register_id=register_id, year=year)]
    return csv_answer(f"register-{register_id}-{year}.csv", [_(word) for word in COLUMNS], cells)
