"""Which lines of a morning report stand behind a figure, and how many of them a page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.domain.outgoing import State

SHOWN = 200
"""Lines of one list on the page; more are counted, and the spreadsheet holds them."""

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """Lines of one list: those that stand on the page, and how many there are."""

    lines: Sequence[Line] = ()
    whole: int = 0

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Shown:
        """The first of them."""
        return cls(lines[:SHOWN], len(lines))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a page lists; a list that was not asked for is empty."""

    outgoing: Shown = field(default_factory=Shown)
    arrivals: Shown = field(default_factory=Shown)
    parts: Shown = field(default_factory=Shown)
    owed: Shown = field(default_factory=Shown)

    @property
    def outgoing_keys(self) -> set[int]:
        """Outgoing documents on the page."""
        return {line["document"] for line in self.outgoing.lines}

    @property
    def incoming_keys(self) -> set[int]:
        """Incoming ones, of all three lists."""
        return {line["document"] for shown in (self.arrivals, self.parts, self.owed) for line in shown.lines}


def chosen(content: Mapping[str, Any], show: str) -> Chosen:
    """The lines behind a figure: `unsigned`, `signer:5`, `reason:not_opened`, `why:5:not_opened`, `step:draft:7`,
    `soon:draft:7`, `in-overdue`, `in:directed:unit_head:7`, `parts`, `owed`; all lists where none is named."""
    kind, _colon, rest = show.partition(":")
    if kind in _OUTGOING:
        keeps = _OUTGOING[kind](rest)
        return Chosen(outgoing=Shown.of([line for line in content["items"] if keeps(line)]))
    arrivals, parts, owed = _of_arrivals(content)
    if kind in _ARRIVALS:
        keeps = _ARRIVALS[kind](rest)
        return Chosen(arrivals=Shown.of([line for line in arrivals if keeps(line)]))
    if kind in {"parts", "parts-overdue", "parts-soon"}:
        when = kind.partition("-")[2]
        return Chosen(parts=Shown.of([line for line in parts if not when or line["when"] == when]))
    if kind in {"owed", "late"}:
        return Chosen(owed=Shown.of([line for line in owed if kind == "owed" or line["late"]]))
    return Chosen(Shown.of(content["items"]), Shown.of(arrivals), Shown.of(parts), Shown.of(owed))


def _of_arrivals(content: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Line], Sequence[Line]]:
    if "arrivals" not in content:
        return (), (), ()
    return content["arrivals"], content["parts"]["items"], content["explanations"]["items"]


Keeps = Callable[[Line], bool]


def _unsigned(line: Line) -> bool:
    return bool(line["state"] == State.AWAITING_SIGNATURE)


_OUTGOING: dict[str, Callable[[str], Keeps]] = {
    "unsigned": lambda _rest: _unsigned,
    "overdue": lambda _rest: lambda line: line["overdue"],
    "soon": lambda rest: lambda line: line.get("soon", False) and (not rest or _step(line) == rest),
    "signer": lambda rest: lambda line: _unsigned(line) and str(line["signer"]) == rest,
    "reason": lambda rest: lambda line: line.get("reason") == rest,
    "why": lambda rest: lambda line: f"{line['signer']}:{line.get('reason')}" == rest,
    "step": lambda rest: lambda line: line["overdue"] and _step(line) == rest,
}
_ARRIVALS: dict[str, Callable[[str], Keeps]] = {
    "in-overdue": lambda rest: lambda line: line["when"] == "overdue" and (not rest or _held(line) == rest),
    "in-soon": lambda rest: lambda line: line["when"] == "soon" and (not rest or _held(line) == rest),
    "in-own": lambda _rest: lambda line: line["document_overdue"],
}


def _step(line: Line) -> str:
    return f"{line['state']}:{line['holder']}"


def _held(line: Line) -> str:
    return f"{line['state']}:{line['held_by']}:{line['holder']}"


@dataclass(slots=True)
class Step:
    """Overdue and due soon in one step of one holder, each with the address of its list."""

    incoming: bool
    state: str
    holder: int | None
    held_by: str | None = None
    overdue: int = 0
    soon: int = 0

    @property
    def rest(self) -> str:
        """What `show` calls it."""
        held = f"{self.held_by}:" if self.incoming else ""
        return f"{self.state}:{held}{self.holder}"


def steps(content: Mapping[str, Any]) -> list[Step]:
    """Every step and holder with something overdue or due soon, the most overdue first."""
    found: dict[tuple[Any, ...], Step] = {}
    for name in ("overdue", "soon"):
        for line in content.get(name, {}).get("by_step", ()):
            key = (False, line["state"], None, line["holder"])
            one = found.setdefault(key, Step(False, line["state"], line["holder"]))
            setattr(one, name, line["total"])
        for line in content.get("incoming", {}).get(name, {}).get("by", ()):
            key = (True, line["state"], line["held_by"], line["holder"])
            one = found.setdefault(key, Step(True, line["state"], line["holder"], line["held_by"]))
            setattr(one, name, line["total"])
    return sorted(found.values(), key=lambda one: (-one.overdue, -one.soon, one.incoming, one.rest))
