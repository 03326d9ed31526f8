"""One question about one file of the suite, and what a validator may answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

SECONDS = 20
"""After this a validator is said to have given up on a file."""


class Answer(StrEnum):
    """`NONE`: saw no signature at all; `BROKE`: an exception or a crash; `GAVE_UP`: not within `SECONDS`;
    `UNASKED`: it does not read this kind of file."""

    YES = "yes"
    NO = "no"
    NONE = "none"
    BROKE = "broke"
    GAVE_UP = "gave up"
    UNASKED = "–"


@dataclass(frozen=True, slots=True)
class Said:
    answer: Answer
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A line of index.json with its files read; `expected` are the allowed verdicts."""

    name: str
    kind: str
    defect: str
    path: Path
    content: Path | None
    expected: tuple[str, ...]
    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    at: datetime

    @property
    def attack(self) -> str:
        return self.name.split("/")[0]


class Validator(Protocol):
    """`note`: what it was given and what counts as a yes."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def note(self) -> str: ...
    def judge(self, task: Task) -> Said: ...
    def close(self) -> None: ...


def tasks(folder: Path) -> Iterator[Task]:
    """What the index of a written suite asks."""
    index: dict[str, Any] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    for row in index["cases"]:
        yield Task(
            name=row["name"],
            kind=row["kind"],
            defect=row["defect"],
            path=folder / row["file"],
            content=folder / row["detached"] if row["detached"] else None,
            expected=tuple(row["expected"]["verdicts"]),
            roots=tuple((folder / path).read_bytes() for path in row["trust"]),
            crls=tuple((folder / path).read_bytes() for path in row["crls"]),
            at=datetime.fromisoformat(row["at"]),
        )
