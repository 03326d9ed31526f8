"""Files that go with a document: the list, the drafter's changes, each file to look at and to take away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from workflow.adapters import office
from workflow.domain.attachments import MOST
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.permissions import Permission
from workflow.services.documents import attachments as service
from workflow.services.signing import attached
from workflow.store import attachments as store
from workflow.store import documents
from workflow.store.models import Outgoing, Person
from workflow.web import attachment_view as view
from workflow.web.attachment_files import given_away, page_of
from workflow.web.context import Current, act, current
from workflow.web.errors import Trouble, explain
from workflow.web.file_answers import viewer, viewer_exists
from workflow.web.forms import page, read_form, see, showable
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.preflight import title_of
from workflow.web.schemas.attachments import Named, Placed
from workflow.web.schemas.documents import Changed
from workflow.web.security import Policy, page_policy
from workflow.web.storage import blobs
from workflow.web.uploads import chosen_files, read
from workflow.web.views.documents import PATH, bp

_ALL = f"{PATH}/<int:document_id>/attachments"
_ONE = f"{_ALL}/<int:attachment_id>"

DONE = {
    "add": N_("Attached."),
    "rename": N_("The name is changed."),
    "place": N_("The order is changed."),
    "take-off": N_("Taken off. It stays below, among what was taken off."),
}


@bp.get(_ALL)
@allows(Permission.READ_DOCUMENT)
def attachments(document_id: int) -> str:
    """What goes with the document, and for its drafter the ways to change that."""
    here = current()
    return _page(here, documents.find(here.scope, here.uow.session, document_id))


def _page(
    here: Current, document: Outgoing, *, trouble: Trouble | None = None, typed: tuple[int, str] | None = None,
    also: tuple[str, ...] = (),
) -> str:  # fmt: skip
    """`typed`: (attachment, new name) of a form that was refused, so that it is there to be mended; `also`: what is
    wrong with other files of the same form."""
    return render_template(
        "documents/attachments.html",
        d=document,
        title=title_of(document),
        lines=view.lines(here, document),
        removed=store.removed_from(here.uow.session, document.id),
        may_change=view.may_change(here, document),
        most=MOST,
        word_files=office.available(),
        limit=here.settings.max_upload // (1024 * 1024),
        trouble=trouble,
        also=also,
        typed=typed,
        done=_(DONE[request.args["done"]]) if request.args.get("done") in DONE else "",
    )


@bp.post(_ALL)
@allows(Permission.DRAFT_DOCUMENT)
def attach(document_id: int) -> Response:
    """Add files, each an act of its own: one that is no good stops none of the others, and each is named. What
    stands against the document stops them all; those before it are there."""
    here, form = current(), read_form(Changed)
    documents.find(here.scope, here.uow.session, document_id)
    version, kept, name = form.data.get("version", 0), 0, ""
    bad: list[tuple[str, BadInput]] = []
    try:
        for file in chosen_files("file"):
            name = showable(file.filename or "")
            try:
                fresh = _attached(document_id, version, file)
            except BadInput as refused:
                here.uow.rollback()
                bad.append((name, refused))
            else:
                version, kept = version + fresh, kept + 1
    except WorkflowError as refused:
        return _refused(document_id, refused, name=name, kept=kept)
    if bad:
        (name, first), *rest = bad
        also = tuple(f"{other}: {explain(wrong).title}" for other, wrong in rest)
        return _refused(document_id, first, name=name, kept=kept, also=also)
    return see(url_for("outgoing.attachments", document_id=document_id, done="add"))


def _attached(document_id: int, version: int, file: FileStorage) -> bool:
    data, name = read(file)
    _row, fresh = act(
        service.add, current().scope, document_id=document_id, version=version, data=data, filename=name,
        blobs=blobs(),
    )  # fmt: skip
    return fresh


@bp.post(f"{_ONE}/<any(rename, place, 'take-off'):what>")
@allows(Permission.DRAFT_DOCUMENT)
def change_attachment(document_id: int, attachment_id: int, what: str) -> Response:
    """Another name, another place, or off."""
    here, form = current(), read_form({"rename": Named, "place": Placed}.get(what, Changed))
    document = documents.find(here.scope, here.uow.session, document_id)
    typed = (attachment_id, form.values["name"]) if what == "rename" else None
    if not form.good:
        words = next(iter(form.errors.values()))
        trouble = replace(explain(BadInput("attachment_name_needed")), title=words)
        return page(_page(here, document, trouble=trouble, typed=typed), 422)
    services: dict[str, Any] = {"rename": service.rename, "place": service.put_at, "take-off": service.take_off}
    try:
        act(services[what], here.scope, document_id=document_id, attachment_id=attachment_id, **form.data)
    except WorkflowError as refused:
        return _refused(document_id, refused, typed=typed)
    return see(url_for("outgoing.attachments", document_id=document_id, done=what))


def _refused(
    document_id: int, refused: WorkflowError, *, name: str = "", kept: int = 0,
    typed: tuple[int, str] | None = None, also: tuple[str, ...] = (),
) -> Response:  # fmt: skip
    here = current()
    here.uow.rollback()
    document = documents.find(here.scope, here.uow.session, document_id)
    trouble = explain(refused)
    if name:
        told = _("%(n)s of the chosen files are attached.", n=kept) if kept else trouble.kept
        trouble = replace(trouble, title=f"{name}: {trouble.title}", kept=told)
    return page(_page(here, document, trouble=trouble, typed=typed, also=also), trouble.status)


@bp.get(_ONE)
@allows(Permission.READ_DOCUMENT)
def attachment(document_id: int, attachment_id: int) -> str:
    """One of them: its pages, its seal and what the verifier says of it."""
    here = current()
    document, held = _held(here, document_id, attachment_id)
    line = view.line_of(here, held)
    seal = held.seal
    adder = here.uow.session.get(Person, held.row.added_by_id) if held.row.added_by_id else None
    return render_template(
        "documents/attachment.html",
        d=document,
        title=title_of(document),
        line=line,
        pages=view.sizes(here, line),
        seal=seal,
        sealer=store.sealed_by(here.uow.session, seal)[0] if seal is not None else "",
        adder=adder.full_name if adder else "",
        verdict=view.verdict(held),
        checked=view.checked(here, held),
        shown=here.uow.compute(attached.words, seal.symbol, seal.claimed_at) if seal is not None else (),
        viewer=line.is_paper and viewer_exists(),
    )


def _held(here: Current, document_id: int, attachment_id: int) -> tuple[Outgoing, store.Held]:
    document = documents.find(here.scope, here.uow.session, document_id)
    row = store.find(here.scope, here.uow.session, document_id, attachment_id)
    return document, store.held_of(here.uow.session, row)


@bp.get(f"{_ONE}/content")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def attachment_content(document_id: int, attachment_id: int) -> Response:
    """The file to keep: sealed where it is, with its timestamps; `?sealed=1` without these, `?read=1` as it was
    read and submitted."""
    here = current()
    document, held = _held(here, document_id, attachment_id)
    sha256 = held.row.sha256 if request.args.get("read") else held.sha256
    if request.args.get("sealed") and held.seal is not None:
        sha256 = held.seal.sha256
    return given_away(here, document, held.row, sha256)


@bp.get(f"{_ONE}/pages/<int:number>.webp")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def attachment_page(document_id: int, attachment_id: int, number: int) -> Response:
    """One page as an image."""
    here = current()
    _document, held = _held(here, document_id, attachment_id)
    return page_of(here, held.row, held.sha256, number)


@bp.get(f"{_ONE}/view")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.VIEWER)
def attachment_viewer(document_id: int, attachment_id: int) -> str | Response:
    """The file in pdf.js; a spreadsheet is only given away."""
    here = current()
    document, held = _held(here, document_id, attachment_id)
    line = view.line_of(here, held)
    if not line.is_paper:
        return see(line.address)
    return viewer(document, words=held.row.name, source=f"{line.address}/content", back=line.address)


@bp.app_template_global()
def attached_to(document: Outgoing) -> list[view.Line]:
    """What goes with a document, for the pages that name it."""
    return view.lines(current(), document)


@bp.app_template_global()
def may_attach(document: Outgoing) -> bool:
    """Whether the reader changes that."""
    return view.may_change(current(), document)


@bp.app_template_global()
def pages_attached(line: view.Line) -> view.Sizes:
    """Sizes of the pages of one, where they are shown in place."""
    return view.sizes(current(), line)
