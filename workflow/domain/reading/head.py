"""The head matter of page 1 (cells 1 to 4 of Decree 30/2020, Annex I): who issues, where and when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.reading.agencies import begins_agency, is_address, is_unfinished
from workflow.domain.reading.fuzzy import alike, distance, in_capitals, squeezed
from workflow.domain.reading.lines import gap_between, split_at
from workflow.domain.reading.shapes import Box, Page, Piece, Source, Word, around
from workflow.domain.reading.spelling import mended_text
from workflow.domain.text import clean, fold

MOTTO = "conghoaxahoichunghiavietnam"
UNDER_MOTTO = "doclaptudohanhphuc"
PARTY = "dangcongsanvietnam"
YOUTH = "doantncshochiminh"
LONGEST_PLACE = 32
EARLIEST, LATEST = 1945, 2100
_DATE = re.compile(
    r"ng[a-z]y\W*(?P<day>[0-9oli]{1,2})\W*th[a-z]ng\W*(?P<month>[0-9oli]{1,2})\W*n[a-z]m\W*(?P<year>[0-9oli]{4})(?!\d)"
)
_OPEN_DATE = re.compile(r"ng[a-z]y\W*\d{1,2}\W*th[a-z]ng\W*\d{1,2}(\W*n[a-z]m)?$")
_SHORT_DATE = re.compile(r"^(?:[^\d]{2,40},\s*)?(?:ngay\s*)?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_DIGITS = str.maketrans("oli", "011")
_NUMBER = re.compile(r"^s[o0]\s*[:.;]|^s[o0]\s*\d")
_COPY = re.compile(r"^(sao y|trich sao|sao luc|ban sao)\b")
_PLACE_FIRST = re.compile(
    r"^(xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tp\.?|tinh|dac khu|thon|va|viet nam)\b"
)
"""A line that begins so goes on with the name above it."""
NOT_NAMES = re.compile(
    r"^(v/v|ve viec|kinh gui|so\s*[:.\d]|den$|den\s*so|mat$|toi mat|tuyet mat|khan$|thuong khan|hoa toc"
    r"|ban chinh|mau so|ky boi|nguoi ky|thoi gian ky|ngay ky|du thao|phu luc|ngay\s*:|ngay den"
    r"|chuyen\s*:|gio\b|luu hanh|xem xong)"
)
"""What stands among the head matter without being an agency's name."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date line: `exact` is false for a date outside its usual words."""

    day: dt.date
    place: str
    piece: Piece
    exact: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The head matter: `edge` is the x that parts its two columns; `bottom` where it ends."""

    edge: float
    motto: Piece | None
    party: bool
    left: tuple[Piece, ...]
    """Lines of the left column from the top, as far down as the column can be told."""
    number_at: int | None
    """Index in `left` of the line with the number."""
    date: Dated | None
    torn: bool
    """A line above the number runs over the edge and cannot be parted: something lies over the head matter."""


def head_of(page: Page, pieces: Sequence[Piece]) -> Head:
    """Find the columns by the motto, else by the middle of the page."""
    motto, party = _motto(pieces, page)
    edge = motto.box.x0 - 3 if motto is not None else page.width * 0.5
    alone = motto is not None and motto.box.x0 < page.width * 0.33
    if alone:
        edge = page.width * 0.5
    date = _date(pieces, page, edge)
    left = _left(pieces, page, page.width * 0.56 if alone and not _beside(pieces, motto) else edge)
    number_at = next((at for at, piece in enumerate(left) if is_number_line(piece.text)), None)
    torn = motto is not None and not alone and any(_is_torn(piece, edge, motto) for piece in pieces)
    return Head(edge, motto, party, left, number_at, date, torn)


def _is_torn(piece: Piece, edge: float, motto: Piece) -> bool:
    near = abs(piece.box.centre - motto.box.centre) < 2.5 * motto.size
    return near and piece.box.x0 < edge - 60 and piece.box.x1 > edge + 60 and not _is_head_line(piece, edge)


def _motto(pieces: Sequence[Piece], page: Page) -> tuple[Piece | None, bool]:
    """The words of the country's name, cut out of a line that also holds the agency's."""
    for piece in pieces:
        if piece.box.centre < page.height * 0.6:
            break
        for wanted, party in ((MOTTO, False), (PARTY, True), (UNDER_MOTTO, False), (YOUTH, True)):
            found = _within(piece, wanted)
            if found is not None and not (party and found.box.x0 < page.width * 0.3):
                return found, party
    return None, False


def _within(piece: Piece, wanted: str) -> Piece | None:
    words = piece.words
    for start in range(len(words)):
        joined = squeezed(" ".join(word.text for word in words[start:]))
        if len(joined) < len(wanted) - 3:
            return None
        if distance(joined[: len(wanted)], wanted, most=3) <= 3:
            return Piece(piece.page, words[start:], piece.source)
    return None


def _beside(pieces: Sequence[Piece], motto: Piece | None) -> bool:
    """Does anything stand left of the motto on its line?"""
    if motto is None:
        return False
    return any(
        abs(piece.box.centre - motto.box.centre) < motto.size and piece.box.x1 < motto.box.x0 for piece in pieces
    )


def _left(pieces: Sequence[Piece], page: Page, edge: float) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for piece in pieces:
        if piece.box.centre < page.height * 0.45:
            break
        if piece.box.x1 > edge and _is_date_alone(piece):
            continue
        if piece.box.x1 <= edge + 6:
            found.append(piece)
        elif piece.box.x0 < edge - 20 and _is_head_line(piece, edge):
            left, _ = split_at(piece, edge)
            if left is not None:
                found.append(left)
    return tuple(found)


def _is_date_alone(piece: Piece) -> bool:
    """A long place's date line that begins left of the edge: none of it belongs to the left column."""
    dated = dated_line(piece)
    return dated is not None and dated.exact and len(dated.place) <= LONGEST_PLACE


def _is_head_line(piece: Piece, edge: float) -> bool:
    """A line across the edge whose right part is the motto's or the date's: two cells set close together."""
    _, right = split_at(piece, edge)
    if right is None:
        return False
    plain = squeezed(right.text)
    return alike(plain[:27], MOTTO) or alike(plain, UNDER_MOTTO) or bool(_DATE.search(fold(right.text)))


def is_number_line(text: str) -> bool:
    """`Số: 15/QĐ-UBND`, `Số 15-CV/HU`, `Số:   /UBND-VP`, a bare `Số:`; not the `Số: 123` of an arrival stamp."""
    plain = fold(text).strip()
    if not _NUMBER.match(plain):
        return False
    rest = re.sub(r"^s[o0]\s*[:.;]?\s*", "", plain)
    return not rest or "/" in rest or "-" in rest


def _date(pieces: Sequence[Piece], page: Page, edge: float) -> Dated | None:
    """In the right column of the upper half; else anywhere that a line is nothing but place and date."""
    whole = [piece if (year := _year_below(piece, pieces)) is None else year for piece in pieces]
    found = [one for piece in whole if (one := dated_line(piece)) is not None]
    dated = [one for one in found if len(one.place) <= LONGEST_PLACE and one.piece.box.x0 > page.width * 0.28]
    upper = [
        one for one in dated if one.piece.box.centre > page.height * 0.55 and one.piece.box.middle > edge * 0.85
    ]
    if upper:
        return upper[0]
    alone = [
        one
        for one in dated
        if one.piece.box.x0 > page.width * 0.33
        and one.place
        and one.piece.text[:1].isupper()
        and len(one.place) < 30
    ]
    return alone[0] if alone else None


def _year_below(piece: Piece, pieces: Sequence[Piece]) -> Piece | None:
    """A date line broken before its year, as one piece."""
    if not _OPEN_DATE.search(fold(piece.text).strip()):
        return None
    for other in pieces:
        near = 0 < piece.box.centre - other.box.centre < 2 * piece.size
        if near and re.fullmatch(r"(năm )?(19|20)\d\d", other.text.strip()) and other.box.x0 > piece.box.x0:
            return Piece(piece.page, (*piece.words, *other.words), piece.source)
    return None


def dated_line(piece: Piece) -> Dated | None:
    """A piece that is place and date and nothing more."""
    plain = fold(piece.text)
    found = _DATE.search(plain)
    if found is not None:
        before, after = piece.text[: found.start()], plain[found.end() :]
        day = _day(*(found[name].translate(_DIGITS) for name in ("day", "month", "year")))
        if day is None or len(squeezed(after)) > 2 or len(before) > 45 or _has_verb(before):
            return None
        return Dated(day, clean(before).strip(" ,.;-"), piece, exact=True)
    short = _SHORT_DATE.match(plain.strip())
    if short is None:
        return None
    day = _day(*short.groups())
    place = clean(piece.text).partition(",")[0] if "," in piece.text else ""
    return Dated(day, place, piece, exact=False) if day is not None else None


def _has_verb(before: str) -> bool:
    return bool(re.search(r"\b(so|cua|tu|den|vao|truoc|sau|hom nay|hieu luc)\b", fold(before))) or "/" in before


def _day(day: str, month: str, year: str) -> dt.date | None:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


@dataclass(frozen=True, slots=True)
class Agency:
    """A name in the head matter and the lines that carry it. `clear`: nothing else could have been meant."""

    name: str
    lines: tuple[Piece, ...]
    clear: bool

    @property
    def box(self) -> Box:
        return around(line.box for line in self.lines)


def agencies_of(head: Head, page: Page) -> tuple[Agency, ...]:
    """The agencies above the number from the top; the last one issues, the one before is above it."""
    lines = _name_lines(head, page)
    groups: list[list[Piece]] = []
    for line in lines:
        if groups and not _starts_anew(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    clear = head.number_at is not None and head.motto is not None and not head.torn
    return tuple(Agency(_joined(group), tuple(group), clear=clear) for group in groups)


def _joined(group: Sequence[Piece]) -> str:
    name = clean(" ".join(_printed(line) for line in group)).strip(" -–*:")
    return mended_text(name) if group[0].source is Source.OCR else name


def _printed(line: Piece) -> str:
    """The line without what a rule or a frame left on a scan at its ends."""
    if line.source is not Source.OCR:
        return line.text
    words = list(line.words)
    while len(words) > 1 and _is_dirt(words[0]):
        words.pop(0)
    while len(words) > 1 and _is_dirt(words[-1]):
        words.pop()
    texts = [word.text.lstrip("_.-'`,").rstrip("_.'`;:") for word in words]
    return " ".join(text for text in texts if text)


def _is_dirt(word: Word) -> bool:
    letters = squeezed(word.text)
    return not letters or (word.sure < 0.6 and len(letters) <= 2) or word.sure < 0.25


def _name_lines(head: Head, page: Page) -> list[Piece]:
    if head.number_at is not None:
        candidates = list(head.left[: head.number_at])
    elif head.motto is not None:
        candidates = [
            piece for piece in head.left if piece.box.centre > head.motto.box.centre - 4.5 * head.motto.size
        ]
    else:
        candidates = [piece for piece in head.left if piece.box.centre > page.height * 0.8]
    floor = page.height * 0.45 if head.motto is None else head.motto.box.centre + 3.2 * head.motto.size
    kept: list[Piece] = []
    for piece in candidates:
        if piece.box.centre > floor and head.motto is not None and not in_capitals(piece.text):
            continue
        if not _may_be_name(piece):
            continue
        if kept and gap_between(kept[-1], piece) > 3.2:
            if begins_agency(kept[-1].text):
                break
            kept.clear()
        kept.append(piece)
    return _from_first_agency(kept)


def _may_be_name(piece: Piece) -> bool:
    plain = fold(piece.text).strip()
    letters = sum(1 for letter in plain if letter.isalpha())
    if dated_line(piece) is not None:
        return False
    if letters < 2 or NOT_NAMES.match(plain) or _COPY.match(plain) or is_address(piece.text):
        return False
    if distance(squeezed(plain), MOTTO, most=5) <= 5 or distance(squeezed(plain), UNDER_MOTTO, most=4) <= 4:
        return False
    return in_capitals(piece.text) or piece.bold or begins_agency(piece.text)


def _from_first_agency(lines: Sequence[Piece]) -> list[Piece]:
    """What stands above the first agency's name (a logo's letters, a stamp) is left out, if any line is one."""
    first = next((at for at, line in enumerate(lines) if begins_agency(line.text)), 0)
    return list(lines[first:])


def _starts_anew(group: Sequence[Piece], line: Piece) -> bool:
    joined = " ".join(piece.text for piece in group)
    if _PLACE_FIRST.match(fold(line.text)) and not begins_agency(line.text):
        return False
    if group[-1].bold != line.bold:
        return line.bold
    if is_unfinished(joined):
        return False
    return begins_agency(line.text)
