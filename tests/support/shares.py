"""Which process runs which files: what takes longest begins first, so that no core idles at the end.

A file stays in one process, with its browser or its town; so do the files that share the demo province, lest one
process wait while another makes it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

FIRST = ("demo", "sweep", "kills", "schedulers", "journeys", "signing", "reading", "services", "attacks", "web")
"""Folders below `tests/`; all others follow, the smallest files last."""
TOGETHER = "tests/demo/"
ALONE = "pytest.mark.alone"
"""A test that is alone says so in its own file: the other files are not even imported for the last step."""


def arranged(items: list[pytest.Item]) -> list[pytest.Item]:
    """By folder as `FIRST` has it, then the files with most tests first; each file in its own order."""
    sizes: dict[str, int] = {}
    for item in items:
        sizes[file_of(item.nodeid)] = sizes.get(file_of(item.nodeid), 0) + 1

    def place(item: pytest.Item) -> tuple[int, int, str]:
        file = file_of(item.nodeid)
        folder = file.split("/")[1] if "/" in file else ""
        return FIRST.index(folder) if folder in FIRST else len(FIRST), -sizes[file], file

    return sorted(items, key=place)


def alone_in(root: Path) -> list[str]:
    """The files that hold tests which are `alone`."""
    files = sorted((root / "tests").rglob("test_*.py"))
    return [str(file.relative_to(root)) for file in files if ALONE in file.read_text("utf-8")]


def hidden(items: list[pytest.Item]) -> list[str]:
    """Tests that are `alone` without a word of it in their file: no step would run them."""
    alone = [item for item in items if item.get_closest_marker("alone")]
    return [item.nodeid for item in alone if ALONE not in item.path.read_text("utf-8")]


def file_of(nodeid: str) -> str:
    """The file that a test stands in."""
    return nodeid.partition("::")[0]


class ByFile(LoadScopeScheduling):
    """Hands out whole files, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else file_of(nodeid)
