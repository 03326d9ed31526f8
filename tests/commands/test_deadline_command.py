"""`trinhky deadline`: every published vector, through the real command, without and with a database."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.support.office import build
from workflow.cli import main
from workflow.store.models import CalendarDay, Unit
from workflow.store.session import make_engine, unit_of_work

VECTORS = [
    ("2024-04-26", 2, "2024-05-03"),
    ("2024-05-03", 1, "2024-05-04"),
    ("2025-01-24", 1, "2025-02-03"),
    ("2025-12-31", 2, "2026-01-06"),
    ("2026-01-08", 2, "2026-01-10"),
    ("2026-02-13", 3, "2026-02-25"),
    ("2026-04-24", 2, "2026-04-29"),
    ("2026-08-21", 1, "2026-08-22"),
    ("2026-08-28", 3, "2026-09-07"),
    ("2026-11-23", 1, "2026-11-25"),
    ("2027-02-03", 1, "2027-02-11"),
]


def run(*words: str, url: str | None = None) -> tuple[int, str]:
    """Exit status and what was printed."""
    done = CliRunner(env={"TRINHKY_DATABASE_URL": url}).invoke(main, ["deadline", *words])
    return done.exit_code, done.output


@pytest.mark.parametrize(("start", "count", "due"), VECTORS)
def test_the_published_vectors(start: str, count: int, due: str) -> None:
    """The date alone on the last line; a day as people write it means the same."""
    assert run(start, "--working-days", str(count)) == (0, f"{due}\n")
    assert run("/".join(reversed(start.split("-"))), "--working-days", str(count)) == (0, f"{due}\n")


def test_as_a_process() -> None:
    """The command itself, with nothing set."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TRINHKY_")}
    command = [sys.executable, "-m", "workflow.cli", "deadline", "2025-12-31", "--working-days", "2"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "2026-01-06"


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (("2026-11-23", "--days", "5"), "2026-11-30"),
        (("2026-11-23", "--hours", "8"), "2026-11-23"),
        (("2026-11-23T16:00", "--hours", "2"), "2026-11-25"),
    ],
)
def test_days_and_hours(words: tuple[str, ...], due: str) -> None:
    """A day off moves on; hours are office hours and count from the time that is given."""
    status, output = run(*words)
    assert (status, output.splitlines()[-1]) == (0, due)


@pytest.mark.parametrize(
    "words",
    [
        ("2026-11-23",), ("2026-11-23", "--days", "1", "--hours", "1"), ("2026-11-23", "--days", "0"),
        ("yesterday", "--days", "1"), ("2026-11-23", "--days", "1", "--unit", "H99"), ("2031-01-01", "--days", "1"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_sentence(words: tuple[str, ...]) -> None:
    """And another exit status."""
    status, output = run(*words)
    assert status in {1, 2}
    assert "Error: " in output


def test_the_database_speaks_and_a_unit_has_its_saturdays(sqlite_url: str) -> None:
    """A day that an administrator wrote down, and a desk that is open on Saturday mornings."""
    engine = make_engine(sqlite_url)
    office = build(engine)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, office.units["economy"]).saturday = "07:30-11:30"
        uow.session.query(CalendarDay).filter_by(day=dt.date(2026, 11, 24)).delete()
        uow.commit()
    engine.dispose()
    assert run("2026-11-23", "--working-days", "1", url=sqlite_url) == (0, "2026-11-24\n")
    assert run("2026-11-27", "--working-days", "1", "--unit", "H99.01.02", url=sqlite_url) == (0, "2026-11-28\n")
    assert run("2026-11-27", "--working-days", "1", "--unit", "H99.01.03", url=sqlite_url) == (0, "2026-11-30\n")
    assert run("2026-11-27", "--working-days", "1", "--unit", "nowhere", url=sqlite_url)[0] == 1
