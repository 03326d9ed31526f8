"""Acts on one incoming document. A form sent twice is answered "done already"; a stale one shows what changed."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.incoming import Action
from workflow.domain.permissions import Permission
from workflow.services.incoming import registering, routing, working
from workflow.store import incoming as store
from workflow.web.context import act, current
from workflow.web.done_words import READ
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.documents import Changed, Remark
from workflow.web.views.incoming import PATH, bp
from workflow.web.views.incoming_document import document_page

HERE_TAKEN = working.PLAIN | {Action.DECLINE}
"""Actions that are a button on the document's page; the others have pages of their own."""

DESK = "/desk"

TWICE = 2
"""Versions that one act may move: registering what was not checked yet is two steps."""


@bp.post(f"{PATH}/<int:incoming_id>/actions/<action>")
@allows(Permission.ACT_ON_INCOMING)
def take(incoming_id: int, action: str) -> Response:
    """Take a plain action on the document as it was seen."""
    if action not in HERE_TAKEN:
        abort(404)
    wanted, form = Action(action), read_form(Remark)
    if not form.good:
        return page(document_page(incoming_id, failed=wanted, typed=form.values["remark"]), 422)
    return attempted(incoming_id, wanted, form.data["version"], lambda: _plain(wanted, incoming_id, form))


def _plain(action: Action, incoming_id: int, form: Form) -> object:
    version, remark = form.data["version"], form.data["remark"]
    if action is Action.DECLINE:
        return act(
            registering.decline, current().scope, incoming_id=incoming_id, version=version, remark=remark
        )  # fmt: skip
    return act(working.act, current().scope, incoming_id=incoming_id, action=action, version=version, remark=remark)


@bp.post(f"{PATH}/<int:incoming_id>/accept-proposal")
@allows(Permission.ACT_ON_INCOMING)
def accept(incoming_id: int) -> Response:
    """One tap: the direction as it was proposed."""
    form = read_form(Changed)
    if not form.good:
        return page(document_page(incoming_id), 422)
    version = form.data["version"]
    return attempted(
        incoming_id, Action.DIRECT, version,
        lambda: act(routing.accept_proposal, current().scope, incoming_id=incoming_id, version=version),
        back=request.form.get("back", ""),
    )  # fmt: skip


@bp.post(f"{PATH}/<int:incoming_id>/read")
@allows(Permission.READ_INCOMING)
def read(incoming_id: int) -> Response:
    """A read receipt: "Đã xem". A second one changes nothing."""
    act(working.read, current().scope, incoming_id=incoming_id)
    if request.form.get("back") == DESK:
        return _to_desk(incoming_id, READ)
    return see(url_for("incoming.show", incoming_id=incoming_id, done=READ))


def attempted(
    incoming_id: int, action: Action, version: int, do: Callable[[], object], *, back: str = ""
) -> Response:
    """Act; then the document with a sentence about it, or what went wrong with the typed words kept."""
    try:
        do()
    except Conflict as stale:
        if done_before(incoming_id, action, version=version):
            return done(incoming_id, action, already=True, back=back)
        return _refused(incoming_id, action, stale)
    except WorkflowError as refused:
        return _refused(incoming_id, action, refused)
    return done(incoming_id, action, back=back)


def done_before(incoming_id: int, action: Action, *, version: int) -> bool:
    """Whether this very form was taken already: the same person took the same action from the same version."""
    here = current()
    here.uow.rollback()
    document = store.find(here.scope, here.uow.session, incoming_id)
    behind = document.version - version
    if not 0 < behind <= TWICE:
        return False
    newest = list(store.history_of(here.uow.session, incoming_id))[-behind:]
    mine = here.person.person_id
    return bool(newest) and newest[0][0].action == action and newest[0][0].person_id == mine


def done(incoming_id: int, action: Action, *, already: bool = False, back: str = "") -> Response:
    """Go and look at the document, with a sentence about what was done; or back to the desk, where it was done. Who
    gave it away may not reach it any more: then to the desk too."""
    here = current()
    here.uow.rollback()
    try:
        store.find(here.scope, here.uow.session, incoming_id)
    except WorkflowError:
        back = DESK
    if back == DESK:
        return _to_desk(incoming_id, str(action), already=already)
    address = url_for("incoming.show", incoming_id=incoming_id, done=str(action))
    return see(f"{address}&already=1" if already else address)


def _to_desk(incoming_id: int, name: str, *, already: bool = False) -> Response:
    address = url_for("desk.index", done=name, of=incoming_id)
    return see(f"{address}&already=1" if already else address)


def _refused(incoming_id: int, action: Action, error: WorkflowError) -> Response:
    """The document as it is now, with what went wrong; words that were typed stay in their form."""
    here = current()
    here.uow.rollback()
    store.find(here.scope, here.uow.session, incoming_id)
    trouble = explain(error)
    typed = read_form(Remark).values["remark"]
    return page(document_page(incoming_id, trouble=trouble, failed=action, typed=typed), trouble.status)
