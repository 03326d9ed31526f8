"""The leader's direction and the chief of office's proposal: one form, sent to two services."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.incoming import Action
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.services.incoming import phrases, routing
from workflow.store import incoming as store
from workflow.store import incoming_choices as choices
from workflow.store.models import Incoming
from workflow.web import incoming_direction as parts
from workflow.web.context import act, current
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.incoming_clock import due_clock
from workflow.web.incoming_targets import leader_targets
from workflow.web.views.incoming import PATH, bp
from workflow.web.views.incoming_acts import done
from workflow.web.views.incoming_forms import Page, opened, refusal


def _given(document: Incoming, filled: parts.Filled) -> dict[str, Any]:
    """What the form offers."""
    here = current()
    session, agency = here.uow.session, document.agency_id
    own = choices.phrases(session, here.person.person_id, limit=parts.SHOWN)
    return {
        "filled": filled,
        "units": choices.units(session, agency, on=here.today),
        "people": choices.people(session, agency, on=here.today),
        "leaders": leader_targets(here),
        "terms": parts.terms(),
        "phrases": own or [_(words) for words in parts.PHRASES],
        "present_due": due_clock(document, here.now, working_calendar(here.uow)).words,
    }


def _form(incoming_id: int, action: Action) -> Response:
    document = opened(incoming_id, action)
    filled = parts.beginning(document, store.live_parts(current().uow.session, document.id))
    return Page(document, action, filled.form, _given(document, filled)).answer()


def _sent(incoming_id: int, action: Action) -> Response:
    here, filled = current(), parts.read()
    if phrase := request.form.get("phrase", ""):
        document = opened(incoming_id, action)
        filled = parts.with_phrase(filled, phrase)
        return Page(document, action, filled.form, _given(document, filled)).answer()
    document = store.find(here.scope, here.uow.session, incoming_id)
    if filled.form.errors:
        return Page(document, action, filled.form, _given(document, filled), status=422).answer()
    try:
        _act(document, action, filled)
    except WorkflowError as refused:
        return refusal(incoming_id, action, filled.form, refused, lambda found, _form: _given(found, filled))
    return done(incoming_id, action)


def _act(document: Incoming, action: Action, filled: parts.Filled) -> object:
    here, data = current(), filled.form.data
    people = choices.people(here.uow.session, document.agency_id, on=here.today)
    given = {
        "incoming_id": document.id, "version": data["version"], "direction": parts.direction(filled, people),
    }  # fmt: skip
    if action is Action.DIRECT:
        return act(phrases.direct, here.scope, remark=data["remark"], **given)
    if data["to"] is None:
        raise BadInput("not_a_leader")
    return act(routing.propose, here.scope, leader_post_id=data["to"], **given)


@bp.get(f"{PATH}/<int:incoming_id>/direct")
@allows(Permission.ACT_ON_INCOMING)
def direct_form(incoming_id: int) -> Response:
    """Who leads, who coordinates, who is to know."""
    return _form(incoming_id, Action.DIRECT)


@bp.post(f"{PATH}/<int:incoming_id>/direct")
@allows(Permission.ACT_ON_INCOMING)
def direct(incoming_id: int) -> Response:
    """Give the direction."""
    return _sent(incoming_id, Action.DIRECT)


@bp.get(f"{PATH}/<int:incoming_id>/propose")
@allows(Permission.ACT_ON_INCOMING)
def propose_form(incoming_id: int) -> Response:
    """The same as a proposal."""
    return _form(incoming_id, Action.PROPOSE)


@bp.post(f"{PATH}/<int:incoming_id>/propose")
@allows(Permission.ACT_ON_INCOMING)
def propose(incoming_id: int) -> Response:
    """Lay the proposal before a leader."""
    return _sent(incoming_id, Action.PROPOSE)
