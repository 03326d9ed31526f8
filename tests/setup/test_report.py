"""The test runner's own reading of a run: nothing left out unseen, no folder over its time unseen."""

from __future__ import annotations

from pathlib import Path

from tests.support.report import Case, over_budget, read, skipped

JUNIT = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="tests.domain.test_a" name="test_quick" time="0.5"/>
<testcase classname="tests.journeys.test_b" name="test_left" time="0">
<skipped message="not installed: chromium"/></testcase>
</testsuite></testsuites>"""


def test_a_left_out_test_is_told_with_its_reason(tmp_path: Path) -> None:
    """In CI that fails the run."""
    (tmp_path / "main.xml").write_text(JUNIT)
    cases = read(tmp_path)
    assert [case.folder for case in cases] == ["domain", "journeys"]
    assert skipped(cases) == "left out: 1 (tests/journeys/test_b::test_left, …): not installed: chromium\n"
    assert skipped(cases[:1]) == ""


def test_a_folder_over_its_budget_names_its_ten_slowest() -> None:
    """Folders of one budget are added up; the others stay silent."""
    cases = [Case("domain", f"d{number}", 8.0, None) for number in range(10)]
    cases += [Case("signing", f"s{number}", 9.0 + number, None) for number in range(10)]
    cases += [Case("web", "w", 100.0, None)]
    lines = over_budget(cases).splitlines()
    assert lines[0] == "over budget: domain, signing took 215 s of 90 s; the slowest:"
    assert lines[1].endswith("18.0 s  s9")
    assert len(lines) == 11


def test_folders_without_a_budget_of_their_own_share_one() -> None:
    """So that a new folder is not free."""
    assert over_budget([Case("fences", "f", 200.0, None), Case("setup", "s", 40.0, None)]) == ""
    assert over_budget([Case("fences", "f", 200.0, None), Case("setup", "s", 90.0, None)]).startswith(
        "over budget: fences, setup took 290 s"
    )
