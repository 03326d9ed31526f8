"""Archive timestamps of a CAdES signature, judged from the last to the first (ETSI EN 319 102-1, 5.6.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from signing.cms.archive import ARCHIVE_TIMESTAMP, Archived, archives
from signing.cms.attributes import SIGNATURE_TIMESTAMP
from signing.cms.codec import SignedData, Signer, read_signed_data
from signing.errors import NeedsCare
from signing.path.evidence import Evidence
from signing.path.timestamps import TimestampResult, check_token, read_content
from signing.reasons import Conclusion, Reason
from signing.verification.context import Question
from signing.verification.facets import MAX_TOKENS, proves

_INVALID = TimestampResult(Conclusion.INDETERMINATE, (Reason.TIMESTAMP_INVALID,), None)


@dataclass(frozen=True, slots=True)
class Archive:
    """`results` as they were judged; `good` with the times that they prove; `held`: the caller's own receipt."""

    results: tuple[TimestampResult, ...] = ()
    good: tuple[tuple[Archived, datetime], ...] = ()
    held: datetime | None = None

    def existed(self, kind: str, value: bytes) -> datetime | None:
        """Since when an unsigned attribute's value is proven to be there."""
        times = [time for stamp, time in self.good if stamp.covers(kind, value)]
        return min(times if self.held is None else [*times, self.held], default=None)

    def signature_token(self, token: bytes) -> datetime | None:
        return self.existed(SIGNATURE_TIMESTAMP, token)


def judge_archives(
    question: Question,
    data: SignedData,
    signer: Signer,
    *,
    digest: Callable[[str], bytes | None],
    evidence: Evidence,
    held: datetime | None,
) -> Archive:
    """`digest` gives the content's by the name of the hash."""
    try:
        found = sorted(archives(data, signer)[:MAX_TOKENS], key=_time, reverse=True)
    except NeedsCare:
        return Archive((_INVALID,), held=held)
    archive = Archive(held=held)
    if found and digest("sha256") is None:
        return archive  # without the content nothing can be said
    for stamp in found:
        result = _judge(question, data, signer, stamp=stamp, digest=digest, evidence=evidence, archive=archive)
        good = archive.good
        if result.time is not None and proves(result):
            good = (*good, (stamp, result.time))
        archive = Archive((*archive.results, result), good, held)
    return archive


def _time(stamp: Archived) -> datetime:
    return read_content(read_signed_data(stamp.token).content or b"").time


def _judge(
    question: Question,
    data: SignedData,
    signer: Signer,
    *,
    stamp: Archived,
    digest: Callable[[str], bytes | None],
    evidence: Evidence,
    archive: Archive,
) -> TimestampResult:
    if not stamp.is_whole:
        return _INVALID
    return check_token(
        stamp.token,
        lambda name: stamp.stamped(data, signer, name, content=digest(name) or b""),
        trust=question.trust,
        evidence=evidence,
        at=question.at,
        policy=question.policy,
        existed=archive.existed(ARCHIVE_TIMESTAMP, stamp.token),
    )
