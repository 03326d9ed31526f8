"""Page images of pictures that came from outside: scans and photographs, several pages where a TIFF has them.

signing.jail.run("workflow.adapters.image_pages:render", tiff, arguments={"page": 2, "width": 1100}, limits=LIMITS)
signing.jail.run("workflow.adapters.image_pages:measure", tiff, limits=LIMITS)

Arguments, answers and refusals are those of `workflow.adapters.pages`, with `image_unreadable` in the place of
`pdf_unreadable`.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageOps

from signing.jail import JailResult, Limits
from workflow.adapters.pages import FORMATS, MAX_PAGES, MAX_PIXELS, MAX_WIDTH, MIN_WIDTH
from workflow.domain.errors import BadInput

KINDS: Final = ("PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP")
MAX_SOURCE: Final = 80_000_000
"""Pixels of one page as it came: A3 at 600 dpi has 70 million. What claims more is not decoded."""

LIMITS: Final = Limits(cpu=8.0, memory=1536 * 1024 * 1024)
"""For the jail: a page of 70 million pixels takes about 2 s and 500 MB."""

POINTS_A_PIXEL: Final = 72 / 200
"""Sizes are told in points, as if scanned at 200 dpi where the file does not say."""

_ODD: Final = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError,
               struct.error, Image.DecompressionBombError)  # fmt: skip
"""What Pillow raises over broken files."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture: its kind as Pillow names it, and its pages."""

    format: str
    pages: int


def look(payload: bytes) -> Opened:
    """What it is; decodes the first page to see that it can be shown. Refuses with `image_unreadable`."""
    with warnings.catch_warnings(action="ignore"):  # of odd tags and large pictures; Pillow goes on
        picture = _open(payload)
        found = Opened(_kind(picture), _pages(picture))
        _decoded(picture, 1, 64)
    return found


def render(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """One page as an image: `page` counts from 1, `width` in pixels, `format` "webp" (default) or "png".

    Gives the image as the only blob and `{"width", "height", "pages"}` beside it. A small picture is not made
    larger. Refuses with `image_unreadable`, `page_out_of_range`, `image_size`.
    """
    name, options = FORMATS[arguments.get("format", "webp")]
    width, number = int(arguments["width"]), int(arguments["page"])
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        raise BadInput("image_size", width=width, limit=MAX_WIDTH)
    picture = _open(payload)
    count = _pages(picture)
    if not 1 <= number <= count:
        raise BadInput("page_out_of_range", page=number, pages=count)
    shown = _decoded(picture, number, width)
    stream = io.BytesIO()
    shown.save(stream, name, **options)
    return JailResult({"width": shown.width, "height": shown.height, "pages": count}, (stream.getvalue(),))


def measure(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"pages": n, "sizes": [[width, height], …]}` in points, at most `max_pages` of them."""
    limit = int(arguments.get("max_pages", MAX_PAGES))
    picture = _open(payload)
    count = _pages(picture)
    if count > limit:
        raise BadInput("too_many_pages", pages=count, limit=limit)
    sizes = [[round(edge * POINTS_A_PIXEL, 3) for edge in _size(picture, number)] for number in range(1, count + 1)]
    return JailResult({"pages": count, "sizes": sizes})


def _open(payload: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(payload), formats=KINDS)
    except _ODD as error:
        raise BadInput("image_unreadable") from error


def _kind(picture: Image.Image) -> str:
    """A photograph with a preview behind it (MPO) is a JPEG."""
    return "JPEG" if picture.format == "MPO" else str(picture.format)


def _pages(picture: Image.Image) -> int:
    """Frames of a TIFF; what moves (GIF, WebP) is shown by its first."""
    if picture.format != "TIFF":
        return 1
    try:
        return int(getattr(picture, "n_frames", 1))
    except _ODD as error:
        raise BadInput("image_unreadable") from error


def _size(picture: Image.Image, number: int) -> tuple[int, int]:
    """Of a page as it is shown, with the camera's word on which side is up."""
    try:
        picture.seek(number - 1)
        across, along = picture.size
        turned = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    except _ODD as error:
        raise BadInput("image_unreadable", page=number) from error
    return (along, across) if turned else (across, along)


def _decoded(picture: Image.Image, number: int, width: int) -> Image.Image:
    """A page of at most `width` pixels across on white, as RGB."""
    across, along = _size(picture, number)
    if across < 1 or along < 1 or across * along > MAX_SOURCE:
        raise BadInput("image_size", width=across, height=along, limit=MAX_SOURCE)
    scale = min(1.0, width / across, math.sqrt(MAX_PIXELS / (across * along)))
    target = (max(1, round(across * scale)), max(1, round(along * scale)))
    try:
        if picture.format in {"JPEG", "MPO"}:  # the decoder itself makes it smaller: less memory, less time
            picture.draft("RGB", (max(target), max(target)))
        picture.load()
        shown = _on_white(ImageOps.exif_transpose(_smaller(picture, max(target))))
        return shown.resize(target, Image.Resampling.LANCZOS) if shown.size != target else shown
    except _ODD as error:
        raise BadInput("image_unreadable", page=number) from error


def _smaller(picture: Image.Image, edge: int) -> Image.Image:
    """Quickly and roughly, to twice what is wanted or more; colours from a table would not mix."""
    factor = int(min(picture.size) / (2 * edge))
    if factor < 2 or picture.mode not in {"1", "L", "LA", "RGB", "RGBA", "CMYK"}:
        return picture
    return (picture.convert("L") if picture.mode == "1" else picture).reduce(factor)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if picture.mode not in {"RGBA", "LA", "PA"} and "transparency" not in picture.info:
        return picture.convert("RGB")
    whole = picture.convert("RGBA")
    white = Image.new("RGBA", whole.size, (255, 255, 255, 255))
    white.alpha_composite(whole)
    return white.convert("RGB")
