"""Numbers and symbols as offices really write them."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.document_types import BY_ABBREVIATION, COPIES, TYPES, DocumentType
from workflow.domain.errors import BadInput
from workflow.domain.numbering import Form, Symbol, compose, date_text, document_date, normalise, parse

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


CAPITALS = st.text("ABCDĐGHKLMNPQSTUVX", min_size=1, max_size=9)
NUMBERS = st.integers(1, 999_999)
YEARS = st.integers(1945, 2100)
SYMBOLS = st.one_of(
    st.builds(
        Symbol, st.just(Form.NORMATIVE), NUMBERS, st.just(""), YEARS, st.sampled_from(["QĐ", "NQ", "TT", "NĐ"]),
        CAPITALS, st.just(""),
    ),
    st.builds(
        Symbol, st.just(Form.LAW), NUMBERS, st.just(""), YEARS, st.just(""),
        st.sampled_from(["QH15", "QH9", "UBTVQH15"]), st.just(""),
    ),
    st.builds(
        Symbol, st.just(Form.TYPED), NUMBERS, st.sampled_from(["", "a", "b", "đ"]), st.none(),
        st.sampled_from(sorted(BY_ABBREVIATION)), CAPITALS, st.just(""),
    ),
    st.builds(
        Symbol, st.just(Form.LETTER), NUMBERS, st.sampled_from(["", "a"]), st.none(), st.just(""), CAPITALS,
        st.one_of(st.just(""), CAPITALS),
    ),
)  # fmt: skip
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u2212\ufe63\uff0d"


@given(symbol=SYMBOLS)
def test_what_is_written_is_read_with_its_kind_beside(symbol: Symbol) -> None:
    """Every form comes back in its parts, a letter of an office called TC too, where its kind is known."""
    assert parse(str(symbol), abbreviation=symbol.abbreviation) == symbol


@given(symbol=SYMBOLS, dash=st.sampled_from(DASHES), blank=st.sampled_from(["", " ", "\u00a0", "\u00ad"]))
def test_spelling_does_not_matter(symbol: Symbol, dash: str, blank: str) -> None:
    """Every dash, blanks around it, the lookalike of Đ and decomposed letters give the same symbol."""
    text = str(symbol).replace("-", f"{blank}{dash}{blank}").replace("Đ", ETH).replace("/", f"{blank}/{blank}")
    text = unicodedata.normalize("NFD", text)
    assert parse(text, abbreviation=symbol.abbreviation) == symbol


@pytest.mark.parametrize(
    ("text", "ambiguous"),
    [
        ("15/TC-KH", True),
        ("15/KH-VP", True),
        ("7201/KH-UBND", False),
        ("15/TC-UBND", False),
        ("1818/TTr-VP", False),
        ("06/QĐ-TTg", False),
        ("15/CT-CP", False),
        ("15/UBND-VP", False),
        ("12/2024/QĐ-KH", False),
    ],
)
def test_a_symbol_that_two_kinds_could_bear_says_so(text: str, ambiguous: bool) -> None:
    """An office whose abbreviation is a kind's writes letters that look like that kind."""
    assert parse(text).ambiguous is ambiguous


def test_the_kind_beside_the_symbol_decides() -> None:
    """`15/TC-KH` as a công văn: the office TC, its unit KH."""
    letter = parse("15/TC-KH", abbreviation="")
    assert (letter.form, letter.agency, letter.unit, letter.ambiguous) == (Form.LETTER, "TC", "KH", False)
    assert compose(15, Form.LETTER, agency="TC", unit="KH") == "15/TC-KH"


@pytest.mark.parametrize("copy", COPIES)
def test_copies_have_symbols_of_their_own(copy: DocumentType) -> None:
    """SY, TrS and SL are kinds like others: `05/SY-UBND`."""
    text = compose(5, Form.TYPED, abbreviation=copy.abbreviation, agency="UBND")
    assert text == f"05/{copy.abbreviation}-UBND"
    assert parse(text).abbreviation == copy.abbreviation


@pytest.mark.parametrize(
    ("year", "numbered", "signed", "dated"),
    [
        (2026, dt.date(2026, 11, 23), dt.date(2026, 11, 20), dt.date(2026, 11, 23)),
        (2027, dt.date(2027, 1, 4), dt.date(2026, 12, 31), dt.date(2027, 1, 4)),
        (2026, dt.date(2027, 1, 4), dt.date(2026, 12, 30), dt.date(2026, 12, 30)),
        (2026, dt.date(2027, 1, 4), dt.date(2027, 1, 2), dt.date(2026, 12, 31)),
    ],
)
def test_a_document_is_dated_in_the_year_of_its_number(
    year: int, numbered: dt.date, signed: dt.date, dated: dt.date
) -> None:
    """The day of numbering, but for a late paper of December the day of its signature."""
    assert document_date(year, numbered_on=numbered, signed_on=signed) == dated


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
