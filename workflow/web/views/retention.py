"""Administration of the retention table, one for the whole installation: listed, added to, ended."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.services import retention as service
from workflow.store import file_plans as store
from workflow.web import dossier_words as words
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.dossiers import Rule

PATH = "/admin/retention"
bp = Blueprint("retention", __name__, url_prefix=PATH)


@bp.get("")
@allows(Permission.MANAGE_RETENTION)
def index() -> str:
    """The table, and a line to add."""
    return _page(Form())


@bp.post("")
@allows(Permission.MANAGE_RETENTION, step_up=True)
def add() -> Response:
    """Add a line."""
    form = read_form(Rule)
    if not form.good:
        return page(_page(form), 422)
    try:
        act(service.add_rule, **form.data)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return page(_page(form, trouble=trouble), trouble.status)
    return see(f"{PATH}?done=added")


@bp.post("/<int:rule_id>/end")
@allows(Permission.MANAGE_RETENTION, step_up=True)
def end(rule_id: int) -> Response:
    """Offer a line no longer."""
    act(service.end_rule, rule_id=rule_id)
    return see(f"{PATH}?done=ended")


def _page(form: Form, *, trouble: Trouble | None = None) -> str:
    rules = store.retention_rules(current().uow.session)
    return render_template(
        "dossiers/retention.html", rules=rules, words=words, form=form, trouble=trouble,
        done=request.args.get("done", ""),
    )  # fmt: skip
