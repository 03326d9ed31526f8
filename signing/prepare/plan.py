"""Where signatures stand on the page: fields as data, proposed at the cells of Decree 30/2020, Annex I.

Boxes are (left, bottom, right, top) in points from the lower left corner of a normalised page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from signing.errors import SigningError

Box: TypeAlias = tuple[float, float, float, float]

MM = 72 / 25.4
A4_WIDTH, A4_HEIGHT = 210 * MM, 297 * MM
MIN_SIDE = 6.0
"""Points: a box smaller than this shows nothing that can be read."""
MAX_SHARE = 0.25
"""Of the page, for one box: larger ones could cover the text instead of standing in it."""
MAX_FIELDS = 64
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


class BadPlan(SigningError):
    """A plan that cannot be laid on these pages."""


class FieldKind(StrEnum):
    """What stands in a box. All but FOOTER are signature fields."""

    LEADER = "leader"  # cell 7c: the competent person
    COSIGNER = "cosigner"  # further persons of the same document
    INITIALS = "initials"  # ký nháy beside the last line
    NUMBER = "number"  # cells 3 and 4: number and date, an organisation signature
    DATE = "date"  # where number and date are signed apart
    SEAL = "seal"  # cell 8: the organisation
    FOOTER = "footer"  # look-up code and QR: page content, nobody signs it


@dataclass(frozen=True, slots=True)
class PageBox:
    """A normalised page: lower left corner at the origin, not rotated. `number` counts from 1."""

    number: int
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedField:
    """`name` is the exact field name in the file; `owner` the role whose signature belongs in it."""

    name: str
    kind: FieldKind
    owner: str
    page: int
    box: Box
    required: bool = True

    @property
    def size(self) -> tuple[float, float]:
        """Width and height: what an appearance must measure."""
        return round(self.box[2] - self.box[0], 2), round(self.box[3] - self.box[1], 2)

    @property
    def is_signature(self) -> bool:
        return self.kind is not FieldKind.FOOTER


@dataclass(frozen=True, slots=True)
class NumberCells:
    """How the number box divides: number on the left under the organ's name, date on the right."""

    number_width: float
    date_width: float


def propose_plan(
    pages: Sequence[PageBox], *, cosigners: int = 0, initials: int = 0, footer: bool = True
) -> tuple[PlannedField, ...]:
    """Boxes at their usual places: number and date on page 1, the rest at the end of the last page.

    Sizes are those of A4 and shrink with the shorter side of smaller pages; everything hangs on the margins,
    so that larger, landscape and odd pages get sane places too.
    """
    first, last = pages[0], pages[-1]
    leader = _leader_box(last)
    plan = [
        _field("Number", FieldKind.NUMBER, "clerk", first, _number_box(first)),
        _field("Leader", FieldKind.LEADER, "leader", last, leader),
        _field("Seal", FieldKind.SEAL, "clerk", last, _seal_box(last, leader)),
    ]
    for index in range(cosigners):
        box = _cosigner_box(last, leader, index)
        plan.append(_field(f"Cosigner{index + 1}", FieldKind.COSIGNER, "cosigner", last, box))
    for index in range(initials):
        box = _initials_box(last, leader, index)
        plan.append(_field(f"Initials{index + 1}", FieldKind.INITIALS, "reviewer", last, box))
    if footer:
        plan.append(_field("Footer", FieldKind.FOOTER, "system", first, _footer_box(first)))
    return tuple(plan)


def number_cells(field: PlannedField) -> NumberCells:
    """The two columns of the Decree's head: 75 of 165 mm for the organ, the rest for the date."""
    width = field.size[0]
    left = round(width * 75 / 165, 2)
    return NumberCells(left, round(width - left, 2))


def check_plan(plan: Sequence[PlannedField], pages: Sequence[PageBox]) -> None:
    """Raises `BadPlan` with a code where a plan cannot be used."""
    if len(plan) > MAX_FIELDS:
        raise BadPlan("too_many_fields", fields=len(plan))
    names = [field.name.lower() for field in plan]
    if len(set(names)) != len(names):
        raise BadPlan("name_twice")
    by_number = {page.number: page for page in pages}
    for field in plan:
        if not _NAME.fullmatch(field.name):
            raise BadPlan("bad_name", field=field.name)
        if field.page not in by_number:
            raise BadPlan("no_such_page", field=field.name, page=field.page)
        _check_box(field, by_number[field.page])


def _check_box(field: PlannedField, page: PageBox) -> None:
    left, bottom, right, top = field.box
    if not (right - left >= MIN_SIDE and top - bottom >= MIN_SIDE):
        raise BadPlan("box_too_small", field=field.name)
    if left < 0 or bottom < 0 or right > page.width + 0.01 or top > page.height + 0.01:
        raise BadPlan("box_outside_page", field=field.name)
    if (right - left) * (top - bottom) > MAX_SHARE * page.width * page.height:
        raise BadPlan("box_too_large", field=field.name)


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
    return tuple(int(value * 100) / 100 for value in (left, bottom, left + width, bottom + height))  # type: ignore[return-value]


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
