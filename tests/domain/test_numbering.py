"""Numbers and symbols as offices really write them."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.document_types import BY_ABBREVIATION, TYPES
from workflow.domain.errors import BadInput
from workflow.domain.numbering import Form, compose, date_text, normalise, parse

ETH = "\u00d0"


@pytest.mark.parametrize(
    ("text", "form", "written"),
    [
        ("12/2024/QĐ-UBND", Form.NORMATIVE, "12/2024/QĐ-UBND"),
        ("128/2025/QĐ-UBND", Form.NORMATIVE, "128/2025/QĐ-UBND"),
        ("30/2020/NĐ-CP", Form.NORMATIVE, "30/2020/NĐ-CP"),
        ("01/2020/TT-VPCP", Form.NORMATIVE, "01/2020/TT-VPCP"),
        ("20/2023/QH15", Form.LAW, "20/2023/QH15"),
        ("1034/2022/UBTVQH15", Form.LAW, "1034/2022/UBTVQH15"),
        ("7201/KH-UBND", Form.TYPED, "7201/KH-UBND"),
        ("1818/TTr-VP", Form.TYPED, "1818/TTr-VP"),
        (f"06/Q{ETH}-TTg", Form.TYPED, "06/QĐ-TTg"),
        ("6150/TB-BLĐTBXH", Form.TYPED, "6150/TB-BLĐTBXH"),
        ("09/QyĐ - UBND", Form.TYPED, "09/QyĐ-UBND"),
        ("Số: 312 / BC \u2013 UBND", Form.TYPED, "312/BC-UBND"),
        ("5/QĐ\u2011UBND", Form.TYPED, "05/QĐ-UBND"),
        ("12a/TB-UBND", Form.TYPED, "12a/TB-UBND"),
        ("15/UBND-VP", Form.LETTER, "15/UBND-VP"),
        ("4836/SNV-TCBC", Form.LETTER, "4836/SNV-TCBC"),
        ("12729/VPCP-KGVX", Form.LETTER, "12729/VPCP-KGVX"),
        ("4089/VPCP-TTĐT", Form.LETTER, "4089/VPCP-TTĐT"),
        ("27/UBND", Form.LETTER, "27/UBND"),
        (unicodedata.normalize("NFD", "27/SYTế-VP"), Form.LETTER, "27/SYTế-VP"),
    ],
)
def test_real_symbols_are_read_and_written_back(text: str, form: Form, written: str) -> None:
    """Each form, with lookalike letters, odd dashes, blanks, decomposed text and squeezed-in numbers."""
    symbol = parse(text)
    assert (symbol.form, str(symbol)) == (form, written)
    assert str(parse(written)) == written


def test_parts() -> None:
    """Kind, agency, drafting unit and year come apart."""
    letter = parse("1243/UBND-KT")
    assert (letter.number, letter.agency, letter.unit, letter.abbreviation) == (1243, "UBND", "KT", "")
    legal = parse("12/2024/QĐ-UBND")
    assert (legal.year, legal.abbreviation, legal.agency, legal.notation) == (
        2024,
        "QĐ",
        "UBND",
        "2024/QĐ-UBND",
    )


@pytest.mark.parametrize(
    "text", ["", "QĐ-UBND", "15", "15/", "/QĐ-UBND", "1234567/QĐ-UBND", "15/5-UBND", "a/QĐ-UBND"]
)
def test_what_is_no_symbol_is_refused(text: str) -> None:
    """A text without number or symbol is refused with its own words."""
    with pytest.raises(BadInput, match="symbol_unreadable"):
        parse(text)


def test_abbreviations_are_case_sensitive() -> None:
    """CT and CTr, QĐ and QyĐ are different kinds; ct is none."""
    assert parse("15/CTr-UBND").abbreviation == "CTr"
    assert parse("15/CT-UBND").abbreviation == "CT"
    assert parse("15/ct-UBND").form is Form.LETTER


def test_composing_each_form() -> None:
    """The four forms, with the leading 0 below 10."""
    assert compose(5, Form.TYPED, abbreviation="QĐ", agency="UBND") == "05/QĐ-UBND"
    assert compose(1243, Form.LETTER, agency="UBND", unit="KT") == "1243/UBND-KT"
    assert compose(7, Form.LETTER, agency="SNV") == "07/SNV"
    assert compose(12, Form.NORMATIVE, abbreviation="QĐ", agency="UBND", year=2026) == "12/2026/QĐ-UBND"
    assert compose(20, Form.LAW, agency="QH15", year=2023) == "20/2023/QH15"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"number": 5, "form": Form.TYPED, "agency": "UBND"}, "symbol_needs_abbreviation"),
        ({"number": 5, "form": Form.NORMATIVE, "agency": "UBND", "abbreviation": "QĐ"}, "symbol_needs_year"),
        ({"number": 0, "form": Form.LETTER, "agency": "UBND"}, "symbol_unreadable"),
        ({"number": 5, "form": Form.LETTER, "agency": ""}, "symbol_unreadable"),
        ({"number": 5, "form": Form.LETTER, "agency": "UBND", "unit": "X" * 40}, "notation_too_long"),
    ],
)
def test_incomplete_symbols_are_not_composed(parts: dict[str, object], code: str) -> None:
    """A missing kind, year or agency, a number below 1 and an overlong notation are refused."""
    with pytest.raises(BadInput, match=code):
        compose(**parts)  # type: ignore[arg-type]


@given(
    number=st.integers(1, 999_999),
    abbreviation=st.sampled_from(sorted(BY_ABBREVIATION)),
    agency=st.text("ABCĐGHKLMNPQSTUVX", min_size=1, max_size=10),
)
def test_composed_symbols_read_back(number: int, abbreviation: str, agency: str) -> None:
    """What we write we read as the same parts."""
    symbol = parse(compose(number, Form.TYPED, abbreviation=abbreviation, agency=agency))
    assert (symbol.number, symbol.abbreviation, symbol.agency) == (number, abbreviation, agency)


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No input makes the parser fail in another way, and what is read is stable."""
    try:
        written = str(parse(text))
    except BadInput:
        return
    assert normalise(written) == written
    assert str(parse(written)) == written


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (dt.date(2024, 2, 5), "Hà Nội, ngày 05 tháng 02 năm 2024"),
        (dt.date(2024, 1, 15), "Hà Nội, ngày 15 tháng 01 năm 2024"),
        (dt.date(2024, 3, 9), "Hà Nội, ngày 09 tháng 3 năm 2024"),
        (dt.date(2024, 12, 31), "Hà Nội, ngày 31 tháng 12 năm 2024"),
    ],
)
def test_date_text(day: dt.date, text: str) -> None:
    """Days below 10 and January and February carry a zero, other months do not."""
    assert date_text("Hà Nội", day) == text


def test_the_decree_lists_29_kinds() -> None:
    """29 kinds, 27 with an abbreviation of their own; công văn and thư công have none."""
    assert len(TYPES) == 29
    assert len({kind.code for kind in TYPES}) == 29
    assert len({kind.abbreviation for kind in TYPES if kind.named}) == 27
    assert {kind.code for kind in TYPES if not kind.named} == {"letter", "public_letter"}
