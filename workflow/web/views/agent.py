"""Signed by a program on the signer's own computer, one document a call: the page, and what it asks of us."""

from __future__ import annotations

import base64
from functools import partial
from typing import Any

import orjson
from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, Missing, NotFound, WorkflowError
from workflow.domain.key_holders import KeyHolder
from workflow.domain.permissions import Permission
from workflow.services import signing
from workflow.services.signing import boxes, returning, tickets
from workflow.services.signing.finishing import Outcome
from workflow.services.signing.preparing import SignaturePurpose
from workflow.store import documents as store
from workflow.web import given_away
from workflow.web.agent_words import agent_texts
from workflow.web.context import act, current
from workflow.web.cosign_words import words_of_page
from workflow.web.errors import explain
from workflow.web.guards import allows
from workflow.web.key_choice import asks_words
from workflow.web.security import Policy, page_policy
from workflow.web.signing_json import each, is_batch, is_token, json_answer, number, target
from workflow.web.storage import blobs
from workflow.web.verdict_words import reason_words
from workflow.web.views import own_box
from workflow.web.views.signing import after

bp = Blueprint("agent", __name__)


@bp.get("/sign/leader/agent", defaults={"purpose": "leader"})
@allows(Permission.SIGN, step_up=True)
@page_policy(Policy.AGENT)
def leader(purpose: str) -> str:
    """The signer's page."""
    return _page(SignaturePurpose(purpose))


@bp.get("/sign/cosign/agent", defaults={"purpose": "cosign"})
@allows(Permission.CO_SIGN, step_up=True)
@page_policy(Policy.AGENT)
def cosign(purpose: str) -> str:
    """The page of who signs beside the signer."""
    return _page(SignaturePurpose(purpose))


@bp.get("/sign/number/agent", defaults={"purpose": "number"}, endpoint="number")
@bp.get("/sign/seal/agent", defaults={"purpose": "seal"}, endpoint="seal")
@allows(Permission.SEAL, step_up=True)
@page_policy(Policy.AGENT)
def agency(purpose: str) -> str:
    """The clerk's pages, with the agency's key."""
    return _page(SignaturePurpose(purpose))


def _page(purpose: SignaturePurpose) -> str:
    here = current()
    given = given_away.given(here, purpose, KeyHolder.TOKEN_AGENT)
    keys = given_away.keys(here, purpose, KeyHolder.TOKEN_AGENT)
    listed = [entry for one in given.ready for entry in one.entries]
    ids = [one.id for one in (*given.ready, *given.skipped)]
    return render_template(
        "signing/agent.html", purpose=str(purpose), words=words_of_page(here, purpose, ids), given=given,
        phone=given_away.on_phone(purpose, KeyHolder.TOKEN_AGENT),
        asked=given_away.asked(),
        keys=keys, chosen=given_away.chosen_key([key for key, _left, _tone in keys]), agent=here.settings.agent_url,
        documents_json=orjson.dumps(listed).decode(), texts=agent_texts(),
        receipt=after(purpose, given.ready), files=len(listed), asks=asks_words(KeyHolder.TOKEN_AGENT, len(listed)),
    )  # fmt: skip


@bp.post("/sign/<any(cosign, leader, number, seal):purpose>/agent/begin")
@allows(Permission.ACT_ON_DOCUMENT)
def begin(purpose: str) -> Response:
    """An act of signing over these documents with one certificate. `brought`: its file came back before."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, wanted = current(), body.get("documents")
        given_away.demand_factor(here)
        if not is_batch(wanted):
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
        return {"session": token, "items": [each(entry, partial(_offer, token)) for entry in wanted]}

    return json_answer(work, holder=KeyHolder.TOKEN_AGENT)


def _offer(token: str, entry: dict[str, Any]) -> dict[str, Any]:
    here, login, (document_id, attachment_id) = current(), current().person.session_id, target(entry.get("id"))
    act(
        returning.offer, here.scope, session=token, login_session_id=login, document_id=document_id,
        version=number(entry.get("version")), attachment_id=attachment_id,
    )  # fmt: skip
    brought = tickets.has_brought(
        here.uow, here.actor, session=token, login_session_id=login, document_id=document_id, now=here.now,
        attachment_id=attachment_id,
    )  # fmt: skip
    return {"document": entry["id"], "ok": True, "brought": brought}


@bp.post("/sign/<any(cosign, leader, number, seal):purpose>/agent/tickets")
@allows(Permission.ACT_ON_DOCUMENT)
def ticket(purpose: str) -> Response:
    """The two addresses of one try at one document."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, (document_id, attachment_id) = current(), target(body.get("document"))
        made = act(
            tickets.issue, here.scope, session=session_of(body), login_session_id=here.person.session_id,
            document_id=document_id, attachment_id=attachment_id,
        )  # fmt: skip
        root = service_root()
        return {
            "fetch": root + url_for("agent_tickets.fetch", ticket=made.fetch),
            "bring": root + url_for("agent_tickets.bring", ticket=made.bring),
            "field": made.field, "number": "", "date": "", "drawing": _drawing(document_id, made),
        }  # fmt: skip

    return json_answer(work, holder=KeyHolder.TOKEN_AGENT)


@bp.post("/sign/<any(cosign, leader, number, seal):purpose>/agent/take")
@allows(Permission.ACT_ON_DOCUMENT)
def take(purpose: str) -> Response:
    """Judge what the program brought; passed, the document moves on."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        here, session, (document_id, attachment_id) = current(), session_of(body), target(body.get("document"))
        login, named = here.person.session_id, body["document"]
        try:
            outcome = _taken(session, document_id, attachment_id)
        except WorkflowError as refused:
            if refused.code == "returned_look":
                here.uow.rollback()
                where = own_box.address(session, document_id)
                return {"document": named, "ok": False, "kept": True, "code": refused.code,
                        "message": explain(refused).title, "look": where}  # fmt: skip
            if refused.code.startswith("returned_"):  # the file is at fault: it must not be found again
                here.uow.rollback()
                act(
                    tickets.discard, session=session, login_session_id=login, document_id=document_id,
                    attachment_id=attachment_id,
                )  # fmt: skip
            raise
        if outcome.conclusion == "passed":
            return {"document": named, "ok": True, "url": url_for("outgoing.show", document_id=document_id)}
        words = f"{explain(BadInput('signature_undecided')).title} {reason_words(outcome.reason)}".strip()
        return {"document": named, "ok": False, "kept": True, "code": "signature_undecided", "message": words}

    return json_answer(work, holder=KeyHolder.TOKEN_AGENT)


def _drawing(document_id: int, made: tickets.Tickets) -> str:
    """What the box has to show, for the program to use as the signature's picture; empty where it draws its own."""
    here = current()
    if made.item is None:
        return ""
    document = store.find(here.scope, here.uow.session, document_id)
    picture = boxes.drawing(here.uow, here.actor, document, made.item, purpose=SignaturePurpose(made.purpose))
    return base64.b64encode(picture).decode()


def _taken(session: str, document_id: int, attachment_id: int | None) -> Outcome:
    here, login = current(), current().person.session_id
    seen = tickets.brought(
        here.uow, here.actor, here.scope, session=session, login_session_id=login, document_id=document_id,
        blobs=blobs(), now=here.now, attachment_id=attachment_id,
    )  # fmt: skip
    return act(
        returning.take_back, here.scope, session=session, login_session_id=login, inspected=seen, blobs=blobs()
    )


def service_root() -> str:
    """Where this service is reached: the program fetches and brings by whole addresses."""
    settings = current().settings
    return settings.base_url if settings.secure_cookies else f"{request.scheme}://{request.host}"


def session_of(body: dict[str, Any]) -> str:
    """The secret name of the act, as the page sends it."""
    given = body.get("session")
    if not is_token(given):
        raise BadInput("request_malformed")
    return given
