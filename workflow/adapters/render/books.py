"""A yearly register as PDF/A-2b, volume by volume, as Annex IV of Decree 30/2020 lays it out: cover, legal columns,
and in the last volume what the year adds up to.

Typesetting a thousand lines takes one to two seconds and some hundred megabytes that typst's cache would keep, so
it is done in a short-lived child: a task for the jail. Every word comes from the caller.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from signing.jail import JailResult, Limits, run
from workflow.adapters.assets import font_paths
from workflow.adapters.render.typesetting import typeset
from workflow.domain.errors import BadInput

VOLUME: Final = 1000
"""Lines of one volume: about eighty pages, what is bound together."""

TASK: Final = "workflow.adapters.render.books:typeset_volume"
LIMITS: Final = Limits(cpu=60.0, memory=4096 * 1024 * 1024, processes=64)
"""typst works with threads; measured are 2 s and 250 MB for a thousand lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One volume. `facts`: the lines of the cover; `totals`: (words, number) of the last page; `reasons`: lines
    about numbers held and cancelled there; both empty in all volumes but the last.
    """

    superior: str
    agency: str
    title: str
    register: str
    year: int
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    earlier: str = ""
    """On the cover: where the numbers are that this register does not hold."""
    page_word: str
    closing: str
    totals: tuple[tuple[str, str], ...] = ()
    reasons_title: str = ""
    reasons: tuple[str, ...] = ()
    place: str
    signer: str
    signature_hint: str


def render_volume(volume: Volume, *, made_at: dt.datetime) -> bytes:
    """The volume as PDF/A-2b; `made_at` goes into the file."""
    if wrong := next((row for row in volume.rows if len(row) != len(volume.columns)), None):
        raise BadInput("row_width", columns=len(volume.columns), row=len(wrong))
    payload = orjson.dumps({**asdict(volume), "year": str(volume.year)})
    readable = tuple(sorted({str(path.parent) for path in font_paths()}))
    limits = Limits(cpu=LIMITS.cpu, memory=LIMITS.memory, processes=LIMITS.processes, readable=readable)
    return run(TASK, payload, arguments={"made_at": made_at.isoformat()}, limits=limits).blobs[0]


def typeset_volume(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """The task: JSON of a `Volume` in, one PDF out."""
    made_at = dt.datetime.fromisoformat(arguments["made_at"])
    return JailResult(None, (typeset("book", orjson.loads(payload), made_at=made_at, archival=True),))
