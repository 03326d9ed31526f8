"""What the JUnit files of a run tell: tests left out, and folders that took longer than they may."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

BUDGETS_S = {
    ("domain", "signing"): 90,
    ("store", "services"): 340,
    ("web",): 200,
    ("journeys",): 180,
    ("sweep",): 320,
    ("kills",): 60,
    ("demo",): 130,
    ("schedulers",): 205,
}
"""Seconds for folders below `tests/`, added up over processes: what they took on two cores with 8,494 tests, less
what was saved since. Raise one only together with its reason."""
REST_S = 280
"""For all other folders together."""
SLOWEST = 10


@dataclass(frozen=True, slots=True)
class Case:
    """One test as it ran."""

    folder: str
    name: str
    seconds: float
    skipped: str | None


def read(folder: Path) -> list[Case]:
    """Every test of every JUnit file."""
    return [case for path in sorted(folder.glob("*.xml")) for case in read_file(path)]


def read_file(path: Path) -> list[Case]:
    """Files are ours, written a moment ago."""
    cases = []
    for element in ElementTree.parse(path).iter("testcase"):
        parts = (element.get("classname") or "").split(".")
        skip = element.find("skipped")
        cases.append(
            Case(
                folder=parts[1] if len(parts) > 1 else "",
                name=f"{'/'.join(parts)}::{element.get('name')}",
                seconds=float(element.get("time") or 0),
                skipped=None if skip is None else (skip.get("message") or "no reason given"),
            )
        )
    return cases


def skipped(cases: list[Case]) -> str:
    """Each reason with its number of tests; empty where all ran."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        if case.skipped is not None:
            reasons[case.skipped].append(case.name)
    return "".join(f"left out: {len(names)} ({names[0]}, …): {why}\n" for why, names in sorted(reasons.items()))


def over_budget(cases: list[Case]) -> str:
    """For each group of folders over its budget, its ten slowest tests; empty where none is."""
    named = {name for folders in BUDGETS_S for name in folders}
    rest = tuple(sorted({case.folder for case in cases} - named))
    lines = []
    for folders, budget in {**BUDGETS_S, rest: REST_S}.items():
        inside = [case for case in cases if case.folder in folders]
        total = sum(case.seconds for case in inside)
        if total > budget:
            lines.append(f"over budget: {', '.join(folders)} took {total:.0f} s of {budget} s; the slowest:")
            slowest = sorted(inside, key=lambda case: -case.seconds)[:SLOWEST]
            lines += [f"  {case.seconds:7.1f} s  {case.name}" for case in slowest]
    return "".join(line + "\n" for line in lines)
