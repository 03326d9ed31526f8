"""What stands in the way of signing: scripts report it, and who it is about reads what is recorded."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput
from workflow.domain.obstacle_codes import reported
from workflow.domain.permissions import Permission
from workflow.services.signing import obstacles
from workflow.store import asking, reports
from workflow.store import obstacles as store
from workflow.store.models import Outgoing
from workflow.web import obstacle_words
from workflow.web.context import act, current
from workflow.web.guards import allows, signed_in
from workflow.web.obstacle_notes import device, document_keys

bp = Blueprint("obstacles", __name__)

ALLOWED, WINDOW = 30, dt.timedelta(minutes=1)
"""Reports that one person's pages may send in this time."""

LARGEST = 16_384
"""Bytes of one report; a hundred documents are two thousand."""


@bp.post("/sign/obstacle")
@allows(Permission.ACT_ON_DOCUMENT)
def report() -> Response:
    """`{documents, code, holder}` of our scripts. Nothing is answered: neither which documents there are nor which
    of them wait for whom. What is no obstacle, and what waits for somebody else, is not recorded."""
    if request.content_length is None or request.content_length > LARGEST:
        abort(413)
    body = request.get_json(silent=True)
    code = body.get("code") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(code, str) or not isinstance(body.get("documents"), list):
        raise BadInput("request_malformed")
    here, kind = current(), reported(code)
    if kind is None:
        return Response(status=204)
    subject, since = f"obstacle:{here.person.person_id}", here.now - WINDOW
    if asking.times(here.uow.session, subject, since=since) >= ALLOWED:
        abort(429)
    here.uow.begin_write()
    asking.count(here.uow.session, subject, now=here.now, since=since)
    act(
        obstacles.note, here.scope, document_ids=document_keys(body["documents"]), kind=kind, device=device(),
        holder=str(body.get("holder", ""))[:40],
    )  # fmt: skip
    return Response(status=204)


@bp.get("/account/obstacles")
@signed_in("what is recorded about oneself")
def own() -> str:
    """Everything that was recorded of me when I was about to sign, since it stands in reports."""
    here = current()
    before = request.args.get("before", "")
    found = store.of_person(
        here.uow.session, here.person.person_id, limit=store.SHOWN + 1,
        before=int(before) if before.isdecimal() and len(before) <= 15 else None,
    )  # fmt: skip
    rows = found[: store.SHOWN]
    papers = reports.documents_in(here.scope, here.uow.session, {row.document_id for row in rows})
    return render_template(
        "accounts/obstacles.html", recorded=obstacle_words.entries_of(here, rows), papers=papers,
        older=rows[-1].id if len(found) > store.SHOWN else None,
    )  # fmt: skip


@bp.app_template_global()
def why_unsigned(document: Outgoing) -> obstacle_words.Why | None:
    """Why a document is not signed, for every page that shows it."""
    return obstacle_words.why_not_signed(current(), document)
