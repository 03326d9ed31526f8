"""Administration of how long explanations of lateness may take in an agency."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.incoming.explanation_days import LEAST, MOST, change, days_of
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.deadlines import ExplanationDays

bp = Blueprint("explanation_days", __name__, url_prefix="/admin/deadline-rules/explanations")

CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)

_FIELD_OF = {"explanation_days": "days", "explanation_days_same": "days", "reason_needed": "reason"}


@bp.get("")
@CHANGE
def form() -> str:
    """The number as it stands."""
    now = str(_days())
    return _page(Form(values={"days": now, "seen": now, "reason": ""}))


@bp.post("")
@CHANGE
def save() -> Response:
    """Change it; on a refusal what was typed stays, beside what holds now."""
    given = read_form(ExplanationDays)
    if not given.good:
        return page(_page(given), 422)
    try:
        act(change, days=given.data["days"], seen=given.data["seen"], reason=given.data["reason"])
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        given.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
        given.values["seen"] = str(_days())
        return page(_page(given), trouble.status)
    return see(url_for("deadline_rules.index", done="explanations"))


def _days() -> int:
    return days_of(current().uow, current().post.agency_id)


def _page(given: Form) -> str:
    return render_template("settings/explanation_days.html", form=given, days=_days(), least=LEAST, most=MOST)
