"""What one file of the suite is: what is wrong with it, what a viewer shows, what a verifier must say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from signing.testing.attacks.office import AT, Office


class Kind(StrEnum):
    """`EITHER`: odd or by the rules of its time; yes and no may both be right, facets and a calm answer count."""

    GOOD = "good"
    BAD = "bad"
    EITHER = "either"


class Difference(StrEnum):
    """How a bad file differs from its good twin, and in nothing else."""

    ANYTHING = "anything"
    TAIL = "tail"  # the twin with bytes behind it
    HOLE = "hole"  # only inside the strings of /Contents
    NOTHING = "nothing"  # the same bytes; only the question differs


Facets = Mapping[str, Mapping[str, tuple[Any, ...]]]
"""Field → facet as in `signing verify --json` → allowed values."""

PASSED = ("passed",)
REFUSED = ("failed", "indeterminate")
ANY = ("passed", "failed", "indeterminate")
UNREAD = ("failed", "indeterminate", "malformed")
"""For what need not be a PDF at all to a verifier."""
NO_SIGNATURE = ("unsigned", "failed", "indeterminate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the verifier is given beside the file. None: the office's own roots and lists."""

    roots: tuple[bytes, ...] | None = None
    crls: tuple[bytes, ...] | None = None
    at: datetime = AT


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    kind: Kind
    verdicts: tuple[str, ...]
    facets: Facets
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`name` is `class/defect`; `make` gives the file, `ask` the question when it is not the usual one. With
    `content` the file is a detached signature of it."""

    name: str
    says: str
    make: Callable[[Office], bytes]
    shows: str = ""
    kind: Kind = Kind.BAD
    twin: str = ""
    differs: Difference = Difference.ANYTHING
    verdicts: tuple[str, ...] = REFUSED
    facets: Facets = field(default_factory=dict)
    ask: Callable[[Office], Question] = lambda office: Question()
    suffix: str = ".pdf"
    content: Callable[[Office], bytes] | None = None

    @property
    def attack(self) -> str:
        """The class, after the first part of the name."""
        return self.name.split("/")[0]

    @property
    def file(self) -> str:
        return f"files/{self.name}{self.suffix}"

    @property
    def content_file(self) -> str | None:
        """Where the signed content stands, for a detached signature."""
        return None if self.content is None else f"files/{self.name}.data"

    def expectation(self, office: Office) -> Expectation:
        return Expectation(kind=self.kind, verdicts=self.verdicts, facets=self.facets, question=self.ask(office))

    def about(self, **facets: Any) -> Case:
        """With facets of the leader's signature: `case.about(integrity="intact")`."""
        leader = {name: value if isinstance(value, tuple) else (value,) for name, value in facets.items()}
        return replace(self, facets={**self.facets, "leader": leader})


def good(name: str, says: str, make: Callable[[Office], bytes], **more: Any) -> Case:
    """A file that must be accepted."""
    return Case(name=name, says=says, make=make, kind=Kind.GOOD, verdicts=PASSED, **more)


def bad(name: str, says: str, make: Callable[[Office], bytes], **more: Any) -> Case:
    """A file that must never be accepted."""
    return Case(name=name, says=says, make=make, **more)


def later(name: str, says: str, make: Callable[[Office], bytes], **more: Any) -> Case:
    """A bad file that is its twin with something appended."""
    return Case(name=name, says=says, make=make, differs=Difference.TAIL, **more)


def either(name: str, says: str, make: Callable[[Office], bytes], **more: Any) -> Case:
    """A file about which `verdicts` and facets say what is right."""
    return Case(name=name, says=says, make=make, **{"kind": Kind.EITHER, "verdicts": ANY, **more})
