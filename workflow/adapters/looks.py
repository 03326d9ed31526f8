"""Whether a page that somebody else signed looks as if we had drawn its box. A task for the jail: PDFium reads what
strangers wrote.

signing.jail.run("workflow.adapters.looks:compare", sent_and_ours + theirs, arguments={…})
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PIL import Image, ImageChops, ImageFilter

from signing.jail import JailResult
from workflow.adapters.pages import open_document

SCALE: Final = 2.0
"""Pixels per point, at which the whole page is compared: 144 dpi."""
MAX_PIXELS: Final = 4_000_000
"""Of one image: A3 at that scale."""
CLOSER: Final = 2.0
"""By how much the box is seen closer: 288 dpi; the thinnest stroke of 13-point letters is two pixels."""
NEAR: Final = 7
"""A square of this edge: a stroke may lie three pixels beside its place. Of nine, a 6 passes for an 8."""
SHADE: Final = 72
"""Of 255, by which a colour may differ: edges are smoothed."""
MARGIN: Final = 4
"""Pixels around what is drawn that belong to its box."""


def compare(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"outside", "inside"}`, both true where they look alike.

    The payload is our file, `ours` bytes long, and theirs; both begin with the `sent` bytes that were given out.
    Outside of what our signature draws on `page` (from 1) theirs is the page that was given out, pixel for pixel;
    inside it is ours, each dark or light spot within a point of its place.
    """
    size, own, number = int(arguments["ours"]), int(arguments["sent"]), int(arguments["page"])
    ours = payload[:size]
    before, here, there = (_Page(data, number) for data in (ours[:own], ours, payload[size:]))
    given, made, brought = before.whole(), here.whole(), there.whole()
    box = ImageChops.difference(given, made).getbbox()
    if box is None or brought.size != given.size:
        return JailResult({"outside": False, "inside": False})
    left, top, right, bottom = box
    region = (
        max(0, left - MARGIN), max(0, top - MARGIN),
        min(given.width, right + MARGIN), min(given.height, bottom + MARGIN),
    )  # fmt: skip
    inside = alike(here.closer(region), there.closer(region))
    brought.paste(given.crop(region), region)
    return JailResult({"outside": ImageChops.difference(given, brought).getbbox() is None, "inside": inside})


_FAR: Final = [0] * (SHADE + 1) + [255] * (255 - SHADE)


class _Page:
    def __init__(self, data: bytes, number: int) -> None:
        self._document = open_document(data)
        self._page = self._document[number - 1]
        self._across, self._along = self._page.get_size()
        self._scale = min(SCALE, (MAX_PIXELS / max(1.0, self._across * self._along)) ** 0.5)

    def whole(self) -> Image.Image:
        picture: Image.Image = self._page.render(scale=self._scale).to_pil().convert("RGB")
        return picture

    def closer(self, region: tuple[int, int, int, int]) -> Image.Image:
        """A part of the whole picture, drawn larger."""
        left, top, right, bottom = (one / self._scale for one in region)
        rest = (left, max(0.0, self._along - bottom), max(0.0, self._across - right), top)
        made: Image.Image = self._page.render(scale=self._scale * CLOSER, crop=rest).to_pil().convert("RGB")
        return made


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Each has near every spot something as dark and something as light as the other has there."""
    return one.size == other.size and _within(one, other) and _within(other, one)


def _within(one: Image.Image, other: Image.Image) -> bool:
    too_light = ImageChops.subtract(one, other.filter(ImageFilter.MaxFilter(NEAR)))
    too_dark = ImageChops.subtract(other.filter(ImageFilter.MinFilter(NEAR)), one)
    return all(image.point(_FAR * 3).getbbox() is None for image in (too_light, too_dark))
