"""Appearances of signatures: exact size, nothing behind them, words that can be read back."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from workflow.adapters import words as reading
from workflow.adapters.render import (
    Size,
    date_stamp,
    heading_stamp,
    leader_stamp,
    lookup_stamp,
    number_stamp,
    seal_stamp,
    signing_time,
)
from workflow.domain.errors import BadInput

SIGNED = dt.datetime(2026, 11, 22, 9, 59, 49, tzinfo=dt.UTC)
LONG = "Công Tằng Tôn Nữ Thị Huyền Trân Nguyễn Phúc Bảo Long"
HOSTILE = '#panic("x") *bold* $x$ @a <b> \\ /* " ]'


def png(width: int = 40, height: int = 20, colour: tuple[int, ...] = (11, 63, 168, 255)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(stream, "PNG")
    return stream.getvalue()


def leader(size: Size, name: str = "Nguyễn Thị Đoan Trang", image: bytes | None = None) -> bytes:
    return leader_stamp(size, lines=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), name=name, signed_at=SIGNED, image=image)


STAMPS = {
    "leader": lambda size: leader(size),
    "picture": lambda size: leader(size, image=png()),
    "number": lambda size: number_stamp(size, "Số: 312/BC-UBND", made_at=SIGNED),
    "date": lambda size: date_stamp(size, "Hà Sơn, ngày 05 tháng 02 năm 2026", made_at=SIGNED),
    "seal": lambda size: seal_stamp(size, name="Ủy ban nhân dân", place="T. Hà Sơn", made_at=SIGNED),
    "lookup": lambda size: lookup_stamp(size, address="https://a.example/v/X", lines=("Mã: X",), made_at=SIGNED),
}


def words(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return " ".join(unicodedata.normalize("NFC", text).split())


def pixels(pdf: bytes) -> Image.Image:
    document = pdfium.PdfDocument(pdf)
    image = document[0].render(scale=2, fill_color=(0, 0, 0, 0)).to_pil().convert("RGBA")
    document.close()
    return image


@pytest.mark.parametrize("name", STAMPS)
@pytest.mark.parametrize("size", [Size(226.77, 136.06), Size(90.5, 17), Size(400, 300)])
def test_one_page_of_exactly_the_box(name: str, size: Size) -> None:
    """One page, its size that of the box to a thousandth of a point, and every font embedded."""
    with pikepdf.open(io.BytesIO(STAMPS[name](size))) as pdf:
        (page,) = pdf.pages
        assert [float(edge) for edge in page.mediabox] == pytest.approx([0, 0, size.width, size.height], abs=1e-3)
        for font in page.resources.get("/Font", pikepdf.Dictionary()).values():
            (descendant,) = font.DescendantFonts
            assert {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys())


@pytest.mark.parametrize("name", STAMPS)
def test_drawn_with_plain_means(name: str) -> None:
    """No pattern, optional content or transparency group anywhere: a signature's appearance may hold none."""
    with pikepdf.open(io.BytesIO(STAMPS[name](Size(220, 120)))) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                assert not {"/Pattern", "/OC", "/OCGs", "/PatternType"} & set(found.keys())
                if found.get("/Subtype") == "/Form":
                    assert "/Group" not in found


@pytest.mark.parametrize("name", STAMPS)
def test_nothing_behind_and_something_drawn(name: str) -> None:
    """The corners let the page shine through; somewhere there is ink."""
    image = pixels(STAMPS[name](Size(120, 120)))
    corners = [image.getpixel((x, y)) for x in (0, image.width - 1) for y in (0, image.height - 1)]
    assert [corner[3] for corner in corners] == [0] * 4
    assert image.getextrema()[3][1] == 255


def test_number_and_date_read_back_exactly() -> None:
    """The verifier compares these words with the register, also where the box made them small."""
    for size in (Size(180, 19), Size(60, 9)):
        assert words(number_stamp(size, "Số: 312/BC-UBND", made_at=SIGNED)) == "Số: 312/BC-UBND"
        text = "Hà Sơn, ngày 05 tháng 02 năm 2026"
        assert words(date_stamp(size, text, made_at=SIGNED)) == text


def test_the_leaders_stamp_says_who_in_which_capacity_and_when() -> None:
    """Capacity, title, name and the ISO time of the offices' zone."""
    text = words(leader(Size(227, 136)))
    for part in ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Thị Đoan Trang", "2026-11-22T16:59:49+07:00"):
        assert part in text


def test_signing_time_is_that_of_the_offices() -> None:
    """UTC in, +07:00 out, no fractions."""
    assert signing_time(SIGNED.replace(microsecond=123456)) == "2026-11-22T16:59:49+07:00"


@pytest.mark.parametrize("name", [LONG, HOSTILE, "A"])
def test_any_name_stays_inside_the_box(name: str) -> None:
    """Long names shrink and markup stays text: no ink touches the edge of the page."""
    pdf = leader(Size(150, 90), name=name)
    assert " ".join(name.split()) in words(pdf)
    alpha = pixels(pdf).getchannel("A")
    left, _, right, _ = alpha.getbbox() or (0, 0, 0, 0)
    assert left >= 0
    assert right <= alpha.width


def test_the_seal_is_red_and_round() -> None:
    """Only red ink, all of it within the circle."""
    image = pixels(seal_stamp(Size(102, 102), name="Sở Nông nghiệp và Môi trường", made_at=SIGNED))
    middle = image.width / 2
    for x in range(image.width):
        for y in range(image.height):
            red, green, blue, alpha = image.getpixel((x, y))
            if alpha > 128:
                assert red > 150
                assert max(green, blue) < 120
                assert (x - middle) ** 2 + (y - middle) ** 2 <= (middle + 1) ** 2


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (b"GIF89a not a png", "signature_image_unreadable"),
        (png()[:60], "signature_image_unreadable"),
        (png(3000, 1000), "signature_image_too_large"),
        (b"\x89PNG" + bytes(1_100_000), "signature_image_too_large"),
    ],
    ids=["foreign", "cut", "pixels", "bytes"],
)
def test_pictures_that_are_none_or_too_large_are_refused(image: bytes, code: str) -> None:
    """Broken, foreign and oversized pictures never reach the page."""
    with pytest.raises(BadInput, match=code):
        leader(Size(200, 120), image=image)


def test_a_box_without_size_is_refused() -> None:
    """A field of no width cannot hold a signature."""
    with pytest.raises(BadInput, match="box_without_size"):
        number_stamp(Size(0, 10), "1", made_at=SIGNED)


def test_same_words_same_bytes() -> None:
    """The clock is the caller's, so a stamp can be made again and compared."""
    first, again = (number_stamp(Size(180, 19), "Số: 05/QĐ-UBND", made_at=SIGNED) for _ in range(2))
    assert first == again


def test_four_lines_of_title_can_be_read() -> None:
    """Capacity and title are as large as the room allows: seven and a half points at least."""
    lines = ("TM. ỦY BAN NHÂN DÂN", "TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")
    for count in range(1, 5):
        drawn = leader_stamp(Size(170, 85), lines=lines[:count], name="Phạm Thị Hương Giang", signed_at=SIGNED)
        [page] = reading.words(drawn, {}).json["read"]
        sizes = {word[0]: word[5] for word in page["words"]}
        assert all(sizes[word] >= 7.5 for line in lines[:count] for word in line.split())


def test_a_long_number_and_a_long_place_stand_apart() -> None:
    """White space between them, on the page and in the text; the usual ones stay in the middle of their cells."""
    drawn = heading_stamp(
        Size(468, 22), number="Số: 12345/QĐ-VPĐPNTM-BCĐCTMTQG",
        date="Thành phố Buôn Ma Thuột, ngày 05 tháng 02 năm 2026", made_at=SIGNED,
    )  # fmt: skip
    [page] = reading.words(drawn, {}).json["read"]
    found = {word[0]: word for word in page["words"]}
    assert found["Thành"][1] - found["12345/QĐ-VPĐPNTM-BCĐCTMTQG"][3] >= 6
