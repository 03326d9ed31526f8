"""Every job file is in the table, says why, is documented and has a test of its own."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from schedulers import jobs, table
from schedulers.job import Job
from workflow.domain import jobs as rules
from workflow.domain.jobs import Missed

ROOT = Path(__file__).parents[2]
FILES = sorted(path.stem for path in Path(next(iter(jobs.__path__))).glob("*.py") if path.stem != "__init__")


def test_the_table_names_every_file_and_no_name_twice() -> None:
    """A job file that is not in the table would never run."""
    found = [importlib.import_module(f"schedulers.jobs.{name}").JOB for name in FILES]
    assert sorted(found, key=lambda one: one.name) == sorted(table.JOBS, key=lambda one: one.name)
    assert sorted(one.name for one in table.JOBS) == FILES


@pytest.mark.parametrize("job", table.JOBS, ids=lambda job: job.name)
def test_a_job_is_documented_and_tested(job: Job) -> None:
    """A reason, a docstring, a line in docs/jobs.md with its schedule, a test file."""
    assert len(job.why) > 40
    assert inspect.getdoc(importlib.import_module(f"schedulers.jobs.{job.name}"))
    assert inspect.getdoc(job.run)
    lines = (ROOT / "docs" / "jobs.md").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(f"| `{job.name}` |")]
    assert f"| {job.schedule.words()} |" in line
    assert (Path(__file__).parent / f"test_job_{job.name}.py").exists()


def test_every_line_of_the_table_has_its_job() -> None:
    """The page knows lines, processes know jobs; what a line promises the job keeps."""
    assert [one.rule for one in table.JOBS] == list(rules.RULES)
    assert {one.name for one in table.JOBS if one.rehearse} == {one.name for one in rules.RULES if one.dry}
    assert {one.name for one in rules.RULES if one.missed is Missed.EACH and one.keep < 2} == set()
