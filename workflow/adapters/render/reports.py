"""Tables as PDF: what a unit has unsigned or overdue, registers, journals. Every word comes from the caller."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum

from workflow.adapters.render.typesetting import typeset
from workflow.domain.errors import BadInput


class Side(StrEnum):
    """How a column is set."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


@dataclass(frozen=True, slots=True)
class Column:
    """Heading, share of the width, and side."""

    heading: str
    width: float = 1
    side: Side = Side.LEFT


@dataclass(frozen=True, slots=True)
class Section:
    """One table under a heading; `empty` is said in place of a table without rows."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """A whole report. `subtitles`: period, as-of moment, totals. `wide` turns the page."""

    unit: str
    title: str
    sections: tuple[Section, ...]
    subtitles: tuple[str, ...] = ()
    footer: str = ""
    wide: bool = False


def render_report(report: TableReport, *, made_at: dt.datetime) -> bytes:
    """The report as a tagged A4 PDF; headings repeat on every page."""
    data = asdict(report)
    data["sections"] = [section_data(section) for section in report.sections]
    return typeset("report", data, made_at=made_at, tagged=True)


def section_data(section: Section) -> dict[str, object]:
    """What a template reads of a section; a row of another width is refused."""
    wrong = next((row for row in section.rows if len(row) != len(section.columns)), None)
    if wrong is not None:
        raise BadInput("row_width", columns=len(section.columns), row=len(wrong))
    return {
        "heading": section.heading,
        "empty": section.empty,
        "head": [column.heading for column in section.columns],
        "widths": [column.width for column in section.columns],
        "sides": [column.side for column in section.columns],
        "rows": section.rows,
    }
