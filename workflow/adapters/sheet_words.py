"""The words of a spreadsheet that somebody else wrote, for search. A task for the jail:

    signing.jail.run("workflow.adapters.sheet_words:text", data, arguments={"most": 50000})

Of the sheets that are shown only; what a formula came to is read as it was saved, nothing is calculated.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

import python_calamine as calamine

from signing.jail import JailResult
from workflow.adapters.inspection import examine
from workflow.adapters.sheet_reading import word_of
from workflow.domain.attachments import SHEETS
from workflow.domain.errors import BadInput
from workflow.domain.file_warnings import FileWarning

MOST_ROWS: Final = 5_000
"""Of one sheet; a list of that many rows fills what search keeps of a file long before."""
_REFUSED: Final = frozenset({FileWarning.ENCRYPTED, FileWarning.ARCHIVE_BOMB, FileWarning.UNREADABLE})


def text(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`{"texts": [of sheet 1, …]}`: the sheet's name, then its rows, a line each. Refuses with `sheet_kind` and
    `sheet_unreadable`."""
    facts = examine(payload).facts()
    if _REFUSED & set(facts.warnings):
        raise BadInput("sheet_unreadable")
    if facts.media_type not in SHEETS:
        raise BadInput("sheet_kind")
    texts, left = [], int(arguments["most"])
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(payload))
        for one in book.sheets_metadata:
            if left <= 0:
                break
            if one.visible == calamine.SheetVisibleEnum.Visible and one.typ == calamine.SheetTypeEnum.WorkSheet:
                said = "\n".join(_lines(one.name, book, left))[:left]
                texts.append(said)
                left -= len(said)
    except calamine.CalamineError as error:
        raise BadInput("sheet_unreadable") from error
    return JailResult({"texts": texts})


def _lines(name: str, book: calamine.CalamineWorkbook, most: int) -> Iterator[str]:
    """Until there are enough letters; what lies before the first filled cell is left out."""
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True, nrows=MOST_ROWS)
    yield name if rows else ""
    for row in rows:
        line = " ".join(word for cell in row if (word := word_of(cell).strip()))
        most -= len(line)
        if line:
            yield line
        if most <= 0:
            return
