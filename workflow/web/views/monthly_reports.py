"""The report upward of a month or a longer period: to look at, as tables, to draft, and who drafts it each time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters import xlsx_export
from workflow.adapters.xlsx_export import Sheet
from workflow.domain.errors import WorkflowError
from workflow.domain.indicators import INDICATORS
from workflow.domain.people import Role
from workflow.domain.periods import Kind
from workflow.domain.permissions import Permission, allowed
from workflow.domain.upward_report import Report
from workflow.domain.upward_tables import as_lines, foot_matter, head_matter, tables
from workflow.services.figures import upward
from workflow.services.figures.upward import Often, Plan
from workflow.services.journal import local_day
from workflow.store import office
from workflow.store.frozen_months import outgoing_named as named_documents
from workflow.web import board_words, figure_words, month_words, report_words
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.file_answers import disposition
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.schemas.figures import ReportDrafting, ReportPlan
from workflow.web.sheets import csv_answer, workbook
from workflow.web.storage import blobs

bp = Blueprint("monthly_reports", __name__, url_prefix="/reports/months")

SEE = allows(Permission.SEE_RATES)
DRAFT = allows(Permission.DRAFT_DOCUMENT)
CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)
OFTEN: dict[Often, str] = {
    Often.MONTHS: N_("Every month"),
    Often.LONGER: N_("Every quarter, half-year and year"),
    Often.ALL: N_("Every month, quarter, half-year and year"),
}
_FIELD_OF = {
    "reason_needed": "reason", "signer_needed": "signer", "signer_unknown": "signer", "drafter_unknown": "drafter",
}  # fmt: skip


@bp.get("/<period>/report.pdf")
@SEE
def pdf(period: str) -> Response:
    """The report as it would be drafted, of closed months of one's own agency."""
    here = current()
    made = upward.as_pdf(here.uow, _report(period), agency_id=here.post.agency_id)
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = disposition(f"bao-cao-{period}.pdf")
    return answer


@bp.get("/<period>/report.csv")
@bp.get("/<period>/report.xlsx")
@SEE
def sheets(period: str) -> Response:
    """Its figures as the office's form with head matter, a sheet a part; or every figure on a line."""
    here, report = current(), _report(period)
    agency = office.unit(here.uow.session, here.post.agency_id)
    if request.path.endswith(".csv"):
        lines = as_lines(report, agency.superior)
        return csv_answer(f"bao-cao-{period}.csv", ("Mục", "Đơn vị, nội dung", "Số liệu", "Giá trị"), lines)
    above, below = head_matter(report, agency.superior), foot_matter(agency.place)
    book = [
        Sheet(one.title[:31], one.head, one.rows, (44.0, *(14.0 for _name in one.head[1:])), above, below)
        for one in tables(report)
    ]
    answer = Response(workbook(book, title=_("Report upward")), content_type=xlsx_export.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = disposition(f"bao-cao-{period}.xlsx")
    return answer


def _report(period: str) -> Report:
    here = current()
    return upward.of_period(
        here.uow, here.actor, here.figures_scope, key=period, agency_id=here.post.agency_id, now=here.now
    )


@bp.get("/<period>/report")
@SEE
def form(period: str) -> str:
    """What will be drafted, for whom; and what was drafted of this period before."""
    here = current()
    plan = upward.plan_of(here.uow, here.post.agency_id)
    values = {"signer": str(plan.signer or ""), "recipients": plan.recipients}
    return _form_page(period, Form(values=values))


def _form_page(period: str, given: Form) -> str:
    here = current()
    report = _report(period)
    earlier = upward.drafted(here.uow, here.post.agency_id, period)
    return render_template(
        "reports/month_report.html",
        form=given, period=report.period, report=report, words=report_words, names=month_words,
        say=board_words, figures=figure_words, INDICATORS=INDICATORS, monthly=report.period.kind is Kind.MONTH,
        signers=_signers(),
        may_draft=allowed(here.post.role, Permission.DRAFT_DOCUMENT),
        drafts=[row for row in named_documents(here.scope, here.uow.session, earlier).values() if row.readable],
        may_plan=allowed(here.post.role, Permission.MANAGE_SETTINGS),
    )  # fmt: skip


def _signers() -> list[tuple[int, str]]:
    here = current()
    found = office.signers(here.uow.session, here.post.agency_id, on=local_day(here.now))
    return [(row[0].id, f"{row.full_name} · {row[0].title}") for row in found]


@bp.post("/<period>/report")
@SEE
@DRAFT
def draft(period: str) -> Response:
    """Open the draft and set its words; clicked twice, it is one draft."""
    here = current()
    given = read_form(ReportDrafting)
    if not given.good:
        return page(_form_page(period, given), 422)
    data = given.data
    try:
        report = _report(period)
        document = act(upward.open_draft, report=report, signer=data["signer"], recipients=data["recipients"])
        act(upward.write_draft, here.scope, document_id=document.id, report=report, blobs=blobs())
    except WorkflowError as refused:
        return _refused(given, refused, lambda: _form_page(period, given))
    return see(f"/outgoing/{document.id}")


@bp.get("/report-plan")
@CHANGE
def plan_form() -> str:
    """Who drafts the reports, and of which periods."""
    plan = upward.plan_of(current().uow, current().post.agency_id)
    values = {
        "drafter": str(plan.drafter or ""), "signer": str(plan.signer or ""), "recipients": plan.recipients,
        "often": plan.often, "seen": str(plan.change), "reason": "",
    }  # fmt: skip
    return _plan_page(Form(values=values))


def _plan_page(given: Form) -> str:
    here = current()
    found = office.drafters(here.uow.session, here.post.agency_id, on=local_day(here.now))
    drafters = [(row[0].id, f"{row.full_name} · {label(Role(row[0].role))} · {row.unit_name}") for row in found]
    return render_template(
        "reports/report_plan.html", form=given, drafters=drafters, signers=_signers(),
        often=[(str(one), _(OFTEN[one])) for one in Often],
        saved="saved" in request.args,
    )  # fmt: skip


@bp.post("/report-plan")
@CHANGE
def plan() -> Response:
    """Change it."""
    given = read_form(ReportPlan)
    if not given.good:
        return page(_plan_page(given), 422)
    data = given.data
    wanted = Plan(drafter=data["drafter"] or 0, signer=data["signer"] or 0, recipients=data["recipients"],
                  often=data["often"], change=data["seen"])  # fmt: skip
    try:
        act(upward.plan_report, plan=wanted, reason=data["reason"])
    except WorkflowError as refused:
        return _refused(given, refused, lambda: _plan_page(given))
    return see("/reports/months/report-plan?saved=1")


def _refused(given: Form, refused: WorkflowError, again: Any) -> Response:
    current().uow.rollback()
    trouble = explain(refused)
    given.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
    if "seen" in given.values:
        given.values["seen"] = str(upward.plan_of(current().uow, current().post.agency_id).change)
    return page(again(), trouble.status)
