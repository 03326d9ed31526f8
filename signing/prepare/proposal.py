"""Proposals for the boxes of a plan: the cells of Decree 30/2020, Annex I, moved to where the page is free.

Everything is measured in millimetres of A4 and hangs on the margins, so that larger, landscape and odd pages
get sane places too; on smaller pages the measures shrink with the shorter side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from signing.prepare.lines import Lines
from signing.prepare.plan import A4_WIDTH, MM, Box, Drawn, FieldKind, PageBox, PlannedField
from signing.prepare.typed_block import FoundBlock, find_block
from signing.prepare.typed_head import FoundHead, find_head

Text = Mapping[int, Sequence[Box]]
"""Page number → boxes that hold text (`text_boxes_in_jail`)."""
LEADER_HEIGHT, LEADER_LEAST = 30, 18
"""Millimetres: the usual height of a signature image, and the least that still shows one."""
LEADER_NARROWEST, NAME_HEIGHT = 7, 8
"""Millimetres: below the first a typed block has no room at all; the second is added for a name to be drawn."""
BODY_SHARE = 0.55
"""A run of text wider than this share of the page belongs to the body: nobody signs above it."""
REACH = 80
"""Millimetres that a box may be moved to stand free."""


def propose_plan(
    pages: Sequence[PageBox],
    *,
    cosigners: int = 0,
    initials: int = 0,
    footer: bool = True,
    text: Text | None = None,
    lines: Lines | None = None,
    names: Sequence[str] = (),
) -> tuple[PlannedField, ...]:
    """Number and date at the head of page 1, the rest at the end of the last page.

    With `text` the leader's box goes between title and typed name where there is room for it, and no other
    box but the seal's stands over text or over another box, as long as free room is near. With `lines` (of the
    first page and of those where a signer's block may stand) what is typed already is found and not drawn again;
    `names`: the planned signer, then the agency's other leaders.
    """
    found = lines or {}
    block = find_block(found, names=names)
    first, last = pages[0], pages[block.page - 1] if block else pages[-1]
    texts = text or {}
    on_first, on_last = list(texts.get(first.number, ())), list(texts.get(last.number, ()))
    number = _number_field(first, find_head(found.get(first.number, ()), first), on_first)
    leading = _leader_field(last, block, on_last)
    leader = leading.box
    plan = [number, leading, _field("Seal", FieldKind.SEAL, "clerk", last, _seal_box(last, leader))]
    taken = [*on_last, leader, *([number.box] if first.number == last.number else [])]
    for index in range(cosigners):
        box = _free(last, _cosigner_box(last, leader, index), taken)
        taken.append(box)
        plan.append(_field(f"Cosigner{index + 1}", FieldKind.COSIGNER, "cosigner", last, box))
    for index in range(initials):
        box = _free(last, _initials_box(last, leader, index), taken)
        taken.append(box)
        plan.append(_field(f"Initials{index + 1}", FieldKind.INITIALS, "reviewer", last, box))
    if footer:
        plan.append(_field("Footer", FieldKind.FOOTER, "system", first, _footer_box(first)))
    return tuple(plan)


def _number_field(page: PageBox, head: FoundHead | None, text: Sequence[Box]) -> PlannedField:
    """Over the typed blanks, else where the page is free."""
    box = _inside(page, head.box) if head and head.box else _free(page, _number_box(page), text)
    field = _field("Number", FieldKind.NUMBER, "clerk", page, box)
    if head is None:
        return field
    return replace(field, typed=head.typed, drawn=Drawn.MISSING if head.typed.gaps else Drawn.WHOLE)


def _leader_field(page: PageBox, block: FoundBlock | None, text: Sequence[Box]) -> PlannedField:
    """Between title and name as they are typed, else by the gaps in the right-hand column."""
    box = _block_box(page, block) if block else None
    if block is None or box is None:
        box = _between_title_and_name(page, _leader_box(page), text)
        return replace(
            _field("Leader", FieldKind.LEADER, "leader", page, box), typed=block.typed if block else None
        )
    field = _field("Leader", FieldKind.LEADER, "leader", page, box)
    return replace(field, typed=block.typed, drawn=Drawn.MISSING)


def _block_box(page: PageBox, block: FoundBlock) -> Box | None:
    """60 mm wide in the middle of the block, as high as its room allows; None where there is none."""
    mm = _unit(page)
    left, low, right, high = block.room
    usual = (LEADER_HEIGHT if block.typed.name else LEADER_HEIGHT + NAME_HEIGHT) * mm
    height = min(usual, high - low - 2 * mm)
    if height < LEADER_NARROWEST * mm:
        return None
    middle = (left + right) / 2
    bottom = (low + high - height) / 2 if block.typed.name else high - mm - height
    return _inside(page, (middle - 30 * mm, bottom, middle + 30 * mm, bottom + height))


def covers_text(box: Box, text: Sequence[Box]) -> bool:
    """True where a box and a run of text share an area."""
    return any(_overlap(box, one) for one in text)


def _overlap(one: Box, other: Box) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 0 and high > 0


def _free(page: PageBox, box: Box, taken: Sequence[Box]) -> Box:
    """The nearest place straight above or below where nothing stands; the box itself if there is none."""
    step = _unit(page)
    for distance in range(REACH + 1):
        for sign in (-1, 1):
            moved = _moved(box, sign * distance * step)
            if moved[1] >= 0 and moved[3] <= page.height and not covers_text(moved, taken):
                return moved
    return box


def _moved(box: Box, up: float) -> Box:
    return box[0], round(box[1] + up, 2), box[2], round(box[3] + up, 2)


def _between_title_and_name(page: PageBox, usual: Box, text: Sequence[Box]) -> Box:
    """The lowest gap in the right-hand column that has text above and below it and room for an image, and no
    line of the body under it; else below the last text of that column; else the usual place.
    """
    mm = _unit(page)
    body = min((one[1] for one in text if one[2] - one[0] > BODY_SHARE * page.width), default=page.height)
    column = sorted((one for one in text if one[2] > usual[0] and one[0] < usual[2]), key=lambda one: one[1])
    for low, high in _gaps(column):
        if high <= body and LEADER_LEAST * mm <= high - low <= 3 * LEADER_HEIGHT * mm:
            return _in_gap(usual, low, high, mm)
    end = column[0][1] if column else page.height
    if column and end - 20 * mm >= (LEADER_HEIGHT + 2) * mm and covers_text(usual, text):
        return _in_gap(usual, end - (LEADER_HEIGHT + 2) * mm, end, mm)
    return _free(page, usual, text)


def _gaps(column: Sequence[Box]) -> list[tuple[float, float]]:
    """(bottom, top) of the empty stretches between runs of text, from below."""
    gaps = []
    ceiling = column[0][3] if column else 0.0
    for one in column[1:]:
        if one[1] > ceiling:
            gaps.append((ceiling, one[1]))
        ceiling = max(ceiling, one[3])
    return gaps


def _in_gap(usual: Box, low: float, high: float, mm: float) -> Box:
    """Centred, a millimetre away from what is above and below."""
    height = min(LEADER_HEIGHT * mm, high - low - 2 * mm)
    bottom = (low + high - height) / 2
    return usual[0], round(bottom, 2), usual[2], round(bottom + height, 2)


def _field(name: str, kind: FieldKind, owner: str, page: PageBox, box: Box) -> PlannedField:
    return PlannedField(name=name, kind=kind, owner=owner, page=page.number, box=box)


def _unit(page: PageBox) -> float:
    """Points per millimetre of the A4 layout on this page; never more than one to one."""
    return MM * min(1.0, min(page.width, page.height) / A4_WIDTH)


def _inside(page: PageBox, box: Box) -> Box:
    """Pushed back onto the page where an odd format left no room, in hundredths of a point."""
    left, bottom, right, top = box
    width, height = min(right - left, page.width), min(top - bottom, page.height)
    left = min(max(left, 0.0), page.width - width)
    bottom = min(max(bottom, 0.0), page.height - height)
    return _cut(left), _cut(bottom), _cut(left + width), _cut(bottom + height)


def _cut(value: float) -> float:
    return int(value * 100) / 100


def _number_box(page: PageBox) -> Box:
    """Cells 3 and 4: one row over both columns, 36 mm below the top edge (20 mm margin, two lines of head)."""
    mm = _unit(page)
    top = page.height - 34 * mm
    return _inside(page, (30 * mm, top - 7 * mm, page.width - 15 * mm, top))


def _leader_box(page: PageBox) -> Box:
    """Cell 7c: 60 × 30 mm, centred in the right-hand column, in the lower third of the page."""
    mm = _unit(page)
    right_column = page.width - 15 * mm - 90 * mm
    left = right_column + 15 * mm
    bottom = 45 * mm
    return _inside(page, (left, bottom, left + 60 * mm, bottom + 30 * mm))


def _seal_box(page: PageBox, leader: Box) -> Box:
    """Cell 8: 36 mm square whose right part covers a third of the leader's image."""
    side = 36 * _unit(page)
    right = leader[0] + (leader[2] - leader[0]) / 3
    middle = (leader[1] + leader[3]) / 2
    return _inside(page, (right - side, middle - side / 2, right, middle + side / 2))


def _cosigner_box(page: PageBox, leader: Box, index: int) -> Box:
    """The left-hand column beside the leader, then upwards."""
    mm = _unit(page)
    row = index + 1
    bottom = leader[1] + row * 33 * mm if index else leader[3] + 5 * mm
    return _inside(page, (30 * mm, bottom, 80 * mm, bottom + 28 * mm))


def _initials_box(page: PageBox, leader: Box, index: int) -> Box:
    """Small boxes above the leader's block, from the right margin to the left."""
    mm = _unit(page)
    right = page.width - 15 * mm - index * 17 * mm
    bottom = leader[3] + 16 * mm
    return _inside(page, (right - 15 * mm, bottom, right, bottom + 8 * mm))


def _footer_box(page: PageBox) -> Box:
    """In the bottom margin of the first page: 15 mm high, enough for a QR code that a phone reads."""
    mm = _unit(page)
    return _inside(page, (30 * mm, 3 * mm, page.width - 15 * mm, 18 * mm))
