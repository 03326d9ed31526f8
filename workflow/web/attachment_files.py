"""An attachment as an answer: to take away, or a page of it as an image."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from workflow.domain.errors import NotFound
from workflow.store.models import Attachment, Outgoing
from workflow.web import attachment_view as view
from workflow.web.context import Current
from workflow.web.page_images import page_image
from workflow.web.storage import blobs


def given_away(here: Current, document: Outgoing, row: Attachment, sha256: str) -> Response:
    """A file as a download; never shown inside our pages."""
    name, media_type = view.filename(document, row), row.media_type
    answer = Response(here.uow.compute(blobs().get, sha256), mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(sha256)
    return answer.make_conditional(request.environ)


def page_of(here: Current, row: Attachment, sha256: str, number: int) -> Response:
    """A page of a PDF; a spreadsheet has none. The browser asks each time whether it may still show it."""
    if not 0 < number <= row.pages:
        raise NotFound("page_not_found")
    answer = Response(mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, no-cache"
    tag = f"{sha256}-{number}"
    answer.set_etag(tag)
    if tag in request.if_none_match:
        return answer.make_conditional(request.environ)
    answer.set_data(page_image(here.uow, blobs(), sha256, number))
    return answer
