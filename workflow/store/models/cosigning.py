"""People who sign one document beside its named signer."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class CoSigner(Base):
    """One of them (`domain.cosigning`), as the draft names them now; whether they signed stands in `signature`."""

    __tablename__ = "co_signer"
    __table_args__ = (
        CheckConstraint("part IN ('cosigner', 'initials')", name="part"),
        CheckConstraint("turn BETWEEN 1 AND 8", name="turn"),
        UniqueConstraint("document_id", "field"),
        UniqueConstraint("document_id", "post_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    part: Mapped[str] = mapped_column(String(10))
    turn: Mapped[int]
    field: Mapped[str] = mapped_column(String(30))
    """The name of their field in the file."""
