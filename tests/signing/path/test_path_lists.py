"""Revocation lists: missing, broken, run out, by another key (NIST PKITS 4.4, by class of defect)."""

from __future__ import annotations

from datetime import timedelta

import pytest

import signing
from signing.path.answers import load_crl, parse_crl
from signing.path.check import PathResult
from signing.prepare import der
from signing.reasons import Conclusion, Reason
from signing.testing import paths as p
from tests.signing.path.twins import Twins
from tests.signing.path.world import CA_USAGE, LISTED, NOW, Party, World, dn, own_key

twin = Twins()
MADE_UP = "1.3.6.1.4.1.55555.77"
URL, OTHER_URL = "http://crl.example.vn/a.crl", "http://crl.example.vn/b.crl"
BEFORE = NOW - timedelta(days=2)


def _replaced(good: bool, **bad: object) -> PathResult:
    """leaf ← A ← Root, where A's list is replaced by one with a defect"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    world.write(a, **({} if good else bad))
    return world.check(world.leaf(a))


@twin(Reason.REVOCATION_UNKNOWN)
def list_missing(good: bool) -> PathResult:
    """leaf ← A (no list) ← Root"""
    world = World()
    return world.check(world.leaf(world.authority("A", listed=good)))


@twin(Reason.REVOCATION_UNKNOWN)
def list_of_the_root_missing(good: bool) -> PathResult:
    """leaf ← A ← Root (no list)"""
    world = World()
    if not good:
        world.unlisted(world.root)
    return world.check(world.leaf(world.authority("A")))


@twin(Reason.REVOKED)
def leaf_revoked(good: bool) -> PathResult:
    """leaf (on A's list; twin: somebody else is) ← A ← Root"""
    world = World()
    a = world.authority("A")
    leaf, other = world.leaf(a), world.leaf(a)
    world.revoke(a, other if good else leaf, reason=1)
    return world.check(leaf)


@twin(Reason.CHAIN_REVOKED)
def authority_revoked(good: bool) -> PathResult:
    """leaf ← A (on Root's list) ← Root"""
    world = World()
    a, b = world.authority("A"), world.authority("B")
    world.revoke(world.root, b if good else a)
    return world.check(world.leaf(a))


@twin(Reason.REVOCATION_UNKNOWN)
def list_with_a_broken_signature(good: bool) -> PathResult:
    """leaf ← A (its list: one bit changed) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    made = world.write(a)
    world.lists = [made if good else p.broken(made)]
    return world.check(world.leaf(a))


@twin(Reason.REVOCATION_UNKNOWN)
def list_of_another_name(good: bool) -> PathResult:
    """leaf ← A (a list signed by A, in the name of B) ← Root"""
    return _replaced(good, issuer=dn("B"))


@twin(Reason.REVOCATION_UNKNOWN)
def list_of_another_key(good: bool) -> PathResult:
    """leaf ← A (a list in its name, by another key) ← Root"""
    return _replaced(good, key=own_key("somebody"))


@twin(Reason.REVOCATION_UNKNOWN)
def key_that_may_not_sign_lists(good: bool) -> PathResult:
    """leaf ← A (keyUsage without cRLSign) ← Root"""
    world = World()
    a = world.authority("A", replacing=[p.basic(), p.usage(*CA_USAGE[: 2 if good else 1])])
    return world.check(world.leaf(a))


@twin(Reason.REVOKED)
def two_lists_one_of_which_lists_it(good: bool) -> PathResult:
    """leaf ← A (two current lists) ← Root: who is on one is revoked"""
    world = World()
    a = world.authority("A")
    leaf = world.leaf(a)
    world.write(a, entries=[] if good else [p.entry(leaf.serial, BEFORE)], start=NOW - timedelta(days=1))
    return world.check(leaf)


def test_a_wrong_list_beside_the_right_one_does_no_harm() -> None:
    """leaf ← A (a list with a broken signature and a good one) ← Root"""
    world = World()
    a = world.authority("A")
    leaf = world.leaf(a)
    lists = [p.broken(world.write(a, entries=[p.entry(leaf.serial, BEFORE)])), b"\x30\x00", b"garbage"]
    world.lists = lists
    assert world.check(leaf).verdict is Conclusion.PASSED


@twin(Reason.REVOCATION_UNKNOWN)
def list_extension_nobody_knows(good: bool) -> PathResult:
    """leaf ← A (its list: a critical made-up extension; twin: not critical) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    world.write(a, p.extension(MADE_UP, b"\x05\x00", critical=not good))
    return world.check(world.leaf(a))


@twin(Reason.REVOCATION_UNKNOWN)
def entry_extension_nobody_knows(good: bool) -> PathResult:
    """leaf ← A (its list: another's entry has a critical made-up extension) ← Root: the list is not used at all."""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    made_up = p.extension(MADE_UP, b"\x05\x00", critical=not good)
    world.write(a, entries=[p.entry(5, BEFORE, extensions=[made_up])])
    return world.check(world.leaf(a))


@twin(Reason.REVOCATION_NOT_FRESH)
def list_that_has_run_out(good: bool) -> PathResult:
    """leaf ← A (nextUpdate yesterday) ← Root"""
    return _replaced(good, start=NOW - timedelta(days=9), days=8)


@twin(Reason.REVOCATION_UNKNOWN)
def list_from_the_future(good: bool) -> PathResult:
    """leaf ← A (thisUpdate tomorrow) ← Root"""
    return _replaced(good, start=NOW + timedelta(days=1))


def test_list_whose_next_update_is_in_generalized_time() -> None:
    """leaf ← A (nextUpdate 2054) ← Root"""
    assert _replaced(False, days=10_000).verdict is Conclusion.PASSED


def test_list_of_version_one_counts() -> None:
    """leaf ← A (a list without extensions) ← Root"""
    assert _replaced(False, version=1).verdict is Conclusion.PASSED


@twin(Reason.REVOKED)
def negative_serial_is_another_number(good: bool) -> PathResult:
    """leaf (serial -1; twin: 255) ← A (lists -1) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    world.write(a, entries=[p.entry(-1, BEFORE)])
    return world.check(world.leaf(a, serial=255 if good else b"\xff"))


@twin(Reason.REVOKED)
def long_serial(good: bool) -> PathResult:
    """leaf (serial of 20 bytes) ← A (lists it; twin: another that begins alike) ← Root"""
    world = World()
    a = world.authority("A")
    number = int.from_bytes(b"\x7f" + b"\x12" * 19)
    world.unlisted(a)
    world.write(a, entries=[p.entry(number + good, BEFORE)])
    return world.check(world.leaf(a, serial=number))


# separate keys for certificates and lists


def _separate_keys(
    *, usage: tuple[str, ...] = ("cRLSign",), above: Party | None = None
) -> tuple[World, Party, Party]:
    """leaf ← A (keyCertSign) ← Root, A's lists by A-lists (cRLSign, the same name) ← Root"""
    world = World()
    a = world.authority("A", replacing=[p.basic(), p.usage("keyCertSign")], listed=False)
    lists = world.authority("A lists", above, name=a.name, replacing=[p.basic(), p.usage(*usage)])
    return world, a, lists


@twin(Reason.REVOKED)
def revoked_by_the_key_for_lists(good: bool) -> PathResult:
    """leaf (on the list) ← A ← Root, list by A-lists ← Root"""
    world, a, lists = _separate_keys()
    leaf = world.leaf(a)
    if not good:
        world.revoke(lists, leaf)
    return world.check(leaf)


@twin(Reason.REVOCATION_UNKNOWN)
def key_for_lists_is_revoked(good: bool) -> PathResult:
    """leaf ← A ← Root, list by A-lists (revoked by Root)"""
    world, a, lists = _separate_keys()
    if not good:
        world.revoke(world.root, lists, reason=1)
    return world.check(world.leaf(a))


@twin(Reason.REVOCATION_UNKNOWN)
def key_for_lists_may_not_sign_them(good: bool) -> PathResult:
    """leaf ← A ← Root, list by A-lists (digitalSignature)"""
    world, a, _ = _separate_keys(usage=("cRLSign",) if good else ("digitalSignature",))
    return world.check(world.leaf(a))


def test_key_for_lists_under_another_root_counts_for_nothing() -> None:
    """leaf ← A ← Root, list by A-lists ← Other root (listed too): one anchor for both (RFC 5280, 6.3.3 f)."""
    world = World()
    other = world.anchor("Other root")
    a = world.authority("A", replacing=[p.basic(), p.usage("keyCertSign")], listed=False)
    world.authority("A lists", other, name=a.name, replacing=[p.basic(), p.usage("cRLSign")])
    leaf = world.leaf(a)
    both = signing.TrustStore.of(world.root.der, other.der)
    result = signing.check_certificate(
        leaf.der, chain=tuple(world.pool), trust=both, evidence=world.evidence(), at=NOW
    )
    assert result.reason is Reason.REVOCATION_UNKNOWN


# what cannot be read


UNREADABLE = {
    "nothing": b"",
    "text": b"no list",
    "a certificate": lambda: World().root.der,
    "indefinite length": b"\x30\x80\x00\x00",
    "an entry without an end": lambda: _cut_entry(),
}


def _cut_entry() -> bytes:
    tbs, algorithm, signature = der.children(p.revocation_list(dn("A"), own_key("A"), start=NOW))
    inner = b"".join(der.children(tbs)) + der.tlv(0x30, b"\x30\x09\x02\x01\x05")
    return der.sequence(der.tlv(0x30, inner), algorithm, signature)


@pytest.mark.parametrize("what", UNREADABLE)
def test_unreadable_lists_are_broken_input(what: str) -> None:
    """With a cause, and never a traceback."""
    given = UNREADABLE[what]
    with pytest.raises(signing.BrokenInput):
        load_crl(given() if callable(given) else given)  # type: ignore[operator]


def test_a_list_of_many_entries_is_read_once() -> None:
    """20,000 entries: all counted, the one asked for is found."""
    world = World()
    a = world.authority("A")
    leaf = world.leaf(a)
    entries = [p.entry(10_000_000 + index, BEFORE, reason=4) for index in range(20_000)]
    made = p.revocation_list(a.name, a.key, start=LISTED, entries=[*entries, p.entry(leaf.serial, BEFORE)])
    assert parse_crl(made, a.der).count == 20_001
    world.lists = [made]
    assert world.check(leaf).reason is Reason.REVOKED


@pytest.mark.parametrize("name", twin.cases)
def test_good_twin_passes(name: str) -> None:
    """The same path without its defect."""
    twin.judge(name, good=True)


@pytest.mark.parametrize("name", twin.cases)
def test_bad_twin_is_refused(name: str) -> None:
    """The defect in the name of the case, with its reason first."""
    twin.judge(name, good=False)
