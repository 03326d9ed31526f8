"""Opinions and initials: who is asked about a draft, on its own page; and the page of whoever is asked."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain import opinions as rules
from workflow.domain.errors import NotFound, WorkflowError, WrongState
from workflow.domain.opinions import Kind, State, Verdict
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.services.opinions import answering, asking
from workflow.services.opinions.asking import To
from workflow.store import documents, office
from workflow.store import opinions as store
from workflow.store.models import Attachment, Outgoing
from workflow.web import file_answers
from workflow.web import opinion_view as view
from workflow.web.attachment_files import given_away, page_of
from workflow.web.context import Current, act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.page_images import page_sizes
from workflow.web.schemas.opinions import Given, Question, TakenBack
from workflow.web.security import Policy, page_policy
from workflow.web.storage import blobs
from workflow.web.types import type_name
from workflow.web.version_view import compared
from workflow.web.views.documents import PATH
from workflow.web.views.documents import bp as outgoing

bp = Blueprint("opinions", __name__, url_prefix="/opinions")

OF = f"{PATH}/<int:document_id>/opinions"
BOXES = ("initials", "units", "people")
DONE = {
    "asked": N_("They are asked, and were told."),
    "withdrawn": N_("The request is taken back, with your reason."),
    "answered": N_("Your answer is recorded with the version of the text you read."),
}


@outgoing.get(OF)
@allows(Permission.READ_DOCUMENT)
def asked(document_id: int) -> str:
    """Everybody who is asked about a draft, what they said, and the row of initials."""
    return _of_document(document_id)


@outgoing.post(OF)
@allows(Permission.DRAFT_DOCUMENT)
def ask(document_id: int) -> Response:
    """Ask those who are ticked, all at once."""
    here, form = current(), read_form(Question)
    documents.find(here.scope, here.uow.session, document_id)
    ticked = {name: request.form.getlist(name) for name in BOXES}
    if not form.good:
        return page(_of_document(document_id, form=form, ticked=ticked), 422)
    try:
        act(
            asking.ask, here.scope, document_id=document_id, to=_chosen(ticked), question=form.data["question"],
            due_on=form.data["due"],
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        return page(_of_document(document_id, form=form, ticked=ticked, trouble=trouble), trouble.status)
    return see(url_for("outgoing.asked", document_id=document_id, done="asked"))


def _chosen(ticked: dict[str, list[str]]) -> list[To]:
    def keys(name: str) -> list[int]:
        return [int(one) for one in ticked[name] if one.isdecimal() and len(one) < 16]

    return [
        *(To(kind=Kind.INITIALS, unit_id=key) for key in keys("initials")),
        *(To(unit_id=key) for key in keys("units")),
        *(To(post_id=key) for key in keys("people")),
    ]


@outgoing.post(f"{OF}/<int:request_id>/withdraw")
@allows(Permission.DRAFT_DOCUMENT)
def withdraw(document_id: int, request_id: int) -> Response:
    """Take one request back, perhaps with another unit in its place."""
    here, form = current(), read_form(TakenBack)
    _one, document = store.find(here.scope, here.uow.session, request_id)
    if document.id != document_id:
        raise NotFound("opinion_request_not_found")
    try:
        act(
            asking.withdraw, here.scope, request_id=request_id, reason=form.values["reason"],
            instead=form.data.get("instead"),
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        trouble = explain(refused)
        body = _of_document(
            document_id, trouble=trouble, failed=request_id, reason=form.values["reason"],
            instead=form.values.get("instead", ""),
        )  # fmt: skip
        return page(body, trouble.status)
    return see(url_for("outgoing.asked", document_id=document_id, done="withdrawn"))


def _of_document(
    document_id: int, *, form: Form | None = None, ticked: dict[str, list[str]] | None = None,
    trouble: Trouble | None = None, failed: int = 0, reason: str = "", instead: str = "",
) -> str:  # fmt: skip
    here = current()
    document = documents.find(here.scope, here.uow.session, document_id)
    shown = view.panel(here, document)
    addressees = store.addressees(here.uow.session, document.agency_id, on=here.today) if shown.may_ask else []
    withdrawable = any(one.may_withdraw for one in shown.lines)
    return render_template(
        "opinions/asked.html", d=document, type=type_name(document.type_code), panel=shown,
        units=_units(here, document.agency_id) if shown.may_ask or withdrawable else [],
        people=[(post, name, unit) for post, name, unit in addressees if post.person_id != document.drafter_id],
        form=form or Form(values={"question": "", "due": ""}), ticked=ticked or {name: [] for name in BOXES},
        trouble=trouble, failed=failed, reason=reason, instead=instead, done=_done(),
    )  # fmt: skip


def _units(here: Current, agency_id: int) -> Sequence[tuple[int, str]]:
    """(key, name) of the agency's units with a head in post, who can answer for them."""
    heads = office.holders(here.uow.session, role=Role.UNIT_HEAD, on=here.today, agency_id=agency_id)
    keys = dict.fromkeys(post.unit_id for post in heads)
    return [(key, office.unit(here.uow.session, key).name) for key in keys]


@outgoing.app_template_global()
def opinions_of(document: Outgoing) -> view.Panel:
    """The panel on the document's own page."""
    return view.panel(current(), document)


@outgoing.app_template_global()
def initials_part(part: str) -> str:
    """Whose initials they are."""
    return view.part_words(part)


@outgoing.app_template_global()
def initials_word(kind: Kind, verdict: str) -> str:
    """What was answered; of initials whether they were given."""
    return view.verdict_words(kind, Verdict(verdict))


def _done() -> str:
    word = request.args.get("done", "")
    return _(DONE[word]) if word in DONE else ""


@bp.get("/<int:request_id>")
@allows(Permission.READ_DOCUMENT)
def one(request_id: int) -> str:
    """The page of whoever is asked: the question, the text, the answer."""
    return _one(request_id)


@bp.post("/<int:request_id>")
@allows(Permission.GIVE_OPINION)
def answer(request_id: int) -> Response:
    """Answer; pressed twice it is answered once."""
    here, form = current(), read_form(Given)
    store.find(here.scope, here.uow.session, request_id)
    if not form.good:
        return page(_one(request_id, form=form), 422)
    try:
        act(
            answering.answer, here.scope, request_id=request_id, verdict=form.data["verdict"],
            words=form.data["words"], seen=form.data["seen"],
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        if not (isinstance(refused, WrongState) and _said_so(here, request_id, form)):
            trouble = explain(refused)
            return page(_one(request_id, form=form, trouble=trouble), trouble.status)
    return see(url_for("opinions.one", request_id=request_id, done="answered"))


def _said_so(here: Current, request_id: int, form: Form) -> bool:
    """Whether this very answer was given before, by the same person."""
    found, _document = store.find(here.scope, here.uow.session, request_id)
    last = found.said[-1].row if found.said else None
    given = (here.actor.person_id, form.data["verdict"], form.data["words"], form.data["seen"])
    return last is not None and (last.person_id, last.verdict, last.words, last.text) == given


def _one(request_id: int, *, form: Form | None = None, trouble: Trouble | None = None) -> str:
    here = current()
    found, document = store.find(here.scope, here.uow.session, request_id)
    file = view.shown_file(here, found, document)
    present = store.present_text(here.uow.session, document.id)
    line = view.line_of(here, document, found, store.draft_file(here.uow.session, document.id), present)
    since, changed = view.since_answer(here, found, document), view.attached_since(here, found, document)
    kind, reads, may = Kind(found.row.kind), _reads(here, document.id), _may_answer(here, found, document, line)
    return render_template(
        "opinions/one.html", d=document, type=type_name(document.type_code), line=line, file=file,
        unit=office.unit(here.uow.session, document.unit_id).name,
        pages=page_sizes(here.uow, blobs(), file.sha256) if file is not None else (),
        may=may, since=since, changed=changed,
        compared=compared(here, since.before.sha256, since.after.sha256, part=1) if since and may else None,
        verdicts=[(one.value, _verdict(kind, one)) for one in rules.VERDICTS[kind]],
        initials=kind is Kind.INITIALS, reads=reads, shows=reads or file is not None,
        present=present, attached=view.shown_attachments(here, found, document),
        form=form or Form(values={"verdict": "", "words": ""}), trouble=trouble, done=_done(),
    )  # fmt: skip


def _may_answer(here: Current, found: store.Asked, document: Outgoing, line: view.Line) -> bool:
    facts = answering.facts_of(here.actor, found.row, document)
    open_now = line.state in {State.OPEN, State.DECLINED} and here.may(Permission.GIVE_OPINION)
    return open_now and {rules.ASKED_OF_ME, rules.BEFORE_SIGNATURE} <= facts


@bp.get("/<int:request_id>/changes")
@allows(Permission.READ_DOCUMENT)
def changes(request_id: int) -> str:
    """The text that was answered on beside the present one, for whoever is asked again: `?page=2&part=1`.

    Only these two: being asked opens no other version of the draft.
    """
    here = current()
    found, document = store.find(here.scope, here.uow.session, request_id)
    since = view.since_answer(here, found, document)
    if since is None:
        raise NotFound("file_not_found")
    sizes = [page_sizes(here.uow, blobs(), one.sha256) for one in (since.before, since.after)]
    last = max(1, *map(len, sizes))
    line = view.line_of(here, document, found, since.after, store.present_text(here.uow.session, document.id))
    return render_template(
        "opinions/changes.html", d=document, request_id=request_id, since=since, sizes=sizes, last=last,
        shown=min(max(_number("page"), 1), last), reads=_reads(here, document.id),
        may=_may_answer(here, found, document, line),
        compared=compared(here, since.before.sha256, since.after.sha256, part=_number("part")),
    )  # fmt: skip


def _number(name: str) -> int:
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 1


def _verdict(kind: Kind, verdict: Verdict) -> str:
    """The words of a choice: of a coordinating unit's head they say what is done to the text."""
    words = {
        Verdict.AGREE: N_("I initial the text"),
        Verdict.AGREE_WITH_REMARKS: N_("I initial the text, with remarks"),
        Verdict.DISAGREE: N_("I do not initial it"),
    }
    return _(words[verdict]) if kind is Kind.INITIALS else label(verdict)


def _reads(here: Current, document_id: int) -> bool:
    """Whether the reader reaches the document itself too."""
    try:
        documents.find(here.scope, here.uow.session, document_id)
    except NotFound:
        return False
    return True


@bp.get("/<int:request_id>/pages/<int:number>.webp")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def image(request_id: int, number: int) -> Response:
    """One page of the text that is asked about; `?of=earlier`: of the one that was answered on before."""
    here = current()
    found, document = store.find(here.scope, here.uow.session, request_id)
    if request.args.get("of") == "earlier":
        since = view.since_answer(here, found, document)
        file = since.before if since is not None else None
    else:
        file = view.shown_file(here, found, document)
    if file is None:
        raise NotFound("file_not_found")
    return file_answers.page_of(here, file.sha256, number)


@bp.get("/<int:request_id>/attachments/<int:attachment_id>/pages/<int:number>.webp")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def attached_image(request_id: int, attachment_id: int, number: int) -> Response:
    """One page of a file that goes with the text that is asked about."""
    here = current()
    _document, row = _attached(here, request_id, attachment_id)
    return page_of(here, row, row.sha256, number)


@bp.get("/<int:request_id>/attachments/<int:attachment_id>/content")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def attached_content(request_id: int, attachment_id: int) -> Response:
    """The file itself, to be kept."""
    here = current()
    document, row = _attached(here, request_id, attachment_id)
    return given_away(here, document, row, row.sha256)


def _attached(here: Current, request_id: int, attachment_id: int) -> tuple[Outgoing, Attachment]:
    found, document = store.find(here.scope, here.uow.session, request_id)
    for line in view.shown_attachments(here, found, document):
        if line.row.id == attachment_id:
            return document, line.row
    raise NotFound("attachment_not_found")
