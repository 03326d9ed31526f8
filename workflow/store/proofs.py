"""Queries for timestamps and lasting proof: what is due, whose turn it is, how much waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from workflow.domain.proofs import KINDS, Proof
from workflow.store.models import (
    AttachmentFile,
    AttachmentProof,
    AttachmentSeal,
    CopyProof,
    DocumentProof,
    FileVersion,
)


class Whose(StrEnum):
    """What a file is of."""

    DOCUMENT = "document"
    ATTACHMENT = "attachment"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class File:
    """One issued file. `key`: of the document, of the seal on the attachment, or of the copy."""

    whose: Whose
    key: int


_TABLES: dict[Whose, Any] = {
    Whose.DOCUMENT: DocumentProof,
    Whose.ATTACHMENT: AttachmentProof,
    Whose.COPY: CopyProof,
}
_KEYS: dict[Whose, Any] = {
    Whose.DOCUMENT: DocumentProof.document_id,
    Whose.ATTACHMENT: AttachmentProof.seal_id,
    Whose.COPY: CopyProof.copy_id,
}


def of(session: Session, document_id: int, *, for_update: bool = False) -> DocumentProof | None:
    """A document's row; whoever asks has found the document."""
    return session.get(DocumentProof, document_id, with_for_update=for_update)


def of_documents(session: Session, document_ids: Collection[int]) -> dict[int, Any]:
    """(state, tries, reason, next_at, stamped_at, lasting_at) of several, by document; whoever asks has found
    them."""
    row = DocumentProof
    query = select(
        row.document_id, row.state, row.tries, row.reason, row.next_at, row.stamped_at, row.lasting_at
    ).where(row.document_id.in_(sorted(document_ids)))
    return {found.document_id: found for found in session.execute(query)}


def of_seal(session: Session, seal_id: int, *, for_update: bool = False) -> AttachmentProof | None:
    """The row of a sealed attachment; whoever asks has found its document."""
    return session.get(AttachmentProof, seal_id, with_for_update=for_update)


def due(session: Session, proof: Proof, *, now: dt.datetime, limit: int) -> list[File]:
    """Files whose moment has come, by the indexes over it; the newest first, so that what is issued today never
    waits behind what an office has issued in ten years."""
    found = []
    for whose, table in _TABLES.items():
        query = (
            select(_KEYS[whose].label("key"), table.next_at)
            .where(table.state == str(proof), table.next_at.is_not(None), table.next_at <= now)
            .order_by(table.next_at.desc())
            .limit(limit)
        )
        found += [(row.next_at, File(whose, row.key)) for row in session.execute(query)]
    found.sort(key=lambda one: one[0], reverse=True)
    return [file for _, file in found[:limit]]


def take(session: Session, file: File, *, now: dt.datetime, until: dt.datetime) -> bool:
    """Make a due file one's own until a moment; False where somebody else was quicker."""
    table = _TABLES[file.whose]
    query = (
        update(table)
        .where(_KEYS[file.whose] == file.key, table.next_at <= now)
        .values(next_at=until)
        .execution_options(synchronize_session=False)
    )
    return bool(session.connection().execute(query).rowcount)


def waiting(session: Session, proof: Proof, *, most: int) -> int:
    """How many files something is still to be done for, `most` at the most: it never counts for long."""
    many = 0
    for whose, table in _TABLES.items():
        found = select(_KEYS[whose]).where(table.state == str(proof), table.next_at.is_not(None)).limit(most - many)
        many += session.scalar(select(func.count()).select_from(found.subquery())) or 0
    return many


def end_earlier(session: Session, algorithm: str, *, until: dt.datetime, ask_at: dt.datetime) -> int:
    """An algorithm ends: timestamps that rest on it end with it, and another one is asked for before; how many."""
    changed = 0
    for table in _TABLES.values():
        query = (
            update(table)
            .where(
                table.state == str(Proof.LASTING), table.until > until, table.next_at.is_not(None),
                (" " + table.rests + " ").contains(f" {algorithm} ", autoescape=True),
            )
            .values(until=until, next_at=ask_at)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        changed += session.connection().execute(query).rowcount
    return changed


def issued_files(session: Session, document_id: int) -> Collection[str]:
    """Every state of the issued file: as it was sealed, and each longer one that the clock has made of it."""
    query = select(FileVersion.sha256, FileVersion.kind).where(
        FileVersion.document_id == document_id, FileVersion.kind.in_(("sealed", *KINDS))
    )
    files = session.execute(query.order_by(FileVersion.ordinal)).all()
    last = max((place for place, row in enumerate(files) if row.kind == "sealed"), default=0)
    return {row.sha256 for row in files[last:]}


def attached_files(session: Session, document_id: int) -> dict[int, set[str]]:
    """The same of what goes with a document: seal that stands → every state of its file."""
    seals = select(AttachmentSeal.id, AttachmentSeal.sha256).where(
        AttachmentSeal.document_id == document_id, AttachmentSeal.withdrawn_at.is_(None)
    )
    found = {row.id: {row.sha256} for row in session.execute(seals)}
    longer = select(AttachmentFile.seal_id, AttachmentFile.sha256).where(AttachmentFile.seal_id.in_(list(found)))
    for row in session.execute(longer) if found else ():
        found[row.seal_id].add(row.sha256)
    return found
