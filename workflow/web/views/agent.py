"""Signed by a program on the signer's own computer, one document a call: the page, and what it asks of us."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, Missing, NotFound, WorkflowError
from workflow.domain.key_holders import KeyHolder
from workflow.domain.permissions import Permission
from workflow.services import signing
from workflow.services.signing import returning, tickets
from workflow.services.signing.finishing import Outcome
from workflow.services.signing.preparing import SignaturePurpose
from workflow.web import given_away
from workflow.web.agent_words import agent_texts
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.guards import allows
from workflow.web.obstacle_notes import note_refusals
from workflow.web.preflight import AT_MOST, WORDS
from workflow.web.security import Policy, page_policy
from workflow.web.storage import blobs
from workflow.web.verdict_words import in_words, reason_words

bp = Blueprint("agent", __name__)


@bp.get("/sign/leader/agent", defaults={"purpose": "leader"})
@allows(Permission.SIGN, step_up=True)
@page_policy(Policy.AGENT)
def leader(purpose: str) -> str:
    """The signer's page."""
    return _page(SignaturePurpose(purpose))


def _page(purpose: SignaturePurpose) -> str:
    here = current()
    given = given_away.given(here, purpose, KeyHolder.TOKEN_AGENT)
    keys = given_away.keys(here, purpose, KeyHolder.TOKEN_AGENT)
    listed = [{"id": one.id, "version": one.version, "title": one.title} for one in given.ready]
    return render_template(
        "signing/agent.html", purpose=str(purpose), words=WORDS[purpose], given=given, asked=given_away.asked(),
        keys=keys, chosen=given_away.chosen_key([key for key, _left, _tone in keys]), agent=here.settings.agent_url,
        documents_json=orjson.dumps(listed).decode(), texts=agent_texts(),
        receipt=url_for("signing.receipt", documents=[one.id for one in given.ready]),
    )  # fmt: skip


@bp.post("/sign/<any(leader):purpose>/agent/begin")
@allows(Permission.ACT_ON_DOCUMENT)
def begin(purpose: str) -> Response:
    """An act of signing over these documents with one certificate. `brought`: its file came back before."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, wanted = current(), body.get("documents")
        given_away.demand_factor(here)
        if not isinstance(wanted, list) or len(wanted) > AT_MOST:
            raise BadInput("request_malformed")
        if not here.settings.agent_url:
            raise Missing("agent_not_set_up")
        usable = given_away.keys(here, SignaturePurpose(purpose), KeyHolder.TOKEN_AGENT)
        key = next((one for one, _left, _tone in usable if one.id == body.get("certificate")), None)
        if key is None:
            raise NotFound("certificate_not_found")
        token = act(
            signing.open_session, purpose=purpose, login_session_id=here.person.session_id, certificate=key.der,
            key_holder=KeyHolder.TOKEN_AGENT,
        )  # fmt: skip
        return {"session": token, "items": [_each(entry, partial(_offer, token)) for entry in wanted]}

    return _json(work)


def _offer(token: str, entry: dict[str, Any]) -> dict[str, Any]:
    here, document_id, login = current(), _number(entry.get("id")), current().person.session_id
    act(
        returning.offer, here.scope, session=token, login_session_id=login, document_id=document_id,
        version=_number(entry.get("version")),
    )  # fmt: skip
    brought = tickets.has_brought(
        here.uow, here.actor, session=token, login_session_id=login, document_id=document_id, now=here.now
    )
    return {"document": document_id, "ok": True, "brought": brought}


@bp.post("/sign/<any(leader):purpose>/agent/tickets")
@allows(Permission.ACT_ON_DOCUMENT)
def ticket(purpose: str) -> Response:
    """The two addresses of one try at one document."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, document_id = current(), _number(body.get("document"))
        made = act(
            tickets.issue, here.scope, session=_text(body), login_session_id=here.person.session_id,
            document_id=document_id,
        )  # fmt: skip
        root = _root()
        return {
            "fetch": root + url_for("agent_tickets.fetch", ticket=made.fetch),
            "bring": root + url_for("agent_tickets.bring", ticket=made.bring),
            "field": purpose, "number": "", "date": "",
        }  # fmt: skip

    return _json(work)


@bp.post("/sign/<any(leader):purpose>/agent/take")
@allows(Permission.ACT_ON_DOCUMENT)
def take(purpose: str) -> Response:
    """Judge what the program brought; passed, the document moves on."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, document_id, session = current(), _number(body.get("document")), _text(body)
        login = here.person.session_id
        try:
            outcome = _taken(session, document_id)
        except WorkflowError as refused:
            if refused.code.startswith("returned_"):  # the file is at fault: it must not be found again
                here.uow.rollback()
                act(tickets.discard, session=session, login_session_id=login, document_id=document_id)
            raise
        if outcome.conclusion == "passed":
            return {"document": document_id, "ok": True, "url": url_for("outgoing.show", document_id=document_id)}
        words = f"{explain(BadInput('signature_undecided')).title} {reason_words(outcome.reason)}".strip()
        return {"document": document_id, "ok": False, "kept": True, "code": "signature_undecided", "message": words}

    return _json(work)


def _taken(session: str, document_id: int) -> Outcome:
    here, login = current(), current().person.session_id
    seen = tickets.brought(
        here.uow, here.actor, here.scope, session=session, login_session_id=login, document_id=document_id,
        blobs=blobs(), now=here.now,
    )  # fmt: skip
    return act(
        returning.take_back, here.scope, session=session, login_session_id=login, inspected=seen, blobs=blobs()
    )


def _root() -> str:
    """Where this service is reached: the program fetches and brings by whole addresses."""
    settings = current().settings
    return settings.base_url if settings.secure_cookies else f"{request.scheme}://{request.host}"


def _text(body: dict[str, Any]) -> str:
    given = body.get("session")
    if not isinstance(given, str) or not given.isascii():
        raise BadInput("request_malformed")
    return given


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**15:
        raise BadInput("request_malformed")
    return value


def _each(entry: Any, work: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise BadInput("request_malformed")
    try:
        return work(entry)
    except WorkflowError as refused:
        current().uow.rollback()
        named = entry.get("id")
        return {"document": named if isinstance(named, int) else None, "ok": False, **_words(refused)}


def _json(work: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    """JSON in and out, refusals as `{code, message}`."""
    body, answer, status = request.get_json(silent=True), dict[str, Any](), 200
    try:
        if not isinstance(body, dict):
            raise BadInput("request_malformed")
        answer = work(body)
    except WorkflowError as refused:
        current().uow.rollback()
        answer, status = dict(_words(refused)), explain(refused).status
    note_refusals(body, answer, holder=KeyHolder.TOKEN_AGENT)
    return Response(orjson.dumps(answer), status, mimetype="application/json")


def _words(refused: WorkflowError) -> dict[str, str]:
    return {"code": refused.code, "message": explain(in_words(refused)).words(kept=False)}
