"""Files that go with an outgoing document and are no part of its own file (văn bản kèm theo không cùng tệp tin).

The signer's signature covers the document's file only. So what was attached is told by one digest, which is kept at
the signature, and each PDF gets the organisation's seal of its own: at the top right of its first page, without the
picture of the seal, number and symbol and the moment of signing (Decree 30/2020, Appendix I, part on the digital
signature of the organisation).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, TypeAlias

MOST: Final = 20
"""Of one document: a page of them can still be read, and they are sealed one by one while somebody waits."""
MOST_EVER: Final = 5 * MOST
"""With those that were taken off again: their files are kept as long as the document."""
HEAVIEST: Final = 200 * 1024 * 1024
"""Bytes of all of them: what one ZIP of documents may weigh too."""
NAME_LENGTH: Final = 200

WIDTH: Final = 215.0
"""Points: `Thời gian ký: 2026-11-22T16:59:49+07:00` in 10 pt takes 195; a longer symbol is set smaller."""
TALL: Final = 28.0
LOW: Final = 14.0
"""Points of two lines in 10 pt, and the least that they are pressed into."""
SIDE: Final = 17.0
"""Points from the edges of the page: 6 mm, which printers reach."""
EDGE: Final = 6.0

_MOMENT = re.compile(r"Thờigianký:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d)$")

Box: TypeAlias = tuple[float, float, float, float]

FIELD: Final = "attachment"
"""The field of the seal in the attachment's own file."""


class Kind(StrEnum):
    """What becomes of it. A Word file is a PDF by the time that it is kept."""

    PDF = "pdf"
    """Sealed."""
    SHEET = "sheet"
    """A spreadsheet: it goes along as it came and bears no seal, so that its tables stay tables."""


SEALED: Final = frozenset({Kind.PDF})

SHEETS: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
"""Media type → ending of the spreadsheets that go along as they are."""


@dataclass(frozen=True, slots=True)
class Attached:
    """One attachment as people saw it."""

    name: str
    sha256: str


def digest(attached: Iterable[Attached]) -> str:
    """One SHA-256 of all attachments in their order, with their names; empty where there is none."""
    listed = [[one.name, one.sha256] for one in attached]
    if not listed:
        return ""
    return hashlib.sha256(json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def text_key(file_sha256: str, attached: str) -> str:
    """What somebody read: the document's file and, where there is any, the digest of what was attached to it."""
    return f"{file_sha256}+{attached}" if attached else file_sha256


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the attachments between two moments, by their names. `ordered`: their order changed too."""

    added: tuple[str, ...] = ()
    taken_off: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    ordered: bool = False


def net(told: Iterable[Mapping[str, Any]]) -> Changes:
    """What several changes come to, oldest first, as the journal tells them: what was added and taken off again in
    between is not told, of several new names the last."""
    added: dict[int, str] = {}
    gone: dict[int, str] = {}
    renamed: dict[int, tuple[str, str]] = {}
    ordered = False
    for one in told:
        if came := one.get("added"):
            added[came["attachment"]] = came["name"]
        elif left := one.get("taken_off"):
            key = left["attachment"]
            if added.pop(key, None) is None:
                gone[key] = renamed.pop(key, (left["name"], ""))[0]
        elif names := one.get("renamed"):
            key, (before, after) = one["attachment"], names
            if key in added:
                added[key] = after
            else:
                renamed[key] = (renamed.get(key, (before, ""))[0], after)
        else:
            ordered = ordered or "order" in one
    other = tuple((before, after) for before, after in renamed.values() if before != after)
    return Changes(tuple(added.values()), tuple(gone.values()), other, ordered)


def seal_words(symbol: str, time: str) -> tuple[str, str]:
    """The two lines that the seal of an attachment shows. `time`: `2026-11-22T16:59:49+07:00`."""
    return f"Số, ký hiệu: {symbol}", f"Thời gian ký: {time}"


def seal_beginning(symbol: str) -> str:
    """How a seal's words begin, as they are read from its box: NFC, no white space."""
    return "".join(unicodedata.normalize("NFC", "".join(seal_words(symbol, ""))).split())


def seal_moment(shown: str) -> dt.datetime | None:
    """The moment that a seal's words name, from what its box reads (no white space); None where it names none."""
    found = _MOMENT.search(shown)
    try:
        return dt.datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def seal_box(width: float, height: float, text: Iterable[Box]) -> Box:
    """Where the seal's words go on a first page of this size: its top right corner, in the margin above the text
    where there is room, else at the very edge. Points from the lower left corner; `text`: boxes of its words.
    """
    left, right = max(SIDE, width - SIDE - WIDTH), width - SIDE
    in_the_way = [box[3] for box in text if box[2] > left and box[0] < right and box[3] > height - SIDE - TALL]
    if not in_the_way:
        return left, height - SIDE - TALL, right, height - SIDE
    top = height - EDGE
    bottom = min(max(*in_the_way, top - TALL), top - LOW)
    return left, bottom, right, top


def ending(kind: Kind, media_type: str) -> str:
    """Of the file's name, without the dot."""
    return "pdf" if kind is Kind.PDF else SHEETS.get(media_type, "bin")


class Filed(Protocol):
    """What an attachment's file is named after."""

    place: int
    name: str
    kind: str
    media_type: str


UNFIT: Final = re.compile(r"[^\w.()-]+")
"""In a file's name on any system; letters of every language stay."""


def file_name(stem: str, row: Filed) -> str:
    """`15-QĐ-UBND.kèm 1 Danh sách.xlsx`: the one name of its file wherever it goes, beside its document. `stem`:
    the document's number and symbol, or its code."""
    words = UNFIT.sub(" ", row.name)[:100].strip()
    return f"{stem.replace('/', '-')}.kèm {row.place} {words}.{ending(Kind(row.kind), row.media_type)}"


def name_of(filename: str) -> str:
    """A first name for it: the file's name without folders and ending."""
    base = filename.replace("\\", "/").rpartition("/")[2]
    stem, dot, last = base.rpartition(".")
    return (stem if dot and stem and len(last) <= 5 else base)[:NAME_LENGTH]
