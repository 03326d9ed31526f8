"""What can be wrong with an installation, one small function each, in words that say what to mend.

`trinhky serve` refuses to start over a `REFUSE`; `trinhky doctor` prints everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflow.config import Settings


class Level(StrEnum):
    """How bad."""

    REFUSE = "refuse"
    """Unsafe: the service does not start."""
    WARN = "warn"
    """Works, but somebody should mend it."""
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one thing."""

    level: Level
    about: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a check may look at."""

    settings: Settings
    environ: Mapping[str, str]


Check = Callable[[Installation], Iterator[Finding]]


def refuse(about: str, sentence: str) -> Finding:
    """Unsafe."""
    return Finding(Level.REFUSE, about, sentence)


def warn(about: str, sentence: str) -> Finding:
    """To be mended."""
    return Finding(Level.WARN, about, sentence)


def fine(about: str, sentence: str) -> Finding:
    """As it should be."""
    return Finding(Level.FINE, about, sentence)


def run(checks: Iterable[Check], installation: Installation) -> list[Finding]:
    """Every finding of every check."""
    return [finding for check in checks for finding in check(installation)]
