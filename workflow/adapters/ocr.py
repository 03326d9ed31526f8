"""Words of a scanned page, read twice by tesseract with the Vietnamese model; a task for the jail.

signing.jail.run("workflow.adapters.ocr:read", pdf, arguments={"page": 1}, limits=ocr.LIMITS)

The program (the wheel `tesserocr` brings it) and the model (`vie.traineddata`, from npm by `make setup`) may both
be missing: `available()` says so on the outside, `ocr_missing` inside. Nothing is fetched at run time.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import pypdfium2 as pdfium
from PIL import Image, ImageFilter, ImageOps

from signing.jail import JailResult, Limits
from workflow.adapters.assets import ocr_data_folder
from workflow.adapters.glyphs import ABOVE, BELOW
from workflow.adapters.pages import open_document
from workflow.adapters.straightening import straightened, without_lines
from workflow.adapters.two_readings import merged
from workflow.domain.errors import BadInput

try:
    import tesserocr
except ImportError:  # the wheel does not exist for every machine; a paper can then be registered by hand
    tesserocr = None

LANGUAGE: Final = "vie"
LIMITS: Final = Limits(cpu=40.0, cpu_per_megabyte=0.5, memory=1536 * 1024 * 1024, wall=120.0)
"""A page takes 2–4 s; the limits leave room for a dense one on a slow machine."""
FIRST_DPI: Final = 225
SECOND_DPI: Final = 200
"""More is worse on scans of 150 to 200 dpi: the noise grows too."""
MAX_PIXELS: Final = 12_000_000
MAX_WORDS: Final = 4000
POINT: Final = 72.0
TURNED: Final = 0.45
READABLE: Final = 0.7
"""Mean confidence below which the page may lie on its side or head."""


def installed() -> bool:
    """The program is there."""
    return tesserocr is not None


def available() -> bool:
    """Both the program and the model are there."""
    return installed() and (ocr_data_folder() / f"{LANGUAGE}.traineddata").is_file()


def read(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """One page: `{"number", "width", "height", "pages", "turn", "tilt", "confidence", "words"}`.

    A word is `[text, x0, y0, x1, y1, size, bold, confidence]` in points, origin at the lower left of the page as
    shown **after** it was turned by `turn` (0, 90, 180, 270 degrees clockwise) and straightened by `tilt` degrees
    about its middle; `bold` is always false; confidences are 0 to 1. `data`: the folder of the model, if another.
    Refuses with `ocr_missing`, `pdf_unreadable`, `pdf_encrypted`, `page_out_of_range`.
    """
    folder = str(arguments.get("data") or ocr_data_folder())
    if tesserocr is None or not os.path.isfile(os.path.join(folder, f"{LANGUAGE}.traineddata")):
        raise BadInput("ocr_missing")
    document = open_document(payload)
    number = int(arguments["page"])
    if not 1 <= number <= len(document):
        raise BadInput("page_out_of_range", page=number, pages=len(document))
    with tesserocr.PyTessBaseAPI(path=folder, lang=LANGUAGE, psm=tesserocr.PSM.AUTO) as engine:
        engine.SetVariable("debug_file", os.devnull)
        result = _best(engine, document, number)
    return JailResult({**result, "number": number, "pages": len(document)})


def _best(engine: Any, document: Any, number: int) -> dict[str, Any]:
    """The page as it lies; turned where it cannot be read so and can otherwise. Then read a second time."""
    picture, scale = _picture(document, number, FIRST_DPI)
    best, straight = _recognise(engine, picture, scale, turn=0)
    if best["confidence"] < TURNED and best["words"]:
        for turn in (180, 270, 90):
            other, its = _recognise(engine, picture.rotate(-turn, expand=True), scale, turn=turn)
            if other["confidence"] > best["confidence"] + 0.1:
                best, straight = other, its
            if best["confidence"] >= READABLE:
                break
    second = _second(engine, straight, scale)
    words = merged(second, best["words"])[:MAX_WORDS]
    return {**best, "words": words}


def _picture(document: Any, number: int, dpi: float) -> tuple[Image.Image, float]:
    """The page in grey, and its pixels per point."""
    try:
        page = document[number - 1]
        width, height = page.get_size()
        if min(width, height) <= 0:
            raise BadInput("pdf_unreadable", page=number)
        scale = min(dpi / POINT, math.sqrt(MAX_PIXELS / (width * height)))
        shown = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    except pdfium.PdfiumError as error:
        raise BadInput("pdf_unreadable", page=number) from error
    return ImageOps.autocontrast(ImageOps.grayscale(shown), cutoff=(0.2, 30)), scale


def _recognise(engine: Any, picture: Image.Image, scale: float, *, turn: int) -> tuple[dict[str, Any], Image.Image]:
    """The first reading: freed of specks, by blocks."""
    straight, tilt = straightened(picture)
    straight = without_lines(straight, dots_per_point=scale)
    words = _read(engine, straight.filter(ImageFilter.MedianFilter(3)), scale, tesserocr.PSM.AUTO)
    sure = sum(word[7] * len(word[0]) for word in words) / max(1, sum(len(word[0]) for word in words))
    size = {"width": round(straight.width / scale, 2), "height": round(straight.height / scale, 2)}
    return {**size, "turn": turn, "tilt": tilt, "confidence": round(sure, 3), "words": words}, straight


def _second(engine: Any, straight: Image.Image, scale: float) -> list[list[Any]]:
    """Another size, no filter, line by line wherever ink is: finds what the search for blocks lost, and does not
    glue the lines of two cells together as that does; so its places count."""
    share = SECOND_DPI / (scale * POINT)
    size = (round(straight.width * share), round(straight.height * share))
    smaller = straight.resize(size, Image.Resampling.LANCZOS)
    return _read(engine, smaller, scale * share, tesserocr.PSM.SPARSE_TEXT)


def _read(engine: Any, picture: Image.Image, scale: float, mode: Any) -> list[list[Any]]:
    engine.SetPageSegMode(mode)
    engine.SetVariable("user_defined_dpi", str(round(scale * POINT)))
    engine.SetImage(picture)
    engine.Recognize()
    return _words(engine, scale, picture.height)


def _words(engine: Any, scale: float, height: int) -> list[list[Any]]:
    found: list[list[Any]] = []
    level = tesserocr.RIL.WORD
    results = engine.GetIterator()
    if results is None:
        return found
    for item in tesserocr.iterate_level(results, level):
        box = item.BoundingBox(level)
        try:
            letters = item.GetUTF8Text(level)
        except RuntimeError:
            continue
        plain = unicodedata.normalize("NFC", re.sub(r"\s+", " ", letters)).strip()
        if not plain or box is None:
            continue
        base, size = _line(item, box)
        places = (box[0], height - base - BELOW * size, box[2], height - base + ABOVE * size)
        sure = round(item.Confidence(level) / 100, 3)
        found.append([plain, *(round(place / scale, 2) for place in places), round(size / scale, 2), False, sure])
    return found


def _line(item: Any, box: tuple[int, int, int, int]) -> tuple[float, float]:
    """The baseline under a word, from the top in pixels, and the letters' size; from its own ink where the line's
    measures cannot be right (a line glued together from two cells)."""
    x0, top, x1, bottom = box
    ink = float(bottom - top)
    size = float(item.RowAttributes()["row_height"])
    ends = item.Baseline(tesserocr.RIL.TEXTLINE)
    if ends is None or not 0.4 * ink < size < 4 * ink:
        return bottom - 0.1 * ink, ink
    (left, first), (right, last) = ends
    base = first + (last - first) * ((x0 + x1) / 2 - left) / max(1, right - left)
    if abs(base - bottom) > 0.45 * size:
        return bottom - 0.1 * ink, ink
    return base, size
