"""Scans and photographs as page images, made inside the jail."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from signing.jail import Jail, JailResult, TaskRefused
from workflow.adapters import image_pages

RENDER, MEASURE = "workflow.adapters.image_pages:render", "workflow.adapters.image_pages:measure"


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    own = Jail(parallel=2)
    yield own
    own.close()


def make(kind: str, mode: str = "RGB", size: tuple[int, int] = (600, 300), **options: Any) -> bytes:
    grey = {"RGB": (40, 90, 200), "RGBA": (40, 90, 200, 128), "L": 90, "1": 0, "CMYK": (200, 90, 0, 40), "P": 3,
            "I;16": 90 * 256}[mode]  # fmt: skip
    stream = io.BytesIO()
    Image.new(mode, size, grey).save(stream, kind, **options)
    return stream.getvalue()


def scanned(*greys: int) -> bytes:
    pages = [Image.new("L", (827, 1169), grey) for grey in greys]
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_deflate")
    return stream.getvalue()


def shown(result: JailResult) -> Image.Image:
    return Image.open(io.BytesIO(result.blobs[0]))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "P"), ("JPEG", "RGB"),
     ("JPEG", "CMYK"), ("TIFF", "1"), ("TIFF", "CMYK"), ("WEBP", "RGBA"), ("GIF", "P"), ("BMP", "RGB")],
)  # fmt: skip
def test_every_kind_becomes_a_page(jail: Jail, kind: str, mode: str) -> None:
    """Whatever colours it has, as RGB on white, of the width asked for."""
    options = {"compression": "group4"} if (kind, mode) == ("TIFF", "1") else {}
    result = jail.run(RENDER, make(kind, mode, **options), arguments={"page": 1, "width": 200, "format": "png"})
    picture = shown(result)
    assert result.json == {"width": 200, "height": 100, "pages": 1}
    assert (picture.mode, picture.size) == ("RGB", (200, 100))
    middle = picture.getpixel((100, 50))
    assert middle != (255, 255, 255)
    if (kind, mode) == ("PNG", "I;16"):
        assert middle == (90, 90, 90)


def test_pages_of_a_scan(jail: Jail) -> None:
    """A TIFF of three pages: each is its own, sizes are in points, a page beyond them is refused."""
    data = scanned(10, 120, 240)
    assert jail.run(MEASURE, data).json == {"pages": 3, "sizes": [[297.72, 420.84]] * 3}
    for number, grey in enumerate((10, 120, 240), 1):
        page = shown(jail.run(RENDER, data, arguments={"page": number, "width": 100, "format": "png"}))
        assert page.getpixel((50, 50)) == (grey,) * 3
    with pytest.raises(TaskRefused, match="page_out_of_range"):
        jail.run(RENDER, data, arguments={"page": 4, "width": 100})
    with pytest.raises(TaskRefused, match="too_many_pages"):
        jail.run(MEASURE, data, arguments={"max_pages": 2})


def test_a_photograph_lies_as_it_was_taken() -> None:
    """The camera says that it was held upright; a small picture is not blown up."""
    exif = Image.Exif()
    exif[0x0112] = 6
    data = make("JPEG", exif=exif.tobytes())
    assert image_pages.render(data, {"page": 1, "width": 3000}).json == {"width": 300, "height": 600, "pages": 1}
    assert image_pages.measure(data, {}).json["sizes"] == [[108.0, 216.0]]


def bomb() -> bytes:
    """A PNG of some bytes that says it has ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("payload", "arguments", "code"),
    [
        (b"", {"page": 1, "width": 99}, "image_unreadable"),
        (b"%PDF-1.7", {"page": 1, "width": 99}, "image_unreadable"),
        (make("PNG")[:200], {"page": 1, "width": 99}, "image_unreadable"),
        (make("JPEG")[:200], {"page": 1, "width": 99}, "image_unreadable"),
        (bomb(), {"page": 1, "width": 99}, "image_unreadable"),
        (make("PNG", "1", (10_000, 8_500)), {"page": 1, "width": 99}, "image_size"),
        (make("PNG"), {"page": 0, "width": 99}, "page_out_of_range"),
        (make("PNG"), {"page": 1, "width": 1}, "image_size"),
        (make("PNG"), {"page": 1, "width": 100_000}, "image_size"),
    ],
    ids=["empty", "pdf", "cut png", "cut jpeg", "bomb", "huge", "page0", "narrow", "wide"],
)
def test_refusals_have_names(jail: Jail, payload: bytes, arguments: dict[str, Any], code: str) -> None:
    """Broken, foreign and bomb-like files, absent pages and absurd widths come back over the wall by name."""
    with pytest.raises(TaskRefused, match=code):
        jail.run(RENDER, payload, arguments=arguments)
