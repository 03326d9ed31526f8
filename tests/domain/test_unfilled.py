"""A template's dots in a text, told apart from an ellipsis and from the blanks of number and date."""

from __future__ import annotations

import pytest

from workflow.domain.unfilled import first_dots, has_dots, note_of, page_in


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Thực hiện ……", True), ("1. ……", True), ("1. ........... đồng", True), ("Địa điểm: . . . . . .", True),
        ("Kinh phí: … … đồng", True), ("Hạn …..", True), ("chăn, màn, gạo v.v…", False),
        ("…", False), ("a...", False),
        ("Số: ……/UBND-KT", False), ("Đồng Tâm, ngày …… tháng …… năm 2026", False), ("", False),
        ("Nơi nhận: UBND tỉnh; Lưu: VT.", False),
    ],
)  # fmt: skip
def test_dots_where_words_belong(line: str, found: bool) -> None:
    """Two ellipses or four dots; one ellipsis is a writer's."""
    assert has_dots(line) is found


def test_the_first_page_and_what_a_note_keeps_of_it() -> None:
    """Pages from 1, in their order; a note holds other codes too."""
    assert first_dots({3: ["1. ……"], 2: ["2. ……", ""], 1: ["Kính gửi"]}) == 2
    assert first_dots({1: ["v.v…"]}) is None
    assert note_of(None) == ()
    assert page_in(", ".join((*note_of(12), "metadata", "structure"))) == 12
    assert page_in("metadata, dots:3") == 3
    assert page_in("metadata") is None
