"""Whom a list speaks about: distribution points, reasons, indirect lists, deltas (NIST PKITS 4.14 and 4.15)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from signing.path.check import PathResult
from signing.reasons import Conclusion, Reason
from signing.testing import paths as p
from tests.signing.path.twins import Twins
from tests.signing.path.world import HOLD, LISTED, NOW, REMOVED, World, dn

twin = Twins()
MADE_UP = "1.3.6.1.4.1.55555.77"
URL, OTHER_URL = "http://crl.example.vn/a.crl", "http://crl.example.vn/b.crl"
BEFORE = NOW - timedelta(days=2)


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


@twin(Reason.REVOCATION_UNKNOWN)
def lists_that_name_the_unused_bit_too(good: bool) -> PathResult:
    """leaf (points for some and for the rest, bit 0 set) ← A (lists of both, bit 0 set; without: one) ← Root"""
    world = World()
    a = world.authority("A")
    world.unlisted(a)
    rest = ("unused", *REST)
    first, second = p.point(names=[p.uri(URL)], reasons=SOME), p.point(names=[p.uri(OTHER_URL)], reasons=rest)
    if good:
        world.write(a, p.issuing_point(names=[p.uri(URL)], reasons=SOME))
    world.write(a, p.issuing_point(names=[p.uri(OTHER_URL)], reasons=rest))
    return world.check(world.leaf(a, p.points(first, second)))


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


@pytest.mark.parametrize("name", twin.cases)
def test_good_twin_passes(name: str) -> None:
    """The same path without its defect."""
    twin.judge(name, good=True)


@pytest.mark.parametrize("name", twin.cases)
def test_bad_twin_is_refused(name: str) -> None:
    """The defect in the name of the case, with its reason first."""
    twin.judge(name, good=False)
