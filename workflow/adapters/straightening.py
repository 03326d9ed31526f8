"""A scanned page made straight and clean enough to read; Pillow only."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

WORKING_WIDTH: Final = 700
LARGEST_TILT: Final = 4.0
SMALLEST_TILT: Final = 0.1
INK: Final = 150
"""Grey below which a dot is taken for ink of a line."""


def straightened(picture: Image.Image) -> tuple[Image.Image, float]:
    """The grey picture turned so that its lines are level, and by how many degrees (counter-clockwise)."""
    tilt = tilt_of(picture)
    if abs(tilt) < SMALLEST_TILT:
        return picture, 0.0
    return picture.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255), tilt


def tilt_of(picture: Image.Image) -> float:
    """The turn in degrees counter-clockwise that makes the rows of ink stand out most; first coarse, then fine."""
    height = max(1, round(picture.height * WORKING_WIDTH / picture.width))
    small = picture.resize((WORKING_WIDTH, height), Image.Resampling.BOX)
    dark = small.filter(ImageFilter.MedianFilter(3)).point(lambda value: 255 if value < 160 else 0)
    best = _best(dark, 0.0, step=0.5, reach=LARGEST_TILT)
    best = _best(dark, best, step=0.1, reach=0.4)
    return round(best, 2)


def _best(dark: Image.Image, middle: float, *, step: float, reach: float) -> float:
    count = round(reach / step)
    tries = [middle + step * index for index in range(-count, count + 1)]
    return max(tries, key=lambda angle: (_unevenness(dark, angle), -abs(angle)))


def _unevenness(dark: Image.Image, angle: float) -> float:
    """How much neighbouring rows differ in ink: high where rows of letters and white gaps are level."""
    turned = dark.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=0)
    rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
    return float(sum((one - other) ** 2 for one, other in pairwise(rows)))


def without_lines(picture: Image.Image, *, dots_per_point: float) -> Image.Image:
    """The straight grey picture without drawn lines: frames of stamps, rules under headings, borders of tables.

    A framed word is otherwise taken for a drawing and lost. Lines are runs of ink longer than any letter's stroke:
    26 points across, 20 points along.
    """
    dark = picture.filter(ImageFilter.MinFilter(3)).point(lambda value: 0 if value < INK else 255)
    clean = picture.copy()
    pen = ImageDraw.Draw(clean)
    for y, start, end in _runs(dark, least=round(26 * dots_per_point)):
        pen.line((start, y, end, y), fill=255)
    turned = dark.transpose(Image.Transpose.TRANSPOSE)
    for x, start, end in _runs(turned, least=round(20 * dots_per_point)):
        pen.line((x, start, x, end), fill=255)
    return clean


def _runs(dark: Image.Image, *, least: int) -> list[tuple[int, int, int]]:
    """Row, first and last dot of every run of ink of `least` dots or more."""
    pattern = re.compile(rb"\x00{%d,}" % max(8, least))
    dots, width = dark.tobytes(), dark.width
    return [
        (row, found.start(), found.end() - 1)
        for row in range(dark.height)
        for found in pattern.finditer(dots[row * width : (row + 1) * width])
    ]
