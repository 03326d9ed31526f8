"""A verdict for people on a terminal, and in the short JSON of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from signing.path.evidence import TimeSource
from signing.reasons import Conclusion
from signing.verification.verdict import DocumentVerdict, SignatureVerdict

_PROVEN = {TimeSource.TIMESTAMP: "timestamp", TimeSource.ANCHORED_RECEIPT: "anchored_receipt"}
_MARKS = {Conclusion.PASSED: "+", Conclusion.FAILED: "x", Conclusion.MALFORMED: "x"}


def as_plain(file: str, verdict: DocumentVerdict) -> dict[str, Any]:
    """The object that `verify --json` prints for one file."""
    return {
        "file": file,
        "verdict": str(verdict.verdict),
        "reason": _text(verdict.reason),
        "reasons": [str(reason) for reason in verdict.reasons],
        "detail": verdict.detail,
        "signatures": [_signature(item) for item in verdict.signatures],
    }


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


def _signer(item: SignatureVerdict) -> dict[str, Any] | None:
    signer = item.signer
    if signer is None:
        return None
    return {
        "name": signer.name,
        "title": signer.title,
        "organisation": signer.organisation,
        "uids": list(signer.uids),
        "issuer": signer.issuer,
        "serial": signer.serial,
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
    said = f" ({verdict.reason})" if verdict.reason is not None else ""
    yield f"{file}: {str(verdict.verdict).upper()}{said}"
    if verdict.detail:
        yield f"    {verdict.detail}"
    for item in verdict.signatures:
        yield from _signature_lines(item)
    if verdict.unsigned_fields:
        yield f"    not signed yet: {', '.join(verdict.unsigned_fields)}"


def _signature_lines(item: SignatureVerdict) -> Iterator[str]:
    name = item.signer.name if item.signer is not None else "unknown signer"
    time, source = _time(item)
    mark = _MARKS.get(item.verdict, "?")
    yield f"  {mark} {item.field}: {name}, {_iso(time) or 'no time'} ({source}): {item.verdict}"
    if item.reasons:
        yield f"      why          {', '.join(item.reasons)}"
    yield f"      integrity    {item.integrity}, covers {item.coverage}, {item.algorithm} {item.algorithms}"
    yield f"      after it     {item.changes_after}" + ("" if item.changes_permitted else ", not permitted")
    for change in item.changes:
        yield f"                   {change.code} {change.field}" + (f" by {change.by}" if change.by else "")
    answer = _iso(item.revocation_time)
    yield f"      certificate  path {item.path}, revocation {item.revocation}" + (
        f" by {item.revocation_source} of {answer}" if answer else ""
    )
