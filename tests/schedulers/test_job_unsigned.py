"""The job `unsigned`: one report per unit for each working morning, by the ledger and from the shell."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from schedulers.__main__ import main
from schedulers.job import Tools
from schedulers.runner import Outcome, run_due, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.office import Office
from workflow.domain.people import Actor
from workflow.services import jobs
from workflow.services.documents.drafting import DraftFacts, create
from workflow.store.models import JobRun, Outbox, Report
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


def test_run_again_on_a_day_it_stores_and_tells_nobody_twice(tools: Tools, office: Office, clock: Hand) -> None:
    """Who presses "run now" wants newer figures; the morning's mail is not sent again."""
    with unit_of_work(tools.engine) as uow:
        facts = DraftFacts(type_code="letter", subject="V/v việc để lâu")
        create(uow, office.actor("drafter"), facts=facts, now=clock.now - dt.timedelta(days=20))
        uow.commit()
    assert run_period(tools, UNSIGNED, "2026-11-23") is Outcome.DONE
    admin = Actor.of(office.posts["admin"], address="127.0.0.1", at_top=True)
    told = []
    for _press in range(2):
        clock.now += dt.timedelta(minutes=1)
        with unit_of_work(tools.engine) as uow:
            told.append(len(uow.session.scalars(select(Outbox.id)).all()))
            jobs.ask_run(uow, admin, job="unsigned", now=clock.now)
            uow.commit()
        assert list(run_due(tools, UNSIGNED).values()) == [Outcome.DONE]
    with unit_of_work(tools.engine) as uow:
        told.append(len(uow.session.scalars(select(Outbox.id)).all()))
        reports = uow.session.scalar(select(func.count()).select_from(Report))
        lines = uow.session.scalars(select(JobRun).order_by(JobRun.id))
        assert [line.result["messages"] for line in lines] == [told[0], 0, 0]
    assert (told, reports) == ([told[0]] * 3, 3 * len(office.units))
    assert told[0] > 1


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
