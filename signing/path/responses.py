"""What an OCSP response says about one certificate, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from signing.errors import SignatureRefused
from signing.path.model import read_certificate
from signing.path.ocsp import is_about, read_response, responder_of


@dataclass(frozen=True, slots=True)
class OcspFacts:
    """The newest answer about one certificate. `status`: good, revoked or unknown."""

    sha256: str
    status: str
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None


def parse_ocsp(der: bytes, *, certificate: bytes, issuer: bytes) -> OcspFacts:
    """The facts of a response about `certificate`, signed by its `issuer` or by somebody whom that one certified
    for it. `BrokenInput` when it cannot be read, `SignatureRefused` with `ocsp_subject` when it is about others
    only, with `ocsp_signature` when nobody signed it who may.
    """
    response = read_response(der)
    subject, authority = read_certificate(certificate), read_certificate(issuer)
    found = [one for one in response.answers if one.is_understood and is_about(one, subject, authority)]
    if not found or not response.is_understood:
        raise SignatureRefused("ocsp_subject")
    if responder_of(response, authority, key=authority.key_info, strong=True) is None:
        raise SignatureRefused("ocsp_signature")
    newest = max(found, key=lambda one: one.this_update)
    return OcspFacts(response.digest, newest.status, newest.this_update, newest.next_update, newest.revoked_at)
