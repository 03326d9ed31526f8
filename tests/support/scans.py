"""A paper as a scanner gives it: pictures of its pages, turned, noisy, as JPEG in a PDF."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
from PIL import Image, ImageChops


def scanned(pdf: bytes, *, skew: float = 1.0, dpi: int = 170, noise: int = 8, upside_down: bool = False) -> bytes:
    """Every page as a grey picture; `skew` in degrees counter-clockwise, `noise` as the spread of grey."""
    pages = []
    for page in pdfium.PdfDocument(pdf):
        picture = page.render(scale=dpi / 72).to_pil().convert("L")
        picture = picture.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
        grain = Image.effect_noise(picture.size, noise).convert("L")
        picture = ImageChops.add(picture, grain, scale=1, offset=-128)
        pages.append(picture.rotate(180) if upside_down else picture)
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", resolution=dpi, save_all=True, append_images=pages[1:], quality=70)
    return stream.getvalue()
