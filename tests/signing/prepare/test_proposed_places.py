"""Proposals look at the page: between title and typed name, and not over text while there is room."""

from __future__ import annotations

import pytest

from signing.prepare import (
    Box,
    FieldKind,
    PlannedField,
    covers_text,
    normalise_in_jail,
    propose_plan,
    text_boxes_in_jail,
)
from signing.testing.drawings import compile_pdf

MM = 72 / 25.4
HEAD = """
#set page(paper: "{paper}", flipped: {flipped}, margin: (left: 30mm, right: 15mm, y: 20mm))
#set text(size: 13pt, lang: "vi")
#grid(columns: (75fr, 90fr), align: center,
  [ỦY BAN NHÂN DÂN\\ XÃ BẰNG ÁI], [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*\\ Độc lập - Tự do - Hạnh phúc])
#v({head}mm)
{body}
#v(8mm)
#block(breakable: false, grid(columns: (75fr, 90fr), align: (left, center),
  [_Nơi nhận:_\\ - Như trên;\\ - Lưu: VT.], [*KT. CHỦ TỊCH\\ PHÓ CHỦ TỊCH*#v({gap}mm)*Nguyễn Văn Hiền*]))
"""
PARAGRAPH = "Căn cứ Nghị định số 30/2020/NĐ-CP của Chính phủ về công tác văn thư, " * 4


def office_letter(
    *, paragraphs: int, gap: int = 30, head: int = 14, paper: str = "a4", flipped: bool = False
) -> bytes:
    body = "\n\n".join([PARAGRAPH] * paragraphs)
    return compile_pdf(HEAD.format(body=body, gap=gap, head=head, paper=paper, flipped=str(flipped).lower()))


def proposal(data: bytes, **options: int) -> tuple[dict[FieldKind, PlannedField], dict[int, tuple[Box, ...]]]:
    draft = normalise_in_jail(data)
    text = text_boxes_in_jail(draft.data, pages=sorted({1, len(draft.pages)}))
    plan = propose_plan(draft.pages, text=text, **options)
    return {field.kind: field for field in plan}, text


@pytest.mark.parametrize("paragraphs", [1, 3, 5, 7, 10, 13])
@pytest.mark.parametrize("gap", [22, 30, 40])
def test_the_leader_signs_between_title_and_name(paragraphs: int, gap: int) -> None:
    """Wherever the text ends, on the first page or a later one."""
    plan, text = proposal(office_letter(paragraphs=paragraphs, gap=gap))
    leader = plan[FieldKind.LEADER]
    runs = text[leader.page]
    assert not covers_text(leader.box, runs)
    right = [one for one in runs if one[0] > leader.box[0] - 20 and one[2] < leader.box[2] + 20]
    above = [one for one in right if one[1] >= leader.box[3]]
    below = [one for one in right if one[3] <= leader.box[1]]
    assert min(one[1] for one in above) - leader.box[3] < 12 * MM
    assert leader.box[1] - max(one[3] for one in below) < 12 * MM
    assert leader.size[1] >= 18 * MM


@pytest.mark.parametrize("head", [3, 8, 14, 20])
def test_number_and_date_stand_free_at_the_head(head: int) -> None:
    """In the empty row that drafters leave, whether it is a little higher or lower."""
    plan, text = proposal(office_letter(paragraphs=3, head=head))
    number = plan[FieldKind.NUMBER]
    assert not covers_text(number.box, text[1])
    if head >= 8:
        assert number.box[1] > 841.89 - 60 * MM


def test_initials_and_cosigners_stand_free_too() -> None:
    """Nothing but the seal stands on something else."""
    plan, text = proposal(office_letter(paragraphs=3), cosigners=1, initials=1)
    for kind in (FieldKind.COSIGNER, FieldKind.INITIALS, FieldKind.FOOTER):
        assert not covers_text(plan[kind].box, text[plan[kind].page])
        assert not covers_text(plan[kind].box, [plan[FieldKind.LEADER].box])


@pytest.mark.parametrize(("paper", "flipped"), [("a4", True), ("a3", False), ("a5", False)])
def test_other_formats_find_their_gap_as_well(paper: str, flipped: bool) -> None:
    """Landscape, larger and smaller sheets."""
    plan, text = proposal(office_letter(paragraphs=2, paper=paper, flipped=flipped))
    leader = plan[FieldKind.LEADER]
    assert not covers_text(leader.box, text[leader.page])


def test_nobody_signs_above_the_body() -> None:
    """A letter without title and name has one gap in the right-hand column, at its head; that is not the place."""
    source = HEAD.split("#v(8mm)")[0].format(
        paper="a4", flipped="false", head=25, body=f"#h(80mm) Kính gửi\n\n{PARAGRAPH}"
    )
    plan, text = proposal(compile_pdf(source))
    leader = plan[FieldKind.LEADER]
    assert leader.box[3] < min(one[1] for one in text[1])


def test_a_page_full_of_text_still_gets_a_plan() -> None:
    """No room anywhere: the usual places, for a person to move."""
    style = "#set page(margin: 3mm)\n#set text(size: 8pt)\n#set par(leading: 0.2em)\n"
    full = style + "#block(height: 100%, clip: true)[" + "chữ " * 9000 + "]"
    plan, text = proposal(compile_pdf(full))
    assert covers_text(plan[FieldKind.LEADER].box, text[plan[FieldKind.LEADER].page])
    assert plan[FieldKind.LEADER].size == pytest.approx((60 * MM, 30 * MM), abs=0.05)


def test_a_blank_page_has_no_text() -> None:
    """And its proposals are those of the empty form."""
    draft = normalise_in_jail(compile_pdf('#set page(paper: "a4")\n#h(1pt)'))
    text = text_boxes_in_jail(draft.data, pages=[1])
    assert text == {1: ()}
    assert propose_plan(draft.pages, text=text) == propose_plan(draft.pages)
