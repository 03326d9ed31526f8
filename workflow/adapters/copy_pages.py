"""Pages of certified copies, in the jail: how a scan was made, some pages of a file, words below the last one.

signing.jail.run("workflow.adapters.copy_pages:scan", pdf)
signing.jail.run("workflow.adapters.copy_pages:pick", pdf, arguments={"pages": [1, 3], "bare": True})
signing.jail.run("workflow.adapters.copy_pages:below", pdf, arguments={"block": base64 of a one-page PDF})
"""

from __future__ import annotations

import base64
import ctypes
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium
from PIL import ImageChops

from signing.jail import JailResult
from workflow.adapters.pages import open_document
from workflow.domain.errors import BadInput

PRINTED: Final = 1.25
"""Pixels a point at which a page is looked at for room: enough to see a thin line."""
INK: Final = 215
"""Greys below this are something on the paper."""
SPACE: Final = 14.0
"""Points between what stands on the page and the words below it, and around the page's edge."""
DEEPEST: Final = 15
"""Forms within forms that are looked into; one that is deeper counts as something else."""
SHEET: Final = (595.276, 841.89)


def scan(payload: bytes, _arguments: Mapping[str, Any]) -> JailResult:
    """`{"pages": [{"width", "height", "pictures": [[share of the page, dpi, bits of a pixel], …], "others",
    "unseen"}]}`, in points; `others`: how many things are on the page beside pictures, shown or not; `unseen`: how
    many of them are words that are set not to be seen.
    """
    document = open_document(payload)
    return JailResult({"pages": [_scanned(document, number) for number in range(len(document))]})


def _scanned(document: Any, number: int) -> dict[str, Any]:
    page = _page(document, number)
    width, height = page.get_size()
    found, unseen, others = [], 0, max(0, pdfium.raw.FPDFPage_GetAnnotCount(page))
    try:
        for one in page.get_objects(max_depth=DEEPEST):
            if one.type == pdfium.raw.FPDF_PAGEOBJ_FORM and one.level < DEEPEST - 1:
                continue  # what is in it comes next
            if one.type != pdfium.raw.FPDF_PAGEOBJ_IMAGE:
                others, unseen = others + 1, unseen + _unseen(one)
                continue
            left, bottom, right, top = one.get_bounds()
            told = one.get_metadata()
            covers = max(0.0, (right - left) * (top - bottom)) / max(1.0, width * height)
            found.append([covers, min(told.horizontal_dpi, told.vertical_dpi), int(told.bits_per_pixel)])
    except pdfium.PdfiumError as error:
        raise BadInput("pdf_unreadable", page=number + 1) from error
    return {"width": width, "height": height, "pictures": found, "others": others, "unseen": unseen}


def pick(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """These pages as a file of their own. What stands in fields and signatures becomes part of the page: a copy
    shows the original's signatures and does not carry them. `bare`: without the words that a program for reading
    scans lays under or over the picture; `{"changed"}` names the pages that look another way without them.
    Refuses with `pdf_unreadable`, `page_out_of_range`.
    """
    document = open_document(payload)
    wanted = [int(number) for number in arguments["pages"]]
    if not wanted or not all(1 <= number <= len(document) for number in wanted):
        raise BadInput("page_out_of_range", pages=len(document))
    bare = wanted if arguments.get("bare") else ()
    changed = [number for number in bare if not _bared(_page(document, number - 1))]
    made = _flat(document, wanted)
    return JailResult({"pages": len(wanted), "changed": changed}, (_saved(made),))


def _unseen(one: Any) -> bool:
    """Words in text rendering mode 3 (ISO 32000-1, Table 106): neither filled nor stroked, and no clip. Some
    programs show the letters of a font that are drawings (Type 3) in any mode."""
    if one.type != pdfium.raw.FPDF_PAGEOBJ_TEXT:
        return False
    mode = pdfium.raw.FPDFTextObj_GetTextRenderMode(one)
    return bool(mode == pdfium.raw.FPDF_TEXTRENDERMODE_INVISIBLE and not _of_drawings(one))


def _of_drawings(one: Any) -> bool:
    """Whether the font of words lies in the file and is no file of its own."""
    font, size = pdfium.raw.FPDFTextObj_GetFont(one), ctypes.c_size_t(0)
    pdfium.raw.FPDFFont_GetFontData(font, None, 0, size)
    return pdfium.raw.FPDFFont_GetIsEmbedded(font) != 0 and size.value == 0


def _words_alone(page: Any, one: Any) -> bool:
    """Such words, or a form that holds nothing else."""
    if one.type != pdfium.raw.FPDF_PAGEOBJ_FORM:
        return _unseen(one)
    inner = list(page.get_objects(max_depth=DEEPEST, form=one, level=1))
    return bool(inner) and all(_unseen(each) or each.type == pdfium.raw.FPDF_PAGEOBJ_FORM for each in inner)


def _bared(page: Any) -> bool:
    """Take such words off a page; whether it looks as before, in case anything above was overlooked."""
    try:
        laid = [one for one in page.get_objects(max_depth=1) if _words_alone(page, one)]
        if not laid:
            return True
        before = page.render(scale=PRINTED).to_pil()
        for one in laid:
            page.remove_obj(one)
        page.gen_content()
        after = page.render(scale=PRINTED).to_pil()
    except pdfium.PdfiumError as error:
        raise BadInput("pdf_unreadable") from error
    return ImageChops.difference(before, after).getbbox() is None


def below(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """The same file with a block of words below what stands on its last page; where there is no room, on a sheet of
    its own. `{"added": whether that was needed}` beside it.
    """
    document = open_document(payload)
    made = _flat(document, range(1, len(document) + 1))
    block = open_document(base64.b64decode(arguments["block"]))
    across, tall = block.get_page_size(0)
    page = made[len(made) - 1]
    width, height = page.get_size()
    top = _room(page, tall + 2 * SPACE) if width >= across else None
    if top is None:
        width, height = SHEET
        page, top = made.new_page(width, height), height - 3 * SPACE
    else:
        top -= SPACE
    _put(made, block, page, ((width - across) / 2, top - tall))
    return JailResult({"added": top == SHEET[1] - 3 * SPACE, "pages": len(made)}, (_saved(made),))


def _page(document: Any, number: int) -> Any:
    try:
        return document[number]
    except pdfium.PdfiumError as error:
        raise BadInput("pdf_unreadable", page=number + 1) from error


def _flat(document: Any, wanted: Sequence[int]) -> Any:
    try:
        for number in wanted:
            page = _page(document, number - 1)
            if pdfium.raw.FPDFPage_Flatten(page, pdfium.raw.FLAT_PRINT) == pdfium.raw.FLATTEN_FAIL:
                raise BadInput("pdf_unreadable", page=number)
        made = pdfium.PdfDocument.new()
        made.import_pages(document, [number - 1 for number in wanted])
    except (pdfium.PdfiumError, ValueError) as error:
        raise BadInput("pdf_unreadable") from error
    return made


def _room(page: Any, needed: float) -> float | None:
    """Where the lowest blank band of this height begins, from below; None without one."""
    picture = page.render(scale=PRINTED).to_pil().convert("L")
    dark = picture.point(lambda grey: 255 if grey < INK else 0)
    height, wanted = picture.height, needed * PRINTED
    rows = dark.resize((1, height), resample=4).tobytes()  # BOX: the mean of a row, 0 only where it is blank
    lowest = height - SPACE * PRINTED
    begin, found = None, None
    for place in range(height + 1):
        blank = place < lowest and rows[place] == 0
        if blank and begin is None:
            begin = place
        if not blank and begin is not None:
            if place - begin >= wanted:
                found = begin
            begin = None
    return None if found is None else (height - found) / PRINTED


def _put(made: Any, block: Any, page: Any, at: tuple[float, float]) -> None:
    form = block.page_as_xobject(0, made)
    shown = form.as_pageobject()
    shown.set_matrix(pdfium.PdfMatrix().translate(*at))
    page.insert_obj(shown)
    page.gen_content()


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
