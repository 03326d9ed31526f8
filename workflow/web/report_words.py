"""What figures, ages and results are called on reports."""

from __future__ import annotations

import datetime as dt

from workflow.domain.backlog import Age
from workflow.domain.periods import Kind, Period
from workflow.domain.rates import Basis, Outcome
from workflow.services.rates import Figure
from workflow.web import format
from workflow.web.i18n import N_, _

FIGURES: dict[Figure, str] = {
    Figure.NUMERATOR: N_("Digitally signed, every required signature valid"),
    Figure.DENOMINATOR: N_("Issued documents that count"),
    Figure.ISSUED: N_("Everything issued"),
    Figure.INK: N_("Signed in ink"),
    Figure.FAILED: N_("A signature is invalid"),
    Figure.INDETERMINATE: N_("Not enough to decide"),
    Figure.INCOMPLETE: N_("A signature is missing"),
    Figure.EXEMPT: N_("Exempt, with a reason"),
    Figure.SECRET: N_("Secret"),
}

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.SIGNED: (N_("Digitally signed"), "good"),
    Outcome.INK: (N_("Signed in ink"), "warn"),
    Outcome.FAILED: (N_("A signature is invalid"), "bad"),
    Outcome.INDETERMINATE: (N_("Not enough to decide"), "wait"),
    Outcome.INCOMPLETE: (N_("A signature is missing"), "warn"),
    Outcome.EXEMPT: (N_("Exempt"), "plain"),
    Outcome.SECRET: (N_("Secret"), "plain"),
}
"""A word and the tone of its badge."""

BASES: dict[Basis, str] = {
    Basis.BOTH: N_("leader's signature and seal"),
    Basis.LEADER: N_("leader's signature only"),
    Basis.SEAL: N_("seal only"),
}

AGES: dict[Age, str] = {
    Age.WITHIN_A_DAY: N_("up to 1 working day"),
    Age.TO_THREE_DAYS: N_("up to 3 working days"),
    Age.TO_FIVE_DAYS: N_("up to 5 working days"),
    Age.OLDER: N_("more than 5 working days"),
}

RUNS: dict[str, tuple[str, str]] = {
    "done": (N_("Finished"), "good"),
    "running": (N_("Running"), "wait"),
    "failed": (N_("Failed"), "bad"),
    "missed": (N_("Missed"), "warn"),
    "waiting": (N_("Waiting for its turn"), "wait"),
    "stopped": (N_("Stopped on request"), "warn"),
}

MESSAGES: dict[str, tuple[str, str]] = {
    "sent": (N_("Sent"), "good"),
    "waiting": (N_("Waiting to be sent"), "wait"),
    "failed": (N_("Not sent"), "bad"),
    "bounced": (N_("Came back"), "bad"),
    "here": (N_("To be read here"), "plain"),
}
"""`here`: there is no mail server, or the message is for this page only."""

MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def period_words(period: Period) -> str:
    """`tháng 11/2026`, `quý IV/2026`, `01/11/2026 – 15/11/2026`."""
    match period.kind:
        case Kind.MONTH:
            return _("%(month)s %(year)s", month=_(MONTHS[period.first.month - 1]), year=period.first.year)
        case Kind.QUARTER:
            number = ("I", "II", "III", "IV")[(period.first.month - 1) // 3]
            return _("quarter %(number)s/%(year)s", number=number, year=period.first.year)
        case Kind.HALF:
            first = period.first.month == 1
            words = N_("first half of %(year)s") if first else N_("second half of %(year)s")
            return _(words, year=period.first.year)
        case Kind.YEAR:
            return _("year %(year)s", year=period.first.year)
        case Kind.SPAN:
            return f"{format.day(period.first)} – {format.day(period.last)}"


def waited(minutes: int) -> str:
    """`3 ngày 4 giờ`: office time, eight hours a day."""
    days, rest = divmod(minutes, 8 * 60)
    if days:
        return _("%(days)s d %(hours)s h", days=days, hours=rest // 60)
    hours, rest = divmod(rest, 60)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest) if hours else _("%(n)s min", n=rest)


def period_label(period: str) -> str:
    """The day a report is for, `23/11/2026`; another name as it is."""
    try:
        return format.day(dt.date.fromisoformat(period))
    except ValueError:
        return period
