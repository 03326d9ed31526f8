"""What a verification says: frozen values, three-valued, every facet apart, whole in JSON and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signing.cms.algorithms import Strength
from signing.path.chain import PathState
from signing.path.evidence import TimeSource
from signing.path.revocation import RevocationState
from signing.path.trust import SignatureKind
from signing.reasons import Conclusion, Reason, SubIndication
from signing.verification import serial


class Integrity(StrEnum):
    """`UNREADABLE`: there is something in the place of a signature that could not be checked."""

    INTACT = "intact"
    BROKEN = "broken"
    UNREADABLE = "unreadable"


class Coverage(StrEnum):
    WHOLE_FILE = "whole_file"
    REVISION = "revision"
    PARTIAL = "partial"


class ChangesAfter(StrEnum):
    """The weightiest kind of change after the signed revision."""

    NONE = "none"
    EVIDENCE = "evidence"
    SIGNING = "signing"
    FORM_FILLING = "form_filling"
    ANNOTATIONS = "annotations"
    OTHER = "other"


class SignatureRole(StrEnum):
    APPROVAL = "approval"
    CERTIFICATION = "certification"
    TIMESTAMP = "timestamp"


class Indication(StrEnum):
    """ETSI EN 319 102-1, 5.1.3."""

    TOTAL_PASSED = "TOTAL-PASSED"
    INDETERMINATE = "INDETERMINATE"
    TOTAL_FAILED = "TOTAL-FAILED"


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """One thing that happened after a signature. `field` and `by` name a later signature."""

    revision: int
    kind: ChangesAfter
    code: str
    field: str = ""
    by: str = ""
    planned: bool = True
    visible: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """`best`: earliest time the signature is known to exist, and where from. `claimed`: what the signer says,
    shown and never believed. `timestamps`: every token found, also those that prove nothing."""

    best: datetime
    source: TimeSource
    claimed: datetime | None = None
    timestamps: tuple[Timestamp, ...] = ()


@dataclass(frozen=True, slots=True)
class Timestamp:
    verdict: Conclusion
    time: datetime | None
    reasons: tuple[Reason, ...] = ()
    authority: str = ""


@dataclass(frozen=True, slots=True)
class SignerIdentity:
    """From the certificate, attribute by attribute. Personal numbers in `uids` are masked."""

    name: str
    title: str
    organisation: str
    email: str
    uids: tuple[str, ...]
    issuer: str
    serial: str
    certificate_sha256: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """One signature, every facet. `verdict` is the worst of `reasons`; `basis` says which path decided."""

    field: str
    kind: SignatureRole
    verdict: Conclusion
    reason: Reason | None
    reasons: tuple[Reason, ...]
    integrity: Integrity
    coverage: Coverage
    changes_after: ChangesAfter
    changes: tuple[ChangeMade, ...]
    changes_permitted: bool
    algorithms: Strength
    algorithm: str
    path: PathState
    revocation: RevocationState
    times: Times
    signature_kind: SignatureKind
    signer: SignerIdentity | None
    indication: Indication
    sub_indication: SubIndication | None
    chain: tuple[str, ...] = ()
    root_label: str = ""
    revocation_source: str = ""
    revocation_answer: str = ""
    revocation_time: datetime | None = None
    revoked_at: datetime | None = None
    evidence: tuple[str, ...] = ()
    revision: int | None = None
    signed_bytes: int | None = None
    page: int | None = None
    box: tuple[float, ...] | None = None
    subfilter: str = ""


@dataclass(frozen=True, slots=True)
class RevisionFact:
    """A saved state of the document: its first `end` bytes are what was there."""

    number: int
    end: int


@dataclass(frozen=True, slots=True)
class DocumentVerdict:
    """The whole answer about one file, at one time, under one trust store and policy. `basis`: which path decided;
    `leniencies`: what the careful one had to forgive in how the file is written, with the place."""

    verdict: Conclusion
    reason: Reason | None
    reasons: tuple[Reason, ...]
    signatures: tuple[SignatureVerdict, ...]
    at: datetime
    sha256: str
    size: int
    trust_digest: str
    policy_digest: str
    policy: str
    evidence: tuple[str, ...]
    revisions: tuple[RevisionFact, ...] = ()
    unsigned_fields: tuple[str, ...] = ()
    detail: str = ""
    basis: str = "fast"
    leniencies: tuple[str, ...] = ()

    def signature(self, field: str) -> SignatureVerdict | None:
        """The signature in the field of this name."""
        return next((item for item in self.signatures if item.field == field), None)

    def to_json(self) -> str:
        """One line of canonical JSON: the same verdict gives the same bytes."""
        return serial.dump(self)

    @classmethod
    def from_json(cls, text: str) -> DocumentVerdict:
        return serial.load(cls, text)
