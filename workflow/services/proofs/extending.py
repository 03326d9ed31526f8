"""One document's file made longer by a timestamp, or by evidence and another timestamp.

The file is prepared, the authority asked, and the answer put in and judged, all outside of any transaction; then
it is kept if the document's file is still the one that was read. Who dies in between has lost a token and no more.
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
from signing.prepare.lasting import lasts, rests_on
from signing.verification.verdict import Integrity
from workflow.adapters.blobs import BlobError, Blobs
from workflow.adapters.timestamps import TimestampAuthority
from workflow.domain import proofs as rules
from workflow.domain.outgoing import State
from workflow.domain.people import SYSTEM_ACTOR
from workflow.domain.proofs import Proof
from workflow.services.documents.files import add_version, keep
from workflow.services.journal import record_document
from workflow.services.signing.question import OwnQuestion, own_question
from workflow.store import documents
from workflow.store import proofs as store
from workflow.store.models import DocumentProof, Outgoing
from workflow.store.session import UnitOfWork

WHY = "the clock adds timestamps and evidence to what was issued"
_OUT = frozenset({State.ISSUED, State.FILED})


class Came(StrEnum):
    """What came of one try."""

    STAMPED = "stamped"
    LASTING = "lasting"
    TOO_EARLY = "too_early"
    """The evidence does not prove the signatures as of the timestamp yet."""
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


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be done with one file, read at one moment."""

    document_id: int
    proof: Proof
    base: str
    asked: OwnQuestion


def expect(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> None:
    """In the act that issues: its file waits for a timestamp from now on, if anybody has signed it."""
    bears_signature = document.leader_verdict or document.seal_verdict
    if document.file_sha256 is None or not bears_signature:
        return
    uow.add(DocumentProof(document_id=document.id, state=str(Proof.WAITING), since=now, next_at=now))


def take(uow: UnitOfWork, document_id: int, *, now: dt.datetime) -> bool:
    """Before anything is asked for: two schedulers do not ask for the same document."""
    uow.begin_write()
    return store.take(uow.session, document_id, now=now, until=now + rules.TAKEN)


def extend(
    uow: UnitOfWork, *, document_id: int, authority: TimestampAuthority, blobs: Blobs, now: dt.datetime,
    clock: Callable[[], dt.datetime],
) -> Extended:  # fmt: skip
    """The next step of one document that was taken. `clock` is read when the authority has answered."""
    wanted = _wanted(uow, document_id, now=now)
    if wanted is None:
        return Extended(Came.OVERTAKEN)
    try:
        data = uow.compute(blobs.get, wanted.base)
        prepared = uow.compute(_prepared, data, wanted, now)
    except (BlobError, SigningError) as error:
        return _put_off(uow, wanted, Extended(Came.UNUSABLE, error.code), now=now)
    if isinstance(prepared, str):
        return _put_off(uow, wanted, Extended(Came.TOO_EARLY, prepared), now=now)
    asked = wanted.asked
    try:
        stamped = uow.compute(
            authority.stamp, prepared.digest, trust=asked.trust, evidence=asked.evidence, at=now, clock=clock
        )
    except FetchRefused as refused:
        return _put_off(uow, wanted, Extended(Came.NO_STAMP, str(refused.code)), now=now)
    try:
        longer = uow.compute(_finished, data, prepared, stamped, wanted)
    except SigningError as error:
        return _put_off(uow, wanted, Extended(Came.UNUSABLE, error.code), now=now)
    uow.compute(blobs.put, longer)
    return _keep(uow, wanted, longer, stamped, now=clock())


def _wanted(uow: UnitOfWork, document_id: int, *, now: dt.datetime) -> _Wanted | None:
    row = store.of(uow.session, document_id)
    document = documents.one(uow.session, document_id, reason=WHY)
    if row is None or row.next_at is None or document.state not in _OUT or document.file_sha256 is None:
        return None
    proof, base = Proof(row.state), document.file_sha256
    return _Wanted(document_id, proof, base, own_question(uow, document_id, at=now))


def _prepared(data: bytes, wanted: _Wanted, now: dt.datetime) -> making.PreparedStamp | str:
    """The bytes to stamp; or why there is no sense in asking yet."""
    if wanted.proof is Proof.WAITING:
        return making.prepare_stamp(data)
    asked = wanted.asked
    found = rests_on(
        data, trust=asked.trust, evidence=asked.evidence, at=now, policy=asked.policy, plan=asked.plan,
        owners=asked.owners, texts=asked.texts,
    )  # fmt: skip
    if found.lacks:
        return str(found.lacks[0])
    if found.store.size > rules.MOST_EVIDENCE:
        return "evidence_too_large"
    return making.prepare_stamp(data, store=found.store)


def _finished(data: bytes, prepared: making.PreparedStamp, stamped: Stamped, wanted: _Wanted) -> bytes:
    """The longer file, if no signature in it is judged worse than before, and it is what it is meant to be."""
    longer = making.embed_stamp(prepared.document, stamped.token)
    asked = wanted.asked
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
    policy = wanted.asked.policy
    if wanted.proof is Proof.STAMPED and not lasts(
        longer, trust=wanted.asked.trust, at=stamped.time, policy=policy
    ):
        raise signing.SignatureRefused("evidence_incomplete")
    return longer


def _keep(uow: UnitOfWork, wanted: _Wanted, longer: bytes, stamped: Stamped, *, now: dt.datetime) -> Extended:
    """The longer file becomes the present one, unless the file or its proof is another one by now."""
    uow.begin_write()
    document = documents.for_jobs(uow.session, wanted.document_id, reason=WHY)
    row = store.of(uow.session, wanted.document_id, for_update=True)
    if row is None or row.state != wanted.proof or document.file_sha256 != wanted.base:
        return Extended(Came.OVERTAKEN)
    proof = Proof.STAMPED if wanted.proof is Proof.WAITING else Proof.LASTING
    sha256 = hashlib.sha256(longer).hexdigest()
    keep(uow, sha256=sha256, size=len(longer), now=now)
    add_version(uow, document, kind=rules.KINDS[proof], sha256=sha256, actor=SYSTEM_ACTOR, now=now)
    document.file_sha256 = sha256
    row.state, row.tries, row.reason = str(proof), 0, ""
    row.authority, row.until = stamped.name[:200], stamped.until
    if proof is Proof.STAMPED:
        row.stamped_at, row.next_at = stamped.time, rules.first_look(stamped.time)
    else:
        row.lasting_at, row.next_at = stamped.time, None
    facts = {
        "base": wanted.base, "file": sha256, "time": stamped.time.isoformat(), "serial": str(stamped.serial),
        "authority": stamped.name, "certificate": hashlib.sha256(stamped.certificate).hexdigest(),
        "token": hashlib.sha256(stamped.token).hexdigest(),
    }  # fmt: skip
    record_document(uow, document, tag=f"document:file:{proof}", facts=facts, actor=SYSTEM_ACTOR, now=now)
    uow.flush()
    return Extended(Came(str(proof)), certificates=(stamped.certificate, *stamped.chain))


def _put_off(uow: UnitOfWork, wanted: _Wanted, found: Extended, *, now: dt.datetime) -> Extended:
    """Note why, and when to try again; each wait is twice the last."""
    uow.begin_write()
    row = store.of(uow.session, wanted.document_id, for_update=True)
    if row is None or row.state != wanted.proof or row.next_at is None:
        return Extended(Came.OVERTAKEN)
    row.tries += 1
    row.reason, row.next_at = found.reason[:60], rules.again(wanted.proof, row.tries, now)
    uow.flush()
    return found
