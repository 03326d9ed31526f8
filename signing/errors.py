"""What can go wrong in the library, as codes that its user can translate.

SigningError
├── BrokenInput      what was given is not what it says it is (not a PDF, not a certificate, truncated)
├── NeedsCare        readable perhaps, but not plain enough for the strict reader: never a yes, never a no
├── SignatureRefused a raw signature does not fit its certificate and content
└── FetchRefused     an address was not asked, or gave nothing that may be used (`signing.fetch`)

A bad signature in a document is never an exception: it is a verdict.
"""

from __future__ import annotations


class SigningError(Exception):
    """Base of all. `code` is stable; `details` name what was found."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        if not self.details:
            return self.code
        return self.code + " " + " ".join(f"{key}={value!r}" for key, value in self.details.items())


class BrokenInput(SigningError):
    """Not what it says it is: nothing in it can be relied on."""


class NeedsCare(SigningError):
    """Outside what the strict reader explains; the answer stays open."""


class SignatureRefused(SigningError):
    """Not made by this certificate's key over these bytes, or with an algorithm that is refused."""


class FetchRefused(SigningError):
    """`code` is a `signing.fetch.FetchReason`, of timestamps also a `signing.fetch.StampReason`."""
