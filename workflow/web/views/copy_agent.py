"""Copies sealed by a program on the clerk's own computer, one a call: the page, and what it asks of us."""

from __future__ import annotations

import base64
from functools import partial
from typing import Any

import orjson
from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, Missing, NotFound, WorkflowError
from workflow.domain.key_holders import KeyHolder
from workflow.domain.permissions import Permission
from workflow.domain.signing_acts import OF_COPIES
from workflow.services import copies as service
from workflow.services.copies import returning
from workflow.services.copies.sealing import draw, live
from workflow.services.signing import tickets
from workflow.services.signing.finishing import Outcome
from workflow.services.signing.preparing import SignaturePurpose
from workflow.store import copies as store
from workflow.web import given_away
from workflow.web.agent_words import agent_texts
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.guards import allows
from workflow.web.key_choice import asks_words
from workflow.web.security import Policy, page_policy
from workflow.web.signing_json import each, is_batch, json_answer, number
from workflow.web.storage import blobs
from workflow.web.verdict_words import reason_words
from workflow.web.views.agent import service_root, session_of
from workflow.web.views.copy_sealing import WORDS, after, chosen_copies, names_of

bp = Blueprint("copy_agent", __name__)
WAY = KeyHolder.TOKEN_AGENT


@bp.get("/sign/copy/agent")
@allows(Permission.MAKE_COPIES, step_up=True)
@page_policy(Policy.AGENT)
def page() -> str:
    """What is sealed, and with which key on the token."""
    here = current()
    checked = chosen_copies(here)
    ready = [one for one in checked if not one.why_not]
    keys = given_away.keys(here, SignaturePurpose.SEAL, WAY)
    listed = [entry for one in ready for entry in one.entries]
    return render_template(
        "copies/agent.html", purpose=OF_COPIES, words=WORDS, ready=ready, named=names_of(here, checked),
        skipped=[one for one in checked if one.why_not], phone=given_away.on_phone(OF_COPIES, WAY),
        asked=given_away.asked(), keys=keys, chosen=given_away.chosen_key([key for key, _left, _tone in keys]),
        agent=here.settings.agent_url, documents_json=orjson.dumps(listed).decode(), texts=agent_texts(),
        receipt=after(ready), files=len(ready), asks=asks_words(WAY, len(ready)),
    )  # fmt: skip


@bp.post("/sign/copy/agent/begin")
@allows(Permission.MAKE_COPIES)
def begin() -> Response:
    """An act over these copies with one certificate. `brought`: its file came back before."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, wanted = current(), body.get("documents")
        given_away.demand_factor(here)
        if not is_batch(wanted):
            raise BadInput("request_malformed")
        if not here.settings.agent_url:
            raise Missing("agent_not_set_up")
        usable = given_away.keys(here, SignaturePurpose.SEAL, WAY)
        key = next((one for one, _left, _tone in usable if one.id == body.get("certificate")), None)
        if key is None:
            raise NotFound("certificate_not_found")
        token = act(
            service.open_session, login_session_id=here.person.session_id, certificate=key.der, key_holder=WAY
        )
        return {"session": token, "items": [each(entry, partial(_offer, token)) for entry in wanted]}

    return json_answer(work, of_documents=False)


def _offer(token: str, entry: dict[str, Any]) -> dict[str, Any]:
    here, copy_id = current(), number(entry.get("id"))
    own: dict[str, Any] = {
        "session": token, "login_session_id": here.person.session_id, "copy_id": copy_id,
    }  # fmt: skip
    before = returning.drawn_before(here.uow, here.actor, now=here.now, **own)
    act(returning.offer, here.scope, version=number(entry.get("version")), drawn_at=before, **own)
    return {"document": entry["id"], "ok": True, "brought": before is not None}


@bp.post("/sign/copy/agent/tickets")
@allows(Permission.MAKE_COPIES)
def ticket() -> Response:
    """The two addresses of one try at one copy, and what its field has to show."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, copy_id, session = current(), number(body.get("document")), session_of(body)
        login, root = here.person.session_id, service_root()
        made = act(
            tickets.issue, here.scope, session=session, login_session_id=login, document_id=copy_id, of_copies=True
        )
        opened = live(here.uow, here.actor, session=session, login_session_id=login, now=here.now)
        item = store.item(here.uow.session, opened.id, copy_id)
        copy = store.find(here.scope, here.uow.session, copy_id)
        picture = draw(here.uow, copy, at=item.claimed_at)
        return {
            "fetch": root + url_for("agent_tickets.fetch", ticket=made.fetch),
            "bring": root + url_for("agent_tickets.bring", ticket=made.bring),
            "field": made.field, "number": "", "date": "", "drawing": base64.b64encode(picture).decode(),
        }  # fmt: skip

    return json_answer(work, of_documents=False)


@bp.post("/sign/copy/agent/take")
@allows(Permission.MAKE_COPIES)
def take() -> Response:
    """Judge what the program brought; passed, the copy is done."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, session, copy_id = current(), session_of(body), number(body.get("document"))
        named = body["document"]
        try:
            outcome = _taken(session, copy_id)
        except WorkflowError as refused:
            if refused.code.startswith("returned_"):  # the file is at fault: it must not be found again
                here.uow.rollback()
                act(
                    tickets.discard, session=session, login_session_id=here.person.session_id, document_id=copy_id,
                    of_copies=True,
                )  # fmt: skip
            raise
        if outcome.conclusion == "passed":
            return {"document": named, "ok": True, "url": f"/copies/{copy_id}?done=seal"}
        words = f"{explain(BadInput('signature_undecided')).title} {reason_words(outcome.reason)}".strip()
        return {"document": named, "ok": False, "kept": True, "code": "signature_undecided", "message": words}

    return json_answer(work, of_documents=False)


def _taken(session: str, copy_id: int) -> Outcome:
    here, login = current(), current().person.session_id
    seen = tickets.brought(
        here.uow, here.actor, here.scope, session=session, login_session_id=login, document_id=copy_id,
        blobs=blobs(), now=here.now, of_copies=True,
    )  # fmt: skip
    return act(
        returning.take_back, here.scope, session=session, login_session_id=login, inspected=seen, blobs=blobs()
    )
