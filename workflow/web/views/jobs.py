"""Administration of the clock: what is due when, what ran, what failed and why; pause, run now, try, stop.

Nothing of a job runs here: what is asked for is a line that a scheduler process takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.adapters.xlsx_export import Cell, Sheet
from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.jobs import rule
from workflow.domain.keeping import RULES, Trace
from workflow.domain.permissions import Permission
from workflow.services import jobs as service
from workflow.store import job_ledger as store
from workflow.store import outbox
from workflow.web import job_view, job_words, plain_list, report_words
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.format import moment
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.plain_list import Asked
from workflow.web.schemas.settings import PauseJob
from workflow.web.sheets import csv_answer, left_out, xlsx_answer

PATH = "/admin/jobs"
bp = Blueprint("jobs", __name__, url_prefix=PATH)

LOOK = allows(Permission.MANAGE_SETTINGS)
CHANGE = allows(Permission.RUN_JOBS, step_up=True)

DONE = {
    "paused": N_("The job is paused. No period of it begins until somebody resumes it."),
    "resumed": N_("The job goes on. What it missed meanwhile follows its rule."),
    "stop": N_("It was asked to stop. It ends after its present step; what it did until then stays."),
}


@bp.get("")
@LOOK
def index() -> str:
    """One line a job, and the outbox."""
    here = current()
    return render_template(
        "jobs/index.html", jobs=job_view.every(here.uow, now=here.now), messages=outbox.counts(here.uow.session),
        words=report_words, jobs_in=job_words,
    )  # fmt: skip


@bp.get("/<name>")
@LOOK
def show(name: str) -> str:
    """One job: what, when, why, who; its ledger."""
    return _page(name, Form())


@bp.get("/<name>/ledger.csv")
@LOOK
def ledger_csv(name: str) -> Response:
    """The ledger as it is filtered now."""
    head, rows = _table(name)
    return csv_answer(f"job-{rule(name).name}-{current().today:%Y%m%d}.csv", head, rows)


@bp.get("/<name>/ledger.xlsx")
@LOOK
def ledger_xlsx(name: str) -> Response:
    """The same as a workbook."""
    head, rows = _table(name)
    sheet = Sheet(_("Ledger"), head, rows, (22, 18, 24, 18, 9, 18, 18, 12, 60, 24))
    return xlsx_answer(f"job-{rule(name).name}-{current().today:%Y%m%d}.xlsx", sheet)


@bp.get("/<name>/lines/<int:line_id>")
@LOOK
def line(name: str, line_id: int) -> str:
    """One run: how far it is, what came of it, what a dry run would have told."""
    here = current()
    found = store.line(here.uow.session, rule(name).name, line_id)
    if found is None:
        raise NotFound("job_not_found")
    told = [one for one in found.result.get("messages", []) if "count" in one] if found.kind == "dry" else []
    if told and not here.may(Permission.RUN_JOBS):
        told = []  # whom it would have told in every agency is the top one's to read
    names = store.names(here.uow.session, {one["unit_id"] for one in told if one["unit_id"]})
    return render_template(
        "jobs/line.html", rule=rule(name), line=found, told=told, names=names, words=report_words,
        jobs_in=job_words, done=_done(), may=here.may(Permission.RUN_JOBS), kept=RULES[Trace.DRY_LISTS].days,
    )  # fmt: skip


@bp.post("/<name>/pause")
@CHANGE
def pause(name: str) -> Response:
    """No period of it begins any more, for a reason."""
    form = read_form(PauseJob)
    if not form.good:
        return page(_page(name, form), 422)
    try:
        act(service.pause, job=name, reason=form.data["reason"])
    except WorkflowError as refused:
        return _refused(name, form, refused)
    return see(f"{PATH}/{name}?done=paused")


@bp.post("/<name>/resume")
@CHANGE
def resume(name: str) -> Response:
    """It is due again."""
    try:
        act(service.resume, job=name)
    except WorkflowError as refused:
        return _refused(name, Form(), refused)
    return see(f"{PATH}/{name}?done=resumed")


@bp.post("/<name>/run")
@CHANGE
def run(name: str) -> Response:
    """Have it run now."""
    return _ask(service.ask_run, name)


@bp.post("/<name>/try")
@CHANGE
def dry_run(name: str) -> Response:
    """Have it say what it would do."""
    return _ask(service.ask_dry_run, name)


@bp.post("/<name>/lines/<int:line_id>/stop")
@CHANGE
def stop(name: str, line_id: int) -> Response:
    """Have a run end after its present step."""
    try:
        act(service.ask_to_stop, job=name, line_id=line_id)
    except WorkflowError as refused:
        return _refused(name, Form(), refused)
    return see(f"{PATH}/{name}/lines/{line_id}?done=stop")


def _ask(what: Any, name: str) -> Response:
    try:
        made = act(what, job=name)
    except WorkflowError as refused:
        return _refused(name, Form(), refused)
    return see(f"{PATH}/{name}/lines/{made}")


def _refused(name: str, form: Form, refused: WorkflowError) -> Response:
    current().uow.rollback()
    trouble = explain(refused)
    return page(_page(name, form, trouble=trouble), trouble.status)


def _page(name: str, form: Form, *, trouble: Trouble | None = None) -> str:
    here, found = current(), rule(name)
    asked = _asked()
    after = plain_list.after(request.args.get("after", ""), int)
    rows = _lines(found.name, asked, before=after[0] if after else None, limit=store.PAGE + 1)
    onward = asked.address(f"{PATH}/{name}", after=str(rows[store.PAGE - 1].id)) if len(rows) > store.PAGE else ""
    return render_template(
        "jobs/show.html", job=job_view.one(here.uow, found, now=here.now), form=form, trouble=trouble, asked=asked,
        lines=rows[: store.PAGE], first=after is None, onward=onward, path=f"{PATH}/{name}", done=_done(),
        may=here.may(Permission.RUN_JOBS), words=report_words, jobs_in=job_words,
    )  # fmt: skip


def _asked() -> Asked:
    choices = {"state": frozenset(report_words.RUNS), "kind": frozenset(job_words.KINDS)}
    return plain_list.read(request.args, sorts=("newest",), choices=choices)


def _lines(name: str, asked: Asked, *, before: int | None = None, limit: int) -> Sequence[Any]:
    return store.lines(
        current().uow.session,
        name,
        state=asked.value("state"),
        kind=asked.value("kind"),
        before=before,
        limit=limit,
    )


def _table(name: str) -> tuple[list[str], list[Sequence[Cell]]]:
    found = _lines(rule(name).name, _asked(), limit=store.MOST + 1)
    head = [
        _("Period"), _("Begun by"), _("Asked for by"), _("Result"), _("Attempt"), _("Begun"), _("Finished"),
        _("Duration"), _("What came of it"), _("Process"),
    ]  # fmt: skip
    rows: list[Sequence[Cell]] = [
        (
            job_words.period(row.period), _(job_words.KINDS[row.kind]), row.asked_by or "",
            _(report_words.RUNS[row.state][0]), row.attempt, moment(row.started_at), moment(row.finished_at),
            job_words.duration(row.started_at, row.finished_at), row.error or job_words.outcome(row), row.worker,
        )
        for row in found[: store.MOST]
    ]  # fmt: skip
    return head, [*rows, *left_out(found, store.MOST)]


def _done() -> str:
    """The sentence about the act that led here; only words of ours, whatever the address says."""
    return _(DONE[word]) if request.method == "GET" and (word := request.args.get("done", "")) in DONE else ""
