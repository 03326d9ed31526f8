"""The job `unsigned`: one report per unit for each working morning, by the ledger and from the shell."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from schedulers.__main__ import main
from schedulers.job import Tools
from schedulers.runner import Outcome, run_due, run_period
from schedulers.table import job
from tests.support.office import Office
from workflow.store.models import Report
from workflow.store.session import unit_of_work

UNSIGNED = job("unsigned")


def test_every_unit_has_one_report_a_morning(tools: Tools, office: Office) -> None:
    """Every unit, each of the six working mornings since the last, however often the clock ticks."""
    assert run_period(tools, UNSIGNED, "2026-11-13") is Outcome.DONE
    for _tick in range(3):
        run_due(tools, UNSIGNED)
    with unit_of_work(tools.engine) as uow:
        rows = uow.session.execute(select(Report.period, func.count()).group_by(Report.period))
        counts = {row[0]: row[1] for row in rows}
    assert counts == dict.fromkeys(
        ("2026-11-13", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-23"),
        len(office.units),
    )


def test_the_cut_off_is_the_schedules_not_the_clocks(tools: Tools, office: Office) -> None:
    """Run at noon, it still speaks of 07:00."""
    assert run_period(tools, UNSIGNED, "2026-11-23") is Outcome.DONE
    with unit_of_work(tools.engine) as uow:
        report = uow.session.scalars(select(Report).limit(1)).one()
    assert report.body["cut_off"] == "2026-11-23T00:00:00.000000Z"
    assert report.made_at == tools.clock()


def test_once_from_the_command_line(tools: Tools, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what it did, and the second time that it was done already; nonsense gets a sentence.

    The first is a process as an administrator starts it; the others run here, which imports nothing anew.
    """
    given = {
        "TRINHKY_DATABASE_URL": tools.settings.database_url, "TRINHKY_SECRET_KEY": "k" * 32,
        "TRINHKY_BLOB_URL": tools.settings.blob_url,
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    day = ("unsigned", "--day", "2025-11-24")
    command = [sys.executable, "-m", "schedulers", "--once", *day]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "unsigned 2025-11-24: done: reports=7 open=0 messages=0\n"

    def once(*more: str) -> tuple[int, str]:
        told = CliRunner().invoke(main, ["--once", *more])
        return told.exit_code, told.stdout or told.stderr.rpartition("Error: ")[2]

    assert once(*day) == (0, "unsigned 2025-11-24: done already: reports=7 open=0 messages=0\n")
    assert once("unsigned", "--day", "2099-01-01")[0] == 1
    assert once("unsigned", "--day", "tomorrow") == (1, "period_unreadable text='tomorrow'\n")
    assert once("coffee")[0] == 1
