"""Queries for sealed copies as they stand: their present file, the newest verdict, how far they are proven."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.store.models import Blob, Certificate, CertifiedCopy, CopyFile, CopyProof, CopyVerdict


@dataclass(frozen=True, slots=True)
class Held:
    """A sealed copy. `size`: bytes of the file that its seal closed; `owner`: SHA-256 of the seal's certificate."""

    copy: CertifiedCopy
    size: int
    owner: str
    proof: CopyProof | None = None
    later: CopyVerdict | None = None

    @property
    def sha256(self) -> str:
        """The present file: the sealed one, or the longer one that the clock made of it."""
        return self.proof.sha256 if self.proof is not None else self.copy.sealed_sha256 or ""

    @property
    def body(self) -> str:
        """The newest verdict as JSON."""
        return self.later.body if self.later is not None else self.copy.verdict

    @property
    def conclusion(self) -> str:
        """What it comes to."""
        return self.later.conclusion if self.later is not None else self.copy.conclusion


def held(session: Session, copy: CertifiedCopy) -> Held | None:
    """A copy that the caller has found, as it stands; None before it is sealed."""
    query = (
        select(Blob.size, Certificate.sha256, CopyProof)
        .select_from(Blob)
        .join(Certificate, Certificate.id == copy.certificate_id)
        .outerjoin(CopyProof, CopyProof.copy_id == copy.id)
        .where(Blob.sha256 == copy.sealed_sha256)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    return Held(copy, found[0], found[1], found[2], next(iter(later_verdicts(session, copy)), None))


def later_verdicts(session: Session, copy: CertifiedCopy) -> Sequence[CopyVerdict]:
    """Every later answer about a copy that the caller has found, the newest first."""
    query = select(CopyVerdict).where(CopyVerdict.copy_id == copy.id).order_by(CopyVerdict.id.desc())
    return session.scalars(query).all()


def files(session: Session, copy: CertifiedCopy) -> Collection[str]:
    """Every state of its file since it was sealed."""
    longer = session.scalars(select(CopyFile.sha256).where(CopyFile.copy_id == copy.id))
    return {copy.sealed_sha256 or "", *longer}


def proof(session: Session, copy_id: int, *, for_update: bool = False) -> CopyProof | None:
    """How far it is proven; whoever asks has found the copy."""
    return session.get(CopyProof, copy_id, with_for_update=for_update)


def longest_unchecked(session: Session, *, limit: int) -> list[int]:
    """Sealed copies that were judged longest ago, by the index over that moment; those never judged again first."""
    query = select(CertifiedCopy.id).where(CertifiedCopy.state == "done", CertifiedCopy.sealed_sha256.is_not(None))
    order = (CertifiedCopy.checked_at.is_not(None), CertifiedCopy.checked_at, CertifiedCopy.id)
    return list(session.scalars(query.order_by(*order).limit(limit)))


def expect(session: Session, copy: CertifiedCopy, *, now: dt.datetime) -> None:
    """In the act that seals: its file waits for a timestamp from now on."""
    session.add(CopyProof(copy_id=copy.id, sha256=copy.sealed_sha256, state="waiting", since=now, next_at=now))
