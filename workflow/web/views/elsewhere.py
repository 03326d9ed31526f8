"""Signed with another program and brought back: download the copy for signing, sign it anywhere, bring the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.key_holders import KeyHolder
from workflow.domain.permissions import Permission
from workflow.services import signing
from workflow.services.signing import attached, boxes, returning
from workflow.services.signing.finishing import Outcome
from workflow.services.signing.preparing import SignaturePurpose, base_file, check_allowed, field_of
from workflow.store import attachments, desk
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.web import given_away, receipts
from workflow.web.context import act, current
from workflow.web.cosign_words import words_of_page
from workflow.web.errors import explain
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.obstacle_notes import note_refusal
from workflow.web.preflight import AT_MOST, title_of
from workflow.web.security import Policy, page_policy
from workflow.web.storage import blobs
from workflow.web.uploads import chosen_files, read
from workflow.web.verdict_words import in_words, reason_words
from workflow.web.views import own_box

bp = Blueprint("elsewhere", __name__)


@dataclass(slots=True)
class Result:
    """What came of one file. `kept`: it is here and is judged again by itself."""

    name: str
    document: int = 0
    attachment: int | None = None
    title: str = ""
    ok: bool = False
    kept: bool = False
    why_not: str = ""
    look: str = ""
    """Where its signer looks at its field before it is taken."""
    inspected: returning.Inspected | None = None
    token: str = ""


@bp.get("/sign/leader/elsewhere", defaults={"purpose": "leader"})
@allows(Permission.SIGN, step_up=True)
def leader(purpose: str) -> str:
    """The signer's page."""
    return _page(SignaturePurpose(purpose), [])


@bp.get("/sign/cosign/elsewhere", defaults={"purpose": "cosign"})
@allows(Permission.CO_SIGN, step_up=True)
def cosign(purpose: str) -> str:
    """The page of who signs beside the signer."""
    return _page(SignaturePurpose(purpose), [])


@bp.get("/sign/number/elsewhere", defaults={"purpose": "number"}, endpoint="number")
@bp.get("/sign/seal/elsewhere", defaults={"purpose": "seal"}, endpoint="seal")
@allows(Permission.SEAL, step_up=True)
def agency(purpose: str) -> str:
    """The clerk's pages, with the agency's key."""
    return _page(SignaturePurpose(purpose), [])


def _page(purpose: SignaturePurpose, results: list[Result]) -> str:
    here = current()
    finished = [one.document for one in results if one.ok and one.attachment is None]
    given = given_away.given(here, purpose, KeyHolder.UPLOADED, without=finished)
    ids = [one.id for one in (*given.ready, *given.skipped)]
    return render_template(
        "signing/elsewhere.html", purpose=str(purpose), words=words_of_page(here, purpose, ids), given=given,
        phone=given_away.on_phone(purpose, KeyHolder.UPLOADED),
        asked=given_away.asked(),
        keys=given_away.keys(here, purpose, KeyHolder.UPLOADED), results=results,
        receipt=url_for("signing.receipt", documents=finished) if finished else "",
        made=receipts.lines(here, sorted(finished), purpose=purpose) if finished else [],
        purpose_words=receipts.purpose_words,
        fields={one.id: field_of(here.uow, here.actor, one.id, purpose=purpose) for one in given.ready},
    )  # fmt: skip


@bp.get("/sign/<any(cosign, leader, number, seal):purpose>/elsewhere/<int:document_id>.pdf")
@allows(Permission.ACT_ON_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def copy(purpose: str, document_id: int) -> Response:
    """The copy for signing: the file as it was read, its field still empty."""
    here, wanted = current(), SignaturePurpose(purpose)
    document = store.find(here.scope, here.uow.session, document_id)
    check_allowed(here.uow, here.actor, document, purpose=wanted, version=document.version, now=here.now)
    answer = Response(here.uow.compute(blobs().get, base_file(document)), mimetype="application/pdf")
    name = f"{document_id}-{base_file(document)[:8]}-{purpose}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/sign/<any(number, seal):purpose>/elsewhere/<int:document_id>/drawing.pdf")
@allows(Permission.SEAL)
@page_policy(Policy.DOWNLOAD)
def drawing(purpose: str, document_id: int) -> Response:
    """What the box has to show, to be used as the picture of the signature."""
    here, wanted = current(), SignaturePurpose(purpose)
    document = store.find(here.scope, here.uow.session, document_id)
    check_allowed(here.uow, here.actor, document, purpose=wanted, version=document.version, now=here.now)
    answer = Response(boxes.drawing_now(here.uow, here.actor, document, purpose=wanted, now=here.now))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{document_id}-{purpose}-box.pdf"'
    return answer


@bp.get("/sign/seal/elsewhere/<int:document_id>/<int:attachment_id>.pdf")
@allows(Permission.SEAL)
@page_policy(Policy.DOWNLOAD)
def attachment_copy(document_id: int, attachment_id: int) -> Response:
    """An attachment that still needs its seal, the field of it still empty."""
    here, document = current(), _to_seal(document_id)
    row = attached.to_seal(here.uow, document, attachment_id)
    answer = Response(here.uow.compute(blobs().get, row.sha256), mimetype="application/pdf")
    name = f"{document_id}-{attachment_id}-{row.sha256[:8]}-seal.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/sign/seal/elsewhere/<int:document_id>/<int:attachment_id>/drawing.pdf")
@allows(Permission.SEAL)
@page_policy(Policy.DOWNLOAD)
def attachment_drawing(document_id: int, attachment_id: int) -> Response:
    """What its box has to show: number and symbol, and this moment as the one of signing."""
    here, document = current(), _to_seal(document_id)
    made = boxes.drawing_now(
        here.uow, here.actor, document, purpose=SignaturePurpose.SEAL, now=here.now, attachment_id=attachment_id
    )
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{document_id}-{attachment_id}-seal-box.pdf"'
    return answer


def _to_seal(document_id: int) -> Outgoing:
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    check_allowed(
        here.uow, here.actor, document, purpose=SignaturePurpose.SEAL, version=document.version, now=here.now
    )
    return document


@bp.post("/sign/leader/elsewhere", defaults={"purpose": "leader"}, endpoint="bring_leader")
@allows(Permission.SIGN)
def bring_leader(purpose: str) -> str:
    """The signer's files."""
    return _bring(SignaturePurpose(purpose))


@bp.post("/sign/cosign/elsewhere", defaults={"purpose": "cosign"}, endpoint="bring_cosign")
@allows(Permission.CO_SIGN)
def bring_cosign(purpose: str) -> str:
    """The files of who signs beside the signer."""
    return _bring(SignaturePurpose(purpose))


@bp.post("/sign/number/elsewhere", defaults={"purpose": "number"}, endpoint="bring_number")
@bp.post("/sign/seal/elsewhere", defaults={"purpose": "seal"}, endpoint="bring_seal")
@allows(Permission.SEAL)
def bring_agency(purpose: str) -> str:
    """The clerk's files."""
    return _bring(SignaturePurpose(purpose))


def _bring(purpose: SignaturePurpose) -> str:
    """Each file by itself: one that is refused does not stop the others. Those of one certificate are one act;
    attachments are taken before the documents that they go with, in whatever order they came."""
    given_away.demand_factor(current())
    files = chosen_files("files")
    if len(files) > AT_MOST:
        raise BadInput("too_many_files", limit=AT_MOST)
    among = [row.id for row in desk.chosen(current().scope, current().uow.session, given_away.asked())]
    results = [_looked_into(purpose, file, among) for file in files]
    tokens: dict[str, str] = {}
    for result in results:
        _try(result, partial(_offered, purpose, result, tokens))
    for result in sorted(results, key=lambda one: one.attachment is None):
        _try(result, partial(_taken, result))
    return _page(purpose, results)


def _looked_into(purpose: SignaturePurpose, file: FileStorage, among: list[int]) -> Result:
    here, result = current(), Result(name=(file.filename or "")[:200])

    def look() -> None:
        data, result.name = read(file)
        before = returning.known(here.uow, here.scope, data=data, among=among)
        if before is not None:
            _told(result, before)
            return
        result.inspected = returning.inspect(
            here.uow, here.actor, here.scope, purpose=str(purpose), data=data, among=among, blobs=blobs()
        )
        _named(result, result.inspected.document_id, attached.attachment_of(result.inspected.item))

    _try(result, look)
    return result


def _offered(purpose: SignaturePurpose, result: Result, tokens: dict[str, str]) -> None:
    if result.inspected is None or result.why_not:
        return
    here = current()
    key = returning.signer(here.uow, here.actor, result.inspected, purpose=str(purpose))
    if key.sha256 not in tokens:
        tokens[key.sha256] = act(
            signing.open_session, purpose=str(purpose), login_session_id=here.person.session_id,
            certificate=key.der, key_holder=KeyHolder.UPLOADED,
        )  # fmt: skip
    result.token = tokens[key.sha256]
    version = store.find(here.scope, here.uow.session, result.inspected.document_id).version
    act(
        returning.offer, here.scope, session=result.token, login_session_id=here.person.session_id,
        document_id=result.inspected.document_id, version=version, attachment_id=result.attachment,
        drawn_at=returning.drawn_moment(result.inspected, now=here.now),
    )  # fmt: skip


def _taken(result: Result) -> None:
    if result.inspected is None or result.why_not:
        return
    here = current()
    try:
        outcome = act(
            returning.take_back, here.scope, session=result.token, login_session_id=here.person.session_id,
            inspected=result.inspected, blobs=blobs(),
        )  # fmt: skip
    except BadInput as refused:
        if refused.code != "returned_look":
            raise
        here.uow.rollback()
        result.look = own_box.lay_aside(result.token, result.inspected)
        return
    _told(result, outcome)


def _told(result: Result, outcome: Outcome) -> None:
    _named(result, outcome.document_id, outcome.attachment_id)
    result.ok, result.kept = outcome.conclusion == "passed", outcome.conclusion != "passed"
    if outcome.again and result.ok:
        result.why_not = _("This very file was taken before; nothing was done twice.")
    elif result.kept:
        result.why_not = reason_words(outcome.reason)
        note_refusal("signature_undecided", [outcome.document_id], holder=KeyHolder.UPLOADED)


def _named(result: Result, document_id: int, attachment_id: int | None) -> None:
    here = current()
    result.document, result.attachment = document_id, attachment_id
    result.title = title_of(store.find(here.scope, here.uow.session, document_id))
    if attachment_id is not None:
        name = attachments.find(here.scope, here.uow.session, document_id, attachment_id).name
        result.title = f"{result.title} · {name}"


def tried(result: Result, work: Callable[[], None]) -> str:
    """One step with one file; why not is told beside it, and its code is the answer."""
    try:
        work()
    except WorkflowError as refused:
        current().uow.rollback()
        result.why_not, result.ok = explain(in_words(refused)).words(), False
        return refused.code
    return ""


def _try(result: Result, work: Callable[[], None]) -> None:
    if code := tried(result, work):
        note_refusal(code, [result.document] if result.document else [], holder=KeyHolder.UPLOADED)
