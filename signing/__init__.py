"""Digital signatures in PDF and CMS: prepare, embed, verify. A library that knows nothing of its user.

    verdict = signing.verify(pdf, trust=signing.TrustStore.of(root_pem), at=now)

What signs and prepares is in `signing.prepare`; test certificates, CRLs and timestamps are in `signing.testing`.
"""

from signing.errors import BrokenInput, NeedsCare, SignatureRefused, SigningError
from signing.path.answers import CrlFacts, parse_crl
from signing.path.certificates import CertificateFacts, inspect_certificate
from signing.path.check import PathResult, check_certificate
from signing.path.evidence import Evidence, Receipt, TimeSource
from signing.path.policy import DAILY, STRICT, Policy, Sunset
from signing.path.responses import OcspFacts, parse_ocsp
from signing.path.trust import Purpose, SignatureKind, TrustAnchor, TrustStore
from signing.prepare.plan import PlannedField
from signing.raw import verify_raw
from signing.reasons import Conclusion, Reason, SubIndication
from signing.verification.detached import verify_detached
from signing.verification.document import verify
from signing.verification.drawn import Trouble, inspect_drawing_in_jail
from signing.verification.jailed import verify_in_jail
from signing.verification.jailed_detached import verify_detached_in_jail
from signing.verification.jailed_file import verify_file_in_jail
from signing.verification.returned import Fault, Returned, inspect_returned_in_jail
from signing.verification.verdict import DocumentVerdict, SignatureVerdict

__all__ = [
    "DAILY",
    "STRICT",
    "BrokenInput",
    "CertificateFacts",
    "Conclusion",
    "CrlFacts",
    "DocumentVerdict",
    "Evidence",
    "Fault",
    "NeedsCare",
    "OcspFacts",
    "PathResult",
    "PlannedField",
    "Policy",
    "Purpose",
    "Reason",
    "Receipt",
    "Returned",
    "SignatureKind",
    "SignatureRefused",
    "SignatureVerdict",
    "SigningError",
    "SubIndication",
    "Sunset",
    "TimeSource",
    "Trouble",
    "TrustAnchor",
    "TrustStore",
    "check_certificate",
    "inspect_certificate",
    "inspect_drawing_in_jail",
    "inspect_returned_in_jail",
    "parse_crl",
    "parse_ocsp",
    "verify",
    "verify_detached",
    "verify_detached_in_jail",
    "verify_file_in_jail",
    "verify_in_jail",
    "verify_raw",
]
