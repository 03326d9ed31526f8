"""What goes with a document looked at again: the list of its attachments, their files, and the seals on them.

Three things may have happened since the signature, and they are told apart: the list (names, order, hashes) is not
the one whose digest was kept with the signature; a file is not in the store as it was; a seal is judged otherwise
today. Only the last is a verdict, and it is added only where it differs (as in `services.verification.rechecking`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import signing
from signing import DocumentVerdict
from workflow.adapters.blobs import BlobDamaged, BlobMissing, Blobs
from workflow.domain import attachments as rules
from workflow.domain.people import SYSTEM_ACTOR, Actor
from workflow.services.journal import record_document
from workflow.services.signing import attached
from workflow.services.verification.answers import UNANSWERED, answer_about
from workflow.store import attachments as store
from workflow.store import documents, proofs
from workflow.store.models import AttachmentSeal, AttachmentVerdict, Outgoing
from workflow.store.session import UnitOfWork

WHY = "what goes with a document is looked at again with it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What was found, by places. `lost`: the file is missing or damaged; `changed`: the seal has another answer
    than before; `unanswered`: the verifier came to no end; `strict_only`: its careful reading came to its limits.
    `differs`: the list is not the signed one."""

    lost: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    unanswered: tuple[int, ...] = ()
    strict_only: tuple[int, ...] = ()
    differs: bool = False


NOTHING = Attached()


@dataclass(frozen=True, slots=True)
class Look:
    """One attachment before anything is written. `whole`: of a sealed file that was read."""

    held: store.Held
    lost: bool = False
    whole: DocumentVerdict | None = None


def look(uow: UnitOfWork, document: Outgoing, *, blobs: Blobs, now: dt.datetime) -> list[Look]:
    """Read and judge all of them, before the write; nothing where nothing is attached."""
    held = store.let_go(uow.session, store.with_seals(uow.session, document.id))
    sealed = [one for one in held if one.seal is not None]
    if not sealed:
        return [Look(one, lost=not _whole(uow, blobs, one.row.sha256)) for one in held]
    cited = {
        digest for one in sealed if one.verdict for digest in DocumentVerdict.from_json(one.verdict.body).evidence
    }
    known = attached.known(uow, document, at=now, cited=cited)
    owners = store.owners(uow.session, document.id)
    return [_looked(uow, one, known, owners, blobs=blobs, now=now) for one in held]


def _looked(
    uow: UnitOfWork, held: store.Held, known: attached.Known, owners: dict[int, str], *, blobs: Blobs,
    now: dt.datetime,
) -> Look:  # fmt: skip
    if not _whole(uow, blobs, held.row.sha256):
        return Look(held, lost=True)
    if held.seal is None:
        return Look(held)
    try:
        data = uow.compute(blobs.get, held.sha256)
    except (BlobMissing, BlobDamaged):
        return Look(held, lost=True)
    asked = attached.asked_again(uow, known, held, owner=owners.get(held.seal.id, ""))
    whole = uow.compute(
        signing.verify_in_jail, data, trust=asked.trust, at=now, evidence=asked.evidence, policy=asked.policy,
        plan=asked.plan, owners=asked.owners, texts=asked.texts, both=True,
    )  # fmt: skip
    return Look(held, whole=whole)


def _whole(uow: UnitOfWork, blobs: Blobs, sha256: str) -> bool:
    """The file that people read is in the store as it was."""
    try:
        uow.compute(blobs.get, sha256)
    except (BlobMissing, BlobDamaged):
        return False
    return True


def keep(uow: UnitOfWork, actor: Actor, document: Outgoing, looks: Sequence[Look], *, now: dt.datetime) -> Attached:
    """In the open write phase, the document locked: the moment of the look, and each answer that is another one."""
    if not looks and not document.attached_digest:
        return NOTHING
    standing = {one.row.id: one for one in store.with_seals(uow.session, document.id)}
    issued = proofs.attached_files(uow.session, document.id)
    changed, unanswered, strict_only = [], [], []
    for one in looks:
        held = standing.get(one.held.row.id)
        if held is None or held.seal is None or one.whole is None or one.whole.sha256 != held.sha256:
            continue  # sealed anew, given up with its number, or longer meanwhile
        held.seal.checked_at = now
        if not one.whole.signatures and one.whole.reason in UNANSWERED:
            unanswered.append(held.row.place)
            continue
        strict_only += [held.row.place] if one.whole.basis == "fast" else []
        if _kept(uow, actor, document, held, held.seal, one.whole, issued=issued.get(held.seal.id, ()), now=now):
            changed.append(held.row.place)
    uow.flush()
    return Attached(
        lost=tuple(one.held.row.place for one in looks if one.lost),
        changed=tuple(changed),
        unanswered=tuple(unanswered),
        strict_only=tuple(strict_only),
        differs=_differs(document, standing.values()),
    )


def _differs(document: Outgoing, standing: Iterable[store.Held]) -> bool:
    """Before the signature there is nothing to compare with."""
    signed = document.signed_at is not None
    return signed and store.digest(one.row for one in standing) != document.attached_digest


def _kept(
    uow: UnitOfWork, actor: Actor, document: Outgoing, held: store.Held, seal: AttachmentSeal,
    whole: DocumentVerdict, *, issued: Collection[str], now: dt.datetime,
) -> bool:  # fmt: skip
    """Add the answer about a seal where it differs, and say so in the journal."""
    before = held.verdict or seal
    answer = answer_about(rules.FIELD, before.body, before.conclusion, whole, issued=issued)
    if answer is None:
        return False
    body = whole.to_json()
    uow.add(
        AttachmentVerdict(
            seal_id=seal.id, at=now, conclusion=answer.conclusion, reason=answer.reason, cause=answer.cause,
            body=body, trust_digest=whole.trust_digest,
        )
    )  # fmt: skip
    told = {
        "attachment": held.row.id, "name": held.row.name, "place": held.row.place, "file": held.sha256,
        "before": before.conclusion, "after": answer.conclusion, "reason": answer.reason, "cause": answer.cause,
        "verdict_digest": hashlib.sha256(body.encode()).hexdigest(),
    }  # fmt: skip
    record_document(uow, document, tag="document:attachment:rechecked", facts=told, actor=actor, now=now)
    return True


def recheck_for_job(uow: UnitOfWork, *, document_id: int, blobs: Blobs, now: dt.datetime) -> Attached:
    """By the clock, whoever's document it is; in an act of its own, so that a lost file of the document does
    not hide what became of the others."""
    document = documents.one(uow.session, document_id, reason=WHY)
    looks = look(uow, document, blobs=blobs, now=now)
    if not looks and not document.attached_digest:
        return NOTHING
    uow.begin_write()
    locked = documents.for_jobs(uow.session, document_id, reason=WHY)
    return keep(uow, SYSTEM_ACTOR, locked, looks, now=now)
