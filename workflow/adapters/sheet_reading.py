"""The cells of a sheet that somebody uploaded, XLSX or CSV. A task for the jail:

    signing.jail.run("workflow.adapters.sheet_reading:read", data, arguments={"max_rows": 20000})

What opens only with a password, would unpack to very much more than it is, or can do something when it is opened is
refused whole. Cells that a formula computed are named: what they show depends on the program that opened them last.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.parsers import expat

import python_calamine as calamine

from signing.jail import JailResult
from workflow.adapters.csv_export import rearm
from workflow.adapters.inspection import examine
from workflow.adapters.inspection.markup import Declared, events
from workflow.adapters.inspection.zips import BROKEN, Parts
from workflow.domain.errors import BadInput
from workflow.domain.file_warnings import FileKind, FileWarning

MAX_COLUMNS: Final = 100
ABOVE: Final = 30
"""Rows of titles that may stand above the headings, beside the rows that count."""

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DELIMITERS: Final = ";\t,|"
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

MOST_LETTERS: Final = 8_000_000
"""Of all cells together: some 800 for each of 10,000 rows. A small file can say one long word many times."""

Cells = list[list[str]]


def read(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"rows": [[word, …], …], "formulas": [[row, column], …]}`, both counted from 0.

    Refuses with `sheet_kind`, `sheet_encrypted`, `sheet_bomb`, `sheet_active`, `sheet_unreadable`,
    `sheet_encoding`, `sheet_too_long`, `sheet_too_wordy`.
    """
    facts = examine(payload).facts()
    if FileWarning.ENCRYPTED in facts.warnings:
        raise BadInput("sheet_encrypted")
    if FileWarning.ARCHIVE_BOMB in facts.warnings:
        raise BadInput("sheet_bomb")
    if FileWarning.UNREADABLE in facts.warnings and payload.startswith(b"PK"):
        raise BadInput("sheet_unreadable")
    limit = int(arguments["max_rows"]) + ABOVE
    formulas: list[tuple[int, int]] = []
    if facts.media_type == _XLSX:
        if facts.active:
            raise BadInput("sheet_active")
        rows, formulas = _workbook(payload, limit)
    elif facts.kind in {FileKind.TEXT, FileKind.UNKNOWN, None}:
        rows = _letters(payload)
    else:
        raise BadInput("sheet_kind")
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if len(rows) > limit:
        raise BadInput("sheet_too_long", limit=limit - ABOVE)
    if sum(len(cell) for row in rows for cell in row) > MOST_LETTERS:
        raise BadInput("sheet_too_wordy", limit=MOST_LETTERS // 1_000_000)
    return JailResult({"rows": rows, "formulas": [place for place in formulas if place[0] < len(rows)]})


def _workbook(payload: bytes, limit: int) -> tuple[Cells, list[tuple[int, int]]]:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(payload))
        visible = [
            one.name
            for one in book.sheets_metadata
            if one.visible == calamine.SheetVisibleEnum.Visible and one.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        if not visible:
            raise BadInput("sheet_unreadable")
        found = book.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False, nrows=limit + 1)
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            formulas = _formulas(Parts(archive), visible[0])
    except calamine.PasswordError as error:
        raise BadInput("sheet_encrypted") from error
    except (calamine.CalamineError, expat.ExpatError, Declared, *BROKEN) as error:
        raise BadInput("sheet_unreadable") from error
    return [[word_of(cell) for cell in row[:MAX_COLUMNS]] for row in found], formulas


def word_of(cell: object) -> str:
    """A cell as it is read: whole numbers without a point, days as ISO 8601."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.date() | dt.datetime():
            return cell.isoformat(" ", "seconds") if isinstance(cell, dt.datetime) else cell.isoformat()
        case _:
            return str(cell)


def _formulas(parts: Parts, sheet: str) -> list[tuple[int, int]]:
    """(row, column) of every cell with a formula, from the sheet's own part: the reader gives values only."""
    found: list[tuple[int, int]] = []
    place = ""

    def begin(element: str, attributes: dict[str, str]) -> None:
        nonlocal place
        if element == "c":
            place = attributes.get("r", "")
        elif element == "f" and place:
            found.append(_place(place))

    data = parts.read(name) if (name := _part_of(parts, sheet)) else b""
    if b"<f" in data or b":f" in data:  # looked at cell by cell only then
        events(data, begin)
    return found


def _part_of(parts: Parts, sheet: str) -> str:
    """The part that holds a sheet, by the workbook's own relations."""
    keys: dict[str, str] = {}
    targets: dict[str, str] = {}

    def in_book(element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            keys[attributes.get("name", "")] = attributes.get("id", "")

    def in_relations(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    events(parts.read("xl/workbook.xml"), in_book)
    events(parts.read("xl/_rels/workbook.xml.rels"), in_relations)
    target = targets.get(keys.get(sheet, ""), "")
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return name if name in parts.names else ""


def _place(reference: str) -> tuple[int, int]:
    """`C5` → (4, 2)."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :] or 1) - 1, column - 1


def _letters(payload: bytes) -> Cells:
    text = _decoded(payload)
    if "\0" in text:
        raise BadInput("sheet_kind")
    csv.field_size_limit(1_000_000)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        return [[rearm(cell) for cell in row[:MAX_COLUMNS]] for row in rows]
    except csv.Error as error:
        raise BadInput("sheet_unreadable") from error


def _decoded(payload: bytes) -> str:
    """By its byte order mark, else UTF-8; what an older Windows wrote has lost its letters and is refused."""
    name = next((name for mark, name in _BOMS if payload.startswith(mark)), "utf-8")
    try:
        return payload.decode(name)
    except UnicodeDecodeError as error:
        raise BadInput("sheet_encoding") from error


def _delimiter(text: str) -> str:
    """What stands most often in the first lines outside of quotes."""
    lines: Sequence[str] = text.splitlines()[:ABOVE]
    count = {one: sum(_bare(line).count(one) for line in lines) for one in _DELIMITERS}
    return max(_DELIMITERS, key=lambda one: count[one])


def _bare(line: str) -> str:
    """A line without what is quoted."""
    return "".join(part for place, part in enumerate(line.split('"')) if place % 2 == 0)
