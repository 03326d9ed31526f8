"""Tables people take away, as an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from flask import request
from werkzeug.wrappers import Response

from workflow.adapters import xlsx_export
from workflow.adapters.csv_export import CONTENT_TYPE, Cell, rows_to_csv
from workflow.adapters.xlsx_export import Sheet
from workflow.web.context import current
from workflow.web.format import number
from workflow.web.i18n import _, ngettext

LONGEST_NAME = 31
"""Letters that a spreadsheet takes for the name of a sheet."""


def left_out(found: Sequence[object], most: int) -> list[tuple[str]]:
    """The last line of an export that could not hold everything `found`; no line where it does."""
    return cut_at(most) if len(found) > most else []


def cut_at(most: int) -> list[tuple[str]]:
    """That line."""
    return [(_("Only the first %(n)s rows stand here. Narrow the list to take the others away.", n=number(most)),)]


def secrets_left_out(number_of_them: int) -> list[tuple[str]]:
    """The line that says how many lines about secret papers an inspection was not shown; none where none are."""
    return [(secrets_words(number_of_them),)] if number_of_them else []


def secrets_words(number_of_them: int) -> str:
    """That in words."""
    return ngettext(
        "%(n)s line about a secret document is left out here: an inspection opens none. The numbers count it.",
        "%(n)s lines about secret documents are left out here: an inspection opens none. The numbers count them.",
        number_of_them,
        n=number(number_of_them),
    )


def csv_answer(filename: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A download of rows; `filename` is plain letters."""
    answer = Response(b"".join(rows_to_csv(head, rows)), content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def xlsx_answer(filename: str, sheet: Sheet) -> Response:
    """The same as a workbook of one sheet."""
    answer = Response(workbook([sheet], title=sheet.name), content_type=xlsx_export.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


XLSX = ".xlsx"
WIDTH, WIDEST = 18.0, 60.0


def table_answer(
    name: str, title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], *, wide: Collection[int] = ()
) -> Response:
    """The one table of an address: a workbook where it ends in `.xlsx`, else CSV. `wide`: columns of sentences."""
    if not request.path.endswith(XLSX):
        return csv_answer(f"{name}.csv", head, rows)
    widths = [WIDEST if place in wide else max(WIDTH, len(words) + 2.0) for place, words in enumerate(head)]
    return xlsx_answer(f"{name}{XLSX}", Sheet(title[:LONGEST_NAME], head, rows, widths))


def workbook(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """Sheets as one file, in the reader's name."""
    here = current()
    return here.uow.compute(
        xlsx_export.to_xlsx, sheets, title=title, author=here.person.full_name, made_at=here.now
    )
