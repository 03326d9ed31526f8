"""Signing with a key that a remote service holds: what is signed, the code for both screens, how it goes on.

A page that is closed changes nothing: the clock asks on. GET only looks; whoever wants to know more asks by POST,
the page's script every few seconds, the button without it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused, WorkflowError
from workflow.domain.permissions import Permission
from workflow.domain.remote_signing import OPEN, ItemStanding, Standing
from workflow.domain.signing_acts import OF_COPIES
from workflow.services.signing import remote
from workflow.services.signing.preparing import SignaturePurpose, purpose_of
from workflow.store import copies as copies_store
from workflow.store import documents as documents_store
from workflow.store import remote_signing as store
from workflow.store.models import Certificate, RemoteRequest, SigningSession
from workflow.store.session import UnitOfWork
from workflow.web import given_away, remote_words
from workflow.web.context import act, commit, current, installation
from workflow.web.copy_words import original_words
from workflow.web.copy_words import title as copy_title
from workflow.web.cosign_words import words_of_page
from workflow.web.errors import explain
from workflow.web.forms import page, see
from workflow.web.guards import allows, wants_json
from workflow.web.preflight import AT_MOST, Checked, check_documents, keys_of, title_of
from workflow.web.remote_keys import configured, holder_of
from workflow.web.storage import blobs
from workflow.web.verdict_words import in_words
from workflow.web.views.desk import days_left
from workflow.web.views.signing import FACTOR_AGE

bp = Blueprint("remote_signing", __name__)

R = TypeVar("R")

LONG = threading.BoundedSemaphore(1)
"""The one place of a process for a service that is asked until its person approves."""


def doing(work: Callable[[UnitOfWork], R]) -> R:
    """One unit of work of a use case that has several: kept, or forgotten where it was refused."""
    here = current()
    try:
        result = work(here.uow)
    except BaseException:
        here.uow.rollback()
        raise
    commit()
    return result


def remote_keys(purpose: SignaturePurpose) -> list[tuple[Certificate, str]]:
    """This person's certificates for a purpose whose key a configured service holds, with the service's title."""
    here, known = current(), configured()
    found = []
    for one in keys_of(here, purpose).usable:
        service = holder_of(one, known)
        if service is not None:
            found.append((one, service.title))
    return found


@bp.get("/sign/leader/remote", defaults={"purpose": "leader"})
@allows(Permission.SIGN, step_up=True)
def leader(purpose: str) -> str:
    """Before a leader's signature."""
    return _start(SignaturePurpose(purpose))


@bp.get("/sign/cosign/remote", defaults={"purpose": "cosign"}, endpoint="cosign")
@allows(Permission.CO_SIGN, step_up=True)
def beside(purpose: str) -> str:
    """Before the signature of who signs beside the signer."""
    return _start(SignaturePurpose(purpose))


@bp.get("/sign/number/remote", defaults={"purpose": "number"}, endpoint="number")
@bp.get("/sign/seal/remote", defaults={"purpose": "seal"}, endpoint="seal")
@allows(Permission.SEAL, step_up=True)
def agency(purpose: str) -> str:
    """Before the number's signature, and before the seal."""
    return _start(SignaturePurpose(purpose))


def _start(purpose: SignaturePurpose, trouble: str = "") -> str:
    here = current()
    checked = check_documents(here, _asked(), purpose)
    words = words_of_page(here, purpose, [one.id for one in checked])
    return render_template("signing/remote.html", words=words, **start_values(str(purpose), checked, trouble))


def start_values(purpose: str, checked: Sequence[Checked], trouble: str) -> dict[str, Any]:
    """What every page needs before a request is sent, of documents and of copies."""
    here, ready = current(), [one for one in checked if not one.why_not]
    keys = [(one, title, *days_left(one.not_after, here.now)) for one, title in remote_keys(purpose_of(purpose))]
    return {
        "purpose": purpose, "ready": ready, "trouble": trouble, "keys": keys,
        "chosen": given_away.chosen_key([key for key, *_rest in keys]),
        "skipped": [one for one in checked if one.why_not], "files": sum(len(one.entries) for one in ready),
        "open_request": store.latest_open(here.uow.session, person_id=here.person.person_id, kind="sign"),
    }  # fmt: skip


def _asked() -> list[int]:
    words = request.values.getlist("documents")[:AT_MOST]
    return [int(word) for word in words if word.isdecimal() and len(word) < 16]


@bp.post("/sign/leader/remote", defaults={"purpose": "leader"})
@allows(Permission.SIGN)
def begin_leader(purpose: str) -> Answer:
    """Prepare and fix; the page that follows shows the code."""
    return _begin(SignaturePurpose(purpose))


@bp.post("/sign/cosign/remote", defaults={"purpose": "cosign"}, endpoint="begin_cosign")
@allows(Permission.CO_SIGN)
def begin_beside(purpose: str) -> Answer:
    """The same for who signs beside the signer."""
    return _begin(SignaturePurpose(purpose))


@bp.post("/sign/number/remote", defaults={"purpose": "number"}, endpoint="begin_number")
@bp.post("/sign/seal/remote", defaults={"purpose": "seal"}, endpoint="begin_seal")
@allows(Permission.SEAL)
def begin_agency(purpose: str) -> Answer:
    """The same for the clerk."""
    return _begin(SignaturePurpose(purpose))


def _begin(purpose: SignaturePurpose) -> Answer:
    checked = check_documents(current(), _asked(), purpose)
    return begin_with(str(purpose), checked, lambda trouble: _start(purpose, trouble))


def begin_with(purpose: str, checked: Sequence[Checked], again: Callable[[str], str]) -> Answer:
    """Prepare and fix what was chosen, of documents or copies. `again`: the page once more, with what is wrong."""
    here = current()
    given = here.person.stepped_up_at
    if given is None or here.now - given > FACTOR_AGE:
        raise NotPermitted("step_up_needed")
    key = request.form.get("key", 0, type=int)
    ready = any(not one.why_not for one in checked)
    own = {one.id for one, _title in remote_keys(purpose_of(purpose))}
    if key not in own or not ready:  # nobody else's is told of
        code = "remote_no_key_chosen" if ready else "act_empty"
        return page(again(explain(BadInput(code)).title), 422)
    # also those that moved on since the page was read: each is refused by itself, and the request's page says why
    actor, scope, files = here.actor, here.scope, [file for one in checked for file in _files(one)][:AT_MOST]
    try:
        begun = remote.begin(
            doing, actor, scope, purpose=purpose, login_session_id=here.person.session_id, certificate_id=key,
            files=files, services=configured(), blobs=blobs(), now=here.now,
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        return page(again(explain(in_words(refused)).words()), 422)
    return see(url_for("remote_signing.show", request_id=begun.request_id))


def _files(one: Checked) -> list[remote.File]:
    """In the order of signing, of the version that was read: the form names it."""
    read = request.form.get(f"version-{one.id}", one.version, type=int)
    return [*(remote.File(one.id, read, each.id) for each in one.attached), remote.File(one.id, read)]


@bp.get("/sign/remote/<int:request_id>")
@allows(Permission.ENROL_CERTIFICATE)
def show(request_id: int) -> Response | str:
    """The code, how it stands, what came of each file; as JSON for a script."""
    parts = _parts(request_id)
    if wants_json():
        return _json(parts)
    live = next((one for one in parts if one.state in OPEN - {Standing.QUEUED}), None)
    shown = live or next((one for one in reversed(parts) if one.state != Standing.CANCELLED), parts[-1])
    return render_template(
        "signing/remote_request.html", first=parts[0], parts=parts, live=live, shown=shown,
        words=remote_words, purpose=_purpose(parts[0]), lines=_lines(parts), service=_title(parts[0]),
        left_out=_left_out(parts[0]), onward=_onward(parts),
    )  # fmt: skip


@bp.post("/sign/remote/<int:request_id>/ask")
@allows(Permission.ENROL_CERTIFICATE)
def ask(request_id: int) -> Answer:
    """Go one step on, now; the clock does the same. A page that asks on after the end has shown it: whoever closed
    it while this very question was on its way has not."""
    parts = _parts(request_id)
    over = all(one.state not in OPEN for one in parts)
    _advance(request_id, parts[0].provider)
    if over or not wants_json():  # without the script the answer is the page itself
        act(remote.seen, request_id=request_id)
    if wants_json():
        return _json(_parts(request_id))
    return see(url_for("remote_signing.show", request_id=request_id))


def _advance(request_id: int, provider: str) -> None:
    """A service that answers only once the person has approved holds its thread for minutes: one at a time in each
    process. Where that place is taken the page shows how it stands, and the clock or the next press goes on."""
    services = configured()
    service = services.get(provider)
    waits = service is not None and not service.capabilities.named
    if waits and not LONG.acquire(blocking=False):
        return
    try:
        remote.advance(doing, request_id=request_id, services=services, blobs=blobs(), clock=installation().clock)
    finally:
        if waits:
            LONG.release()


@bp.post("/sign/remote/<int:request_id>/cancel")
@allows(Permission.ENROL_CERTIFICATE)
def cancel(request_id: int) -> Answer:
    """Take it back."""
    act(remote.cancel, request_id=request_id)
    return see(url_for("remote_signing.show", request_id=request_id))


def _parts(request_id: int) -> list[RemoteRequest]:
    """One's own request with the others of its act."""
    here = current()
    asked = store.of_person(here.uow.session, request_id, person_id=here.person.person_id)
    return list(store.parts_of(here.uow.session, asked))


def _json(parts: list[RemoteRequest]) -> Response:
    told = [
        {"part": one.part, "state": one.state, "code": one.code, "reason": one.reason, "trouble": one.trouble,
         "items": [{"document": item["document"], "attachment": item["attachment"], "state": item["state"]}
                   for item in one.items]}
        for one in parts
    ]  # fmt: skip
    over = all(one.state not in OPEN for one in parts)
    return Response(orjson.dumps({"over": over, "parts": told}), mimetype="application/json")


def _purpose(first: RemoteRequest) -> str:
    if first.act_id is None:
        return ""
    return current().uow.session.get_one(SigningSession, first.act_id).purpose


def _title(first: RemoteRequest) -> str:
    found = configured().get(first.provider)
    return found.title if found is not None else first.provider


def _lines(parts: list[RemoteRequest]) -> list[dict[str, Any]]:
    """Each file with its title, where it may still be seen."""
    found, purpose = [], _purpose(parts[0])
    for item in (item for one in parts for item in one.items):
        word, tone = remote_words.ITEMS[item["state"]]
        why = remote_words.why(item["code"], undecided=item["state"] == "undecided")
        found.append({**_named(item, purpose), "word": word, "tone": tone, "why": why})
    return found


def _left_out(first: RemoteRequest) -> list[dict[str, Any]]:
    """What was chosen and is not in the request, each with why."""
    purpose = _purpose(first)
    return [
        {**_named(one, purpose), "why": explain(in_words(Refused(one["code"]))).title}
        for one in first.about.get("left_out", ())
    ]


def _named(item: dict[str, Any], purpose: str) -> dict[str, Any]:
    """How a file is called and where it lies: a document, or a certified copy."""
    here, key = current(), int(item["document"])
    of_copies = purpose == OF_COPIES
    try:
        if of_copies:
            copy = copies_store.find(here.scope, here.uow.session, key)
            title = f"{copy_title(copy)} · {original_words(copy)}"
        else:
            title = title_of(documents_store.find(here.scope, here.uow.session, key))
    except NotFound:
        title = str(key)
    address = f"/copies/{key}" if of_copies else f"/outgoing/{key}"
    return {"document": key, "title": title, "address": address, "attachment": item["attachment"]}


def _onward(parts: list[RemoteRequest]) -> str:
    """Of copies: where those that are sealed now lie."""
    sealed = [item["document"] for one in parts for item in one.items if item["state"] == ItemStanding.DONE]
    if _purpose(parts[0]) != OF_COPIES or not sealed:
        return ""
    return f"/copies/{sealed[0]}" if len(sealed) == 1 else "/copies?state=done"
