"""Whether a certificate may stand as a root at all, before anybody decides whether to believe it.

A root's own signature carries no trust (RFC 5280 6.1.1 d: an anchor is a name and a key), so an old hash in it is
no fault; that it holds shows that whoever made the file had the key. What its key signs carries all of it.
"""

from __future__ import annotations

from enum import StrEnum

from signing.path.model import read_certificate
from signing.path.signatures import SignatureState, is_strong_key, signature_state


class RootFault(StrEnum):
    NOT_AUTHORITY = "not_authority"
    """No basicConstraints with cA, or a keyUsage without keyCertSign (RFC 5280 4.2.1.3, 4.2.1.9)."""
    NOT_SELF_SIGNED = "not_self_signed"
    """Issued by somebody else, or its signature does not hold."""
    KEY_WEAK = "key_weak"
    """RSA under 2048 bits, an unnamed or unknown curve."""


CERT_SIGN = "keyCertSign"


def root_faults(der: bytes) -> tuple[RootFault, ...]:
    """Everything that keeps a certificate (DER) from being a root; `BrokenInput` when it cannot be read."""
    found = read_certificate(der)
    faults = []
    if not found.is_authority or (found.usages is not None and CERT_SIGN not in found.usages):
        faults.append(RootFault.NOT_AUTHORITY)
    held = signature_state(found.tbs, found.algorithm, found.signature, key=found.key_info)
    if not found.is_self_issued or held is not SignatureState.GOOD:
        faults.append(RootFault.NOT_SELF_SIGNED)
    if not is_strong_key(found.key_info):
        faults.append(RootFault.KEY_WEAK)
    return tuple(faults)
