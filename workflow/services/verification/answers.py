"""What a later look at one signature comes to, where it is not what was said before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from signing import Conclusion, DocumentVerdict, Reason, SignatureVerdict
from workflow.services.verification.causes import causes_between

UNANSWERED = frozenset({Reason.RESOURCE_LIMIT, Reason.STRUCTURE_UNREADABLE})
"""Without a signature beside them they are about the check and not about the file: the jail was at its limits."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Another answer than before, and why it is another (`services.verification.causes`, joined by blanks)."""

    conclusion: str
    reason: str
    cause: str


def answer_about(
    field: str, before: str, conclusion_before: str, whole: DocumentVerdict, *, issued: Collection[str] = ()
) -> Answer | None:
    """What `whole` says of the signature in a field; None where that was said already. `before`: the last verdict
    (JSON); `issued`: every state of the issued file."""
    old = DocumentVerdict.from_json(before)
    earlier, found = old.signature(field), whole.signature(field)
    conclusion, reason = (
        (str(found.verdict), str(found.reason or "")) if found else (str(Conclusion.FAILED), _lost(whole))
    )
    changed = _reasons(earlier) ^ _reasons(found)
    if conclusion == conclusion_before and not changed and found is not None:
        return None
    return Answer(conclusion, reason, " ".join(causes_between(old, whole, changed=changed, issued=issued)))


def _lost(whole: DocumentVerdict) -> str:
    """The field holds no signature any more: the file is not what was stored."""
    return str(whole.reason or Reason.SIGNATURE_MALFORMED)


def _reasons(found: SignatureVerdict | None) -> frozenset[Reason]:
    return frozenset(found.reasons) if found is not None else frozenset()
