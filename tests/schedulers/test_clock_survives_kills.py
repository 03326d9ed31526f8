"""Every period's reports exactly once, every message once, whatever is killed when.

Four processes on PostgreSQL, two on SQLite, forked from a warm parent, run the same periods in orders of their own
with leases of 0.3 s and kill themselves after the claim, after the reports, before the commit or after it, until
all periods are done. At least 12 forced take-overs here, at least 100 over 300 periods in `make soak`.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from tests.support import counts
from tests.support.office import Office, build
from workflow.services.documents.drafting import DraftFacts, create
from workflow.store.models import JobRun, Outbox, Report
from workflow.store.session import unit_of_work

FIRST_DAY = dt.date(2026, 1, 5)
PERIODS = counts.times(16, soak=300)
TAKE_OVERS = counts.times(12, soak=100)
DEADLY = counts.times(90, soak=60)
"""Per cent of periods that a process does not survive, until so many were taken over."""
PROCESSES = {"postgresql": 4, "sqlite": 2}
WORKER = Path(__file__).with_name("clock_worker.py")


def _old_drafts(office: Office) -> None:
    """Something to tell each morning: two drafts that nobody ever submits."""
    facts = DraftFacts(type_code="letter", subject="V/v việc để lâu", secret=True)
    with unit_of_work(office.engine) as uow:
        for days in (10, 20):
            since = dt.datetime.combine(FIRST_DAY - dt.timedelta(days=days), dt.time(3), dt.UTC)
            create(uow, office.actor("drafter"), facts=facts, now=since)
        uow.commit()


def _run_until_done(url: str, processes: int) -> int:
    """How many processes were killed until no period was open."""
    numbers = [str(number) for number in (PERIODS, TAKE_OVERS, processes, DEADLY)]
    command = [sys.executable, str(WORKER), url, FIRST_DAY.isoformat(), *numbers]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3000, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_each_report_and_each_message_once(
    engine: Engine, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts are printed; none is doubled, none is missing."""
    office = build(engine)
    _old_drafts(office)
    kills = _run_until_done(database_url, PROCESSES[engine.dialect.name])
    days = [(FIRST_DAY + dt.timedelta(days=n)).isoformat() for n in range(PERIODS)]
    with unit_of_work(engine) as uow:
        reports = list(uow.session.execute(select(Report.period, Report.unit_id).order_by(Report.id)))
        causes = list(uow.session.scalars(select(Outbox.once_key)))
        attempts = uow.session.scalar(select(func.sum(JobRun.attempt))) or 0
    name = engine.dialect.name
    with capsys.disabled():
        print(
            f"\n{name}: {PROCESSES[name]} processes, {PERIODS} periods, {kills} kills -9, "
            f"{attempts - PERIODS} take-overs: {len(reports)} reports, {len(causes)} messages, "
            "none twice, none missing"
        )
    assert sorted((row[0], row[1]) for row in reports) == sorted(
        (day, unit) for day in days for unit in office.units.values()
    )
    assert sorted(causes) == sorted(cause for day in days for cause in _causes(office, day))
    assert min(kills, attempts - PERIODS) >= TAKE_OVERS


def _causes(office: Office, day: str) -> list[str]:
    commune, economy = office.units["commune"], office.units["economy"]
    leader, head = office.posts["leader"].person_id, office.posts["head"].person_id
    return [
        f"unsigned:{day}:unit:{commune}",
        f"unsigned:{day}:unit:{commune}:person:{leader}",
        f"unsigned:{day}:unit:{economy}",
        f"unsigned:{day}:unit:{economy}:person:{head}",
    ]
