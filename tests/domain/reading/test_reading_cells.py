"""The cells of an ordinary paper: head matter, number, kind, subject, signature, stamps."""

from __future__ import annotations

import pytest

from tests.support.printed import foot, head, line, page
from workflow.domain.reading import Confidence, Field, Page, Proposal, Source, read_pages


def read(*pages: Page) -> dict[Field, Proposal]:
    """The first proposal of each field."""
    found: dict[Field, Proposal] = {}
    for one in read_pages(pages):
        found.setdefault(one.field, one)
    return found


def values(*pages: Page) -> dict[str, str]:
    return {field.value: one.value for field, one in read(*pages).items()}


DECISION = page(
    *head(),
    line("QUYẾT ĐỊNH", y=680, middle=297, size=14, bold=True),
    line("Về việc thành lập Tổ công nghệ số cộng đồng", y=664, middle=297, bold=True),
    line("xã Đồng Tâm", y=648, middle=297, bold=True),
    line("CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM", y=622, middle=297, bold=True),
    line("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ;", y=600, left=113),
    line("Ủy ban nhân dân xã Đồng Tâm quyết định như sau.", y=580),
    *foot("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", name="Đặng Quốc Việt"),
)
LETTER = page(
    *head(
        "Số: 215/SNV-TCCB",
        above=("UBND TỈNH LAM GIANG",),
        agency=("SỞ NỘI VỤ",),
        date="Lam Giang, ngày 14 tháng 10 năm 2026",
    ),
    line("V/v cử công chức tham gia", y=704, middle=170, size=12),
    line("lớp bồi dưỡng năm 2026", y=690, middle=170, size=12),
    line("HỎA TỐC", y=660, middle=425, bold=True),
    line("Kính gửi:", y=640, left=180),
    line("- Các phòng, ban trực thuộc;", y=624, left=230),
    line("- Ủy ban nhân dân các xã, phường.", y=608, left=230),
    line("Trả lời Công văn số 88/UBND-NC ngày 02 tháng 10 năm 2026 của Ủy ban nhân", y=580, left=113),
    line("dân tỉnh, Sở Nội vụ đề nghị gửi danh sách trước ngày 30/11/2026 để tổng hợp.", y=564),
    *foot("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", name="ThS. Nguyễn Thị Lan"),
)


def test_a_decision() -> None:
    """Every cell, and certain where witnesses agree."""
    found = read(DECISION)
    assert {field.value: one.value for field, one in found.items()} == {
        "issuer": "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM",
        "number": "15",
        "symbol": "15/QĐ-UBND",
        "symbol_printed": "15/QĐ-UBND",
        "date": "2026-02-05",
        "place": "Đồng Tâm",
        "type_code": "decision",
        "subject": "Về việc thành lập Tổ công nghệ số cộng đồng xã Đồng Tâm",
        "signer": "Đặng Quốc Việt",
        "signer_title": "PHÓ CHỦ TỊCH",
        "capacity": "kt",
    }
    certain = {field.value for field, one in found.items() if one.confidence is Confidence.CERTAIN}
    assert certain >= {"issuer", "number", "symbol", "date", "type_code", "subject", "signer"}
    assert found[Field.SYMBOL].evidence == ("kind_agrees", "issuer_agrees")


def test_the_place_of_a_value_is_its_line() -> None:
    """The box lies around the words, in points from the lower left."""
    date = read(DECISION)[Field.DATE]
    assert date.page == 1
    assert date.box.y0 < 720 < date.box.y1
    assert date.box.x0 > 290


def test_a_letter() -> None:
    """Superior, V/v, stamp, recipients, what it answers, deadline, signer without degree."""
    found = values(LETTER)
    assert found["superior"] == "UBND TỈNH LAM GIANG"
    assert found["issuer"] == "SỞ NỘI VỤ"
    assert found["type_code"] == "letter"
    assert found["subject"] == "cử công chức tham gia lớp bồi dưỡng năm 2026"
    assert found["urgency"] == "flash"
    assert found["answers"] == "88/UBND-NC"
    assert found["due"] == "2026-11-30"
    assert (found["signer"], found["signer_title"], found["capacity"]) == (
        "Nguyễn Thị Lan",
        "CHÁNH VĂN PHÒNG",
        "tl",
    )
    recipients = [one.value for one in read_pages([LETTER]) if one.field is Field.RECIPIENT]
    assert recipients == ["Các phòng, ban trực thuộc", "Ủy ban nhân dân các xã, phường"]


@pytest.mark.parametrize(
    ("printed", "symbol", "number"),
    [
        ("Số: 05/QĐ-UBND", "05/QĐ-UBND", "5"),
        ("Số: 12/2024/Q\u00d0 - UBND", "12/2024/QĐ-UBND", "12"),
        ("Số 15-CV/HU", "15-CV/HU", "15"),
        ("Số: 12a/TB-UBND", "12a/TB-UBND", "12a"),
        ("Số:15 /SGD&ĐT-VP", "15/SGD&ĐT-VP", "15"),
        ("Số: /UBND-VP", "/UBND-VP", None),
    ],
)
def test_numbers_as_they_are_printed(printed: str, symbol: str, number: str | None) -> None:
    """One spelling; a blank number gives a symbol and no number."""
    found = values(page(*head(printed)))
    assert found["symbol"] == symbol
    assert found.get("number") == number


def test_a_party_paper() -> None:
    """The Party's head matter: its name on the right, a dash after the number, T/M before the title."""
    found = values(
        page(
            *head("Số 07-TB/ĐU", above=("ĐẢNG BỘ TỈNH LAM GIANG",), agency=("ĐẢNG ỦY XÃ ĐỒNG TÂM",), party=True),
            line("THÔNG BÁO", y=680, middle=297, bold=True),
            line("Kết luận của Ban Thường vụ", y=664, middle=297, bold=True),
            *foot("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", name="Lò Văn Thắng"),
        )
    )
    assert (found["issuer"], found["symbol"], found["type_code"]) == ("ĐẢNG ỦY XÃ ĐỒNG TÂM", "07-TB/ĐU", "notice")
    assert (found["signer"], found["signer_title"], found["capacity"]) == ("Lò Văn Thắng", "PHÓ BÍ THƯ", "tm")


def test_an_arrival_stamp_is_not_the_number() -> None:
    """ĐẾN with a number of its own stands below the real one."""
    stamped = page(*head(), line("ĐẾN", y=690, left=90, bold=True), line("Số: 345", y=676, left=90))
    assert values(stamped)["number"] == "15"
    assert "XÃ ĐỒNG TÂM" in values(stamped)["issuer"]


def test_words_between_letters_still_name_the_kind() -> None:
    """A title set letter by letter."""
    spaced = page(*head(), line("Q U Y Ế T Đ Ị N H", y=680, middle=297, bold=True))
    assert values(spaced)["type_code"] == "decision"


def test_the_signer_stands_where_the_paper_ends() -> None:
    """An attachment after it has a block of its own."""
    attachment = page(
        line("PHỤ LỤC", y=780, middle=297, bold=True),
        *foot("NGƯỜI LẬP BIỂU", "TRƯỞNG PHÒNG", name="Trần Văn Bình", recipients=False),
        number=2,
    )
    assert values(DECISION, attachment)["signer"] == "Đặng Quốc Việt"


def test_a_name_overleaf() -> None:
    """The block stands at the foot of a page, the name at the head of the next."""
    first = page(*head(), line("CHỦ TỊCH", y=70, middle=430, bold=True), line("Nơi nhận:", y=70))
    second = page(line("Phạm Thị Hương Giang", y=790, middle=430, bold=True), number=2)
    found = read(first, second)[Field.SIGNER]
    assert (found.value, found.page) == ("Phạm Thị Hương Giang", 2)


def test_a_certificate_supports_the_signer() -> None:
    """Without a list of recipients beside the block, the name of a valid signature makes it certain."""
    alone = page(*head(), *foot("CHỦ TỊCH", name="Nguyễn Thị Lan", recipients=False))
    assert read(alone)[Field.SIGNER].confidence is Confidence.LIKELY
    signer = next(one for one in read_pages([alone], signer_names=("Nguyễn Thị Lan",)) if one.field is Field.SIGNER)
    assert (signer.confidence, signer.evidence) == (Confidence.CERTAIN, ("certificate",))


@pytest.mark.parametrize(
    ("stamp", "urgency", "secrecy"),
    [
        ("KHẨN", "urgent", None),
        ("THƯỢNG KHẨN", "very_urgent", None),
        ("HOẢ TỐC", "flash", None),
        ("HỎA TỐC HẸN GIỜ: 17 giờ ngày 08/02/2026", "flash", None),
        ("TỐI MẬT", None, "top_secret"),
        ("MẤT", None, None),
        ("Khẩn trương", None, None),
    ],
)
def test_stamps(stamp: str, urgency: str | None, secrecy: str | None) -> None:
    """Only the stamps' own words, in capitals and alone."""
    found = values(page(*head(), line(stamp, y=690, middle=420, bold=True)))
    assert (found.get("urgency"), found.get("secrecy")) == (urgency, secrecy)
    assert found.get("due") == ("2026-02-08T17:00" if "HẸN GIỜ" in stamp else None)


def test_nothing_is_proposed_for_what_is_not_there() -> None:
    """A page of prose; and no page at all."""
    prose = page(*(line("Hôm nay trời đẹp, chúng tôi đi chơi xa.", y=700 - 20 * at) for at in range(10)))
    assert read_pages([prose]) == ()
    assert read_pages([]) == ()


def test_a_scan_is_certain_only_where_the_letters_are_sure() -> None:
    """The same paper with doubtful letters: likely at most; and a subject never."""
    sure = page(*head(sure=0.98), *foot("CHỦ TỊCH", name="Nguyễn Thị Lan", sure=0.98), source=Source.OCR)
    dim = page(*head(sure=0.7), *foot("CHỦ TỊCH", name="Nguyễn Thị Lan", sure=0.7), source=Source.OCR)
    assert read(sure)[Field.ISSUER].confidence is Confidence.CERTAIN
    assert all(one.confidence is not Confidence.CERTAIN for one in read_pages([dim]))
    assert "ocr" in read(sure)[Field.ISSUER].evidence
