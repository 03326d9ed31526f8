"""Round red seals and blue handwriting as transparent PNG, named by what is in them."""

from __future__ import annotations

import io
import math
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

from workflow.adapters.assets import dist_folder

PIXELS = 340
SEAL, INK = (208, 2, 27, 190), (20, 60, 165, 255)


@cache
def png(name: str) -> bytes:
    """`seal:WORDS AROUND` or `hand:NUMBER`."""
    sort, _, rest = name.partition(":")
    picture = _seal(rest) if sort == "seal" else _hand(int(rest))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False, compress_level=9)
    return out.getvalue()


def letters(size: int, *, bold: bool = True) -> ImageFont.FreeTypeFont:
    """The serif that letters are set in."""
    name = "Tinos_700Bold.ttf" if bold else "Tinos_400Regular.ttf"
    return ImageFont.truetype(str(dist_folder() / "tinos" / name), size)


def _seal(words: str) -> Image.Image:
    picture = Image.new("RGBA", (PIXELS, PIXELS), (208, 2, 27, 0))
    pen = ImageDraw.Draw(picture)
    middle, outer = PIXELS / 2, PIXELS / 2 - 4
    pen.ellipse((4, 4, PIXELS - 4, PIXELS - 4), outline=SEAL, width=6)
    inner = outer * 0.62
    pen.ellipse((middle - inner, middle - inner, middle + inner, middle + inner), outline=SEAL, width=3)
    star = [
        (middle + math.sin(at * math.pi / 5) * inner * (0.75 if at % 2 == 0 else 0.3),
         middle - math.cos(at * math.pi / 5) * inner * (0.75 if at % 2 == 0 else 0.3))
        for at in range(10)
    ]  # fmt: skip
    pen.polygon(star, fill=SEAL)
    text = f"{words.upper()} * "[:44]
    for at, letter in enumerate(text):
        _around(picture, letter, 360 * at / len(text) - 90, outer * 0.81, min(34, round(780 / len(text) * 1.15)))
    return picture


def _around(picture: Image.Image, letter: str, degrees: float, radius: float, size: int) -> None:
    tile = Image.new("RGBA", (60, 60), (208, 2, 27, 0))
    ImageDraw.Draw(tile).text((30, 30), letter, font=letters(size), fill=SEAL, anchor="mm")
    turned = tile.rotate(-degrees, resample=Image.Resampling.BICUBIC)
    middle = PIXELS / 2
    x = middle + math.sin(math.radians(degrees)) * radius - 30
    y = middle - math.cos(math.radians(degrees)) * radius - 30
    picture.alpha_composite(turned, (max(0, round(x)), max(0, round(y))))


def _hand(seed: int) -> Image.Image:
    """A few loops and a long stroke."""
    rng = Random(f"hand:{seed}")
    wide, high = 360, 200
    picture = Image.new("RGBA", (wide, high), (20, 60, 165, 0))
    pen = ImageDraw.Draw(picture)
    points: list[tuple[float, float]] = []
    x, loops = 40.0, rng.randint(3, 6)
    for _ in range(loops):
        tall, turn = rng.uniform(25, 75), rng.uniform(14, 30)
        points += [(x + turn * math.sin(step / 9 * math.tau) + step * 3.2,
                    high / 2 - tall * math.cos(step / 9 * math.tau) * 0.7) for step in range(10)]  # fmt: skip
        x += rng.uniform(28, 46)
    points += [
        (x + 60, high / 2 + rng.uniform(-50, 20)),
        (30, high * 0.8 + rng.uniform(-20, 20)),
        (wide - 20, high * 0.7),
    ]
    pen.line(points, fill=INK, width=5, joint="curve")
    return picture
