"""A verdict for people on a terminal, and in the short JSON of the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from signing.path.evidence import TimeSource
from signing.reasons import Conclusion, Reason
from signing.titles import TITLES
from signing.verification.verdict import DocumentVerdict, SignatureVerdict

_PROVEN = {TimeSource.TIMESTAMP: "timestamp", TimeSource.ANCHORED_RECEIPT: "anchored_receipt"}
_MARKS = {Conclusion.PASSED: "+", Conclusion.FAILED: "x", Conclusion.MALFORMED: "x"}


def as_plain(file: str, verdict: DocumentVerdict) -> dict[str, Any]:
    """The object that `verify --json` prints for one file."""
    return {
        "file": file,
        "verdict": str(verdict.verdict),
        "reason": _text(verdict.reason),
        "signatures": [_signature(item) for item in verdict.signatures],
        "reasons": [str(reason) for reason in verdict.reasons],
        "detail": verdict.detail,
        "basis": verdict.basis,
    }


def unjudged(file: str, verdict: Conclusion, reason: Reason, *, detail: str) -> tuple[dict[str, Any], list[str]]:
    """The object and the lines for a file that no verifier has seen, or none has come back from."""
    plain = {
        "file": file,
        "verdict": str(verdict),
        "reason": str(reason),
        "signatures": [],
        "reasons": [str(reason)],
        "detail": detail,
        "basis": "",
    }
    return plain, [f"{_safe(file)}: {str(verdict).upper()}", *_why([reason]), f"    {_safe(detail)}"]


def _signature(item: SignatureVerdict) -> dict[str, Any]:
    time, source = _time(item)
    return {
        "field": item.field,
        "kind": str(item.kind),
        "verdict": str(item.verdict),
        "reason": _text(item.reason),
        "reasons": [str(reason) for reason in item.reasons],
        "integrity": str(item.integrity),
        "coverage": str(item.coverage),
        "changes_after": str(item.changes_after),
        "changes_permitted": item.changes_permitted,
        "changes": [
            {"revision": change.revision, "code": change.code, "field": change.field, "by": change.by}
            for change in item.changes
        ],
        "algorithms": str(item.algorithms),
        "path": str(item.path),
        "revocation": str(item.revocation),
        "revocation_time": _iso(item.revocation_time),
        "signing_time": _iso(time),
        "time_source": source,
        "signature_kind": str(item.signature_kind),
        "signer": _signer(item),
        "indication": str(item.indication),
        "sub_indication": _text(item.sub_indication),
    }


def _signer(item: SignatureVerdict) -> dict[str, Any]:
    """Empty where the signer is not known."""
    signer = item.signer
    if signer is None:
        return {}
    return {
        "name": signer.name,
        "title": signer.title,
        "organisation": signer.organisation,
        "uids": list(signer.uids),
        "email": signer.email,
        "issuer": signer.issuer,
        "serial": signer.serial,
        "not_before": _iso(signer.not_before),
        "not_after": _iso(signer.not_after),
        "certificate_sha256": signer.certificate_sha256,
    }


def _time(item: SignatureVerdict) -> tuple[datetime | None, str]:
    """A proven time with its proof; else what the signer claims."""
    if item.times.source in _PROVEN:
        return item.times.best, _PROVEN[item.times.source]
    return item.times.claimed, "claimed"


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def as_lines(file: str, verdict: DocumentVerdict) -> Iterator[str]:
    """The same, readable."""
    yield f"{_safe(file)}: {str(verdict.verdict).upper()}"
    told = {reason for item in verdict.signatures for reason in item.reasons}
    yield from _why([reason for reason in verdict.reasons if reason not in told])
    if verdict.detail:
        yield f"    {_safe(verdict.detail)}"
    for item in verdict.signatures:
        yield from _signature_lines(item)
    if verdict.unsigned_fields:
        yield f"    not signed yet: {_safe(', '.join(verdict.unsigned_fields))}"


def _signature_lines(item: SignatureVerdict) -> Iterator[str]:
    time, source = _time(item)
    mark = _MARKS.get(item.verdict, "?")
    yield f"  {mark} {_safe(item.field)}: {_safe(_who(item))}: {item.verdict}"
    yield from _why(item.reasons)
    yield f"      signed       {_iso(time) or 'no time'} ({source}), {item.kind}"
    yield f"      integrity    {item.integrity}, covers {item.coverage}, {item.algorithm} {item.algorithms}"
    yield f"      after it     {item.changes_after}" + ("" if item.changes_permitted else ", not permitted")
    for change in item.changes:
        by = f" by {change.by}" if change.by else ""
        yield f"                   {_safe(change.code + ' ' + change.field + by)}"
    answer = _iso(item.revocation_time)
    yield f"      certificate  path {item.path}, revocation {item.revocation}" + (
        f" by {item.revocation_source} of {answer}" if answer else ""
    )


def _who(item: SignatureVerdict) -> str:
    if item.signer is None:
        return "unknown signer"
    parts = (item.signer.name, item.signer.title, item.signer.organisation, *item.signer.uids)
    return ", ".join(part for part in parts if part)


def _why(reasons: Iterable[Reason]) -> Iterator[str]:
    for reason in reasons:
        yield f"      why          {reason}: {TITLES.get(reason, '')}"


def _safe(text: str) -> str:
    """Names come from files: what would steer a terminal is shown as its code."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
