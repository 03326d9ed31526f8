"""What drafters type already: signer's block, number and date, found wherever and however they stand."""

from __future__ import annotations

import unicodedata

import pytest

from signing.prepare import (
    Drawn,
    FieldKind,
    GapKind,
    PlannedField,
    TypedBlock,
    TypedHead,
    covers_text,
    normalise_in_jail,
    propose_plan,
    text_boxes_in_jail,
    text_lines_in_jail,
)
from signing.testing.drawings import compile_pdf

MM = 72 / 25.4
NAMES = ("Nguyễn Thị Lan", "Đặng Quốc Việt")
STATE = ("CỘNG HÒA", "Độc lập")
HEAD = """
#set page(paper: "a4", margin: (left: 30mm, right: 15mm, y: 20mm))
#set text(size: 13pt, lang: "vi", hyphenate: false)
#grid(columns: (66fr, 99fr), align: center, row-gutter: 9pt,
  [ỦY BAN NHÂN DÂN], [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*],
  [*XÃ ĐỒNG TÂM*], [*Độc lập - Tự do - Hạnh phúc*],
  [NUMBER], [_DATE_])
#v(6mm)
#align(center)[*CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM*]
Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư, thực hiện chỉ đạo của
Chủ tịch Ủy ban nhân dân tỉnh và của ông Đặng Quốc Việt, Phó Chủ tịch:
#v(8mm)
"""
FOOT = """
#grid(columns: (66fr, 99fr), align: (left, center),
  [_Nơi nhận:_\\ - Như trên;\\ - Bà Nguyễn Thị Lan;\\ - Lưu: VT.], [BLOCK])
"""


def letter(
    *, number: str = "Số:#h(14mm)/UBND-KT", date: str = "Đồng Tâm, ngày#h(9mm)tháng#h(9mm)năm 2026", block: str = ""
) -> str:
    """The source of a letter with these words typed."""
    return HEAD.replace("NUMBER", number).replace("DATE", date) + FOOT.replace("BLOCK", block)


def block(name: str, *titles: str, room: int = 28) -> str:
    return "*" + "\\ ".join(titles) + f"*#v({room}mm)*{name}*"


def plan(source: str, names: tuple[str, ...] = NAMES) -> dict[FieldKind, PlannedField]:
    """The proposal for a draft, which never covers what names the state."""
    draft = normalise_in_jail(compile_pdf(source))
    numbers = [page.number for page in draft.pages]
    lines = text_lines_in_jail(draft.data, pages=numbers)
    text = text_boxes_in_jail(draft.data, pages=numbers)
    found = {field.kind: field for field in propose_plan(draft.pages, text=text, lines=lines, names=names)}
    state = [part.box for line in lines[1] for part in line.columns() if part.text.startswith(STATE)]
    assert not covers_text(found[FieldKind.NUMBER].box, state)
    if found[FieldKind.LEADER].drawn is Drawn.MISSING:
        assert not covers_text(found[FieldKind.LEADER].box, text[found[FieldKind.LEADER].page])
    return found


def head(**typed: str) -> tuple[TypedHead, PlannedField]:
    field = plan(letter(**typed))[FieldKind.NUMBER]
    assert isinstance(field.typed, TypedHead)
    return field.typed, field


BLOCKS = {
    "head": (("CHỦ TỊCH",), "Nguyễn Thị Lan"),
    "deputy": (("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Đặng Quốc Việt"),
    "collective": (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Thị Lan"),
    "deputy for the collective": (("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Đặng Quốc Việt"),
    "by order": (("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "Vũ Đình Khải"),
    "by delegation": (("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG KINH TẾ"), "Phạm Thị Hương Giang"),
    "acting": (("Q. CHỦ TỊCH",), "Nguyễn Thị Lan"),
    "accents lost": (("CHU TICH",), "Nguyen Thi Lan"),
    "capitals": (("CHỦ TỊCH",), "NGUYỄN THỊ LAN"),
    "academic title": (("CHỦ TỊCH",), "ThS. Nguyễn Thị Lan"),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_the_typed_block_is_found_and_signed_in_the_middle(name: str) -> None:
    """Every capacity of Article 13, known names and unknown; the box lies between, centred under the title."""
    titles, signer = BLOCKS[name]
    leader = plan(letter(block=block(signer, *titles)))[FieldKind.LEADER]
    assert leader.typed == TypedBlock(titles=titles, name=signer)
    assert leader.drawn is Drawn.MISSING
    assert leader.size == pytest.approx((60 * MM, min(30, leader.size[1] / MM) * MM), abs=0.1)
    assert leader.size[1] > 20 * MM


def test_decomposed_letters_are_the_same_letters() -> None:
    """As text from a Mac comes."""
    source = unicodedata.normalize("NFD", letter(block=block("Đặng Quốc Việt", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")))
    found = plan(source)
    assert found[FieldKind.LEADER].typed == TypedBlock(
        titles=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), name="Đặng Quốc Việt"
    )
    assert found[FieldKind.NUMBER].drawn is Drawn.MISSING


def test_a_title_without_a_name_leaves_the_name_to_be_drawn() -> None:
    """The box begins right below the title."""
    leader = plan(letter(block="*KT. CHỦ TỊCH\\ PHÓ CHỦ TỊCH*"))[FieldKind.LEADER]
    assert leader.typed == TypedBlock(titles=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))
    assert leader.drawn is Drawn.MISSING
    assert leader.size[1] > 30 * MM


def test_nothing_typed_keeps_the_whole_block() -> None:
    """Names in the text and among the recipients and a title in capitals over the body are no block."""
    leader = plan(letter())[FieldKind.LEADER]
    assert (leader.typed, leader.drawn) == (None, Drawn.WHOLE)


def test_a_block_without_room_is_told_but_drawn_whole_elsewhere() -> None:
    """Four millimetres are no place for a signature."""
    leader = plan(letter(block=block("Nguyễn Thị Lan", "CHỦ TỊCH", room=1)))[FieldKind.LEADER]
    assert leader.typed == TypedBlock(titles=("CHỦ TỊCH",), name="Nguyễn Thị Lan")
    assert leader.drawn is Drawn.WHOLE


def test_an_annex_after_the_block_does_not_take_the_signature() -> None:
    """The block stands on page 1, an annex with its own follows: the decision is signed, and sealed beside it."""
    annex = "#pagebreak()\n*PHỤ LỤC*\n#v(20mm)" + FOOT.replace("BLOCK", block("Nguyễn Thị Lan", "CHỦ TỊCH"))
    found = plan(letter(block=block("Nguyễn Thị Lan", "CHỦ TỊCH")) + annex)
    assert found[FieldKind.LEADER].page == found[FieldKind.SEAL].page == 1


def test_the_signer_named_is_looked_for_first() -> None:
    """Two leaders sign side by side: the box is the planned one's."""
    both = "#grid(columns: (1fr, 1fr), align: center, [{}], [{}])".format(
        block("Đặng Quốc Việt", "PHÓ CHỦ TỊCH"), block("Nguyễn Thị Lan", "CHỦ TỊCH")
    )
    for first, left in ((NAMES, False), (NAMES[::-1], True)):
        leader = plan(HEAD.replace("NUMBER", "").replace("DATE", "") + both, first)[FieldKind.LEADER]
        assert isinstance(leader.typed, TypedBlock)
        assert leader.typed.name == first[0]
        assert (leader.box[0] < 300) is left


HEADS = {
    "blank": ("Số:#h(14mm)/UBND-KT", "Đồng Tâm, ngày#h(9mm)tháng#h(9mm)năm 2026", ["number", "day", "month"]),
    "bare": ("Số:", "Đồng Tâm, ngày#h(9mm)tháng#h(9mm)năm#h(12mm)", ["symbol", "day", "month", "year"]),
    "dots": (
        "Số:.........../QĐ-UBND",
        "Đồng Tâm, ngày......tháng......năm 20....",
        ["number", "day", "month", "year_end"],
    ),
    "ellipses": ("Số: ……./QĐ-UBND", "Đồng Tâm, ngày …… tháng …… năm 2026", ["number", "day", "month"]),
    "one blank": ("Số: /UBND-KT", "Đồng Tâm, ngày#h(9mm)tháng 11 năm 2026", ["number", "day"]),
    "no colon": ("Số#h(12mm)/UBND-KT", "Đồng Tâm, ngày#h(9mm)tháng 11 năm 2026", ["number", "day"]),
    "no date": ("Số:#h(14mm)/UBND-KT", "", ["number", "date_line"]),
    "no number": ("", "Đồng Tâm, ngày#h(9mm)tháng#h(9mm)năm 2026", ["number_line", "day", "month"]),
    "date whole": ("Số:#h(14mm)/UBND-KT", "Đồng Tâm, ngày 23 tháng 11 năm 2026", ["number"]),
    "number whole": ("Số: 12/UBND-KT", "Đồng Tâm, ngày#h(9mm)tháng 11 năm 2026", ["day"]),
}


@pytest.mark.parametrize("name", HEADS)
def test_blanks_of_the_head_become_gaps(name: str) -> None:
    """What is missing, in the order of the line, inside a box that covers little else."""
    number, date, gaps = HEADS[name]
    typed, field = head(number=number, date=date)
    assert [str(gap.kind) for gap in typed.gaps] == gaps
    assert field.drawn is Drawn.MISSING
    assert field.size[1] < 11 * MM
    for gap in typed.gaps:
        assert gap.left >= 0
        assert gap.left + gap.width <= field.size[0] + 0.1
        assert 0 < gap.foot < field.size[1]
    assert typed.narrow is (name == "one blank")


def test_typed_parts_are_known() -> None:
    """Symbol, number and what is typed of the date, for comparison with the register."""
    typed, _field = head(number="Số: 12/UBND - KT", date="Đồng Tâm, ngày#h(9mm)tháng 02 năm 20#h(9mm)")
    assert (typed.number, typed.notation) == ("12", "UBND - KT")
    assert (typed.day, typed.month, typed.year) == ("", "02", "20")


def test_a_whole_head_leaves_nothing_to_fill_in() -> None:
    """Number and date are both typed: told, and drawn whole where there is room."""
    typed, field = head(number="Số: 12/UBND-KT", date="Đồng Tâm, ngày 23 tháng 11 năm 2026")
    assert (typed.gaps, field.drawn) == ((), Drawn.WHOLE)
    assert (typed.number, typed.day) == ("12", "23")


def test_the_gap_lies_where_the_blank_is() -> None:
    """Between colon and slash, on the foot of the typed line, in its size."""
    draft = normalise_in_jail(compile_pdf(letter()))
    (line,) = [one for one in text_lines_in_jail(draft.data, pages=[1])[1] if one.text.startswith("Số:")]
    typed, field = head()
    number = typed.gaps[0]
    assert number.kind is GapKind.NUMBER
    left = field.box[0] + number.left
    assert left == pytest.approx(line.edges[line.text.index(":")][1], abs=0.1)
    assert left + number.width == pytest.approx(line.edges[line.text.index("/")][0], abs=0.1)
    assert field.box[1] + number.foot == pytest.approx(line.foot, abs=0.1)
    assert number.points == pytest.approx(13, abs=0.1)


def test_number_and_date_far_apart_are_told_and_not_filled() -> None:
    """One box over both would cover the state's name, which nothing may."""
    source = (
        letter().replace("[XÃ", "[XÃ").replace("[*XÃ ĐỒNG TÂM*], [*Độc lập", "[Số:#h(14mm)/UBND-KT], [*Độc lập")
    )
    source = source.replace("  [Số:#h(14mm)/UBND-KT], [_Đ", "  [], [_Đ")
    field = plan(source)[FieldKind.NUMBER]
    assert isinstance(field.typed, TypedHead)
    assert field.typed.apart
    assert field.drawn is Drawn.WHOLE


def test_dates_and_numbers_of_the_body_are_left_alone() -> None:
    """A law cited in the first lines is neither."""
    body = "Số 30/2020/NĐ-CP ngày #h(9mm) tháng #h(9mm) năm 2020.\n"
    field = plan('#set page(paper: "a4", margin: (left: 30mm, right: 15mm, y: 20mm))\n#v(30mm)\nCăn cứ ' + body)[
        FieldKind.NUMBER
    ]
    assert field.typed is None
