"""`python -m bench` keeps its contract; no benchmark is run here."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import verify
from bench.harness import Measured, interleave, missed, result
from bench.machine import cpu_seconds
from bench.papers import Paper
from bench.writers import working
from workflow.config import project_folder

FIGURES = {"page": [4.0, 6.0, 20.0], "hello": [1.0, 2.0, 2.0]}
RATIOS = {"page_over_hello": ("page", "hello")}


def measured(limit: float, *, broken: tuple[str, ...] = ()) -> dict[str, object]:
    """Three rounds with the ratios 4, 3 and 10."""
    goals = {"page_over_hello": ("<=", limit)}
    return result("toy", Measured(figures=FIGURES, ratios=RATIOS, goals=goals, broken=broken), runs=3)


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    """Not the ratio of medians: the sides of one round share their weather."""
    assert measured(8)["ratios"] == {"page_over_hello": 4.0}
    assert set(measured(8)) >= {"name", "ratios", "goals", "medians", "runs", "machine"}


@pytest.mark.parametrize(("limit", "count"), [(4, 0), (3.9, 1)])
def test_a_goal_is_met_or_missed(limit: float, count: int) -> None:
    """At the limit it is met."""
    assert len(missed(measured(limit))) == count


def test_figures_that_count_for_nothing_fail() -> None:
    """However good the ratio."""
    assert missed(measured(8, broken=("only 12 rows",))) == ["only 12 rows"]


def test_a_goal_without_its_ratio_is_missed() -> None:
    """A renamed ratio must not pass by silence."""
    assert missed({**measured(8), "ratios": {}})


def test_rounds_are_interleaved_and_turn() -> None:
    """No side is always the first one."""
    calls: list[str] = []

    def side(name: str) -> Callable[[], float]:
        return lambda: float(calls.append(name) is None)

    figures = interleave({"a": side("a"), "b": side("b")}, 2, warm=1)
    assert calls == ["b", "a", "a", "b", "b", "a"]
    assert figures == {"a": [1.0, 1.0], "b": [1.0, 1.0]}


def test_an_unknown_benchmark_is_an_error() -> None:
    """With the list of those there are, and nothing on stdout."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "none"], cwd=project_folder(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "benchmarks: " in done.stderr


def test_the_result_is_one_line_of_json() -> None:
    """So that a script can read the last line."""
    line = json.dumps(measured(8))
    assert "\n" not in line
    assert json.loads(line)["goals"] == {"page_over_hello": ["<=", 8]}


def test_cpu_time_of_a_process_is_counted() -> None:
    """In seconds, of this very process."""
    before = cpu_seconds(os.getpid())
    sum(number * number for number in range(2_000_000))
    assert cpu_seconds(os.getpid()) > before


def test_verify_names_what_it_measures() -> None:
    """Every goal has its ratio, and every ratio two sides that are measured or made from what is."""
    sides = {"ours", "ours_cold", "ours_issued", "ours_one", "ours_sixteen", "limit", "pdfsig", "pdfsig_issued"}
    sides |= {"pyhanko", "pyhanko_kept", "pyhanko_issued"}
    sides |= {f"{name}_{size}" for name in ("ours", "pyhanko", "limit") for size in verify.SIZES}
    assert set(verify.GOALS) < set(verify.RATIOS)
    assert {side for pair in verify.RATIOS.values() for side in pair} <= sides


def test_verify_is_broken_where_one_side_answers_otherwise(tmp_path: Path) -> None:
    """Figures of a verifier that refuses a good file, or takes a tampered one, count for nothing."""
    good, bad = (Paper(path=tmp_path / name, data=b"", size="1MB") for name in ("good.pdf", "bad.pdf"))
    judges: dict[str, verify.Judge] = {"right": lambda paper: paper is good, "kind": lambda _paper: True}
    assert verify.disagreements(judges, [good], [bad]) == ("kind accepts bad.pdf",)
    assert verify.disagreements({"stern": lambda _paper: False}, [good], [bad]) == ("stern refuses good.pdf",)


@pytest.mark.parametrize("killed", [False, True])
def test_writers_leave_no_folder(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, killed: bool
) -> None:
    """What they upload is gone when they are told to end, and when one was ended from outside."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with working(sqlite_url, writers=2):
        [folder] = (tmp_path / "temporary").glob("bench-blobs-*")
        (folder / "a file").write_bytes(b"%PDF")
        for process in multiprocessing.active_children() if killed else []:
            process.kill()
    assert not list((tmp_path / "temporary").iterdir())
