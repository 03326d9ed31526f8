"""The forms of dossiers: opened from the plan or outside it, changed, closed, reopened, kept longer, cancelled."""

from __future__ import annotations

import secrets
from typing import Any

from flask import render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.dossiers import STEPS, Action, State, findings
from workflow.domain.errors import Missing, WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.steps import step_for
from workflow.services.dossiers import closing, opening
from workflow.services.dossiers.moves import possible_actions
from workflow.services.dossiers.opening import Facts
from workflow.store import dossiers as store
from workflow.store import file_plans
from workflow.store.models import Dossier
from workflow.web import dossier_words as words
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, once, page, read_form
from workflow.web.guards import allows
from workflow.web.listing import choices
from workflow.web.schemas import dossiers as schemas
from workflow.web.views.dossiers import PATH, bp
from workflow.web.views.one_dossier import back

FORMS: dict[Action, type[Schema]] = {
    Action.CHANGE: schemas.Changed,
    Action.CLOSE: schemas.Closed,
    Action.REOPEN: schemas.Reasoned,
    Action.KEEP: schemas.Kept,
    Action.CANCEL: schemas.Reasoned,
}
_WHAT = "<any(change, close, reopen, keep, cancel):what>"


@bp.get(f"{PATH}/new")
@allows(Permission.KEEP_DOSSIER)
def new() -> str:
    """Entries of approved plans to open from, and the form for what no plan foresaw."""
    entry = request.args.get("entry", "")
    return _new_page(Form(values={"entry": entry if entry.isdecimal() else "", "once": secrets.token_urlsafe(16)}))


@bp.post(f"{PATH}/new")
@allows(Permission.KEEP_DOSSIER)
def open_one() -> Response:
    """Open it."""
    outside = "outside" in request.form
    form = read_form(schemas.Outside if outside else schemas.FromPlan)
    form.values |= {"once": once()}
    if not form.good:
        return page(_new_page(form, outside=outside), 422)
    try:
        return back(_opened(form, outside=outside).id, Action.OPEN)
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return page(_new_page(form, outside=outside, trouble=trouble), trouble.status)


def _opened(form: Form, *, outside: bool) -> Dossier:
    scope, key, data = current().scope, form.values["once"], form.data
    if not outside:
        return act(opening.open_from_plan, scope, entry_id=data["entry"], term=data["term"], once_key=key)
    facts = Facts(
        title=data["title"], years=data["years"], term=data["term"], description=data["description"]
    )  # fmt: skip
    return act(opening.open_outside, scope, facts=facts, reason=data["reason"], once_key=key)


def _new_page(form: Form, *, outside: bool = False, trouble: Trouble | None = None) -> str:
    here = current()
    return render_template(
        "dossiers/new.html",
        form=form,
        blank=Form(),
        outside=outside,
        trouble=trouble,
        planned=file_plans.to_open(here.scope, here.uow.session, agency_id=here.post.agency_id),
        rules=file_plans.retention_rules(here.uow.session),
        words=words,
    )


@bp.get(f"{PATH}/<int:dossier_id>/{_WHAT}")
@allows(Permission.KEEP_DOSSIER)
def form_of(dossier_id: int, what: str) -> str:
    """The form of an act, refused at once where the act is not possible, before anybody types."""
    here, action = current(), Action(what)
    dossier = store.find(here.scope, here.uow.session, dossier_id)
    _demand(dossier, action)
    values = {
        "title": dossier.title, "years": str(dossier.own_years), "term": dossier.term,
        "description": dossier.description, "started_on": dossier.started_on.isoformat(),
        "maker": str(dossier.maker_id), "ended_on": here.today.isoformat(), "version": str(dossier.version),
    }  # fmt: skip
    return _act_page(dossier, action, Form(values=values))


def _demand(dossier: Dossier, action: Action) -> None:
    """Refuse a form that could not be sent; what the checks find is told on the form of closing itself."""
    here = current()
    for step, missing in possible_actions(here.uow, here.actor, here.scope, dossier):
        if step.action is action:
            if missing and not (action is Action.CLOSE and missing.startswith("dossier_without")):
                raise Missing(missing, action=str(action))
            return
    step_for(STEPS, State(dossier.state), action, role=here.actor.role)
    raise Missing("dossier_in_charge", action=str(action))


@bp.post(f"{PATH}/<int:dossier_id>/{_WHAT}")
@allows(Permission.KEEP_DOSSIER)
def take(dossier_id: int, what: str) -> Response:
    """Act on what was sent; a refusal gives the form back with what was typed."""
    here, action = current(), Action(what)
    dossier = store.find(here.scope, here.uow.session, dossier_id)
    form = read_form(FORMS[action])
    if not form.good:
        return page(_act_page(dossier, action, form), 422)
    try:
        _take(dossier_id, action, form.data)
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        fresh = store.find(here.scope, here.uow.session, dossier_id)
        return page(_act_page(fresh, action, form, trouble=trouble), trouble.status)
    return back(dossier_id, action)


def _take(dossier_id: int, action: Action, data: dict[str, Any]) -> None:
    scope, given = current().scope, {"dossier_id": dossier_id, "version": data["version"]}
    if action is Action.CHANGE:
        facts = Facts(
            title=data["title"], years=data["years"], term=data["term"], description=data["description"],
            started_on=data["started_on"],
        )  # fmt: skip
        act(opening.change, scope, facts=facts, maker_id=data["maker"], **given)
    elif action is Action.CLOSE:
        act(
            closing.close, scope, ended_on=data["ended_on"], years=data["years"],
            duplicates_kept=data["duplicates_kept"], remark=data["remark"], **given,
        )  # fmt: skip
    elif action is Action.KEEP:
        act(closing.keep_longer, scope, until=data["until"], consent=data["consent"], **given)
    else:
        act(closing.reopen if action is Action.REOPEN else closing.cancel, scope, reason=data["reason"], **given)


def _act_page(dossier: Dossier, action: Action, form: Form, *, trouble: Trouble | None = None) -> str:
    here = current()
    session = here.uow.session
    found = findings(store.inside(here.scope, session, dossier.id))
    shown = store.documents_of(here.scope, session, dossier.id)
    makers = file_plans.makers_of(session, dossier.agency_id, on=here.today)
    return render_template(
        "dossiers/act.html",
        d=dossier,
        action=action,
        offer=words.OFFERS[action],
        form=form,
        trouble=trouble,
        makers=choices([(key, name) for key, name, _unit in dict.fromkeys(makers)]),
        rules=file_plans.retention_rules(session),
        least=max([one.years or 0 for one in shown], default=0),
        blocking=[*words.names_of(found.drafts, shown), *words.names_of(found.open_work, shown)],
        duplicates=words.names_of(found.duplicates, shown),
        due=closing.due_day(dossier),
        words=words,
    )
