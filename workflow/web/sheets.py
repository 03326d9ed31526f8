"""Tables people take away, as an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from werkzeug.wrappers import Response

from workflow.adapters.csv_export import CONTENT_TYPE, Cell, rows_to_csv


def csv_answer(filename: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A download of rows; `filename` is plain letters."""
    answer = Response(b"".join(rows_to_csv(head, rows)), content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
