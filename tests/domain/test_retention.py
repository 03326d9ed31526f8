"""How long a dossier is kept and when it goes to the archive: tables, and properties of mixed dossiers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.errors import BadInput
from workflow.domain.retention import (
    PERMANENT,
    HandOverTerm,
    demand_term,
    due_on,
    goes_to_archive,
    kept_through,
    latest_keeping,
    longest,
    months_after,
)

DAY = dt.date
TERMS = st.one_of(st.integers(1, 70), st.just(PERMANENT))


@pytest.mark.parametrize("years", [0, -1, 71, 999, 1001])
def test_a_term_is_permanent_or_at_most_seventy_years(years: int) -> None:
    """Law on Archives 33/2024."""
    with pytest.raises(BadInput, match="retention_years"):
        demand_term(years)


@pytest.mark.parametrize(
    ("ended", "years", "last"),
    [
        (DAY(2026, 1, 1), 5, DAY(2031, 12, 31)),
        (DAY(2026, 12, 31), 5, DAY(2031, 12, 31)),
        (DAY(2026, 11, 23), 1, DAY(2027, 12, 31)),
        (DAY(2026, 11, 23), 70, DAY(2096, 12, 31)),
        (DAY(2026, 11, 23), PERMANENT, None),
    ],
)
def test_retention_counts_from_the_year_the_work_ended(ended: dt.date, years: int, last: dt.date | None) -> None:
    """Art. 15.3: January and December of one year end together."""
    assert kept_through(ended, years) == last


@pytest.mark.parametrize(
    ("ended", "years", "term", "due"),
    [
        (DAY(2026, 11, 23), 10, HandOverTerm.GENERAL, DAY(2027, 11, 23)),
        (DAY(2024, 2, 29), 10, HandOverTerm.GENERAL, DAY(2025, 2, 28)),
        (DAY(2026, 11, 30), 10, HandOverTerm.CONSTRUCTION, DAY(2027, 2, 28)),
        (DAY(2026, 11, 23), 10, HandOverTerm.DIGITAL, DAY(2027, 1, 22)),
        (DAY(2026, 11, 23), PERMANENT, HandOverTerm.DIGITAL, DAY(2027, 1, 22)),
        (DAY(2026, 11, 23), 5, HandOverTerm.GENERAL, DAY(2027, 11, 23)),
        (DAY(2026, 11, 23), 4, HandOverTerm.GENERAL, None),
        (DAY(2026, 11, 23), 1, HandOverTerm.DIGITAL, None),
    ],
)
def test_the_day_for_the_archive(ended: dt.date, years: int, term: HandOverTerm, due: dt.date | None) -> None:
    """Decree 30/2020, Art. 30.2 and 31.3c, Circular 05/2025: one year, three months, 60 days, or never."""
    assert due_on(ended, years, term) == due


def test_consent_lasts_two_years_at_most() -> None:
    """Art. 31.3d, from the day that was due."""
    assert latest_keeping(DAY(2027, 1, 22)) == DAY(2029, 1, 22)


@given(terms=st.lists(TERMS, min_size=1, max_size=8), more=TERMS)
def test_a_mixed_dossier_takes_the_longest_and_never_shrinks_by_adding(terms: list[int], more: int) -> None:
    """Art. 15.4: as long as any of its parts, and whatever is added, no part is kept for less than it needs."""
    whole = longest(terms)
    assert whole in terms
    ended = DAY(2026, 11, 23)
    for part in terms:
        last = kept_through(ended, part)
        assert kept_through(ended, whole) is None or (last is not None and last <= kept_through(ended, whole))
    grown = longest([*terms, more])
    assert grown >= whole
    assert goes_to_archive(grown) or not goes_to_archive(whole), "what belonged in the archive still does"


@given(day=st.dates(DAY(1990, 1, 1), DAY(2120, 1, 1)), months=st.integers(0, 48))
def test_months_go_forward_and_stay_in_their_month(day: dt.date, months: int) -> None:
    """31 January and one month is the last of February."""
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + dt.timedelta(days=1)).day == 1
