"""Signatures, dates, the chain of names and name constraints (NIST PKITS 4.1–4.3 and 4.13, by class of defect)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from signing.path.check import PathResult
from signing.path.names import prepare
from signing.reasons import Conclusion, Reason
from signing.testing import paths as p
from signing.testing.keys import KeyKind, key
from tests.signing.path.twins import Twins
from tests.signing.path.world import NOW, Party, World, dn, own_key

twin = Twins()


@twin(Reason.CERTIFICATE_SIGNATURE_WRONG)
def leaf_with_a_broken_signature(good: bool) -> PathResult:
    """leaf (one bit changed) ← A ← Root"""
    world = World()
    made = world.leaf(world.authority("A"))
    return world.check(made if good else Party(made.name, made.key, p.broken(made.der), made.serial))


@twin(Reason.CERTIFICATE_SIGNATURE_WRONG)
def authority_with_a_broken_signature(good: bool) -> PathResult:
    """leaf ← A (one bit changed) ← Root"""
    world = World()
    a = world.authority("A")
    if not good:
        world.pool = [p.broken(a.der)]
    return world.check(world.leaf(a))


@twin(Reason.CERTIFICATE_SIGNATURE_WRONG)
def authority_whose_signature_is_not_whole_bytes(good: bool) -> PathResult:
    """leaf ← A (its signature with three unused bits, one of them set) ← Root"""
    world = World()
    a = world.authority("A")
    while not a.der[-1] & 0b111:  # with none set, what others read is the same bits; one signature in eight is so
        world = World()
        a = world.authority("A")
    if not good:
        world.pool = [p.with_unused_bits(a.der)]
    return world.check(world.leaf(a))


@twin(Reason.NOT_YET_VALID)
def leaf_before_its_time(good: bool) -> PathResult:
    """leaf (from tomorrow) ← A ← Root"""
    world = World()
    return world.check(world.leaf(world.authority("A"), start=NOW + timedelta(days=-1 if good else 1)))


@twin(Reason.NOT_YET_VALID)
def authority_before_its_time(good: bool) -> PathResult:
    """leaf ← A (from tomorrow) ← Root"""
    world = World()
    return world.check(world.leaf(world.authority("A", start=NOW + timedelta(days=-1 if good else 1))))


@twin(Reason.EXPIRED)
def leaf_after_its_time(good: bool) -> PathResult:
    """leaf (until yesterday) ← A ← Root"""
    world = World()
    return world.check(world.leaf(world.authority("A"), start=NOW - timedelta(days=50), days=51 if good else 49))


@twin(Reason.EXPIRED)
def authority_after_its_time(good: bool) -> PathResult:
    """leaf ← A (until yesterday) ← Root"""
    world = World()
    a = world.authority("A", start=NOW - timedelta(days=50), days=51 if good else 49)
    return world.check(world.leaf(a))


@twin(Reason.EXPIRED)
def leaf_until_a_year_in_generalized_time(good: bool) -> PathResult:
    """leaf (until 2051, written as GeneralizedTime; twin: judged in 2052) ← A ← Root"""
    world = World()
    a = world.authority("A", days=20_000)
    leaf = world.leaf(a, start=NOW, days=365 * 25)
    if good:
        return world.check(leaf)
    later = NOW + timedelta(days=365 * 26)
    world.listing.clear()
    world.root = Party(world.root.name, world.root.key, _long_root(world), 1)
    for party in (world.root, a):
        world.write(party, start=later - timedelta(days=1))
    result = world.check(leaf, at=later)
    assert Reason.EXPIRED in result.reasons
    return result


def _long_root(world: World) -> bytes:
    own = world.root.key
    return p.certificate(
        world.root.name, p.key_info(own), issuer=world.root.name, key=own, start=NOW - timedelta(days=100),
        days=20_000, extensions=(p.basic(), p.usage("keyCertSign", "cRLSign")),
    )  # fmt: skip


@twin(Reason.ISSUER_NOT_FOUND)
def issuer_of_another_name(good: bool) -> PathResult:
    """leaf (issuer "B", signed by A) ← A ← Root"""
    world = World()
    return world.check(world.leaf(world.authority("A"), issuer=dn("A" if good else "B")))


@twin(Reason.ISSUER_NOT_FOUND)
def issuer_with_its_rdns_in_another_order(good: bool) -> PathResult:
    """leaf (issuer CN, O, C) ← A (subject C, O, CN) ← Root"""
    world = World()
    turned = p.name((p.CN, "A"), (p.O, "Test Certificates"), (p.C, "VN"), tag=p.PRINTABLE)
    return world.check(world.leaf(world.authority("A"), issuer=dn("A") if good else turned))


SAME_NAMES = {
    "white space inside": ("Cơ quan   A", p.der.UTF8),
    "white space around": ("  Cơ quan A ", p.der.UTF8),
    "capitals": ("CƠ QUAN A", p.der.UTF8),
    "BMPString": ("Cơ quan A", p.BMP),
    "UniversalString": ("cơ quan a", p.UNIVERSAL),
    "decomposed letters": ("Co\u031b quan A", p.der.UTF8),
    "soft hyphen": ("Cơ qu\u00adan A", p.der.UTF8),
}


@pytest.mark.parametrize("how", SAME_NAMES)
def test_names_that_are_the_same_chain(how: str) -> None:
    """leaf (issuer written in another way) ← A (UTF8String "Cơ quan A") ← Root"""
    text, tag = SAME_NAMES[how]
    world = World()
    a = world.authority("A", name=p.name((p.CN, "Cơ quan A")))
    assert world.check(world.leaf(a, issuer=p.name((p.CN, text), tag=tag))).verdict is Conclusion.PASSED


ASCII_TAGS = (p.PRINTABLE, p.TELETEX, p.IA5, p.UNIVERSAL, p.BMP, p.der.UTF8)


@pytest.mark.parametrize("tag", ASCII_TAGS)
def test_every_string_type_is_one_name(tag: int) -> None:
    """leaf (issuer "TEST ca") ← A (subject "Test CA" in PrintableString) ← Root"""
    world = World()
    a = world.authority("A", name=p.name((p.CN, "Test CA"), tag=p.PRINTABLE))
    assert world.check(world.leaf(a, issuer=p.name((p.CN, "TEST  ca"), tag=tag))).verdict is Conclusion.PASSED


@pytest.mark.parametrize("other", ["Cơ quan Á", "Co quan A", "Cơ quanA", "Cơ quan A.", "Đ", "Ð"])
def test_names_that_differ_do_not_chain(other: str) -> None:
    """Accents and punctuation count, and Đ (U+0110) is not Ð (U+00D0)."""
    world = World()
    mine = {"Đ": "Ð", "Ð": "Đ"}.get(other, "Cơ quan A")
    a = world.authority("A", name=p.name((p.CN, mine)))
    assert world.check(world.leaf(a, issuer=p.name((p.CN, other)))).reason is Reason.ISSUER_NOT_FOUND


def test_order_inside_a_multi_valued_rdn_does_not_count() -> None:
    """leaf ← A (CN and UID in one RDN) ← Root"""
    world = World()
    cn, uid = p.attribute(p.CN, "A"), p.attribute(p.UID, "MST:0400260612")
    a = world.authority("A", name=p.rdns([cn, uid]))
    turned = p.rdns([p.attribute(p.UID, "MST:0400260612", p.PRINTABLE), p.attribute(p.CN, "a")])
    assert world.check(world.leaf(a, issuer=turned)).verdict is Conclusion.PASSED


def test_two_rdns_are_not_one_with_two_values() -> None:
    """leaf (issuer CN, UID) ← A (subject CN+UID) ← Root"""
    world = World()
    parts = [p.attribute(p.CN, "A"), p.attribute(p.UID, "1")]
    a = world.authority("A", name=p.rdns(parts))
    result = world.check(world.leaf(a, issuer=p.rdns(parts[:1], parts[1:])))
    assert result.reason is Reason.ISSUER_NOT_FOUND


def test_preparation_of_strings() -> None:
    """RFC 4518: what is dropped, folded, and refused."""
    assert prepare("  ỦY BAN\u00a0 Nhân\u200bdân ") == prepare("ủy ban nhândân")
    assert prepare("STRASSE") == prepare("Straße")
    assert prepare("private \ue000") is None


SUFFIX = ((p.C, "VN"), (p.O, "Permitted"))
INSIDE, OUTSIDE = p.name(*SUFFIX, (p.CN, "Leaf")), p.name((p.C, "VN"), (p.O, "Other"), (p.CN, "Leaf"))
SUBTREE = p.directory(p.name(*SUFFIX))


@twin(Reason.NAME_NOT_PERMITTED)
def subject_outside_the_permitted_names(good: bool) -> PathResult:
    """leaf (O=Other) ← A (permits O=Permitted) ← Root"""
    world = World()
    a = world.authority("A", None, p.name_constraints(permitted=[SUBTREE]))
    return world.check(world.leaf(a, name=INSIDE if good else OUTSIDE))


@twin(Reason.NAME_NOT_PERMITTED)
def subject_inside_the_excluded_names(good: bool) -> PathResult:
    """leaf (O=Permitted) ← A (excludes it) ← Root"""
    world = World()
    a = world.authority("A", None, p.name_constraints(excluded=[SUBTREE]))
    return world.check(world.leaf(a, name=OUTSIDE if good else INSIDE))


@twin(Reason.NAME_NOT_PERMITTED)
def alternative_directory_name_outside(good: bool) -> PathResult:
    """leaf (subject inside, alternative name outside) ← A ← Root"""
    world = World()
    a = world.authority("A", None, p.name_constraints(permitted=[SUBTREE]))
    other = p.alternative(p.directory(INSIDE if good else OUTSIDE))
    return world.check(world.leaf(a, other, name=INSIDE))


@twin(Reason.NAME_NOT_PERMITTED)
def constraint_of_a_higher_authority(good: bool) -> PathResult:
    """leaf ← B (permits O=Other too) ← A (permits O=Permitted) ← Root: sets are intersected, never joined."""
    world = World()
    wider = p.name_constraints(permitted=[SUBTREE, p.directory(p.name((p.C, "VN"), (p.O, "Other")))])
    a = world.authority("A", None, p.name_constraints(permitted=[SUBTREE]))
    b = world.authority("B", a, wider, name=p.name(*SUFFIX, (p.CN, "B")))
    return world.check(world.leaf(b, name=INSIDE if good else OUTSIDE))


@twin(Reason.NAME_NOT_PERMITTED)
def permitted_and_excluded_below(good: bool) -> PathResult:
    """leaf ← A (permits O=Permitted, excludes OU=Secret under it) ← Root"""
    world = World()
    secret = p.name(*SUFFIX, ("2.5.4.11", "Secret"))
    a = world.authority("A", None, p.name_constraints(permitted=[SUBTREE], excluded=[p.directory(secret)]))
    return world.check(world.leaf(a, name=INSIDE if good else p.name(*SUFFIX, ("2.5.4.11", "SECRET"), (p.CN, "x"))))


@twin(Reason.NAME_NOT_PERMITTED)
def constraint_in_another_string_type(good: bool) -> PathResult:
    """leaf (BMPString, capitals) ← A (excludes in PrintableString) ← Root"""
    world = World()
    tree = p.directory(p.name((p.C, "VN"), (p.O, "Permitted"), tag=p.PRINTABLE))
    a = world.authority("A", None, p.name_constraints(excluded=[tree]))
    hidden = p.name((p.C, "VN"), (p.O, "PERMITTED "), (p.CN, "Leaf"), tag=p.BMP)
    return world.check(world.leaf(a, name=OUTSIDE if good else hidden))


def test_self_issued_authority_may_stand_outside_but_a_self_issued_leaf_may_not() -> None:
    """leaf ← A (self-issued) ← A (permits other names) ← Root: RFC 5280, 6.1.3 b."""
    world = World()
    tree = p.name_constraints(permitted=[SUBTREE])
    a = world.authority("A", None, tree)
    again = world.authority("A", a, private=own_key("A again"), issuer=a.name)
    assert world.check(world.leaf(again, name=INSIDE)).verdict is Conclusion.PASSED
    own = world.check(world.leaf(again, name=a.name, issuer=a.name))
    assert Reason.NAME_NOT_PERMITTED in own.reasons


FORMS = {
    "mailbox exactly": (p.mailbox("a@gov.vn"), p.mailbox("a@gov.vn"), p.mailbox("b@gov.vn")),
    "mailbox host": (p.mailbox("gov.vn"), p.mailbox("b@GOV.vn"), p.mailbox("b@mail.gov.vn")),
    "mailbox domain": (p.mailbox(".gov.vn"), p.mailbox("b@mail.gov.vn"), p.mailbox("b@gov.vn")),
    "dns": (p.dns("gov.vn"), p.dns("www.gov.vn"), p.dns("notgov.vn")),
    "uri host": (p.uri("gov.vn"), p.uri("https://gov.vn/x"), p.uri("https://evil.vn/gov.vn")),
    "uri domain": (p.uri(".gov.vn"), p.uri("http://a.gov.vn:80/"), p.uri("http://gov.vn@evil.vn/")),
    "ipv4": (p.address(b"\x0a\0\0\0\xff\0\0\0"), p.address(b"\x0a\1\2\3"), p.address(b"\x0b\1\2\3")),
    "ipv6": (
        p.address(bytes.fromhex("20010db8") + bytes(12) + b"\xff" * 4 + bytes(12)),
        p.address(bytes.fromhex("20010db8") + bytes(12)),
        p.address(bytes.fromhex("20010db9") + bytes(12)),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_constraints_on_other_forms(form: str) -> None:
    """leaf (alternative name) ← A (permits or excludes a subtree) ← Root"""
    tree, inside, outside = FORMS[form]
    for constraints, good, bad in (
        (p.name_constraints(permitted=[tree]), inside, outside),
        (p.name_constraints(excluded=[tree]), outside, inside),
    ):
        world = World()
        a = world.authority("A", None, constraints)
        assert world.check(world.leaf(a, p.alternative(good))).verdict is Conclusion.PASSED
        assert world.check(world.leaf(a, p.alternative(bad))).reason is Reason.NAME_NOT_PERMITTED
        assert world.check(world.leaf(a)).verdict is Conclusion.PASSED


UNJUDGED = {
    "other name": (p.other_name("1.2.3.4", "x"), p.other_name("1.2.3.4", "x")),
    "mailbox of RFC 9598 under a mailbox constraint": (
        p.mailbox("gov.vn"), p.other_name("1.3.6.1.5.5.7.8.9", "a@gov.vn"),
    ),
    "uri of an address": (p.uri("gov.vn"), p.uri("https://10.0.0.1/")),
    "uri without a host": (p.uri("gov.vn"), p.uri("urn:x:y")),
    "address of odd length": (p.address(b"\x0a\0\0\xff\0\0"), p.address(b"\x0a\0\0\1")),
    "letters outside ASCII": (p.dns("gov.vn"), p.dns("xã.gov.vn")),
    "quoted mailbox": (p.mailbox("gov.vn"), p.mailbox('"a@evil.vn"@gov.vn')),
}  # fmt: skip


@pytest.mark.parametrize("what", UNJUDGED)
def test_names_that_cannot_be_compared_are_not_permitted(what: str) -> None:
    """leaf (such a name) ← A (a constraint on that form) ← Root: open, never passed."""
    tree, given = UNJUDGED[what]
    for constraints in (p.name_constraints(permitted=[tree]), p.name_constraints(excluded=[tree])):
        world = World()
        result = world.check(world.leaf(world.authority("A", None, constraints), p.alternative(given)))
        assert (result.verdict, result.reason) == (Conclusion.INDETERMINATE, Reason.PATH_CONSTRAINT)


@twin(Reason.NAME_NOT_PERMITTED)
def email_in_the_subject_outside(good: bool) -> PathResult:
    """leaf (emailAddress in its subject) ← A (permits mailboxes of gov.vn) ← Root"""
    world = World()
    a = world.authority("A", None, p.name_constraints(permitted=[p.mailbox("gov.vn")]))
    subject = p.rdns([p.attribute(p.EMAIL, "a@gov.vn" if good else "a@evil.vn", p.IA5)], [p.attribute(p.CN, "x")])
    return world.check(world.leaf(a, name=subject))


@twin(Reason.NAME_NOT_PERMITTED)
def empty_subject_with_a_critical_alternative_name(good: bool) -> PathResult:
    """leaf (no subject, critical alternative name) ← A (permits dns gov.vn) ← Root"""
    world = World()
    a = world.authority("A", None, p.name_constraints(permitted=[p.dns("gov.vn"), SUBTREE]))
    other = p.alternative(p.dns("a.gov.vn" if good else "a.evil.vn"), critical=True)
    return world.check(world.leaf(a, other, name=p.name()))


def test_many_names_and_constraints_are_bounded() -> None:
    """leaf (2,000 names) ← A (2,000 subtrees) ← Root: an answer at once, and not yes."""
    world = World()
    trees = [p.dns(f"a{index}.vn") for index in range(2000)]
    a = world.authority("A", None, p.name_constraints(excluded=trees))
    result = world.check(world.leaf(a, p.alternative(*(p.dns(f"b{index}.vn") for index in range(2000)))))
    assert result.reason is Reason.PATH_CONSTRAINT


WEAK = {"rsa-1024 with sha-1": (KeyKind.RSA_1024, True), "p-256 with sha-1": (KeyKind.P256, True)}


@pytest.mark.parametrize("what", WEAK)
def test_weak_algorithms_fail_a_signer_and_not_the_plain_path(what: str) -> None:
    """leaf ← A (weak) ← Root, judged by RFC 5280 alone and as a signer's."""
    from_kind, weak = WEAK[what]
    world = World()
    a = world.authority("A", private=key(from_kind, "weak"), weak=weak)
    leaf = world.leaf(a, weak=weak)
    assert world.check(leaf).verdict is Conclusion.PASSED
    result = world.check(leaf, signer_profile=True)
    assert Reason.CHAIN_ALGORITHM_WEAK in result.reasons


@pytest.mark.parametrize("name", twin.cases)
def test_good_twin_passes(name: str) -> None:
    """The same path without its defect."""
    twin.judge(name, good=True)


@pytest.mark.parametrize("name", twin.cases)
def test_bad_twin_is_refused(name: str) -> None:
    """The defect in the name of the case, with its reason first."""
    twin.judge(name, good=False)
