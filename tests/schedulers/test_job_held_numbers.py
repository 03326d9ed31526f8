"""The job `held_numbers`: told each day from the last one on, and nothing is freed by a clock."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.office import Office
from tests.support.registers import Papers
from workflow.services.registers.holding import Hold, cancel, hold, remind
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work

JOB = job("held_numbers")


def _run(tools: Tools, clock: Hand, day: int) -> list[tuple[int | None, str]]:
    """The morning of a day in November; (person, subject) of every notice there is then."""
    clock.now = dt.datetime(2026, 11, day, 0, 30, tzinfo=dt.UTC)
    assert run_period(tools, JOB, f"2026-11-{day}") is Outcome.DONE
    return _notes(tools)


def _notes(tools: Tools) -> list[tuple[int | None, str]]:
    with unit_of_work(tools.engine) as uow:
        notes = uow.session.scalars(
            select(Outbox).where(Outbox.link.startswith("/register?register=")).order_by(Outbox.id)
        )
        return [(note.person_id, note.subject) for note in notes]


def test_a_number_over_its_day_is_told_daily_and_stays_held(tools: Tools, office: Office, clock: Hand) -> None:
    """The clerk and whom it is for hear on the last day and on each one after it, until somebody ends it."""
    papers = Papers(office)
    drafter, clerk = office.posts["drafter"].person_id, office.posts["clerk"].person_id
    wish = Hold(reason="Nghị quyết kỳ họp", person_id=drafter, until=dt.date(2026, 11, 25))
    held = papers.do(hold, register_id=papers.register(), wish=wish)
    assert _run(tools, clock, 24) == []
    told = _run(tools, clock, 25)
    assert {person for person, _subject in told} == {drafter, clerk}
    assert told[0][1].startswith("Số 01/2026 (Sổ văn bản đi) giữ đến 25/11/2026: dùng hoặc hủy")
    assert len(_run(tools, clock, 26)) == 4
    with unit_of_work(tools.engine) as uow:  # by hand, after the day's run
        assert remind(uow, now=clock.now) == 1
        uow.commit()
    assert len(_notes(tools)) == 4
    assert papers.lines() == [(2026, 1, "held", "")]
    papers.now = clock.now
    papers.do(cancel, number_id=held.id, reason="Hết hạn giữ, không dùng")
    assert len(_run(tools, clock, 27)) == 4
    assert papers.number().number == 2
