"""Opinions and initials as a list: what is asked of me, of my unit, and by me."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.opinions import Kind
from workflow.domain.permissions import Permission
from workflow.store import opinion_list as store
from workflow.store.document_list import PAGE
from workflow.web import format, opinion_listing
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.opinion_listing import PATH
from workflow.web.sheets import csv_answer, left_out, xlsx_answer
from workflow.web.types import type_names
from workflow.web.views.opinions import bp

CAP = 1000
EXPORTED = 10_000
_WIDTHS = (14.0, 24.0, 16.0, 60.0, 30.0, 24.0, 18.0, 14.0, 18.0, 50.0)


@bp.get("")
@allows(Permission.READ_DOCUMENT)
def index() -> str:
    """The list: filters and order stand in the address."""
    here = current()
    asked, wanted = opinion_listing.read(here, request.args)
    place = opinion_listing.after(asked.sort, request.args.get("after", ""))
    me, session = opinion_listing.me(here), here.uow.session
    found = store.page(here.scope, session, me=me, wanted=wanted, sort=asked.sort, after=place)
    rows = found[:PAGE]
    onward = opinion_listing.cursor(asked.sort, rows[-1]) if len(found) > PAGE else ""
    return render_template(
        "opinions/list.html",
        asked=asked,
        rows=[(row, opinion_listing.words_of(row, here.today), opinion_listing.whom(row)) for row in rows],
        side=wanted.side,
        sides=opinion_listing.SIDES,
        stands=opinion_listing.STANDS,
        kinds=[(str(kind), label(kind)) for kind in Kind],
        sorts=opinion_listing.SORT_NAMES,
        count=format.capped(store.count(here.scope, session, me=me, wanted=wanted, cap=CAP), CAP),
        types=type_names(),
        next=asked.address(PATH, after=onward) if onward else "",
        first=place is not None,
        path=PATH,
    )


@bp.get("/export.csv")
@allows(Permission.READ_DOCUMENT)
def export_csv() -> Response:
    """The list as it is filtered now."""
    head, rows = _table()
    return csv_answer(f"opinions-{current().today:%Y%m%d}.csv", head, rows)


@bp.get("/export.xlsx")
@allows(Permission.READ_DOCUMENT)
def export_xlsx() -> Response:
    """The same as a workbook."""
    head, rows = _table()
    sheet = Sheet(_("Opinions and initials"), head, rows, _WIDTHS)
    return xlsx_answer(f"opinions-{current().today:%Y%m%d}.xlsx", sheet)


def _table() -> tuple[list[str], list[Sequence[Cell]]]:
    here = current()
    asked, wanted = opinion_listing.read(here, request.args)
    found = store.page(
        here.scope, here.uow.session, me=opinion_listing.me(here), wanted=wanted, sort=asked.sort, limit=EXPORTED
    )
    names = type_names()
    head = [
        _("What is asked for"), _("State"), _("Type"), _("Subject"), _("Who is asked"), _("Who asks"), _("Asked"),
        _("Answer by"), _("Answered on"), _("Question"),
    ]  # fmt: skip
    lines: list[Sequence[Cell]] = [
        (
            label(Kind(row.kind)), opinion_listing.words_of(row, here.today)[0],
            names.get(row.type_code, row.type_code) if row.shown else "",
            row.subject if row.shown else _("not shown any more"), opinion_listing.whom(row), row.asker,
            format.moment(row.asked_at), row.due_on, format.moment(row.said_at), row.question if row.shown else "",
        )
        for row in found[:EXPORTED]
    ]  # fmt: skip
    return head, [*lines, *left_out(found, EXPORTED)]
