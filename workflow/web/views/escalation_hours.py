"""Administration of whom an agency tells of lateness, and after how many working hours."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.escalation import LEAST, MOST, SETTABLE, Ladders, facts, ladders_of, mark
from workflow.domain.permissions import Permission
from workflow.services.escalation.hours import change, hours_of
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.escalation_words import LADDERS, field_labels, level
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.deadlines import EscalationHours

bp = Blueprint("escalation_hours", __name__, url_prefix="/admin/deadline-rules/escalation")

CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)
FIELDS = tuple((f"{ladder}_{one}", ladder, one) for ladder, one in SETTABLE)


@bp.get("")
@CHANGE
def form() -> str:
    """The hours as they stand."""
    return _page(Form(values=_values(_held())))


@bp.post("")
@CHANGE
def save() -> Response:
    """Change them; on a refusal what was typed stays, beside what holds now."""
    given = read_form(EscalationHours)
    if not given.good:
        return page(_page(given), 422)
    try:
        act(change, ladders=_ladders(given.data), seen=given.data["seen"], reason=given.data["reason"])
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        given.errors[_field(refused)] = trouble.words()
        given.values["seen"] = mark(_held())
        return page(_page(given), trouble.status)
    return see(url_for("deadline_rules.index", done="escalation"))


def _held() -> Ladders:
    return hours_of(current().uow, current().post.agency_id)


def _values(ladders: Ladders) -> dict[str, str]:
    kept = facts(ladders)
    hours = {name: kept[ladder][one] for name, ladder, one in FIELDS}
    shown = {name: "" if value is None else str(value) for name, value in hours.items()}
    return {**shown, "reason": "", "seen": mark(ladders)}


def _ladders(data: dict[str, Any]) -> Ladders:
    made: dict[str, dict[str, int | None]] = {}
    for name, ladder, one in FIELDS:
        made.setdefault(ladder, {})[one] = data[name]
    return ladders_of(made)


def _field(refused: WorkflowError) -> str:
    """Beside which field a refusal stands."""
    if refused.code == "reason_needed":
        return "reason"
    about = refused.details
    return f"{about['ladder']}_{about['level']}" if "ladder" in about else ""


def _page(given: Form) -> str:
    return render_template(
        "settings/escalation_hours.html",
        form=given,
        ladders=LADDERS,
        fields=FIELDS,
        labels=field_labels(),
        level=level,
        least=LEAST,
        most=MOST,
    )
