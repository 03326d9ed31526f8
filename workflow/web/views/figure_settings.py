"""Pages of what the figures of months are counted by."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.figures import backlog
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.figures import BacklogHours

bp = Blueprint("figure_settings", __name__, url_prefix="/reports")

CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)
_FIELD_OF = {
    "reason_needed": "reason", "backlog_hours": "hours", "backlog_same": "hours", "backlog_changed": "hours",
}  # fmt: skip


@bp.get("/months/backlog")
@CHANGE
def backlog_form() -> str:
    """How many working hours a document may wait for a signature."""
    now = str(backlog.hours(current().uow, current().post.agency_id))
    return _backlog_page(Form(values={"hours": now, "seen": now, "reason": ""}))


@bp.post("/months/backlog")
@CHANGE
def change_backlog() -> Response:
    """Change it."""
    given = read_form(BacklogHours)
    if not given.good:
        return page(_backlog_page(given), 422)
    data = given.data
    try:
        act(backlog.change, current().figures_scope, wanted=data["hours"], seen=data["seen"], reason=data["reason"])
    except WorkflowError as refused:
        answer = refused_form(given, refused, _FIELD_OF)
        given.values["seen"] = str(backlog.hours(current().uow, current().post.agency_id))
        return page(_backlog_page(given), answer)
    return see("/reports/months?done=day")


def _backlog_page(given: Form) -> str:
    here = current()
    now = backlog.hours(here.uow, here.post.agency_id)
    return render_template("reports/backlog.html", form=given, hours=now, least=backlog.LEAST, most=backlog.MOST)


def refused_form(given: Form, refused: WorkflowError, fields: dict[str, str]) -> Any:
    """Put the refusal beside its field; the status to answer with."""
    current().uow.rollback()
    trouble = explain(refused)
    given.errors[fields.get(refused.code, "")] = trouble.words()
    return trouble.status
