"""The root over all heads against a literal reading of RFC 6962, and proofs under it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.errors import BadInput
from workflow.domain.journal import GENESIS
from workflow.domain.merkle import (
    EMPTY_ROOT,
    Leaf,
    checkpoint,
    inclusion_proof,
    merkle_root,
    proves,
    shortened,
)

NOON = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)


def leaves(count: int) -> list[Leaf]:
    return [
        Leaf(f"outgoing:{n}", n + 1, hashlib.sha256(str(n).encode()).hexdigest(), f"{n:032x}") for n in range(count)
    ]


def as_the_rfc_says(digests: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, by recursion on the largest power of two below n."""
    if len(digests) == 1:
        return digests[0]
    split = 1
    while split * 2 < len(digests):
        split *= 2
    left, right = as_the_rfc_says(digests[:split]), as_the_rfc_says(digests[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100])
def test_root_equals_the_recursion_of_the_rfc(count: int) -> None:
    """Level by level gives the same root as the RFC's recursion, for odd counts too."""
    every = leaves(count)
    assert merkle_root(every) == as_the_rfc_says([leaf.digest() for leaf in every]).hex()


def test_the_empty_tree() -> None:
    """No leaves: the hash of nothing."""
    assert merkle_root([]) == EMPTY_ROOT == hashlib.sha256(b"").hexdigest()


@given(count=st.integers(1, 70), data=st.data())
def test_every_leaf_is_provable_and_no_other(count: int, data: st.DataObject) -> None:
    """A proof holds for its leaf and place, and fails for a changed leaf, place, count or proof."""
    every = leaves(count)
    index = data.draw(st.integers(0, count - 1))
    root, proof = merkle_root(every), inclusion_proof(every, index)
    facts = {"index": index, "count": count, "proof": proof, "root": root}
    assert proves(every[index], **facts)
    assert not proves(dataclasses.replace(every[index], length=999), **facts)
    assert not proves(every[index], **(facts | {"proof": (*proof, GENESIS)}))
    assert not proves(every[index], **(facts | {"root": GENESIS}))
    assert not proves(every[index], **(facts | {"index": count}))
    if proof:
        assert not proves(every[index], **(facts | {"proof": proof[:-1]}))
        assert not proves(every[index], **(facts | {"index": index ^ 1}))


def test_a_leaf_that_is_not_there_has_no_proof() -> None:
    """Asking past the end is refused."""
    with pytest.raises(BadInput, match="leaf_out_of_range"):
        inclusion_proof(leaves(3), 3)


def test_checkpoints_name_their_predecessor() -> None:
    """A checkpoint changes with its root, its count, its moment and everything before it."""
    first = checkpoint(leaves(3), previous=None, at=NOON)
    second = checkpoint(leaves(4), previous=first, at=NOON + dt.timedelta(hours=1))
    assert (first.previous, first.count) == (GENESIS, 3)
    assert second.previous == first.digest()
    changes = ({"count": 5}, {"root": GENESIS}, {"previous": GENESIS}, {"at": NOON})
    digests = {dataclasses.replace(second, **change).digest() for change in changes}
    assert len(digests | {second.digest()}) == 5


def test_lost_and_shortened_chains_are_named() -> None:
    """Lengths never fall: a removed document or entry shows from one checkpoint to the next."""
    assert shortened({"a": 3, "b": 2, "c": 1}, {"a": 3, "b": 1, "d": 9}) == ("b", "c")
