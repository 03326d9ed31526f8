"""Text from people: one stored form, one fold, masks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.errors import BadInput
from workflow.domain.text import clean, fold, from_outside, has_accents, mask_email, mask_number, mask_personal


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (unicodedata.normalize("NFD", "Đề án số hóa"), "Đề án số hóa"),
        ("Q\u00d0 và \u00f0", "QĐ và đ"),
        ("  hai   chữ\t", "hai chữ"),
        ("dòng\nmột", "dòng một"),
        ("Nguyễn\u200b Văn\u202e A", "Nguyễn Văn A"),
    ],
)
def test_one_stored_form(typed: str, stored: str) -> None:
    """Composed letters, real Đ, single blanks, nothing invisible."""
    assert clean(typed) == stored


def test_several_lines_keep_their_breaks() -> None:
    """Line ends are joined to one kind and trimmed; the breaks stay."""
    assert clean("một  \r\nhai\rba\n\n", multiline=True) == "một\nhai\nba"


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_refused(letter: str) -> None:
    """NUL, other controls and lone surrogates never reach the database; the place is named."""
    with pytest.raises(BadInput, match="control_character") as refusal:
        clean(f"ab{letter}c")
    assert refusal.value.details["place"] == 2


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Quyết định Đề án", "quyet dinh de an"),
        ("ỦY BAN NHÂN DÂN", "uy ban nhan dan"),
        ("Q\u00d0-UBND", "qd-ubnd"),
        ("ươ ƯƠ ỡ", "uo uo o"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    """Marks and đ go, letters and signs stay."""
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


def test_an_accented_query_is_told_from_a_plain_one() -> None:
    """ "quá hạn" asks for the exact words, "qua han" for any."""
    assert has_accents("quá hạn")
    assert has_accents("đen")
    assert not has_accents("Qua Han 2026")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_cleaning_and_folding_are_stable(text: str) -> None:
    """Doing it twice changes nothing."""
    once = clean(text)
    assert clean(once) == once
    assert fold(fold(once)) == fold(once)


def test_masks() -> None:
    """Only the last digits of a personal number and the first letter of an address are shown."""
    assert mask_number("001099012345") == "•••••••••345"
    assert mask_number("12") == "••"
    assert mask_personal("UID=CCCD:001099012345, CMND:123456789, MST:0400260612") == (
        "UID=CCCD:•••••••••345, CMND:••••••789, MST:0400260612"
    )
    assert mask_email("nguyen.van.a@tinh.gov.vn") == "n•••@tinh.gov.vn"
    assert mask_email("khong") == "••ong"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Nguyễn Văn Hiền", "Nguyễn Văn Hiền"),
        ("bản nháp.\n\n\nKẾT LUẬN: HỢP LỆ", "bản nháp. KẾT LUẬN: HỢP LỆ"),
        ("gpj.\u202eexe\u2066\x00", "gpj.exe"),
        ("CCCD 001088012345", "CCCD •••••••••345"),
        ("a" * 10_000, "a" * 119 + "…"),
        ("\n" * 200_000 + "x", ""),
    ],
)
def test_words_from_outside_stay_one_short_line(words: str, shown: str) -> None:
    """What a certificate says of itself must not build a paragraph, turn round, or fill a page."""
    assert from_outside(words) == shown
