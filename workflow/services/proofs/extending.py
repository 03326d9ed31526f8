"""One issued file made longer by a timestamp, by evidence and another timestamp, or by one more before that ends.

The file is prepared, the authority asked, and the answer put in and judged, all outside of any transaction; then
it is kept if the file is still the one that was read. Who dies in between has lost a token and no more.
The bytes that were issued stay as they are and remain known: only more is put behind them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import signing
from signing import Conclusion, SigningError
from signing import prepare as making
from signing.errors import FetchRefused
from signing.fetch import Stamped
from signing.path.sunsets import names_of
from signing.prepare.lasting import lasts, rests_on
from signing.verification.verdict import Integrity
from workflow.adapters.blobs import BlobError, Blobs
from workflow.adapters.timestamps import TimestampAuthority
from workflow.domain import proofs as rules
from workflow.domain.proofs import Proof
from workflow.services.documents.files import keep
from workflow.services.proofs.targets import Row, Wanted, target
from workflow.store import attachments
from workflow.store import proofs as store
from workflow.store.models import AttachmentProof, DocumentProof, Outgoing
from workflow.store.proofs import File
from workflow.store.session import UnitOfWork


class Came(StrEnum):
    """What came of one try."""

    STAMPED = "stamped"
    LASTING = "lasting"
    RENEWED = "renewed"
    TOO_EARLY = "too_early"
    """The evidence does not prove the signatures, or the last timestamp, yet."""
    NO_STAMP = "no_stamp"
    """The authority gave none, or none that may be believed."""
    UNUSABLE = "unusable"
    """The file is lost, or would not be better with what came."""
    OVERTAKEN = "overtaken"
    """Somebody else was quicker, or there is nothing to be done any more."""


@dataclass(frozen=True, slots=True)
class Extended:
    """`reason`: why it came to nothing, as a code. `certificates`: of the authority that answered, own first."""

    came: Came
    reason: str = ""
    certificates: tuple[bytes, ...] = ()


def expect(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> None:
    """In the act that issues: its files wait for a timestamp from now on, if anybody has signed it."""
    bears_signature = document.leader_verdict or document.seal_verdict
    if document.file_sha256 is None or not bears_signature:
        return
    uow.add(DocumentProof(document_id=document.id, state=str(Proof.WAITING), since=now, next_at=now))
    for held in attachments.with_seals(uow.session, document.id):
        if held.seal is not None:
            uow.add(
                AttachmentProof(
                    seal_id=held.seal.id, sha256=held.seal.sha256, state=str(Proof.WAITING), since=now, next_at=now
                )
            )  # fmt: skip


def take(uow: UnitOfWork, file: File, *, now: dt.datetime) -> bool:
    """Before anything is asked for: two schedulers do not ask for the same file."""
    uow.begin_write()
    return store.take(uow.session, file, now=now, until=now + rules.TAKEN)


def extend(
    uow: UnitOfWork, *, file: File, authority: TimestampAuthority, blobs: Blobs, now: dt.datetime,
    clock: Callable[[], dt.datetime],
) -> Extended:  # fmt: skip
    """The next step of one file that was taken. `clock` is read when the authority has answered."""
    wanted = target(file).wanted(uow, at=now)
    if wanted is None:
        return Extended(Came.OVERTAKEN)
    try:
        data = uow.compute(blobs.get, wanted.base)
        prepared = uow.compute(_prepared, data, wanted, now)
    except (BlobError, SigningError) as error:
        return _put_off(uow, file, wanted, Extended(Came.UNUSABLE, error.code), now=now)
    if isinstance(prepared, str):
        return _put_off(uow, file, wanted, Extended(Came.TOO_EARLY, prepared), now=now)
    asked = wanted.asked
    try:
        stamped = uow.compute(
            authority.stamp, prepared.digest, trust=asked.trust, evidence=asked.evidence, at=now, clock=clock
        )
    except FetchRefused as refused:
        return _put_off(uow, file, wanted, Extended(Came.NO_STAMP, str(refused.code)), now=now)
    try:
        holds = uow.compute(_strength, stamped, wanted)
        longer = uow.compute(_finished, data, prepared, stamped, holds, wanted)
    except SigningError as error:
        return _put_off(uow, file, wanted, Extended(Came.UNUSABLE, error.code), now=now)
    uow.compute(blobs.put, longer)
    return _keep(uow, file, wanted, longer, stamped, holds, now=clock())


@dataclass(frozen=True, slots=True)
class _Holds:
    """Of a timestamp: what it rests on, and until when it proves anything."""

    rests: frozenset[str]
    until: dt.datetime


def _prepared(data: bytes, wanted: Wanted, now: dt.datetime) -> making.PreparedStamp | str:
    """The bytes to stamp; or why there is no sense in asking yet."""
    if wanted.proof is Proof.WAITING:
        return making.prepare_stamp(data)
    asked = wanted.asked
    found = rests_on(
        data, trust=asked.trust, evidence=asked.evidence, at=now, policy=asked.policy, plan=asked.plan,
        owners=asked.owners, texts=asked.texts, again=wanted.proof is Proof.LASTING,
    )  # fmt: skip
    if found.lacks:
        return str(found.lacks[0])
    if found.store.size > rules.MOST_EVIDENCE:
        return "evidence_too_large"
    return making.prepare_stamp(data, store=found.store)


def _finished(
    data: bytes, prepared: making.PreparedStamp, stamped: Stamped, holds: _Holds, wanted: Wanted
) -> bytes:
    """The longer file, if no signature in it is judged worse than before, and it is what it is meant to be."""
    longer = making.embed_stamp(prepared.document, stamped.token)
    asked = wanted.asked
    if wanted.proof is Proof.LASTING and wanted.until is not None and holds.until <= wanted.until:
        raise signing.SignatureRefused("stamp_no_longer")
    judge = partial(
        signing.verify, trust=asked.trust, at=stamped.time, evidence=asked.evidence, policy=asked.policy,
        plan=asked.plan, owners=asked.owners, texts=asked.texts, careful=False,
    )  # fmt: skip
    before, after = judge(data), judge(longer)
    stamp = after.signature(prepared.field)
    good = {item.field for item in before.signatures if item.verdict is Conclusion.PASSED}
    still = {item.field for item in after.signatures if item.verdict is Conclusion.PASSED}
    fails = any(item.verdict is Conclusion.FAILED for item in after.signatures)
    if stamp is None or stamp.integrity is not Integrity.INTACT or fails or not good <= still:
        raise signing.SignatureRefused("stamp_harms")
    if wanted.proof is not Proof.WAITING and not lasts(
        longer, trust=asked.trust, at=stamped.time, policy=asked.policy
    ):
        raise signing.SignatureRefused("evidence_incomplete")
    return longer


def _strength(stamped: Stamped, wanted: Wanted) -> _Holds:
    """A timestamp ends with its certificate, and with each algorithm that it rests on: the digest it is over, and
    whatever its authority's chain up to the root uses."""
    asked = wanted.asked
    path = signing.check_certificate(
        stamped.certificate, chain=stamped.chain, trust=asked.trust, evidence=signing.Evidence(), at=stamped.time,
        purpose=signing.Purpose.TSA,
    )  # fmt: skip
    near = (*stamped.chain, *(anchor.certificate for anchor in asked.trust.anchors))
    known = {hashlib.sha256(one).hexdigest(): one for one in near}
    chain = tuple(known[name] for name in path.chain[1:] if name in known)
    rests = names_of((stamped.certificate, *chain)) | {rules.IMPRINT}
    ends = [one.until for one in asked.policy.sunsets if one.algorithm in rests]
    return _Holds(rests, min([stamped.until, *ends]))


def _keep(
    uow: UnitOfWork, file: File, wanted: Wanted, longer: bytes, stamped: Stamped, holds: _Holds, *, now: dt.datetime
) -> Extended:
    """The longer file becomes the present one, unless the file or its proof is another one by now."""
    uow.begin_write()
    paper = target(file)
    found = paper.locked(uow)
    if found is None:
        return Extended(Came.OVERTAKEN)
    document, row, present = found
    if row.state != wanted.proof or present != wanted.base:
        return Extended(Came.OVERTAKEN)
    sha256, kind = hashlib.sha256(longer).hexdigest(), rules.NEXT[wanted.proof]
    keep(uow, sha256=sha256, size=len(longer), now=now)
    paper.replace(uow, document, row, sha256=sha256, kind=kind, now=now)
    _step(row, wanted.proof, stamped, holds)
    facts: dict[str, object] = {
        "base": wanted.base, "file": sha256, "time": stamped.time.isoformat(), "serial": str(stamped.serial),
        "authority": stamped.name, "certificate": hashlib.sha256(stamped.certificate).hexdigest(),
        "token": hashlib.sha256(stamped.token).hexdigest(),
    }  # fmt: skip
    paper.record(uow, document, kind=kind, facts=facts, now=now)
    uow.flush()
    return Extended(Came(kind), certificates=(stamped.certificate, *stamped.chain))


def _step(row: Row, proof: Proof, stamped: Stamped, holds: _Holds) -> None:
    row.tries, row.reason = 0, ""
    row.authority, row.until, row.rests = stamped.name[:200], holds.until, " ".join(sorted(holds.rests))
    if proof is Proof.WAITING:
        row.state, row.stamped_at, row.next_at = str(Proof.STAMPED), stamped.time, rules.first_look(stamped.time)
        return
    if proof is Proof.STAMPED:
        row.state, row.lasting_at = str(Proof.LASTING), stamped.time
    else:
        row.renewals, row.renewed_at = row.renewals + 1, stamped.time
    row.next_at = rules.renew_at(stamped.time, holds.until, row.renewals)


def _put_off(uow: UnitOfWork, file: File, wanted: Wanted, came: Extended, *, now: dt.datetime) -> Extended:
    """Note why, and when to try again; each wait is twice the last. A timestamp that has ended meanwhile cannot be
    proven by a later one any more."""
    uow.begin_write()
    found = target(file).locked(uow)
    if found is None:
        return Extended(Came.OVERTAKEN)
    _document, row, _present = found
    if row.state != wanted.proof or row.next_at is None:
        return Extended(Came.OVERTAKEN)
    row.tries += 1
    row.reason, row.next_at = came.reason[:60], rules.again(wanted.proof, row.tries, now)
    if wanted.proof is Proof.LASTING and row.until is not None and row.until <= now:
        row.reason, row.next_at = "stamp_ended", None
    uow.flush()
    return came
