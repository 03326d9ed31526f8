"""Revocation lists: missing, broken, partial, indirect, delta (NIST PKITS 4.4, 4.14, 4.15, by class of defect)."""

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
from tests.signing.path.world import CA_USAGE, HOLD, LISTED, NOW, REMOVED, Party, World, dn, own_key

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


# distribution points


def _partitioned(listed: bytes, named: bytes | None, *, revoked: bool = False) -> PathResult:
    """leaf (named in its distribution points) ← A (list with this issuing point) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    leaf = world.leaf(a, *([p.points(named)] if named is not None else []))
    world.write(a, listed, entries=[p.entry(leaf.serial, BEFORE)] if revoked else [])
    return world.check(leaf)


@twin(Reason.REVOCATION_UNKNOWN)
def list_of_another_point(good: bool) -> PathResult:
    """leaf (point a) ← A (list of point b) ← Root"""
    return _partitioned(p.issuing_point(names=[p.uri(URL)]), p.point(names=[p.uri(URL if good else OTHER_URL)]))


@twin(Reason.REVOCATION_UNKNOWN)
def list_of_a_point_for_a_certificate_without(good: bool) -> PathResult:
    """leaf (no points) ← A (list of point a; twin: of the point that is A's own name) ← Root"""
    own = p.issuing_point(names=[p.directory(dn("A"))])
    return _partitioned(own if good else p.issuing_point(names=[p.uri(URL)]), None)


@twin(Reason.REVOCATION_UNKNOWN)
def name_relative_to_the_issuer(good: bool) -> PathResult:
    """leaf (full name of the point) ← A (the point as one RDN under A's name) ← Root"""
    relative = p.attribute(p.CN, "CRL 1" if good else "CRL 2")
    full = p.name((p.C, "vn"), (p.O, "test certificates"), (p.CN, "A"), (p.CN, "CRL 1"))
    return _partitioned(p.issuing_point(relative=relative), p.point(names=[p.directory(full)]))


def test_relative_names_on_both_sides() -> None:
    """leaf (relative) ← A (relative) ← Root"""
    relative = p.attribute(p.CN, "CRL 1")
    assert _partitioned(p.issuing_point(relative=relative), p.point(relative=relative)).verdict is Conclusion.PASSED


@twin(Reason.REVOKED)
def one_name_in_common_is_enough(good: bool) -> PathResult:
    """leaf (points x, a) ← A (list of a, y) ← Root"""
    listed = p.issuing_point(names=[p.uri(URL), p.uri("ldap://y/")])
    named = p.point(names=[p.uri("http://x/"), p.uri(URL)])
    return _partitioned(listed, named, revoked=not good)


@twin(Reason.REVOCATION_UNKNOWN)
def list_about_authorities_only(good: bool) -> PathResult:
    """leaf ← A (onlyContainsCACerts; twin: UserCerts) ← Root"""
    return _partitioned(p.issuing_point(only="users" if good else "authorities"), None)


def test_list_about_people_says_nothing_of_authorities() -> None:
    """leaf ← A ← Root (onlyContainsUserCerts), and the twin with onlyContainsCACerts"""
    for only, verdict in (("users", Conclusion.INDETERMINATE), ("authorities", Conclusion.PASSED)):
        world = World()
        world.unlisted(world.root)
        world.write(world.root, p.issuing_point(only=only))
        assert world.check(world.leaf(world.authority("A"))).verdict is verdict


@twin(Reason.REVOCATION_UNKNOWN)
def list_about_attribute_certificates(good: bool) -> PathResult:
    """leaf ← A (onlyContainsAttributeCerts) ← Root"""
    return _partitioned(p.issuing_point(only="users" if good else "attributes"), None)


SOME = ("keyCompromise", "cACompromise")
REST = ("affiliationChanged", "superseded", "cessationOfOperation", "certificateHold", "privilegeWithdrawn",
        "aACompromise")  # fmt: skip


@twin(Reason.REVOCATION_UNKNOWN)
def lists_about_some_reasons(good: bool) -> PathResult:
    """leaf ← A (onlySomeReasons; twin: a second list has the rest) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    world.write(a, p.issuing_point(reasons=SOME))
    if good:
        world.write(a, p.issuing_point(reasons=REST))
    return world.check(world.leaf(a))


@twin(Reason.REVOKED)
def revoked_on_the_list_of_the_other_reasons(good: bool) -> PathResult:
    """leaf ← A (two lists, on the second) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    leaf = world.leaf(a)
    world.write(a, p.issuing_point(reasons=SOME))
    world.write(a, p.issuing_point(reasons=REST), entries=[] if good else [p.entry(leaf.serial, BEFORE, reason=4)])
    return world.check(leaf)


@twin(Reason.REVOCATION_UNKNOWN)
def points_for_some_reasons(good: bool) -> PathResult:
    """leaf (point a for some reasons, b for the rest) ← A (lists of a, and b in the twin) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    first, second = p.point(names=[p.uri(URL)], reasons=SOME), p.point(names=[p.uri(OTHER_URL)], reasons=REST)
    world.write(a, p.issuing_point(names=[p.uri(URL)]))
    if good:
        world.write(a, p.issuing_point(names=[p.uri(OTHER_URL)]))
    return world.check(world.leaf(a, p.points(first, second)))


# indirect lists


def _indirect(
    *, entries: bool = True, flagged: bool = True, named: bool = True, owner: str = "A", under: str = "Root"
) -> PathResult:
    """leaf (its point names D as issuer of lists) ← A ← Root; D ← Root signs an indirect list"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    d = world.authority("D", a if under == "A" else None, listed=False, replacing=[p.usage("cRLSign")])
    point = p.point(names=[p.uri(URL)], issuers=[p.directory(dn("D" if named else "E"))])
    leaf = world.leaf(a, p.points(point))
    listed = p.entry(leaf.serial, BEFORE, extensions=[p.certificate_issuer(dn(owner))])
    entries_written = [p.entry(4, BEFORE, extensions=[p.certificate_issuer(dn("B"))]), listed] if entries else []
    world.write(d, p.issuing_point(names=[p.uri(URL)], indirect=flagged), entries=entries_written)
    return world.check(leaf)


@twin(Reason.REVOKED)
def entry_of_an_indirect_list(good: bool) -> PathResult:
    """the entry names A as the certificate's issuer (twin: B)"""
    return _indirect(owner="B" if good else "A")


@twin(Reason.REVOCATION_UNKNOWN)
def indirect_list_that_does_not_say_so(good: bool) -> PathResult:
    """D's list lacks indirectCRL"""
    return _indirect(entries=False, flagged=good)


@twin(Reason.REVOCATION_UNKNOWN)
def indirect_list_of_somebody_not_named(good: bool) -> PathResult:
    """leaf's point names E"""
    return _indirect(entries=False, named=good)


def test_issuer_is_inherited_from_the_entry_before() -> None:
    """entries: 4 of A, then the leaf's serial without certificateIssuer: it is A's too (RFC 5280, 5.3.3)."""
    for first, verdict in (("A", Conclusion.FAILED), ("B", Conclusion.PASSED)):
        world = World()
        a = world.authority("A")
        world.unlisted(a)
        leaf = world.leaf(a)
        named = p.entry(4, BEFORE, extensions=[p.certificate_issuer(dn(first))])
        world.write(a, p.issuing_point(indirect=True), entries=[named, p.entry(leaf.serial, BEFORE)])
        assert world.check(leaf).verdict is verdict


def test_certificate_issuer_in_a_plain_list_makes_it_useless() -> None:
    """leaf ← A (not indirect, but an entry is somebody else's) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    world.write(a, entries=[p.entry(4, BEFORE, extensions=[p.certificate_issuer(dn("B"))])])
    assert world.check(world.leaf(a)).reason is Reason.REVOCATION_UNKNOWN


@twin(Reason.REVOKED)
def list_that_vouches_for_its_own_signer(good: bool) -> PathResult:
    """leaf and D (both name D as issuer of lists) ← A ← Root; D's list speaks of both"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    point = p.points(p.point(names=[p.uri(URL)], issuers=[p.directory(dn("D"))]))
    d = world.authority("D", a, point, listed=False, replacing=[p.usage("cRLSign")])
    leaf = world.leaf(a, point)
    listed = [p.entry(leaf.serial, BEFORE, extensions=[p.certificate_issuer(a.name)])]
    world.write(d, p.issuing_point(names=[p.uri(URL)], indirect=True), entries=[] if good else listed)
    return world.check(leaf)


def test_two_signers_that_vouch_for_each_other_only_vouch_for_nobody() -> None:
    """leaf (lists by D) ← A; D (lists by E) and E (lists by D) ← A ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    by_d, by_e = (p.points(p.point(names=[p.uri(URL)], issuers=[p.directory(dn(who))])) for who in "DE")
    d = world.authority("D", a, by_e, listed=False, replacing=[p.usage("cRLSign")])
    e = world.authority("E", a, by_d, listed=False, replacing=[p.usage("cRLSign")])
    for party in (d, e):
        world.write(party, p.issuing_point(names=[p.uri(URL)], indirect=True))
    assert world.check(world.leaf(a, by_d)).reason is Reason.REVOCATION_UNKNOWN


# deltas


def _delta(
    *,
    base: int | None = 1,
    base_number: int = 3,
    number: int = 4,
    in_base: int | str | None = "",
    in_delta: int | str | None = "",
    scope: bytes = b"",
    delta_days: int = 1,
) -> PathResult:
    """leaf ← A (complete list number `base_number`, and a delta of it) ← Root. "": not listed, else the reason."""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    leaf = world.leaf(a)

    def entries(reason: int | str | None) -> list[bytes]:
        return [] if reason == "" else [p.entry(leaf.serial, BEFORE, reason=reason)]  # type: ignore[arg-type]

    if base is not None:
        world.write(
            a, p.list_number(base_number), p.freshest(p.point(names=[p.uri(URL)])), numbered=False,
            entries=entries(in_base), days=3, start=NOW - timedelta(days=5 if base == 0 else 2),
        )  # fmt: skip
    extensions = (p.list_number(number), p.delta_of(base_number if base else 3), *([scope] if scope else []))
    world.write(a, *extensions, numbered=False, entries=entries(in_delta), days=delta_days, start=LISTED)
    return world.check(leaf)


@twin(Reason.REVOCATION_UNKNOWN)
def delta_without_its_base(good: bool) -> PathResult:
    """only a delta (twin: with its complete list)"""
    return _delta(base=1 if good else None)


@twin(Reason.REVOKED)
def revoked_by_the_delta(good: bool) -> PathResult:
    """good in the complete list, revoked in the delta (twin: removed there)"""
    return _delta(in_delta=REMOVED if good else 1)


@twin(Reason.REVOKED)
def hold_removed_by_the_delta(good: bool) -> PathResult:
    """certificateHold in the complete list, removeFromCRL in the delta (bad: keyCompromise, which nothing lifts)"""
    return _delta(in_base=HOLD if good else 1, in_delta=REMOVED)


@twin(Reason.REVOKED)
def hold_that_stands(good: bool) -> PathResult:
    """certificateHold in the complete list, nothing (twin: removeFromCRL) in the delta"""
    return _delta(in_base=HOLD, in_delta=REMOVED if good else "")


@twin(Reason.REVOCATION_NOT_FRESH)
def delta_that_does_not_fit(good: bool) -> PathResult:
    """a complete list that has run out; the delta continues it (bad: has another scope)"""
    return _delta(base=0, base_number=3, scope=b"" if good else p.issuing_point(only="users"))


@twin(Reason.REVOCATION_NOT_FRESH)
def delta_older_than_its_base(good: bool) -> PathResult:
    """a complete list that has run out, number 3; the delta has number 4 (bad: 3)"""
    return _delta(base=0, base_number=3, number=4 if good else 3)


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
