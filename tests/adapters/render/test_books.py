"""Volumes of registers as PDF: what is signed stands with what it is signed for."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pypdfium2 as pdfium
import pytest

from workflow.adapters.render import Volume, render_volume

NOW = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
SUBJECT = "Công văn V/v rà soát hộ nghèo, hộ cận nghèo theo chuẩn nghèo đa chiều"


def volume(count: int, *, closes: bool = True, reasons: int = 0, last: str = SUBJECT) -> Volume:
    """With so many lines; `last`: what the last of them is about."""
    return Volume(
        superior="UBND tỉnh Hà Giang", agency="UBND xã Đồng Tâm", title="Sổ đăng ký văn bản đi", year=2026,
        register="Sổ chung", facts=(("Năm", "2026"),), columns=("Số, ký hiệu", "Trích yếu", "Nơi nhận", "Ghi chú"),
        widths=(12, 36, 14, 38), empty="Không có.", page_word="Trang", closing="Sổ của năm kết thúc tại đây.",
        rows=tuple(
            (f"{number}/UBND-KT", last if number == count else SUBJECT, "Sở Nội vụ; Lưu: VT", "")
            for number in range(1, count + 1)
        ),
        totals=(("Số đã lấy", str(count)), ("Số đã hủy", str(reasons))) if closes else (),
        reasons_title="Số giữ và số hủy", reasons=tuple(f"{number}: Hủy – nhầm" for number in range(reasons)),
        place="Đồng Tâm, ngày …… tháng …… năm ………", signer="Văn thư", signature_hint="(ký, ghi rõ họ tên)",
    )  # fmt: skip


def pages(made: Volume) -> list[str]:
    """The words of each page, the cover left out."""
    document = pdfium.PdfDocument(render_volume(made, made_at=NOW))
    texts = [unicodedata.normalize("NFC", page.get_textpage().get_text_bounded()) for page in document]
    document.close()
    return texts[1:]


@pytest.mark.parametrize(
    ("made", "kept"),
    [
        *((volume(count, closes=False), "/UBND-KT") for count in (1, 29, 34, 39)),
        *((volume(count), "/UBND-KT") for count in (25, 39)),
        *((volume(count, reasons=7), ": Hủy – nhầm") for count in (18, 26)),
    ],
)
def test_nobody_signs_a_page_that_says_nothing(made: Volume, kept: str) -> None:
    """Where the signature finds no room below the last lines, they go over with it; each is there once."""
    texts = pages(made)
    assert "VĂN THƯ" in texts[-1]
    assert texts[-1].count(kept) >= min(2, len(made.rows))
    assert sum(text.count("/UBND-KT") for text in texts) == len(made.rows)
    assert all("Số, ký hiệu" in text for text in texts if "/UBND-KT" in text)


def test_a_line_of_more_than_a_page_is_printed_whole() -> None:
    """It cannot go over as one piece."""
    texts = pages(volume(3, last=f"{SUBJECT}; " * 90))
    assert " ".join(" ".join(texts).split()).count("đa chiều") == 92
    assert "VĂN THƯ" in texts[-1]
