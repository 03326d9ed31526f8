"""The files of this repository, for fences: what git knows or would take, else what lies in the source folders."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("workflow", "signing", "schedulers", "tests", "bench", "docs")
MADE = frozenset({"__pycache__", "dist", "node_modules"})
"""Folders that hold nothing written by hand."""


@cache
def files() -> tuple[Path, ...]:
    """Every file, relative to `ROOT`, in a fixed order."""
    found = _known_to_git() if (ROOT / ".git").exists() else _lying_there()
    return tuple(sorted(path for path in found if (ROOT / path).is_file()))


def _known_to_git() -> Iterator[Path]:
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return (Path(name) for name in done.stdout.decode().split("\0") if name)


def _lying_there() -> Iterator[Path]:
    yield from (path.relative_to(ROOT) for path in ROOT.iterdir() if path.is_file())
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*"):
            if not MADE & set(path.relative_to(ROOT).parts):
                yield path.relative_to(ROOT)


def python(*folders: str) -> tuple[Path, ...]:
    """Python files, of some folders or of all."""
    return tuple(path for path in files() if path.suffix == ".py" and (not folders or _within(path, folders)))


def _within(path: Path, folders: tuple[str, ...]) -> bool:
    return any(path == Path(folder) or Path(folder) in path.parents for folder in folders)


def text(path: Path) -> str:
    """Its content."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """Its syntax tree."""
    return ast.parse(text(path), filename=str(path))
