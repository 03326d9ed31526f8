"""Hostile certificates, lists and answers: always an answer, never a traceback, and never a yes that was a no."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import signing
from signing.errors import BrokenInput, NeedsCare
from signing.path import crl as lists
from signing.path.check import CACHE, PathResult, check_certificate
from signing.path.crl import read_crl
from signing.path.model import read_certificate
from signing.path.ocsp import read_response
from signing.path.policy import RFC5280
from signing.prepare import der
from signing.reasons import Conclusion
from signing.testing import LEADER, Authority
from signing.testing import paths as p
from tests.signing.path.world import HOLD, NOW, Party, World

SEED = 20261123
CHANGES = 300


def _rich() -> tuple[World, Party]:
    """leaf ← B ← A ← Root with every extension that is read, and an indirect and a delta list."""
    world = World()
    point = p.points(
        p.point(names=[p.uri("http://x/")], issuers=[p.directory(world.root.name)]),
        p.point(relative=p.attribute(p.CN, "x")),
    )
    a = world.authority(
        "A", None, p.policies("1.2.3"), p.mappings(("1.2.3", "1.2.4")), p.policy_constraints(explicit=0, mapping=3),
        p.name_constraints(permitted=[p.directory(p.name((p.C, "VN")))], excluded=[p.dns("evil.vn")]),
    )  # fmt: skip
    b = world.authority("B", a, p.policies("1.2.4"), p.inhibit_any(1))
    leaf = world.leaf(b, p.policies("1.2.4"), p.alternative(p.dns("a.vn"), p.mailbox("a@b.vn")), point)
    world.write(
        b, p.issuing_point(indirect=True), entries=[p.entry(4, NOW, extensions=[p.certificate_issuer(a.name)])]
    )
    world.write(b, p.delta_of(1), numbered=False, entries=[p.entry(9, NOW, reason=HOLD)])
    return world, leaf


def _changed(data: bytes, random_: random.Random) -> bytes:
    """One byte, a few bytes, a cut, a repeat, or a length made too large."""
    at = random_.randrange(len(data))
    kind = random_.randrange(5)
    if kind == 0:
        return data[:at] + bytes((random_.randrange(256),)) + data[at + 1 :]
    if kind == 1:
        return data[:at] + random_.randbytes(random_.randrange(1, 6)) + data[at + 3 :]
    if kind == 2:
        return data[:at]
    if kind == 3:
        return data[:at] + data[at : at + 40] * 2 + data[at + 40 :]
    return data[:at] + b"\x84\xff\xff\xff\xff" + data[at + 1 :]


def _check(leaf: bytes, pool: list[bytes], evidence: signing.Evidence, root: bytes) -> PathResult:
    CACHE.clear()
    trust = signing.TrustStore((signing.TrustAnchor(root),))
    return check_certificate(leaf, chain=tuple(pool), trust=trust, evidence=evidence, at=NOW, policy=RFC5280)


def test_no_changed_byte_of_a_certificate_passes() -> None:
    """leaf, A or B changed anywhere: every signature covers every byte, and nothing escapes."""
    world, leaf = _rich()
    evidence = world.evidence()
    assert _check(leaf.der, world.pool, evidence, world.root.der).verdict is Conclusion.PASSED
    random_ = random.Random(SEED)
    for _ in range(CHANGES):
        pool, changed = list(world.pool), leaf.der
        which = random_.randrange(len(pool) + 1)
        original = leaf.der if which == len(pool) else pool[which]
        mutant = _changed(original, random_)
        if which == len(pool):
            changed = mutant
        else:
            pool[which] = mutant
        result = _check(changed, pool, evidence, world.root.der)
        assert mutant == original or result.verdict is not Conclusion.PASSED, mutant.hex()


def test_no_changed_list_is_believed() -> None:
    """The lists changed anywhere: at best unknown, and nothing escapes."""
    world, leaf = _rich()
    usual = world.evidence().crls
    random_ = random.Random(SEED)
    for _ in range(CHANGES):
        crls = [_changed(item, random_) for item in usual]
        if any(one == other for one, other in zip(crls, usual, strict=True)):
            continue
        result = _check(leaf.der, world.pool, signing.Evidence(crls=tuple(crls)), world.root.der)
        assert result.verdict is Conclusion.INDETERMINATE


def test_changed_lists_whose_signature_is_made_again_are_read_or_refused() -> None:
    """An authority that signs nonsense: no traceback, whatever stands in its list."""
    world, leaf = _rich()
    issuer = next(party for party in world.listing.values() if party.serial and party.name in leaf.der)
    made = world.evidence().crls[0]
    random_ = random.Random(SEED)
    for _ in range(CHANGES):
        tbs = _changed(der.children(made)[0], random_)
        algorithm = p.signature_algorithm(issuer.key)
        signed = der.sequence(tbs, algorithm, der.tlv(der.BIT_STRING, b"\x00" + p.raw_signature(tbs, issuer.key)))
        result = _check(
            leaf.der, world.pool, signing.Evidence(crls=(*world.evidence().crls, signed)), world.root.der
        )
        assert result.verdict in set(Conclusion)


def test_changed_certificates_whose_signature_is_made_again_are_judged() -> None:
    """An authority that certifies nonsense: no traceback, whatever stands in the certificate."""
    world, leaf = _rich()
    issuer = next(party for party in world.listing.values() if party.serial and party.name in leaf.der)
    evidence = world.evidence()
    random_ = random.Random(SEED)
    algorithm = p.signature_algorithm(issuer.key)
    for _ in range(CHANGES):
        tbs = _changed(der.children(leaf.der)[0], random_)
        signed = der.sequence(tbs, algorithm, der.tlv(der.BIT_STRING, b"\x00" + p.raw_signature(tbs, issuer.key)))
        assert _check(signed, world.pool, evidence, world.root.der).verdict in set(Conclusion)


def test_no_changed_answer_is_believed() -> None:
    """An OCSP response changed anywhere proves nothing, and nothing escapes."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    root = Authority.root(now=start)
    issuer = root.subordinate(now=start)
    leaf = issuer.issue(LEADER, now=start)
    answer = issuer.ocsp(leaf.certificate, this_update=NOW, responder=issuer.responder(now=start))
    crls = (root.crl(this_update=NOW),)
    assert (
        _check(leaf.der, [issuer.der], signing.Evidence(crls=crls, ocsps=(answer,)), root.der).verdict == "passed"
    )
    random_ = random.Random(SEED)
    for _ in range(CHANGES):
        mutant = _changed(answer, random_)
        result = _check(leaf.der, [issuer.der], signing.Evidence(crls=crls, ocsps=(mutant,)), root.der)
        if mutant != answer and read_tbs(mutant) != read_tbs(answer):
            assert result.verdict is Conclusion.INDETERMINATE


def read_tbs(data: bytes) -> bytes:
    """What is signed in a response; empty when it cannot be read."""
    try:
        return read_response(data).tbs
    except BrokenInput:
        return b""


READERS = {
    "certificate": read_certificate,
    "list": lambda data: lists.count(read_crl(data)),
    "answer": read_response,
}


@pytest.mark.parametrize("what", READERS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: b"\x30\x82\x00\x40\x30" + tail))
def test_any_bytes_are_read_or_refused(what: str, data: bytes) -> None:
    """Our two errors and no other."""
    with suppress(BrokenInput, NeedsCare):
        READERS[what](data)


@pytest.mark.parametrize("modulus", [b"\x80" * 256, b"\x00", b"\xff"], ids=["negative", "zero", "minus one"])
def test_authority_with_an_impossible_key_issues_nothing(modulus: bytes) -> None:
    """leaf ← A (RSA, a modulus that is no number of a key) ← Root"""
    world = World()
    a = world.authority("A")
    numbers = der.sequence(der.tlv(der.INTEGER, modulus), der.integer(65537))
    key_type = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null())
    info = der.sequence(key_type, der.tlv(der.BIT_STRING, b"\x00" + numbers))
    world.pool = [
        p.certificate(
            a.name, info, issuer=world.root.name, key=world.root.key, start=NOW - timedelta(days=9),
            extensions=(p.basic(), p.usage("keyCertSign", "cRLSign")),
        )
    ]  # fmt: skip
    assert world.check(world.leaf(a)).verdict is not Conclusion.PASSED
