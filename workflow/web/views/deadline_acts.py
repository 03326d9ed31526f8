"""Acts on the deadline of one incoming document, each a page of its own: what stands, what will happen.

A form that is sent twice is answered "done already"; a stale one shows what stands now and keeps what was typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.domain.steps import require, step_for
from workflow.domain.terms import Measure, Term
from workflow.services.exchange import extensions
from workflow.services.incoming import apologising, deadlines, explaining, extending, pausing, urging
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.moves import true_facts
from workflow.store import explanations
from workflow.store import incoming as store
from workflow.store.models import Incoming
from workflow.web.context import act, current
from workflow.web.deadline_view import choices, facts_of, words_of
from workflow.web.errors import explain
from workflow.web.format import day
from workflow.web.forms import Form, once, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.obstacle_words import answers_not_signed
from workflow.web.schemas import deadlines as schemas
from workflow.web.schemas.fields import REQUIRED
from workflow.web.storage import blobs

bp = Blueprint("deadlines", __name__)

PATH = '/incoming/<int:incoming_id>/<any("set-due", "set-internal-due", pause, resume, "ask-extension", \
"grant-extension", "refuse-extension", explain, "accept-explanation", "return-explanation", urge):what>'


LEADING = frozenset({Role.LEADER, Role.DEPUTY})


@dataclass(frozen=True, slots=True)
class Page:
    """One act: its form, the service behind it, what happens, and the button."""

    schema: type[Schema]
    take: Callable[[int, dict[str, Any]], object]
    will: str
    button: str
    tone: str = "btn-primary"


def _plain(service: Callable[..., object]) -> Callable[[int, dict[str, Any]], object]:
    return lambda incoming_id, data: act(
        service, current().scope, incoming_id=incoming_id, version=data["version"], remark=data["remark"]
    )


def _set_due(incoming_id: int, data: dict[str, Any]) -> object:
    how = data["how"]
    if how == "day":
        choice = DueChoice(day=data["day"])
    else:
        choice = DueChoice(term=Term(Measure(how), 0 if how == "none" else data["amount"] or 0))
    return act(
        deadlines.set_due, current().scope, incoming_id=incoming_id, version=data["version"], choice=choice,
        remark=data["remark"],
    )  # fmt: skip


def _set_internal_due(incoming_id: int, data: dict[str, Any]) -> object:
    return act(
        deadlines.set_internal_due, current().scope, incoming_id=incoming_id, version=data["version"],
        part_id=data["part"], day=data["day"],
    )  # fmt: skip


def _ask(incoming_id: int, data: dict[str, Any]) -> object:
    """Whoever handles it asks our leader; our leader asks the other office."""
    if current().post.role in LEADING:
        return act(
            extensions.send, current().scope, incoming_id=incoming_id, version=data["version"], until=data["until"],
            remark=data["remark"],
        )  # fmt: skip
    return act(
        extending.ask, current().scope, incoming_id=incoming_id, version=data["version"], until=data["until"],
        remark=data["remark"], between=data["kind"] == "between", other_office=data["office"],
    )  # fmt: skip


def _grant(incoming_id: int, data: dict[str, Any]) -> object:
    return act(
        extending.grant, current().scope, incoming_id=incoming_id, version=data["version"], until=data["until"],
        remark=data["remark"],
    )  # fmt: skip


def _explain(incoming_id: int, data: dict[str, Any]) -> object:
    return act(
        explaining.explain, current().scope, incoming_id=incoming_id, version=data["version"],
        explanation_id=data["explanation"], cause=data["cause"], words=data["words"],
    )  # fmt: skip


def _decide(service: Callable[..., object]) -> Callable[[int, dict[str, Any]], object]:
    return lambda incoming_id, data: act(
        service, current().scope, incoming_id=incoming_id, version=data["version"],
        explanation_id=data["explanation"], remark=data["remark"],
    )  # fmt: skip


def _urge(incoming_id: int, data: dict[str, Any]) -> object:
    return act(
        urging.urge, current().scope, incoming_id=incoming_id, version=data["version"], remark=data["remark"],
        person_id=data["person"],
    )  # fmt: skip


PAGES: dict[Action, Page] = {
    Action.SET_DUE: Page(
        schemas.Due, _set_due,
        N_("Counted from the day of receipt, which itself is not counted. Dates of units after it move onto it."),
        N_("Set the due date"),
    ),
    Action.SET_INTERNAL_DUE: Page(
        schemas.OwnDue, _set_internal_due,
        N_("A date of your unit's own, on or before the document's. Leave the day empty to have none."),
        N_("Set the internal due date"),
    ),
    Action.PAUSE: Page(
        schemas.Words, _plain(pausing.pause),
        N_("The clock stands still until it is resumed; the due date then moves by the office time in between."),
        N_("Pause the clock"),
    ),
    Action.RESUME: Page(
        schemas.Words, _plain(pausing.resume),
        N_("The clock runs on, and the due date moves by the office time that it stood still."),
        N_("Resume the clock"),
    ),
    Action.ASK_EXTENSION: Page(
        schemas.AskExtension, _ask, N_("Until there is an answer the present date holds."),
        N_("Ask for an extension"),
    ),
    Action.GRANT_EXTENSION: Page(
        schemas.GrantExtension, _grant,
        N_("The document is due on the later day. Of another office's date, name the paper by which it agreed."),
        N_("Grant the extension"),
    ),
    Action.REFUSE_EXTENSION: Page(
        schemas.Words, _plain(extending.refuse),
        N_("The date stays; whoever asked reads your reason. A request at another office is called back."),
        N_("Refuse the extension"), "btn-danger",
    ),
    Action.EXPLAIN: Page(
        schemas.Explain, _explain, N_("The leader reads it and accepts it or sends it back."), N_("Explain"),
    ),
    Action.ACCEPT_EXPLANATION: Page(
        schemas.Decide, _decide(explaining.accept),
        N_("The explanation stands. For a cause of our own a citizen or organisation is owed an apology."),
        N_("Accept the explanation"),
    ),
    Action.RETURN_EXPLANATION: Page(
        schemas.Decide, _decide(explaining.send_back),
        N_("It is owed anew, with a new deadline of two working days; your reason is read first."),
        N_("Send the explanation back"), "btn-danger",
    ),
    Action.URGE: Page(
        schemas.Urge, _urge, N_("Recorded, told at once, and shown to whoever is urged."), N_("Urge"),
    ),
}  # fmt: skip
"""Every act on a deadline that people take, by its action; the address is the action with a dash."""

TWICE = 3
"""Versions that may lie between a form and its second press."""


@bp.get(PATH)
@allows(Permission.ACT_ON_INCOMING)
def form(incoming_id: int, what: str) -> str:
    """The form, or the sentence why this person cannot do it now."""
    action = _action(what)
    document = _document(incoming_id, action)
    step = step_for(STEPS, State(document.state), action, role=current().post.role)
    require(step, true_facts(current().uow, current().actor, document))
    blank = dict.fromkeys(PAGES[action].schema().fields, "")
    return _page(document, action, Form(values=blank | _start(document, action)))


@bp.post(PATH)
@allows(Permission.ACT_ON_INCOMING)
def take(incoming_id: int, what: str) -> Response:
    """Take the act on the document as it was seen."""
    action = _action(what)
    _document(incoming_id, action)
    made, form = PAGES[action], read_form(PAGES[action].schema)
    if action is Action.SET_DUE and form.good:
        _due_said(form)
    if not form.good:
        return page(_page(_document(incoming_id, action), action, form), 422)
    try:
        made.take(incoming_id, form.data)
    except Conflict as stale:
        if _done_before(incoming_id, action, version=form.data["version"]):
            return _done(incoming_id, action, already=True)
        return _refused(incoming_id, action, form, stale)
    except WorkflowError as refused:
        return _refused(incoming_id, action, form, refused)
    return _done(incoming_id, action)


@bp.get("/incoming/<int:incoming_id>/apology")
@allows(Permission.DRAFT_DOCUMENT)
def apology(incoming_id: int) -> str | Response:
    """What the letter will say about, or the sentence why none is owed; one that is there is opened."""
    here = current()
    document = store.find(here.scope, here.uow.session, incoming_id)
    before = store.apology_of(here.uow.session, document.id)
    if before is not None:
        return see(url_for("outgoing.show", document_id=before))
    row = apologising.owed(here.uow, document)
    return render_template(
        "deadlines/apology.html", d=document, facts=facts_of(document), explanation=row,
        once=secrets.token_urlsafe(16), subject=apologising.subject_of(document),
    )  # fmt: skip


@bp.post("/incoming/<int:incoming_id>/apology")
@allows(Permission.DRAFT_DOCUMENT)
def draft_apology(incoming_id: int) -> Response:
    """Open the draft, then give it its letter: two acts, like any draft with its file."""
    here = current()
    form = once()
    made, _fresh = act(apologising.draft, here.scope, incoming_id=incoming_id, form=form)
    if made.file_sha256 is None and made.version == 1:
        act(
            apologising.give_file, here.scope, incoming_id=incoming_id, outgoing_id=made.id, blobs=blobs(),
        )  # fmt: skip
    return see(url_for("outgoing.show", document_id=made.id))


def _action(what: str) -> Action:
    return Action(what.replace("-", "_"))


def _document(incoming_id: int, action: Action) -> Incoming:
    """The document within reach; for an explanation also one that this person answers for."""
    here = current()
    if action is Action.EXPLAIN:
        return explanations.document(here.scope, here.uow.session, incoming_id, person_id=here.person.person_id)
    return store.find(here.scope, here.uow.session, incoming_id)


def _start(document: Incoming, action: Action) -> dict[str, str]:
    """What stands in the fields at first."""
    values = {"version": str(document.version)}
    found = choices(document, action)
    if len(found) == 1 and action in {Action.SET_INTERNAL_DUE}:
        values["part"] = str(found[0][0])
    if len(found) == 1 and "explanation" in PAGES[action].schema().fields:
        values["explanation"] = str(found[0][0])
    if action is Action.ASK_EXTENSION:
        values["kind"] = "inside"
        if current().post.role in LEADING and (asked := store.asked_extension(current().uow.session, document.id)):
            values |= {"until": day(asked.due_wanted), "remark": asked.reason}
    return values


def _due_said(form: Form) -> None:
    """A day or a number, whichever the choice asks for."""
    how = form.data["how"]
    if how == "day" and form.data["day"] is None:
        form.errors["day"] = _(REQUIRED)
    elif how not in {"day", "none"} and not form.data["amount"]:
        form.errors["amount"] = _(REQUIRED)


def _done_before(incoming_id: int, action: Action, *, version: int) -> bool:
    """Whether this very form was taken already: the same person took the same action since that version."""
    here = current()
    here.uow.rollback()
    document = _document(incoming_id, action)
    moved = document.version - version
    if not 0 < moved <= TWICE:
        return False
    newest = [line for line, _name in store.history_of(here.uow.session, incoming_id)][-moved:]
    return any(line.action == action and line.person_id == here.person.person_id for line in newest)


def _done(incoming_id: int, action: Action, *, already: bool = False) -> Response:
    """Back to the document; whoever explained may not reach it any more and goes to what else is owed."""
    here = current()
    if action is Action.EXPLAIN or action in {Action.ACCEPT_EXPLANATION, Action.RETURN_EXPLANATION}:
        address = url_for("deadlines.explanations_page", done=str(action))
    else:
        here.uow.rollback()
        address = f"/incoming/{incoming_id}?done={action}"
    return see(f"{address}&already=1" if already else address)


_FIELD_OF = {
    "due_in_the_past": "day", "due_choice": "how", "term_amount": "amount", "calendar_too_short": "day",
    "due_after_document": "day", "extension_not_later": "until", "extension_paper_needed": "remark",
    "exchange_reason_too_long": "remark", "reason_needed": "remark",
    "explanation_too_long": "words", "urge_not_involved": "person", "part_not_found": "part",
}  # fmt: skip


def _refused(incoming_id: int, action: Action, form: Form, error: WorkflowError) -> Response:
    """The form with what went wrong, over what stands now."""
    here = current()
    here.uow.rollback()
    document = _document(incoming_id, action)
    trouble = explain(error)
    field = _FIELD_OF.get(error.code, "")
    form.errors[field if field in form.values else ""] = trouble.words()
    if isinstance(error, Conflict):
        form.values["version"] = str(document.version)
    return page(_page(document, action, form), trouble.status)


def _may(document: Incoming, action: Action) -> bool:
    """Whether this person could take the act now: only then does the page tell who and what it is about."""
    try:
        step = step_for(STEPS, State(document.state), action, role=current().post.role)
        require(step, true_facts(current().uow, current().actor, document))
    except WorkflowError:
        return False
    return True


def _page(document: Incoming, action: Action, form: Form) -> str:
    here = current()
    may = _may(document, action)
    step = next((s for s in STEPS if s.action is action and s.role is here.post.role), None)
    return render_template(
        "deadlines/act.html", d=document, action=action, made=PAGES[action], form=form, facts=facts_of(document),
        found=choices(document, action) if may else (), words=words_of(document, action) if may else (),
        reason=bool(step and step.reason), sending=action is Action.ASK_EXTENSION and here.post.role in LEADING,
        what=str(action).replace("_", "-"), back=_back(document),
        unsigned=answers_not_signed(here, document.id) if may and action is Action.EXPLAIN else (),
    )  # fmt: skip


def _back(document: Incoming) -> str:
    return f"/incoming/{document.id}"
