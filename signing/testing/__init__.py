"""A small PKI for tests and demonstrations: certificates with named defects, CRLs, OCSP, timestamps, .p12.

Nothing here may sign for real. Labelled keys are computed from their label and known to everybody.
"""

from signing.testing.authority import Authority
from signing.testing.certificates import Defect, Links, Profile
from signing.testing.identity import Identity
from signing.testing.keys import KeyKind, PrivateKey, key, new_key, private_der, sign_raw
from signing.testing.revocation import CrlOptions, Revoked
from signing.testing.signers import sign_document
from signing.testing.subjects import AGENCY, ISSUER, LEADER, RESPONDER, ROOT, TSA, TSA_ROOT, Subject
from signing.testing.timestamps import (
    read_request,
    timestamp_attribute,
    timestamp_refusal,
    timestamp_response,
    timestamp_token,
)

__all__ = [
    "AGENCY",
    "ISSUER",
    "LEADER",
    "RESPONDER",
    "ROOT",
    "TSA",
    "TSA_ROOT",
    "Authority",
    "CrlOptions",
    "Defect",
    "Identity",
    "KeyKind",
    "Links",
    "PrivateKey",
    "Profile",
    "Revoked",
    "Subject",
    "key",
    "new_key",
    "private_der",
    "read_request",
    "sign_document",
    "sign_raw",
    "timestamp_attribute",
    "timestamp_refusal",
    "timestamp_response",
    "timestamp_token",
]
