"""Certificate policies, mappings and their counters (NIST PKITS 4.8–4.12, by class of defect)."""

from __future__ import annotations

import time

import pytest

from signing.path.check import PathResult
from signing.reasons import Conclusion, Reason
from signing.testing import paths as p
from tests.signing.path.twins import Twins
from tests.signing.path.world import World

twin = Twins()
P1, P2, P3, ANY = (
    "2.16.840.1.101.3.2.1.48.1",
    "2.16.840.1.101.3.2.1.48.2",
    "2.16.840.1.101.3.2.1.48.3",
    "2.5.29.32.0",
)
EXPLICIT = {"explicit_policy": True}


def two_steps(*, above: tuple[bytes, ...], below: tuple[bytes, ...], **wanted: object) -> PathResult:
    """leaf (below) ← A (above) ← Root"""
    world = World()
    return world.check(world.leaf(world.authority("A", None, *above), *below), **wanted)


def three_steps(
    top: tuple[bytes, ...], middle: tuple[bytes, ...], leaf: tuple[bytes, ...], **wanted: object
) -> PathResult:
    """leaf ← B (middle) ← A (top) ← Root"""
    world = World()
    b = world.authority("B", world.authority("A", None, *top), *middle)
    return world.check(world.leaf(b, *leaf), **wanted)


def test_one_policy_all_the_way() -> None:
    """leaf (P1) ← A (P1) ← Root: valid under P1, whoever asks for it."""
    chain = {"above": (p.policies(P1),), "below": (p.policies(P1),)}
    for wanted in ({}, EXPLICIT, {"policies": (P1,), **EXPLICIT}, {"policies": (P1, P2), **EXPLICIT}):
        result = two_steps(**chain, **wanted)
        assert (result.verdict, result.policies) == (Conclusion.PASSED, (P1,)), wanted
    assert two_steps(**chain, policies=(P2,), **EXPLICIT).reason is Reason.POLICY_NOT_MET
    assert two_steps(**chain, policies=(P2,)).verdict is Conclusion.PASSED


@twin(Reason.POLICY_NOT_MET)
def no_policies_where_one_is_demanded(good: bool) -> PathResult:
    """leaf ← A ← Root, none says a policy; demanded by the caller"""
    return two_steps(above=(), below=(), explicit_policy=not good)


@twin(Reason.POLICY_NOT_MET)
def different_policies(good: bool) -> PathResult:
    """leaf (P2) ← A (P1) ← Root"""
    return two_steps(above=(p.policies(P1),), below=(p.policies(P1 if good else P2),), **EXPLICIT)


@twin(Reason.POLICY_NOT_MET)
def policy_lost_in_the_middle(good: bool) -> PathResult:
    """leaf (P1) ← B (P2) ← A (P1) ← Root"""
    return three_steps((p.policies(P1),), (p.policies(P1 if good else P2),), (p.policies(P1),), **EXPLICIT)


def test_any_policy_stands_for_all() -> None:
    """leaf (any) ← A (any) ← Root: valid under whatever is asked for; leaf (P1) ← A (any): under P1 only."""
    every = (p.policies(ANY),)
    assert two_steps(above=every, below=every, policies=(P2,), **EXPLICIT).policies == (P2,)
    assert two_steps(above=every, below=every, **EXPLICIT).policies == (ANY,)
    assert two_steps(above=every, below=(p.policies(P1),), policies=(P1,), **EXPLICIT).policies == (P1,)
    assert (
        two_steps(above=every, below=(p.policies(P1),), policies=(P2,), **EXPLICIT).reason is Reason.POLICY_NOT_MET
    )
    assert two_steps(above=(p.policies(P1),), below=every, policies=(P1,), **EXPLICIT).policies == (P1,)
    assert (
        two_steps(above=(p.policies(P1),), below=every, policies=(P2,), **EXPLICIT).reason is Reason.POLICY_NOT_MET
    )


@twin(Reason.POLICY_NOT_MET)
def explicit_policy_demanded_by_an_authority(good: bool) -> PathResult:
    """leaf (no policy) ← A (P1, requireExplicitPolicy 0) ← Root"""
    above = (p.policies(P1), p.policy_constraints(explicit=0))
    return two_steps(above=above, below=(p.policies(P1),) if good else ())


@twin(Reason.POLICY_NOT_MET)
def explicit_policy_demanded_further_down(good: bool) -> PathResult:
    """leaf ← B ← A (requireExplicitPolicy 1; twin: 5) ← Root, no policies"""
    return three_steps((p.policy_constraints(explicit=5 if good else 1),), (), ())


@twin(Reason.POLICY_NOT_MET)
def explicit_policy_demanded_by_the_leaf_itself(good: bool) -> PathResult:
    """leaf (requireExplicitPolicy 0; twin: 1) ← A ← Root, no policies"""
    return two_steps(above=(), below=(p.policy_constraints(explicit=1 if good else 0),))


@twin(Reason.POLICY_NOT_MET)
def self_issued_does_not_count_down(good: bool) -> PathResult:
    """leaf ← B ← A' (self-issued) ← A (requireExplicitPolicy 2; bad: 1) ← Root, no policies"""
    world = World()
    a = world.authority("A", None, p.policy_constraints(explicit=3 if good else 1))
    again = world.authority("A2", a, name=a.name, listed=False)
    world.unlisted(a)
    world.write(a)
    world.write(again)
    return world.check(world.leaf(world.authority("B", again)))


MAPPED = (p.policies(P1), p.mappings((P1, P2)))


@twin(Reason.POLICY_NOT_MET)
def mapped_policy(good: bool) -> PathResult:
    """leaf (P2) ← A (P1, maps P1 to P2) ← Root, asked for P1 (bad: for P2, which is not the root's word)"""
    return two_steps(above=MAPPED, below=(p.policies(P2),), policies=(P1 if good else P2,), **EXPLICIT)


def test_policies_are_told_in_the_roots_words() -> None:
    """leaf (P3) ← B (P2 → P3) ← A (P1 → P2) ← Root"""
    middle = (p.policies(P2), p.mappings((P2, P3)))
    result = three_steps(MAPPED, middle, (p.policies(P3),), **EXPLICIT)
    assert (result.verdict, result.policies) == (Conclusion.PASSED, (P1,))


@twin(Reason.POLICY_NOT_MET)
def mapping_inhibited_by_the_caller(good: bool) -> PathResult:
    """leaf (P2) ← A (P1 → P2) ← Root"""
    return two_steps(above=MAPPED, below=(p.policies(P2),), inhibit_mapping=not good, **EXPLICIT)


@twin(Reason.POLICY_NOT_MET)
def mapping_inhibited_by_an_authority(good: bool) -> PathResult:
    """leaf (P2) ← B (P1 → P2) ← A (inhibitPolicyMapping 0) ← Root"""
    top = (p.policies(P1), p.policy_constraints(mapping=5 if good else 0))
    return three_steps(top, MAPPED, (p.policies(P2),), **EXPLICIT)


@twin(Reason.POLICY_NOT_MET)
def mapping_to_any_policy(good: bool) -> PathResult:
    """leaf (P2) ← A (P1 → anyPolicy) ← Root: nothing may do this, even where no policy is asked for."""
    above = (p.policies(P1), p.mappings((P1, P2 if good else ANY)))
    return two_steps(above=above, below=(p.policies(P2),))


@twin(Reason.POLICY_NOT_MET)
def mapping_from_under_any_policy(good: bool) -> PathResult:
    """leaf (P2) ← A (any, P1 → P2) ← Root, asked for P1 (bad: P3)"""
    above = (p.policies(ANY), p.mappings((P1, P2)))
    return two_steps(above=above, below=(p.policies(P2),), policies=(P1 if good else P3,), **EXPLICIT)


@twin(Reason.POLICY_NOT_MET)
def mapped_policy_is_gone_under_its_own_name(good: bool) -> PathResult:
    """leaf (P1) ← A (P1 → P2) ← Root"""
    return two_steps(above=MAPPED, below=(p.policies(P2 if good else P1),), **EXPLICIT)


@twin(Reason.POLICY_NOT_MET)
def any_policy_inhibited_by_the_caller(good: bool) -> PathResult:
    """leaf (any) ← A (P1) ← Root"""
    below = (p.policies(ANY),)
    return two_steps(above=(p.policies(P1),), below=below, inhibit_any_policy=not good, **EXPLICIT)


@twin(Reason.POLICY_NOT_MET)
def any_policy_inhibited_by_an_authority(good: bool) -> PathResult:
    """leaf (P1) ← B (any) ← A (P1, inhibitAnyPolicy 0; twin: 1) ← Root"""
    top = (p.policies(P1), p.inhibit_any(1 if good else 0))
    return three_steps(top, (p.policies(ANY),), (p.policies(P1),), **EXPLICIT)


@twin(Reason.POLICY_NOT_MET)
def any_policy_of_a_self_issued_authority(good: bool) -> PathResult:
    """leaf (P1; bad: any) ← A' (self-issued, any) ← A (P1, inhibitAnyPolicy 0) ← Root"""
    world = World()
    a = world.authority("A", None, p.policies(P1), p.inhibit_any(0))
    again = world.authority("A2", a, p.policies(ANY), name=a.name)
    return world.check(world.leaf(again, p.policies(P1 if good else ANY)), **EXPLICIT)


def test_policies_that_make_the_tree_explode_do_not() -> None:
    """leaf ← five authorities, each mapping every one of 30 policies to all 30 ← Root (RFC 9618)."""
    own = [f"1.3.6.1.4.1.55555.{index}" for index in range(30)]
    extensions = (p.policies(*own), p.mappings(*((one, other) for one in own for other in own)))
    world = World()
    party = world.root
    for step in range(5):
        party = world.authority(f"A{step}", party, *extensions)
    leaf = world.leaf(party, p.policies(*own))
    began = time.thread_time()  # what others do on this machine is nothing of ours
    result = world.check(leaf, explicit_policy=True)
    assert (result.verdict, len(result.policies)) == (Conclusion.PASSED, 30)
    assert time.thread_time() - began < 1


def test_more_policies_than_any_chain_has_are_left_open() -> None:
    """leaf ← C ← B ← A ← Root, each mapping 40 policies to 175: bounded, and said."""
    own = [f"1.3.6.1.4.1.55555.{index}" for index in range(175)]
    extensions = (p.policies(*own), p.mappings(*((one, other) for other in own for one in own[:40])))
    world = World()
    b = world.authority("B", world.authority("A", None, *extensions), *extensions)
    result = world.check(world.leaf(world.authority("C", b, *extensions), p.policies(*own)))
    assert (result.verdict, result.reason) == (Conclusion.INDETERMINATE, Reason.RESOURCE_LIMIT)


@pytest.mark.parametrize("name", twin.cases)
def test_good_twin_passes(name: str) -> None:
    """The same path without its defect."""
    twin.judge(name, good=True)


@pytest.mark.parametrize("name", twin.cases)
def test_bad_twin_is_refused(name: str) -> None:
    """The defect in the name of the case, with its reason first."""
    twin.judge(name, good=False)
