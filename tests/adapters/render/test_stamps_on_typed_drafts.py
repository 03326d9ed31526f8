"""Stamps that complete a typed draft: nothing in them that the paper has already."""

from __future__ import annotations

import datetime as dt
import io

import pypdfium2
import pytest
from PIL import Image

from workflow.adapters.render import Piece, Size, gaps_stamp, leader_stamp

SIGNED = dt.datetime(2026, 11, 22, 9, 59, 49, tzinfo=dt.UTC)
TITLES = ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
NAME = "Đặng Quốc Việt"
BOX = Size(170, 85)


def lines(pdf: bytes) -> list[str]:
    """What a reader finds, line by line."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].get_textpage().get_text_bounded().split("\r\n")


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGBA", (40, 20), (11, 63, 168, 255)).save(stream, "PNG")
    return stream.getvalue()


def test_between_title_and_name_only_the_mark_is_drawn() -> None:
    """Who signed and when is small print of the signature, not the typed name again."""
    found = lines(leader_stamp(BOX, lines=(), name=NAME, is_named=False, signed_at=SIGNED))
    assert found == ["Đã ký số", f"Ký bởi: {NAME}", "Thời gian ký:", "2026-11-22T16:59:49+07:00"]


def test_a_picture_stands_there_alone() -> None:
    """Annex I: the image of the signature, nothing else."""
    stamp = leader_stamp(BOX, lines=(), name=NAME, is_named=False, signed_at=SIGNED, image=picture())
    assert lines(stamp) == [""]
    with pypdfium2.PdfDocument(stamp) as document:
        assert document[0].render(scale=1).to_pil().convert("RGB").getpixel((85, 42)) == (11, 63, 168)


@pytest.mark.parametrize(("titles", "is_named"), [((), True), (TITLES, False)])
def test_what_is_not_typed_is_drawn(titles: tuple[str, ...], is_named: bool) -> None:
    """Only the name, or only the title."""
    found = lines(leader_stamp(BOX, lines=titles, name=NAME, is_named=is_named, signed_at=SIGNED))
    assert [one for one in found if one in TITLES] == list(titles)
    assert (found[-1] == NAME) is is_named


def test_pieces_stand_on_the_foot_of_their_line() -> None:
    """Centred or at the left of their gap, at the height they were given, in the size they were given."""
    pieces = [
        Piece(text="05", left=10, foot=4, width=40, points=13),
        Piece(text="26", left=100, foot=4, width=40, points=13, side="left", italic=True),
    ]
    with pypdfium2.PdfDocument(gaps_stamp(Size(200, 17), pieces, made_at=SIGNED)) as document:
        text = document[0].get_textpage()
        assert text.get_text_bounded() == "05 26"
        first, second = (text.get_charbox(text.get_text_bounded().index(word)) for word in ("05", "26"))
    assert first[1] == pytest.approx(4, abs=0.4)
    assert (first[0] - 10) == pytest.approx((40 - 13) / 2, abs=1)
    assert second[0] == pytest.approx(100, abs=1)


def test_a_long_number_is_set_smaller_and_stays_in_its_gap() -> None:
    """Five digits in the room of three."""
    piece = Piece(text="12345", left=10, foot=4, width=20, points=13)
    with pypdfium2.PdfDocument(gaps_stamp(Size(200, 17), [piece], made_at=SIGNED)) as document:
        text = document[0].get_textpage()
        assert text.get_text_bounded() == "12345"
        assert text.get_charbox(0)[0] >= 9.5
        assert text.get_charbox(4)[2] <= 30.5
