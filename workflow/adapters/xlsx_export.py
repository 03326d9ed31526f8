"""Tables as XLSX: written row by row, days as days, moments by the offices' clock, words as words whatever they
begin with.

Nothing becomes a formula, a link or a number by itself: a cell holds what a person wrote. Memory stays the same for
a hundred lines and for a hundred thousand.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from workflow.domain.calendar import office_time

Cell = str | int | Decimal | dt.date | dt.datetime | None

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = 32_767
"""Characters of one cell that a spreadsheet takes."""

PART: Final = 10_000
"""Rows of one file that is made while somebody waits: about two seconds."""

_PLAIN: Final = {
    "constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False,
    "default_date_format": "dd/mm/yyyy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `widths` in characters, one a column. `above` the head and `below` the table: lines of a form that
    goes to paper, as who reports to whom and who signs."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float] = ()
    above: Sequence[Sequence[Cell]] = ()
    below: Sequence[Sequence[Cell]] = ()


def to_xlsx(sheets: Sequence[Sheet], *, title: str, author: str, made_at: dt.datetime) -> bytes:
    """The workbook. `made_at` goes into the file."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, _PLAIN)
    book.set_properties({"title": title, "author": author, "created": made_at.replace(tzinfo=None)})
    heading = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#ebebeb"}
    )
    words = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    plain = book.add_format({"valign": "top", "num_format": "@"})
    day = book.add_format({"valign": "top", "num_format": "dd/mm/yyyy", "align": "left"})
    moment = book.add_format({"valign": "top", "num_format": "dd/mm/yyyy hh:mm", "align": "left"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        top = len(sheet.above)
        page.repeat_rows(top)
        page.freeze_panes(top + 1, 0)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width)
        for number, row in enumerate(sheet.above):
            _write(page, number, row, plain, (day, moment))
        for column, text in enumerate(sheet.head):
            page.write_string(top, column, text, heading)
        number = top
        for number, row in enumerate(sheet.rows, top + 1):
            _write(page, number, row, words, (day, moment))
        for line, row in enumerate(sheet.below, start=number + 2):
            _write(page, line, row, plain, (day, moment))
    book.close()
    return stream.getvalue()


def _write(page: Worksheet, number: int, row: Sequence[Cell], words: object, times: tuple[object, object]) -> None:
    for column, cell in enumerate(row):
        match cell:
            case None | "":
                pass
            case dt.datetime():
                page.write_datetime(number, column, office_time(cell).replace(tzinfo=None), times[1])
            case dt.date():
                page.write_datetime(number, column, cell, times[0])
            case Decimal():
                page.write_number(number, column, float(cell))
            case int():
                page.write_number(number, column, cell, words)
            case _:
                page.write_string(number, column, cell[:LONGEST], words)
