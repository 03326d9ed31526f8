"""Who refers to what: all references of a revision are held against what there is by then; who holds one object is
looked up when somebody asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from signing.errors import NeedsCare
from signing.pdf.objects import IndirectObject
from signing.pdf.xref import Entry, EntryKind

_MOST_SCANS = 8
"""How often all references are gone through to answer questions; for whoever asks more, an index is made."""


class References:
    """References are kept as they are written: number, white space, generation."""

    def __init__(self) -> None:
        self._usual: set[bytes] = set()
        """How objects of generation 0, nearly all, are referred to."""
        self._unusual: dict[int, set[bytes]] = defaultdict(set)
        self._revisions: list[tuple[dict[int, Entry], list[tuple[int, list[bytes]]]]] = []
        self._index: dict[bytes, set[int]] = {}
        self._answers: dict[int, set[int]] = {}
        self._scanned = 0

    def add(self, entries: dict[int, Entry], own: Iterable[Entry], objects: Iterable[IndirectObject]) -> None:
        """A revision: everything there is by then, what of it is its own, and its own objects. `NeedsCare` for a
        reference to nothing."""
        for entry in own:
            text = b"%d 0" % entry.num
            if entry.gen == 0 and entry.kind is not EntryKind.FREE:
                self._usual.add(text)
            else:
                self._usual.discard(text)
        listed = [(item.num, texts) for item in objects if (texts := item.references())]
        for text in {text for _, texts in listed for text in texts} - self._usual:
            num, gen = map(int, text.split())
            named = entries.get(num)
            if named is None or named.kind is EntryKind.FREE or named.gen != gen:
                raise NeedsCare("dangling_reference", num=num)
            self._unusual[num].add(text)
        self._revisions.append((entries, listed))

    def holders(self, num: int) -> set[int]:
        """The numbers of all objects that refer to this one, in any revision."""
        if num not in self._answers:
            is_unusual = num in self._unusual or self._scanned > _MOST_SCANS * self._size
            self._answers[num] = self._look_up(num) if is_unusual else self._scan(num)
        return self._answers[num]

    @property
    def _size(self) -> int:
        return sum(len(listed) for _, listed in self._revisions)

    def _scan(self, num: int) -> set[int]:
        """A revision in which there was no such object yet does not refer to it."""
        text, lists = b"%d 0" % num, [listed for entries, listed in self._revisions if num in entries]
        self._scanned += sum(map(len, lists))
        return {holder for listed in lists for holder, held in listed if text in held}

    def _look_up(self, num: int) -> set[int]:
        texts = {b"%d 0" % num, *self._unusual.get(num, ())}
        if not self._index:
            self._index = defaultdict(set)
            for _, listed in self._revisions:
                for holder, held in listed:
                    for text in held:
                        self._index[text].add(holder)
        return set().union(*(self._index.get(text, ()) for text in texts))
