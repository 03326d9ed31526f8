"""Digital signatures in PDF and CMS: prepare, embed, verify. A library that knows nothing of its user."""

from signing.errors import BrokenInput, NeedsCare, SignatureRefused, SigningError

__all__ = ["BrokenInput", "NeedsCare", "SignatureRefused", "SigningError"]
