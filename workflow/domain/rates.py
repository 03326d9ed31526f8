"""What the figures mean: each rate as a numerator, a denominator and everything that was left out.

No official definition of "rate of digitally signed documents" was found, so these are ours, and every page
prints both numbers. Decree 30/2020/NĐ-CP, Article 5.1: an electronic document is an original only with the
signature of the competent person *and* of the agency; so a document counts as signed only when both passed.
Indeterminate is never rounded to passed. Ink stays in the denominator and never enters the numerator.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from workflow.domain.errors import BadInput


class Check(StrEnum):
    """What the verifier said of one required signature; `MISSING` when there is none."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedDocument:
    """What the rates need to know about one issued document. `signer`: who signed, not the head."""

    id: int
    signer: int
    leader: Check
    seal: Check
    ink: bool = False
    exempt: bool = False
    secret: bool = False


class Outcome(StrEnum):
    """Where a document stands in a rate: exactly one of these. The first two leave the denominator."""

    SECRET = "secret"  # noqa: S105  a class of documents, not a password
    EXEMPT = "exempt"
    INK = "ink"
    SIGNED = "signed"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    INCOMPLETE = "incomplete"
    """Digital, but one of the required signatures is not there."""


EXCLUDED = frozenset({Outcome.SECRET, Outcome.EXEMPT})


class Basis(StrEnum):
    """Which signatures a rate asks for."""

    BOTH = "both"
    LEADER = "leader"
    SEAL = "seal"


def outcome(document: IssuedDocument, basis: Basis = Basis.BOTH) -> Outcome:
    """Where one document stands. A failed signature outweighs an indeterminate one, and that a missing one."""
    if document.secret:
        return Outcome.SECRET
    if document.exempt:
        return Outcome.EXEMPT
    if document.ink:
        return Outcome.INK
    match basis:
        case Basis.BOTH:
            checks = {document.leader, document.seal}
        case Basis.LEADER:
            checks = {document.leader}
        case Basis.SEAL:
            checks = {document.seal}
    if Check.FAILED in checks:
        return Outcome.FAILED
    if Check.INDETERMINATE in checks:
        return Outcome.INDETERMINATE
    return Outcome.INCOMPLETE if Check.MISSING in checks else Outcome.SIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRate:
    """Counts of issued documents by outcome; the rate is `signed / denominator`."""

    signed: int = 0
    ink: int = 0
    failed: int = 0
    indeterminate: int = 0
    incomplete: int = 0
    exempt: int = 0
    secret: int = 0

    @property
    def numerator(self) -> int:
        """Documents whose required signatures all passed."""
        return self.signed

    @property
    def denominator(self) -> int:
        """All issued documents but the secret and the exempt ones."""
        return self.signed + self.ink + self.failed + self.indeterminate + self.incomplete

    @property
    def issued(self) -> int:
        """Everything issued, with what the rate leaves out."""
        return self.denominator + self.exempt + self.secret

    def percent(self, decimals: int = 2) -> Decimal | None:
        """The rate in percent; None where nothing counts."""
        return percent(self.numerator, self.denominator, decimals=decimals)

    def __add__(self, other: SignRate) -> SignRate:
        """Rates of units or months add up count by count, never as percentages."""
        return SignRate(
            signed=self.signed + other.signed,
            ink=self.ink + other.ink,
            failed=self.failed + other.failed,
            indeterminate=self.indeterminate + other.indeterminate,
            incomplete=self.incomplete + other.incomplete,
            exempt=self.exempt + other.exempt,
            secret=self.secret + other.secret,
        )


def sign_rate_docs(documents: Iterable[IssuedDocument], basis: Basis = Basis.BOTH) -> SignRate:
    """Signature rate of a unit's issued documents."""
    return from_counts(Counter(outcome(document, basis) for document in documents))


def sign_rate_leader(documents: Iterable[IssuedDocument], signer: int) -> SignRate:
    """Signature rate of one person: of the documents this person signed in any medium, those signed digitally
    with a signature that passed. A deputy's KT. documents are the deputy's.
    """
    own = (document for document in documents if document.signer == signer)
    return sign_rate_docs(own, Basis.LEADER)


def from_counts(counts: Mapping[Outcome, int]) -> SignRate:
    """A rate from counts per outcome, as a grouped query gives them."""
    return SignRate(**{kind.value: counts.get(kind, 0) for kind in Outcome})


def quantile(times: Sequence[dt.timedelta], percentile: int) -> dt.timedelta | None:
    """Nearest-rank percentile (50 is the median): always a time that really occurred; None without any."""
    if not 0 < percentile <= 100:
        raise BadInput("percentile", percentile=percentile)
    if not times:
        return None
    rank = -(-percentile * len(times) // 100)
    return sorted(times)[rank - 1]


def percent(numerator: int, denominator: int, *, decimals: int = 2) -> Decimal | None:
    """`numerator / denominator` in percent, rounded half up in whole numbers; None when nothing counts.

    `percent(509, 526) == Decimal("96.77")`.
    """
    if denominator == 0:
        return None
    if numerator < 0 or denominator < 0 or decimals < 0:
        raise BadInput("rate_negative", numerator=numerator, denominator=denominator)
    scaled = (2 * numerator * 100 * 10**decimals + denominator) // (2 * denominator)
    return Decimal(scaled).scaleb(-decimals)
