"""Morning reports: the latest of every unit, each one on its page and as a file, and those stored before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain import incoming
from workflow.domain.backlog import Age
from workflow.domain.errors import BadInput
from workflow.domain.incoming import Holder
from workflow.domain.outgoing import State, holder_role
from workflow.domain.people import UnitKind
from workflow.domain.periods import midnight
from workflow.domain.permissions import Permission
from workflow.domain.unsigned_reasons import Reason
from workflow.services import reports
from workflow.services.report_papers import Form, file_of
from workflow.services.report_tables import paper_of
from workflow.services.report_texts import Words
from workflow.services.report_words import incoming_of, outgoing_of, people_of
from workflow.store import rates as rate_store
from workflow.store import report_names
from workflow.store import reports as store
from workflow.store.models import Report
from workflow.web import morning_lines, reason_board, report_charts, report_words
from workflow.web.context import current
from workflow.web.format import iso_day
from workflow.web.forms import Form as Fields
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.sheets import table_answer
from workflow.web.types import type_names

bp = Blueprint("morning_reports", __name__)

STORED = 30
"""Reports of one page of the list."""


@bp.get("/reports/unsigned")
@allows(Permission.SEE_REPORTS)
def index() -> str:
    """The latest morning report of every unit, the heaviest first, and why documents are not signed; `?reason=`:
    only units and signers with documents not signed for it."""
    here = current()
    found, reason = _latest(), reason_board.chosen(request.args.get("reason", ""))
    made = reason_board.board(found, reason)
    folded = len(here.figures_scope.agency_ids) > 1 and "all" not in request.args
    if folded:
        found = [row for row in found if row.kind == UnitKind.AGENCY]
    if reason:
        found = [row for row in found if reason_board.counted(row, reason)]
    shown = made.leaders[:STORED]
    return render_template(
        "reports/unsigned_index.html",
        rows=sorted(found, key=_heaviest),
        folded=folded,
        board=made,
        leaders=shown,
        reason=reason,
        counted=reason_board.counted,
        names=rate_store.names_of(here.uow.session, {one.person for one in shown if one.person}),
        several=len(here.figures_scope.agency_ids) > 1,
        say=Words(here.locale),
        charts=report_charts,
    )


@bp.get("/reports/unsigned/reasons.csv")
@bp.get("/reports/unsigned/reasons.xlsx")
@allows(Permission.SEE_REPORTS)
def why() -> Response:
    """Unit, signer, reason, how many, as of when: of every unit that is counted here."""
    here, found = current(), _latest()
    say, reason = Words(here.locale), reason_board.chosen(request.args.get("reason", ""))
    lines = list(reason_board.lines(sorted(found, key=_heaviest), reason))
    names = rate_store.names_of(here.uow.session, {person for _row, person, _reason, _number in lines if person})
    head = [_("Unit"), _("Signer"), _("Why not signed"), _("Documents"), _("As of")]
    rows = [
        [row.name, names.get(person or 0, ""), say.of(one), number, row.Report.cut_off]
        for row, person, one, number in lines
    ]
    return table_answer("why-unsigned", _("Why not signed"), head, rows, wide=(0, 2))


def _latest() -> Sequence[Any]:
    here = current()
    return store.latest_of_each(here.figures_scope, here.uow.session, reports.UNSIGNED)


def _heaviest(row: Any) -> tuple[int, int, str]:
    content = row.Report.body
    late = content["overdue"]["total"] + content.get("incoming", {}).get("overdue", {}).get("total", 0)
    return -late, -content["unsigned"]["total"], row.name


@bp.get("/reports/unsigned/<int:unit_id>")
@bp.get("/reports/unsigned/<int:unit_id>/<period>")
@allows(Permission.SEE_REPORTS)
def show(unit_id: int, period: str = "") -> str:
    """One unit's morning report: figures, the documents they count, and whether it comes out the same again."""
    here = current()
    report = _report(unit_id, period)
    again = None
    if "again" in request.args:
        again = reports.make_again(here.uow, here.actor, here.figures_scope, report_id=report.id)
    content, session = report.body, here.uow.session
    asked = request.args.get("show", "")
    lines = morning_lines.chosen(content, asked)
    units = {line["unit"] for shown in (lines.arrivals, lines.parts, lines.owed) for line in shown.lines}
    return render_template(
        "reports/unsigned.html",
        report=report,
        content=content,
        lines=lines,
        steps=morning_lines.steps(content),
        show=asked,
        past=store.of_unit(here.figures_scope, session, unit_id, kind=reports.UNSIGNED, limit=6),
        again=again,
        unit_name=store.unit_named(session, unit_id),
        papers=store.documents_in(here.scope, session, lines.outgoing_keys),
        arrivals=store.arrivals_in(here.scope, session, lines.incoming_keys),
        names=rate_store.names_of(session, people_of(content)),
        units=report_names.units_with_agencies(session, {key for key in units if key}),
        moment=dt.datetime.fromisoformat,
        types=type_names(),
        State=State,
        ArrivalState=incoming.State,
        Holder=Holder,
        Reason=Reason,
        Age=Age,
        say=Words(here.locale),
        holder_role=holder_role,
        words=report_words,
        charts=report_charts,
    )


def _report(unit_id: int, period: str) -> Report:
    here = current()
    return store.latest(here.figures_scope, here.uow.session, unit_id, kind=reports.UNSIGNED, period=period)


@bp.get("/reports/unsigned/<int:unit_id>/<period>/report.pdf")
@allows(Permission.SEE_REPORTS)
def pdf(unit_id: int, period: str) -> Response:
    """The report to print or to keep."""
    return _file(unit_id, period, Form.PDF)


@bp.get("/reports/unsigned/<int:unit_id>/<period>/report.xlsx")
@allows(Permission.SEE_REPORTS)
def xlsx(unit_id: int, period: str) -> Response:
    """The report as a workbook."""
    return _file(unit_id, period, Form.XLSX)


@bp.get("/reports/unsigned/<int:unit_id>/<period>/report.csv")
@allows(Permission.SEE_REPORTS)
def csv(unit_id: int, period: str) -> Response:
    """Its lists as one table."""
    return _file(unit_id, period, Form.CSV)


def _file(unit_id: int, period: str, form: Form) -> Response:
    """With subjects for who may open every document in it; who only counts some of them gets it without."""
    here = current()
    report = _report(unit_id, period)
    subjects = store.opens_all(
        here.scope, here.uow.session, outgoing=set(outgoing_of(report.body)), incoming=incoming_of(report.body)
    )
    made = file_of(here.uow, paper_of(here.uow, report, subjects=subjects), form, language=here.locale)
    answer = Response(made.data, content_type=made.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@bp.get("/reports/unsigned/<int:unit_id>/stored")
@allows(Permission.SEE_REPORTS)
def stored(unit_id: int) -> str:
    """Every stored report of a unit, between two days where they are named."""
    here = current()
    first, last = _day("from"), _day("to")
    found = store.of_unit(
        here.figures_scope, here.uow.session, unit_id, kind=reports.UNSIGNED, limit=STORED + 1,
        before=request.args.get("before", ""), since=midnight(first) if first else None,
        until=midnight(last + dt.timedelta(days=1)) if last else None,
    )  # fmt: skip
    _report(unit_id, "")  # a foreign unit's list is not an empty one
    rows = found[:STORED]
    asked = {"from": first, "to": last, "before": rows[-1].period if len(found) > STORED else None}
    return render_template(
        "reports/stored.html",
        unit_id=unit_id,
        unit_name=store.unit_named(here.uow.session, unit_id),
        rows=rows,
        span=Fields(values={"from": first.isoformat() if first else "", "to": last.isoformat() if last else ""}),
        next=f"?{urlencode({name: str(value) for name, value in asked.items() if value})}"
        if asked["before"]
        else "",
        words=report_words,
    )


def _day(name: str) -> dt.date | None:
    """A day of the address; a day that is none gets a sentence, since another list would mislead."""
    text = iso_day(request.args.get(name, ""))
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("period_unreadable") from None
