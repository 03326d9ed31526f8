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


class Drawn(StrEnum):
    """How much of the Decree's words a signature draws into its box."""

    WHOLE = "whole"
    MISSING = "missing"  # only what the draft does not have typed already


class GapKind(StrEnum):
    """What is missing at a place in the head of page 1."""

    NUMBER = "number"  # `05` between “Số:” and a typed `/QĐ-UBND`
    SYMBOL = "symbol"  # `05/QĐ-UBND` behind a bare “Số:”
    NUMBER_LINE = "number_line"  # `Số: 05/QĐ-UBND` where nothing of it is typed
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    YEAR_END = "year_end"  # `26` behind a typed `năm 20`
    DATE_LINE = "date_line"  # place and date where nothing of them is typed


class Side(StrEnum):
    """Where words stand in their gap."""

    LEFT = "left"
    CENTER = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A blank to be filled. `left` and `foot` (baseline) in points from the field's lower left corner."""

    kind: GapKind
    left: float
    foot: float
    width: float
    points: float
    side: Side = Side.CENTER


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedBlock:
    """Capacity and title, and full name, as they stand typed in the draft; empty where they do not."""

    titles: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedHead:
    """What stands typed of number and date, `notation` behind the slash; empty where it is left blank.

    `narrow`: a blank has no room for its digits; `apart`: the blanks stand so that one box over them would cover
    the state's name, so nothing is filled in.
    """

    words: str = ""
    number: str = ""
    notation: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    gaps: tuple[Gap, ...] = ()
    narrow: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedField:
    """`name` is the exact field name in the file; `owner` the role whose signature belongs in it.

    `typed` is what the draft was found to have already, `drawn` how much is drawn beside it. `expected_text`
    is what the appearance must read (blanks and line ends count alike); empty where that is not known.
    """

    name: str
    kind: FieldKind
    owner: str
    page: int
    box: Box
    required: bool = True
    drawn: Drawn = Drawn.WHOLE
    typed: TypedBlock | TypedHead | None = None
    expected_text: str = ""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height: what an appearance must measure."""
        return round(self.box[2] - self.box[0], 2), round(self.box[3] - self.box[1], 2)

    @property
    def can_leave_out(self) -> bool:
        """True where the draft has something typed that need not be drawn again."""
        if isinstance(self.typed, TypedHead):
            return bool(self.typed.gaps)
        return self.typed is not None and bool(self.typed.titles or self.typed.name)

    @property
    def is_signature(self) -> bool:
        return self.kind is not FieldKind.FOOTER


@dataclass(frozen=True, slots=True)
class NumberCells:
    """How the number box divides: number on the left under the organ's name, date on the right."""

    number_width: float
    date_width: float


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
