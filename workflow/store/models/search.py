"""What full-text search looks in: one row for each document, and the text of each file that was read.

The index over the row's words stands in `store.full_text`: it differs between the databases.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

Words = Text().with_variant(TSVECTOR(), "postgresql")


class SearchText(Base):
    """A document as search sees it. Keys grow with the documents' age: the newest first is by key.

    `words`: on SQLite the exact words, `folded` the folded ones and `tags` the tags, each an FTS5 column; on
    PostgreSQL all three in one vector in `words` (`store.search_rows` writes it), and `folded` stays empty.
    """

    __tablename__ = "search_text"
    __table_args__ = (
        CheckConstraint("kind IN ('in', 'out')", name="kind"),
        UniqueConstraint("kind", "document_id"),
        Index("ix_search_text_waiting", "id", sqlite_where=text("waiting"), postgresql_where=text("waiting")),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(3))
    document_id: Mapped[int] = mapped_column(Id)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[dt.date] = mapped_column(Date)
    """The document's own date, else the day it came or was begun."""
    text: Mapped[str] = mapped_column(Text, default="")
    """Facts line by line, then what its files say: for showing where the words stand."""
    words: Mapped[str] = mapped_column(Words, default="")
    folded: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[str] = mapped_column(Text, default="")
    """Words of our own (`services.search`): whose it is, its type, month and numbers. They narrow a search before
    any row is looked at; who may see a document is asked of the document itself."""
    waiting: Mapped[bool] = mapped_column(default=False)
    """A job has to write it anew: a file was not read yet, or an older version wrote it."""
    taken_until: Mapped[dt.datetime | None]
    """Some process works on it until then."""


class FileText(Base):
    """What one file says, by content: read once, wherever the file lies. Never shown but with its document."""

    __tablename__ = "file_text"
    __table_args__ = (CheckConstraint("state IN ('read', 'empty', 'unreadable', 'lost')", name="state"),)

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    pages: Mapped[int] = mapped_column(default=0)
    """How many of its pages the text is of."""
    read_at: Mapped[dt.datetime]
