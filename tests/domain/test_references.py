"""What a text says it answers."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from workflow.domain.references import MOST, Reference, answered_in, answered_in_file

D20 = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("V/v trả lời Công văn số 412/SNV-TCBC ngày 20/11/2026 của Sở Nội vụ", [("412/SNV-TCBC", D20)]),
        ("Trả lời Văn bản số 4836/SNV-TCBC, ngày 1.2.2026", [("4836/SNV-TCBC", dt.date(2026, 2, 1))]),
        ("PHÚC ĐÁP TỜ TRÌNH SỐ 05/TTr-UBND ngày 05 tháng 3 năm 2026", [("05/TTr-UBND", dt.date(2026, 3, 5))]),
        ("Trả lời\nCông văn số 412/SNV-\nTCBC ngày 20/11/2026", [("412/SNV-TCBC", D20)]),
        ("phúc đáp Quyết định số: 12 / 2024 / QÐ – UBND", [("12/2024/QĐ-UBND", None)]),
        ("Trả lời Công văn số 412/SNV-TCBC ngày 31/02/2026", [("412/SNV-TCBC", None)]),
        (
            "Trả lời Công văn số 15/UBND-VP và Tờ trình số 7/TTr-STC. Căn cứ Quyết định số 9/QĐ-TTg",
            [("15/UBND-VP", None), ("07/TTr-STC", None)],
        ),
        ("Trả lời kiến nghị theo Công văn số 9/SNV-X", []),
        ("Căn cứ Công văn số 412/SNV-TCBC ngày 20/11/2026", []),
        ("V/v phòng chống bão số 9", []),
        ("Trả lời công văn số 412", []),
        ("Trả lời Công văn số 1/A-B; trả lời Công văn số 01/A-B", [("01/A-B", None)]),
        ("", []),
    ],
)
def test_references(text: str, found: list[tuple[str, dt.date | None]]) -> None:
    """Both forms of dates, Đ and its lookalike, broken lines; what a paper builds on is not what it answers."""
    wanted = tuple(Reference(*one) for one in found)
    assert answered_in(text) == wanted
    assert answered_in(unicodedata.normalize("NFD", text)) == wanted


def test_hostile_texts() -> None:
    """A file's text may hold anything; an endless list is cut."""
    assert answered_in("trả lời số 1/A\x00") == ()
    many = ". ".join(f"Trả lời Công văn số {number}/SNV-X" for number in range(1, 40))
    assert len(answered_in(many)) == MOST
    assert answered_in("Trả lời công văn số ßİ" + "9" * 50_000 + "/A") == ()


def test_a_symbol_cut_at_its_hyphen() -> None:
    """A file's line that ends in the hyphen has lost it: both readings are kept, the longer one with its date."""
    found = answered_in_file("Trả lời Công văn số 412/SNV\nTCBC ngày 20/11/2026")
    assert found == (Reference("412/SNV-TCBC", D20), Reference("412/SNV"))
    assert answered_in_file("Trả lời Công văn số 412/SNV\nngày 20/11/2026") == (Reference("412/SNV", D20),)


def test_kept_and_read_back() -> None:
    """As a row keeps it."""
    for one in (Reference("01/A-B", D20), Reference("01/A-B")):
        assert Reference.from_json(one.to_json()) == one
