"""The tree of RFC 6962 grown a few leaves at a time: the root of `merkle.merkle_root` without the other leaves.

Places are never given anew, so a node over full places changes only when a leaf under it does. `climb` is the
hour's work: from the changed leaves up, sixteen children a node, so k leaves among N cost about k * log16(N) nodes.
`Replay` is the night's: every root there ever was, from the leaves in the order of their anchors.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.errors import Conflict
from workflow.domain.merkle import EMPTY_ROOT, joined

WIDTH = 16
"""Children of a kept node; a power of two, so that the kept nodes are nodes of the binary tree."""

_BITS = WIDTH.bit_length() - 1

SIZE = 32
"""Bytes of a digest."""

Fetch = Callable[[int, Collection[int]], Mapping[int, bytes]]
"""(level, places) → digests as they stand; level 0 are the leaves."""


@dataclass(frozen=True, slots=True)
class Climbed:
    """The new root, and every kept node that changed: (level, place) → digest. Leaves are not among them."""

    root: str
    nodes: Mapping[tuple[int, int], bytes]


def fold(digests: Sequence[bytes]) -> bytes:
    """The node over some neighbours, the first of which begins a full node."""
    level = list(digests)
    while len(level) > 1:
        level = joined(level)
    return level[0]


def climb(changed: Mapping[int, bytes], *, count: int, fetch: Fetch) -> Climbed:
    """From changed or new leaves to the root over `count` of them. Asks once a level for what it does not know.

    Raises `Conflict("anchor_nodes_missing")` where a kept node is gone: it has to be worked out from all leaves.
    """
    known, nodes, level, width = dict(changed), dict[tuple[int, int], bytes](), 0, count
    while width > 1:
        parents = sorted({place // WIDTH for place in known})
        under = {parent: range(parent * WIDTH, min((parent + 1) * WIDTH, width)) for parent in parents}
        wanted = [child for children in under.values() for child in children if child not in known]
        held = {**(fetch(level, wanted) if wanted else {}), **known}
        if any(child not in held for child in wanted):
            raise Conflict("anchor_nodes_missing", level=level)
        known = {parent: fold([held[child] for child in children]) for parent, children in under.items()}
        level, width = level + 1, -(-width // WIDTH)
        nodes.update(((level, place), digest) for place, digest in known.items())
    return Climbed(known[0].hex() if count else EMPTY_ROOT, nodes)


class Replay:
    """A tree in memory whose leaves are set one by one: 64 bytes for each."""

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]
        self._touched: set[int] = set()

    def __len__(self) -> int:
        return len(self._levels[0]) // SIZE

    def put(self, place: int, digest: bytes) -> bool:
        """Set a leaf, or add the next one; False where there would be a hole before it."""
        leaves = self._levels[0]
        if place > len(self):
            return False
        leaves[place * SIZE : (place + 1) * SIZE] = digest
        self._touched.add(place)
        return True

    def kept(self, level: int, place: int) -> bytes:
        """What `climb` keeps at a place, after `root`; empty where the tree has no such node."""
        if level and place >= -(-len(self) // WIDTH**level):
            return b""
        nodes = self._levels[min(level * _BITS, len(self._levels) - 1)]
        return bytes(nodes[place * SIZE : (place + 1) * SIZE])

    def root(self) -> str:
        """Over all leaves as they stand now."""
        touched, width, level = self._touched, len(self), 0
        self._touched = set()
        while width > 1:
            if level + 1 == len(self._levels):
                self._levels.append(bytearray())
            below, above = self._levels[level], self._levels[level + 1]
            touched = {place // 2 for place in touched}
            for place in sorted(touched):
                pair = below[place * 2 * SIZE : min(place * 2 + 2, width) * SIZE]
                above[place * SIZE : (place + 1) * SIZE] = fold(
                    [bytes(pair[begin : begin + SIZE]) for begin in range(0, len(pair), SIZE)]
                )
            width, level = -(-width // 2), level + 1
        return self._levels[level][:SIZE].hex() if width else EMPTY_ROOT
