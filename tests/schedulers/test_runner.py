"""One period, once: claims, take-overs, the fence, failures and what was missed."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select, update

from schedulers import table
from schedulers.due import look
from schedulers.job import Job, Tools, Turn
from schedulers.runner import Outcome, run_due, run_period
from tests.schedulers.conftest import Hand
from tests.support.office import NOON, Office
from tests.support.statements import statements
from tests.support.told import told
from workflow.domain.errors import Conflict
from workflow.domain.jobs import JobRule, Missed, Owner
from workflow.domain.schedules import WorkingMorning
from workflow.services.incoming import overdue
from workflow.services.outbox import Note, queue
from workflow.store import certificates, search_rows
from workflow.store import clock as ledger
from workflow.store.models import JobRun, Outbox
from workflow.store.session import make_engine, unit_of_work

DAY = "2026-11-23"
LONG_AGO = dt.timedelta(hours=2)


def _tell(turn: Turn) -> dict[str, int]:
    turn.uow.begin_write()
    note = Note(cause=f"toy:{turn.period}", what=told(), address="vp@example.gov.vn")
    queue(turn.uow, note, now=turn.now)
    turn.uow.flush()
    return {"messages": 1}


def _break(turn: Turn) -> dict[str, int]:
    _tell(turn)
    raise RuntimeError("the printer is on fire")


RULE = JobRule(
    name="toy", schedule=WorkingMorning(dt.time(7)), missed=Missed.EACH, keep=6, owner=Owner.OFFICE, stops=True
)


def _job(run=_tell, **more: object) -> Job:  # type: ignore[no-untyped-def]
    return Job(rule=RULE, run=run, why="to try", **more)  # type: ignore[arg-type]


def _line(tools: Tools, period: str = DAY) -> JobRun:
    with unit_of_work(tools.engine) as uow:
        found = ledger.run_of(uow.session, "toy", period)
        assert found is not None
        return found


def _messages(tools: Tools) -> int:
    with unit_of_work(tools.engine) as uow:
        return uow.session.scalar(select(func.count()).select_from(Outbox)) or 0


def _let_the_lease_run_out(tools: Tools) -> None:
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        now = ledger.database_now(uow.session)
        uow.session.execute(update(JobRun).values(lease_until=now - LONG_AGO))
        uow.commit()


def test_a_period_runs_once(tools: Tools, office: Office) -> None:
    """The second one finds it done and does nothing."""
    assert run_period(tools, _job(), DAY) is Outcome.DONE
    assert run_period(tools, _job(), DAY) is Outcome.TAKEN
    line = _line(tools)
    assert (line.state, line.attempt, line.result, _messages(tools)) == ("done", 1, {"messages": 1}, 1)


def test_a_running_period_is_left_alone_until_its_lease_runs_out(tools: Tools, office: Office) -> None:
    """Its holder died: nobody takes it before, anybody after."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        now = ledger.database_now(uow.session)
        ledger.claim(uow.session, "toy", DAY, worker="dead", now=now, lease=dt.timedelta(minutes=5))
        uow.commit()
    assert run_period(tools, _job(), DAY) is Outcome.TAKEN
    _let_the_lease_run_out(tools)
    assert run_period(tools, _job(), DAY) is Outcome.DONE
    assert (_line(tools).attempt, _messages(tools)) == (2, 1)


def test_the_overtaken_one_leaves_nothing_behind(tools: Tools, office: Office) -> None:
    """It slept through its lease and wakes after the other finished: its messages are rolled back."""
    rival = _job()

    def sleep(turn: Turn) -> dict[str, int]:
        _let_the_lease_run_out(tools)
        assert run_period(tools, rival, turn.period) is Outcome.DONE
        turn.uow.begin_write()
        queue(turn.uow, Note(cause="toy:late", what=told(), address="a@b.vn"), now=turn.now)
        return {"messages": 99}

    assert run_period(tools, _job(sleep), DAY) is Outcome.LOST
    line = _line(tools)
    assert (line.state, line.attempt, line.result, _messages(tools)) == ("done", 2, {"messages": 1}, 1)


def test_the_overtaken_one_cannot_finish_before_the_one_who_took_over(tools: Tools, office: Office) -> None:
    """Only the latest attempt holds the fence."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        now = ledger.database_now(uow.session)
        first = ledger.claim(uow.session, "toy", DAY, worker="a", now=now, lease=dt.timedelta(0))
        second = ledger.claim(
            uow.session, "toy", DAY, worker="b", now=now + dt.timedelta(seconds=1), lease=dt.timedelta(minutes=5)
        )
        assert first is not None
        assert second is not None
        with pytest.raises(Conflict, match="lease_lost"):
            ledger.finish(uow.session, first, now=now, result={})
        assert not ledger.fail(uow.session, first, now=now, error="late", again=now)
        ledger.finish(uow.session, second, now=now, result={"n": 1})
        uow.commit()
    assert (_line(tools).state, _line(tools).worker) == ("done", "b")


def test_a_failure_keeps_nothing_says_why_and_is_tried_again_later(tools: Tools, office: Office) -> None:
    """Its message is rolled back with it; the next attempt waits."""
    assert run_period(tools, _job(_break), DAY) is Outcome.FAILED
    line = _line(tools)
    assert (line.state, line.error, _messages(tools)) == ("failed", "RuntimeError: the printer is on fire", 0)
    assert run_period(tools, _job(), DAY) is Outcome.TAKEN
    with unit_of_work(tools.engine) as uow:
        now = ledger.database_now(uow.session)
        assert ledger.open_periods(uow.session, "toy", [DAY], now=now) == []
    _let_the_lease_run_out(tools)
    assert run_period(tools, _job(), DAY) is Outcome.DONE
    assert (_line(tools).attempt, _line(tools).error, _messages(tools)) == (2, "", 1)


def test_what_a_statement_was_given_does_not_stand_in_the_ledger(tools: Tools, office: Office) -> None:
    """Administrators of every agency read and export it: neither parameters nor the row that PostgreSQL quotes."""

    def twice(turn: Turn) -> dict[str, int]:
        turn.uow.begin_write()
        secret = {"subject": "V/v tố cáo ông A", "body": "kín", "address": "a@b.vn"}
        moments = {"created_at": turn.now, "next_at": turn.now}
        for _time in range(2):
            turn.uow.add(Outbox(once_key="báo tố cáo", **secret, **moments))
        turn.uow.flush()
        return {}

    assert run_period(tools, _job(twice), DAY) is Outcome.FAILED
    error = _line(tools).error
    assert error.startswith("IntegrityError: ")
    assert "once_key" in error
    assert not any(word in error for word in ("tố cáo", "a@b.vn", "INSERT"))


def test_a_period_that_always_fails_is_left_to_a_person(tools: Tools, office: Office) -> None:
    """After twelve attempts nobody tries any more."""
    for _attempt in range(ledger.ATTEMPTS):
        assert run_period(tools, _job(_break), DAY) is Outcome.FAILED
        _let_the_lease_run_out(tools)
    assert run_period(tools, _job(_break), DAY) is Outcome.TAKEN
    assert _line(tools).attempt == ledger.ATTEMPTS


def test_missed_mornings_are_made_up_for_once(tools: Tools, office: Office, clock: Hand) -> None:
    """Nobody ran for a week: every working morning of it comes, in order, and a second tick finds nothing."""
    # 2026-11-20 is no holiday; from Monday 16 to Monday 23 there are six working mornings
    assert run_period(tools, _job(), "2026-11-13") is Outcome.DONE
    done = run_due(tools, _job())
    assert list(done) == ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", DAY]
    assert set(done.values()) == {Outcome.DONE}
    assert run_due(tools, _job()) == {}
    clock.now += dt.timedelta(days=2)  # the 24th is a day off (Vietnam Culture Day)
    assert list(run_due(tools, _job())) == ["2026-11-25"]


def test_nothing_due_costs_a_handful_of_queries(tools: Tools, office: Office) -> None:
    """A tick with nothing to do asks for calendar, clock, lines, latest periods and pauses: once for all jobs."""
    for _more in range(3):
        for job in table.JOBS:
            run_due(tools, job)
    with statements(tools.engine) as sent:
        assert look(tools, table.JOBS) == {}
    assert len(sent) == 5


def test_told_to_stop_the_rest_waits(tools: Tools, office: Office) -> None:
    """Between two periods a process that is told to stop stops."""

    def stop(turn: Turn) -> dict[str, int]:
        turn.tools.stopping.set()
        return {}

    run_period(tools, _job(), "2026-11-13")
    assert list(run_due(tools, _job(stop))) == ["2026-11-16"]


def test_what_frequent_jobs_ask_reads_indexes(sqlite_url: str) -> None:
    """SQLite takes an index over some rows only where the question says so in the same words."""
    engine = make_engine(sqlite_url)
    with statements(engine) as sent, unit_of_work(engine) as uow:
        certificates.pending_items(uow.session)
        search_rows.waiting(uow.session, now=NOON, limit=20)
        overdue.unexplained(uow, now=NOON, limit=20)
    with engine.connect() as connection:
        plans = [
            " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", blanks))
            for query in sent
            for blanks in [(None,) * query.count("?")]
        ]
    engine.dispose()
    wanted = ("ix_signing_item_pending", "ix_search_text_waiting", "ix_incoming_late", "ix_incoming_part_late")
    assert [name for name, plan in zip(wanted, plans, strict=True) if name not in plan] == []
