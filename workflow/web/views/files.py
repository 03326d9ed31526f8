"""Files of a document: downloads, page images, the viewer. Foreign and missing are the same 404 everywhere."""

from __future__ import annotations

import re

from flask import url_for
from werkzeug.wrappers import Response

from workflow.adapters.office import DOCX
from workflow.domain.permissions import Permission
from workflow.domain.text import fold
from workflow.services.documents.word_files import WORD
from workflow.store import documents as store
from workflow.store.models import FileVersion, Outgoing
from workflow.web import document_view as view
from workflow.web import file_answers
from workflow.web.context import current
from workflow.web.forms import see
from workflow.web.guards import allows
from workflow.web.security import Policy, page_policy
from workflow.web.views.documents import PATH, bp

_FILE = f"{PATH}/<int:document_id>/files/<int:ordinal>"


@bp.get(f"{_FILE}/content")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def content(document_id: int, ordinal: int) -> Response:
    """The file itself, to be kept; never shown inside our pages."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    file = store.file_of(here.scope, here.uow.session, document_id, ordinal=ordinal)
    media_type = DOCX if file.note == WORD else "application/pdf"
    return file_answers.download(here, file.sha256, name=filename(document, file), media_type=media_type)


@bp.get(f"{_FILE}/pages/<int:number>.webp")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.DOWNLOAD)
def page(document_id: int, ordinal: int, number: int) -> Response:
    """One page as an image."""
    here = current()
    sha256 = store.file_of(here.scope, here.uow.session, document_id, ordinal=ordinal).sha256
    return file_answers.page_of(here, sha256, number)


@bp.get(f"{_FILE}/view")
@allows(Permission.READ_DOCUMENT)
@page_policy(Policy.VIEWER)
def viewer(document_id: int, ordinal: int) -> str | Response:
    """The file in pdf.js: text can be searched and selected. Page images stand in where it was not built; a Word
    file is only given away."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    file = store.file_of(here.scope, here.uow.session, document_id, ordinal=ordinal)
    if file.note == WORD:
        return see(url_for("outgoing.show", document_id=document_id, file=ordinal))
    return file_answers.viewer(
        document,
        words=view.file_words(file, document),
        source=url_for("outgoing.content", document_id=document_id, ordinal=ordinal),
        back=url_for("outgoing.show", document_id=document_id, file=ordinal),
    )


def filename(document: Outgoing, file: FileVersion) -> str:
    """`15-QD-UBND-sealed.pdf`: plain letters, so that every system keeps it."""
    base = re.sub(r"[^A-Za-z0-9]+", "-", fold(document.symbol or document.code).upper()).strip("-")
    return f"{base}-{file.kind}.{WORD if file.note == WORD else 'pdf'}"
