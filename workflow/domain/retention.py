"""How long a dossier is kept and when it goes to the archive.

Law on Archives 33/2024/QH15: a term counts from the year in which the work ended (Art. 15.3), a dossier of several
kinds takes the longest of them (15.4); permanent, or a term of at most 70 years. Decree 30/2020/NĐ-CP, Art. 30.2
and 31.3: what is kept for five years or longer goes to the agency's archive, shorter ones stay in their unit.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from workflow.domain.errors import BadInput

PERMANENT = 1000
"""Kept for ever, as a number of years: greater than every term, so that the longest is the maximum everywhere, in
SQL and CHECKs too."""

LONGEST_TERM = 70
ARCHIVED_FROM = 5
"""Years from which a dossier goes to the agency's archive (Art. 31.3c)."""

LONGEST_KEEPING = 24
"""Months that a unit may keep a dossier beyond its due day, with written consent (Art. 31.3d)."""

DIGITAL_DAYS = 60


class HandOverTerm(StrEnum):
    """Until when a dossier goes to the archive after its work ended."""

    GENERAL = "general"
    """One year (Decree 30/2020, Art. 30.2)."""
    CONSTRUCTION = "construction"
    """Capital construction: three months from the settlement of accounts (Art. 30.2)."""
    DIGITAL = "digital"
    """Digital files: 60 days (Circular 05/2025/TT-BNV, the later rule)."""


def is_term(years: int) -> bool:
    """Whether a number of years is a retention: permanent, or 1 to 70."""
    return years == PERMANENT or 1 <= years <= LONGEST_TERM


def demand_term(years: int) -> int:
    """The same number, or `BadInput("retention_years")`."""
    if not is_term(years):
        raise BadInput("retention_years", years=years, limit=LONGEST_TERM)
    return years


def longest(terms: Iterable[int]) -> int:
    """The retention of a dossier that holds several kinds (Art. 15.4)."""
    return max(demand_term(years) for years in terms)


def goes_to_archive(years: int) -> bool:
    """Five years and longer; shorter ones stay in the unit until their end."""
    return demand_term(years) >= ARCHIVED_FROM


def kept_through(ended_on: dt.date, years: int) -> dt.date | None:
    """The last day that a dossier must be kept; None for ever.

    N years "from the year in which the work ended" are read as N whole years after that year: never too short.
    """
    return None if demand_term(years) == PERMANENT else dt.date(ended_on.year + years, 12, 31)


def due_on(ended_on: dt.date, years: int, term: HandOverTerm) -> dt.date | None:
    """The last day to hand a dossier to the archive; None where it stays in the unit."""
    if not goes_to_archive(years):
        return None
    if term is HandOverTerm.DIGITAL:
        return ended_on + dt.timedelta(days=DIGITAL_DAYS)
    return months_after(ended_on, 3 if term is HandOverTerm.CONSTRUCTION else 12)


def latest_keeping(due: dt.date) -> dt.date:
    """Until when written consent may let a unit keep what was due."""
    return months_after(due, LONGEST_KEEPING)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
