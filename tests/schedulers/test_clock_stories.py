"""Stories of a clock with the real ledger: off, paused, set back, slow, stopped, asked for, tried."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, select, update

from schedulers import table, watch
from schedulers.due import look
from schedulers.job import Job, Tools, Turn
from schedulers.runner import Outcome, run_due, run_period, run_work
from tests.schedulers.conftest import Hand
from tests.support.office import Office
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.jobs import FREQUENT, JobRule, Missed, Owner
from workflow.domain.people import Actor
from workflow.domain.schedules import Daily, Every, Schedule
from workflow.services import housekeeping
from workflow.services import jobs as service
from workflow.services.documents.drafting import DraftFacts, create
from workflow.store import clock as ledger
from workflow.store import job_ledger as ledger_page
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


def test_what_a_clock_that_ran_ahead_marked_is_run_in_its_time(tools: Tools, office: Office, clock: Hand) -> None:
    """Ten days ahead for a moment: the days between are marked, and once it is set back each runs on its day."""
    run_due(tools, NIGHTLY)
    here = clock.now
    clock.now = here + dt.timedelta(days=10)
    assert list(run_due(tools, NIGHTLY)) == ["2026-12-03"]
    assert sum(state == "missed" for _period, state, _result in _lines(tools)) == 9
    ran = []
    for days in range(1, 12):
        clock.now = here + dt.timedelta(days=days)
        ran += list(run_due(tools, NIGHTLY))
        assert run_due(tools, NIGHTLY) == {}
    assert ran == [f"2026-{day}" for day in ("11-24", "11-25", "11-26", "11-27", "11-28", "11-29", "11-30", "12-01",
                                             "12-02", "12-04")]  # fmt: skip
    assert {state for _period, state, _result in _lines(tools)} == {"done"}


def test_what_was_missed_is_run_by_hand(tools: Tools, office: Office, clock: Hand) -> None:
    """Never by the clock; a person who names the day gets it, once."""
    run_due(tools, NIGHTLY)
    clock.now += dt.timedelta(days=3)
    run_due(tools, NIGHTLY)
    assert _lines(tools)[1][:2] == ("2026-11-24", "missed")
    assert run_period(tools, NIGHTLY, "2026-11-24") is Outcome.TAKEN
    assert run_period(tools, NIGHTLY, "2026-11-24", by_hand=True) is Outcome.DONE
    assert run_period(tools, NIGHTLY, "2026-11-24", by_hand=True) is Outcome.TAKEN


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
    if job.name == "unsigned":  # what this morning told already is not told again
        with unit_of_work(tools.engine) as uow:
            service.pause(uow, _admin(office), job=job.name, reason="Chạy thử trước", now=clock.now)
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
        lines = row.result["messages"]
        assert row.result["told"] == sum(one["count"] for one in lines) == row.result["counts"]["messages"] > 1
        assert office.posts["head"].unit_id in {one["unit_id"] for one in lines}
        assert [set(one) for one in lines] == [{"code", "unit_id", "channel", "count"}] * len(lines)
        assert {one["code"] for one in lines} == {"unsigned_report"}


def test_lists_of_dry_runs_are_cleared_and_their_counts_stay(tools: Tools, office: Office, clock: Hand) -> None:
    """Whom it would have told is read in the days after the asking."""
    old = {"counts": {"demanded": 2}, "told": 2, "messages": [{"code": "urged", "unit_id": 1, "count": 2}]}
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        for days in (1, 9):
            at = clock.now - dt.timedelta(days=days)
            found = ledger_page.ask(
                uow.session, "explanations", at.isoformat()[:19], kind="dry", now=at,
                by=office.posts["admin"].person_id,
            )  # fmt: skip
            query = update(JobRun).where(JobRun.id == found)
            uow.session.execute(query.values(state="done", finished_at=at, result=old))
        cleared = housekeeping.clear_rows(uow, now=clock.now, frequent_jobs=FREQUENT)
        uow.commit()
    assert cleared["dry_lists"] == 1
    assert [line[2] for line in _lines(tools)] == [{**old, "messages": []}, old]


def test_a_pause_holds_also_for_what_was_looked_at_before(tools: Tools, office: Office) -> None:
    """The look found a period; then somebody paused the job. By hand it still runs."""
    work = look(tools, [NIGHTLY])["recheck"]
    _do(tools, office, service.pause, reason="Bảo trì máy chủ")
    assert run_work(tools, NIGHTLY, work) == {"2026-11-23": Outcome.TAKEN}
    assert _lines(tools) == []
    assert run_period(tools, NIGHTLY, "2026-11-23", by_hand=True) is Outcome.DONE


def test_after_a_long_pause_the_gap_begins_where_it_last_ran(tools: Tools, office: Office, clock: Hand) -> None:
    """The night forgets done lines after two days; the newest stays, else an old stretch would be the latest."""
    run_due(tools, MINUTELY)
    clock.now += dt.timedelta(hours=1)
    run_due(tools, MINUTELY)  # a stretch of 59 minutes is written down as missed
    clock.now += dt.timedelta(hours=3)
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        values = {"job": "recheck", "kind": "period", "state": "done", "worker": "", "lease_until": clock.now}
        for minute in range(2 * 60):
            period = (
                f"{dt.datetime(2026, 11, 23, 13, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minute):%Y-%m-%dT%H:%M}"
            )
            uow.add(JobRun(period=period, started_at=clock.now, finished_at=clock.now, **values))
        uow.commit()
    _do(tools, office, service.pause, reason="Bảo trì máy chủ")
    clock.now += dt.timedelta(days=3)
    with unit_of_work(tools.engine) as uow:
        housekeeping.clear_rows(uow, now=clock.now, frequent_jobs=["recheck"])
        uow.commit()
    assert [line[:2] for line in _lines(tools)] == [("2026-11-23T12:59", "missed"), ("2026-11-23T15:00", "done")]
    _do(tools, office, service.resume)
    run_due(tools, MINUTELY)
    assert [line[2].get("first") for line in _lines(tools) if line[1] == "missed"][1:] == ["2026-11-23T15:01"]


def test_stop_is_not_promised_of_what_does_not_stop(tools: Tools, office: Office, clock: Hand) -> None:
    """It waited when somebody looked, and was taken before they asked."""
    with unit_of_work(tools.engine) as uow:
        line = service.ask_run(uow, _admin(office), job="backup", now=clock.now)
        uow.commit()
    with unit_of_work(tools.engine) as asking, unit_of_work(tools.engine) as taking:
        assert asking.session.scalars(select(JobRun.state)).one() == "waiting"
        taking.begin_write()
        now = ledger.database_now(taking.session)
        period = "2026-11-23T12:00:00"
        assert ledger.take(taking.session, "backup", period, worker="w", now=now, lease=dt.timedelta(1))
        taking.commit()
        with pytest.raises(Refused, match="job_stops_not"):
            service.ask_to_stop(asking, _admin(office), job="backup", line_id=line, now=clock.now)


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
