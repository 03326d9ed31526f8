"""Acts of signing that were broken off: one's own, to go on with."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Permission
from workflow.domain.signing_acts import OF_COPIES
from workflow.services import signing
from workflow.services.signing.preparing import SignaturePurpose
from workflow.services.signing.resuming import LeftItem, Rest
from workflow.store import copies
from workflow.web.context import act, current
from workflow.web.guards import allows
from workflow.web.security import Policy, use_policy
from workflow.web.signing_json import bytes_of, json_answer
from workflow.web.views import copy_sealing
from workflow.web.views.signing import IN_THE_PAGE, demand_factor, original_of, page_of

bp = Blueprint("signing_acts", __name__)


@bp.app_template_global("open_act")
def open_act() -> Rest | None:
    """For pages: one's newest act, where something of it is left."""
    here = current()
    mine = (Permission.SIGN, Permission.CO_SIGN, Permission.SEAL, Permission.MAKE_COPIES)
    if not any(here.may(one) for one in mine):
        return None
    return signing.unfinished(here.uow, here.actor, now=here.now)


@bp.get("/sign/acts/<int:act_id>")
@allows(Permission.ACT_ON_DOCUMENT, step_up=True)
def show(act_id: int) -> str:
    """How far it came, and the signing page for what is left of it."""
    here = current()
    begun = signing.begun(
        here.uow, here.actor, act_id=act_id, login_session_id=here.person.session_id, now=here.now
    )
    if begun.opened.key_holder not in IN_THE_PAGE:  # other ways begin anew: this page does not hold their bytes
        begun = replace(begun, same_bytes=False)
    use_policy(Policy.SIGNING)  # from here on: that there is no such act is said on a common page
    if begun.opened.purpose == OF_COPIES:
        return copy_sealing.page_of(begun.documents, begun=begun)
    return page_of(SignaturePurpose(begun.opened.purpose), begun.documents, begun=begun)


@bp.post("/sign/acts/<int:act_id>/go-on")
@allows(Permission.ACT_ON_DOCUMENT)
def go_on(act_id: int) -> Response:
    """A fresh secret for this page, and what is left: the same bytes to be signed."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        demand_factor()
        gone = act(
            signing.go_on, act_id=act_id, login_session_id=current().person.session_id,
            certificate=bytes_of(body.get("certificate")),
        )  # fmt: skip
        lines = [[one.document, one.version, one.prepared, one.to_be_signed] for one in gone.manifest.lines]
        made = _copy if gone.purpose == OF_COPIES else _item
        items = [item for one in gone.items if (item := made(gone.session, one)) is not None]
        told = {"nonce": gone.manifest.nonce, "code": gone.manifest.code, "lines": lines}
        return {"session": gone.session, "items": items, **told}

    return json_answer(work)


def _item(session: str, left: LeftItem) -> dict[str, Any] | None:
    """None for what went out of reach since: the others go on."""
    document, attachment = left.document_id, left.attachment_id
    try:
        original = original_of(current(), document, attachment)
    except NotFound:
        return None
    return {
        "document": document if attachment is None else f"{document}.{attachment}",
        "toBeSigned": base64.b64encode(left.to_be_signed).decode(),
        "preparedUrl": url_for("signing.prepared", session=session, document_id=document, attachment=attachment),
        "originalUrl": original,
    }


def _copy(session: str, left: LeftItem) -> dict[str, Any] | None:
    """The same of an act over copies."""
    here, copy_id = current(), left.document_id
    if not copies.chosen(here.scope, here.uow.session, [copy_id]):
        return None
    return {
        "document": copy_id,
        "toBeSigned": base64.b64encode(left.to_be_signed).decode(),
        "preparedUrl": url_for("copy_sealing.prepared", session=session, copy_id=copy_id),
        "originalUrl": url_for("copies.content", copy_id=copy_id),
    }
