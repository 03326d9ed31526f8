"""When the demo's documents were made and what became of them: peaks on Mondays and the 20th to 25th, stories."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace
from enum import StrEnum

from workflow.demo.province import Agency
from workflow.domain.calendar import WorkingCalendar

MONTHS = 6
RECENT = dt.timedelta(days=42)
"""Older papers of the six months were sent by post: the exchange is young."""


class Fate(StrEnum):
    """What becomes of a document."""

    DIGITAL = "digital"
    INK = "ink"
    EXEMPT = "exempt"
    SECRET = "secret"  # noqa: S105  a classification, not a password
    WAITING = "waiting"
    """Still on its signer's desk."""
    REVIEW = "review"
    CHECKING = "checking"
    SIGNED = "signed"
    NUMBERED = "numbered"
    """Still on the clerk's desk: to check, to number, to seal."""
    DRAFT = "draft"
    UNCLOSED = "unclosed"
    """Sealed, and never marked as issued: done, says the office; late, says the clock."""


TOUR = {Fate.WAITING: 5, Fate.REVIEW: 2, Fate.DRAFT: 2, Fate.CHECKING: 2, Fate.SIGNED: 2, Fate.NUMBERED: 1}
"""What waits today in the office of the tour: something on every desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One document to be: on which day it was begun, by whom it is signed, its fate."""

    day: dt.date
    minute: int
    """Minutes after 08:00 at which it was begun."""
    signer: str
    fate: Fate
    burst: bool = False
    """One of forty signatures within two minutes, from the clerk's PC."""


def plans(agency: Agency, *, today: dt.date, calendar: WorkingCalendar, every: int = 1) -> list[Plan]:
    """An agency's documents of six months in order of time; the same for the same day. `every`: of those before the
    last six weeks, stories apart, each so many."""
    chance = random.Random(f"{agency.key} {today}")  # noqa: S311  repeatable on purpose
    days = _days(today, calendar)
    weights = [_weight(day) for day in days]
    made = [
        Plan(day=day, minute=chance.randrange(0, 200), signer=_signer(agency, chance), fate=_fate(agency, chance))
        for day in chance.choices(days, weights, k=agency.documents)
    ]
    made = [one for place, one in enumerate(made) if place % every == 0 or one.day >= today - RECENT]
    made += _story(agency, days, chance)
    if agency.story == "careless":
        made = _careless(made, days)
    made += _open_work(agency, days, chance)
    return sorted(made, key=lambda plan: (plan.day, plan.minute))


def first_day(today: dt.date) -> dt.date:
    """Where the six months begin."""
    return today - dt.timedelta(days=30 * MONTHS + 2)


def _days(today: dt.date, calendar: WorkingCalendar) -> list[dt.date]:
    """Working days of the six months before today; today itself is for the visitor."""
    start = first_day(today)
    every = (start + dt.timedelta(days=n) for n in range((today - start).days))
    return [day for day in every if calendar.is_working(day)]


def _weight(day: dt.date) -> float:
    """Mondays and the days before the monthly reports are busy."""
    return (2.0 if day.weekday() == 0 else 1.0) * (1.8 if 20 <= day.day <= 25 else 1.0)


def _signer(agency: Agency, chance: random.Random) -> str:
    """Well over half of the documents are signed KT., by a deputy.

    Where the head's own rate is the story, all of them are: the head signs what the story counts and nothing else.
    """
    keys = {staff.key for staff in agency.staff}
    head = next(key for key in ("chair", "director", "chief") if key in keys)
    deputies = sorted(key for key in keys if key.startswith("deputy"))
    share = 1.0 if agency.story in {"forty", "ink"} else 0.78
    return chance.choice(deputies) if deputies and chance.random() < share else head


def _fate(agency: Agency, chance: random.Random) -> Fate:
    ink = 0.06 if agency.story != "remote" else 0.5
    drawn = chance.random()
    if drawn < ink:
        return Fate.INK
    if drawn < ink + 0.02:
        return Fate.EXEMPT
    return Fate.SECRET if drawn < ink + 0.04 else Fate.DIGITAL


def _story(agency: Agency, days: list[dt.date], chance: random.Random) -> list[Plan]:
    if agency.story == "forty":  # 49 of the chair's 50 digitally: 98 %
        day = days[-4]
        at_once = [Plan(day=day, minute=30 + n, signer="chair", fate=Fate.DIGITAL, burst=True) for n in range(40)]
        return at_once + _of_the_chair(days, chance, digital=9, ink=1)
    if agency.story == "ink":  # 3 of 25: 12 %
        return _of_the_chair(days, chance, digital=3, ink=22)
    if agency.story == "overdue":
        late = chance.choices(days[-40:-6], k=31)
        return [
            Plan(day=day, minute=n * 4, signer="director", fate=Fate.UNCLOSED if n < 22 else Fate.WAITING)
            for n, day in enumerate(late)
        ]
    return []


AWAY = (-22, -20, -16)
"""Working days before today: when the careless office's head leaves, the first paper then, the last day away."""


def _careless(made: list[Plan], days: list[dt.date]) -> list[Plan]:
    """Of its latest papers that are issued by now four are exempt, and three the head is said to have signed in
    ink, on days on which the head is away."""
    old = sorted((plan for plan in made if plan.day <= days[-6]), key=lambda plan: (plan.day, plan.minute))
    others, chosen = [plan for plan in made if plan not in old[-7:]], old[-7:]
    exempt = [replace(plan, fate=Fate.EXEMPT) for plan in chosen[3:]]
    ink = [
        replace(plan, day=days[AWAY[1] + n], minute=10 * n, signer="chair", fate=Fate.INK)
        for n, plan in enumerate(chosen[:3])
    ]
    return [*others, *exempt, *ink]


def _of_the_chair(days: list[dt.date], chance: random.Random, *, digital: int, ink: int) -> list[Plan]:
    """Papers that the chair signs, spread over the months; the last days are left out, so that all are issued."""
    fates = [Fate.DIGITAL] * digital + [Fate.INK] * ink
    some = chance.choices(days[:-3], k=len(fates))
    return [
        Plan(day=day, minute=n * 3, signer="chair", fate=fate)
        for n, (day, fate) in enumerate(zip(some, fates, strict=True))
    ]


def _open_work(agency: Agency, days: list[dt.date], chance: random.Random) -> list[Plan]:
    """What waits today: something on every desk, more on the desk of the tour, nothing beside a story of counts."""
    if agency.story == "overdue":
        return []
    head = next(s.key for s in agency.staff if s.key in {"chair", "director", "chief"})
    counts = TOUR if agency.story == "tour" else {Fate.WAITING: 1}
    return [
        Plan(day=days[-1 - chance.randrange(2)], minute=chance.randrange(100, 300), signer=head, fate=fate)
        for fate, count in counts.items()
        for _ in range(count)
    ]
