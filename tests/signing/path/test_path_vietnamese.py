"""Chains as Vietnamese authorities build them: dedicated to the public service, public, an organisation's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

import signing
from signing.path.check import CACHE, PathResult, check_certificate
from signing.path.model import read_certificate
from signing.path.policy import DAILY
from signing.reasons import Conclusion, Reason
from signing.testing import paths as p
from signing.testing.keys import KeyKind, key
from signing.testing.subjects import Subject
from tests.signing.path.world import NOW

START = NOW - timedelta(days=200)
CA_USAGE = p.usage("keyCertSign", "cRLSign")
SIGNING = p.usage("digitalSignature", "nonRepudiation")
CPS = "1.3.6.1.4.1.55555.10.1"


@dataclass(frozen=True)
class Chain:
    """Three certificates and the lists of the upper two."""

    root: bytes
    issuer: bytes
    leaf: bytes
    lists: tuple[bytes, bytes]
    kind: signing.SignatureKind
    serial: int

    def check(self, *, lists: tuple[bytes, ...] | None = None, pool: tuple[bytes, ...] | None = None) -> PathResult:
        CACHE.clear()
        anchor = signing.TrustAnchor(self.root, label="Gốc", kind=self.kind)
        return check_certificate(
            self.leaf,
            chain=(self.issuer,) if pool is None else pool,
            trust=signing.TrustStore((anchor,)),
            evidence=signing.Evidence(crls=self.lists if lists is None else lists),
            at=NOW,
            purpose=signing.Purpose.PERSON,
            policy=DAILY,
        )


def _chain(
    *,
    root: bytes,
    issuer: bytes,
    issuer_as_written: bytes,
    leaf: bytes,
    kind: signing.SignatureKind,
    rsa: bool,
    extras: tuple[bytes, ...] = (),
    serial: int = 0x5403E0FFB0AA,
) -> Chain:
    """leaf (issuer `issuer_as_written`) ← issuer ← root"""
    sort = KeyKind.RSA_2048 if rsa else KeyKind.P256
    root_key, issuer_key, leaf_key = (key(sort, f"vn {kind} {name}") for name in ("root", "issuer", "leaf"))
    url = p.points(
        p.point(names=[p.uri("http://crl.ca.example.vn/cp.crl"), p.uri("ldap://ca.example.vn/CN=Cơ quan")])
    )
    top = p.certificate(
        root, p.key_info(root_key), issuer=root, key=root_key, start=START, days=7000, serial=1,
        extensions=(p.basic(), CA_USAGE), weak=True,
    )  # fmt: skip
    middle = p.certificate(
        issuer, p.key_info(issuer_key), issuer=root, key=root_key, start=START, days=3000, serial=2,
        extensions=(p.basic(length=0), CA_USAGE, p.policies(CPS)),
    )  # fmt: skip
    made = p.certificate(
        leaf, p.key_info(leaf_key), issuer=issuer_as_written, key=issuer_key, start=START, days=1000,
        serial=serial, extensions=(SIGNING, url, p.policies(CPS), *extras),
    )  # fmt: skip
    lists = (
        p.revocation_list(root, root_key, start=NOW - timedelta(days=20), days=90, extensions=[p.list_number(7)]),
        p.revocation_list(
            issuer, issuer_key, start=NOW - timedelta(hours=3), days=1, extensions=[p.list_number(8)]
        ),
    )
    return Chain(top, middle, made, lists, kind, serial)


def _encoded(subject: Subject) -> bytes:
    return subject.name().public_bytes()


def public_service() -> Chain:
    """A leader ← the public service's second authority ← its root; e-mail first, title in T, EKU for documents."""
    o = "Ban Cơ yếu Chính phủ"
    root = p.name((p.C, "VN"), (p.O, o), (p.CN, "Cơ quan chứng thực số chuyên dùng Chính phủ (RootCA)"))
    issuer = ((p.C, "VN"), (p.O, o), (p.CN, "Cơ quan chứng thực số chuyên dùng Chính phủ G2"))
    leader = Subject(
        common_name="Nguyễn Văn Hiền", title="Chủ tịch", organisation="ỦY BAN NHÂN DÂN XÃ BẰNG ÁI, TP ĐÀ NẴNG",
        locality="Đà Nẵng", email="hiennv@danang.gov.vn", uids=("CCCD:001075000001",),
    )  # fmt: skip
    return _chain(
        root=root, issuer=p.name(*issuer), issuer_as_written=p.name(*issuer, tag=p.BMP), leaf=_encoded(leader),
        kind=signing.SignatureKind.PUBLIC_SERVICE, rsa=True, extras=(_document_purposes(),),
    )  # fmt: skip


def _document_purposes() -> bytes:
    oids = b"".join(map(p.der.oid, ("1.3.6.1.4.1.311.10.3.12", "1.3.6.1.5.5.7.3.4")))
    return p.extension("2.5.29.37", p.der.tlv(p.der.SEQUENCE, oids))


def public() -> Chain:
    """A person ← a public authority ← the Ministry's root; the issuer in capitals, partly in PrintableString."""
    root = p.name((p.C, "VN"), (p.O, "Ministry of Information"), (p.CN, "MIC National Root CA"), tag=p.PRINTABLE)
    issuer = p.name((p.C, "VN"), (p.O, "Nhà cung cấp"), (p.CN, "Public-CA"))
    written = p.rdns(
        [p.attribute(p.C, "VN", p.PRINTABLE)], [p.attribute(p.O, "NHÀ  CUNG CẤP")],
        [p.attribute(p.CN, "PUBLIC-CA", p.PRINTABLE)],
    )  # fmt: skip
    person = Subject(common_name="Trần Thị Bích Ngọc", locality="Hà Nội", uids=("CMND:012345678",))
    return _chain(
        root=root, issuer=issuer, issuer_as_written=written, leaf=_encoded(person),
        kind=signing.SignatureKind.PUBLIC, rsa=True,
    )  # fmt: skip


def organisation() -> Chain:
    """An organisation with two UIDs (MST, CMND of its head) in one RDN ← a public authority ← root; P-256."""
    root = p.name((p.C, "VN"), (p.CN, "Vietnam National Root CA"))
    issuer = p.name((p.C, "VN"), (p.CN, "CA doanh nghiệp"))
    leaf = p.rdns(
        [p.attribute(p.UID, "MST:0400260612"), p.attribute(p.UID, "CMND:201234567")],
        [p.attribute(p.CN, "CÔNG TY TNHH A, B & C")], [p.attribute(p.C, "VN", p.PRINTABLE)],
    )  # fmt: skip
    return _chain(
        root=root, issuer=issuer, issuer_as_written=issuer, leaf=leaf, kind=signing.SignatureKind.PUBLIC, rsa=False,
        serial=0x7FFF_FFFF_FFFF_FFFF_FFFF,
    )  # fmt: skip


CHAINS = (public_service, public, organisation)


@pytest.mark.parametrize("make", CHAINS)
def test_chain_passes_as_a_signers(make: object) -> None:
    """With today's list; the root's own old SHA-1 signature on itself proves nothing and harms nothing."""
    chain = make()  # type: ignore[operator]
    result = chain.check()
    told = (result.reasons, result.details)
    assert (result.verdict, result.kind, result.policies) == (Conclusion.PASSED, chain.kind, (CPS,)), told
    assert len(result.chain) == 3


@pytest.mark.parametrize("make", CHAINS)
def test_chain_without_its_root_its_issuer_or_its_list_is_open(make: object) -> None:
    """The root left out and taken from the bundle, the issuer missing, the list of last week."""
    chain = make()  # type: ignore[operator]
    other = organisation() if make is public else public()
    stranger = Chain(other.root, chain.issuer, chain.leaf, chain.lists, chain.kind, chain.serial)
    assert stranger.check(pool=(chain.issuer, chain.root)).reason is Reason.ROOT_NOT_TRUSTED
    assert chain.check(pool=()).reason is Reason.ISSUER_NOT_FOUND
    assert chain.check(lists=chain.lists[:1]).reason is Reason.REVOCATION_UNKNOWN


@pytest.mark.parametrize("make", CHAINS)
def test_revoked_signer_fails(make: object) -> None:
    """On the list of its issuer since yesterday."""
    chain = make()  # type: ignore[operator]
    sort = KeyKind.P256 if make is organisation else KeyKind.RSA_2048
    issuer = read_certificate(chain.issuer)
    listed = p.revocation_list(
        issuer.subject.raw, key(sort, f"vn {chain.kind} issuer"), start=NOW - timedelta(hours=1),
        entries=[p.entry(chain.serial, NOW - timedelta(days=1), reason=1)],
    )  # fmt: skip
    assert chain.check(lists=(chain.lists[0], listed)).reason is Reason.REVOKED


def test_every_uid_is_read_and_personal_numbers_are_masked() -> None:
    """MST stays readable, CMND does not, also where both stand in one RDN."""
    facts = signing.inspect_certificate(organisation().leaf)
    assert sorted(facts.uids) == ["CMND:••••••567", "MST:0400260612"]
    assert facts.common_name == "CÔNG TY TNHH A, B & C"
