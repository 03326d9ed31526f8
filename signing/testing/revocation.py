"""CRLs and OCSP answers with every date chosen by the caller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signing.testing.certificates import deterministic, signing_hash
from signing.testing.identity import Identity
from signing.testing.keys import PrivateKey


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that no longer counts from `at` on; `reason` by its RFC 5280 name (`keyCompromise` …)."""

    serial: int
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlOptions:
    """What makes a CRL a special one. `delta_of` names the base CRL's number (RFC 5280 §5.2.4)."""

    only_user: bool = False
    only_ca: bool = False
    indirect: bool = False
    point: str = ""
    delta_of: int | None = None
    without_number: bool = False


PLAIN = CrlOptions()
"""A full CRL about everything its issuer issued."""


def crl(
    issuer: x509.Certificate,
    issuer_key: PrivateKey,
    *,
    this_update: datetime,
    next_update: datetime | None = None,
    number: int = 1,
    revoked: Iterable[Revoked] = (),
    options: CrlOptions = PLAIN,
) -> bytes:
    """A DER CRL. Without `next_update` it lasts seven days."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(this_update)
        .next_update(next_update or this_update + timedelta(days=7))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
    )
    if not options.without_number:
        builder = builder.add_extension(x509.CRLNumber(number), False)
    if options.delta_of is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(options.delta_of), True)
    if options.only_user or options.only_ca or options.indirect or options.point:
        builder = builder.add_extension(_issuing_point(options), True)
    for entry in revoked:
        builder = builder.add_revoked_certificate(_entry(entry))
    made = builder.sign(issuer_key, signing_hash(issuer_key), ecdsa_deterministic=deterministic(issuer_key))
    return made.public_bytes(Encoding.DER)


def _issuing_point(options: CrlOptions) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        full_name=[x509.UniformResourceIdentifier(options.point)] if options.point else None,
        relative_name=None,
        only_contains_user_certs=options.only_user,
        only_contains_ca_certs=options.only_ca,
        only_some_reasons=None,
        indirect_crl=options.indirect,
        only_contains_attribute_certs=False,
    )


def _entry(entry: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(entry.serial).revocation_date(entry.at)
    if entry.reason:
        builder = builder.add_extension(x509.CRLReason(x509.ReasonFlags(entry.reason)), False)
    return builder.build()


def ocsp_answer(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    responder: Identity,
    this_update: datetime,
    next_update: datetime | None = None,
    revoked: Revoked | None = None,
    unknown: bool = False,
    nonce: bytes = b"",
) -> bytes:
    """A DER OCSP response (RFC 6960): good, revoked since, or unknown. `responder` may be the issuer itself."""
    good = ocsp.OCSPCertStatus.UNKNOWN if unknown else ocsp.OCSPCertStatus.GOOD
    reason = x509.ReasonFlags(revoked.reason) if revoked is not None and revoked.reason else None
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=certificate,
            issuer=issuer,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked is not None else good,
            this_update=this_update,
            next_update=next_update,
            revocation_time=revoked.at if revoked is not None else None,
            revocation_reason=reason,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
    )
    if responder.certificate != issuer:
        builder = builder.certificates([responder.certificate])
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), False)
    made = builder.sign(responder.key, signing_hash(responder.key))
    return made.public_bytes(Encoding.DER)
