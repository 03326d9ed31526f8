"""The ĐẾN stamp (Decree 30/2020, Annex IV): 35 × 50 mm, alone on its page or many on a sheet of labels.

It is printed for the paper; nothing of it goes into a received file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from workflow.adapters.render.typesetting import typeset
from workflow.domain.errors import BadInput

WIDTH: Final = 50.0
HEIGHT: Final = 35.0
"""Millimetres."""
COLUMNS: Final = 3
ROWS: Final = 7
ON_A_SHEET: Final = COLUMNS * ROWS
"""Places on an A4 sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalStamp:
    """What stands in one stamp; an empty line is dotted, to be written by hand."""

    agency: str
    number: str
    day: str
    passed_to: str = ""
    dossier: str = ""
    """Số và ký hiệu hồ sơ."""


def render_arrival_stamp(stamp: ArrivalStamp, *, made_at: dt.datetime) -> bytes:
    """One stamp on a page of its own size, for a label printer."""
    return typeset("arrival", {"sheet": False, "skip": 0, "stamps": [asdict(stamp)], **_SIZE}, made_at=made_at)


def render_stamp_sheet(stamps: Sequence[ArrivalStamp], *, made_at: dt.datetime, skip: int = 0) -> bytes:
    """A4 sheets of stamps. `skip`: used places of the first sheet. Raises `BadInput("stamp_places")`."""
    if not 0 <= skip < ON_A_SHEET:
        raise BadInput("stamp_places", limit=ON_A_SHEET - 1)
    data = {"sheet": True, "skip": skip, "stamps": [asdict(stamp) for stamp in stamps], **_SIZE}
    return typeset("arrival", data, made_at=made_at)


_SIZE: Final = {"stamp_width": WIDTH, "stamp_height": HEIGHT, "columns": COLUMNS, "rows": ROWS}
