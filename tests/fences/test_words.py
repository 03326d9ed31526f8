"""Nothing of anybody's workplace is in the tree: no home folders, no package indexes, no lock of another tool."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import tree

HOME = re.compile(r"(?<![\w.~-])/(?:home|Users)/[a-z_][\w.-]*|(?<![\w./~-])/roo[t]/|[A-Z]:\\+Users\\", re.ASCII)
"""Absolute paths of somebody's folder: Linux, macOS, Windows, and the administrator's own."""

INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|https?://", re.IGNORECASE)
LOCKS = ("requirements.lock", "requirements-dev.lock")
NPM_LOCK = Path("workflow/web/npm/package-lock.json")
BINARY = frozenset(
    {".png", ".webp", ".pdf", ".p12", ".pfx", ".der", ".crl", ".ico", ".woff2", ".ttf", ".db", ".gz"}
)


def readable() -> list[Path]:
    """Every text file of the tree."""
    return [path for path in tree.files() if path.suffix not in BINARY]


def test_no_home_folder_is_named() -> None:
    """Paths in code and documents are relative, or those that every machine has."""
    found = {
        f"{path}: {hit[0]}"
        for path in readable()
        for hit in HOME.finditer((tree.ROOT / path).read_text(encoding="utf-8", errors="replace"))
    }
    assert found == set()


@pytest.mark.parametrize("name", LOCKS)
def test_python_locks_name_no_index(name: str) -> None:
    """An office with an index of its own installs from it, with the same hashes."""
    lock = tree.text(Path(name))
    assert INDEX.findall(lock) == []
    pinned = re.findall(r"^([a-z0-9][\w.-]*(?:\[[\w,-]+\])?==\S+)", lock, re.MULTILINE)
    hashes = re.findall(r"^    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
    assert len(hashes) >= len(pinned) >= 45


def test_the_npm_lock_names_no_registry() -> None:
    """Entries are known by their SHA-512; where they come from is the installer's own setting."""
    lock = tree.text(NPM_LOCK)
    assert '"resolved"' not in lock
    assert INDEX.findall(lock) == []
    assert lock.count('"integrity": "sha512-') >= 4


def test_no_lock_of_another_tool_is_kept() -> None:
    """`uv.lock` writes down hosts; whoever makes one by `uv run` keeps it to themselves."""
    assert [path for path in tree.files() if path.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []
    assert "uv.lock" in tree.text(Path(".gitignore")).split()


@pytest.mark.parametrize("start", ["/home", "/Users", "C:\\Users"])
def test_home_folders_are_seen(start: str) -> None:
    """The positive control, and what is no home folder."""
    slash = "\\" if "\\" in start else "/"
    assert HOME.search(f"open('{start}{slash}lan/papers')")
    assert HOME.search(f"see {'/ro' + 'ot'}/papers")
    assert not HOME.search("GET /documents/home, href='/users/4', signing/root/key, {{ root }}/x")
