"""Page images of a PDF, and its page sizes. Both are tasks for the jail: PDFium reads what strangers wrote.

signing.jail.run("workflow.adapters.pages:render", pdf, arguments={"page": 1, "width": 1100})
signing.jail.run("workflow.adapters.pages:measure", pdf)
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any, Final

import pypdfium2 as pdfium

from signing.jail import JailResult
from workflow.domain.errors import BadInput

MAX_PAGES: Final = 2000
MIN_WIDTH: Final = 16
MAX_WIDTH: Final = 3000
MAX_PIXELS: Final = 16_000_000
"""Of one image: 64 MB as RGBA. A longer page is drawn narrower."""

FORMATS: Final = {"webp": ("WEBP", {"quality": 82, "method": 2}), "png": ("PNG", {})}


def render(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """One page as an image: `page` counts from 1, `width` in pixels, `format` "webp" (default) or "png".

    Gives the image as the only blob and `{"width", "height", "pages"}` beside it. Refuses with
    `pdf_unreadable`, `pdf_encrypted`, `page_out_of_range`, `image_size`.
    """
    name, options = FORMATS[arguments.get("format", "webp")]
    width, number = int(arguments["width"]), int(arguments["page"])
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        raise BadInput("image_size", width=width, limit=MAX_WIDTH)
    document = open_document(payload)
    count = len(document)
    if not 1 <= number <= count:
        raise BadInput("page_out_of_range", page=number, pages=count)
    page = _page(document, number)
    picture = page.render(scale=_scale(page.get_size(), width)).to_pil().convert("RGB")
    stream = io.BytesIO()
    picture.save(stream, name, **options)
    return JailResult({"width": picture.width, "height": picture.height, "pages": count}, (stream.getvalue(),))


def measure(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"pages": n, "sizes": [[width, height], …]}` in points, at most `max_pages` of them."""
    limit = int(arguments.get("max_pages", MAX_PAGES))
    document = open_document(payload)
    if len(document) > limit:
        raise BadInput("too_many_pages", pages=len(document), limit=limit)
    sizes = [[round(edge, 3) for edge in _size(document, index)] for index in range(len(document))]
    return JailResult({"pages": len(sizes), "sizes": sizes})


def open_document(payload: bytes) -> Any:
    """Open with a form environment: without one PDFium leaves out what signature fields show.

    This build of PDFium has neither JavaScript nor XFA.
    """
    try:
        document = pdfium.PdfDocument(payload)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.raw.FPDF_ERR_PASSWORD:
            raise BadInput("pdf_encrypted") from error
        raise BadInput("pdf_unreadable") from error
    if not len(document):
        raise BadInput("pdf_unreadable")
    document.init_forms()
    return document


def _page(document: Any, number: int) -> Any:
    try:
        return document[number - 1]
    except pdfium.PdfiumError as error:
        raise BadInput("pdf_unreadable", page=number) from error


def _size(document: Any, index: int) -> tuple[float, float]:
    try:
        width, height = document.get_page_size(index)
    except pdfium.PdfiumError as error:
        raise BadInput("pdf_unreadable", page=index + 1) from error
    return float(width), float(height)


def _scale(size: tuple[float, float], width: int) -> float:
    """Pixels per point for a width, held down where the page is long."""
    across, along = size
    if across <= 0 or along <= 0:
        raise BadInput("image_size", width=across, height=along)
    return min(width / across, math.sqrt(MAX_PIXELS / (across * along)))
