"""Stories of a clock with the real ledger: off, paused, set back, slow, stopped, asked for, tried."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, select, update

from schedulers import table, watch
from schedulers.due import look
from schedulers.job import Job, Tools, Turn
from schedulers.runner import Outcome, run_due, run_period
from tests.schedulers.conftest import Hand
from tests.support.office import Office
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.jobs import JobRule, Missed, Owner
from workflow.domain.people import Actor
from workflow.domain.schedules import Daily, Every, Schedule
from workflow.services import jobs as service
from workflow.services.documents.drafting import DraftFacts, create
from workflow.store import clock as ledger
from workflow.store.models import JobControl, JobRun, Journal
from workflow.store.session import unit_of_work


def _job(schedule: Schedule, missed: Missed, run: Any = lambda turn: {"n": 1}, **more: Any) -> Job:
    """Under the name of a real one, so that administrators may decide about it."""
    rule = JobRule(name="recheck", schedule=schedule, missed=missed, owner=Owner.OFFICE, stops=True, **more)
    return Job(rule=rule, run=run, why="to try")


NIGHTLY = _job(Daily(dt.time(2, 30)), Missed.LATEST)
MINUTELY = _job(Every(1), Missed.MARKED, frequent=True)


def _lines(tools: Tools) -> list[tuple[str, str, dict[str, Any]]]:
    with unit_of_work(tools.engine) as uow:
        rows = uow.session.scalars(select(JobRun).order_by(JobRun.period))
        return [(row.period, row.state, row.result) for row in rows]


def _admin(office: Office) -> Actor:
    return Actor.of(office.posts["admin"], name="Quản trị", address="127.0.0.1", at_top=True)


def _do(tools: Tools, office: Office, what: Any, **named: Any) -> Any:
    with unit_of_work(tools.engine) as uow:
        made = what(uow, _admin(office), job="recheck", now=tools.clock(), **named)
        uow.commit()
        return made


def _lapse(tools: Tools) -> None:
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(JobRun).values(lease_until=ledger.database_now(uow.session) - dt.timedelta(1)))
        uow.commit()


def test_off_for_three_days(tools: Tools, office: Office, clock: Hand) -> None:
    """What nobody runs any more stands in the ledger once, whoever looks and however often."""
    run_due(tools, NIGHTLY)
    clock.now += dt.timedelta(days=3)
    assert run_due(tools, NIGHTLY) == {"2026-11-26": Outcome.DONE}
    for _again in range(2):
        assert run_due(tools, NIGHTLY) == {}
    assert _lines(tools) == [
        ("2026-11-23", "done", {"n": 1}), ("2026-11-24", "missed", {}), ("2026-11-25", "missed", {}),
        ("2026-11-26", "done", {"n": 1}),
    ]  # fmt: skip


def test_minutes_of_three_days_are_one_line(tools: Tools, office: Office, clock: Hand) -> None:
    """The stretch has its first period, its last and their number."""
    run_due(tools, MINUTELY)
    clock.now += dt.timedelta(days=3)
    assert list(run_due(tools, MINUTELY)) == ["2026-11-26T12:00"]
    spans = {"first": "2026-11-23T12:01", "periods": 3 * 24 * 60 - 1}
    assert _lines(tools)[1] == ("2026-11-26T11:59", "missed", spans)
    assert len(_lines(tools)) == 3


def test_set_back_and_forward_again(tools: Tools, office: Office, clock: Hand) -> None:
    """An hour back: what was done is not done again, and when the hour has passed twice all goes on."""
    for _minute in range(3):
        assert len(run_due(tools, MINUTELY)) == 1
        clock.now += dt.timedelta(minutes=1)
    clock.now -= dt.timedelta(minutes=3)
    for _minute in range(3):
        assert run_due(tools, MINUTELY) == {}
        clock.now += dt.timedelta(minutes=1)
    assert list(run_due(tools, MINUTELY)) == ["2026-11-23T12:03"]
    assert [state for _period, state, _result in _lines(tools)] == ["done"] * 4


def test_a_run_whose_process_died_and_whose_time_is_over_is_missed(
    tools: Tools, office: Office, clock: Hand
) -> None:
    """It does not stand as running for ever."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        now = ledger.database_now(uow.session)
        ledger.claim(uow.session, "recheck", "2026-11-23T11:50", worker="dead", now=now, lease=dt.timedelta(1))
        uow.commit()
    run_due(tools, MINUTELY)
    assert ("2026-11-23T11:50", "running", {}) in _lines(tools)
    _lapse(tools)
    look(tools, [MINUTELY])
    assert ("2026-11-23T11:50", "missed", {}) in _lines(tools)


def test_paused_nothing_begins_and_what_was_missed_follows_its_rule(
    tools: Tools, office: Office, clock: Hand
) -> None:
    """Who, when and why are kept and journalled; a missed line comes only when it goes on."""
    run_due(tools, NIGHTLY)
    with pytest.raises(BadInput, match="reason_needed"):
        _do(tools, office, service.pause, reason=" ")
    _do(tools, office, service.pause, reason="Bảo trì máy chủ")
    with pytest.raises(Conflict, match="job_paused_already"):
        _do(tools, office, service.pause, reason="Hai lần")
    clock.now += dt.timedelta(days=2)
    assert run_due(tools, NIGHTLY) == {}
    assert len(_lines(tools)) == 1
    _do(tools, office, service.resume)
    assert list(run_due(tools, NIGHTLY)) == ["2026-11-25"]
    assert _lines(tools)[1] == ("2026-11-24", "missed", {})
    with unit_of_work(tools.engine) as uow:
        tags = list(uow.session.scalars(select(Journal.tag).where(Journal.subject == "job:recheck")))
        control = uow.session.get_one(JobControl, "recheck")
    assert tags == ["job:pause:begun", "job:pause:ended"]
    assert (control.paused_at, control.reason) == (None, "")


def test_asked_for_it_runs_once_also_while_paused(tools: Tools, office: Office, clock: Hand) -> None:
    """A second asking is told so; a process that died in it is taken over; the schedule goes on beside it."""
    run_due(tools, NIGHTLY)
    _do(tools, office, service.pause, reason="Bảo trì")
    _do(tools, office, service.ask_run)
    with pytest.raises(Conflict, match="job_asked_already"):
        _do(tools, office, service.ask_run)
    assert run_due(tools, NIGHTLY) == {"2026-11-23T12:00:00": Outcome.DONE}
    assert run_due(tools, NIGHTLY) == {}
    clock.now += dt.timedelta(seconds=5)
    _do(tools, office, service.ask_run)
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        now = ledger.database_now(uow.session)
        lost = ledger.take(
            uow.session, "recheck", "2026-11-23T12:00:05", worker="dead", now=now, lease=dt.timedelta(0)
        )
        uow.commit()
    assert lost is not None
    assert run_due(tools, NIGHTLY) == {"2026-11-23T12:00:05": Outcome.DONE}
    _do(tools, office, service.resume)
    assert run_due(tools, NIGHTLY) == {}


def test_only_the_top_agency_decides(tools: Tools, office: Office) -> None:
    """Jobs serve every agency; so neither a commune's administrator nor a clerk."""
    for actor in (Actor.of(office.posts["admin"], address="127.0.0.1"), office.actor("clerk")):
        with unit_of_work(tools.engine) as uow, pytest.raises(NotPermitted):
            service.ask_run(uow, actor, job="recheck", now=tools.clock())


def test_longer_than_its_lease_but_alive(tools: Tools, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step puts the lease off; whoever looks meanwhile finds it at work, with how far it is."""
    monkeypatch.setattr(watch, "PAUSE", 0.0)
    seen: list[tuple[Any, ...]] = []

    def work(turn: Turn) -> dict[str, int]:
        for done in range(3):
            _lapse(tools)  # as if the step had taken longer than the lease
            turn.progress("documents", done, 3)
            seen.append((run_period(tools, slow, turn.period), *_told(tools)))
        return {"n": 3}

    slow = _job(Every(1), Missed.MARKED, work)
    assert run_period(tools, slow, "2026-11-23T12:00") is Outcome.DONE
    assert seen == [(Outcome.TAKEN, "documents", done, 3) for done in range(3)]


def _told(tools: Tools) -> tuple[Any, ...]:
    with unit_of_work(tools.engine) as uow:
        row = uow.session.scalars(select(JobRun)).one()
        return row.doing, row.done_steps, row.all_steps


def test_overtaken_it_ends_at_its_next_step(tools: Tools, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that took too long: somebody else finished it meanwhile, and nothing of ours is kept."""
    monkeypatch.setattr(watch, "PAUSE", 0.0)
    steps: list[int] = []

    def work(turn: Turn) -> dict[str, int]:
        for done in range(3):
            steps.append(done)
            if done == 1:
                _lapse(tools)
                assert run_period(tools, NIGHTLY, turn.period) is Outcome.DONE
            turn.progress("documents", done, 3)
        return {"n": 99}

    assert run_period(tools, _job(Daily(dt.time(2, 30)), Missed.LATEST, work), "2026-11-23") is Outcome.LOST
    assert (steps, _lines(tools)) == ([0, 1], [("2026-11-23", "done", {"n": 1})])


def test_asked_to_stop_it_ends_after_its_step(
    tools: Tools, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it did is kept, the period is over; one that has ended or only works in one step is not asked."""
    monkeypatch.setattr(watch, "PAUSE", 0.0)

    def work(turn: Turn) -> dict[str, int]:
        for done in range(100):
            turn.progress("documents", done, 100)
            if turn.stopping():
                return {"n": done}
            if done == 4:
                _do(tools, office, service.ask_to_stop, line_id=turn.watch.held.id)  # type: ignore[attr-defined]
        return {"n": 100}

    slow = _job(Daily(dt.time(2, 30)), Missed.LATEST, work)
    assert run_due(tools, slow) == {"2026-11-23": Outcome.STOPPED}
    assert _lines(tools) == [("2026-11-23", "stopped", {"n": 5})]
    assert run_due(tools, slow) == {}
    with pytest.raises(Conflict, match="job_ended_already"):
        _do(tools, office, service.ask_to_stop, line_id=1)
    waiting = _do(tools, office, service.ask_run)
    _do(tools, office, service.ask_to_stop, line_id=waiting)
    assert run_due(tools, slow) == {}
    assert _lines(tools)[-1][1] == "stopped"


def _everything(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(found)))) for name, found in metadata.tables.items()
        }


@pytest.mark.parametrize("job", [one for one in table.JOBS if one.rehearse], ids=lambda one: one.name)
def test_a_dry_run_leaves_nothing_but_its_list(tools: Tools, office: Office, clock: Hand, job: Job) -> None:
    """Every table is compared row by row; only the asking and its result differ."""
    with unit_of_work(tools.engine) as uow:
        facts = DraftFacts(type_code="letter", subject="V/v việc để lâu", secret=True)
        create(uow, office.actor("drafter"), facts=facts, now=clock.now - dt.timedelta(days=20))
        uow.commit()
    run_due(tools, job)
    clock.now += dt.timedelta(minutes=1)
    with unit_of_work(tools.engine) as uow:
        service.ask_dry_run(uow, _admin(office), job=job.name, now=clock.now)
        uow.commit()
    before = _everything(tools.engine)
    assert Outcome.DONE in run_due(tools, job).values()
    after = _everything(tools.engine)
    left = {name for name in before if before[name] != after[name]}
    assert left <= {"job_run"}
    with unit_of_work(tools.engine) as uow:
        row = uow.session.scalars(select(JobRun).where(JobRun.kind == "dry")).one()
    assert (row.state, set(row.result)) == ("done", {"counts", "messages", "told"})
    if job.name == "unsigned":
        leader = office.posts["head"].person_id
        assert row.result["told"] == len(row.result["messages"]) == row.result["counts"]["messages"] > 1
        assert leader in {one["person_id"] for one in row.result["messages"]}
        assert "Chưa ký" in row.result["messages"][0]["subject"]


def test_what_cannot_be_tried_says_so(tools: Tools, office: Office) -> None:
    """Judging again is the work itself."""
    with pytest.raises(Refused, match="job_has_no_dry_run"):
        _do(tools, office, service.ask_dry_run)


def test_a_rehearsal_that_would_be_kept_is_a_fault(tools: Tools, office: Office) -> None:
    """A job that commits on the way is found out by its first dry run."""
    with unit_of_work(tools.engine) as uow:
        with pytest.raises(RuntimeError, match="dry run"):
            uow.rehearse(uow.commit, told=print)
        uow.begin_write()
        uow.commit()
