"""Certified copies: the register, one copy, asking for one, every act but the seal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.copies import FIELD, HEADING, OPEN, WAYS, Action, Form, Medium, State
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WorkflowError
from workflow.domain.people import Capacity, Role
from workflow.domain.permissions import Permission
from workflow.services import copies as service
from workflow.services.copies.moves import done_before, subject_of
from workflow.services.copies.sealing import shown
from workflow.services.copies.sources import Source, source_of
from workflow.store import copies as store
from workflow.store import copy_proofs, documents, office, registers, remote_signing
from workflow.store.models import CertifiedCopy, Incoming, Outgoing
from workflow.web import copy_words, file_answers, format, proof_words
from workflow.web.context import Current, act, current
from workflow.web.copy_words import DONE, FORMS, MEDIA, SOURCE_MEDIA, Moment
from workflow.web.errors import Trouble, explain
from workflow.web.forms import see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.page_images import page_sizes
from workflow.web.security import Policy, page_policy
from workflow.web.storage import blobs
from workflow.web.uploads import uploaded, was_chosen
from workflow.web.verdict_words import HOLDERS, told

PATH = "/copies"
bp = Blueprint("copies", __name__, url_prefix=PATH)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


@bp.app_template_global("copies_of")
def copies_of(kind: str, document: Outgoing | Incoming) -> copy_words.Copied | None:
    """For the pages of documents: `outgoing` or `incoming`."""
    return copy_words.copied(current(), kind, document)


@bp.get("/new")
@allows(Permission.MAKE_COPIES)
def new() -> str:
    """The form, about one document."""
    return _form()


def _form(trouble: Trouble | None = None) -> str:
    here = current()
    outgoing_id, incoming_id = (_key(request.values.get(name, "")) for name in ("outgoing", "incoming"))
    source: Source | None = None
    try:
        source = source_of(here.uow, here.actor, here.scope, outgoing_id=outgoing_id, incoming_id=incoming_id)
    except NotFound:
        raise
    except WorkflowError as refused:
        trouble = trouble or explain(refused)
    back = f"/outgoing/{outgoing_id}" if outgoing_id is not None else f"/incoming/{incoming_id}"
    ways = _ways(source) if source is not None else []
    return render_template(
        "copies/new.html", source=source, trouble=trouble, back=back, ways=ways, signers=_signers(here),
        outgoing=outgoing_id, incoming=incoming_id, typed=request.form, media=SOURCE_MEDIA,
    )  # fmt: skip


def _ways(source: Source) -> list[tuple[str, str]]:
    """(form:medium, words) of the copies that may be made of it."""
    found = []
    for form in Form:
        if form is Form.RECOPY and source.incoming_id is None:
            continue
        for medium in Medium:
            if (source.medium, medium) in WAYS[form]:
                found.append((f"{form}:{medium}", f"{_(FORMS[form])}, {_(MEDIA[medium])}"))
    return found


def _signers(here: Current) -> list[tuple[int, str]]:
    """(post, words) of the head and of whom the head named."""
    agency_id = here.post.agency_id
    heads = [
        (row.PostRow.id, f"{row.full_name} ({row.PostRow.title})")
        for row in office.signers(here.uow.session, agency_id, on=here.today)
        if row.PostRow.role == Role.LEADER
    ]
    named = store.named(here.uow.session, agency_id, on=here.today)
    return heads + [(post.id, f"{name} ({post.title})") for _one, post, name in named]


@bp.post("/new")
@allows(Permission.MAKE_COPIES)
def create() -> Response | tuple[str, int]:
    """Ask for it."""
    outgoing_id, incoming_id = (_key(request.form.get(name, "")) for name in ("outgoing", "incoming"))
    try:
        scan, filename = uploaded("scan") if was_chosen("scan") else (b"", "")
        made = act(
            service.ask, current().scope, asked=_asked(), outgoing_id=outgoing_id, incoming_id=incoming_id,
            scan=scan, filename=filename, blobs=blobs(),
        )  # fmt: skip
    except NotFound:
        raise
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        return _form(trouble), trouble.status
    return see(f"{PATH}/{made.copy.id}?done={'again' if made.again else 'asked'}")


def _asked() -> service.Asked:
    form, _colon, medium = request.form.get("way", "").partition(":")
    post, number = _key(request.form.get("signer", "")), _key(request.form.get("copies", "1"))
    if form not in set(Form) or medium not in set(Medium) or post is None or number is None:
        raise BadInput("copy_form_incomplete")
    return service.Asked(
        form=Form(form), medium=Medium(medium), signer_post_id=post, pages=request.form.get("pages", "")[:200],
        copies=number, recipients=request.form.get("recipients", "")[:2000],
    )  # fmt: skip


@bp.get("/<int:copy_id>")
@allows(Permission.SEE_COPIES)
def show(copy_id: int) -> str:
    """One copy: the paper, what it is a copy of, verdict, history, what may be done now."""
    return _page(copy_id)


def _page(copy_id: int, trouble: Trouble | None = None) -> str:
    here = current()
    copy = store.find(here.scope, here.uow.session, copy_id)
    secret = store.of_a_secret(here.uow.session, copy)
    held = copy_proofs.held(here.uow.session, copy)
    verdict = told(held.body, field=FIELD, conclusion=held.conclusion, reason="") if held is not None else None
    pages = page_sizes(here.uow, blobs(), _file(here, copy))
    return render_template(
        "copies/show.html", copy=copy, title=copy_words.title(copy), state=copy_words.state_words(copy),
        named=copy_words.named(copy), form=_(FORMS[Form(copy.form)]), medium=_(MEDIA[Medium(copy.medium)]),
        source_medium=_(SOURCE_MEDIA[Medium(copy.source_medium)]), heading=HEADING[Form(copy.form)],
        may=copy_words.may(here, copy, secret=secret), people=store.names(here.uow.session, copy), pages=pages,
        verdict=verdict,
        shown=shown(here.uow, copy, at=copy.claimed_at) if copy.claimed_at else (),
        proof=proof_words.of(here, held.proof) if held is not None else None,
        history=_history(here, copy),
        done=_done(), trouble=trouble, holder=_(HOLDERS.get(copy.key_holder, "")),
        printable=copy.medium == Medium.PAPER and copy.state in {State.NUMBERED, State.DONE},
        capacity=label(Capacity(copy.capacity)), source=_source_address(here, copy), waits=_waits(here, copy),
        path=PATH, telephone=_telephone(here, copy),
        secret=explain(Refused("copy_secret")).title if secret and copy.state in OPEN else "",
    )  # fmt: skip


def _done() -> str:
    """The sentence about the act that led here; only words of ours, whatever the address says."""
    words = DONE.get(request.args.get("done", ""), "")
    if not words:
        return ""
    return _("This was done already. %(sentence)s", sentence=_(words)) if "already" in request.args else _(words)


def _file(here: Current, copy: CertifiedCopy) -> str:
    """The copy's present file: sealed, and with what the clock put behind that."""
    held = copy_proofs.held(here.uow.session, copy)
    return held.sha256 if held is not None else copy.sha256


def _waits(here: Current, copy: CertifiedCopy) -> bool:
    """A signature came whose certificate could not be judged yet."""
    return copy.state == State.NUMBERED and any(
        one.status == "pending" for one in store.open_items(here.uow.session, copy.id)
    )


def _telephone(here: Current, copy: CertifiedCopy) -> tuple[str, str] | None:
    """Its seal waits for somebody's approval at a remote service: who it is, and the request's page where that is
    the reader."""
    for item in store.open_items(here.uow.session, copy.id):
        asked = remote_signing.open_request(here.uow.session, item.session_id)
        if asked is not None:
            own = asked.person_id == here.person.person_id
            name = registers.name_of(here.uow.session, asked.person_id) or ""
            return name, f"/sign/remote/{asked.id}" if own else ""
    return None


def _source_address(here: Current, copy: CertifiedCopy) -> str:
    """Where the original lies; empty where the reader does not reach it."""
    if copy.incoming_id is not None:
        return f"/incoming/{copy.incoming_id}" if here.may(Permission.READ_INCOMING) and _agency(here, copy) else ""
    return f"/outgoing/{copy.outgoing_id}" if here.may(Permission.READ_DOCUMENT) and _agency(here, copy) else ""


def _agency(here: Current, copy: CertifiedCopy) -> bool:
    return copy.agency_id in here.scope.agency_ids


def _history(here: Current, copy: CertifiedCopy) -> list[Moment]:
    rows = documents.entries_of(here.uow.session, subject_of(copy.id))
    names: dict[int | None, str] = {}
    found = []
    for row in rows:
        if row.person_id not in names:
            names[row.person_id] = registers.name_of(here.uow.session, row.person_id) or _("System")
        facts = json.loads(row.body)["facts"]
        words = copy_words.TOLD.get(row.tag.rpartition(":")[2], "")
        found.append(
            Moment(format.moment(row.at), names[row.person_id], _(words) if words else row.tag,
                   str(facts.get("reason", "")) if row.tag.endswith(("decline", "cancel")) else "")
        )  # fmt: skip
    return found


def _act(copy_id: int, action: Action, work: Callable[..., Any], **more: Any) -> Response | tuple[str, int]:
    """One act, and its page again: with what came of it, or with why not. A form that is sent twice is answered
    "done already"."""
    here, address = current(), f"{PATH}/{copy_id}?done={action}"
    version = _key(request.form.get("version", "")) or 0
    try:
        act(work, here.scope, copy_id=copy_id, version=version, **more)
    except NotFound:
        raise
    except WorkflowError as refused:
        here.uow.rollback()
        again = isinstance(refused, Conflict) and done_before(
            here.uow, here.actor, here.scope, copy_id=copy_id, action=action, version=version
        )
        if again:
            return see(f"{address}&already=1")
        trouble = explain(refused)
        return _page(copy_id, trouble), trouble.status
    return see(address)


@bp.post("/<int:copy_id>/approve")
@allows(Permission.SIGN_COPIES)
def approve(copy_id: int) -> Response | tuple[str, int]:
    """The signer's one act."""
    return _act(copy_id, Action.APPROVE, service.approve)


@bp.post("/<int:copy_id>/decline")
@allows(Permission.SIGN_COPIES)
def decline(copy_id: int) -> Response | tuple[str, int]:
    """With a reason."""
    return _act(copy_id, Action.DECLINE, service.decline, reason=request.form.get("reason", ""))


@bp.post("/<int:copy_id>/number")
@allows(Permission.MAKE_COPIES)
def number(copy_id: int) -> Response | tuple[str, int]:
    """The next number of the register of copies."""
    return _act(copy_id, Action.NUMBER, service.number)


@bp.post("/<int:copy_id>/give-out")
@allows(Permission.MAKE_COPIES)
def give_out(copy_id: int) -> Response | tuple[str, int]:
    """The printed copy is signed and sealed in ink."""
    return _act(copy_id, Action.GIVE_OUT, service.give_out)


@bp.post("/<int:copy_id>/cancel")
@allows(Permission.MAKE_COPIES)
def cancel(copy_id: int) -> Response | tuple[str, int]:
    """With a reason; the number stays."""
    return _act(copy_id, Action.CANCEL, service.cancel, reason=request.form.get("reason", ""))


@bp.get("/<int:copy_id>/content")
@allows(Permission.SEE_COPIES)
@page_policy(Policy.DOWNLOAD)
def content(copy_id: int) -> Response:
    """The copy's file, to keep and send; before its seal, its pages as they will be sealed."""
    here = current()
    copy = store.find(here.scope, here.uow.session, copy_id)
    return file_answers.download(here, _file(here, copy), name=f"{_stem(copy)}.pdf", media_type="application/pdf")


def _stem(copy: CertifiedCopy) -> str:
    return copy.symbol.replace("/", "-") if copy.symbol else f"ban-sao-{copy.id}"


@bp.get("/<int:copy_id>/pages/<int:number>.webp")
@allows(Permission.SEE_COPIES)
@page_policy(Policy.DOWNLOAD)
def image(copy_id: int, number: int) -> Response:
    """One page of it."""
    here = current()
    copy = store.find(here.scope, here.uow.session, copy_id)
    return file_answers.page_of(here, _file(here, copy), number)


@bp.get("/<int:copy_id>/print.pdf")
@allows(Permission.SEE_COPIES)
@page_policy(Policy.DOWNLOAD)
def sheets(copy_id: int) -> Response:
    """The sheets of a copy on paper, with the copy's words below the last page."""
    here = current()
    copy = store.find(here.scope, here.uow.session, copy_id)
    if here.actor.agency_id != copy.agency_id:
        raise NotPermitted("copy_of_another_agency")
    name = f"{_stem(copy)}.in.pdf"
    answer = Response(service.printed(here.uow, copy, blobs=blobs()), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = file_answers.disposition(name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
