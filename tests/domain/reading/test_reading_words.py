"""Words: mending a scan's marks, comparing, and what the text says of papers and days."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.printed import line, page
from workflow.domain.reading import Source
from workflow.domain.reading.agencies import begins_agency, stands_for
from workflow.domain.reading.fuzzy import alike, distance
from workflow.domain.reading.lines import pieces_of
from workflow.domain.reading.paragraphs import Running, running
from workflow.domain.reading.references import answers_in, due_in
from workflow.domain.reading.signature import person_in
from workflow.domain.reading.spelling import mended, mended_text


def text(words: str) -> Running:
    found = running(pieces_of(page(line(words, y=700, size=4))))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("ỦY BẠN NHÂN DÂN TÍNH TUYẾN QUANG", "ỦY BAN NHÂN DÂN TỈNH TUYÊN QUANG"),
        ("phát triển kinh tế xã hội năm 2025", "phát triển kinh tế - xã hội năm 2025"),
        ("giai đoạn 2025 2030", "giai đoạn 2025 - 2030"),
        ("Chuyến đối số,", "Chuyển đổi số,"),
        ("xã Ea Drăng", "xã Ea Drăng"),
    ],
)
def test_marks_of_usual_phrases_are_mended(read: str, right: str) -> None:
    """Letters stay, marks change; capitals and stops are kept."""
    assert mended_text(read) == right


def test_the_paper_itself_is_a_witness() -> None:
    """Two words that the rest of the paper writes otherwise; on real text nothing is touched."""
    lines = (
        line("XÃ EA DRANG", y=700, sure=0.6),
        line("Ủy ban nhân dân xã Ea Drăng báo cáo", y=600, sure=0.98),
        line("xã Ea Drăng", y=580, sure=0.98),
    )
    scan = mended([page(*lines, source=Source.OCR)])[0]
    assert [word.text for word in scan.words][:3] == ["XÃ", "EA", "DRĂNG"]
    assert max(word.sure for word in scan.words[1:3]) <= 0.75
    real = page(*lines)
    assert mended([real]) == (real,)


def test_distance_stops_counting() -> None:
    """Exact up to the limit, one more beyond it."""
    assert distance("quyetdinh", "quydinh", most=3) == 2
    assert distance("abc", "xyz", most=1) == 2
    assert alike("Q U Y Ế T  ĐỊNH:", "Quyết định")
    assert not alike("QUY ĐỊNH", "Quyết định")


@pytest.mark.parametrize(
    ("part", "name", "agrees"),
    [
        ("UBND", "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM", True),
        ("SGDĐT", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", True),
        ("TTg", "THỦ TƯỚNG CHÍNH PHỦ", True),
        ("SNV", "SỞ TÀI CHÍNH", False),
        ("QĐ", "SỞ TÀI CHÍNH", False),
    ],
)
def test_an_abbreviation_stands_for_an_agency(part: str, name: str, agrees: bool) -> None:
    """Known ones and initials."""
    assert stands_for(part, name) is agrees


def test_where_an_agency_begins() -> None:
    """By whole words with their marks."""
    assert begins_agency("SỞ NỘI VỤ")
    assert begins_agency("Uỷ ban nhân dân")
    assert not begins_agency("QUỲ HỢP 1")
    assert not begins_agency("XÃ ĐỒNG TÂM")


@pytest.mark.parametrize(
    ("words", "symbol"),
    [
        ("Trả lời Công văn số 15/UBND-VP ngày 05 tháng 02 năm 2026 của", "15/UBND-VP"),
        ("Phúc đáp Văn bản số 1234/SNV-TCCB ngày 5/2/2026 về việc", "1234/SNV-TCCB"),
        ("Xét đề nghị của Sở Nội vụ tại Tờ trình số 45/TTr-SNV ngày 01/02/2026,", "45/TTr-SNV"),
        ("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020", None),
    ],
)
def test_what_a_letter_answers(words: str, symbol: str | None) -> None:
    """An answer or a proposal that it decides on; never a legal basis."""
    found = answers_in(text(words), kind_is_letter=True)
    assert (found.value if found else None) == symbol


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("đề nghị báo cáo kết quả trước ngày 30/11/2026.", "2026-11-30"),
        ("gửi về Sở Nội vụ chậm nhất ngày 15 tháng 3 năm 2026", "2026-03-15"),
        ("báo cáo trước 17 giờ 00 ngày 10/02/2026", "2026-02-10T17:00"),
        ("hoàn thành trước ngày 15 tháng 01", "2027-01-15"),
        ("đề nghị hoàn thành trước ngày 30/11/2020", None),
        ("những người sinh trước ngày 30/11/2026", None),
    ],
)
def test_a_deadline_in_the_text(words: str, due: str | None) -> None:
    """With a word that asks, and not before the paper's own date."""
    found = due_in(text(words), dt.date(2026, 2, 5))
    assert (found.value if found else None) == due


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("PGS.TS. Nguyễn Văn A", "Nguyễn Văn A"),
        ("BS.CKII. Trịnh Bá Dũng", "Trịnh Bá Dũng"),
        ("Đại tá Lê Văn Hùng", "Lê Văn Hùng"),
        ("Tô Lâm Bình", "Tô Lâm Bình"),
    ],
)
def test_names_lose_rank_and_degrees(printed: str, name: str) -> None:
    """As Annex I wants them."""
    assert person_in(printed) == name
