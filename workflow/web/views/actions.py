"""Acts on one document. A form that is sent twice is answered "done already"; a stale one shows what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.outgoing import Action
from workflow.domain.permissions import Permission
from workflow.services.documents import acts, files, numbers
from workflow.services.journal import facts_of
from workflow.store import documents as store
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.schemas.documents import Numbering, Remark
from workflow.web.storage import blobs
from workflow.web.uploads import uploaded
from workflow.web.views.documents import PATH, bp
from workflow.web.views.one_document import document_page

HERE_TAKEN = acts.PLAIN | {Action.CONFIRM_FORMAT, Action.NUMBER, Action.GIVE_UP_NUMBER, Action.ATTACH_SCAN}
"""Actions that are a button on the document's page; the others have pages of their own."""


@bp.post(f"{PATH}/<int:document_id>/actions/<action>")
@allows(Permission.ACT_ON_DOCUMENT)
def take(document_id: int, action: str) -> Response:
    """Take an action on the document as it was seen."""
    if action not in HERE_TAKEN:
        abort(404)
    wanted = Action(action)
    form = read_form(Numbering if wanted is Action.NUMBER else Remark)
    if not form.good:
        return _again(document_id, wanted, form, status=422)
    try:
        _service(wanted)(document_id, form)
    except Conflict as stale:
        if done_before(document_id, wanted, version=form.data["version"]):
            return done(document_id, wanted, already=True)
        return _refused(document_id, wanted, form, stale)
    except WorkflowError as refused:
        return _refused(document_id, wanted, form, refused)
    return done(document_id, wanted)


def _service(action: Action) -> Callable[[int, Form], object]:
    return _SERVICES.get(action, lambda document_id, form: _plain(action, document_id, form))


def _plain(action: Action, document_id: int, form: Form) -> object:
    version, remark = form.data["version"], form.data["remark"]
    return act(acts.act, current().scope, document_id=document_id, action=action, version=version, remark=remark)


def _confirm_format(document_id: int, form: Form) -> object:
    settings = current().settings
    return act(
        files.confirm_format, current().scope, document_id=document_id, version=form.data["version"],
        blobs=blobs(), base_url=settings.base_url, accepted=form.data["accepted"],
    )  # fmt: skip


def _number(document_id: int, form: Form) -> object:
    return act(
        numbers.number, current().scope, document_id=document_id, version=form.data["version"],
        accepted=form.data["accepted"], wanted=_wanted(form),
    )  # fmt: skip


def _wanted(form: Form) -> numbers.Wanted:
    """The next number unless another one was chosen."""
    if form.data["other"] is None:
        return numbers.NEXT
    kind, key = form.data["other"]
    reason = form.data["remark"]
    if kind == "held":
        return numbers.Wanted(held_id=key, reason=reason)
    return numbers.Wanted(year=key, reason=reason)


def _give_up(document_id: int, form: Form) -> object:
    return act(
        numbers.give_up, current().scope, document_id=document_id, version=form.data["version"],
        reason=form.data["remark"],
    )  # fmt: skip


def _issue(document_id: int, form: Form) -> object:
    return act(
        acts.issue, current().scope, document_id=document_id, version=form.data["version"], blobs=blobs(),
        remark=form.data["remark"],
    )  # fmt: skip


def _attach_scan(document_id: int, form: Form) -> object:
    data, name = uploaded("file")
    return act(
        files.attach_scan, current().scope, document_id=document_id, version=form.data["version"],
        data=data, filename=name, blobs=blobs(),
    )  # fmt: skip


_SERVICES: dict[Action, Callable[[int, Form], Any]] = {
    Action.CONFIRM_FORMAT: _confirm_format,
    Action.NUMBER: _number,
    Action.GIVE_UP_NUMBER: _give_up,
    Action.ATTACH_SCAN: _attach_scan,
    Action.ISSUE: _issue,
}


def done_before(document_id: int, action: Action, *, version: int) -> bool:
    """Whether this very form was taken already: the same person took the same action from the same version."""
    here = current()
    here.uow.rollback()
    told = facts_of(here.uow, here.scope, document_id, tag=f"document:outgoing:{action}")
    return any((one["version"], one["post"]) == (version + 1, here.actor.post_id) for one in told)


def done(document_id: int, action: Action, *, already: bool = False) -> Response:
    """Go and look at the document, with a sentence about what was done."""
    address = url_for("outgoing.show", document_id=document_id, done=str(action))
    return see(f"{address}&already=1" if already else address)


def _refused(document_id: int, action: Action, form: Form, error: WorkflowError) -> Response:
    """The document as it is now, with what went wrong; words that were typed stay in their form."""
    here = current()
    here.uow.rollback()
    store.find(here.scope, here.uow.session, document_id)
    trouble = explain(error)
    body = document_page(document_id, trouble=trouble, failed=action, typed=form.values.get("remark", ""))
    return page(body, trouble.status)


def _again(document_id: int, action: Action, form: Form, *, status: int) -> Response:
    body = document_page(document_id, failed=action, typed=form.values.get("remark", ""))
    return page(body, status)


@bp.app_template_global()
def act_address(document: Any, action: Action) -> str:
    """The page of an action that has one."""
    return _PAGES[action].format(document.id)


_PAGES = {
    Action.CREATE: "/outgoing/new",
    Action.REVISE: "/outgoing/{}/edit",
    Action.RECORD_INK: "/outgoing/{}/ink",
    Action.CO_SIGN: "/sign/cosign?documents={}",
    Action.SIGN: "/sign?documents={}",
    Action.HAND_TO_DEPUTY: "/desk/read/{}#deputy",
    Action.SIGN_NUMBER: "/sign/number?documents={}",
    Action.SEAL: "/sign/seal?documents={}",
}
"""Every action whose offer is a page; a test compares the two tables."""
