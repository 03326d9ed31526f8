"""What a signature allows to happen after it (ISO 32000-2, 12.8.2.2 DocMDP, 12.8.2.4 FieldMDP)."""

from __future__ import annotations

from dataclasses import dataclass

from signing.pdf.objects import Name, PdfDict, PdfString
from signing.pdf.tolerant.snapshot import Snapshot

NOTHING, FILLING, ANNOTATING = 1, 2, 3
DEFAULT = FILLING
"""Table 257: /P is 2 where it is not given; signatures that certify nothing are held to the same."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Fields that must not change: all, the named ones, or all but the named ones."""

    action: str
    names: frozenset[str]

    def holds(self, field: str) -> bool:
        named = any(field == name or field.startswith(name + ".") for name in self.names)
        if self.action == "Include":
            return named
        return not named if self.action == "Exclude" else True


@dataclass(frozen=True, slots=True)
class Permissions:
    """`level` None: this signature certifies nothing."""

    level: int | None
    locks: tuple[Lock, ...]


def permissions(view: Snapshot, value: PdfDict) -> Permissions:
    """What the /Reference of a signature dictionary says. An unreadable level allows nothing."""
    level: int | None = None
    locks: list[Lock] = []
    for item in view.array(value.get("Reference")):
        reference = view.dictionary(item)
        if reference is None:
            continue
        method = reference.get("TransformMethod")
        params = view.dictionary(reference.get("TransformParams")) or PdfDict()
        if isinstance(method, Name) and method == "DocMDP":
            stated = view.resolve(params.get("P", DEFAULT))
            readable = type(stated) is int and NOTHING <= stated <= ANNOTATING
            level = min(level or ANNOTATING, stated if readable else NOTHING)
        elif isinstance(method, Name) and method == "FieldMDP":
            locks.append(_lock(view, params))
    return Permissions(level, tuple(locks))


def _lock(view: Snapshot, params: PdfDict) -> Lock:
    action = params.get("Action")
    listed = (view.resolve(item) for item in view.array(params.get("Fields")))
    names = frozenset(item.text() for item in listed if isinstance(item, PdfString))
    return Lock(str(action) if isinstance(action, Name) else "All", names)
