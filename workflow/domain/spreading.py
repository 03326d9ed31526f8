"""One approved draft, many documents: the table with a row for each of them, and what can be wrong with a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.errors import BadInput
from workflow.domain.text import clean, fold

MOST = 100
"""Documents of one table: they are signed in one act."""
LONGEST_SUBJECT = 500
"""Decree 30/2020, Annex VI."""
LONGEST_CELL = 2_000

HEADINGS = {
    "recipients": ("Nơi nhận", "Người nhận", "Kính gửi"),
    "subject": ("Trích yếu", "Trích yếu nội dung", "Về việc"),
    "file": ("Tệp", "Tên tệp", "File"),
}
"""Columns with a meaning of their own; every other one holds words for a placeholder of its name."""


SIGN_OF_PDF = b"%PDF-"
SIGN_WITHIN = 1024
"""A reader looks for the sign that far into a file."""


class Phase(StrEnum):
    """Of a table's run before its documents are made. `look`: its files are looked at; `ready`: its orderer sees
    the lines and has not said go on."""

    LOOK = "look"
    READY = "ready"


class Fault(StrEnum):
    """What is wrong with a cell."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    FILE_ABSENT = "file_absent"
    FILE_TWICE = "file_twice"
    FILE_BAD = "file_bad"


@dataclass(frozen=True, slots=True)
class Problem:
    """Of one row: in which column, what. `row`: as the spreadsheet counts."""

    row: int
    column: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Row:
    """One document to be. `values`: heading → words, for placeholders."""

    row: int
    recipients: str
    subject: str
    file: str
    values: dict[str, str]


def read(cells: Sequence[Sequence[str]]) -> tuple[list[Row], list[Problem]]:
    """The rows below the headings, the first row of the sheet, and all that is wrong with them.

    Raises `BadInput`: `spread_headings`, `sheet_empty`, `spread_too_many`.
    """
    head = [clean(str(cell)) for cell in cells[0]] if cells else []
    columns = {name: _column(head, words) for name, words in HEADINGS.items()}
    if columns["recipients"] is None or columns["subject"] is None:
        raise BadInput("spread_headings")
    filled = [(number, row) for number, row in enumerate(cells[1:], 2) if any(str(cell).strip() for cell in row)]
    if not filled:
        raise BadInput("sheet_empty")
    if len(filled) > MOST:
        raise BadInput("spread_too_many", limit=MOST)
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, row in filled:
        values = {
            title: _cell(row, place, title, number, problems, lines=place != columns["subject"])
            for place, title in enumerate(head)
            if title
        }
        named = {name: values[head[place]] if place is not None else "" for name, place in columns.items()}
        rows.append(Row(number, named["recipients"], named["subject"], named["file"], values))
        problems += _required(number, head, columns, named)
    return rows, problems


def _column(head: Sequence[str], words: Collection[str]) -> int | None:
    known = {fold(word) for word in words}
    return next((place for place, title in enumerate(head) if fold(title) in known), None)


def _cell(row: Sequence[str], place: int, title: str, number: int, problems: list[Problem], *, lines: bool) -> str:
    """`lines`: a cell may hold several, but a subject is one line wherever its cell was broken."""
    try:
        words = clean(str(row[place]) if place < len(row) else "", multiline=lines)
    except BadInput:
        problems.append(Problem(number, title, Fault.CHARACTERS))
        return ""
    if len(words) > LONGEST_CELL:
        problems.append(Problem(number, title, Fault.TOO_LONG))
    return words


def _required(
    number: int, head: Sequence[str], columns: dict[str, int | None], named: dict[str, str]
) -> list[Problem]:
    found = []
    for name in ("recipients", "subject"):
        title = head[columns[name] or 0]
        if not named[name]:
            found.append(Problem(number, title, Fault.EMPTY))
        elif name == "subject" and len(named[name]) > LONGEST_SUBJECT:
            found.append(Problem(number, title, Fault.TOO_LONG))
    return found


def check_signs(rows: Sequence[Row], files: Mapping[str, bytes]) -> list[Problem]:
    """Rows whose file does not even say that it is a PDF; the others are opened one after the other later."""
    return [
        Problem(row.row, row.file, Fault.FILE_BAD)
        for row in rows
        if row.file in files and SIGN_OF_PDF not in files[row.file][:SIGN_WITHIN]
    ]


def check_sources(rows: Sequence[Row], *, files: Collection[str], placeholders: Sequence[str]) -> list[Problem]:
    """Each row brings a file of its own, by name, or words for every placeholder of the draft."""
    found: list[Problem] = []
    seen: set[str] = set()
    for row in rows:
        if row.file or not placeholders:
            if row.file not in files:
                found.append(Problem(row.row, HEADINGS["file"][0], Fault.FILE_ABSENT))
            elif row.file in seen:
                found.append(Problem(row.row, HEADINGS["file"][0], Fault.FILE_TWICE))
            seen.add(row.file)
            continue
        found += [Problem(row.row, name, Fault.EMPTY) for name in placeholders if not row.values.get(name)]
    return found
