"""A leader's handwriting, from a scan or a photograph to a blue line on nothing. A task for the jail:

    signing.jail.run("workflow.adapters.pictures:handwriting", upload).blobs[0]

Annex I of Decree 30/2020/NĐ-CP asks for a blue image in PNG with a transparent ground.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from PIL import Image, ImageOps

from signing.jail import JailResult
from workflow.domain.errors import BadInput

BLUE: Final = (11, 63, 168)
MAX_PIXELS: Final = 25_000_000
"""Of an upload: a photograph of 25 megapixels."""

MAX_SIDE: Final = 1200
PAPER: Final = 60
"""Share of darkness, of 255, up to which a pixel is paper and not ink."""

MARGIN: Final = 6


def handwriting(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """PNG or JPEG in, a cut-out blue PNG of at most 1200 pixels a side out, `{"width", "height"}` beside it.

    Refuses with `signature_image_unreadable`, `signature_image_too_large` or `signature_image_empty`.
    """
    ink = _ink(_open(payload))
    box = ink.point(lambda darkness: 255 if darkness else 0).getbbox()
    if box is None:
        raise BadInput("signature_image_empty")
    ink = ImageOps.expand(ink.crop(box), border=MARGIN)
    ink.thumbnail((MAX_SIDE, MAX_SIDE))
    picture = Image.new("RGBA", ink.size, (*BLUE, 0))
    picture.putalpha(ink)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return JailResult({"width": picture.width, "height": picture.height}, (stream.getvalue(),))


def _open(payload: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(payload), formats=("PNG", "JPEG"))
        if picture.width * picture.height > MAX_PIXELS:
            raise BadInput("signature_image_too_large", width=picture.width, height=picture.height)
        return ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput("signature_image_unreadable") from error


def _ink(picture: Image.Image) -> Image.Image:
    """How dark each pixel is on white paper, paper itself being nothing, from lightest to darkest ink."""
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    white.alpha_composite(picture)
    dark = ImageOps.invert(white.convert("L"))
    darkest = max(PAPER + 1, *(value for value, count in enumerate(dark.histogram()) if count))
    return dark.point(lambda value: max(0, value - PAPER) * 255 // (darkest - PAPER))
