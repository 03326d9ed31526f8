"""Number and date as the drafter typed them, with blanks: `Số:      /QĐ-UBND`, `…, ngày   tháng   năm 2026`.

What is missing is filled in later, and nothing else: every blank becomes a gap with its place on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from signing.prepare.lines import COLUMN_GAP, Line
from signing.prepare.plan import MM, Box, Gap, GapKind, PageBox, Side, TypedHead

HEAD_SHARE = 0.45
"""Number and date stand in this upper share of the first page."""
ASCENT, CAPITALS, DESCENT = 0.98, 0.72, 0.26
"""Of the letters' size, from the foot: letters with two marks, digits and capitals, what hangs below."""
RAISED = 0.7
"""A blank too narrow for its digits gets them this share of the size higher, as an inserted word is written."""
LEAST = {GapKind.NUMBER: 15.0, GapKind.DAY: 9.0, GapKind.MONTH: 9.0, GapKind.YEAR: 18.0, GapKind.YEAR_END: 9.0}
"""Points: three digits, two, four at the least size that is easily read. Narrower blanks the drafter is told of."""
SMALL, SMALLEST = 0.5, 0.37
"""Height of raised digits, of the typed letters' size: of 9 points and of 7 beside 13."""
_FILL = r"[\s.…_·‥-]*"
_NUMBER = re.compile(rf"so\s*(?P<colon>:)?{_FILL}(?P<number>\d{{1,6}}[a-z]?(?![^\s/]))?\s*(?P<slash>/)?")
_DATE = re.compile(
    rf"ngay{_FILL}(?P<day>\d{{1,2}})?{_FILL}(?P<thang>thang){_FILL}(?P<month>\d{{1,2}})?{_FILL}"
    rf"(?P<nam>nam)[\s:]*(?P<year>\d{{1,4}})?(?P<rest>{_FILL})"
)
_STATE = re.compile("cong hoa xa hoi|doc lap")
"""Quốc hiệu and tiêu ngữ: no box ever stands over them."""


@dataclass(frozen=True, slots=True)
class FoundHead:
    """`box` covers every gap (None where nothing is missing); gaps are measured from its lower left corner."""

    typed: TypedHead
    box: Box | None


@dataclass(frozen=True, slots=True)
class _Blank:
    kind: GapKind
    left: float
    right: float
    foot: float
    size: float
    side: Side = Side.CENTER

    @property
    def narrow(self) -> bool:
        return self.right - self.left < LEAST.get(self.kind, 0.0)

    @property
    def width(self) -> float:
        """A narrow blank's word reaches over what follows, above letters that have no marks."""
        return max(self.right - self.left, LEAST.get(self.kind, 0.0))

    def box(self, others: Sequence[Line]) -> Box:
        """As high as the letters there can be, but not up into the lines above (`others`) without need."""
        left, right = self.left, self.left + self.width
        wanted, least = (ASCENT, CAPITALS) if not self.narrow else (RAISED + SMALL, RAISED + SMALLEST)
        least_top = self.foot + least * self.size
        above = [one.bottom for one in others if one.bottom >= least_top - 1]
        top = min([self.foot + wanted * self.size, *(max(bottom, least_top) for bottom in above)])
        return left, self.foot - DESCENT * self.size, right, top


def find_head(lines: Sequence[Line], page: PageBox) -> FoundHead | None:
    """What is typed of number and date at the head of the first page, and what is missing there."""
    upper = [line for line in lines if line.foot > page.height * (1 - HEAD_SHARE)]
    number, date = _find_number(upper), _find_date(upper, page)
    if number is None and date is None:
        return None
    blanks = [*(number.blanks if number else ()), *(date.blanks if date else ())]
    others = [line for line in lines if line not in {one.line for one in (number, date) if one}]
    if blanks and number is None and date is not None:
        blanks.insert(0, _opposite(date, GapKind.NUMBER_LINE, 30 * MM, date.left - 5 * MM))
    if blanks and date is None and number is not None:
        left = max(number.right + 5 * MM, 0.43 * page.width)
        blanks.append(_opposite(number, GapKind.DATE_LINE, left, page.width - 15 * MM))
    state = [part.box for line in upper for part in line.columns() if _STATE.search(part.plain)]
    return _found(blanks, others, state, number=number, date=date)


@dataclass(frozen=True, slots=True)
class _Words:
    """The typed part of number or date. `parts`: number; or day, month and year."""

    line: Line
    start: int
    end: int
    blanks: tuple[_Blank, ...]
    parts: tuple[str, ...] = ()
    notation: str = ""

    @property
    def left(self) -> float:
        return self.line.edges[self.start][0]

    @property
    def right(self) -> float:
        return self.line.edges[self.end - 1][1]

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end].strip()


def _find_number(lines: Sequence[Line]) -> _Words | None:
    for line in lines:
        for start in _starts(line):
            found = _NUMBER.match(line.plain, start)
            if found and line.text[start] == "S" and (found["colon"] or found["slash"]):
                return _number(line, found)
    return None


def _starts(line: Line) -> list[int]:
    """Where a line or one of its columns begins."""
    wide = [index + 1 for index in range(len(line.text)) if _is_wide(line, index)]
    return [0, *(index for index in wide if index < len(line.text))]


def _is_wide(line: Line, index: int) -> bool:
    left, right = line.edges[index]
    return line.text[index] == " " and right - left > COLUMN_GAP * line.size


def _number(line: Line, found: re.Match[str]) -> _Words:
    behind = line.edges[found.end("colon") - 1 if found["colon"] else found.start() + 1][1]
    end = _column_end(line, found.end()) if found["slash"] or found["number"] else found.end()
    notation = line.text[found.end("slash") : end].strip() if found["slash"] else ""
    text_end = len(line.text[:end].rstrip())
    if found["number"]:
        return _Words(line, found.start(), text_end, (), parts=(found["number"],), notation=notation)
    if found["slash"]:
        blank = _Blank(GapKind.NUMBER, behind, line.edges[found.start("slash")][0], line.foot, line.size)
        return _Words(line, found.start(), text_end, (blank,), notation=notation)
    after = [left for left, _right in line.edges[found.end() :]]
    limit = min([behind + 45 * MM, *(left - 3 * MM for left in after[:1])])
    blank = _Blank(GapKind.SYMBOL, behind + 0.25 * line.size, limit, line.foot, line.size, Side.LEFT)
    return _Words(line, found.start(), text_end, (blank,))


def _column_end(line: Line, index: int) -> int:
    return next((place for place in range(index, len(line.text)) if _is_wide(line, place)), len(line.text))


def _find_date(lines: Sequence[Line], page: PageBox) -> _Words | None:
    """In the right-hand column: dates in the body begin at the left margin."""
    for line in lines:
        for found in _DATE.finditer(line.plain):
            start = max(one for one in _starts(line) if one <= found.start())
            if line.edges[start][0] > 0.33 * page.width:
                return _date(line, start, found)
    return None


def _date(line: Line, start: int, found: re.Match[str]) -> _Words:
    def blank(kind: GapKind, after: int, before: int) -> _Blank:
        return _Blank(kind, line.edges[after - 1][1], line.edges[before][0], line.foot, line.size)

    blanks = []
    if not found["day"]:
        blanks.append(blank(GapKind.DAY, found.start() + 4, found.start("thang")))
    if not found["month"]:
        blanks.append(blank(GapKind.MONTH, found.end("thang"), found.start("nam")))
    if len(found["year"] or "") < 4:
        blanks.append(_year(line, found))
    parts = tuple(found[name] or "" for name in ("day", "month", "year"))
    return _Words(line, start, len(line.text[: found.end()].rstrip()), tuple(blanks), parts=parts)


def _year(line: Line, found: re.Match[str]) -> _Blank:
    """Behind “năm”, or behind its first digits (`năm 20…`), over the dots if some are typed."""
    kind = GapKind.YEAR_END if found["year"] else GapKind.YEAR
    behind = line.edges[found.end("year" if kind is GapKind.YEAR_END else "nam") - 1][1]
    left = behind + (0.0 if kind is GapKind.YEAR_END else 0.25 * line.size)
    width = (1.1 if kind is GapKind.YEAR_END else 2.2) * line.size
    return _Blank(kind, left, left + width, line.foot, line.size, Side.LEFT)


def _opposite(words: _Words, kind: GapKind, left: float, right: float) -> _Blank:
    """The other half of the head is not typed at all: it is drawn whole, on the same foot."""
    size = min(14.0, max(13.0, words.line.size))
    return _Blank(kind, left, max(right, left + 40 * MM), words.line.foot, size)


def _found(
    blanks: list[_Blank],
    others: Sequence[Line],
    state: Sequence[Box],
    *,
    number: _Words | None,
    date: _Words | None,
) -> FoundHead:
    left, right = min((one.left for one in blanks), default=0.0), max((one.right for one in blanks), default=0.0)
    boxes = [blank.box([one for one in others if one.meets(left, right)]) for blank in blanks]
    box = _hull(boxes) if boxes else None
    apart = box is not None and any(_over(box, one) for one in state)
    day, month, year = date.parts if date else ("", "", "")
    typed = TypedHead(
        number=next(iter(number.parts), "") if number else "",
        notation=number.notation if number else "",
        day=day,
        month=month,
        year=year,
        words=" · ".join(one.text for one in (number, date) if one),
        gaps=() if box is None or apart else tuple(_gap(*one, hull=box) for one in zip(blanks, boxes, strict=True)),
        narrow=not apart and any(blank.narrow for blank in blanks),
        apart=apart,
    )
    return FoundHead(typed, None if apart else box)


def _hull(boxes: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return round(min(lefts), 2), round(min(bottoms), 2), round(max(rights), 2), round(max(tops), 2)


def _over(one: Box, other: Box) -> bool:
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return wide > 0 and high > 0


def _gap(blank: _Blank, box: Box, *, hull: Box) -> Gap:
    foot, points = blank.foot, blank.size
    if blank.narrow:
        foot += RAISED * blank.size
        points = min(9.0, points, (box[3] - foot) / CAPITALS)
    return Gap(
        kind=blank.kind,
        left=round(blank.left - hull[0], 2),
        foot=round(foot - hull[1], 2),
        width=round(blank.width, 2),
        points=round(points, 2),
        side=blank.side,
    )
