"""An attachment as an answer: to take away, or a page of it as an image."""

from __future__ import annotations

from werkzeug.wrappers import Response

from workflow.domain.attachments import file_name
from workflow.domain.errors import NotFound
from workflow.store.models import Attachment, Outgoing
from workflow.web import file_answers
from workflow.web.context import Current


def given_away(here: Current, document: Outgoing, row: Attachment, sha256: str) -> Response:
    """A file as a download; never shown inside our pages."""
    name = file_name(document.symbol or document.code, row)
    return file_answers.download(here, sha256, name=name, media_type=row.media_type)


def page_of(here: Current, row: Attachment, sha256: str, number: int) -> Response:
    """A page of a PDF; a spreadsheet has none."""
    if not 0 < number <= row.pages:
        raise NotFound("page_not_found")
    return file_answers.page_of(here, sha256, number)
