"""The agency's signature on digital copies: the same page, keys and two calls as any seal's."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from workflow.domain import copies as rules
from workflow.domain.copies import Action, Medium, State
from workflow.domain.errors import BadInput, NotPermitted, Refused, WorkflowError
from workflow.domain.key_holders import KeyHolder
from workflow.domain.permissions import Permission
from workflow.domain.signing_acts import OF_COPIES
from workflow.services import copies as service
from workflow.services import signing
from workflow.services.copies.moves import demand_still_public
from workflow.services.signing.preparing import SignaturePurpose
from workflow.store import copies as store
from workflow.store.models import CertifiedCopy
from workflow.web import given_away
from workflow.web.context import Current, act, current
from workflow.web.copy_words import named, title
from workflow.web.errors import explain
from workflow.web.guards import allows
from workflow.web.i18n import N_
from workflow.web.key_choice import page_values
from workflow.web.preflight import Checked, Words, keys_of
from workflow.web.security import Policy, page_policy
from workflow.web.signer_texts import signer_texts
from workflow.web.signing_json import bytes_of, each, is_batch, is_token, json_answer, number
from workflow.web.storage import blobs
from workflow.web.verdict_words import reason_words
from workflow.web.views.signing import IN_THE_PAGE, demand_factor, ordered, server_seal_allowed, way_of

bp = Blueprint("copy_sealing", __name__)

WORDS = Words(
    N_("Seal copies"),
    N_("At the top right of page 1 stand the form of copy, the agency and the moment, signed by the agency."),
    N_("Seal the copy"),
)


@bp.get("/sign/copy")
@allows(Permission.MAKE_COPIES, step_up=True)
@page_policy(Policy.SIGNING)
def page() -> str:
    """What is sealed, what is left out and why, with which key."""
    return _page()


@bp.post("/sign/copy/server")
@allows(Permission.MAKE_COPIES, step_up=True)
@page_policy(Policy.SIGNING)
def by_server() -> str:
    """With the key that the server holds, where the agency's head allowed it."""
    if not server_seal_allowed(SignaturePurpose.SEAL):
        raise NotPermitted("server_seal_not_allowed")
    results = [ordered(one, OF_COPIES) for one in chosen_copies(current()) if not one.why_not]
    current().uow.rollback()
    return _page(results)


def chosen_copies(here: Current, asked: Sequence[int] | None = None) -> list[Checked]:
    """The chosen copies within reach, each with why it cannot be sealed now."""
    chosen = given_away.asked() if asked is None else asked
    return [_checked(here, row) for row in store.chosen(here.scope, here.uow.session, chosen)]


def _page(results: list[dict[str, Any]] | None = None) -> str:
    return page_of(given_away.asked(), results=results)


def page_of(
    asked: Sequence[int], *, results: list[dict[str, Any]] | None = None, begun: signing.Begun | None = None
) -> str:
    """What is sealed and with which key. `begun`: the act that is gone on with."""
    here = current()
    finished = {one["id"] for one in results or [] if one["ok"]}
    checked = [one for one in chosen_copies(here, asked) if one.id not in finished]
    ready = [one for one in checked if not one.why_not]
    keys = keys_of(here, SignaturePurpose.SEAL)
    server_seal = server_seal_allowed(SignaturePurpose.SEAL) and bool(keys.usable or not keys.revoked)
    return render_template(
        "copies/seal.html", purpose=OF_COPIES, words=WORDS, ready=ready,
        skipped=[one for one in checked if one.why_not], named=names_of(here, checked),
        asked=bool(asked), begun=begun, results=results, keys=keys.usable, revoked=keys.revoked,
        texts=signer_texts(), in_the_page=begun is None or begun.opened.key_holder in IN_THE_PAGE,
        receipt="" if begun is None else _after_all(begun),
        **page_values(
            ready, keys.usable, purpose=OF_COPIES, server_seal=server_seal,
            after=after if begun is None else lambda _some: _after_all(begun),
            only=KeyHolder(begun.opened.key_holder) if begun is not None and begun.same_bytes else None,
        ),
    )  # fmt: skip


def _after_all(begun: signing.Begun) -> str:
    """After the whole act, also what was sealed before it was broken off."""
    return _done([int(line.document) for line in begun.manifest.lines])


def names_of(here: Current, checked: Sequence[Checked]) -> dict[int, str]:
    """Copy → how its original is called."""
    rows = store.chosen(here.scope, here.uow.session, [one.id for one in checked])
    return {row.id: named(row) for row in rows}


def after(ready: Sequence[Checked]) -> str:
    """Where one goes when all are sealed."""
    return _done([one.id for one in ready])


def _done(copies: Sequence[int]) -> str:
    return f"/copies/{copies[0]}?done=seal" if len(copies) == 1 else "/copies?state=done"


def _checked(here: Current, copy: CertifiedCopy) -> Checked:
    why_not = ""
    try:
        rules.demand_step(Action.SEAL, State(copy.state), Medium(copy.medium))
        demand_still_public(here.uow, copy, Action.SEAL)
        if any(one.status == "pending" for one in store.open_items(here.uow.session, copy.id)):
            raise Refused("signature_pending")
    except WorkflowError as refused:
        why_not = explain(refused).title
    return Checked(
        id=copy.id, version=copy.version, title=title(copy), sha256=copy.sha256, ordinal=0, pages=copy.pages,
        why_not=why_not,
    )  # fmt: skip


@bp.post("/sign/copy/prepare")
@allows(Permission.MAKE_COPIES)
def prepare() -> Response:
    """Phase one: each copy by itself; one that cannot be sealed does not stop the others."""
    return json_answer(_prepare, of_documents=False)


def _prepare(body: dict[str, Any]) -> dict[str, Any]:
    here = current()
    demand_factor()
    chain, wanted, token = body.get("chain") or [], body.get("documents"), body.get("session")
    if not is_batch(wanted) or not isinstance(chain, list) or len(chain) > 10:
        raise BadInput("request_malformed")
    if token is None:
        token = act(
            service.open_session, login_session_id=here.person.session_id,
            certificate=bytes_of(body.get("certificate")), chain=tuple(bytes_of(one) for one in chain),
            key_holder=way_of(body.get("key_holder", KeyHolder.BROWSER_FILE)),
        )  # fmt: skip
    elif not is_token(token):
        raise BadInput("request_malformed")
    return {"session": token, "items": [each(entry, lambda one: _prepare_one(token, one)) for entry in wanted]}


def _prepare_one(token: str, entry: dict[str, Any]) -> dict[str, Any]:
    here, copy_id = current(), number(entry.get("id"))
    made = act(
        service.prepare, here.scope, session=token, login_session_id=here.person.session_id, copy_id=copy_id,
        version=number(entry.get("version")), blobs=blobs(),
    )  # fmt: skip
    return {
        "document": entry["id"],
        "toBeSigned": base64.b64encode(made.to_be_signed).decode(),
        "hash": made.digest,
        "hashFunction": "sha256",
        "byteRange": list(made.byte_range),
        "preparedUrl": url_for("copy_sealing.prepared", session=token, copy_id=copy_id),
        "originalUrl": url_for("copies.content", copy_id=copy_id),
    }


@bp.get("/sign/copy/<session>/<int:copy_id>.pdf")
@allows(Permission.MAKE_COPIES)
@page_policy(Policy.DOWNLOAD)
def prepared(session: str, copy_id: int) -> Response:
    """The prepared file, for the browser to check before the key is used."""
    here = current()
    data = service.prepared_file(
        here.uow, here.actor, here.scope, session=session, login_session_id=here.person.session_id, copy_id=copy_id,
        blobs=blobs(), now=here.now,
    )  # fmt: skip
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="prepared.pdf"'
    return answer


@bp.post("/sign/copy/fix")
@allows(Permission.MAKE_COPIES)
def fix() -> Response:
    """Before the key is used: the act is about exactly these copies, or it stops here."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        session, nonce, code, order = (body.get(name) for name in ("session", "nonce", "code", "order"))
        if not (is_token(session) and is_token(nonce) and is_token(code) and is_batch(order)):
            raise BadInput("request_malformed")
        made = act(
            service.fix, session=session, login_session_id=current().person.session_id, nonce=nonce, code=code,
            order=[str(one) for one in order],
        )  # fmt: skip
        return {"code": made.code}

    return json_answer(work, of_documents=False)


@bp.post("/sign/copy/finish")
@allows(Permission.MAKE_COPIES)
def finish() -> Response:
    """Phase two: every copy is an act of its own; sending it again is harmless."""

    def work(body: dict[str, Any]) -> dict[str, Any]:
        items, session = body.get("items"), body.get("session")
        if not is_batch(items) or not is_token(session):
            raise BadInput("request_malformed")
        return {"items": [each(one, lambda entry: _finish_one(session, entry)) for one in items]}

    return json_answer(work, of_documents=False)


def _finish_one(session: str, entry: dict[str, Any]) -> dict[str, Any]:
    here, copy_id = current(), number(entry.get("document"))
    outcome = act(
        service.finish, here.scope, session=session, login_session_id=here.person.session_id, copy_id=copy_id,
        signature=bytes_of(entry.get("signature")), blobs=blobs(),
    )  # fmt: skip
    if outcome.conclusion == "passed":
        return {"document": entry["document"], "ok": True, "url": f"/copies/{copy_id}?done=seal"}
    words = f"{explain(BadInput('signature_undecided')).title} {reason_words(outcome.reason)}".strip()
    return {
        "document": entry["document"], "ok": False, "code": "signature_undecided", "message": words,
        "url": f"/copies/{copy_id}",
    }  # fmt: skip
