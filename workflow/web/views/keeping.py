"""How long traces of use are kept: shown to administrators and inspectors, changed at the top with a reason."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.keeping import RULES, Lasting, Trace, chosen
from workflow.domain.permissions import Permission
from workflow.services import keeping as service
from workflow.web import access_words as words
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.deadlines import Amount
from workflow.web.schemas.fields import Text

PATH = "/admin/keeping"
bp = Blueprint("keeping", __name__)
CHANGE = allows(Permission.MANAGE_RETENTION, step_up=True)


class Days(Schema):
    """Another number of days."""

    days = Amount(required=True)
    seen = Amount(required=True)
    reason = Text(longest=500, multiline=True, required=True)


def _trace(word: str) -> Trace:
    if word not in set(Trace) or RULES[Trace(word)].fixed:
        raise NotFound("keeping_not_found")
    return Trace(word)


@bp.get(PATH)
@allows(Permission.SEE_ACCESS)
def index() -> str:
    """Every rule with what holds, why, and what nothing shortens."""
    here = current()
    kept = service.kept_days(here.uow)
    return render_template(
        "access/keeping.html", rules=[(rule, chosen(kept, rule.trace)) for rule in RULES.values()], words=words,
        lasting=Lasting, may=here.may(Permission.MANAGE_RETENTION), done=request.args.get("done", ""),
    )  # fmt: skip


@bp.get(f"{PATH}/<trace>")
@CHANGE
def form(trace: str) -> str:
    """The form for another number of days."""
    chosen_one = _trace(trace)
    days = chosen(service.kept_days(current().uow), chosen_one)
    return _page(chosen_one, Form(values={"days": str(days), "seen": str(days)}))


@bp.post(f"{PATH}/<trace>")
@CHANGE
def change(trace: str) -> Response:
    """Another number of days, with a reason."""
    chosen_one, typed = _trace(trace), read_form(Days)
    if not typed.good:
        return page(_page(chosen_one, typed), 422)
    try:
        act(service.change, trace=chosen_one, **typed.data)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return page(_page(chosen_one, typed, trouble), trouble.status)
    return see(f"{PATH}?done=changed")


def _page(trace: Trace, typed: Form, trouble: Trouble | None = None) -> str:
    days = chosen(service.kept_days(current().uow), trace)
    return render_template(
        "access/keeping_form.html", rule=RULES[trace], days=days, words=words, form=typed, trouble=trouble
    )
