"""Certificates by code: four profiles, and defects named by what is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from signing.prepare import der
from signing.testing.keys import PrivateKey, public_der

DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""
UNKNOWN_EXTENSION = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1")


class Profile(StrEnum):
    """What a certificate is for. The first two differ only in their subject, as in real life."""

    PERSON = "person"
    ORGANISATION = "organisation"
    TSA = "tsa"
    RESPONDER = "responder"
    CA = "ca"


class Defect(StrEnum):
    """What is wrong with a certificate; several may be combined where they do not exclude each other."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_USAGE = "wrong_usage"  # keyEncipherment only
    NO_USAGE = "no_usage"  # key usage extension absent
    WRONG_PURPOSE = "wrong_purpose"  # extended key usage serverAuth only
    PURPOSE_NOT_CRITICAL = "purpose_not_critical"  # for a TSA (RFC 3161 §2.3)
    EXTRA_PURPOSE = "extra_purpose"  # for a TSA: must be the only one
    IS_CA = "is_ca"  # a person's certificate that may issue
    NOT_A_CA = "not_a_ca"  # an issuer whose basic constraints say no
    NO_CERT_SIGN = "no_cert_sign"  # an issuer without keyCertSign
    UNKNOWN_CRITICAL = "unknown_critical"  # a critical extension nobody knows
    NO_IDENTIFIERS = "no_identifiers"  # neither subject nor authority key identifier
    FORGED = "forged"  # last bit of the issuer's signature flipped
    SHA1 = "sha1"  # signed with SHA-1


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where revocation is published; written into CDP and AIA when given."""

    crl: str = ""
    ocsp: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """All that decides a certificate."""

    subject: x509.Name
    public_key_of: PrivateKey
    profile: Profile
    not_before: datetime
    not_after: datetime
    links: Links = Links()
    policies: tuple[str, ...] = ()
    path_length: int | None = None
    defects: frozenset[Defect] = frozenset()


def validity(now: datetime, days: int, defects: Iterable[Defect]) -> tuple[datetime, datetime]:
    """From `now` for so many days; expired ones ended a day ago, future ones start in a day."""
    length = timedelta(days=days)
    if Defect.EXPIRED in defects:
        return now - timedelta(days=1) - length, now - timedelta(days=1)
    start = now + timedelta(days=1) if Defect.NOT_YET_VALID in defects else now
    return start, start + length


def certificate(
    request: Request, issuer_name: x509.Name, issuer_key: PrivateKey, *, serial: int | None = None
) -> x509.Certificate:
    """Sign a certificate. Without `serial` one is computed from subject, key and dates (repeatable)."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(issuer_name)
        .public_key(request.public_key_of.public_key())
        .serial_number(serial or _serial(request))
        .not_valid_before(request.not_before)
        .not_valid_after(request.not_after)
    )
    for extension, critical in _extensions(request, issuer_key):
        builder = builder.add_extension(extension, critical=critical)
    made = builder.sign(issuer_key, signing_hash(issuer_key), ecdsa_deterministic=deterministic(issuer_key))
    if Defect.SHA1 in request.defects:
        made = _with_sha1(made, issuer_key)
    return _forged(made) if Defect.FORGED in request.defects else made


def signing_hash(issuer_key: PrivateKey) -> hashes.SHA256 | hashes.SHA384:
    is_large = isinstance(issuer_key, ec.EllipticCurvePrivateKey) and issuer_key.key_size > 256
    return hashes.SHA384() if is_large else hashes.SHA256()


def deterministic(issuer_key: PrivateKey) -> bool | None:
    """RFC 6979 nonces, so that the same input gives the same file; not a notion of RSA."""
    return True if isinstance(issuer_key, ec.EllipticCurvePrivateKey) else None


def _serial(request: Request) -> int:
    seed = b"|".join(
        (
            request.subject.public_bytes(),
            public_der(request.public_key_of),
            request.not_before.isoformat().encode(),
            request.not_after.isoformat().encode(),
        )
    )
    return int.from_bytes(hashlib.sha256(seed).digest()[:15], "big") | 1


def _extensions(request: Request, issuer_key: PrivateKey) -> Iterable[tuple[x509.ExtensionType, bool]]:
    """Everything a relying party looks at, with its criticality."""
    defects = request.defects
    is_ca = (request.profile is Profile.CA and Defect.NOT_A_CA not in defects) or Defect.IS_CA in defects
    yield x509.BasicConstraints(ca=is_ca, path_length=request.path_length if is_ca else None), True
    if Defect.NO_USAGE not in defects:
        yield _key_usage(request.profile, defects), True
    purposes = _purposes(request.profile, defects)
    if purposes:
        critical = request.profile is Profile.TSA and Defect.PURPOSE_NOT_CRITICAL not in defects
        yield x509.ExtendedKeyUsage(purposes), critical
    if Defect.NO_IDENTIFIERS not in defects:
        yield x509.SubjectKeyIdentifier.from_public_key(request.public_key_of.public_key()), False
        yield x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False
    if request.profile is Profile.RESPONDER:
        yield x509.OCSPNoCheck(), False
    if request.policies:
        policies = [x509.PolicyInformation(x509.ObjectIdentifier(one), None) for one in request.policies]
        yield x509.CertificatePolicies(policies), False
    if Defect.UNKNOWN_CRITICAL in defects:
        yield x509.UnrecognizedExtension(UNKNOWN_EXTENSION, b"\x05\x00"), True
    yield from _link_extensions(request.links)


def _key_usage(profile: Profile, defects: frozenset[Defect]) -> x509.KeyUsage:
    is_ca = profile is Profile.CA or Defect.IS_CA in defects
    wrong = Defect.WRONG_USAGE in defects
    return x509.KeyUsage(
        digital_signature=not wrong and not is_ca,
        content_commitment=not wrong and profile in {Profile.PERSON, Profile.ORGANISATION, Profile.TSA},
        key_encipherment=wrong,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca and Defect.NO_CERT_SIGN not in defects,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


def _purposes(profile: Profile, defects: frozenset[Defect]) -> list[x509.ObjectIdentifier]:
    if Defect.WRONG_PURPOSE in defects:
        return [ExtendedKeyUsageOID.SERVER_AUTH]
    purposes = {
        Profile.TSA: [ExtendedKeyUsageOID.TIME_STAMPING],
        Profile.RESPONDER: [ExtendedKeyUsageOID.OCSP_SIGNING],
        Profile.CA: [],
    }.get(profile, [DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    return [*purposes, ExtendedKeyUsageOID.CODE_SIGNING] if Defect.EXTRA_PURPOSE in defects else purposes


def _link_extensions(links: Links) -> Iterable[tuple[x509.ExtensionType, bool]]:
    if links.crl:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(links.crl)], None, None, None)
        yield x509.CRLDistributionPoints([point]), False
    access = [
        x509.AccessDescription(kind, x509.UniformResourceIdentifier(url))
        for kind, url in (
            (AuthorityInformationAccessOID.OCSP, links.ocsp),
            (AuthorityInformationAccessOID.CA_ISSUERS, links.issuer),
        )
        if url
    ]
    if access:
        yield x509.AuthorityInformationAccess(access), False


def _forged(made: x509.Certificate) -> x509.Certificate:
    raw = made.public_bytes(Encoding.DER)
    return x509.load_der_x509_certificate(raw[:-1] + bytes((raw[-1] ^ 1,)))


def _with_sha1(made: x509.Certificate, issuer_key: PrivateKey) -> x509.Certificate:
    """The same certificate signed again with SHA-1, which the builder refuses to do."""
    parts = list(der.children(made.tbs_certificate_bytes))
    sha1 = hashes.SHA1()  # noqa: S303  the named defect
    if isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        algorithm = der.sequence(der.oid("1.2.840.10045.4.1"))
    else:
        algorithm = der.sequence(der.oid("1.2.840.113549.1.1.5"), der.null())
    parts[2] = algorithm
    tbs = der.sequence(*parts)
    if isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        signature = issuer_key.sign(tbs, ec.ECDSA(sha1))
    else:
        signature = issuer_key.sign(tbs, padding.PKCS1v15(), sha1)
    raw = der.sequence(tbs, algorithm, der.tlv(der.BIT_STRING, b"\x00" + signature))
    return x509.load_der_x509_certificate(raw)
