"""Reports: signature rates of units and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.outgoing import Medium
from workflow.domain.periods import Kind, Period
from workflow.domain.permissions import Permission
from workflow.domain.rates import Basis, Outcome
from workflow.services import rates
from workflow.services.rates import Asked, Figure, Line
from workflow.store import documents as document_store
from workflow.store import reports as store
from workflow.web import report_charts, report_words
from workflow.web.context import current
from workflow.web.forms import Form
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.report_address import ListAddress, offered, read_board, read_list
from workflow.web.sheets import left_out, table_answer
from workflow.web.types import type_names

bp = Blueprint("reports", __name__)

EXPORTED = 20_000
"""Rows of one export at most."""

COLUMNS = (Figure.INK, Figure.INDETERMINATE, Figure.INCOMPLETE, Figure.FAILED, Figure.EXEMPT, Figure.SECRET)
"""Figures beside the rate, each in its column."""


LIST_HEAD = (
    N_("Number and symbol"), N_("Document type"), N_("Subject"), N_("Unit"), N_("Signer"), N_("Signed how"),
    N_("Issued"), N_("Leader's signature"), N_("Agency's signature"), N_("Result"),
)  # fmt: skip


@bp.get("/reports")
@allows(Permission.SEE_RATES)
def index() -> str:
    """The board: the worst first, every figure a link to its list."""
    here, wanted = current(), read_board(request.args, today=current().today)
    board = rates.board(
        here.uow, here.actor, here.figures_scope,
        period=wanted.period, now=here.now, agency_id=wanted.agency_id, basis=wanted.basis,
    )  # fmt: skip
    return render_template(
        "reports/board.html",
        wanted=wanted,
        board=board,
        one_of_many=wanted.agency_id is not None and len(here.figures_scope.agency_ids) > 1,
        offered=offered(here.today),
        title=_whose(board),
        span=_span(board.period),
        columns=COLUMNS,
        Figure=Figure,
        Basis=Basis,
        words=report_words,
        charts=report_charts,
    )


def _whose(board: rates.Board) -> str:
    """The agency; where all its figures come from one part of it, that part first."""
    lines = board.units
    if len(lines) == 1 and board.agency_name and lines[0].id != board.agency_id:
        return f"{lines[0].name} · {board.agency_name}"
    return board.agency_name


def _span(period: Period) -> Form:
    """What the two fields of a free span hold: nothing where the period has a name of its own."""
    if period.kind is not Kind.SPAN:
        return Form()
    return Form(values={"from": period.first.isoformat(), "to": period.last.isoformat()})


@bp.get("/reports/rates.csv")
@bp.get("/reports/rates.xlsx")
@allows(Permission.SEE_RATES)
def board_csv() -> Response:
    """The board for a spreadsheet: units, then people."""
    here, wanted = current(), read_board(request.args, today=current().today)
    board = rates.board(
        here.uow, here.actor, here.figures_scope,
        period=wanted.period, now=here.now, agency_id=wanted.agency_id, basis=wanted.basis,
    )  # fmt: skip
    named = [_(report_words.FIGURES[figure]) for figure in COLUMNS]
    head = [_("Kind"), _("Name"), _("Valid"), _("Counted"), _("Rate in percent"), *named, _("Issued in all")]
    people = [] if board.by_agency else board.people
    rows = [_csv_row(_("Unit"), line) for line in board.units] + [_csv_row(_("Person"), line) for line in people]
    return table_answer(f"rates-{board.period.key}", _("Signature rates"), head, rows, wide=(1,))


def _csv_row(kind: str, line: Line) -> list[Any]:
    rate = line.rate
    counts = [line.figure(figure) for figure in COLUMNS]
    return [kind, line.name, rate.numerator, rate.denominator, rate.percent(), *counts, rate.issued]


@bp.get("/reports/documents")
@allows(Permission.SEE_RATES)
def documents() -> str:
    """The documents that one figure counted."""
    here, wanted = current(), read_list(request.args, today=current().today)
    found = rates.documents(
        here.uow, here.actor, here.figures_scope, asked=wanted.asked, reader=here.scope, after=wanted.after
    )
    rows = found[: document_store.PAGE]
    return render_template(
        "reports/documents.html",
        wanted=wanted,
        about=_about(wanted.asked, rows),
        rows=rows,
        next=wanted.next(rows[-1]) if len(found) > len(rows) else "",
        types=type_names(),
        Outcome=Outcome,
        Medium=Medium,
        words=report_words,
    )


def _about(asked: Asked, rows: Sequence[Any]) -> str:
    """Whose documents. A signer is named by what they signed here, never by a key alone."""
    if asked.signer_id is not None:
        return str(rows[0].signer) if rows else ""
    key = asked.unit_id or asked.agency_id
    return store.unit_named(current().uow.session, key) if key is not None else ""


@bp.get("/reports/documents.csv")
@bp.get("/reports/documents.xlsx")
@allows(Permission.SEE_RATES)
def documents_csv() -> Response:
    """The same list, whole, for a spreadsheet."""
    here = current()
    wanted: ListAddress = read_list(request.args, today=here.today)
    found = rates.documents(
        here.uow, here.actor, here.figures_scope, asked=wanted.asked, reader=here.scope, limit=EXPORTED
    )
    types = type_names()
    head = [_(word) for word in LIST_HEAD]
    rows = [
        (
            row.symbol, types.get(row.type_code, row.type_code), row.subject, row.unit_name, row.signer,
            label(Medium(row.medium)), row.issued_at, row.leader_verdict, row.seal_verdict,
            _(report_words.OUTCOMES[Outcome(row.outcome)][0]),
        )
        for row in found[:EXPORTED]
    ]  # fmt: skip
    name = f"documents-{wanted.asked.period.key}-{wanted.asked.figure}"
    return table_answer(name, _("Documents"), head, [*rows, *left_out(found, EXPORTED)], wide=(2,))
