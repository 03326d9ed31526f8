"""Files of an incoming document: kept as they came, given away as downloads, shown as page images only."""

from __future__ import annotations

import re

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.permissions import Permission
from workflow.domain.steps import possible
from workflow.domain.text import fold
from workflow.services.incoming import receiving
from workflow.services.incoming.receiving import Brought
from workflow.store import incoming as store
from workflow.store.models import Incoming, IncomingFile
from workflow.web import arrival_words as words
from workflow.web.context import act, current
from workflow.web.errors import Trouble, explain
from workflow.web.forms import page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.office_pages import is_office_file
from workflow.web.page_images import page_image
from workflow.web.reading_words import differing, stand
from workflow.web.schemas.documents import Changed
from workflow.web.security import Policy, page_policy, use_policy
from workflow.web.storage import blobs
from workflow.web.uploads import MEGABYTE, uploaded, was_chosen
from workflow.web.views.arrivals import ONE, bp, document_address, done_words
from workflow.web.views.arrivals_register import PICTURES, chosen_file, sheets

_FILE = f"{ONE}/files/<int:ordinal>"
ADDED = {"scan": N_("Scan of the paper"), "envelope": N_("Envelope"), "attachment": N_("Attached file")}
"""Kinds of file that a person may add."""


@bp.get(f"{ONE}/files")
@allows(Permission.READ_INCOMING)
def files(incoming_id: int) -> str:
    """The files, the pages of one of them, and the form that adds one."""
    here = current()
    return files_page(store.find(here.scope, here.uow.session, incoming_id))


def files_page(document: Incoming, *, trouble: Trouble | None = None) -> str:
    """The page, perhaps with what went wrong."""
    here = current()
    gone = document.state == "recalled"  # nobody reads what its sender took back (Art. 18.4b)
    rows = [] if gone else [file for file, _intake in store.files_of(here.uow.session, document.id)]
    file = chosen_file(rows)
    return render_template(
        "arrivals/files.html",
        d=document,
        files=rows,
        file=file,
        kinds=words.FILE_KINDS,
        pages=sheets(file),
        state=label(State(document.state)),
        badge=words.badge(document.conclusion, medium=document.medium),
        may_add=_may_add(document),
        added=[(code, _(word)) for code, word in ADDED.items()],
        address=document_address(document),
        limit=here.settings.max_upload // MEGABYTE,
        trouble=trouble,
        done=done_words(),
        just_added="added" in request.args,
        answered=request.args.get("answered", ""),
        stand=stand(here, document),
        differing=[] if gone else differing(document),
        clerk=here.may(Permission.RECEIVE_DOCUMENT),
    )


def _may_add(document: Incoming) -> bool:
    here = current()
    if document.secret or not here.may(Permission.RECEIVE_DOCUMENT):
        return False
    return any(step.action is Action.ATTACH for step in possible(STEPS, State(document.state), here.post.role))


@bp.post(f"{ONE}/files")
@allows(Permission.RECEIVE_DOCUMENT)
def add(incoming_id: int) -> Response:
    """Add a scan, an envelope or an attachment. The same file again changes nothing."""
    here, form = current(), read_form(Changed)
    document = store.find(here.scope, here.uow.session, incoming_id)
    kind = request.form.get("kind", "scan")
    try:
        if kind not in ADDED or not form.good:
            raise BadInput("file_kind")
        if not was_chosen("file"):
            raise BadInput("no_file_chosen")
        data, name = uploaded("file", lacking="any_file_needed")
        act(
            receiving.add_file, here.scope, incoming_id=incoming_id, version=form.data["version"], kind=kind,
            brought=Brought(data=data, filename=name.replace("\\", "/").rpartition("/")[2]), blobs=blobs(),
        )  # fmt: skip
    except WorkflowError as refused:
        here.uow.rollback()
        document = store.find(here.scope, here.uow.session, incoming_id)
        trouble = explain(refused)
        return page(files_page(document, trouble=trouble), trouble.status)
    return see(url_for("arrivals.files", incoming_id=incoming_id, added=1))


@bp.get(_FILE)
@allows(Permission.READ_INCOMING)
def content(incoming_id: int, ordinal: int) -> Response:
    """The file itself, to be kept; what is quarantined only after a word of warning (`?sure=1`)."""
    here = current()
    document = store.find(here.scope, here.uow.session, incoming_id)
    file = store.file_of(here.scope, here.uow.session, incoming_id, ordinal=ordinal)
    if file.quarantined and request.args.get("sure") != "1":
        return page(render_template("arrivals/quarantined.html", d=document, file=file, name=filename(file)))
    use_policy(Policy.DOWNLOAD)
    answer = Response(mimetype=_media_type(file))
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename(file)}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(file.sha256)
    if file.sha256 in request.if_none_match:
        return answer.make_conditional(request.environ)
    answer.set_data(here.uow.compute(blobs().get, file.sha256))
    return answer


@bp.get(f"{_FILE}/pages/<int:number>")
@allows(Permission.READ_INCOMING)
@page_policy(Policy.DOWNLOAD)
def file_page(incoming_id: int, ordinal: int, number: int) -> Response:
    """One page as an image, drawn in the jail. The browser asks each time whether it may still show it."""
    here = current()
    file = store.file_of(here.scope, here.uow.session, incoming_id, ordinal=ordinal)
    sha256, picture = file.sha256, file.media_type in PICTURES
    answer = Response(mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, no-cache"
    tag = f"{sha256}-{number}"
    answer.set_etag(tag)
    if tag in request.if_none_match:
        return answer.make_conditional(request.environ)
    answer.set_data(
        page_image(here.uow, blobs(), sha256, number, picture=picture, office_file=is_office_file(file))
    )
    return answer


def _media_type(file: IncomingFile) -> str:
    """Only a PDF that may be opened is called what it is; a browser makes nothing of the others."""
    known = file.media_type == "application/pdf" and not file.quarantined
    return "application/pdf" if known else "application/octet-stream"


def filename(file: IncomingFile) -> str:
    """Plain letters of the name it came with, so that every system keeps it and none is led astray by it."""
    base, _dot, ending = fold(file.filename).rpartition(".")
    parts = [re.sub(r"[^a-z0-9]+", "-", part).strip("-") for part in (base, ending)]
    return ".".join(part for part in parts if part)[-120:] or f"file-{file.ordinal}"
