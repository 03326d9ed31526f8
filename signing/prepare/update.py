"""Appending one revision to a PDF (ISO 32000-2, 7.5.6): new bytes after the old ones, none of which change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from signing.errors import NeedsCare
from signing.pdf import PdfFile, Ref, XrefKind, read
from signing.prepare.serialise import serialise, stream


@dataclass(frozen=True, slots=True)
class Appended:
    """The longer file, and where each object of the new revision starts in it."""

    data: bytes
    offsets: dict[int, int]


class Update:
    """Collects objects, then writes them with a plain cross-reference table and trailer."""

    def __init__(self, data: bytes, file: PdfFile | None = None) -> None:
        self.data = data
        self.file = file or read(data)
        if self.file.revisions[-1].xref_kind is not XrefKind.TABLE:
            raise NeedsCare("xref_stream")
        self._next = self.file.size
        self._bodies: dict[int, bytes] = {}
        self._generations: dict[int, int] = {}

    def reserve(self) -> Ref:
        """A new object number, for objects that refer to each other."""
        ref = Ref(self._next, 0)
        self._next += 1
        return ref

    def put(self, ref: Ref, value: Any) -> Ref:
        """Write `value` as this object, whether it is new or replaces an older one."""
        return self.put_raw(ref, serialise(value))

    def put_raw(self, ref: Ref, body: bytes) -> Ref:
        self._bodies[ref.num] = body
        self._generations[ref.num] = ref.gen
        return ref

    def add(self, value: Any) -> Ref:
        return self.put(self.reserve(), value)

    def add_stream(self, dictionary: Mapping[str, Any], raw: bytes) -> Ref:
        return self.put_raw(self.reserve(), stream(dictionary, raw))

    def finish(self) -> Appended:
        """The old bytes, the new objects, table and trailer."""
        start = b"" if self.data.endswith((b"\n", b"\r")) else b"\n"
        parts, offsets, at = [start], {}, len(self.data) + len(start)
        for num in sorted(self._bodies):
            offsets[num] = at
            part = b"%d %d obj\n" % (num, self._generations[num]) + self._bodies[num] + b"\nendobj\n"
            parts.append(part)
            at += len(part)
        parts.append(self._table(offsets))
        parts.append(b"trailer\n" + serialise(self._trailer(parts)) + b"\nstartxref\n%d\n%%%%EOF\n" % at)
        return Appended(self.data + b"".join(parts), offsets)

    def _table(self, offsets: Mapping[int, int]) -> bytes:
        lines = [b"xref\n"]
        for first, count in _runs(offsets):
            lines.append(b"%d %d\n" % (first, count))
            lines += [
                b"%010d %05d n \n" % (offsets[num], self._generations[num]) for num in range(first, first + count)
            ]
        return b"".join(lines)

    def _trailer(self, parts: list[bytes]) -> dict[str, Any]:
        """Root, Info and the first half of the ID stay; the second half is computed from what is appended."""
        old = self.file.trailer
        kept = {key: old[key] for key in ("Root", "Info") if key in old}
        fresh = hashlib.sha256(b"".join(parts)).digest()[:16]
        ids = old.get("ID")
        first = bytes(ids[0]) if isinstance(ids, list) and ids else fresh
        return {"Size": self._next} | kept | {"Prev": self.file.startxref, "ID": [first, fresh]}


def _runs(numbers: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Consecutive object numbers as (first, count)."""
    first = count = 0
    for num in sorted(numbers):
        if count and num == first + count:
            count += 1
            continue
        if count:
            yield first, count
        first, count = num, 1
    if count:
        yield first, count
