"""The job `freeze`: on an agency's working day the month before is closed, whole or not at all, once."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

from schedulers.job import Tools, Turn
from schedulers.rehearsal import rehearse
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.anchored import write
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from workflow.domain.calendar import WorkingCalendar
from workflow.domain.jobs import plan, rule
from workflow.domain.permissions import figures_scope
from workflow.services import journal
from workflow.services.calendar import working_calendar
from workflow.services.figures import closing
from workflow.store.models import FrozenMonth, JobRun, Unit
from workflow.store.session import UnitOfWork, unit_of_work

JOB = job("freeze")
THIRD = dt.datetime(2026, 12, 2, 23, 30, tzinfo=dt.UTC)
"""Thursday 3 December 2026, 06:30: the third working day."""


def closed(tools: Tools) -> list[tuple[int, str]]:
    """(agency, month) of what is closed."""
    with unit_of_work(tools.engine) as uow:
        query = select(FrozenMonth.agency_id, FrozenMonth.month).order_by(FrozenMonth.agency_id)
        return [(row[0], row[1]) for row in uow.session.execute(query)]


def test_each_agency_on_its_day(tools: Tools, office: Office, clock: Hand) -> None:
    """The usual third day; who chose the fifth is closed on the fifth, with what stands then."""
    add_issued(office, issued_row(office), issued_row(office, unit="far_office"))
    near, far = office.units["commune"], office.units["far"]
    with unit_of_work(tools.engine) as uow:
        scope = figures_scope(office.posts["far_admin"], agencies_below=())
        closing.change_day(uow, office.actor("far_admin"), scope, day=5, seen=3, reason="Quy chế", now=clock())
        uow.commit()
    found = []
    for day in (1, 2, 3, 4, 7):
        clock.now = dt.datetime(2026, 12, day, 0, tzinfo=dt.UTC)
        assert run_period(tools, JOB, f"2026-12-{day:02}") is Outcome.DONE
        found.append(closed(tools))
    assert found == [[], [], [(near, "2026-11")], [(near, "2026-11")], [(near, "2026-11"), (far, "2026-11")]]
    with unit_of_work(tools.engine) as uow:
        row = uow.session.scalars(select(FrozenMonth).where(FrozenMonth.agency_id == near)).one()
        told = journal.verify_subject(uow, f"figures:{near}")
        assert (row.cut_off, told.holds, told.length) == (dt.datetime(2026, 12, 3, 0, tzinfo=dt.UTC), True, 1)


def test_three_days_out_of_order_are_made_up_for(tools: Tools, office: Office, clock: Hand) -> None:
    """Dark from the second to the sixth working day: each missed day runs, the month is closed once."""
    clock.now = dt.datetime(2026, 12, 2, 0, tzinfo=dt.UTC)
    assert run_period(tools, JOB, "2026-12-02") is Outcome.DONE
    assert closed(tools) == []
    clock.now = dt.datetime(2026, 12, 8, 2, tzinfo=dt.UTC)
    with unit_of_work(tools.engine) as uow:
        calendar = working_calendar(uow)
    waiting = plan(rule("freeze"), clock.now, calendar, latest="2026-12-02", lines={}).run
    assert waiting == ("2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08")
    for period in waiting:
        assert run_period(tools, JOB, period) is Outcome.DONE
    assert closed(tools) == [(office.units["commune"], "2026-11"), (office.units["far"], "2026-11")]
    with unit_of_work(tools.engine) as uow:
        runs = list(uow.session.scalars(select(JobRun).where(JobRun.job == "freeze").order_by(JobRun.period)))
    assert [run.result["closed"] for run in runs] == [0, 2, 0, 0, 0]


def test_months_left_open_are_closed_late(tools: Tools, office: Office, clock: Hand) -> None:
    """Dark for all the ten days of October and November: on the first of December those months are closed in which
    anything was recorded, not November itself, whose day has not come; the next day finds nothing."""
    write(tools.engine, "unit:900", now=dt.datetime(2026, 9, 20, tzinfo=dt.UTC))
    for day, times in ((1, 4), (2, 0)):
        clock.now = dt.datetime(2026, 12, day, 0, tzinfo=dt.UTC)
        assert run_period(tools, JOB, f"2026-12-{day:02}") is Outcome.DONE
        with unit_of_work(tools.engine) as uow:
            run = uow.session.scalars(select(JobRun).where(JobRun.period == f"2026-12-{day:02}")).one()
            assert run.result["closed"] == times
    near, far = office.units["commune"], office.units["far"]
    assert sorted(closed(tools)) == sorted((one, month) for one in (near, far) for month in ("2026-09", "2026-10"))


def test_a_kill_between_two_agencies_leaves_one_closed_and_one_open(
    tools: Tools, office: Office, clock: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while the second is written: nothing of it is there; whoever takes the period over closes it."""
    add_issued(office, issued_row(office), issued_row(office, unit="far_office"))
    clock.now = THIRD
    real = closing.close_for_job

    class Killed(BaseException):
        """As a process that is gone."""

    def dies(uow: UnitOfWork, **given: object) -> FrozenMonth:
        row = real(uow, **given)  # type: ignore[arg-type]
        if row.agency_id == office.units["far"]:
            raise Killed
        return row

    monkeypatch.setattr(closing, "close_for_job", dies)
    with pytest.raises(Killed):
        run_period(tools, JOB, "2026-12-03")
    assert closed(tools) == [(office.units["commune"], "2026-11")]
    with unit_of_work(tools.engine) as uow:
        assert journal.verify_subject(uow, f"figures:{office.units['far']}").length == 0
        uow.begin_write()
        uow.session.execute(update(JobRun).values(lease_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)))
        uow.commit()
    monkeypatch.undo()
    assert run_period(tools, JOB, "2026-12-03") is Outcome.DONE
    assert closed(tools) == [(office.units["commune"], "2026-11"), (office.units["far"], "2026-11")]


def test_a_dry_run_closes_nothing(tools: Tools, office: Office, clock: Hand) -> None:
    """It says how many it would close."""
    clock.now = THIRD
    with unit_of_work(tools.engine) as uow:
        turn = Turn(uow, tools, "2026-12-03T06:30:00", clock.now, clock.now)
        assert rehearse(JOB, turn)["counts"]["closed"] == 2
    assert closed(tools) == []


def test_an_agency_that_was_not_there_yet_has_nothing_to_close(tools: Tools, office: Office, clock: Hand) -> None:
    """Founded in December, or dissolved before November: November is not theirs."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        far = office.units["far"]
        uow.session.execute(update(Unit).where(Unit.id == far).values(valid_from=dt.date(2026, 12, 1)))
        uow.commit()
    clock.now = THIRD
    assert run_period(tools, JOB, "2026-12-03") is Outcome.DONE
    assert closed(tools) == [(office.units["commune"], "2026-11")]


def test_the_schedule_names_the_first_working_days(office: Office) -> None:
    """Over Tet the third working day of February 2026 is Wednesday the 4th; of May, after the holidays, the 6th."""
    with unit_of_work(office.engine) as uow:
        calendar: WorkingCalendar = working_calendar(uow)
    schedule = rule("freeze").schedule
    asked = dt.datetime(2026, 5, 31, tzinfo=dt.UTC)
    months: dict[str, list[str]] = {}
    for period in schedule.backwards(asked, calendar):
        if period < "2026-02":
            break
        months.setdefault(period[:7], []).insert(0, period)
    assert months["2026-02"][:3] == ["2026-02-02", "2026-02-03", "2026-02-04"]
    assert months["2026-05"][:3] == ["2026-05-04", "2026-05-05", "2026-05-06"]
    assert {len(found) for found in months.values()} == {10}
    assert schedule.next_after(asked, calendar) == "2026-06-01"
    assert schedule.next_after(dt.datetime(2026, 5, 4, 0, tzinfo=dt.UTC), calendar) == "2026-05-05"
