"""What came is what it should be only when it can be read as that: media types are not asked."""

from __future__ import annotations

from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signing.cms.codec import read_signed_data
from signing.errors import BrokenInput, FetchRefused, NeedsCare
from signing.fetch.reasons import FetchReason
from signing.path.answers import load_crl
from signing.path.certificates import PARSE_ERRORS, inspect_certificate
from signing.path.trust import split_certificates


class ContentKind(StrEnum):
    CRL = "crl"
    OCSP = "ocsp"
    CERTIFICATES = "certificates"


OCSP_REQUEST = "application/ocsp-request"
MAX_CERTIFICATES = 50


def read(kind: ContentKind, body: bytes) -> tuple[bytes, ...]:
    """The DER values in `body`; `FetchRefused` when it is anything else."""
    readers = {ContentKind.CRL: _crl, ContentKind.OCSP: _ocsp, ContentKind.CERTIFICATES: _certificates}
    try:
        return readers[kind](body)
    except (BrokenInput, NeedsCare, *PARSE_ERRORS) as error:
        raise FetchRefused(FetchReason.CONTENT_UNREADABLE, kind=str(kind)) from error


def _crl(body: bytes) -> tuple[bytes, ...]:
    """DER as RFC 5280 wants it, or PEM as some servers send it."""
    if body.lstrip().startswith(b"-----BEGIN"):
        body = x509.load_pem_x509_crl(body).public_bytes(Encoding.DER)
    load_crl(body)
    return (body,)


def _ocsp(body: bytes) -> tuple[bytes, ...]:
    response = ocsp.load_der_ocsp_response(body)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise FetchRefused(FetchReason.RESPONDER_REFUSED, status=response.response_status.name.lower())
    _ = list(response.responses), response.certificates
    return (body,)


def _certificates(body: bytes) -> tuple[bytes, ...]:
    """One certificate, several in PEM, or a CMS that holds nothing else (RFC 5280, 4.2.2.1)."""
    try:
        found = tuple(split_certificates(body))
    except BrokenInput:
        found = read_signed_data(body).certificates
    if not 0 < len(found) <= MAX_CERTIFICATES:
        raise BrokenInput("certificates")
    for der in found:
        inspect_certificate(der)
    return found


def ocsp_question(certificate: bytes, issuer: bytes) -> bytes:
    """Without a nonce, so that responders may answer from their store; age is judged by the verifier."""
    try:
        subject, authority = x509.load_der_x509_certificate(certificate), x509.load_der_x509_certificate(issuer)
        builder = ocsp.OCSPRequestBuilder().add_certificate(subject, authority, hashes.SHA1())  # noqa: S303  names a key
        return builder.build().public_bytes(Encoding.DER)
    except PARSE_ERRORS as error:
        raise FetchRefused(FetchReason.CONTENT_UNREADABLE, kind="certificate") from error
