"""Before a change of trust is made: which stored verdicts would it flip?

Every signature that stands, every seal on an attachment, and every received file that carries a signature is judged
twice, under the list of now and under the changed one, at one moment, with the same evidence. Batches are small and
each is a unit of work of its own, so that a count of hours outlives any process; a list that changed meanwhile
makes it begin anew.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import signing
from workflow.adapters.blobs import BlobError, Blobs
from workflow.domain.attachments import FIELD
from workflow.domain.errors import Conflict
from workflow.domain.key_holders import CAPABILITIES, Gives
from workflow.services.documents.files import planned_fields
from workflow.services.signing import attached, trust
from workflow.services.signing.roots import TrustList, believed_for, changed, standing
from workflow.store import trust_changes as store
from workflow.store.attachments import Held
from workflow.store.evidence import answers_about
from workflow.store.models import TrustChange, TrustFlip
from workflow.store.session import UnitOfWork

BATCH = 50
"""Signatures judged between two writes: about half a second."""
OURS = frozenset(way for way, can in CAPABILITIES.items() if can.gives is Gives.SIGNATURE)
"""Holders whose signatures we embedded ourselves in files that we made; any other file is judged in the jail."""
WHY = "what a change of trust would flip, for every agency"

Said = tuple[str, str]
"""(conclusion, reason)."""
Stores = tuple[signing.TrustStore, signing.TrustStore]
"""What an agency believes now, and what it would."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The two lists that are compared, as one count began with them; `known`: agency → what each means to it."""

    now: TrustList
    then: TrustList
    evidence: signing.Evidence
    at: dt.datetime
    sunsets: tuple[signing.Sunset, ...] = ()
    known: dict[int, Stores] = dataclasses.field(default_factory=dict)

    def policy(self, name: str) -> signing.Policy:
        """A policy by its name, with the ends of algorithms that are in force."""
        return dataclasses.replace(trust.POLICIES[name], sunsets=self.sunsets)


@dataclass(frozen=True, slots=True)
class Case:
    """One signature and all that its verdict depends on. `ours` needs no jail."""

    field: str
    file: str
    ours: bool
    evidence: signing.Evidence
    plan: tuple[Any, ...]
    owners: Mapping[str, frozenset[str]]
    texts: Mapping[str, str]


@dataclass(slots=True)
class Batch:
    """What one batch came to."""

    last: int
    last_seal: int
    last_received: int
    checked: int = 0
    unread: int = 0
    flips: list[TrustFlip] = dataclasses.field(default_factory=list)


def to_count(uow: UnitOfWork) -> list[int]:
    """Changes that may need counting: those under way, and those whose report may have grown stale."""
    return list(store.open_ids(uow.session))


def count_next(
    uow: UnitOfWork, *, change_id: int, blobs: Blobs, now: dt.datetime, limit: int = BATCH
) -> int | None:
    """Take one change's count one step on: signatures judged in this step, None where nothing is left to do.

    Raises `Conflict("trust_count_overtaken")` where another process counts the same change.
    """
    change = store.change(uow.session, change_id)
    present = standing(uow)
    if change.state not in store.OPEN or (
        change.counted_at is not None and change.counted_digest == present.digest
    ):
        return None
    if change.judged_at is None or change.counted_digest != present.digest:
        return _start(uow, change_id, now=now)
    seen = _place(change)
    lists = Lists(
        present, changed(present, change), trust.evidence(uow, at=change.judged_at), change.judged_at,
        trust.policy(uow).sunsets,
    )  # fmt: skip
    batch = Batch(change.last_signature_id, change.last_seal_id, change.last_intake_id)
    _judge_own(uow, lists, batch, change_id=change_id, blobs=blobs, limit=limit)
    _judge_attached(uow, lists, batch, change_id=change_id, blobs=blobs, limit=limit - batch.checked)
    _judge_received(uow, lists, batch, change_id=change_id, blobs=blobs, limit=limit - batch.checked)
    uow.begin_write()
    change = store.change(uow.session, change_id, for_update=True)
    if _place(change) != seen:
        raise Conflict("trust_count_overtaken")
    _keep(uow, change, batch, done=batch.checked < limit, now=now)
    return batch.checked


def reset(uow: UnitOfWork, change: TrustChange) -> None:
    """In the open write phase: as if nothing had been counted; the next step of the job begins."""
    store.forget_flips(uow.session, change.id)
    change.state, change.counted_digest, change.judged_at, change.counted_at = "counting", "", None, None
    change.last_signature_id = change.last_seal_id = change.last_intake_id = change.checked = change.total = 0
    change.unread = change.flips = 0
    uow.flush()


def _place(change: TrustChange) -> tuple[object, ...]:
    """Where a count is: it may only go on from where it was read."""
    return (
        change.state, change.last_signature_id, change.last_seal_id, change.last_intake_id, change.counted_digest,
        change.judged_at,
    )  # fmt: skip


def _start(uow: UnitOfWork, change_id: int, *, now: dt.datetime) -> int:
    """From the beginning, against the list as it stands in this very transaction."""
    uow.begin_write()
    change = store.change(uow.session, change_id, for_update=True)
    if change.state not in store.OPEN:
        raise Conflict("trust_count_overtaken")
    reset(uow, change)
    change.counted_digest, change.judged_at = standing(uow).digest, now
    change.total = store.signatures(uow.session, reason=WHY)
    uow.flush()
    return 0


def _keep(uow: UnitOfWork, change: TrustChange, batch: Batch, *, done: bool, now: dt.datetime) -> None:
    uow.add(*batch.flips)
    change.last_signature_id, change.last_seal_id = batch.last, batch.last_seal
    change.last_intake_id = batch.last_received
    change.checked += batch.checked
    change.unread += batch.unread
    change.flips += len(batch.flips)
    change.total = max(change.total, change.checked)
    if done:
        change.total = change.checked  # signatures withdrawn meanwhile are not missing
        change.state, change.counted_at = "waiting", now
    uow.flush()


def _judge_own(uow: UnitOfWork, lists: Lists, batch: Batch, *, change_id: int, blobs: Blobs, limit: int) -> None:
    for row in store.to_judge(uow.session, after=batch.last, limit=limit, reason=WHY):
        batch.last, batch.checked = row.id, batch.checked + 1
        if stores := _reached(uow, lists, row.agency_id):
            flip = TrustFlip(change_id=change_id, document_id=row.document_id, signature_id=row.id)
            case = _case(uow, lists, row)
            with _readable(batch):
                _keep_flip(batch, flip, uow.compute(_both, case, lists, stores, blobs))


def _judge_attached(
    uow: UnitOfWork, lists: Lists, batch: Batch, *, change_id: int, blobs: Blobs, limit: int
) -> None:
    """Once no signature is left: the seals on attachments, each by its own words and box."""
    for held in store.seals_to_judge(uow.session, after=batch.last_seal, limit=limit, reason=WHY):
        seal = held.AttachmentSeal
        batch.last_seal, batch.checked = seal.id, batch.checked + 1
        if stores := _reached(uow, lists, held.agency_id):
            flip = TrustFlip(change_id=change_id, document_id=seal.document_id, attachment_seal_id=seal.id)
            case = _case_of_seal(uow, lists, held, stores[0])
            with _readable(batch):
                _keep_flip(batch, flip, uow.compute(_both, case, lists, stores, blobs))


def _judge_received(
    uow: UnitOfWork, lists: Lists, batch: Batch, *, change_id: int, blobs: Blobs, limit: int
) -> None:
    """Once no signature of our own is left: files from outside, each as a whole, always in the jail."""
    for row in store.received_to_judge(uow.session, after=batch.last_received, limit=limit, reason=WHY):
        batch.last_received, batch.checked = row.id, batch.checked + 1
        if stores := _reached(uow, lists, row.agency_id):
            receipt = signing.Receipt(row.received_at, signing.TimeSource.RECEIPT)
            evidence = dataclasses.replace(lists.evidence, receipt=receipt)
            flip, files = TrustFlip(change_id=change_id, intake_id=row.id), (row.sha256, row.content_sha256)
            with _readable(batch):
                _keep_flip(batch, flip, uow.compute(_both_received, files, lists, stores, evidence, blobs))


@contextmanager
def _readable(batch: Batch) -> Iterator[None]:
    """A file that is lost or damaged is counted, and the others go on."""
    try:
        yield
    except BlobError:
        batch.unread += 1


def _keep_flip(batch: Batch, flip: TrustFlip, said: tuple[Said, Said]) -> None:
    """What is heard of one under both lists; a flip where they differ."""
    before, after = said
    if before != after:
        flip.before_conclusion, flip.before_reason = before[0], before[1][:60]
        flip.after_conclusion, flip.after_reason = after[0], after[1][:60]
        batch.flips.append(flip)


def _reached(uow: UnitOfWork, lists: Lists, agency_id: int) -> Stores | None:
    """What an agency believes under either list; None where the change does not reach it."""
    if agency_id not in lists.known:
        lists.known[agency_id] = (
            believed_for(uow, lists.now, agency_id),
            believed_for(uow, lists.then, agency_id),
        )
    now, then = lists.known[agency_id]
    return None if now.digest == then.digest and lists.now.policy == lists.then.policy else (now, then)


def _case_of_seal(uow: UnitOfWork, lists: Lists, held: Any, roots: signing.TrustStore) -> Case:
    seal = held.AttachmentSeal
    evidence = _with_answers(uow, lists, {held.owner})
    known = attached.Known(roots, evidence, lists.policy(lists.now.policy))
    present = Held(held.Attachment, seal, proof=held.AttachmentProof, size=held.size)
    asked = attached.asked_again(uow, known, present, owner=held.owner)
    return Case(
        field=FIELD, file=present.sha256, ours=seal.key_holder in OURS, evidence=asked.evidence, plan=asked.plan,
        owners=asked.owners, texts=asked.texts,
    )  # fmt: skip


def _both_received(
    files: tuple[str, str], lists: Lists, stores: Stores,
    evidence: signing.Evidence, blobs: Blobs,
) -> tuple[Said, Said]:  # fmt: skip
    data = blobs.get(files[0])
    content = blobs.get(files[1]) if files[1] else None

    def said(roots: signing.TrustStore, policy: str) -> Said:
        whole = signing.verify_file_in_jail(
            data, content, trust=roots, at=lists.at, evidence=evidence, policy=lists.policy(policy)
        )
        passed = whole.verdict == signing.Conclusion.PASSED
        return str(whole.verdict), "" if passed else str(whole.reason or "")

    return said(stores[0], lists.now.policy), said(stores[1], lists.then.policy)


def _case(uow: UnitOfWork, lists: Lists, row: Any) -> Case:
    """As when the verdict was given: the signatures up to this one, each with the time its file came. A file that
    carries a timestamp by now holds all of them, and nobody received it."""
    standing_ones = store.receipts_until(uow.session, row.document_id, None if row.longer else row.id)
    older = tuple(
        signing.Receipt(one.received_at, signing.TimeSource.RECEIPT, size=one.size, sha256=one.sha256)
        for one in standing_ones
        if row.longer or one.id != row.id
    )
    evidence = dataclasses.replace(
        _with_answers(uow, lists, {one.owner for one in standing_ones}),
        receipt=None if row.longer else signing.Receipt(row.received_at, signing.TimeSource.RECEIPT),
        older_receipts=older,
    )
    plan = planned_fields(uow, row.document_id)
    return Case(
        field=row.field, file=row.file_sha256, ours=row.key_holder in OURS, evidence=evidence, plan=plan,
        owners={one.field: frozenset({one.owner}) for one in standing_ones},
        texts={field.name: field.expected_text for field in plan if field.expected_text},
    )  # fmt: skip


def _with_answers(uow: UnitOfWork, lists: Lists, owners: Collection[str]) -> signing.Evidence:
    """The lists, and the answers (OCSP) about certificates by their SHA-256."""
    answers = answers_about(uow.session, owners, until=lists.at)
    return lists.evidence.plus(ocsps=tuple(row.der for row in answers))


def _both(case: Case, lists: Lists, stores: Stores, blobs: Blobs) -> tuple[Said, Said]:
    data = blobs.get(case.file)

    def said(roots: signing.TrustStore, policy: str) -> Said:
        question: dict[str, Any] = {
            "trust": roots, "at": lists.at, "evidence": case.evidence, "policy": lists.policy(policy),
            "plan": case.plan, "owners": case.owners, "texts": case.texts,
        }  # fmt: skip
        if case.ours:
            return _of_field(signing.verify(data, careful=False, **question), case.field)
        return _of_field(signing.verify_in_jail(data, **question), case.field)

    return said(stores[0], lists.now.policy), said(stores[1], lists.then.policy)


def _of_field(whole: signing.DocumentVerdict, field: str) -> Said:
    found = next((one for one in whole.signatures if one.field == field), None)
    if found is None:
        return str(signing.Conclusion.INDETERMINATE), str(whole.reason or "signature_not_found")
    if found.verdict == signing.Conclusion.PASSED:
        return str(found.verdict), ""  # what stands beside a valid signature is a remark
    return str(found.verdict), str(found.reason or "")
