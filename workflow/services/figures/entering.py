"""Figures that people enter: what an indicator means, one figure of a unit and period with its source, corrections.

An entered figure is a fact of the month in which its period ends: frozen with it, and adjusted where it is
corrected after that. Nothing is overwritten.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.entered import MOST_DECIMALS, MOST_PARTS, Shape, as_fact, host_of, read
from workflow.domain.errors import BadInput, Conflict, NotPermitted, WorkflowError
from workflow.domain.indicators import Better
from workflow.domain.people import Actor
from workflow.domain.periods import parse
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import entered as store
from workflow.store import office
from workflow.store.models import EnteredFigure, EnteredIndicator
from workflow.store.session import UnitOfWork

FACT = 30
"""Characters that a fact's value has."""
MOST_ROWS = 500
"""Of one sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """An indicator as it is defined, in both languages."""

    name: str
    about: str
    shape: Shape
    name_en: str = ""
    about_en: str = ""
    parts: tuple[str, ...] = ()
    better: Better = Better.HIGHER
    decimals: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A figure as somebody enters it; `source`: the paper or system, `link`: where it is."""

    indicator_id: int
    unit_id: int
    period: str
    figure: str
    source: str
    link: str = ""


def _own(actor: Actor, scope: Scope) -> Scope:
    demand(actor, Permission.MANAGE_SETTINGS)
    if actor.agency_id is None or actor.agency_id not in scope.agency_ids:
        raise NotPermitted("no_post")
    return Scope(agency_ids=(actor.agency_id,))


def define(uow: UnitOfWork, actor: Actor, scope: Scope, *, wanted: Meaning, now: dt.datetime) -> EnteredIndicator:
    """A new indicator of the actor's agency. It is never changed: another meaning is another indicator.

    Raises `BadInput` (`indicator_name`, `indicator_about`, `indicator_parts`, `indicator_decimals`),
    `Conflict("indicator_there")`.
    """
    own = _own(actor, scope)
    name, about = clean(wanted.name)[:120], clean(wanted.about, multiline=True)[:1000]
    parts = tuple(one for one in (clean(part)[:60] for part in wanted.parts) if one)
    if not name:
        raise BadInput("indicator_name")
    if not about:
        raise BadInput("indicator_about")
    if (wanted.shape is Shape.PARTS) != (2 <= len(parts) <= MOST_PARTS):
        raise BadInput("indicator_parts", most=MOST_PARTS)
    if not 0 <= wanted.decimals <= MOST_DECIMALS:
        raise BadInput("indicator_decimals", most=MOST_DECIMALS)
    uow.begin_write()
    office.lock_agency(uow.session, own.agency_ids[0])
    if any(one.name == name for one in store.indicators(own, uow.session)):
        raise Conflict("indicator_there", name=name)
    row = EnteredIndicator(
        agency_id=own.agency_ids[0], name=name, name_en=clean(wanted.name_en)[:120], about=about,
        about_en=clean(wanted.about_en, multiline=True)[:1000], shape=str(wanted.shape), parts=list(parts),
        better=str(wanted.better), decimals=wanted.decimals, made_by_id=actor.person_id, made_at=now,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    told = {"indicator": row.id, "name": name, "about": about, "shape": row.shape, "parts": row.parts,
            "better": row.better, "decimals": row.decimals}  # fmt: skip
    journal.record(
        uow, subject=f"figures:{row.agency_id}", tag="figures:indicator:defined", facts=told, actor=actor, now=now
    )
    return row


def enter(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, wanted: Entry, by_file: bool = False, now: dt.datetime
) -> EnteredFigure:
    """The first figure of a unit and period. Raises `BadInput` (`figure_unreadable`, `figure_source`,
    `figure_too_early` …), `Conflict("figure_there")` where there is one: it is corrected, not entered again."""
    own = _own(actor, scope)
    row = _row(uow, own, actor, wanted, now=now)
    row.by_file = by_file
    uow.begin_write()
    office.lock_agency(uow.session, row.agency_id)
    there = store.entered_for(
        own, uow.session, indicator_id=row.indicator_id, unit_id=row.unit_id, period=row.period
    )
    if there is not None:
        raise Conflict("figure_there", period=row.period)
    uow.add(row)
    uow.flush()
    _tell(uow, actor, row, line=row.id, tag="figures:entry:entered", now=now)
    return row


def correct(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, line: int, seen: int, figure: str, source: str, link: str = "",
    reason: str, now: dt.datetime,
) -> EnteredFigure:  # fmt: skip
    """Another figure in the place of the one that stands, which is kept. `seen`: the row that was corrected.

    Raises `BadInput` as `enter`, and `reason_needed`; `Conflict("figure_changed")`.
    """
    own = _own(actor, scope)
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed", action="figure")
    newest = store.line(own, uow.session, line)[0][0]
    wanted = Entry(
        indicator_id=newest.indicator_id, unit_id=newest.unit_id, period=newest.period, figure=figure,
        source=source, link=link,
    )  # fmt: skip
    row = _row(uow, own, actor, wanted, now=now)
    uow.begin_write()
    office.lock_agency(uow.session, row.agency_id)
    newest = store.line(own, uow.session, line)[0][0]
    if newest.id != seen:
        raise Conflict("figure_changed")
    row.reason, row.replaces_id, row.first_id = words, newest.id, line
    uow.add(row)
    uow.flush()
    _tell(uow, actor, row, line=line, tag="figures:entry:corrected", now=now, before=newest.figure)
    return row


def _row(uow: UnitOfWork, own: Scope, actor: Actor, wanted: Entry, *, now: dt.datetime) -> EnteredFigure:
    indicator = store.indicator(own, uow.session, wanted.indicator_id)
    store.unit_in(own, uow.session, wanted.unit_id)
    return _made(own, actor, indicator, wanted, now=now)


def _made(
    own: Scope, actor: Actor, indicator: EnteredIndicator, wanted: Entry, *, now: dt.datetime
) -> EnteredFigure:
    period = parse(wanted.period)
    if period.start > now:
        raise BadInput("figure_too_early")
    found = read(Shape(indicator.shape), wanted.figure)
    if found.shape is Shape.PARTS and len(found.parts) != len(indicator.parts):
        raise BadInput("figure_unreadable", text=wanted.figure)
    text = found.text()
    if len(as_fact(indicator.id, period.kind, text)) > FACT:
        raise BadInput("figure_unreadable", text=wanted.figure)
    source, link = clean(wanted.source)[:500], clean(wanted.link)[:300]
    if not source:
        raise BadInput("figure_source")
    if link and host_of(link) is None:
        raise BadInput("figure_link")
    return EnteredFigure(
        agency_id=own.agency_ids[0], indicator_id=indicator.id, unit_id=wanted.unit_id, period=period.key,
        ends=period.last, figure=text, source=source, link=link, by_file=False, entered_by_id=actor.person_id,
        entered_at=now, reason="",
    )  # fmt: skip


def _tell(
    uow: UnitOfWork, actor: Actor, row: EnteredFigure, *, line: int, tag: str, now: dt.datetime, before: str = ""
) -> None:
    told = {"indicator": row.indicator_id, "unit": row.unit_id, "period": row.period, "before": before,
            "after": row.figure, "source": row.source, "link": row.link, "reason": row.reason}  # fmt: skip
    journal.record(uow, subject=f"entered:{line}", tag=tag, facts=told, actor=actor, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row of a sheet: what it says, what of it may be entered; `wrong`: why not; `same`: it stands already."""

    number: int
    cells: tuple[str, ...]
    entry: Entry | None = None
    wrong: WorkflowError | None = None
    same: bool = False


HEAD = ("indicator", "unit", "period", "figure", "source", "link")
"""Columns of a sheet, in this order. Indicators and units by their names, units also by their codes."""


def rows_of(text: str) -> list[list[str]]:
    """The rows of a sheet as text, columns parted by semicolons, tabs or commas, without its headings. Raises
    `BadInput("figures_sheet")` for a text that is no sheet."""
    text = text.lstrip("\ufeff")
    parted = max(";\t,", key=text.split("\n", 1)[0].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=parted) if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadInput("figures_sheet", most=MOST_ROWS) from error
    headed = bool(rows) and rows[0][0].strip().casefold() in {"indicator", "chỉ tiêu"}
    return rows[1:] if headed else rows


def preview(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, rows: Sequence[Sequence[str]], now: dt.datetime
) -> tuple[SheetRow, ...]:
    """What a sheet would enter; nothing is kept. Raises `BadInput("figures_sheet")` for too many rows, or none."""
    own = _own(actor, scope)
    if not 0 < len(rows) <= MOST_ROWS:
        raise BadInput("figures_sheet", most=MOST_ROWS)
    units: dict[str, int] = {}
    for unit in store.units(own, uow.session):
        units |= {unit.name.casefold(): unit.id, unit.code.casefold(): unit.id}
    known = _Known(
        {one.name.casefold(): one for one in store.indicators(own, uow.session)}, units,
        store.every_standing(own, uow.session),
    )  # fmt: skip
    return tuple(_looked(own, actor, place, cells, known, now=now) for place, cells in enumerate(rows, 1))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is there: indicators and units by their names, figures by indicator, unit and period."""

    indicators: dict[str, EnteredIndicator]
    units: dict[str, int]
    figures: dict[tuple[int, int, str], str]


def _looked(
    own: Scope, actor: Actor, place: int, cells: Sequence[str], known: _Known, *, now: dt.datetime
) -> SheetRow:
    said = tuple([*(clean(cell) for cell in cells[: len(HEAD)]), *[""] * len(HEAD)][: len(HEAD)])
    try:
        indicator = known.indicators.get(said[0].casefold())
        if indicator is None:
            raise BadInput("figures_row_indicator", text=said[0])
        unit_id = known.units.get(said[1].casefold())
        if unit_id is None:
            raise BadInput("figures_row_unit", text=said[1])
        entry = Entry(
            indicator_id=indicator.id, unit_id=unit_id, period=said[2], figure=said[3], source=said[4], link=said[5]
        )
        row = _made(own, actor, indicator, entry, now=now)
        key = (row.indicator_id, row.unit_id, row.period)
        before = known.figures.get(key)
        if before == row.figure:
            return SheetRow(number=place, cells=said, same=True)
        if before is not None:
            raise Conflict("figure_there", period=row.period)
        known.figures[key] = row.figure
    except WorkflowError as wrong:
        return SheetRow(number=place, cells=said, wrong=wrong)
    return SheetRow(number=place, cells=said, entry=entry)


def take(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, rows: Sequence[Sequence[str]], now: dt.datetime
) -> tuple[int, int]:
    """Enter the good rows of a sheet as they were shown, all or none: (entered, left out). A row that changed its
    meaning since is refused as `enter` refuses it."""
    shown = preview(uow, actor, scope, rows=rows, now=now)
    good = [one.entry for one in shown if one.entry is not None]
    for entry in good:
        enter(uow, actor, scope, wanted=entry, by_file=True, now=now)
    return len(good), len(shown) - len(good)
