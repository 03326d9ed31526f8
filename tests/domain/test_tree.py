"""A tree grown a few leaves at a time has the root of one made from scratch, for little work."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.errors import Conflict
from workflow.domain.merkle import EMPTY_ROOT, Leaf, merkle_root
from workflow.domain.tree import Climbed, Replay, climb


class Shelf:
    """Leaves, kept nodes, and how many of them were asked for."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.asked = 0

    def fetch(self, level: int, places: Collection[int]) -> Mapping[int, bytes]:
        self.asked += len(places)
        if level == 0:
            return {place: self.leaves[place].digest() for place in places}
        return {place: self.nodes[level, place] for place in places if (level, place) in self.nodes}

    def take(self, places: Collection[int], length: int) -> Climbed:
        """Chains grow, or begin at the end."""
        for place in sorted(places):
            head = hashlib.sha256(f"{place} {length}".encode()).hexdigest()
            self.leaves[place : place + 1] = [Leaf(f"outgoing:{place}", length, head, f"{place:032x}")]
        changed = {place: self.leaves[place].digest() for place in places}
        climbed = climb(changed, count=len(self.leaves), fetch=self.fetch)
        self.nodes.update(climbed.nodes)
        return climbed


@given(st.lists(st.tuples(st.integers(0, 40), st.sets(st.integers(0, 400))), min_size=1, max_size=8))
def test_grown_roots_are_those_made_from_scratch(hours: list[tuple[int, set[int]]]) -> None:
    """Whatever begins and grows in each hour, by the climb and by the replay."""
    shelf, replay = Shelf(), Replay()
    for length, (begun, grown) in enumerate(hours, start=1):
        count = len(shelf.leaves)
        places = {place for place in grown if place < count} | set(range(count, count + begun))
        if places:
            climbed = shelf.take(places, length)
            for place in sorted(places):
                assert replay.put(place, shelf.leaves[place].digest())
            assert climbed.root == merkle_root(shelf.leaves)
        assert replay.root() == merkle_root(shelf.leaves)
        assert all(replay.kept(*key) == digest for key, digest in shelf.nodes.items())


def test_an_hour_costs_what_happened_in_it() -> None:
    """Seven chains of 5,000 cost as much as seven of 1,250, but for one more level."""
    costs = []
    for count in (1_250, 5_000):
        shelf = Shelf()
        shelf.take(range(count), 1)
        shelf.asked = 0
        climbed = shelf.take(range(0, count, count // 7), 2)
        costs.append((shelf.asked, len(climbed.nodes)))
    assert costs[1][0] <= costs[0][0] + 16 * 8
    assert costs[1][1] <= costs[0][1] + 8


def test_a_lost_node_and_a_hole_are_refused() -> None:
    """Nothing is guessed."""
    shelf = Shelf()
    shelf.take(range(40), 1)
    del shelf.nodes[1, 2]
    with pytest.raises(Conflict, match="anchor_nodes_missing"):
        shelf.take([0], 2)
    replay = Replay()
    assert not replay.put(1, bytes(32))
    assert replay.root() == EMPTY_ROOT
