"""What boards say: rates, how they moved, months, and the four columns of signing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from workflow.domain.boards import Change, Counts, Way, change
from workflow.domain.indicators import Indicator
from workflow.domain.periods import Period
from workflow.domain.signing_times import hours
from workflow.services.figures.board_rows import Row
from workflow.web import month_words
from workflow.web.charts.lines import Month
from workflow.web.i18n import N_, _, locale

SIGNED = ("fully_signed", "leader_only", "seal_only", "ink")
"""The four columns of how a document is signed."""
UNSOUND = ("failed", "indeterminate", "without")
"""What is counted beside them: no signature, or one that does not hold or cannot be judged."""
BACKLOG = ("unsigned", "open", "open_overdue", "demanded", "given", "accepted", "unexplained")

WAYS: dict[Way, tuple[str, str]] = {
    Way.BETTER: (N_("better"), "good"),
    Way.WORSE: (N_("worse"), "bad"),
    Way.SAME: (N_("unchanged"), "plain"),
    Way.MOVED: (N_("changed"), "plain"),
}


def decimal(value: Decimal, places: int) -> str:
    """`12,34` in Vietnamese."""
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if locale() == "vi" else text


def rate(one: Indicator, found: Counts | None) -> str:
    """As on the figures of a month; a dash where nothing is known."""
    return "–" if found is None else month_words.rate(one.name, found)


def moved(one: Indicator, row: Row) -> Change | None:
    """How a row's rate moved against the period before."""
    return None if row.before is None else change(one, row.figures, row.before)


def points(moves: Change, places: int = 2) -> str:
    """`▲ 3,25 điểm %`: the arrow says up or down, a word beside it whether that is good."""
    if not moves.points:
        return _("= 0")
    arrow = "▲" if moves.points > 0 else "▼"
    return _("%(arrow)s %(points)s pp", arrow=arrow, points=decimal(abs(moves.points), places))


def difference(now: int | None, then: int | None) -> str:
    """`+12`, `−3`, `0`; a dash where either was not counted."""
    if now is None or then is None:
        return "–"
    gap = now - then
    return f"+{gap}" if gap > 0 else f"−{-gap}" if gap else "0"


def short(period: Period) -> str:
    """`11/26`."""
    return f"{period.first:%m/%y}"


def months(one: Indicator, row: Row) -> list[Month]:
    """A row's trend for a chart."""
    return [
        Month(
            short(point.period),
            None if point.figures is None else one.percent(point.figures),
            point.state is not None and point.state != "closed",
        )
        for point in row.trend
    ]


def waits(row: Row) -> tuple[int | None, int | None, int | None]:
    """Median, 90th percentile, and the median before, in working minutes."""
    now, then = row.waited, row.waited_before
    return (now.median if now else None, now.p90 if now else None, then.median if then else None)


def hours_of(minutes: int | None) -> Decimal | None:
    """Working hours with one decimal."""
    return None if minutes is None else hours(minutes)


def charted(one: Indicator, row: Row) -> bool:
    """Whether any month of a row's trend has the rate."""
    return any(point.figures is not None and one.percent(point.figures) is not None for point in row.trend)


def listed(periods: Iterable[Period]) -> str:
    """`01/26, 02/26`."""
    return ", ".join(map(short, periods))


def lower(text: str) -> str:
    """Within a sentence."""
    return text[:1].lower() + text[1:]
