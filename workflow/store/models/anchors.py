"""Anchors of the journal: one root over the ends of all chains, and what it is worked out from.

Of each chain an anchor takes its length and its head. Only chains that grew since the one before get a row, so an
hour costs what happened in it; the full list of any anchor is the newest row of each place up to it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

Number = BigInteger
"""Of an anchor, of a place: given by us, without gaps."""


class Anchor(Base):
    """One checkpoint (`domain.merkle.Checkpoint`), numbered 1, 2, 3…

    `period` of the job that made it; `part`: 0, and more where one run made several because much was new.
    """

    __tablename__ = "anchor"
    __table_args__ = (UniqueConstraint("period", "part"), UniqueConstraint("previous"))

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(String(40))
    part: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(index=True)
    root: Mapped[str] = mapped_column(Sha256)
    count: Mapped[int] = mapped_column(BigInteger)
    """Leaves, which is chains."""
    previous: Mapped[str] = mapped_column(Sha256)
    digest: Mapped[str] = mapped_column(Sha256)
    """Of the checkpoint: what is stamped, kept outside, and named by the next one."""
    entries: Mapped[int] = mapped_column(BigInteger)
    """Entries of all chains under it."""
    through: Mapped[int] = mapped_column(BigInteger)
    """The highest key of the journal that was read for it."""
    settled: Mapped[int] = mapped_column(BigInteger)
    """Up to this key nothing is committed any more: the next one begins to read behind it."""
    more: Mapped[bool]
    """There was more to take in than one anchor takes."""


class AnchorPlace(Base):
    """Where a chain stands among the leaves, for ever, and its salt."""

    __tablename__ = "anchor_place"
    __table_args__ = (UniqueConstraint("subject"),)

    place: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(40))
    salt: Mapped[str] = mapped_column(String(32))


class AnchorLeaf(Base):
    """A chain's length and head at the first anchor that saw it so."""

    __tablename__ = "anchor_leaf"

    place: Mapped[int] = mapped_column(ForeignKey("anchor_place.place"), primary_key=True, autoincrement=False)
    anchor: Mapped[int] = mapped_column(
        ForeignKey("anchor.number"), primary_key=True, autoincrement=False, index=True
    )
    length: Mapped[int]
    head: Mapped[str] = mapped_column(Sha256)


class AnchorNode(Base):
    """Every sixteenth node of the newest tree (`domain.tree.climb`). It can be worked out from the leaves, changes
    with them, and nothing is believed for its sake."""

    __tablename__ = "anchor_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class AnchorToken(Base):
    """A timestamp (RFC 3161) over an anchor's digest, fetched after the anchor was made."""

    __tablename__ = "anchor_token"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    anchor: Mapped[int] = mapped_column(ForeignKey("anchor.number"), index=True)
    authority: Mapped[str] = mapped_column(String(200))
    stamped_at: Mapped[dt.datetime]
    """What the authority's clock said."""
    fetched_at: Mapped[dt.datetime]
    token: Mapped[bytes] = mapped_column(LargeBinary)


class AuditRun(Base):
    """What a complete pass over the journal found."""

    __tablename__ = "audit_run"
    __table_args__ = (CheckConstraint("state IN ('done', 'flawed')", name="state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime]
    chains: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int] = mapped_column(BigInteger)
    anchors: Mapped[int] = mapped_column(BigInteger)
    open_entries: Mapped[int] = mapped_column(BigInteger)
    """Not under any anchor yet."""
    findings: Mapped[list[Any]]
    """`flaw`, `what`, `detail` (`domain.audit.Finding`)."""
