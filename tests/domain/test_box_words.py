"""What the box of a personal signature may say: what programs in use write passes, what is the office's does
not."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from workflow.domain.box_words import Known, Says, reads_alike, said

DAY = dt.date(2026, 11, 23)
KNOWN = Known(
    names=("Nguyễn Thị Lan",),
    phrases=(
        "Chủ tịch", "KT. CHỦ TỊCH", "Ủy ban nhân dân xã Đồng Tâm", "UBND xã Đồng Tâm",
        "CA thử nghiệm cơ quan nhà nước",
    ),
    mails=("lannt@dongtam.gov.vn",),
    others=("Trần Văn Đức", "Nguyễn Thị Lan Anh", "Lan", "Hoàng Thị Mai"),
    days=(DAY, dt.date(2025, 7, 1)),
)  # fmt: skip

TAKEN = {
    "VGCA": "Người ký: Nguyễn Thị Lan\nEmail: lannt@dongtam.gov.vn\nCơ quan: UBND xã Đồng Tâm\n"
            "Thời gian ký: 23.11.2026 12:00:00 +07:00",
    "iText": "Digitally signed by Nguyễn Thị Lan\nDate: 2026.11.23 12:00:00 +07'00'",
    "Adobe": "Nguyễn Thị Lan Digitally signed by Nguyễn Thị Lan\nDate: 2026.11.23\n12:00:00 +07'00'",
    "pyHanko": "Digitally signed by Nguyen Thi Lan.\nTimestamp: 2026-11-23 05:00:00 UTC",
    "without Vietnamese letters": "Ky boi: NGUYEN THI LAN\nCo quan: Uy ban nhan dan xa Dong Tam\n"
            "Ngay ky: 23/11/2026",
    "American": "Signed by: Nguyen Thi Lan 11/23/2026 12:00:00 PM",
    "title and name": "KT. CHỦ TỊCH\nChủ tịch\nNguyễn Thị Lan",
    "spoken date": "Ký bởi: Nguyễn Thị Lan, ngày 23 tháng 11 năm 2026",
    "decomposed": unicodedata.normalize("NFD", "Ký bởi: Nguyễn Thị Lan"),
    "name alone": "Nguyễn Thị Lan",
}  # fmt: skip


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_what_programs_write_is_known(text: str) -> None:
    """Name, agency, e-mail and time, in the ways of programs in use."""
    assert said(text, KNOWN).says is Says.OWN


OTHERWISE = {
    "another's name": ("Đã ký: Chủ tịch Trần Văn Đức", Says.NAME),
    "another's name beside one's own": ("Ký bởi: Nguyễn Thị Lan\nTrần Văn Đức", Says.NAME),
    "another's name without its marks": ("Ky boi: TRAN VAN DUC", Says.NAME),
    "another's longer name": ("Ký bởi: Nguyễn Thị Lan Anh", Says.NAME),
    "a number and symbol": ("Nguyễn Thị Lan\n312/QĐ-UBND", Says.NUMBER),
    "a number": ("Số: 15\nNguyễn Thị Lan", Says.NUMBER),
    "a number with its year": ("Nguyễn Thị Lan 15/2026/NQ-HĐND", Says.NUMBER),
    "another day": ("Ký bởi: Nguyễn Thị Lan\nNgày ký: 01/02/2020", Says.DATE),
    "another day, spoken": ("Đồng Tâm, ngày 05 tháng 02 năm 2026 Nguyễn Thị Lan", Says.DATE),
    "a day that is none": ("Nguyễn Thị Lan 32.13.2026", Says.DATE),
    "a sum": ("Duyệt 500 triệu\nNguyễn Thị Lan", Says.AMOUNT),
    "a sum in figures": ("Nguyễn Thị Lan 1.500.000 đồng", Says.AMOUNT),
    "a share": ("Nguyễn Thị Lan 30%", Says.AMOUNT),
    "a remark": ("Đồng ý cấp đất\nNguyễn Thị Lan", Says.UNKNOWN),
    "another title": ("Chủ tịch Hội đồng Nguyễn Thị Lan", Says.UNKNOWN),
    "a stranger whose name looks like labels": ("Ky boi: Vu Ho Nam, Nguyen Thi Lan", Says.UNKNOWN),
    "a stranger": ("Ký bởi: Phan Bội Châu", Says.UNKNOWN),
    "one letter's mark": ("Ký bởi: Nguyễn Thị Lán", Says.UNKNOWN),
    "words before an address's sign": ("Nguyễn Thị Lan\nDong.y.chi@dongtam.gov.vn", Says.UNKNOWN),
    "words behind it": ("Nguyễn Thị Lan\nlannt@dong.y.chi", Says.UNKNOWN),
    "more than the address": ("Nguyễn Thị Lan\nlannt@dongtam.gov.vn.chi", Says.UNKNOWN),
    "a sum in an address": ("Nguyễn Thị Lan\nlannt@chi.500.trieu.vn", Says.AMOUNT),
    "in another's place": ("TUQ. CHỦ TỊCH\nNguyễn Thị Lan", Says.UNKNOWN),
    "for a body": ("TM. Ủy ban nhân dân xã Đồng Tâm\nNguyễn Thị Lan", Says.UNKNOWN),
    "a cross": ("Nguyễn Thị Lan ✗", Says.UNKNOWN),
    "a line": ("Nguyễn Thị Lan\n-----------", Says.UNKNOWN),
    "no name": ("Thời gian ký: 23.11.2026 12:00:00", Says.UNKNOWN),
    "nothing": ("", Says.UNKNOWN),
}


@pytest.mark.parametrize(("text", "says"), OTHERWISE.values(), ids=OTHERWISE)
def test_what_else_is_said(text: str, says: Says) -> None:
    """What is the office's or another's is told apart from what nobody knows; the right text beside it passes."""
    assert said(text, KNOWN).says is says


def test_a_name_that_is_part_of_anothers_is_not_taken_for_it() -> None:
    """A colleague called Lan does not make every Lan a stranger; a namesake is oneself."""
    twin = Known(names=("Nguyễn Thị Lan",), others=("Nguyễn Thị Lan", "Thị Lan"), days=(DAY,))
    assert said("Ký bởi: Nguyễn Thị Lan", twin).says is Says.OWN
    longer = Known(names=("Nguyễn Thị Lan Anh",), others=("Nguyễn Thị Lan",), days=(DAY,))
    assert said("Ký bởi: Nguyễn Thị Lan Anh", longer).says is Says.OWN
    assert said("Ký bởi: Nguyễn Thị Lan", longer).says is Says.NAME


def test_what_is_seen_has_to_be_what_is_written() -> None:
    """A machine's small mistakes pass; other letters, covered ones and painted ones do not."""
    text = "Ký bởi: Nguyễn Thị Lan\nThời gian ký: 23.11.2026 12:00:00"
    names = KNOWN.names
    assert reads_alike(text, "Ky bởi: Nguyên Thi Lan\n\nThoi gian ky: 23.11.2026 12:00:0O", names)
    assert reads_alike(text, "Thời gian ký:\n\n23.11.2026\n12:00:00\n\nKý bởi:\nNguyễn Thị Lan", names)
    assert not reads_alike(text, "Ký bởi: Trần Văn Đức\nThời gian ký: 23.11.2026 12:00:00", names)
    assert not reads_alike(text, "", names)
    assert not reads_alike("", "Nguyễn Thị Lan", names)
    assert not reads_alike(text, f"{text}\nĐồng ý chi", names)  # two words of many
    assert not reads_alike(text, text + " Đã duyệt chi ngân sách cho toàn bộ dự án đường liên xã", names)
    assert not reads_alike(text, text.replace("Lan", "Loan"), names)
    assert not reads_alike(text, f"{text}\nGiả", names)  # not the "gian" that is written
    assert not reads_alike(text, f"{text}\n1250", names)
    assert not reads_alike(text, f"{text}\n50", names)
    assert not reads_alike(f"{text} Trung", f"{text} Trang", names)
    assert not reads_alike(text, f"{text}\nKo", names)
    assert reads_alike("", "", names)
