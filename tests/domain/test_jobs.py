"""What a tick decides about one job: caught up, only the latest, or marked; the stories of a clock."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar
from workflow.domain.calendar_seed import SEED
from workflow.domain.errors import NotFound
from workflow.domain.jobs import RULES, Gap, JobRule, Missed, Owner, Plan, named, plan, rule
from workflow.domain.schedules import Daily, Every, Schedule, WorkingMorning

DAYS = {seeded.day: seeded.working for seeded in SEED}
CALENDAR = WorkingCalendar(dt.date(2026, 1, 1), dt.date(2027, 12, 31), overrides=DAYS)
MORNING, NIGHT, MINUTE = WorkingMorning(dt.time(7)), Daily(dt.time(2, 30)), Every(1)


def _rule(schedule: Schedule, missed: Missed, **more: object) -> JobRule:
    return JobRule(name="toy", schedule=schedule, missed=missed, owner=Owner.OFFICE, **more)  # type: ignore[arg-type]


EACH = _rule(MORNING, Missed.EACH, keep=6)
LATEST = _rule(NIGHT, Missed.LATEST)
MARKED = _rule(MINUTE, Missed.MARKED, frequent=True)
EARLY = _rule(MORNING, Missed.MARKED, within=dt.timedelta(hours=5))


def _plan(one: JobRule, now: str, latest: str | None, lines: dict[str, bool] | None = None) -> Plan:
    at = dt.datetime.fromisoformat(now).replace(tzinfo=OFFICE_ZONE)
    return plan(one, at, CALENDAR, latest=latest, lines=lines or {})


def _single(*periods: str) -> tuple[Gap, ...]:
    return tuple(Gap(period, period, 1) for period in periods)


@pytest.mark.parametrize("one", [EACH, LATEST, MARKED])
def test_a_job_that_never_ran_has_missed_nothing(one: JobRule) -> None:
    """A new installation begins with the latest period, not with a week of reports."""
    found = _plan(one, "2026-11-23T12:00", None)
    assert (len(found.run), found.missed) == (1, ())


def test_over_tet_nothing_is_missed() -> None:
    """Tết 2026: 14 to 22 February are days off; the morning after them follows the one before."""
    assert _plan(EACH, "2026-02-18T09:00", "2026-02-13", {"2026-02-13": False}) == Plan()
    assert _plan(EACH, "2026-02-23T07:00", "2026-02-13", {"2026-02-13": False}).run == ("2026-02-23",)
    late = _plan(EACH, "2026-02-24T07:30", "2026-02-12", {"2026-02-12": False})
    assert late == Plan(run=("2026-02-13", "2026-02-23", "2026-02-24"))


def test_a_make_up_saturday_is_a_morning_like_others() -> None:
    """22 August 2026 is worked for the day before National Day; the Saturday before it is not."""
    assert DAYS[dt.date(2026, 8, 22)]
    assert _plan(EACH, "2026-08-22T07:00", "2026-08-21", {"2026-08-21": False}).run == ("2026-08-22",)
    assert _plan(EACH, "2026-08-15T07:00", "2026-08-14", {"2026-08-14": False}) == Plan()


def test_over_a_month_end_and_a_year_end() -> None:
    """Names sort as their moments do; the first of January is a day off."""
    assert _plan(LATEST, "2026-12-01T02:30", "2026-11-30").run == ("2026-12-01",)
    assert _plan(LATEST, "2027-01-01T02:30", "2026-12-31").run == ("2027-01-01",)
    assert _plan(EACH, "2027-01-04T08:00", "2026-12-31", {"2026-12-31": False}) == Plan(run=("2027-01-04",))
    assert _plan(MARKED, "2027-01-01T00:00", "2026-12-31T23:59") == Plan(run=("2027-01-01T00:00",))


def test_the_machine_was_off_for_three_days() -> None:
    """Each morning is made up for, of the nights only the last; minutes are one line."""
    mornings = _plan(EACH, "2026-11-26T09:00", "2026-11-23", {"2026-11-23": False})
    assert mornings == Plan(run=("2026-11-25", "2026-11-26"))  # the 24th is a day off
    nights = _plan(LATEST, "2026-11-26T09:00", "2026-11-23", {})
    assert nights == Plan(("2026-11-26",), _single("2026-11-24", "2026-11-25"))
    minutes = _plan(MARKED, "2026-11-26T09:00", "2026-11-23T09:00")
    assert minutes == Plan(("2026-11-26T09:00",), (Gap("2026-11-23T09:01", "2026-11-26T08:59", 3 * 24 * 60 - 1),))


def test_the_machine_was_off_for_a_month() -> None:
    """The newest mornings are made up for, the older ones are marked one by one."""
    found = _plan(EACH, "2026-11-02T08:00", "2026-10-16", {})
    assert found.run == ("2026-10-26", "2026-10-27", "2026-10-28", "2026-10-29", "2026-10-30", "2026-11-02")
    assert found.missed == _single("2026-10-19", "2026-10-20", "2026-10-21", "2026-10-22", "2026-10-23")


def test_the_clock_was_set_back() -> None:
    """What was done lies ahead then: nothing is done again, nothing is missed; in time it goes on."""
    at = dt.datetime(2026, 11, 23, 8, 0, tzinfo=OFFICE_ZONE)
    assert named(MARKED, at, CALENDAR) == ("2026-11-23T08:00",)
    done = {"2026-11-23T08:00": False}
    assert _plan(MARKED, "2026-11-23T08:00:30", "2026-11-23T08:00", done) == Plan()
    assert _plan(MARKED, "2026-11-23T09:01", "2026-11-23T09:00") == Plan(run=("2026-11-23T09:01",))


def test_what_is_of_use_in_the_morning_only_is_marked_later() -> None:
    """Once, with its moment; the next morning is a new one."""
    assert _plan(EARLY, "2026-11-23T11:59", "2026-11-20").run == ("2026-11-23",)
    assert _plan(EARLY, "2026-11-23T12:01", "2026-11-20") == Plan((), _single("2026-11-23"))
    assert _plan(EARLY, "2026-11-23T12:02", "2026-11-23", {"2026-11-23": False}) == Plan()


def test_a_period_that_failed_or_lost_its_process_is_taken_again() -> None:
    """The ledger says whether it may be; one that is done or at work stays alone."""
    lines = {"2026-11-19": True, "2026-11-20": False, "2026-11-23": True}
    assert _plan(EACH, "2026-11-23T12:00", "2026-11-23", lines) == Plan(run=("2026-11-19", "2026-11-23"))


def test_every_job_of_the_table_is_known_by_its_name() -> None:
    """No name twice; a name that is none is said."""
    assert [rule(one.name) for one in RULES] == list(RULES)
    with pytest.raises(NotFound, match="job_not_found"):
        rule("nothing")
