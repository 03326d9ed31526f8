"""Tables people take away, as an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from werkzeug.wrappers import Response

from workflow.adapters import xlsx_export
from workflow.adapters.csv_export import CONTENT_TYPE, Cell, rows_to_csv
from workflow.adapters.xlsx_export import Sheet
from workflow.web.context import current
from workflow.web.format import number
from workflow.web.i18n import _


def left_out(found: Sequence[object], most: int) -> list[tuple[str]]:
    """The last line of an export that could not hold everything `found`; no line where it does."""
    if len(found) <= most:
        return []
    return [(_("Only the first %(n)s rows stand here. Narrow the list to take the others away.", n=number(most)),)]


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


def workbook(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """Sheets as one file, in the reader's name."""
    here = current()
    return here.uow.compute(
        xlsx_export.to_xlsx, sheets, title=title, author=here.person.full_name, made_at=here.now
    )
