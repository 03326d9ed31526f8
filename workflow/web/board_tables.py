"""The tables of a board as they are taken away: the same figures as on its page, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.adapters.csv_export import Cell
from workflow.domain.indicators import Indicator
from workflow.web import board_words, month_words, report_words
from workflow.web.board_page import Page, Shown, Whole
from workflow.web.i18n import N_, _

TITLES = {
    "indicators": N_("Indicators"), "rows": N_("The worst first"), "people": N_("By signer"),
    "holders": N_("By handler"), "times": N_("Time to sign"),
    "trend": N_("Twelve months"), "signed": N_("How documents are signed"), "groups": N_("With those below them"),
    "backlog": N_("Backlog and explanations"), "counts": N_("Counts"), "units": N_("Side by side"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table to take away."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def of_page(page: Page) -> dict[str, Table]:
    """Every table of a board by its name; those that would be empty are left out."""
    found = {
        "rows": _rows(page, [*page.rows, page.total], page.indicator),
        "people": _rows(page, page.people, page.person_indicator),
        "holders": _rows(page, page.holders, page.holder_indicator), "times": _times(page),
        "groups": _rows(page, page.groups, page.indicator),
        "indicators": _indicators(page), "trend": _trend(page),
    }  # fmt: skip
    if page.signing:
        found["signed"] = _counts(page, (*board_words.SIGNED, *board_words.UNSOUND), "signed")
    if page.whole is not Whole.PERSON:
        shown = board_words.BACKLOG if page.whole is not Whole.AGENCIES else ("unsigned", "open", "open_overdue")
        found["backlog"] = _counts(page, shown, "backlog")
    return {name: table for name, table in found.items() if table.rows}


def _title(name: str) -> str:
    return _(TITLES[name])


def _rows(page: Page, rows: Sequence[Shown], one: Indicator) -> Table:
    head = [
        _("Name"), _("Rate in percent"), month_words.name(one.numerator), month_words.name(one.denominator),
        _("Before, in percent"), _("Change in percentage points"),
        *(month_words.name(name) for name in one.excluded),
    ]  # fmt: skip
    made: list[list[Cell]] = []
    for shown in rows:
        row = shown.row
        moves = board_words.moved(one, row)
        made.append(
            [
                shown.name, one.percent(row.figures), row.figures.get(one.numerator),
                row.figures.get(one.denominator),
                None if row.before is None else one.percent(row.before), moves.points if moves else None,
                *(row.figures.get(name) for name in one.excluded),
            ]
        )  # fmt: skip
    kept = {"people": page.people, "holders": page.holders, "groups": page.groups}
    name = next((one for one, some in kept.items() if rows is some and some), "rows")
    return Table(_title(name), head, made)


def _times(page: Page) -> Table:
    """Median and 90th percentile in working hours."""
    head = [
        _("Name"), month_words.name("timed"), _("Median, hours"), _("90 percent within, hours"),
        _("Median before, hours"),
    ]  # fmt: skip
    made: list[list[Cell]] = [
        [shown.name, *(None if found is None else found.number for found in (shown.row.waited,)),
         *(board_words.hours_of(found) for found in board_words.waits(shown.row))]
        for shown in page.timed
    ]  # fmt: skip
    return Table(_title("times"), head, made)


def _indicators(page: Page) -> Table:
    head = [
        _("Indicator"), _("Rate in percent"), _("Numerator"), _("Denominator"), _("Before, in percent"),
        _("Change in percentage points"),
    ]  # fmt: skip
    row = page.total.row
    made: list[list[Cell]] = []
    for one in page.indicators:
        moves = board_words.moved(one, row)
        made.append(
            [
                _(month_words.INDICATORS[one.name]), one.percent(row.figures), row.figures.get(one.numerator),
                row.figures.get(one.denominator), None if row.before is None else one.percent(row.before),
                moves.points if moves else None,
            ]
        )  # fmt: skip
    return Table(_title("indicators"), head, made)


def _trend(page: Page) -> Table:
    named = [_(month_words.INDICATORS[one.name]) for one in page.indicators]
    parts = (_("Rate in percent"), _("Numerator"), _("Denominator"))
    head = [_("Month"), _("State"), *(f"{name}: {part}" for name in named for part in parts)]
    made: list[list[Cell]] = []
    for point in page.total.row.trend:
        cells: list[Cell] = [report_words.period_words(point.period)]
        cells.append(
            _(month_words.STATES[point.state][0]) if point.state else _("Not closed") if point.partial else ""
        )
        for one in page.indicators:
            found = point.figures
            cells += [None] * 3 if found is None else [
                one.percent(found), found.get(one.numerator), found.get(one.denominator)
            ]  # fmt: skip
        made.append(cells)
    return Table(_title("trend"), head, made)


def _counts(page: Page, names: Sequence[str], title: str) -> Table:
    head = [_("Name"), *(month_words.name(name) for name in names)]
    made: list[list[Cell]] = [
        [shown.name, *(shown.row.figures.get(name) for name in names)] for shown in (*page.rows, page.total)
    ]
    return Table(_title(title), head, made)


def compared(page: Page, chosen: Sequence[Shown]) -> dict[str, Table]:
    """Two periods side by side: rates, counts; and the units that were chosen."""
    found = {"indicators": _two_rates(page), "counts": _two_counts(page)}
    if chosen:
        found["units"] = _side_by_side(page, chosen)
    return found


def _two(page: Page) -> tuple[str, str]:
    return report_words.period_words(page.period), report_words.period_words(page.before)


def _two_rates(page: Page) -> Table:
    here, there = _two(page)
    row, made = page.total.row, list[list[Cell]]()
    for one in page.compared:
        before = row.before
        moves = board_words.moved(one, row)
        made.append(
            [
                _(month_words.INDICATORS[one.name]), one.percent(row.figures), row.figures.get(one.numerator),
                row.figures.get(one.denominator), *([None] * 3 if before is None else [
                    one.percent(before), before.get(one.numerator), before.get(one.denominator)]),
                moves.points if moves else None,
            ]
        )  # fmt: skip
    part, whole = _("Numerator"), _("Denominator")
    head = [
        _("Indicator"), here, f"{here}: {part}", f"{here}: {whole}", there, f"{there}: {part}", f"{there}: {whole}",
        _("Change in percentage points"),
    ]  # fmt: skip
    return Table(_title("indicators"), head, made)


def _two_counts(page: Page) -> Table:
    here, there = _two(page)
    row, made = page.total.row, list[list[Cell]]()
    for name in page.counts:
        now, then = row.figures.get(name), None if row.before is None else row.before.get(name)
        made.append([month_words.name(name), now, then, None if now is None or then is None else now - then])
    return Table(_title("counts"), [_("Figure"), here, there, _("Difference")], made)


def _side_by_side(page: Page, chosen: Sequence[Shown]) -> Table:
    head = [_("Indicator"), _("Period"), *(one.name for one in chosen)]
    made: list[list[Cell]] = []
    for one in page.compared:
        for period, which in ((page.period, "figures"), (page.before, "before")):
            found = [getattr(shown.row, which) for shown in chosen]
            made.append(
                [
                    _(month_words.INDICATORS[one.name]), report_words.period_words(period),
                    *(None if counts is None else one.percent(counts) for counts in found),
                ]
            )  # fmt: skip
    return Table(_title("units"), head, made)
