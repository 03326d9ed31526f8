"""The job `explanations`: whoever had it when it became late is asked, once for each due moment."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from schedulers.job import Tools, Turn
from schedulers.rehearsal import rehearse
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from schedulers.watch import Watch
from tests.schedulers.conftest import Hand
from tests.support.arrivals import Arrivals
from tests.support.office import Office
from workflow.services.incoming import deadlines, routing
from workflow.services.incoming.deadlines import DueChoice
from workflow.store import clock as ledger
from workflow.store.models import Explanation, Outbox
from workflow.store.session import unit_of_work

JOB = job("explanations")
FRIDAY = dt.date(2026, 11, 27)


def _rows(tools: Tools) -> list[Explanation]:
    with unit_of_work(tools.engine) as uow:
        return list(uow.session.scalars(select(Explanation).order_by(Explanation.id)))


def test_late_work_is_asked_about_once(tools: Tools, office: Office, clock: Hand) -> None:
    """The specialist who had it on Friday evening, with a notice, however often the clock ticks."""
    arrivals = Arrivals(office)
    found = arrivals.in_progress(due=DueChoice(day=FRIDAY))
    for hour in (4, 6):
        clock.now = dt.datetime(2026, 11, 27, hour, tzinfo=dt.UTC)
        assert run_period(tools, JOB, f"2026-11-27T{hour + 7:02}:00") is Outcome.DONE
    assert _rows(tools) == []
    for day in (30, 1):
        clock.now = dt.datetime(2026, 11 if day == 30 else 12, day, 2, tzinfo=dt.UTC)
        assert run_period(tools, JOB, f"{clock.now:%Y-%m-%d}T09:00") is Outcome.DONE
    (row,) = _rows(tools)
    specialist = office.posts["specialist"].person_id
    assert (row.incoming_id, row.person_id, row.held_by, row.state) == (found.id, specialist, "specialist", "owed")
    assert row.missed_at == found.due_at
    assert row.due_at == dt.datetime(2026, 12, 2, 10, tzinfo=dt.UTC)
    with unit_of_work(tools.engine) as uow:
        (note,) = uow.session.scalars(select(Outbox).where(Outbox.person_id == specialist))
    assert note.link == f"/incoming/{found.id}/explain"


def test_what_a_leader_had_is_the_leaders(tools: Tools, office: Office, clock: Hand) -> None:
    """Nobody else is asked for what lay on the leader's desk when it became late."""
    arrivals = Arrivals(office)
    found = arrivals.registered()
    found = arrivals.do(
        "clerk", deadlines.set_due, incoming_id=found.id, version=found.version, choice=DueChoice(day=FRIDAY)
    )
    leader = office.posts["leader"]
    arrivals.do("clerk", routing.submit, incoming_id=found.id, version=found.version, leader_post_id=leader.id)
    clock.now = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    assert run_period(tools, JOB, "2026-11-30T09:00") is Outcome.DONE
    assert [(row.person_id, row.held_by) for row in _rows(tools)] == [(leader.person_id, "leader")]


def test_a_dry_run_takes_each_item_back(tools: Tools, office: Office, clock: Hand) -> None:
    """As in the real run others write between two items, and all of them are in the list."""
    arrivals = Arrivals(office)
    for _document in range(2):
        arrivals.in_progress(due=DueChoice(day=FRIDAY))
    clock.now = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    steps: list[int] = []

    class Others(Watch):
        """Somebody writes at each step."""

        def tell(self, doing: str, done: int, of: int | None) -> None:
            steps.append(done)
            with unit_of_work(tools.engine) as other:
                other.begin_write()
                ledger.hold(other.session, f"step {done}")
                other.commit()

    with unit_of_work(tools.engine) as uow:
        turn = Turn(uow, tools, "2026-11-30T09:00:00", clock.now, clock.now, Others())
        found = rehearse(JOB, turn)
    assert steps == [0, 1]
    assert found["counts"] == {"demanded": 2, "leaders": 0, "nobody": 0, "overtaken": 0}
    specialist = office.posts["specialist"]
    line = {"code": "explanation_demanded", "unit_id": specialist.unit_id, "channel": "app", "count": 2}
    assert (found["told"], found["messages"]) == (2, [line])
    assert _rows(tools) == []
