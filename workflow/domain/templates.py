"""Templates of drafts: words with named places that the program fills from what it knows.

Nothing that people write is executed: a place is `{{name}}` with a name of the closed list below, and what is put
in is never looked at again. The body is plain lines; what a line looks like says how it is set (Decree
30/2020/NĐ-CP, Annex I): a basis in italics, "Điều 1." bold, "QUYẾT ĐỊNH:" in the middle. Lines that begin with a
bar are the rows of a table, `| Đơn vị | Số lượng |`, the first one its head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from workflow.domain.errors import BadInput
from workflow.domain.text import clean

BODY_LENGTH = 60_000
BASIS_LENGTH = 4_000
"""Characters: some twenty-five pages; what is longer is written in a word processor."""
NAME_LENGTH = 100
UNKNOWN = "……"
"""Stands where nothing is known, for the drafter to fill in."""


class Place(StrEnum):
    """Everything that can be filled in, by the name that stands between the braces."""

    ORGAN = "co_quan"
    SUPERIOR = "co_quan_cap_tren"
    TOWN = "dia_danh"
    UNIT = "don_vi_soan"
    KIND = "loai_van_ban"
    SUBJECT = "trich_yeu"
    RECIPIENTS = "noi_nhan"
    SIGNER = "nguoi_ky"
    SIGNER_TITLE = "chuc_vu_nguoi_ky"
    AUTHORITY = "tham_quyen"
    YEAR = "nam"
    ANSWERED = "van_ban_den"
    ANSWERED_SYMBOL = "so_ky_hieu_van_ban_den"
    ANSWERED_DAY = "ngay_van_ban_den"
    ANSWERED_ISSUER = "noi_gui"
    ANSWERED_SUBJECT = "trich_yeu_van_ban_den"
    ARRIVAL_NUMBER = "so_den"


_PLACE = re.compile(r"\{\{\s*([^{}\n]{0,60}?)\s*\}\}")


def places_in(text: str) -> tuple[Place, ...]:
    """The places that a text names, each once.

    Raises `BadInput`: `template_place_unknown` with the names that are not on the list, `template_braces` where
    braces do not come in pairs.
    """
    names = list(dict.fromkeys(_PLACE.findall(text)))
    unknown = [name for name in names if name not in set(Place)]
    if unknown:
        raise BadInput(
            "template_place_unknown", names=", ".join(f"{{{{{name}}}}}" for name in unknown),
            known=", ".join(Place),
        )  # fmt: skip
    rest = _PLACE.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise BadInput("template_braces")
    return tuple(Place(name) for name in names)


def fill(text: str, known: Mapping[Place, str]) -> str:
    """The text with its places filled, in one pass: braces in what is put in stay as they are.

    Raises what `places_in` raises.
    """
    places_in(text)
    return _PLACE.sub(lambda found: known.get(Place(found[1]), "") or UNKNOWN, text)


def missing_in(text: str, known: Mapping[Place, str]) -> tuple[Place, ...]:
    """The places of a text for which nothing is known."""
    return tuple(place for place in places_in(text) if not known.get(place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a drafter writes: legal bases, one a line, and the body."""

    basis: str
    body: str


def checked(basis: str, body: str) -> Words:
    """The words as they are kept.

    Raises `BadInput`: `template_body_needed`, `template_too_long` with the limit, and what `places_in` raises.
    """
    basis, body = clean(basis, multiline=True), clean(body, multiline=True)
    if not body:
        raise BadInput("template_body_needed")
    for text, limit in ((basis, BASIS_LENGTH), (body, BODY_LENGTH)):
        if len(text) > limit:
            raise BadInput("template_too_long", limit=limit, length=len(text))
        places_in(text)
    return Words(basis=basis, body=body)


class Setting(StrEnum):
    """How a line is set on the paper; the values are those of `adapters.render.PartKind`."""

    TEXT = "text"
    BASIS = "basis"
    HEADING = "heading"
    CENTRE = "centre"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `label` is the bold "Điều 1." of an article."""

    text: str
    setting: Setting = Setting.TEXT
    label: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; every row has as many cells as the head. `widths`: shares of the line, by what stands in them."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


BAR = "|"
_RULE = re.compile(r"^[\s|:—–-]+$")
"""The line of dashes that other programs set under a head: it says nothing here."""
_NARROWEST, _WIDEST = 5, 36
_ARTICLE = re.compile(r"^(Điều \d{1,3}[a-zđ]?\.)\s*(.*)$")
_ROMAN = re.compile(r"^[IVX]{1,5}\.\s+\S")
_ITEM = re.compile(r"^[-–—•*]\s+")


def paragraphs(words: Words) -> tuple[Paragraph | Grid, ...]:
    """Bases first, then the body; empty lines only divide."""
    found: list[Paragraph | Grid] = [Paragraph(line, Setting.BASIS) for line in _lines(words.basis)]
    for barred, lines in groupby(_lines(words.body), key=lambda line: line.startswith(BAR)):
        if barred and (grid := _grid([line for line in lines if not _RULE.match(line)])):
            found.append(grid)
        elif not barred:
            found += [_paragraph(line) for line in lines]
    return tuple(found)


def _grid(lines: list[str]) -> Grid | None:
    """Short rows are filled up, long ones make the head longer: nothing that was written is lost."""
    cut = [[cell.strip() for cell in line.removeprefix(BAR).removesuffix(BAR).split(BAR)] for line in lines]
    if not cut:
        return None
    columns = max(map(len, cut))
    head, *rows = (tuple(row + [""] * (columns - len(row))) for row in cut)
    longest = (max(len(row[place]) for row in (head, *rows)) for place in range(columns))
    return Grid(head, tuple(rows), tuple(float(min(max(one, _NARROWEST), _WIDEST)) for one in longest))


def row_of(*cells: object) -> str:
    """A line of a table: a bar in a cell would be two cells, a line break two lines."""
    return f"{BAR} " + f" {BAR} ".join(" ".join(str(one).replace(BAR, "/").split()) for one in cells) + f" {BAR}"


def _lines(text: str) -> Iterator[str]:
    return (" ".join(line.split()) for line in text.split("\n") if line.strip())


def _paragraph(line: str) -> Paragraph:
    if article := _ARTICLE.match(line):
        return Paragraph(article[2], Setting.ARTICLE, article[1])
    if line.endswith(":") and line.upper() == line and any(letter.isalpha() for letter in line):
        return Paragraph(line, Setting.CENTRE)
    if _ROMAN.match(line):
        return Paragraph(line, Setting.HEADING)
    return Paragraph(_ITEM.sub("- ", line))


def inline(words: str) -> str:
    """A subject in a sentence: "V/v" written out, no full stop, a small first letter unless a name begins it."""
    words = re.sub(r"^(V/v|v/v)\s*:?\s*", "Về việc ", " ".join(words.split())).rstrip(" .;/")
    head, _blank, rest = words.partition(" ")
    small = rest[:1].islower() and head[1:] == head[1:].lower()
    return words[:1].lower() + words[1:] if small else words


def about(subject: str) -> str:
    """The subject of a công văn as it stands under its number: `V/v trả lời Công văn số …` (Annex I, cell 5b)."""
    return f"V/v {inline(subject).removeprefix('về việc ')}"


def listed(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines under *Nơi nhận*: each ends with a semicolon, the last with a full stop (Annex I, cell 9b)."""
    bare = [line.rstrip(" .;,") for line in lines]
    return tuple(f"{line}{'.' if at == len(bare) else ';'}" for at, line in enumerate(bare, 1))
