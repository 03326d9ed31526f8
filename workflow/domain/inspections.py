"""Inspection teams (Chế độ kiểm tra): who may do what in one, reproducible samples, findings and commitments.

A team reads the papers of the units that its founding decision names, from the first day of the decision to the
last. What it finds stays open beyond that: the unit answers, the team's head accepts, and neither needs the papers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What somebody is to an inspection; one may be several things."""

    FOUNDER = "founder"
    """Put it on record, or administers the agency whose inspection it is."""
    HEAD = "head"
    """Heads the team."""
    MEMBER = "member"
    """Of the team, its head too."""
    UNIT = "unit"
    """Heads an inspected unit: answers, and sees who looked at what."""


class Act(StrEnum):
    """What changes an inspection."""

    GRANT = "grant"
    REVOKE = "revoke"
    END = "end"
    VISIT = "visit"
    SAMPLE = "sample"
    FIND = "find"
    ANSWER = "answer"
    ACCEPT = "accept"
    PROMISE = "promise"
    TELL = "tell"
    REPORT = "report"


WHO: dict[Act, frozenset[Standing]] = {
    Act.GRANT: frozenset({Standing.FOUNDER}),
    Act.REVOKE: frozenset({Standing.FOUNDER}),
    Act.END: frozenset({Standing.FOUNDER}),
    Act.VISIT: frozenset({Standing.HEAD}),
    Act.SAMPLE: frozenset({Standing.MEMBER}),
    Act.FIND: frozenset({Standing.MEMBER}),
    Act.ANSWER: frozenset({Standing.UNIT}),
    Act.ACCEPT: frozenset({Standing.HEAD}),
    Act.PROMISE: frozenset({Standing.MEMBER, Standing.UNIT}),
    Act.TELL: frozenset({Standing.UNIT, Standing.HEAD}),
    Act.REPORT: frozenset({Standing.MEMBER}),
}

IN_MODE = frozenset({Act.SAMPLE})
"""Acts that read the units' papers: only in the inspection, never before its first day or after its last one."""


def may(standings: Iterable[Standing], act: Act) -> bool:
    """Whether one of these may do that."""
    return not WHO[act].isdisjoint(standings)


class Look(StrEnum):
    """What a member opened."""

    DOCUMENT = "document"
    FILE = "file"
    LIST = "list"
    REGISTER = "register"
    DOSSIER = "dossier"
    REPORT = "report"
    EXPORT = "export"
    SEARCH = "search"
    SAMPLE = "sample"


class FindingState(StrEnum):
    """Where a finding stands; late is no state of its own but a question of the day."""

    OPEN = "open"
    CORRECTED = "corrected"
    ACCEPTED = "accepted"


class CommitmentState(StrEnum):
    """What came of a promise."""

    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"


class CommitmentKind(StrEnum):
    """What is counted apart: promises, and tasks of a unit's plan."""

    COMMITMENT = "commitment"
    PLAN = "plan"


def late(state: FindingState, due_on: dt.date, *, today: dt.date, answered_on: dt.date | None) -> bool:
    """Whether a correction is late: past its day without an answer, or answered only after it."""
    if state is FindingState.OPEN:
        return today > due_on
    return answered_on is not None and answered_on > due_on


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of a population. `code`: what stands on the paper or in the register, alike for everybody."""

    code: str
    document_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document of a sample with the key that put it there."""

    place: int
    one: Listed
    key: str


def sort_key(seed: str, code: str) -> str:
    """SHA-256 over the UTF-8 bytes of the seed, a line feed and the code, as 64 lower-case hex digits."""
    return hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest()


def list_hash(population: Iterable[Listed]) -> str:
    """SHA-256 over the codes in rising order of their bytes, each followed by a line feed."""
    codes = sorted(one.code.encode() for one in population)
    return hashlib.sha256(b"".join(code + b"\n" for code in codes)).hexdigest()


def draw(population: Sequence[Listed], *, seed: str, size: int, per_unit: bool) -> tuple[Drawn, ...]:
    """The first `size` documents by `sort_key` (equal keys by code): of each unit, or of all together.

    Nothing else goes in, so whoever has the list and the seed draws the same.
    """
    if per_unit:
        units = sorted({one.unit_id for one in population})
        picked = [_first([one for one in population if one.unit_id == unit], seed, size) for unit in units]
        chosen = [pair for some in picked for pair in some]
    else:
        chosen = _first(population, seed, size)
    return tuple(Drawn(place, one, key) for place, (key, one) in enumerate(chosen, 1))


def _first(population: Sequence[Listed], seed: str, size: int) -> list[tuple[str, Listed]]:
    keyed = sorted(
        ((sort_key(seed, one.code), one) for one in population), key=lambda pair: (pair[0], pair[1].code)
    )
    return keyed[:size]


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of so many: promises done, tasks of the plan done, units inspected."""

    done: int
    whole: int
