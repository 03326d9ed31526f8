"""Copies sealed by another program and brought back. The picture for the field shows the moment at which the page
was opened: the page keeps it in its address, and what comes back has to show it."""

from __future__ import annotations

import datetime as dt
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from workflow.domain import copies as rules
from workflow.domain.copies import Action, Medium, State
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.key_holders import KeyHolder
from workflow.domain.permissions import Permission
from workflow.domain.signing_acts import OF_COPIES
from workflow.services import copies as service
from workflow.services.copies import returning
from workflow.services.copies.sealing import draw
from workflow.services.journal import OFFICE_ZONE
from workflow.services.signing.finishing import Outcome
from workflow.services.signing.preparing import SignaturePurpose
from workflow.services.signing.returning import signer
from workflow.store import copies as store
from workflow.store.models import CertifiedCopy
from workflow.web import given_away
from workflow.web.context import act, current
from workflow.web.copy_words import title
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.preflight import AT_MOST
from workflow.web.security import Policy, page_policy
from workflow.web.storage import blobs
from workflow.web.uploads import chosen_files, read
from workflow.web.verdict_words import reason_words
from workflow.web.views.copy_sealing import WORDS, chosen_copies, names_of
from workflow.web.views.elsewhere import Result, tried

bp = Blueprint("copy_elsewhere", __name__)


@bp.get("/sign/copy/elsewhere")
@allows(Permission.MAKE_COPIES, step_up=True)
def page() -> str | Response:
    """Copies and pictures to download, and where the signed files are brought."""
    if _moment() is None:
        return redirect(_address(current().now))
    return _page([])


def _address(at: dt.datetime) -> str:
    moment = at.astimezone(OFFICE_ZONE).replace(microsecond=0)
    return url_for("copy_elsewhere.page", documents=given_away.asked(), at=moment.isoformat())


def _moment() -> dt.datetime | None:
    """The one in the address, while a file may still show it."""
    try:
        at = dt.datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        return None
    if at.tzinfo is None or at.microsecond:
        return None
    return at if dt.timedelta(0) <= current().now - at <= returning.BROUGHT_WITHIN else None


def _page(results: list[Result]) -> str:
    here, at = current(), _moment()
    finished = [one.document for one in results if one.ok]
    checked = [one for one in chosen_copies(here) if one.id not in finished]
    ready = [one for one in checked if not one.why_not]
    return render_template(
        "copies/elsewhere.html", words=WORDS, results=results, named=names_of(here, checked), ready=ready,
        skipped=[one for one in checked if one.why_not], asked=given_away.asked(), field=rules.FIELD, at=at,
        until=at + returning.BROUGHT_WITHIN if at else None, anew=_address(here.now),
        phone=given_away.on_phone(OF_COPIES, KeyHolder.UPLOADED),
        keys=given_away.keys(here, SignaturePurpose.SEAL, KeyHolder.UPLOADED),
    )  # fmt: skip


def _numbered(copy_id: int) -> CertifiedCopy:
    copy = store.find(current().scope, current().uow.session, copy_id)
    rules.demand_step(Action.SEAL, State(copy.state), Medium(copy.medium))
    return copy


@bp.get("/sign/copy/elsewhere/<int:copy_id>.pdf")
@allows(Permission.MAKE_COPIES)
@page_policy(Policy.DOWNLOAD)
def pages(copy_id: int) -> Response:
    """The copy's pages, the field of the signature still empty."""
    copy = _numbered(copy_id)
    return _pdf(current().uow.compute(blobs().get, copy.sha256), f"{copy_id}-{copy.sha256[:8]}-copy.pdf")


@bp.get("/sign/copy/elsewhere/<int:copy_id>/drawing.pdf")
@allows(Permission.MAKE_COPIES)
@page_policy(Policy.DOWNLOAD)
def drawing(copy_id: int) -> Response:
    """What the field has to show."""
    at, copy = _moment(), _numbered(copy_id)
    if at is None:
        raise NotFound("copy_picture_gone")
    return _pdf(draw(current().uow, copy, at=at), f"{copy_id}-copy-box.pdf")


def _pdf(data: bytes, name: str) -> Response:
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post("/sign/copy/elsewhere")
@allows(Permission.MAKE_COPIES)
def bring() -> str:
    """Each file by itself: one that is refused does not stop the others. Those of one certificate are one act."""
    given_away.demand_factor(current())
    files = chosen_files("files")
    if len(files) > AT_MOST:
        raise BadInput("too_many_files", limit=AT_MOST)
    among = [one.id for one in chosen_copies(current())]
    results = [Result(name=(file.filename or "")[:200]) for file in files]
    for result, file in zip(results, files, strict=True):
        tried(result, partial(_looked_into, result, file, among))
    tokens: dict[str, str] = {}
    for work in (partial(_offered, tokens=tokens), _taken):
        for result in results:
            if result.inspected is not None and not result.why_not:
                tried(result, partial(work, result))
    return _page(results)


def _looked_into(result: Result, file: FileStorage, among: list[int]) -> None:
    here = current()
    data, result.name = read(file)
    before = returning.known(here.uow, here.scope, data=data, among=among)
    if before is not None:
        _told(result, before)
        return
    result.inspected = returning.inspect(here.uow, here.scope, data=data, among=among, blobs=blobs())
    _named(result, result.inspected.document_id)


def _offered(result: Result, *, tokens: dict[str, str]) -> None:
    here = current()
    if result.inspected is None:
        return
    key = signer(here.uow, here.actor, result.inspected, purpose=SignaturePurpose.SEAL)
    if key.sha256 not in tokens:
        tokens[key.sha256] = act(
            service.open_session, login_session_id=here.person.session_id, certificate=key.der,
            key_holder=KeyHolder.UPLOADED,
        )  # fmt: skip
    result.token = tokens[key.sha256]
    if (at := _moment()) is None:
        raise BadInput("copy_picture_old")
    copy = store.find(here.scope, here.uow.session, result.document)
    act(
        returning.offer, here.scope, session=result.token, login_session_id=here.person.session_id, copy_id=copy.id,
        version=copy.version, drawn_at=at,
    )  # fmt: skip


def _taken(result: Result) -> None:
    here = current()
    outcome = act(
        returning.take_back, here.scope, session=result.token, login_session_id=here.person.session_id,
        inspected=result.inspected, blobs=blobs(),
    )  # fmt: skip
    _told(result, outcome)


def _told(result: Result, outcome: Outcome) -> None:
    _named(result, outcome.document_id)
    result.ok, result.kept = outcome.conclusion == "passed", outcome.conclusion != "passed"
    if outcome.again and result.ok:
        result.why_not = _("This very file was taken before; nothing was done twice.")
    elif result.kept:
        result.why_not = reason_words(outcome.reason)


def _named(result: Result, copy_id: int) -> None:
    here = current()
    result.document = copy_id
    result.title = title(store.find(here.scope, here.uow.session, copy_id))
