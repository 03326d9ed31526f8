"""One root over the heads of all chains, and proofs that a head is under it (RFC 6962, section 2.1).

Leaf prefix 0x00, node prefix 0x01, split at the largest power of two below the count. A leaf holds subject,
chain length, head and a salt, so that a published proof tells nothing about its neighbours. Each checkpoint
names the one before it; chain lengths never fall from one to the next.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.errors import BadInput
from workflow.domain.journal import GENESIS, canonical_json, utc_text

EMPTY_ROOT = hashlib.sha256(b"").hexdigest()
"""Root of no leaves at all."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The end of one chain. `salt`: random hex kept beside the head."""

    subject: str
    length: int
    head: str
    salt: str

    def digest(self) -> bytes:
        """SHA-256 over 0x00 and the leaf's canonical form."""
        return _leaf_digest(canonical_json([self.subject, self.length, self.head, self.salt]))


def merkle_root(leaves: Iterable[Leaf]) -> str:
    """Root over the leaves in the order given (callers sort by subject)."""
    level = [leaf.digest() for leaf in leaves]
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        level = joined(level)
    return level[0].hex()


def inclusion_proof(leaves: Sequence[Leaf], index: int) -> tuple[str, ...]:
    """The sibling hashes from the leaf up to the root (RFC 6962, section 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise BadInput("leaf_out_of_range", index=index, count=len(leaves))
    level = [leaf.digest() for leaf in leaves]
    proof = []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            proof.append(level[sibling].hex())
        level = joined(level)
        index //= 2
    return tuple(proof)


def proves(leaf: Leaf, *, index: int, count: int, proof: Sequence[str], root: str) -> bool:
    """Does the proof lead from this leaf, at this place among `count`, to this root?"""
    if not 0 <= index < count:
        return False
    digest, last, steps = leaf.digest(), count - 1, list(proof)
    while last > 0:
        if index % 2 == 1 or index < last:
            if not steps:
                return False
            sibling = bytes.fromhex(steps.pop(0))
            digest = _node(sibling, digest) if index % 2 == 1 else _node(digest, sibling)
        index, last = index // 2, last // 2
    return not steps and digest.hex() == root


def joined(level: Sequence[bytes]) -> list[bytes]:
    """The level above: pairs are joined; an odd last one moves up unchanged, which equals the RFC's split."""
    pairs = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return pairs + list(level[-1:]) if len(level) % 2 else pairs


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A root at a moment; its digest is what a timestamp authority stamps and what is kept outside."""

    root: str
    count: int
    previous: str
    at: dt.datetime

    def digest(self) -> str:
        """SHA-256 over root, number of leaves, the digest of the checkpoint before, and the moment."""
        facts = {"at": utc_text(self.at), "count": self.count, "previous": self.previous, "root": self.root}
        return hashlib.sha256(canonical_json(facts)).hexdigest()


def checkpoint(leaves: Iterable[Leaf], *, previous: Checkpoint | None, at: dt.datetime) -> Checkpoint:
    """The checkpoint after `previous` over every chain there is."""
    every = tuple(leaves)
    return Checkpoint(merkle_root(every), len(every), previous.digest() if previous else GENESIS, at)


def shortened(earlier: Mapping[str, int], later: Mapping[str, int]) -> tuple[str, ...]:
    """Subjects whose chain is gone or shorter than at an earlier checkpoint: entries were removed."""
    return tuple(sorted(name for name, length in earlier.items() if later.get(name, 0) < length))


def _leaf_digest(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
