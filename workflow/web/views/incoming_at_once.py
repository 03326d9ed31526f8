"""Several documents in one go: each is an act of its own, and the answer says of each what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.incoming import Action
from workflow.domain.permissions import Permission
from workflow.services.incoming import routing, working
from workflow.store import incoming as store
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.incoming_targets import chosen_post, remember
from workflow.web.views.incoming import PATH, bp

MOST = 100
"""Documents of one go."""

TITLES = {Action.CLOSE: N_("Closed without an answer"), Action.SUBMIT: N_("Submitted for direction")}

Do = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one document. `why`: why not, and what to do."""

    id: int
    number: int | None
    subject: str
    done: bool
    why: str = ""


@bp.post(f"{PATH}/at-once")
@allows(Permission.ACT_ON_INCOMING)
def at_once() -> Response:
    """Close or submit the ticked ones."""
    wanted = request.form.get("act", "")
    if wanted not in {str(action) for action in TITLES}:
        abort(404)
    action = Action(wanted)
    keys = [_key(text) for text in dict.fromkeys(request.form.getlist("documents"))]
    if not keys:
        raise BadInput("nothing_ticked")
    if len(keys) > MOST:
        raise BadInput("too_many_ticked", limit=MOST)
    do = _closing() if action is Action.CLOSE else _submitting()
    results = [result for key, version in keys if (result := _one(key, version, do)) is not None]
    done = sum(one.done for one in results)
    body = render_template(
        "incoming/at_once.html", title=_(TITLES[action]), results=results, done=done, failed=len(results) - done,
        back=_back(),
    )  # fmt: skip
    answer = make_response(body)
    return remember(answer, request.form.get("to", "")) if action is Action.SUBMIT else answer


def _key(text: str) -> tuple[int, int]:
    """`12:3` is document 12 as it stood at version 3."""
    key, _colon, version = text.partition(":")
    if not all(part.isascii() and part.isdecimal() and 0 < len(part) < 16 for part in (key, version)):
        raise BadInput("nothing_ticked")
    return int(key), int(version)


def _closing() -> Do:
    words = request.form.get("words", "")
    return lambda key, version: act(
        working.close, current().scope, incoming_id=key, version=version, words=words
    )  # fmt: skip


def _submitting() -> Do:
    post = chosen_post(request.form.get("to", ""))
    return lambda key, version: act(
        routing.submit, current().scope, incoming_id=key, version=version, leader_post_id=post
    )


def _one(key: int, version: int, do: Do) -> Result | None:
    """One act, committed by itself; nothing is said of a document that is not within reach."""
    here = current()
    try:
        do(key, version)
        why = ""
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        why = " ".join(part for part in (trouble.title, trouble.next) if part)
    try:
        document = store.find(here.scope, here.uow.session, key)
    except WorkflowError:
        return None
    return Result(document.id, document.number, document.subject, not why, why)


def _back() -> str:
    """The list one came from; never another place."""
    back = request.form.get("back", "")
    return back if back == PATH or back.startswith(f"{PATH}?") else PATH
