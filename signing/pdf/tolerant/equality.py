"""Whether two states say the same below a value, however their objects are numbered and stored.

Pages, fields, annotations and the catalog are *fixed*: where one of them is referred to, both states must mean
the same object, and what it holds is compared where it belongs (`difference`), not here.
"""

from __future__ import annotations

from typing import Any

from signing.pdf.objects import PdfArray, PdfDict, PdfString, Ref, Stream
from signing.pdf.same import same
from signing.pdf.tolerant.snapshot import Snapshot, Unreadable
from signing.pdf.xref import EntryKind


def _written(before: Snapshot, after: Snapshot) -> set[int]:
    """Numbers that mean another place in the bytes than before, or one that was not there yet; with an object
    stream, all that is looked for in it, whoever lists them."""
    old, new, end = before.entries, after.entries, before.revision.end
    moved = {num for num in old.keys() | new.keys() if old.get(num) != new.get(num)}
    moved |= {num for num, entry in new.items() if entry.kind is EntryKind.PLAIN and entry.offset >= end}
    packed = {num: entry.container for num, entry in new.items() if entry.kind is EntryKind.COMPRESSED}
    replaced = {num for num in set(packed.values()) if num in moved or _length_of(after, num) in moved}
    return moved | {num for num, container in packed.items() if container in replaced}


def _length_of(view: Snapshot, num: int) -> int:
    """The number of the object that says how long the stream is, 0 where the stream says so itself."""
    found = view.get(Ref(num))
    length = found.dict.get("Length") if isinstance(found, Stream) else None
    return length.num if type(length) is Ref else 0


class Equality:
    """Compares values of `before` with values of `after`; what was found the same is remembered."""

    def __init__(self, before: Snapshot, after: Snapshot, fixed: frozenset[int]) -> None:
        self.before = before
        self.after = after
        self.fixed = fixed
        self._notes: Any = before.file.notes  # type: ignore[attr-defined]
        self._proven: set[tuple[int, int]] = set()
        self._file: Any = before.file
        self._dirty = _written(before, after)

    def holds(self, one: Any, other: Any) -> bool:
        """The same in every part; a key with null is a key that is not there (7.3.7)."""
        met: set[tuple[int, int]] = set()
        waiting = [(one, other)]
        while waiting:
            left, right = waiting.pop()
            self._notes.spend()
            if type(left) is Ref and type(right) is Ref:
                if left.num in self.fixed or right.num in self.fixed:
                    if left.num != right.num:
                        return False
                    continue
                pair = (left.num, right.num)
                if pair in met or pair in self._proven:
                    continue
                met.add(pair)
                if not self._fits_unreadable(left, right):
                    return False
            if not self._same_here(self.before.resolve(left), self.after.resolve(right), waiting):
                return False
        self._proven |= met
        return True

    def untouched(self, name: str, one: Any, other: Any) -> bool:
        """A quick yes for a whole branch: written the same, and nothing below it was written since. What lies
        below branch `name` is remembered from one step to the next."""
        if not same(one, other):
            return False
        number = self.before.revision.number
        known = self._file.branches.get(name)
        below = known[1] if known is not None and known[0] == number else self._below(one)
        clean = below.isdisjoint(self._dirty)
        self._file.branches[name] = (self.after.revision.number if clean else number, below)
        return clean

    @property
    def written(self) -> set[int]:
        """Numbers that mean another place in the bytes than before."""
        return self._dirty

    def is_written(self, num: int) -> bool:
        return num in self._dirty

    def _below(self, start: Any) -> set[int]:
        """Numbers that a branch refers to, existing or not; fixed objects are not entered."""
        found: set[int] = set()
        waiting = [start]
        while waiting:
            value = waiting.pop()
            if type(value) is Ref:
                if value.num in found or value.num in self.fixed:
                    continue
                found.add(value.num)
                value = self.before.get(value)
            self._notes.spend()
            if isinstance(value, Stream):
                value = value.dict
            waiting += (
                value.values() if isinstance(value, PdfDict) else value if isinstance(value, PdfArray) else ()
            )
        return found

    def differing(self, old: PdfDict, new: PdfDict, *, but: frozenset[str] = frozenset()) -> set[str]:
        """Keys whose values are not the same, `but` left out."""
        keys = (set(old) | set(new)) - but
        return {key for key in keys if not self.holds(old.get(key), new.get(key))}

    def _fits_unreadable(self, left: Ref, right: Ref) -> bool:
        """What cannot be read is the same only where it stands in the same bytes."""
        unreadable = isinstance(self.before.get(left), Unreadable) or isinstance(self.after.get(right), Unreadable)
        return not unreadable or (left.num == right.num and left.num not in self._dirty)

    def _same_here(self, left: Any, right: Any, waiting: list[tuple[Any, Any]]) -> bool:
        if isinstance(left, Unreadable) and isinstance(right, Unreadable):
            return True
        if isinstance(left, Stream) and isinstance(right, Stream):
            same_bytes = (left.data is right.data and (left.start, left.end) == (right.start, right.end)) or (
                left.raw == right.raw
            )
            return same_bytes and self._same_dict(left.dict, right.dict, waiting)
        if isinstance(left, PdfDict) and isinstance(right, PdfDict):
            return self._same_dict(left, right, waiting)
        if isinstance(left, PdfArray) and isinstance(right, PdfArray):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
            return True
        if isinstance(left, PdfString) and isinstance(right, PdfString):
            return bytes(left) == bytes(right)
        if type(left) in (int, float) and type(right) in (int, float):
            return bool(left == right)
        return type(left) is type(right) and bool(left == right)

    def _same_dict(self, left: PdfDict, right: PdfDict, waiting: list[tuple[Any, Any]]) -> bool:
        for key in left.keys() | right.keys():
            waiting.append((left.get(key), right.get(key)))
        return True
