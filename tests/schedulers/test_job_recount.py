"""The job `recount`: the last three closed months every night, older ones in turn, each kept by itself."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, text

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support import months
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.periods import months_until
from workflow.store.models import FrozenMonth, JobRun, MonthRecount
from workflow.store.session import unit_of_work

JOB = job("recount")
DAY = dt.timedelta(days=1)


def counted(tools: Tools) -> dict[str, dt.datetime]:
    """Month → when it was counted again last."""
    with unit_of_work(tools.engine) as uow:
        query = select(FrozenMonth.month, MonthRecount.at).join(
            MonthRecount, MonthRecount.frozen_id == FrozenMonth.id
        )
        return {row[0]: row[1] for row in uow.session.execute(query)}


def test_three_every_night_and_the_others_in_turn(tools: Tools, office: Office, clock: Hand) -> None:
    """Six closed months: after three nights each was counted again; drift in an old one is found in its turn, in
    each population that had the document."""
    (key,) = add_issued(office, issued_row(office, issued_at=NOON - 150 * DAY))
    for one in months_until((NOON - 30 * DAY).date(), count=6):
        months.close(tools.engine, office.units["commune"], one, now=NOON)
    with tools.engine.begin() as connection:
        connection.execute(text("UPDATE outgoing SET seal_verdict = '' WHERE id = :key"), {"key": key})
    results = []
    for night in (1, 2, 3):
        clock.now = NOON + night * DAY
        assert run_period(tools, JOB, f"{clock.now:%Y-%m-%d}") is Outcome.DONE
        with unit_of_work(tools.engine) as uow:
            row = uow.session.scalars(select(JobRun).order_by(JobRun.id.desc()).limit(1)).one()
            results.append((row.result["months"], row.result["new_drifts"]))
    assert results == [(4, 0), (4, 3), (4, 0)]
    found = counted(tools)
    assert len(found) == 6
    assert [month for month, at in found.items() if at == clock.now] == ["2026-07", "2026-08", "2026-09", "2026-10"]
