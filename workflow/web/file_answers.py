"""A stored file as an answer: to take away, a page as an image, or in pdf.js. Who may have it is asked before."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import render_template, request
from werkzeug.wrappers import Response

from workflow.domain.text import fold
from workflow.store.models import Outgoing
from workflow.web.assets import asset_exists
from workflow.web.context import Current
from workflow.web.page_images import page_image
from workflow.web.storage import blobs


def download(here: Current, sha256: str, *, name: str, media_type: str) -> Response:
    """A file to be kept; never shown inside our pages."""
    answer = Response(here.uow.compute(blobs().get, sha256), mimetype=media_type)
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(sha256)
    return answer.make_conditional(request.environ)


def disposition(name: str) -> str:
    """The name as it is (RFC 6266), and in plain letters for what cannot read that."""
    if name.isascii():
        return f'attachment; filename="{name}"'
    letters = re.sub(r"[^a-z0-9.]+", "-", fold(name))
    return f"attachment; filename=\"{letters}\"; filename*=UTF-8''{quote(name)}"


def page_of(here: Current, sha256: str, number: int) -> Response:
    """One page as an image. The browser asks each time whether it may still show it."""
    answer = Response(mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, no-cache"
    tag = f"{sha256}-{number}"
    answer.set_etag(tag)
    if tag in request.if_none_match:
        return answer.make_conditional(request.environ)
    answer.set_data(page_image(here.uow, blobs(), sha256, number))
    return answer


def viewer(document: Outgoing, *, words: str, source: str, back: str) -> str:
    """A document's file in pdf.js, from its address `source`; page images stand in where that was not built."""
    return render_template(
        "documents/viewer.html", d=document, words=words, source=source, back=back, built=viewer_exists()
    )


def viewer_exists() -> bool:
    """Whether pdf.js was built in."""
    return asset_exists("dist/pdfjs/pdf.min.mjs")
