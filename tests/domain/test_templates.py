"""Templates: a closed list of places, filled once, and how plain lines are set."""

from __future__ import annotations

import pytest

from workflow.domain.document_types import BY_CODE
from workflow.domain.errors import BadInput
from workflow.domain.template_seed import BUILT_IN, BY_KEY
from workflow.domain.templates import (
    BODY_LENGTH,
    UNKNOWN,
    Grid,
    Paragraph,
    Place,
    Setting,
    Words,
    about,
    checked,
    fill,
    inline,
    listed,
    missing_in,
    paragraphs,
    row_of,
)


def test_every_built_in_template_is_sound() -> None:
    """A type of the decree, words that pass the same check as an office's own, a key of its own."""
    assert len(BY_KEY) == len(BUILT_IN)
    assert len({one.type_code for one in BUILT_IN}) == 10
    for one in BUILT_IN:
        assert one.type_code in BY_CODE
        assert checked(one.basis, one.body) == Words(basis=one.basis, body=one.body)


def test_places_are_filled_once() -> None:
    """Braces in what is put in stay as they are: nothing that people wrote is looked at twice."""
    known = {Place.ORGAN: "UBND {{nam}}", Place.YEAR: "2026"}
    assert fill("{{co_quan}}, {{ nam }}, {{so_den}}", known) == f"UBND {{{{nam}}}}, 2026, {UNKNOWN}"
    assert missing_in("{{co_quan}} {{so_den}} {{so_den}}", known) == (Place.ARRIVAL_NUMBER,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Số {{so_hieu}}", "template_place_unknown"),
        ("{{ 7*7 }}", "template_place_unknown"),
        ("{{}}", "template_place_unknown"),
        ("{{co_quan.__class__}}", "template_place_unknown"),
        ("{{co_quan", "template_braces"),
        ("co_quan}}", "template_braces"),
        ("", "template_body_needed"),
        (" \n ", "template_body_needed"),
        ("a" * (BODY_LENGTH + 1), "template_too_long"),
        ("a\x00b", "control_character"),
    ],
)
def test_what_cannot_be_filled_is_refused(text: str, code: str) -> None:
    """With a reason of its own each."""
    with pytest.raises(BadInput) as refused:
        checked("", text)
    assert refused.value.code == code


def test_an_unknown_place_is_named_with_those_that_exist() -> None:
    """So that the message can be acted upon."""
    with pytest.raises(BadInput) as refused:
        checked("Căn cứ {{luat}};", "{{so_hieu}}, {{co_quan}}")
    assert refused.value.details["names"] == "{{luat}}"
    assert "so_den" in str(refused.value.details["known"])


def test_lines_are_set_as_they_look() -> None:
    """Bases in italics, articles bold, capitals with a colon in the middle, items with a dash."""
    words = Words(
        basis="Căn cứ Luật A;\n\nTheo đề nghị của B.",
        body="QUYẾT ĐỊNH:\nĐiều 1. Cử ông A.\n\n• một\n– hai\n1. ba\nII. KẾT QUẢ\n  bốn   năm",
    )
    assert paragraphs(words) == (
        Paragraph("Căn cứ Luật A;", Setting.BASIS),
        Paragraph("Theo đề nghị của B.", Setting.BASIS),
        Paragraph("QUYẾT ĐỊNH:", Setting.CENTRE),
        Paragraph("Cử ông A.", Setting.ARTICLE, "Điều 1."),
        Paragraph("- một"),
        Paragraph("- hai"),
        Paragraph("1. ba"),
        Paragraph("II. KẾT QUẢ", Setting.HEADING),
        Paragraph("bốn năm"),
    )


def test_lines_with_bars_are_a_table() -> None:
    """The first one is the head; short rows are filled up, the line of dashes of other programs is left out."""
    words = Words(
        basis="", body="Số liệu:\n| Đơn vị | Số |\n|---|---:|\n| Phòng Kinh tế | 12 |\n| Văn phòng |\nHết"
    )
    assert paragraphs(words) == (
        Paragraph("Số liệu:"),
        Grid(("Đơn vị", "Số"), (("Phòng Kinh tế", "12"), ("Văn phòng", "")), (13.0, 5.0)),
        Paragraph("Hết"),
    )
    assert row_of("A|B\nC", 5) == "| A/B C | 5 |"


@pytest.mark.parametrize(
    ("subject", "inside", "under"),
    [
        ("Về việc nghỉ lễ.", "về việc nghỉ lễ", "V/v nghỉ lễ"),
        ("V/v phòng chống bão", "về việc phòng chống bão", "V/v phòng chống bão"),
        ("Trả lời Công văn số 5/STC-NS", "trả lời Công văn số 5/STC-NS", "V/v trả lời Công văn số 5/STC-NS"),
        ("Hà Nội xin ý kiến", "Hà Nội xin ý kiến", "V/v Hà Nội xin ý kiến"),
        ("UBND xã đề nghị", "UBND xã đề nghị", "V/v UBND xã đề nghị"),
    ],
)
def test_a_subject_inside_a_sentence(subject: str, inside: str, under: str) -> None:
    """V/v is written once, names keep their capitals."""
    assert (inline(subject), about(subject)) == (inside, under)


def test_recipients_end_as_annex_i_says() -> None:
    """Semicolons, and a full stop at the end."""
    assert listed(("Như trên", "Sở Nội vụ;", "Lưu: VT, KT")) == ("Như trên;", "Sở Nội vụ;", "Lưu: VT, KT.")
