"""Tables as CSV that a spreadsheet in Vietnam opens by double click, and that runs nothing.

UTF-8 with a byte order mark, semicolons, CRLF: under Vietnamese regional settings the comma is the decimal
sign, so Excel takes the semicolon as separator; LibreOffice asks and offers it. Decimals are written with a
comma, dates as 2026-11-23 (read as dates under every setting), moments in the offices' zone.

A cell that starts like a formula gets an apostrophe in front (CWE-1236). So does what follows a comma or a
semicolon inside a cell, because a spreadsheet with other settings splits there; tabs and line ends become
blanks.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from workflow.domain.calendar import office_time

Cell = str | int | Decimal | dt.date | dt.datetime | None

BOM: Final = "\ufeff"
DELIMITER: Final = ";"
CONTENT_TYPE: Final = "text/csv; charset=utf-8"

_STARTS = "=+@\\-\uff1d\uff0b\uff20\uff0d\u2212"
_BREAKS = re.compile(r"[\t\r\n\v\f]+")
_AT_START = re.compile(rf"^(?=[\s\"']*[{_STARTS}])")
_INSIDE = re.compile(rf"([,;|])(?=[ \"]*[=@\uff1d\uff20]|\"*[{_STARTS}])")
_DISARMED_START = re.compile(rf"^'(?=[\s\"']*[{_STARTS}])")
_DISARMED_INSIDE = re.compile(rf"([,;|])'(?=[ \"]*[=@\uff1d\uff20]|\"*[{_STARTS}])")


def rows_to_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file line by line, so that a long register is never held whole."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=DELIMITER, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    stream.write(BOM)
    for row in _with_head(head, rows):
        writer.writerow([cell_text(cell) for cell in row])
        yield stream.getvalue().encode()
        stream.seek(0)
        stream.truncate()


def to_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The whole file."""
    return b"".join(rows_to_csv(head, rows))


def cell_text(cell: Cell) -> str:
    """One cell as it is written. Only words are disarmed: a negative number stays a number."""
    match cell:
        case None:
            return ""
        case str():
            return disarm(cell)
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case dt.datetime():
            return office_time(cell).strftime("%Y-%m-%d %H:%M:%S")
        case dt.date():
            return cell.isoformat()
        case _:
            return str(int(cell))


def disarm(text: str) -> str:
    """Words on one line that no spreadsheet takes for a formula."""
    return _AT_START.sub("'", _INSIDE.sub(r"\1'", _BREAKS.sub(" ", text)))


def rearm(text: str) -> str:
    """Words of a CSV as they were before `disarm`: what we write can be read in again and stays the same.

    Only an apostrophe that stands where `disarm` sets one is taken off, so `'Tis` keeps its own.
    """
    return _DISARMED_START.sub("", _DISARMED_INSIDE.sub(r"\1", text))


def _with_head(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield head
    yield from rows
