"""What a signer's profile asks beyond RFC 5280: a certificate for signing (C4), strong algorithms (C3)."""

from __future__ import annotations

from signing.path.building import Chain, is_self_signed
from signing.path.model import Certificate
from signing.path.signatures import is_strong_key, is_strong_signature
from signing.path.trust import Purpose
from signing.reasons import Reason

DOCUMENT_PURPOSES = frozenset(
    {
        "2.5.29.37.0",  # anyExtendedKeyUsage
        "1.3.6.1.5.5.7.3.2",  # clientAuth
        "1.3.6.1.5.5.7.3.4",  # emailProtection
        "1.3.6.1.5.5.7.3.36",  # documentSigning, RFC 9336
        "1.3.6.1.4.1.311.10.3.12",  # Microsoft document signing
        "1.2.840.113583.1.1.5",  # Adobe authentic documents
    }
)
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
_TIME_STAMPING_ONLY = frozenset({TIME_STAMPING})
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
_SIGNING = frozenset({"digitalSignature", "nonRepudiation"})


def check_usage(certificate: Certificate, purpose: Purpose | None) -> list[Reason]:
    """Checklist C4. A timestamp authority: critical, sole timeStamping (RFC 3161, 2.3)."""
    reasons = []
    if certificate.is_authority or (certificate.usages is not None and not _SIGNING & certificate.usages):
        reasons.append(Reason.KEY_USAGE_WRONG)
    if purpose is Purpose.TSA:
        if certificate.purposes != _TIME_STAMPING_ONLY or not certificate.purposes_critical:
            reasons.append(Reason.EXTENDED_KEY_USAGE_WRONG)
    elif certificate.purposes is not None and not DOCUMENT_PURPOSES & certificate.purposes:
        reasons.append(Reason.EXTENDED_KEY_USAGE_WRONG)
    return reasons


def check_strength(chain: Chain) -> list[Reason]:
    """Checklist C3. How a root signed itself proves nothing, so it may be old, listed or not."""
    reasons = []
    last = len(chain.certificates) - 1
    for depth, (certificate, key) in enumerate(zip(chain.certificates, chain.keys, strict=True)):
        is_root = depth == last and (chain.anchor is not None or is_self_signed(certificate))
        if not is_root and not is_strong_signature(certificate.algorithm):
            reasons.append(Reason.CHAIN_ALGORITHM_WEAK)
        if not is_strong_key(key):
            reasons.append(Reason.CHAIN_ALGORITHM_WEAK if depth else Reason.ALGORITHM_WEAK)
    return reasons
