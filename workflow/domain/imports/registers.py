"""Rows of a register of another system, or of a book of paper that was typed in (Decree 30/2020, Annex IV)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.document_types import BY_ABBREVIATION
from workflow.domain.errors import BadInput
from workflow.domain.imports.headings import Kind
from workflow.domain.imports.problems import Fault
from workflow.domain.imports.reading import Row, keys_by_words
from workflow.domain.numbering import Form, Symbol, normalise, parse
from workflow.domain.text import fold

STATUSES = keys_by_words({
    "used": ("đã dùng", "sử dụng", "đã sử dụng", "đã cấp", "đã phát hành", "bình thường"),
    "held": ("đang giữ", "giữ số", "giữ"),
    "cancelled": ("đã hủy", "hủy", "hủy số", "số hủy", "đã huỷ", "huỷ"),
})  # fmt: skip
ORDINARY = frozenset({"thuong", "khong", "binh thuong", "khong mat"})
_NUMBER = re.compile(r"^0*(\d{1,6})([a-zđ]?)$")
LARGEST = 99_999
"""The greatest number of a line that is brought in: the next ones must still fit the exchange format."""
FARTHEST = 50
"""How far a number of the running year may lie above the one before it. Gaps are shorter, slips are longer."""


@dataclass(frozen=True, slots=True)
class Book:
    """What rows are compared with. `types`: names of document types by their folded name and abbreviation."""

    year: int
    today: dt.date
    types: Mapping[str, str]

    @classmethod
    def of(cls, year: int, today: dt.date, types: Iterable[tuple[str, str]]) -> Book:
        """`types`: (abbreviation, name)."""
        known: dict[str, str] = {}
        for abbreviation, name in types:
            known[fold(name)] = name
            if abbreviation:
                known[abbreviation] = name
        return cls(year, today, known)


def read_outgoing(row: Row, book: Book) -> dict[str, Any]:
    """A line of the register of outgoing documents."""
    status, reason = _status(row, book)
    used = status == "used"
    symbol, number, suffix = _numbered(row, book, used=used)
    document_date = row.day("date", required=used)
    _within(row, "date", document_date, book)
    kind, subject = _type_and_subject(row, book, symbol, required=used)
    moved = row.day("moved")
    if moved and document_date and row.fine("date") and moved < document_date:
        row.wrong("moved", Fault.DATE_ORDER, before=f"{document_date:%d/%m/%Y}")
    _not_future(row, "moved", moved, book)
    _ordinary(row)
    return {
        "number": number, "suffix": suffix, "status": status, "reason": reason,
        "symbol": str(symbol) if symbol else "", "document_date": _iso(document_date), "type_name": kind,
        "subject": subject, "signer": row.text("signer", required=used), "parties": row.text("parties"),
        "keeper": row.text("keeper"), "copies": _copies(row), "moved_on": _iso(moved),
        "receipt": row.text("receipt"), "remarks": row.text("remarks"),
    }  # fmt: skip


def read_incoming(row: Row, book: Book) -> dict[str, Any]:
    """A line of the register of arrivals, with what the follow-up register says of it."""
    status, reason = _status(row, book)
    used = status == "used"
    number, suffix = _plain_number(row, required=True)
    arrived = row.day("arrived", required=used)
    _within(row, "arrived", arrived, book)
    document_date = row.day("date")
    if document_date and arrived and document_date > arrived:
        row.wrong("date", Fault.DATE_ORDER, before=f"{arrived:%d/%m/%Y}")
    kind, subject = _type_and_subject(row, book, None, required=used, known=False)
    moved = row.day("moved")
    if moved and arrived and moved < arrived:
        row.wrong("moved", Fault.DATE_ORDER, before=f"{arrived:%d/%m/%Y}")
    _ordinary(row)
    return {
        "number": number, "suffix": suffix, "status": status, "reason": reason,
        "symbol": row.text("symbol"), "document_date": _iso(document_date), "type_name": kind,
        "subject": subject, "issuer": row.text("issuer", required=used), "parties": row.text("parties"),
        "arrived_on": _iso(arrived), "moved_on": _iso(moved), "receipt": row.text("receipt"),
        "remarks": row.text("remarks"), "time_limit": row.text("time_limit"), "progress": row.text("progress"),
        "answers": row.text("answers"), "follow_up_remarks": row.text("follow_up_remarks"),
    }  # fmt: skip


READERS = {Kind.OUTGOING: read_outgoing, Kind.INCOMING: read_incoming}


def gaps(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Spans of numbers that are missing between 1 and the greatest."""
    found, expected = [], 1
    for number in sorted(set(numbers)):
        if number > expected:
            found.append((expected, number - 1))
        expected = number + 1
    return found


def jumps(numbers: Iterable[tuple[int, str]], last: int) -> dict[tuple[int, str], int]:
    """(number, suffix) of those too far above all before them → the number before. `last`: where the series stands.

    A number with a suffix was squeezed in between others: none goes on from it.
    """
    found: dict[tuple[int, str], int] = {}
    for number, suffix in sorted(set(numbers)):
        if number > last + FARTHEST:
            found[number, suffix] = last
        elif not suffix:
            last = max(last, number)
    return found


def _status(row: Row, book: Book) -> tuple[str, str]:
    status = row.choice("status", STATUSES, Fault.STATUS_UNKNOWN) or "used"
    reason = row.text("reason")
    if status != "used" and not reason:
        row.wrong("reason", Fault.REASON_MISSING)
    elif status == "held" and book.year < book.today.year:
        row.wrong("status", Fault.HELD_PAST, year=book.year)
    return status, reason if status != "used" else ""


def _numbered(row: Row, book: Book, *, used: bool) -> tuple[Symbol | None, int, str]:
    """(symbol, number, suffix): from the symbol; a held or cancelled number may stand alone."""
    words = row.text("symbol")
    alone = _NUMBER.match(normalise(words)) if words else None
    if words and alone is None:
        try:
            symbol = parse(words)
        except BadInput:
            row.wrong("symbol", Fault.SYMBOL_UNREADABLE, text=words)
            return None, 0, ""
        _compare(row, book, symbol)
        return symbol, symbol.number, symbol.suffix
    if used and (alone or not words):
        row.wrong("symbol", Fault.SYMBOL_UNREADABLE if words else Fault.MISSING, text=words)
    if alone:
        return None, _in_range(row, "symbol", int(alone[1])), alone[2]
    number, suffix = _plain_number(row, required=not used)
    return None, number, suffix


def _compare(row: Row, book: Book, symbol: Symbol) -> None:
    _in_range(row, "symbol", symbol.number)
    if symbol.form is Form.NORMATIVE and symbol.year != book.year:
        row.wrong("symbol", Fault.SYMBOL_OTHER_YEAR, year=book.year)
    number, suffix = _plain_number(row, required=False)
    if number and (number, suffix) != (symbol.number, symbol.suffix):
        row.wrong("number", Fault.NUMBER_DIFFERS, symbol=str(symbol), text=row.text("number"))


def _plain_number(row: Row, *, required: bool) -> tuple[int, str]:
    words = row.text("number", required=required)
    found = _NUMBER.match(words.lower())
    if words and found is None:
        row.wrong("number", Fault.NUMBER_UNREADABLE, text=words)
    return (_in_range(row, "number", int(found[1])), found[2]) if found else (0, "")


def _in_range(row: Row, name: str, number: int) -> int:
    if number == 0:
        row.wrong(name, Fault.NUMBER_ZERO)
    elif number > LARGEST:
        row.wrong(name, Fault.NUMBER_TOO_LARGE, text=str(number), limit=LARGEST)
    return number


def _within(row: Row, name: str, day: dt.date | None, book: Book) -> None:
    if day is not None and day.year != book.year:
        row.wrong(name, Fault.DATE_OTHER_YEAR, text=f"{day:%d/%m/%Y}", year=book.year)
    _not_future(row, name, day, book)


def _not_future(row: Row, name: str, day: dt.date | None, book: Book) -> None:
    if day is not None and day > book.today:
        row.wrong(name, Fault.DATE_FUTURE, text=f"{day:%d/%m/%Y}")


def _type_and_subject(
    row: Row, book: Book, symbol: Symbol | None, *, required: bool, known: bool = True
) -> tuple[str, str]:
    """The type's name and the subject, from their columns, from one column of both, or from the symbol.

    `known`: only types of ours; what arrives may be of any.
    """
    both = row.text("type_subject")
    field = "type_subject" if "type_subject" in row.cells else "subject"
    told, subject = row.text("type"), row.text("subject")
    kind = book.types.get(told, "") or book.types.get(fold(told), "")
    if told and not kind and known:
        row.wrong("type", Fault.TYPE_UNKNOWN, text=told)
    if both and not subject:
        split, subject = _split(both, book)
        kind = kind or split
    by_symbol = _type_of(symbol)
    if kind and by_symbol and told and fold(by_symbol) != fold(kind):
        row.wrong("type", Fault.TYPE_DIFFERS, text=told, symbol=str(symbol))
    if required and not subject:
        row.wrong(field, Fault.MISSING)
    return kind or by_symbol or told, subject


def _split(words: str, book: Book) -> tuple[str, str]:
    """`Quyết định: Về việc …` → type and subject; the type is empty where the words begin with none."""
    before, colon, after = words.partition(":")
    if colon and (kind := book.types.get(before.strip()) or book.types.get(fold(before.strip()))):
        return kind, after.strip()
    return "", words


def _type_of(symbol: Symbol | None) -> str:
    kind = BY_ABBREVIATION.get(symbol.abbreviation) if symbol else None
    return kind.name_vi if kind else ""


def _copies(row: Row) -> str:
    words = row.text("copies")
    if words and not words.isdecimal() and fold(words) not in {"dien tu", "ban dien tu"}:
        row.wrong("copies", Fault.COPIES_UNREADABLE, text=words)
    return words


def _ordinary(row: Row) -> None:
    """Secret content has no place here, and a sheet that says what is secret is refused in these rows."""
    words = row.text("secrecy")
    if words and fold(words) not in ORDINARY:
        row.wrong("secrecy", Fault.SECRET, text=words)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
