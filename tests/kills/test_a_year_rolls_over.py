"""Midnight on 31 December with four clerks' processes at work, one killed on its first number of the new year."""

from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.support import counts
from tests.support.office import build
from tests.support.registers import NEW_YEAR, Papers
from workflow.domain.errors import Refused
from workflow.services.journal import local_day
from workflow.store.models import Outgoing, RegisterNumber, Series
from workflow.store.session import unit_of_work

WORKERS = 4
SECONDS = counts.times(1, soak=20)
PAPERS = counts.times(320, soak=8000)
"""More than the processes can number in that time; what is left over stays signed."""
WORKER = Path(__file__).with_name("midnight_worker.py")
OLD, NEW = 2026, 2027


def _rolled_over(url: str) -> Counter[tuple[str, str]]:
    """Everybody waits for everybody, then midnight comes; (what, what came of it) → how often."""
    command = [sys.executable, str(WORKER), url]
    clerks = [
        subprocess.Popen([*command, str(share), str(WORKERS), str(SECONDS)], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, text=True)
        for share in range(WORKERS)
    ]  # fmt: skip
    try:
        return _work(clerks)
    finally:
        for clerk in clerks:
            clerk.kill()
            clerk.communicate()


def _work(clerks: list[subprocess.Popen[str]]) -> Counter[tuple[str, str]]:
    for clerk in clerks:
        assert clerk.stdout is not None
        assert clerk.stdout.readline() == "ready\n"
    midnight = time.time() + SECONDS
    told: Counter[tuple[str, str]] = Counter()
    for clerk in clerks:
        assert clerk.stdin is not None
        clerk.stdin.write(f"{midnight}\n")
        clerk.stdin.flush()
    for share, clerk in enumerate(clerks):
        said, _ = clerk.communicate(timeout=300)
        told.update((what, came) for what, came in map(json.loads, said.splitlines()))
        assert clerk.returncode == (-signal.SIGKILL if share == 0 else 0)
    return told


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database_url", counts.on("postgresql"), indirect=True)
def test_no_gap_and_no_double_on_either_side_of_midnight(
    engine: Engine, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new year opens at 01 by itself, December's late papers go into the old one with a reason until it is
    closed, and whoever was killed leaves no hole."""
    papers = Papers(build(engine), now=NEW_YEAR - dt.timedelta(hours=8))
    _signed(papers, PAPERS)
    told = _rolled_over(database_url)
    with unit_of_work(engine) as uow:
        series = {row.year: row for row in uow.session.scalars(select(Series))}
        entries = uow.session.scalars(select(RegisterNumber).order_by(RegisterNumber.number)).all()
        rows = uow.session.scalars(select(Outgoing)).all()
    documents = {row.id: row for row in rows if row.number is not None}
    with capsys.disabled():
        print(
            f"\n{engine.dialect.name}: {series[OLD].last_number} + {series[NEW].last_number} numbers, {dict(told)}"
        )
    assert set(series) == {OLD, NEW}
    for year, row in series.items():
        drawn = [entry.number for entry in entries if entry.year == year]
        assert drawn == list(range(1, row.last_number + 1))
        assert drawn, year
    assert {entry.document_id: (entry.year, entry.number) for entry in entries} == {
        key: (row.year, row.number) for key, row in documents.items()
    }
    for entry in entries:
        drawn_in = local_day(entry.drawn_at).year
        assert bool(entry.reason) == (drawn_in != entry.year), "the old year after midnight: with a reason only"
        assert drawn_in >= entry.year
    assert told["late without a reason", "done"] == 0
    assert told["late without a reason", "late_reason_needed"] > 0
    assert told["close", "done"] == 1
    assert series[OLD].closed_at is not None
    papers.now = NEW_YEAR + dt.timedelta(days=2)
    (left,) = papers.unnumbered(1)
    with pytest.raises(Refused, match="series_closed"):
        papers.number(left, year=OLD, reason="Sót")
    assert papers.number(left).number == series[NEW].last_number + 1


def _signed(papers: Papers, count: int) -> None:
    """By hand on the last afternoon, of secret content: those are issued without a seal of ours."""
    papers.signed_many(count, secret=True, signed_on=dt.date(OLD, 12, 31))
