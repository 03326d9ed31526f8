"""The seeded days off against an independent package, with the known differences written down."""

from __future__ import annotations

import datetime as dt

import holidays

from workflow.domain.calendar_seed import FIRST, LAST, SEED, seeded_calendar

PACKAGE_IS_WRONG = {
    dt.date(2026, 1, 2): False,  # off by 12729/VPCP-KGVX
    dt.date(2026, 1, 10): True,  # worked instead
}


def test_every_day_agrees_with_the_package_but_the_listed_ones() -> None:
    """Day by day over four years the only differences are the January 2026 swap."""
    calendar = seeded_calendar()
    package = holidays.country_holidays("VN", years=range(FIRST.year, LAST.year + 1))
    every = (FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    differences = {
        day: calendar.is_working(day) for day in every if calendar.is_working(day) != package.is_working_day(day)
    }
    assert differences == PACKAGE_IS_WRONG


def test_each_day_has_reasons_in_both_languages_and_a_paper() -> None:
    """No date twice, no date without the reason people read and the document behind it."""
    assert len({special.day for special in SEED}) == len(SEED)
    for special in SEED:
        assert special.reason_vi
        assert special.reason_en
        assert special.basis
        assert special.computed == (special.day.year == 2027)


def test_a_swap_keeps_the_number_of_working_days() -> None:
    """Each make-up Saturday pays for one weekday, in pairs ordered by the same paper."""
    worked = [special for special in SEED if special.working]
    assert [special.day.weekday() for special in worked] == [5] * 4
    for special in worked:
        partner = [other for other in SEED if other.basis == special.basis and not other.working]
        assert len(partner) == 1
