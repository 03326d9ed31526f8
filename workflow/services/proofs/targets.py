"""The files that the clock makes longer: an issued document's own, that of each attachment under its own seal, and
sealed copies.

They differ in where the file's name stands, in what the verifier is asked, and in what the journal calls it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from workflow.domain.copies import State as CopyState
from workflow.domain.outgoing import State
from workflow.domain.people import SYSTEM_ACTOR
from workflow.domain.proofs import Proof
from workflow.services.documents.files import add_version
from workflow.services.journal import record, record_document
from workflow.services.signing import attached, copied
from workflow.services.signing.question import OwnQuestion, own_question
from workflow.store import attachments, copies, copy_proofs, documents
from workflow.store import proofs as store
from workflow.store.models import (
    AttachmentFile,
    AttachmentProof,
    CertifiedCopy,
    CopyFile,
    CopyProof,
    DocumentProof,
    Outgoing,
)
from workflow.store.proofs import File, Whose
from workflow.store.session import UnitOfWork

WHY = "the clock adds timestamps and evidence to what was issued"
_OUT = frozenset({State.ISSUED, State.FILED})

Row = DocumentProof | AttachmentProof | CopyProof
Paper = TypeVar("Paper")
"""What the file is of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with one file, read at one moment. `base`: the file as it is now; `until`: when its last
    timestamp ends."""

    proof: Proof
    base: str
    asked: OwnQuestion
    until: dt.datetime | None


class Target(Protocol[Paper]):
    """One file of one paper."""

    def wanted(self, uow: UnitOfWork, *, at: dt.datetime) -> Wanted | None:
        """What is to be done; None where there is nothing, or not any more."""

    def locked(self, uow: UnitOfWork) -> tuple[Paper, Row, str] | None:
        """In the open write phase: its paper, its row, and its present file."""

    def replace(
        self, uow: UnitOfWork, document: Paper, row: Row, *, sha256: str, kind: str, now: dt.datetime
    ) -> None:
        """The longer file is the present one."""

    def record(
        self, uow: UnitOfWork, document: Paper, *, kind: str, facts: dict[str, object], now: dt.datetime
    ) -> None:
        """In the journal."""


def target(file: File) -> Target[Any]:
    """By what it is of."""
    made: dict[Whose, Callable[[int], Target[Any]]] = {
        Whose.DOCUMENT: _Own, Whose.ATTACHMENT: _Attached, Whose.COPY: _Copy,
    }  # fmt: skip
    return made[file.whose](file.key)


@dataclass(frozen=True, slots=True)
class _Own:
    document_id: int

    def wanted(self, uow: UnitOfWork, *, at: dt.datetime) -> Wanted | None:
        row = store.of(uow.session, self.document_id)
        document = documents.one(uow.session, self.document_id, reason=WHY)
        if row is None or row.next_at is None or document.state not in _OUT or document.file_sha256 is None:
            return None
        proof, base, until = Proof(row.state), document.file_sha256, row.until
        return Wanted(proof, base, own_question(uow, self.document_id, at=at), until)

    def locked(self, uow: UnitOfWork) -> tuple[Outgoing, Row, str] | None:
        document = documents.for_jobs(uow.session, self.document_id, reason=WHY)
        row = store.of(uow.session, self.document_id, for_update=True)
        return None if row is None else (document, row, document.file_sha256 or "")

    def replace(
        self, uow: UnitOfWork, document: Outgoing, row: Row, *, sha256: str, kind: str, now: dt.datetime
    ) -> None:
        add_version(uow, document, kind=kind, sha256=sha256, actor=SYSTEM_ACTOR, now=now)
        document.file_sha256 = sha256

    def record(
        self, uow: UnitOfWork, document: Outgoing, *, kind: str, facts: dict[str, object], now: dt.datetime
    ) -> None:
        record_document(uow, document, tag=f"document:file:{kind}", facts=facts, actor=SYSTEM_ACTOR, now=now)


@dataclass(frozen=True, slots=True)
class _Attached:
    seal_id: int

    def wanted(self, uow: UnitOfWork, *, at: dt.datetime) -> Wanted | None:
        found = attachments.held_by_seal(uow.session, self.seal_id, reason=WHY)
        if found is None or found.proof is None or found.proof.next_at is None:
            return None
        document = documents.one(uow.session, found.row.document_id, reason=WHY)
        if document.state not in _OUT or document.secret:
            return None
        proof, until = Proof(found.proof.state), found.proof.until
        return Wanted(proof, found.sha256, attached.standing_question(uow, document, found, at=at), until)

    def locked(self, uow: UnitOfWork) -> tuple[Outgoing, Row, str] | None:
        found = attachments.held_by_seal(uow.session, self.seal_id, reason=WHY)
        if found is None:
            return None
        document = documents.for_jobs(uow.session, found.row.document_id, reason=WHY)
        row = store.of_seal(uow.session, self.seal_id, for_update=True)
        return None if row is None else (document, row, row.sha256)

    def replace(
        self, uow: UnitOfWork, document: Outgoing, row: Row, *, sha256: str, kind: str, now: dt.datetime
    ) -> None:
        uow.add(AttachmentFile(seal_id=self.seal_id, kind=kind, sha256=sha256, at=now))
        if isinstance(row, AttachmentProof):
            row.sha256 = sha256

    def record(
        self, uow: UnitOfWork, document: Outgoing, *, kind: str, facts: dict[str, object], now: dt.datetime
    ) -> None:
        found = attachments.held_by_seal(uow.session, self.seal_id, reason=WHY)
        named = {} if found is None else {
            "attachment": found.row.id, "name": found.row.name, "place": found.row.place,
        }  # fmt: skip
        record_document(
            uow, document, tag=f"document:attachment:{kind}", facts=named | facts, actor=SYSTEM_ACTOR, now=now
        )


@dataclass(frozen=True, slots=True)
class _Copy:
    copy_id: int

    def wanted(self, uow: UnitOfWork, *, at: dt.datetime) -> Wanted | None:
        copy = copies.one(uow.session, self.copy_id, reason=WHY)
        held = copy_proofs.held(uow.session, copy)
        if held is None or held.proof is None or held.proof.next_at is None or copy.state != CopyState.DONE:
            return None
        proof, until = Proof(held.proof.state), held.proof.until
        return Wanted(proof, held.sha256, copied.standing_question(uow, held, at=at), until)

    def locked(self, uow: UnitOfWork) -> tuple[CertifiedCopy, Row, str] | None:
        copy = copies.for_jobs(uow.session, self.copy_id, reason=WHY)
        row = copy_proofs.proof(uow.session, self.copy_id, for_update=True)
        return None if row is None or copy.state != CopyState.DONE else (copy, row, row.sha256)

    def replace(
        self, uow: UnitOfWork, document: CertifiedCopy, row: Row, *, sha256: str, kind: str, now: dt.datetime
    ) -> None:
        uow.add(CopyFile(copy_id=document.id, kind=kind, sha256=sha256, at=now))
        if isinstance(row, CopyProof):
            row.sha256 = sha256

    def record(
        self, uow: UnitOfWork, document: CertifiedCopy, *, kind: str, facts: dict[str, object], now: dt.datetime
    ) -> None:
        subject, tag = f"copy:{document.id}", f"document:copy:{kind}"
        record(uow, subject=subject, tag=tag, facts=facts, actor=SYSTEM_ACTOR, now=now)
