"""Administration of an agency's own terms by type and unit: listed, added, changed, ended."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.terms import Measure
from workflow.services.escalation.hours import hours_of
from workflow.services.incoming import rules
from workflow.services.incoming.explanation_days import days_of
from workflow.services.incoming.rules import RuleFacts
from workflow.store import desk, office
from workflow.store import incoming as store
from workflow.store.models import DeadlineRule
from workflow.web import escalation_words
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.flips import WHAT, Shown, shown
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.schemas.deadlines import RuleEnd, RuleForm
from workflow.web.types import type_names

bp = Blueprint("deadline_rules", __name__, url_prefix="/admin/deadline-rules")

LOOK = allows(Permission.MANAGE_SETTINGS)
CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)

_FIELD_OF = {
    "rule_basis_needed": "basis", "rule_unit": "unit_id", "rule_twice": "type_code", "term_amount": "amount",
    "type_not_found": "type_code", "reason_needed": "reason", "unit_not_found": "unit_id",
}  # fmt: skip


@bp.get("")
@LOOK
def index() -> str:
    """Every term, those in force first."""
    here = current()
    return render_template(
        "settings/deadline_rules.html",
        rows=store.every_rule(here.uow.session, here.post.agency_id),
        types=type_names(),
        done=request.args.get("done", ""),
        explanation_days=days_of(here.uow, here.actor.agency_id or 0),
        escalation=escalation_words.hours(hours_of(here.uow, here.post.agency_id)),
    )


@bp.get("/new")
@CHANGE
def new() -> str:
    """An empty form."""
    return _page(Form(values=dict.fromkeys(RuleForm().fields, "")), None)


@bp.get("/<int:rule_id>/change")
@CHANGE
def change(rule_id: int) -> str:
    """The form as the term stands."""
    row = _row(rule_id)
    values = {
        "type_code": row.type_code or "", "unit_id": str(row.unit_id or ""), "measure": row.measure,
        "amount": str(row.amount or ""), "basis": row.basis,
    }  # fmt: skip
    return _page(Form(values=dict.fromkeys(RuleForm().fields, "") | values), row)


@bp.post("/new")
@CHANGE
def add() -> Response:
    """First shows what moves, then saves."""
    return _saved(None)


@bp.post("/<int:rule_id>/change")
@CHANGE
def save(rule_id: int) -> Response:
    """The same for a term that stands."""
    return _saved(_row(rule_id))


@bp.get("/<int:rule_id>/end")
@CHANGE
def end(rule_id: int) -> str:
    """What the end of a term moves."""
    row = _row(rule_id)
    return _end_page(Form(values={"reason": ""}), row)


@bp.post("/<int:rule_id>/end")
@CHANGE
def end_it(rule_id: int) -> Response:
    """End it."""
    row, form = _row(rule_id), read_form(RuleEnd)
    if not form.good:
        return page(_end_page(form, row), 422)
    try:
        act(rules.save, rule_id=row.id, facts=None, reason=form.data["reason"])
    except WorkflowError as refused:
        return page(_end_page(_wrong(form, refused), _row(rule_id)), explain(refused).status)
    return see(url_for("deadline_rules.index", done="ended"))


def _saved(row: DeadlineRule | None) -> Response:
    form = read_form(RuleForm)
    if not form.good:
        return page(_page(form, row), 422)
    here, rule_id = current(), row.id if row else None
    try:
        facts = _facts(form.data)
        if not form.data["save"]:
            flips = rules.preview(here.uow, here.actor, rule_id=rule_id, facts=facts, now=here.now)
            return page(_page(form, row, flips=shown(flips, now=here.now)))
        act(rules.save, rule_id=rule_id, facts=facts, reason=form.data["reason"])
    except WorkflowError as refused:
        return page(_page(_wrong(form, refused), row), explain(refused).status)
    return see(url_for("deadline_rules.index", done="saved"))


def _facts(data: dict[str, Any]) -> RuleFacts:
    return RuleFacts(
        type_code=data["type_code"] or None,
        unit_id=data["unit_id"],
        term=rules.term_of(data["measure"], data["amount"]),
        basis=data["basis"],
    )


def _wrong(form: Form, refused: WorkflowError) -> Form:
    current().uow.rollback()
    trouble = explain(refused)
    form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
    return form


def _row(rule_id: int) -> DeadlineRule:
    return store.rule_of(current().uow.session, current().post.agency_id, rule_id)


def _page(form: Form, row: DeadlineRule | None, *, flips: Shown | None = None) -> str:
    here = current()
    agency = here.post.agency_id
    units = [(str(key), name) for key, name in desk.units_within(here.figures_scope, here.uow.session)]
    address = url_for("deadline_rules.save", rule_id=row.id) if row else url_for("deadline_rules.add")
    return render_template(
        "settings/deadline_rule.html",
        form=form,
        row=row,
        address=address,
        flips=flips,
        flip_words=WHAT,
        types=list(type_names().items()),
        units=[pair for pair in units if pair[0] != str(agency) and _ours(int(pair[0]), agency)],
        measures=[(str(one), label(one)) for one in Measure],
        title=_("Change a term") if row else _("A new term"),
    )


def _ours(unit_id: int, agency: int) -> bool:
    return office.unit(current().uow.session, unit_id).agency_id == agency


def _end_page(form: Form, row: DeadlineRule) -> str:
    here = current()
    flips = rules.preview(here.uow, here.actor, rule_id=row.id, facts=None, now=here.now)
    return render_template(
        "settings/deadline_rule_end.html", form=form, row=row, flips=shown(flips, now=here.now), flip_words=WHAT,
        types=type_names(),
    )  # fmt: skip
