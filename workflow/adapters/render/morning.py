"""The morning report of a unit as PDF/A-2b: head matter, figures, tables, lists, proof. Every word is the caller's.

A long list takes seconds and memory that typst's cache would keep, so it is set in a short-lived child, as the
registers are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from signing.jail import JailResult, Limits, run
from workflow.adapters.assets import font_paths
from workflow.adapters.render.books import LIMITS
from workflow.adapters.render.reports import Section, section_data
from workflow.adapters.render.typesetting import typeset

TASK: Final = "workflow.adapters.render.morning:typeset_morning"


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of a chart: whose it is, how much, and the share of each part, in the order of the legend."""

    label: str
    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningPaper:
    """One report. `figures`: (words, number); `legend`: the parts of the bars; `proof`: lines at the end."""

    language: str
    superior: str
    agency: str
    unit: str
    day_line: str
    title: str
    subtitles: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    chart: str = ""
    legend: tuple[str, ...] = ()
    bars: tuple[Stack, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    page_word: str = ""


def render_morning(paper: MorningPaper, *, made_at: dt.datetime) -> bytes:
    """The report as PDF/A-2b; the same paper and moment give the same bytes."""
    data = asdict(paper)
    data["sections"] = [section_data(section) for section in paper.sections]
    readable = tuple(sorted({str(path.parent) for path in font_paths()}))
    limits = Limits(cpu=LIMITS.cpu, memory=LIMITS.memory, processes=LIMITS.processes, readable=readable)
    given = {"made_at": made_at.isoformat()}
    return run(TASK, orjson.dumps(data), arguments=given, limits=limits).blobs[0]


def typeset_morning(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """The task: JSON of a `MorningPaper` in, one PDF out."""
    made_at = dt.datetime.fromisoformat(arguments["made_at"])
    return JailResult(None, (typeset("morning", orjson.loads(payload), made_at=made_at, archival=True),))
