"""What changed between two texts, word by word, within bounds.

First by lines, which are nearly unique, then by words inside what differs: comparing word by word from the start
would take minutes where two long texts repeat a few words. What is too large for that is shown as replaced whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_LINES = 6000
"""Of each text; about a hundred and fifty pages."""
MOST_LINE_PAIRS = 100_000
MOST_WORD_PAIRS = 20_000
MOST_WORDS_PAIRED = 200_000
"""How often a line, or a word, of one text stands in the other, added up: the work of comparing grows with that and
not with the length. Beyond it, in one place or in all together, what changed is shown as replaced whole."""


class Change(StrEnum):
    """What happened to some words."""

    KEPT = "kept"
    INSERTED = "inserted"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words with the same fate."""

    change: Change
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words with blanks between."""
        return " ".join(self.words)


def differences(before: str, after: str) -> tuple[Run, ...]:
    """The two texts as one row of runs; a line that only breaks elsewhere is no change."""
    old, new = _lines(before), _lines(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    kept_after = Run(Change.KEPT, _words(old[len(old) - tail :]))
    middle = _between(old[head : len(old) - tail], new[head : len(new) - tail])
    runs = (Run(Change.KEPT, _words(old[:head])), *middle)
    return tuple(_joined((*runs, kept_after)))


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many of the first lines are the same."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(old), len(new)))


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """The same of what is left between the same beginning and the same end."""
    if _pairs(old, new) > MOST_LINE_PAIRS:
        yield Run(Change.REMOVED, _words(old))
        yield Run(Change.INSERTED, _words(new))
        return
    left = MOST_WORDS_PAIRED
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Run(Change.KEPT, _words(old[a:b]))
            continue
        gone, come = _words(old[a:b]), _words(new[c:d])
        pairs = _pairs(gone, come)
        yield from _inside(gone, come, whole=pairs > min(MOST_WORD_PAIRS, left))
        left -= min(pairs, left, MOST_WORD_PAIRS)


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    there = Counter(new)
    return sum(times * there[one] for one, times in Counter(old).items())


def _lines(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line][:MOST_LINES]


def _words(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


def _inside(old: Sequence[str], new: Sequence[str], *, whole: bool) -> Iterator[Run]:
    if whole:
        yield Run(Change.REMOVED, tuple(old))
        yield Run(Change.INSERTED, tuple(new))
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Run(Change.KEPT, tuple(old[a:b]))
        else:
            yield Run(Change.REMOVED, tuple(old[a:b]))
            yield Run(Change.INSERTED, tuple(new[c:d]))


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of one kind as one, empty ones left out."""
    held: Run | None = None
    for run in runs:
        if not run.words:
            continue
        if held is not None and held.change is run.change:
            held = Run(run.change, held.words + run.words)
            continue
        if held is not None:
            yield held
        held = run
    if held is not None:
        yield held


@dataclass(frozen=True, slots=True)
class Hunk:
    """A place that changed with a few words around it; `skipped` kept words lie before it."""

    skipped: int
    runs: tuple[Run, ...]


AROUND = 14
"""Kept words that are shown before and after a change."""


def hunks(runs: Sequence[Run], *, around: int = AROUND) -> tuple[Hunk, ...]:
    """The changed places; kept words between two are shown where they are few, else counted."""
    found: list[Hunk] = []
    part: list[Run] = []
    skipped = 0
    for at, run in enumerate(runs):
        if run.change is not Change.KEPT:
            part.append(run)
            continue
        head = run.words[:around] if at > 0 else ()
        tail = run.words[-around:] if at < len(runs) - 1 else ()
        if at > 0 and at < len(runs) - 1 and len(run.words) <= 2 * around:
            part.append(run)
            continue
        if at > 0:
            found.append(Hunk(skipped, (*part, Run(Change.KEPT, head))))
            part = []
        skipped = max(0, len(run.words) - len(head) - len(tail))
        part += [Run(Change.KEPT, tail)] if tail else []
    if any(run.change is not Change.KEPT for run in part):
        found.append(Hunk(skipped, tuple(part)))
    return tuple(found)
