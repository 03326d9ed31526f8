"""The process: it ticks at once, and ends within two seconds whatever it is doing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from schedulers import table
from tests.support.office import build
from workflow.store.session import make_engine

SLOW_MAIL = """
import sys, time
import schedulers.jobs.outbox as outbox
from schedulers import table
from schedulers.__main__ import main
from dataclasses import replace
def hang(turn):
    print("hanging", flush=True)
    time.sleep(60)
table.JOBS = (replace(outbox.JOB, run=hang),)
main()
"""

SLOW_END = """
import atexit
from schedulers import table
from schedulers.__main__ import main
class Heap:
    def __del__(self):
        print("taken apart", flush=True)
kept = Heap()
atexit.register(print, "children ended")
table.JOBS = ()
main()
"""


def _environ(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "TRINHKY_DATABASE_URL": sqlite_url,
        "TRINHKY_BLOB_URL": str(tmp_path / "blobs"),
        "TRINHKY_SECRET_KEY": "k" * 32,
    }


def _start(command: list[str], environ: dict[str, str], *, ignoring: str = "") -> subprocess.Popen[str]:
    shell = ["/bin/sh", "-c", f"trap '' {ignoring}; exec \"$@\"" if ignoring else 'exec "$@"', "sh", *command]
    return subprocess.Popen(
        shell, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0
    )


def _stop(process: subprocess.Popen[str], number: signal.Signals) -> float:
    """Seconds from the signal to the end."""
    began = time.monotonic()
    process.send_signal(number)
    process.wait(timeout=10)
    return time.monotonic() - began


@pytest.mark.alone
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_it_catches_up_at_once_and_stops_fast(sqlite_url: str, tmp_path: Path, number: signal.Signals) -> None:
    """Also where it inherited SIGINT as ignored, as background jobs of a shell do."""
    engine = make_engine(sqlite_url)
    build(engine)
    engine.dispose()
    process = _start([sys.executable, "-m", "schedulers"], _environ(sqlite_url, tmp_path), ignoring="INT")
    assert process.stderr is not None
    seen: list[str] = []
    while "housekeeping" not in [line.get("job") for line in map(json.loads, seen)]:
        seen.append(process.stderr.readline())
    assert _stop(process, number) < 2
    assert process.returncode == 0
    _out, errors = process.communicate()
    rest = [json.loads(line) for line in errors.splitlines()]
    assert rest[-1]["event"] == "scheduler_stopped"
    bad = [line for line in map(json.loads, seen) if line["level"] not in {"info"}]
    assert bad == []


@pytest.mark.alone
def test_a_job_that_hangs_does_not_hold_it_up(sqlite_url: str, tmp_path: Path) -> None:
    """Its period stays leased; the next process takes it over."""
    process = _start([sys.executable, "-c", SLOW_MAIL], _environ(sqlite_url, tmp_path))
    assert process.stdout is not None
    assert process.stdout.readline() == "hanging\n"
    assert _stop(process, signal.SIGTERM) < 2
    process.communicate()
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT job, state FROM job_run")).all() == [("outbox", "running")]
    engine.dispose()


def test_it_ends_without_taking_the_interpreter_apart(sqlite_url: str, tmp_path: Path) -> None:
    """On a loaded machine that takes seconds. What is to be done at the end of a process is done."""
    process = _start([sys.executable, "-c", SLOW_END], _environ(sqlite_url, tmp_path))
    assert process.stderr is not None
    assert json.loads(process.stderr.readline())["event"] == "scheduler_started"
    process.send_signal(signal.SIGTERM)
    out, _errors = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "children ended\n")


def test_the_list_of_jobs_needs_no_database() -> None:
    """`--list` says when and why."""
    done = subprocess.run(
        [sys.executable, "-m", "schedulers", "--list"], capture_output=True, text=True, check=True, timeout=60
    )
    assert [line.split()[0] for line in done.stdout.splitlines()] == [one.name for one in table.JOBS]
    assert "working days 07:00" in done.stdout


def test_libraries_log_json_too() -> None:
    """One line each; that a look was left out because one goes on is none."""
    program = """
import logging
from schedulers import logs
logs.configure()
logging.getLogger("apscheduler.scheduler").warning("skipped")
logging.getLogger("a.library").warning("%s of %s", 1, "2 %")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    (line,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert (line["event"], line["level"]) == ("1 of 2 %", "warning")
