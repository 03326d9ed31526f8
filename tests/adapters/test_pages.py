"""Page images and sizes, made inside the jail."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from PIL import Image

from signing.jail import Jail, JailResult, TaskRefused
from workflow.adapters import pages
from workflow.adapters.render import Size, number_stamp

PDF = number_stamp(Size(200, 100), "Số: 312/BC-UBND", made_at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC))


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    own = Jail(parallel=2)
    yield own
    own.close()


def make(*sizes: tuple[float, float], **options: Any) -> bytes:
    stream = io.BytesIO()
    pdf = pikepdf.new()
    for size in sizes:
        pdf.add_blank_page(page_size=size)
    pdf.save(stream, **options)
    return stream.getvalue()


def picture(result: JailResult) -> Image.Image:
    return Image.open(io.BytesIO(result.blobs[0]))


@pytest.mark.parametrize("name", ["webp", "png"])
def test_a_page_becomes_an_image_of_the_asked_width(jail: Jail, name: str) -> None:
    """In the jail: the image has the width asked for, the page's shape, and ink on white."""
    result = jail.run("workflow.adapters.pages:render", PDF, arguments={"page": 1, "width": 400, "format": name})
    assert result.json == {"width": 400, "height": 200, "pages": 1}
    image = picture(result)
    assert (image.format, image.size) == (name.upper(), (400, 200))
    assert image.getextrema()[0][0] < 80
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_sizes_are_in_points(jail: Jail) -> None:
    """Every page's own size, as it is shown."""
    result = jail.run("workflow.adapters.pages:measure", make((595.28, 841.89), (842, 595)))
    assert result.json == {"pages": 2, "sizes": [[595.28, 841.89], [842.0, 595.0]]}


def test_what_a_signature_field_shows_is_in_the_image() -> None:
    """The appearance of a widget is drawn: a leader without pdf.js sees the stamps too."""
    pdf = pikepdf.open(io.BytesIO(make((200, 100))))
    appearance = pdf.make_stream(b"1 0 0 rg 0 0 50 50 re f")
    appearance.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 50, 50]})
    widget = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, F=4, Rect=[0, 0, 50, 50]
    )
    widget.T, widget.AP = pikepdf.String("seal"), pikepdf.Dictionary(N=appearance)
    field = pdf.make_indirect(widget)
    pdf.pages[0].Annots = [field]
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
    stream = io.BytesIO()
    pdf.save(stream)
    image = picture(pages.render(stream.getvalue(), {"page": 1, "width": 200, "format": "png"}))
    assert image.getpixel((25, 75)) == (255, 0, 0)


def test_a_huge_page_is_drawn_smaller() -> None:
    """A page 200 inches long does not take gigabytes: the image stays under the cap."""
    result = pages.render(make((200, 14_400)), {"page": 1, "width": 3000, "format": "png"})
    image = picture(result)
    assert image.width * image.height <= pages.MAX_PIXELS * 1.01


@pytest.mark.parametrize(
    ("payload", "arguments", "code"),
    [
        (b"", {"page": 1, "width": 400}, "pdf_unreadable"),
        (b"PK\x03\x04 a docx", {"page": 1, "width": 400}, "pdf_unreadable"),
        (PDF[:300], {"page": 1, "width": 400}, "pdf_unreadable"),
        (PDF, {"page": 0, "width": 400}, "page_out_of_range"),
        (PDF, {"page": 2, "width": 400}, "page_out_of_range"),
        (PDF, {"page": 1, "width": 100_000}, "image_size"),
        (PDF, {"page": 1, "width": 1}, "image_size"),
        (
            make((100, 100), encryption=pikepdf.Encryption(user="x", owner="y")),
            {"page": 1, "width": 99},
            "pdf_encrypted",
        ),
    ],
    ids=["empty", "docx", "cut", "page0", "page2", "wide", "narrow", "encrypted"],
)
def test_refusals_have_names(jail: Jail, payload: bytes, arguments: dict[str, Any], code: str) -> None:
    """Broken, foreign and encrypted files, absent pages and absurd widths come back over the wall by name."""
    with pytest.raises(TaskRefused, match=code):
        jail.run("workflow.adapters.pages:render", payload, arguments=arguments)


def test_too_many_pages_are_refused(jail: Jail) -> None:
    """The caller's limit on pages holds."""
    with pytest.raises(TaskRefused, match="too_many_pages"):
        jail.run("workflow.adapters.pages:measure", make(*[(9, 9)] * 5), arguments={"max_pages": 4})
