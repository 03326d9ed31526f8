"""Copies of an outgoing document that go to a recipient outside the system, as the clerk wrote it down."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id

TO_TELL = "recalled_at IS NOT NULL AND told_on IS NULL AND back_on IS NULL"


class Dispatch(Base):
    """One recipient of one issued document that no delivery of the system reaches, or a paper copy beside it.

    The name is the document's own: it stays as it was, whatever becomes of the recipient (`domain.dispatch`).
    """

    __tablename__ = "dispatch"
    __table_args__ = (
        UniqueConstraint("outgoing_id", "name"),
        CheckConstraint("state IN ('to_send', 'sent', 'received', 'returned')", name="state"),
        CheckConstraint("channel IN ('', 'post', 'hand', 'mail')", name="channel"),
        CheckConstraint("wanted_channel IN ('', 'post', 'hand', 'mail')", name="wanted_channel"),
        CheckConstraint("(state = 'to_send') = (sent_on IS NULL)", name="sent_has_day"),
        CheckConstraint("(state = 'to_send') = (channel = '')", name="sent_has_channel"),
        CheckConstraint("state <> 'received' OR received_on IS NOT NULL", name="received_has_day"),
        CheckConstraint("state <> 'returned' OR note <> ''", name="returned_has_reason"),
        CheckConstraint("recalled_at IS NOT NULL OR (told_on IS NULL AND back_on IS NULL)", name="told_of_recall"),
        CheckConstraint("told_on IS NULL OR told_how <> ''", name="told_has_how"),
        Index(
            "ix_dispatch_to_tell",
            "outgoing_id",
            sqlite_where=text(TO_TELL),
            postgresql_where=text(TO_TELL),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    name: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10), default="to_send")
    channel: Mapped[str] = mapped_column(String(10), default="")
    sent_on: Mapped[dt.date | None] = mapped_column(Date)
    tracking: Mapped[str] = mapped_column(String(100), default="")
    """The post's number, or the address that a mail went to."""
    received_on: Mapped[dt.date | None] = mapped_column(Date)
    receipt: Mapped[str] = mapped_column(String(300), default="")
    """Who signed for it, or the number of the receipt."""
    note: Mapped[str] = mapped_column(String(1000), default="")
    office_id: Mapped[int | None] = mapped_column(ForeignKey("outside_office.id"), index=True)
    """The entry of the catalogue that its name was found under when the document was issued."""
    wanted_channel: Mapped[str] = mapped_column(String(10), default="")
    """How it goes there as a rule: a proposal."""
    address: Mapped[str] = mapped_column(String(500), default="")
    """For the envelope, as the catalogue had it then."""
    email: Mapped[str] = mapped_column(String(200), default="")
    recalled_at: Mapped[dt.datetime | None]
    """Since when its document is recalled or replaced; the words are in the document's journal."""
    told_on: Mapped[dt.date | None] = mapped_column(Date)
    """When the recipient was told of that."""
    told_how: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """By which letter, or how else."""
    back_on: Mapped[dt.date | None] = mapped_column(Date)
    """When the copy came back, or its recipient said that it is deleted."""
    changed_at: Mapped[dt.datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
