"""Who may issue: basic constraints, path lengths, key usage, self-issued certificates, unknown extensions (NIST
PKITS 4.5–4.7 and 4.16, by class of defect), and how paths are found among many candidates."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa

import signing
from signing.errors import BrokenInput
from signing.path.check import CACHE, PathResult, check_certificate
from signing.path.model import read_certificate
from signing.path.policy import RFC5280
from signing.prepare import der
from signing.reasons import Conclusion, Reason
from signing.testing import paths as p
from signing.testing.keys import KeyKind, key
from tests.signing.path.twins import Twins
from tests.signing.path.world import CA_USAGE, NOW, START, Party, World, dn, own_key

twin = Twins()
MADE_UP = "1.3.6.1.4.1.55555.77"


@twin(Reason.ISSUER_NOT_AUTHORITY)
def issuer_without_basic_constraints(good: bool) -> PathResult:
    """leaf ← A (no basicConstraints) ← Root"""
    world = World()
    return world.check(world.leaf(world.authority("A", replacing=[p.usage(*CA_USAGE)] + [p.basic()] * good)))


@twin(Reason.ISSUER_NOT_AUTHORITY)
def issuer_that_says_it_is_none(good: bool) -> PathResult:
    """leaf ← A (cA FALSE; twin: TRUE, not critical) ← Root"""
    world = World()
    basic = p.basic(authority=good, critical=False)
    return world.check(world.leaf(world.authority("A", replacing=[basic, p.usage(*CA_USAGE)])))


@twin(Reason.ISSUER_NOT_AUTHORITY)
def issuer_of_version_one(good: bool) -> PathResult:
    """leaf ← A (X.509 version 1) ← Root. A version 1 *root* is fine: it is listed for what it is."""
    world = World()
    if good:
        world.root = world.anchor("Old root", extensions=(), version=1)
        return world.check(world.leaf(world.authority("A")))
    return world.check(world.leaf(world.authority("A", replacing=[], version=1)))


@twin(Reason.ISSUER_NOT_AUTHORITY)
def issuer_whose_key_may_not_sign_certificates(good: bool) -> PathResult:
    """leaf ← A (keyUsage cRLSign only) ← Root"""
    world = World()
    usage = p.usage(*(CA_USAGE if good else CA_USAGE[1:]), critical=False)
    return world.check(world.leaf(world.authority("A", replacing=[p.basic(), usage])))


@twin(Reason.PATH_TOO_LONG)
def one_authority_too_many(good: bool) -> PathResult:
    """leaf ← B ← A (pathLen 0) ← Root"""
    world = World()
    a = world.authority("A", replacing=[p.basic(length=1 if good else 0), p.usage(*CA_USAGE)])
    return world.check(world.leaf(world.authority("B", a)))


@twin(Reason.PATH_TOO_LONG)
def length_widened_below(good: bool) -> PathResult:
    """leaf ← C ← B (pathLen 5) ← A (pathLen 1) ← Root: nobody widens what stands above."""
    world = World()
    a = world.authority("A", replacing=[p.basic(length=2 if good else 1), p.usage(*CA_USAGE)])
    b = world.authority("B", a, replacing=[p.basic(length=5), p.usage(*CA_USAGE)])
    return world.check(world.leaf(world.authority("C", b)))


@twin(Reason.PATH_TOO_LONG)
def self_issued_does_not_count(good: bool) -> PathResult:
    """leaf ← A' (self-issued; bad: another name) ← A (pathLen 0) ← Root"""
    world = World()
    a = world.authority("A", replacing=[p.basic(length=0), p.usage(*CA_USAGE)])
    again = world.authority("A2", a, name=a.name if good else dn("A2"))
    return world.check(world.leaf(again))


@twin(Reason.PATH_TOO_LONG)
def length_set_by_the_root(good: bool) -> PathResult:
    """leaf ← B ← A ← Root (pathLen 1): a root binds itself too (RFC 5937)."""
    world = World()
    world.root = world.anchor("Short root", extensions=(p.basic(length=2 if good else 1), p.usage(*CA_USAGE)))
    return world.check(world.leaf(world.authority("B", world.authority("A"))))


def test_an_authority_at_the_end_of_the_path_counts_for_nothing() -> None:
    """B (an authority itself) ← A (pathLen 0) ← Root"""
    world = World()
    a = world.authority("A", replacing=[p.basic(length=0), p.usage(*CA_USAGE)])
    assert world.check(world.authority("B", a)).verdict is Conclusion.PASSED
    assert Reason.KEY_USAGE_WRONG in world.check(world.authority("C", a), signer_profile=True).reasons


@twin(Reason.UNKNOWN_CRITICAL_EXTENSION)
def critical_extension_nobody_knows(good: bool) -> PathResult:
    """leaf (made-up extension, critical) ← A ← Root"""
    world = World()
    return world.check(world.leaf(world.authority("A"), p.extension(MADE_UP, b"\x05\x00", critical=not good)))


@twin(Reason.UNKNOWN_CRITICAL_EXTENSION)
def critical_extension_of_the_authority(good: bool) -> PathResult:
    """leaf ← A (made-up extension, critical) ← Root"""
    world = World()
    a = world.authority("A", None, p.extension(MADE_UP, b"\x05\x00", critical=not good))
    return world.check(world.leaf(a))


@twin(Reason.REVOCATION_UNKNOWN)
def old_key_certified_with_the_new(good: bool) -> PathResult:
    """leaf (old key) ← A old-with-new ← A (new key) ← Root; the list is signed with the new key (bad: a third)."""
    world = World()
    new = world.authority("A new", name=dn("A"))
    old = world.authority("A old", new, name=dn("A"), listed=False)
    if not good:
        world.unlisted(new)
        world.write(new, key=own_key("A third"))
    return world.check(world.leaf(old))


@twin(Reason.REVOKED)
def leaf_of_the_old_key_revoked_with_the_new(good: bool) -> PathResult:
    """leaf (revoked on the list of the new key) ← A old-with-new ← A (new key) ← Root"""
    world = World()
    new = world.authority("A new", name=dn("A"))
    leaf = world.leaf(world.authority("A old", new, name=dn("A"), listed=False))
    if not good:
        world.revoke(new, leaf)
    return world.check(leaf)


@twin(Reason.ISSUER_NOT_AUTHORITY)
def certificate_signed_with_the_key_for_lists(good: bool) -> PathResult:
    """leaf ← A' (self-issued, cRLSign only) ← A ← Root"""
    world = World()
    a = world.authority("A")
    lists = world.authority(
        "A lists", a, name=a.name, listed=False, replacing=[p.basic(), p.usage(*CA_USAGE[0 if good else 1 :])]
    )
    return world.check(world.leaf(lists))


def test_a_path_that_fails_hides_none_that_holds() -> None:
    """leaf ← A (expired) ← Root, and leaf ← A (renewed, the same key) ← Root"""
    world = World()
    a = world.authority("A", start=NOW - timedelta(days=90), days=30)
    alone = world.check(world.leaf(a))
    assert alone.reason is Reason.EXPIRED
    world.authority("A", listed=False)
    for pool in (list(world.pool), world.pool[::-1]):
        world.pool = pool
        assert world.check(world.leaf(a)).verdict is Conclusion.PASSED


def test_every_failing_path_is_told() -> None:
    """leaf ← A (expired) ← Root, and leaf ← A (pathLen broken above) ← B ← Root"""
    world = World()
    a = world.authority("A", start=NOW - timedelta(days=90), days=30)
    b = world.authority("B", replacing=[p.basic(length=0), p.usage(*CA_USAGE)])
    world.authority("A", b, listed=False)
    details = "\n".join(world.check(world.leaf(a)).details)
    assert "expired" in details
    assert "path_too_long" in details


def test_cross_certificates_and_loops_end() -> None:
    """A and B certify each other; only B ← Root leads anywhere: leaf ← A ← B ← Root."""
    world = World()
    b = world.authority("B")
    a = world.authority("A", b)
    world.authority("B", a, listed=False)
    world.pool.reverse()
    result = world.check(world.leaf(a))
    assert (result.verdict, len(result.chain)) == (Conclusion.PASSED, 4)
    world.pool = [world.authority("A", b, listed=False).der, world.authority("B", a, listed=False).der]
    assert world.check(world.leaf(a)).reason is Reason.ISSUER_NOT_FOUND


def test_look_alikes_cost_little_and_the_right_one_is_found() -> None:
    """leaf ← A ← Root among a hundred others that call themselves A."""
    world = World()
    a = world.authority("A")
    other = own_key("somebody else")
    crowd = [
        p.certificate(a.name, p.key_info(own_key(f"x{index}")), issuer=dn("Nobody"), key=other, start=START)
        for index in range(100)
    ]
    world.pool = [*crowd, *world.pool]
    assert world.check(world.leaf(a)).verdict is Conclusion.PASSED


def test_a_crowd_beyond_the_bound_is_left_open() -> None:
    """A thousand look-alikes and no issuer: bounded work, and said."""
    world = World()
    a = world.authority("A")
    info = p.key_info(a.key)
    world.pool = [
        p.certificate(a.name, info[:-2] + bytes(divmod(index, 256)), issuer=dn("N"), key=a.key, start=START)
        for index in range(1000)
    ]
    leaf = world.leaf(world.authority("B", listed=False, name=a.name))
    world.pool.pop()
    began = time.thread_time()  # what others do on this machine is nothing of ours
    result = world.check(leaf)
    assert result.verdict is Conclusion.INDETERMINATE
    assert Reason.RESOURCE_LIMIT in result.reasons
    assert time.thread_time() - began < 5


def test_several_roots_and_the_one_that_fits() -> None:
    """leaf ← A ← Root, where three roots are listed."""
    world = World()
    leaf = world.leaf(world.authority("A"))
    others = [world.anchor(f"Other {index}").der for index in range(2)]
    CACHE.clear()
    result = check_certificate(
        leaf.der, chain=tuple(world.pool), trust=signing.TrustStore.of(*others, world.root.der),
        evidence=world.evidence(), at=NOW, policy=RFC5280,
    )  # fmt: skip
    assert result.verdict is Conclusion.PASSED
    assert result.chain[-1] == read_certificate(world.root.der).fingerprint


def test_a_listed_root_is_a_path_of_its_own_but_signs_nothing() -> None:
    """Root, asked about itself: fine by RFC 5280, and no signer's certificate."""
    world = World()
    assert world.check(world.root).verdict is Conclusion.PASSED
    assert world.check(world.root, signer_profile=True).verdict is not Conclusion.PASSED


def _dsa_key(label: int) -> dsa.DSAPrivateKey:
    return _DSA.setdefault(label, _DSA_PARAMETERS.generate_private_key())


_DSA_PARAMETERS = dsa.generate_parameters(1024)
_DSA: dict[int, dsa.DSAPrivateKey] = {}


@twin(Reason.CERTIFICATE_SIGNATURE_WRONG)
def dsa_with_inherited_parameters(good: bool) -> PathResult:
    """leaf ← B (DSA key without parameters) ← A (DSA) ← Root (bad: one bit of the leaf changed)"""
    world = World()
    a = world.authority("A", private=_dsa_key(1))
    b_key = _dsa_key(2)
    bare = p.without_parameters(p.key_info(b_key))
    made = p.certificate(
        dn("B"), bare, issuer=a.name, key=a.key, start=START, serial=7, extensions=(p.basic(), p.usage(*CA_USAGE))
    )
    b = Party(dn("B"), b_key, made, 7)
    world.pool.append(made)
    world.listing[made] = b
    leaf = world.leaf(b)
    return world.check(leaf if good else Party(leaf.name, leaf.key, p.broken(leaf.der), leaf.serial))


def test_dsa_is_computed_but_no_signer_may_use_it() -> None:
    """leaf ← A (DSA, SHA-1) ← Root"""
    world = World()
    a = world.authority("A", private=_dsa_key(1))
    leaf = world.leaf(a, weak=True)
    assert world.check(leaf).verdict is Conclusion.PASSED
    assert Reason.CHAIN_ALGORITHM_WEAK in world.check(leaf, signer_profile=True).reasons


def test_an_algorithm_nobody_can_compute_is_named() -> None:
    """leaf (signed with GOST) ← A ← Root"""
    world = World()
    leaf = world.leaf(world.authority("A"))
    tbs, _, signature = der.children(leaf.der)
    gost = der.sequence(der.oid("1.2.643.7.1.1.3.2"))
    parts = list(der.children(tbs))
    parts[2] = gost
    changed = der.sequence(der.sequence(*parts), gost, signature)
    result = world.check(Party(leaf.name, leaf.key, changed, leaf.serial))
    assert (result.verdict, result.reason) == (Conclusion.INDETERMINATE, Reason.CHAIN_ALGORITHM_UNKNOWN)


ODD = {
    "negative serial": ({"serial": b"\xff\x7f"}, "negative_serial"),
    "serial zero": ({"serial": b"\x00"}, "zero_serial"),
    "serial padded": ({"serial": b"\x00\x00\x01"}, "serial_padded"),
    "serial of thirty bytes": ({"serial": b"\x01" * 30}, "long_serial"),
}


@pytest.mark.parametrize("what", ODD)
def test_oddities_that_are_tolerated_have_names(what: str) -> None:
    """leaf (odd serial) ← A ← Root: it passes, and the oddity is told."""
    more, told = ODD[what]
    world = World()
    result = world.check(world.leaf(world.authority("A"), **more))
    assert (result.verdict, result.details) == (Conclusion.PASSED, (f"certificate {told}",))


def test_boolean_written_against_der_is_read_as_true() -> None:
    """leaf ← A (cA and critical written as 01 01 01) ← Root"""
    world = World()
    value = der.sequence(der.tlv(der.BOOLEAN, b"\x01"))
    odd = p.extension("2.5.29.19", value, critical=True, flag=b"\x01")
    a = world.authority("A", replacing=[odd, p.usage(*CA_USAGE)])
    assert world.check(world.leaf(a)).verdict is Conclusion.PASSED
    assert read_certificate(a.der).oddities == ("boolean_not_der",)


def test_rsa_key_without_null_parameters_is_read() -> None:
    """leaf ← A (rsaEncryption with no parameters) ← Root"""
    world = World()
    own = key(KeyKind.RSA_2048, "no null")
    made = p.certificate(
        dn("A"), p.without_parameters(p.key_info(own)), issuer=world.root.name, key=world.root.key, start=START,
        extensions=(p.basic(), p.usage(*CA_USAGE)), serial=8,
    )  # fmt: skip
    a = Party(dn("A"), own, made, 8)
    world.pool.append(made)
    world.listing[made] = a
    assert world.check(world.leaf(a)).verdict is Conclusion.PASSED


UNREADABLE = {
    "nothing": b"",
    "text": b"hello",
    "not a certificate": b"\x30\x03\x02\x01\x00",
    "cut off": None,
    "bytes behind": None,
    "indefinite length": b"\x30\x80\x00\x00",
    "extension twice": None,
    "inner and outer algorithm differ": None,
    "basic constraints that are none": None,
    "key usage that is none": None,
}


def _unreadable(what: str) -> bytes:
    world = World()
    twice = p.extension(MADE_UP, b"\x05\x00")
    made = {
        "cut off": lambda: world.leaf().der[:-40],
        "bytes behind": lambda: world.leaf().der + b"\x00",
        "extension twice": lambda: world.leaf(None, twice, twice).der,
        "inner and outer algorithm differ": lambda: world.leaf().der.replace(
            p.signature_algorithm(own_key("x")), p.signature_algorithm(own_key("x"), weak=True), 1
        ),
        "basic constraints that are none": lambda: world.leaf(None, p.extension("2.5.29.19", b"\x05\x00")).der,
        "key usage that is none": lambda: world.leaf(usage=p.extension("2.5.29.15", b"\x03\x02\x09")).der,
    }
    return UNREADABLE[what] if UNREADABLE[what] is not None else made[what]()  # type: ignore[return-value]


@pytest.mark.parametrize("what", UNREADABLE)
def test_unreadable_certificates_get_a_cause(what: str) -> None:
    """Never a traceback, and the detail says what could not be read."""
    data = _unreadable(what)
    with pytest.raises(BrokenInput) as raised:
        read_certificate(data)
    world = World()
    result = world.check(Party(b"", world.root.key, data, 0))
    assert (result.verdict, result.reason) == (Conclusion.INDETERMINATE, Reason.CERTIFICATE_UNREADABLE)
    assert result.details == (str(raised.value),)
    assert raised.value.details["cause"]


@pytest.mark.parametrize("name", twin.cases)
def test_good_twin_passes(name: str) -> None:
    """The same path without its defect."""
    twin.judge(name, good=True)


@pytest.mark.parametrize("name", twin.cases)
def test_bad_twin_is_refused(name: str) -> None:
    """The defect in the name of the case, with its reason first."""
    twin.judge(name, good=False)


def test_chain_of_thirty_authorities() -> None:
    """RFC 5280 knows no limit; ours lies far above, and where one is reached the answer says so."""
    world = World()
    above: Party | None = None
    for number in range(30):
        above = world.authority(f"Step {number}", above, private=own_key(f"step {number % 2}"))
    leaf = world.leaf(above)
    assert world.check(leaf).verdict is Conclusion.PASSED
    found = world.check(leaf, max_path_length=20)
    assert (found.verdict, found.reason) == (Conclusion.INDETERMINATE, Reason.RESOURCE_LIMIT)
