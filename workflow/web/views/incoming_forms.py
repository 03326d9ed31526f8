"""The pages of acts on an incoming document that need more than a button: to whom, who handles it, how done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, Missing, WorkflowError
from workflow.domain.incoming import STEPS, Action, Result, State
from workflow.domain.permissions import Permission
from workflow.domain.steps import step_for
from workflow.services.calendar import working_calendar
from workflow.services.incoming import routing, working
from workflow.services.incoming.moves import possible_actions
from workflow.store import incoming as store
from workflow.store import incoming_choices as choices
from workflow.store import incoming_desk as desk
from workflow.store import people as units
from workflow.store.models import Incoming
from workflow.web import incoming_view as view
from workflow.web.context import Current, act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form
from workflow.web.guards import allows
from workflow.web.incoming_offers import OFFERS
from workflow.web.incoming_targets import chosen_post, leader_targets, remember, targets
from workflow.web.labels import label
from workflow.web.schemas import incoming as schemas
from workflow.web.views.incoming import PATH, bp
from workflow.web.views.incoming_acts import done, done_before


@dataclass(slots=True)
class Page:
    """A form about one document, its choices, and what went wrong with it."""

    document: Incoming
    action: Action
    form: Form
    given: dict[str, Any] = field(default_factory=dict)
    trouble: Trouble | None = None
    status: int = 200

    def answer(self) -> Response:
        """The page."""
        here = current()
        step = next(
            (step for step, _missing in possible_actions(here.uow, here.actor, self.document)
             if step.action is self.action), None,
        )  # fmt: skip
        body = render_template(
            f"incoming/{self.action}.html",
            d=self.document,
            offer=OFFERS[self.action],
            form=self.form,
            trouble=self.trouble,
            reason=step is not None and step.reason,
            **self.given,
        )
        return page(body, self.status)


Made = Callable[[Incoming, Form], dict[str, Any]]
Do = Callable[[Incoming, Form], object]


def opened(incoming_id: int, action: Action) -> Incoming:
    """The document for a form; refused at once where the action is not possible, before anybody types."""
    here = current()
    document = store.find(here.scope, here.uow.session, incoming_id)
    for step, missing in possible_actions(here.uow, here.actor, document):
        if step.action is action:
            if not missing:
                return document
            raise Missing(missing, action=str(action))
    step_for(STEPS, State(document.state), action, role=here.actor.role)
    raise AssertionError(action)  # pragma: no cover  step_for has raised


def shown(incoming_id: int, action: Action, made: Made, *, values: dict[str, str] | None = None) -> Response:
    """The form as it opens."""
    document = opened(incoming_id, action)
    form = Form(values=values or {})
    return Page(document, action, form, made(document, form)).answer()


def sent(incoming_id: int, action: Action, schema: type[Schema], made: Made, do: Do) -> Response:
    """Act on what was sent; a stale form, a refusal or a wrong field gives the form back with what was typed."""
    here, form = current(), read_form(schema)
    if form.good:
        try:
            document = store.find(here.scope, here.uow.session, incoming_id)
            do(document, form)
        except WorkflowError as refused:
            return refusal(incoming_id, action, form, refused, made)
        return done(incoming_id, action)
    document = store.find(here.scope, here.uow.session, incoming_id)
    return Page(document, action, form, made(document, form), status=422).answer()


def refusal(incoming_id: int, action: Action, form: Form, error: WorkflowError, made: Made) -> Response:
    """What the service would not do, as a page; sent twice is done already."""
    here, version = current(), form.data["version"]
    if isinstance(error, Conflict) and done_before(incoming_id, action, version=version):
        return done(incoming_id, action, already=True)
    here.uow.rollback()
    document = store.find(here.scope, here.uow.session, incoming_id)
    trouble = explain(error)
    return Page(document, action, form, made(document, form), trouble, trouble.status).answer()


def _submit_choices(_document: Incoming, form: Form) -> dict[str, Any]:
    found = targets(current())
    form.values.setdefault("to", next((one.value for one in found if one.usual), ""))
    return {"targets": found}


@bp.get(f"{PATH}/<int:incoming_id>/submit")
@allows(Permission.ACT_ON_INCOMING)
def submit_form(incoming_id: int) -> Response:
    """To whom it is submitted."""
    return shown(incoming_id, Action.SUBMIT, _submit_choices)


@bp.post(f"{PATH}/<int:incoming_id>/submit")
@allows(Permission.ACT_ON_INCOMING)
def submit(incoming_id: int) -> Response:
    """Submit it."""

    def do(document: Incoming, form: Form) -> object:
        return act(
            routing.submit, current().scope, incoming_id=document.id, version=form.data["version"],
            leader_post_id=chosen_post(form.data["to"]), remark=form.data["remark"],
        )  # fmt: skip

    answer = sent(incoming_id, Action.SUBMIT, schemas.Submitted, _submit_choices, do)
    to = read_form(schemas.Submitted).data.get("to", "")
    return remember(answer, to) if answer.status_code == 303 else answer


def _pass_choices(document: Incoming, _form: Form) -> dict[str, Any]:
    return {"targets": leader_targets(current(), without=document.leader_id)}


@bp.get(f"{PATH}/<int:incoming_id>/pass")
@allows(Permission.ACT_ON_INCOMING)
def pass_form(incoming_id: int) -> Response:
    """Which leader directs instead."""
    return shown(incoming_id, Action.PASS, _pass_choices)


@bp.post(f"{PATH}/<int:incoming_id>/pass")
@allows(Permission.ACT_ON_INCOMING)
def pass_on(incoming_id: int) -> Response:
    """Pass it on."""

    def do(document: Incoming, form: Form) -> object:
        return act(
            routing.pass_on, current().scope, incoming_id=document.id, version=form.data["version"],
            leader_post_id=form.data["to"], remark=form.data["remark"],
        )  # fmt: skip

    return sent(incoming_id, Action.PASS, schemas.Passed, _pass_choices, do)


def _may_assign(here: Current, document: Incoming) -> bool:
    """How much colleagues have open is for who assigns: a form that is refused comes back without it."""
    found = possible_actions(here.uow, here.actor, document)
    return any(step.action is Action.ASSIGN and not missing for step, missing in found)


def _handlers(document: Incoming, _form: Form) -> dict[str, Any]:
    """Everybody of the lead unit and its parts, with what they have open now, the least loaded first."""
    here = current()
    session, lead = here.uow.session, document.lead_unit_id or 0
    rows = choices.handlers(session, (lead, *units.units_below(session, lead)), on=here.today)
    asked = [row.person_id for row in rows] if _may_assign(here, document) else []
    loads = desk.open_by_person(session, agency_id=document.agency_id, now=here.now, persons=asked)
    listed = [(row, *loads.get(row.person_id, (0, 0)), row.person_id == document.handler_id) for row in rows]
    parts = store.live_parts(session, document.id)
    return {"handlers": listed, "lead": next((part for part in parts if part.part == "lead"), None)}


@bp.get(f"{PATH}/<int:incoming_id>/assign")
@allows(Permission.ACT_ON_INCOMING)
def assign_form(incoming_id: int) -> Response:
    """Who handles it."""
    return shown(incoming_id, Action.ASSIGN, _handlers)


@bp.post(f"{PATH}/<int:incoming_id>/assign")
@allows(Permission.ACT_ON_INCOMING)
def assign(incoming_id: int) -> Response:
    """Assign it."""

    def do(document: Incoming, form: Form) -> object:
        return act(
            routing.assign, current().scope, incoming_id=document.id, version=form.data["version"],
            handler_post_id=form.data["handler"], due=form.data["due_on"], remark=form.data["remark"],
        )  # fmt: skip

    return sent(incoming_id, Action.ASSIGN, schemas.Assigned, _handlers, do)


def _own_part(document: Incoming, _form: Form) -> dict[str, Any]:
    here = current()
    rows = choices.parts_with_names(here.uow.session, document.id)
    return {"own": view.own_part(here, view.recipients(here, rows, working_calendar(here.uow)))}


@bp.get(f"{PATH}/<int:incoming_id>/contribute")
@allows(Permission.ACT_ON_INCOMING)
def contribute_form(incoming_id: int) -> Response:
    """What a coordinating unit has done."""
    return shown(incoming_id, Action.CONTRIBUTE, _own_part)


@bp.post(f"{PATH}/<int:incoming_id>/contribute")
@allows(Permission.ACT_ON_INCOMING)
def contribute(incoming_id: int) -> Response:
    """The part is done."""

    def do(document: Incoming, form: Form) -> object:
        own = _own_part(document, form)["own"]
        if own is None:
            raise Missing("takes_part", action=str(Action.CONTRIBUTE))
        return act(
            working.contribute, current().scope, incoming_id=document.id, part_id=own.part.id,
            words=form.data["words"],
        )  # fmt: skip

    return sent(incoming_id, Action.CONTRIBUTE, schemas.Contributed, _own_part, do)


def _results(_document: Incoming, _form: Form) -> dict[str, Any]:
    return {
        "results": [(str(one), label(one)) for one in (Result.SETTLED, Result.ANSWERED, Result.NO_ANSWER_NEEDED)]
    }


@bp.get(f"{PATH}/<int:incoming_id>/finish")
@allows(Permission.ACT_ON_INCOMING)
def finish_form(incoming_id: int) -> Response:
    """How it was settled."""
    return shown(incoming_id, Action.FINISH, _results, values={"result": str(Result.SETTLED)})


@bp.post(f"{PATH}/<int:incoming_id>/finish")
@allows(Permission.ACT_ON_INCOMING)
def finish(incoming_id: int) -> Response:
    """Finish it."""

    def do(document: Incoming, form: Form) -> object:
        return act(
            working.finish, current().scope, incoming_id=document.id, version=form.data["version"],
            result=form.data["result"], words=form.data["words"],
        )  # fmt: skip

    return sent(incoming_id, Action.FINISH, schemas.Finished, _results, do)


def _nothing(_document: Incoming, _form: Form) -> dict[str, Any]:
    return {}


@bp.get(f"{PATH}/<int:incoming_id>/close")
@allows(Permission.ACT_ON_INCOMING)
def close_form(incoming_id: int) -> Response:
    """Why nothing is answered."""
    return shown(incoming_id, Action.CLOSE, _nothing)


@bp.post(f"{PATH}/<int:incoming_id>/close")
@allows(Permission.ACT_ON_INCOMING)
def close(incoming_id: int) -> Response:
    """Close it."""

    def do(document: Incoming, form: Form) -> object:
        return act(
            working.close, current().scope, incoming_id=document.id, version=form.data["version"],
            words=form.data["words"],
        )  # fmt: skip

    return sent(incoming_id, Action.CLOSE, schemas.Closed, _nothing, do)
