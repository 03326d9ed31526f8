"""A printed paper as an office's scanner gives it: slightly turned, noisy, unevenly lit, JPEG in an image-only PDF.

Strengths are those of ordinary post: up to 2.5 degrees, 150 or 200 dpi, quality 40 to 75; all stays readable.
"""

from __future__ import annotations

import io
from random import Random
from statistics import NormalDist

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.reading.papers.pictures import letters

RED = (190, 30, 60)


def scanned(pdf: bytes, rng: Random) -> bytes:
    """The same paper as images."""
    dpi = rng.choice((150, 200, 200))
    grey, quality, noise = rng.random() < 0.5, rng.randint(40, 75), rng.uniform(3, 14)
    blur, stamped = rng.uniform(0.3, 0.95), rng.random() < 0.4
    opened = pdfium.PdfDocument(pdf)
    pages: list[tuple[bytes, tuple[int, int]]] = []
    for at in range(len(opened)):
        sheet = opened[at].render(scale=dpi / 72).to_pil().convert("RGB")
        if at == 0 and stamped:
            stamp_arrival(sheet, rng, dpi)
        sheet = _lit(_turned(sheet, rng).filter(ImageFilter.GaussianBlur(blur * dpi / 200)), rng)
        sheet = _noisy(sheet.convert("L") if grey else sheet, rng, noise)
        out = io.BytesIO()
        sheet.save(out, "JPEG", quality=quality)
        pages.append((out.getvalue(), sheet.size))
    opened.close()
    return _wrapped(pages, dpi, grey=grey)


def _turned(sheet: Image.Image, rng: Random) -> Image.Image:
    degrees = rng.uniform(-2.5, 2.5)
    return sheet.rotate(
        degrees, resample=Image.Resampling.BICUBIC, fillcolor=rng.choice(((255,) * 3, (236,) * 3, (70,) * 3))
    )


def _lit(sheet: Image.Image, rng: Random) -> Image.Image:
    """Darker towards one side, and paper that is not white."""
    dark, light = rng.randint(196, 232), rng.randint(236, 253)
    ramp = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270)))
    shade = ramp.point([round(dark + (light - dark) * value / 255) for value in range(256)]).resize(sheet.size)
    return ImageChops.multiply(sheet, Image.merge("RGB", (shade, shade, shade)))


def _noisy(sheet: Image.Image, rng: Random, sigma: float) -> Image.Image:
    wide, high = sheet.size
    normal = NormalDist(0, sigma)
    table = [max(0, min(255, round(128 + normal.inv_cdf((value + 0.5) / 256)))) for value in range(256)]
    raw = Image.frombytes("L", sheet.size, rng.randbytes(wide * high))
    grain = raw.point(table)
    if sheet.mode == "RGB":
        grain = Image.merge("RGB", (grain, grain, grain))
    sheet = ImageChops.add(sheet, grain, offset=-128)
    for _ in range(rng.randint(0, 160)):  # dust and toner
        x, y, r = rng.randrange(wide), rng.randrange(high), rng.choice((1, 1, 2))
        ink: int | tuple[int, int, int] = rng.choice((30, 60, 250))
        ImageDraw.Draw(sheet).ellipse((x, y, x + r, y + r), fill=ink if sheet.mode == "L" else (ink, ink, ink))
    return sheet


def stamp_arrival(sheet: Image.Image, rng: Random, dpi: int) -> None:
    """A rubber ĐẾN stamp, turned a little, in the highest empty place of the page; else none.

    50 by 35 mm as the decree has it where that fits in the upper half, else a smaller one, at last anywhere.
    """
    tries = ((50, 35, 0.5), (44, 28, 0.5), (40, 24, 0.5), (50, 35, 1.0))
    for width, height, share in tries:
        scale, wide, high = dpi / 25.4 * width / 50, round(width * dpi / 25.4), round(height * dpi / 25.4)
        place = _empty_place(sheet, wide, high, share)
        if place is not None:
            _stamp(sheet, rng, place, (wide, high), scale)
            return


def _stamp(sheet: Image.Image, rng: Random, place: tuple[int, int], size: tuple[int, int], scale: float) -> None:
    wide, high = size
    stamp = Image.new("RGBA", (wide, high), (*RED, 0))
    pen = ImageDraw.Draw(stamp)
    pen.rectangle((2, 2, wide - 3, high - 3), outline=(*RED, 230), width=3)
    rows = (("VĂN PHÒNG UBND", 0.13, 3.4), ("ĐẾN", 0.32, 5), (f"Số: {rng.randint(10, 8000)}", 0.52, 3.2),
            (f"Ngày: {rng.randint(1, 28):02d}/{rng.randint(1, 12)}/2026", 0.69, 3.2),
            ("Chuyển: ...................", 0.87, 3.2))  # fmt: skip
    for text, share, size in rows:
        where = (wide / 2, high * share) if share < 0.4 else (wide * 0.08, high * share)
        pen.text(
            where, text, font=letters(round(size * scale)), fill=(*RED, 225), anchor="mm" if share < 0.4 else "lm"
        )
    turned = stamp.rotate(rng.uniform(-5, 5), resample=Image.Resampling.BICUBIC, expand=True)
    sheet.paste(turned, place, turned)


def _empty_place(sheet: Image.Image, wide: int, high: int, share: float) -> tuple[int, int] | None:
    """The first white rectangle in the upper `share` of the page, found on one shrunk sixteen times."""
    small = sheet.convert("L").reduce(16).point([255 if value < 250 else 0 for value in range(256)])
    w, h = wide // 16 + 3, high // 16 + 3
    for y in range(2, round(small.height * share) - h, 2):
        for x in (*range(3, small.width - w - 2, 3),):
            if small.crop((x, y, x + w, y + h)).getbbox() is None:
                return (x + 1) * 16, (y + 1) * 16
    return None


def _wrapped(pages: list[tuple[bytes, tuple[int, int]]], dpi: int, *, grey: bool) -> bytes:
    with Pdf.new() as pdf:
        for data, (wide, high) in pages:
            image = pdf.make_stream(data, Dictionary({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": wide,
                "/Height": high,
                "/BitsPerComponent": 8, "/Filter": Name.DCTDecode,
                "/ColorSpace": Name.DeviceGray if grey else Name.DeviceRGB}))  # fmt: skip
            w, h = wide * 72 / dpi, high * 72 / dpi
            page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, round(w, 2), round(h, 2)]),
                              Resources=Dictionary(XObject=Dictionary(Im0=image)),
                              Contents=pdf.make_stream(
                                  f"q {w:.2f} 0 0 {h:.2f} 0 0 cm /Im0 Do Q".encode()))  # fmt: skip
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
