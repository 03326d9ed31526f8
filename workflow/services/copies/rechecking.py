"""A sealed copy judged again by the clock, as documents are: only another answer is stored, with its cause."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import signing as verifier
from signing import DocumentVerdict
from workflow.adapters.blobs import Blobs
from workflow.domain import copies as rules
from workflow.domain.copies import State
from workflow.domain.errors import Conflict
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.copies.moves import tell
from workflow.services.signing.copied import standing_question
from workflow.services.verification.answers import UNANSWERED, answer_about
from workflow.store import copies as store
from workflow.store import copy_proofs
from workflow.store.models import CopyVerdict
from workflow.store.session import UnitOfWork

WHY = "signatures are judged again on a rolling schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """`answered`: the verifier came to an end; `changed`: it says something else than before."""

    answered: bool
    changed: bool = False


def longest_unchecked(uow: UnitOfWork, *, limit: int) -> list[int]:
    """Copies that were judged longest ago, for the job."""
    return copy_proofs.longest_unchecked(uow.session, limit=limit)


def recheck_for_job(uow: UnitOfWork, *, copy_id: int, blobs: Blobs, now: dt.datetime) -> Looked:
    """By the clock, whoever's copy it is. Raises `Conflict` where it was cancelled or made longer meanwhile."""
    held = copy_proofs.held(uow.session, store.one(uow.session, copy_id, reason=WHY))
    if held is None:
        raise Conflict("stale")
    file = held.sha256
    asked = standing_question(uow, held, at=now, cited=DocumentVerdict.from_json(held.body).evidence)
    data = uow.compute(blobs.get, file)
    whole = uow.compute(
        verifier.verify_in_jail, data, trust=asked.trust, at=now, evidence=asked.evidence, policy=asked.policy,
        plan=asked.plan, owners=asked.owners, texts=asked.texts, both=True,
    )  # fmt: skip
    uow.begin_write()
    copy = store.for_jobs(uow.session, copy_id, reason=WHY)
    held = copy_proofs.held(uow.session, copy)
    if held is None or held.sha256 != file or copy.state != State.DONE:
        raise Conflict("stale")
    copy.checked_at = now
    if not whole.signatures and whole.reason in UNANSWERED:
        return Looked(answered=False)
    return Looked(answered=True, changed=_kept(uow, held, whole, now=now))


def _kept(uow: UnitOfWork, held: copy_proofs.Held, whole: DocumentVerdict, *, now: dt.datetime) -> bool:
    """Add the answer where it differs, and say so in the copy's journal."""
    known = copy_proofs.files(uow.session, held.copy)
    answer = answer_about(rules.FIELD, held.body, held.conclusion, whole, issued=known)
    if answer is None:
        return False
    body = whole.to_json()
    uow.add(
        CopyVerdict(
            copy_id=held.copy.id, at=now, conclusion=answer.conclusion, reason=answer.reason, cause=answer.cause,
            body=body, trust_digest=whole.trust_digest,
        )
    )  # fmt: skip
    facts = {
        "file": held.sha256, "before": held.conclusion, "after": answer.conclusion, "reason": answer.reason,
        "cause": answer.cause, "verdict_digest": hashlib.sha256(body.encode()).hexdigest(),
    }  # fmt: skip
    tell(uow, SYSTEM_ACTOR, held.copy, "rechecked", facts=facts, now=now)
    return True
