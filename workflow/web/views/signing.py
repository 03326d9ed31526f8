"""Signing pages: preflight, key, progress, result. The key stays in the browser; two JSON calls do the rest."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.adapters import sealer
from workflow.domain.errors import BadInput, NotFound, NotPermitted, WorkflowError
from workflow.domain.key_holders import KeyHolder
from workflow.domain.permissions import Permission
from workflow.services import signing
from workflow.services.sealing import files_owed, stands
from workflow.services.signing.preparing import ACTION, PERSONAL, SignaturePurpose
from workflow.store import documents as store
from workflow.store import office
from workflow.web import receipts
from workflow.web.context import Current, act, current
from workflow.web.cosign_words import words_of_page
from workflow.web.errors import explain
from workflow.web.guards import allows
from workflow.web.key_choice import page_values
from workflow.web.preflight import AT_MOST, Checked, check_documents, current_file, keys_of
from workflow.web.security import Policy, page_policy
from workflow.web.signer_texts import signer_texts
from workflow.web.signing_json import bytes_of, each, is_batch, is_token, json_answer, number, target
from workflow.web.storage import blobs
from workflow.web.verdict_words import reason_words

bp = Blueprint("signing", __name__)

FACTOR_AGE = dt.timedelta(minutes=30)
"""A second factor opens the page for five minutes; reading a batch before signing it may take this long."""


@bp.get("/sign", defaults={"purpose": "leader"})
@allows(Permission.SIGN, step_up=True)
@page_policy(Policy.SIGNING)
def leader(purpose: str) -> str:
    """The signer's page."""
    return _page(SignaturePurpose(purpose))


@bp.get("/sign/cosign", defaults={"purpose": "cosign"})
@allows(Permission.CO_SIGN, step_up=True)
@page_policy(Policy.SIGNING)
def cosign(purpose: str) -> str:
    """The page of who signs beside the signer, or puts their initials to the text."""
    return _page(SignaturePurpose(purpose))


@bp.get("/sign/number", defaults={"purpose": "number"}, endpoint="number")
@bp.get("/sign/seal", defaults={"purpose": "seal"}, endpoint="seal")
@allows(Permission.SEAL, step_up=True)
@page_policy(Policy.SIGNING)
def agency(purpose: str) -> str:
    """The clerk's pages: the number, then the seal, with the agency's key."""
    return _page(SignaturePurpose(purpose))


def _page(purpose: SignaturePurpose, *, results: list[dict[str, Any]] | None = None) -> str:
    return page_of(purpose, _asked(), results=results)


def page_of(
    purpose: SignaturePurpose,
    asked: Sequence[int],
    *,
    results: list[dict[str, Any]] | None = None,
    begun: signing.Begun | None = None,
) -> str:
    """Preflight and key. `begun`: the act that is gone on with."""
    here = current()
    finished = {one["id"] for one in results or [] if one["ok"]}
    checked = [one for one in check_documents(here, asked, purpose) if one.id not in finished]
    ready = [one for one in checked if not one.why_not]
    keys = keys_of(here, purpose)
    server_seal = server_seal_allowed(purpose) and bool(keys.usable or not keys.revoked)
    chooser = page_values(
        ready, keys.usable, purpose=str(purpose), server_seal=server_seal,
        after=lambda some: after(purpose, some) if begun is None else _receipt_of(begun),
        only=KeyHolder(begun.opened.key_holder) if begun is not None and begun.same_bytes else None,
    )  # fmt: skip
    beyond = chooser["beyond"]
    return render_template(
        "signing/sign.html",
        purpose=purpose,
        words=words_of_page(here, purpose, [one.id for one in checked]),
        ready=[one for one in ready if one.id not in beyond],
        skipped=[replace(one, why_not=one.why_not or beyond[one.id]) for one in checked
                 if one.why_not or one.id in beyond],
        asked=bool(asked),
        begun=begun,
        in_the_page=begun is None or begun.opened.key_holder in IN_THE_PAGE,
        files=sum(len(one.entries) for one in ready),
        keys=keys.usable,
        revoked=keys.revoked,
        texts=signer_texts(),
        receipt=after(purpose, ready) if begun is None else _receipt_of(begun),
        results=results,
        made=receipts.lines(here, sorted(finished), purpose=purpose) if finished else [],
        next=receipts.onward(here, sorted(finished)) if finished else [],
        purpose_words=receipts.purpose_words,
        receipt_made=url_for("signing.receipt", documents=sorted(finished)),
        **chooser,
    )  # fmt: skip


def _asked() -> list[int]:
    words = request.values.getlist("documents")[:AT_MOST]
    return [int(word) for word in words if word.isdecimal() and len(word) < 16]


def after(purpose: SignaturePurpose, ready: Sequence[Checked]) -> str:
    """Where one goes when all are signed: to the receipt; of many that were just numbered, on to the seal."""
    keys = [one.id for one in ready]
    if purpose is SignaturePurpose.NUMBER and request.args.get("then") == "seal":
        return url_for("signing.seal", documents=keys)
    return url_for("signing.receipt", documents=keys)


def _receipt_of(begun: signing.Begun) -> str:
    """Of the whole act, also of what was signed before it was broken off."""
    keys = {int(line.document.partition(".")[0]): None for line in begun.manifest.lines}
    return url_for("signing.receipt", documents=list(keys))


def server_seal_allowed(purpose: SignaturePurpose) -> bool:
    """Whether the agency's head allowed a key on the server and this installation has one."""
    here = current()
    if purpose in PERSONAL or not here.settings.seal_socket:
        return False
    return office.unit(here.uow.session, here.post.agency_id).server_seal


@bp.get("/sign/receipt")
@allows(Permission.ACT_ON_DOCUMENT)
def receipt() -> str:
    """What was signed, by whom, when, and the hash of each file: to print or keep."""
    here = current()
    rows = receipts.lines(here, _asked(), withdrawn=True)
    return render_template(
        "signing/receipt.html",
        rows=rows,
        sentence=receipts.sentence(rows),
        next=receipts.onward(here, [line.document for line in rows if line.withdrawn_at is None]),
        purpose_words=receipts.purpose_words,
    )


@bp.post("/sign/<any(cosign, leader, number, seal):purpose>/prepare")
@allows(Permission.ACT_ON_DOCUMENT)
def prepare(purpose: str) -> Response:
    """Phase one: each document by itself; one that cannot be signed does not stop the others."""
    return json_answer(lambda body: _prepare(SignaturePurpose(purpose), body))


def _prepare(purpose: SignaturePurpose, body: dict[str, Any]) -> dict[str, Any]:
    here = current()
    demand_factor()
    chain = body.get("chain") or []
    wanted = body.get("documents")
    if not is_batch(wanted) or not isinstance(chain, list) or len(chain) > 10:
        raise BadInput("request_malformed")
    token = body.get("session")
    if token is None:
        token = act(
            signing.open_session,
            purpose=str(purpose),
            login_session_id=here.person.session_id,
            certificate=bytes_of(body.get("certificate")),
            chain=tuple(bytes_of(one) for one in chain),
            key_holder=way_of(body.get("key_holder", KeyHolder.BROWSER_FILE)),
        )
    elif not is_token(token):
        raise BadInput("request_malformed")
    return {"session": token, "items": [each(entry, lambda one: _prepare_one(token, one)) for entry in wanted]}


IN_THE_PAGE = frozenset({KeyHolder.BROWSER_FILE, KeyHolder.TOKEN_PAGE})
"""Ways of signing that the page's own scripts walk; all others have their own doors."""


def way_of(named: Any) -> KeyHolder:
    if not isinstance(named, str) or named not in set(IN_THE_PAGE):
        raise BadInput("request_malformed")
    return KeyHolder(named)


def _prepare_one(token: str, entry: dict[str, Any]) -> dict[str, Any]:
    here, (document_id, attachment_id) = current(), target(entry.get("id"))
    made = act(
        signing.prepare,
        here.scope,
        session=token,
        login_session_id=here.person.session_id,
        document_id=document_id,
        version=number(entry.get("version")),
        blobs=blobs(),
        attachment_id=attachment_id,
    )
    return {
        "document": entry["id"],
        "toBeSigned": base64.b64encode(made.to_be_signed).decode(),
        "hash": made.digest,
        "hashFunction": "sha256",
        "byteRange": list(made.byte_range),
        "preparedUrl": url_for(
            "signing.prepared", session=token, document_id=document_id, attachment=attachment_id
        ),
        "originalUrl": original_of(here, document_id, attachment_id),
    }


def original_of(here: Current, document_id: int, attachment_id: int | None) -> str:
    """Where the file lies that was read."""
    if attachment_id is not None:
        return url_for("outgoing.attachment_content", document_id=document_id, attachment_id=attachment_id, read=1)
    file = current_file(here, store.find(here.scope, here.uow.session, document_id))
    if file is None:
        raise NotFound("file_not_found")
    return url_for("outgoing.content", document_id=document_id, ordinal=file.ordinal)


@bp.get("/sign/sessions/<session>/<int:document_id>.pdf")
@allows(Permission.ACT_ON_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def prepared(session: str, document_id: int) -> Response:
    """The prepared file, for the browser to check before the key is used."""
    here = current()
    store.find(here.scope, here.uow.session, document_id)
    data = signing.prepared_file(
        here.uow, here.actor, session=session, login_session_id=here.person.session_id,
        document_id=document_id, blobs=blobs(), now=here.now, attachment_id=_attachment(),
    )  # fmt: skip
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="prepared.pdf"'
    return answer


def _attachment() -> int | None:
    given = request.args.get("attachment", "")
    return number(given) if given else None


@bp.post("/sign/<any(cosign, leader, number, seal):purpose>/fix")
@allows(Permission.ACT_ON_DOCUMENT)
def fix(purpose: str) -> Response:
    """Before the key is used: the act is about exactly these documents, or it stops here."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        session, nonce, code, order = (body.get(name) for name in ("session", "nonce", "code", "order"))
        if not (is_token(session) and is_token(nonce) and is_token(code) and is_batch(order)):
            raise BadInput("request_malformed")
        login = current().person.session_id
        named = [str(one) for one in order]
        made = act(signing.fix, session=session, login_session_id=login, nonce=nonce, code=code, order=named)
        return {"code": made.code}

    return json_answer(work)


@bp.post("/sign/<any(cosign, leader, number, seal):purpose>/finish")
@allows(Permission.ACT_ON_DOCUMENT)
def finish(purpose: str) -> Response:
    """Phase two: every signature is an act of its own and committed by itself; sending it again is harmless."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        items, session = body.get("items"), body.get("session")
        if not is_batch(items) or not is_token(session):
            raise BadInput("request_malformed")
        return {"items": [each(one, lambda entry: _finish_one(session, purpose, entry)) for one in items]}

    return json_answer(work)


def _finish_one(session: str, purpose: str, entry: dict[str, Any]) -> dict[str, Any]:
    here, (document_id, attachment_id) = current(), target(entry.get("document"))
    named = entry["document"]
    outcome = act(
        signing.finish,
        here.scope,
        session=session,
        login_session_id=here.person.session_id,
        document_id=document_id,
        signature=bytes_of(entry.get("signature")),
        blobs=blobs(),
        attachment_id=attachment_id,
    )
    action = ACTION[SignaturePurpose(purpose)]
    address = url_for("outgoing.show", document_id=document_id, done=str(action))
    if outcome.conclusion == "passed":
        return {"document": named, "ok": True, "url": address}
    return {
        "document": named,
        "ok": False,
        "code": "signature_undecided",
        "message": f"{explain(BadInput('signature_undecided')).title} {reason_words(outcome.reason)}".strip(),
        "url": url_for("outgoing.show", document_id=document_id),
    }


@bp.post("/sign/<any(number, seal):purpose>/server")
@allows(Permission.SEAL, step_up=True)
@page_policy(Policy.SIGNING)
def by_server(purpose: str) -> str:
    """With the key that the server holds, where the agency's head allowed it: no file, no password."""
    wanted = SignaturePurpose(purpose)
    if not server_seal_allowed(wanted):
        raise NotPermitted("server_seal_not_allowed")
    checked = check_documents(current(), _asked(), wanted)
    results = [ordered(one, purpose) for one in checked if not one.why_not or _made_before(one.id, purpose)]
    current().uow.rollback()
    return _page(wanted, results=results)


def ordered(one: Checked, purpose: str) -> dict[str, Any]:
    """Ask the seal process for one document's signature, and say what came of it. The second click of two on one
    button reads what the first one did."""
    here = current()
    if one.why_not:
        return {"id": one.id, "title": one.title, "ok": True, "why_not": ""}
    order = {
        "document_id": one.id, "version": one.version, "purpose": purpose, "login": here.secret,
        "address": here.address,
    }  # fmt: skip
    files = len(files_owed(here.uow, document_id=one.id, purpose=purpose))
    try:
        answer = here.uow.compute(sealer.ask, here.settings.seal_socket, order, signatures=files)
    except WorkflowError as refused:
        here.uow.rollback()
        made = stands(here.uow, document_id=one.id, purpose=purpose)
        answer = {"ok": made, "conclusion": "passed", "code": refused.code}
    done = answer.get("ok") is True and answer.get("conclusion") == "passed"
    if not done:
        here.uow.rollback()
        done = _made_before(one.id, purpose)
    code = str(answer.get("code") or "signature_undecided")
    return {"id": one.id, "title": one.title, "ok": done, "why_not": "" if done else explain(BadInput(code)).title}


def _made_before(document_id: int, purpose: str) -> bool:
    """Whether the very person who asks made this signature, and it stands."""
    here = current()
    made = store.live_signature(here.uow.session, document_id, purpose)
    return made is not None and made.person_id == here.person.person_id


def demand_factor() -> None:
    """What is prepared is shown to a key only where a second factor was given lately."""
    given = current().person.stepped_up_at
    if given is None or current().now - given > FACTOR_AGE:
        raise NotPermitted("step_up_needed")
