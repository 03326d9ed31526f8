"""Requests to remote signing services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id

_LIVE = "state IN ('ready', 'asking', 'waiting', 'approved')"
_OPEN = "state IN ('queued', 'ready', 'asking', 'waiting', 'approved')"
_UNTOLD = "ended_at IS NOT NULL AND told_at IS NULL"


class RemoteRequest(Base):
    """One approval asked of a remote service: a part of an act of signing, or the proof of an enrolment.

    No secret stands here, and no authorization: a reference only lets one ask how a request stands.
    """

    __tablename__ = "remote_request"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'ready', 'asking', 'waiting', 'approved', 'done', 'refused', 'expired', "
            "'cancelled', 'unreachable', 'failed')",
            name="state",
        ),
        CheckConstraint("(kind = 'sign') = (act_id IS NOT NULL)", name="of_an_act"),
        CheckConstraint("kind IN ('sign', 'enrol')", name="kind"),
        CheckConstraint(
            "(ended_at IS NOT NULL) = (state NOT IN ('queued', 'ready', 'asking', 'waiting', 'approved'))",
            name="ended",
        ),
        UniqueConstraint("name"),
        UniqueConstraint("act_id", "part"),
        Index(
            "uq_remote_request_live", "act_id", unique=True, sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)
        ),
        Index("ix_remote_request_open", "id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_remote_request_person", "person_id", "id"),
        Index("ix_remote_request_untold", "ended_at", sqlite_where=text(_UNTOLD), postgresql_where=text(_UNTOLD)),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """`sign` or `enrol`."""
    act_id: Mapped[int | None] = mapped_column(ForeignKey("signing_session.id"))
    part: Mapped[int] = mapped_column(default=1)
    """Of an act with more files than the service takes at once: which request in order."""
    parts: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    login_session_id: Mapped[int | None] = mapped_column(ForeignKey("login_session.id"))
    address: Mapped[str] = mapped_column(String(60), default="")
    provider: Mapped[str] = mapped_column(String(30))
    account: Mapped[str] = mapped_column(String(100))
    credential: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(40))
    """Ours, drawn once: the service is asked by it where its answer was lost."""
    reference: Mapped[str] = mapped_column(String(200), default="")
    """The service's own, by which it is asked how the request stands."""
    code: Mapped[str] = mapped_column(String(10))
    """What stands on both screens."""
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(60), default="")
    """Why it ended badly, as a code."""
    trouble: Mapped[str] = mapped_column(String(60), default="")
    """What the last look met, while it is open; it is asked again."""
    items: Mapped[list[Any]] = mapped_column(default=list)
    """Its files in order: `item`, `document`, `attachment`, `state`, `code`; the signature while it is finished."""
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Of an enrolment: what is enrolled and which challenge was signed. Of an act, in its first part: `left_out`,
    files that were chosen and could not be prepared."""
    created_at: Mapped[dt.datetime]
    asked_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    told_at: Mapped[dt.datetime | None]
    """When who asked knew the end: their page showed it, they ended it themselves, or a notice was queued."""
    claim: Mapped[int] = mapped_column(default=0)
    """Counts who worked on it: what an older claim brings is not written down."""
    claimed_until: Mapped[dt.datetime | None]
