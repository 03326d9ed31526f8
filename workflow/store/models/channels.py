"""By which ways people and units want their messages, and how each way is doing."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256


class NoticeChoice(Base):
    """What a person chose beside muting their digest (`person.muted_digest`)."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    phone: Mapped[str] = mapped_column(String(20), default="")
    """A mobile number as `84912345678`."""
    proven_at: Mapped[dt.datetime | None]
    """When its holder typed the code that went there. Before that nothing else does."""
    by_sms: Mapped[bool] = mapped_column(default=False)
    pushed: Mapped[str] = mapped_column(String(60), default="")
    """The sorts that go to devices because they were chosen: `digest notice`."""
    changed_at: Mapped[dt.datetime]


class PhoneCode(Base):
    """A code on its way to a telephone. The code itself stands nowhere: it is worked out from `once_key` of its
    message and the installation's key, so that whoever reads the database cannot try the million there are.
    """

    __tablename__ = "phone_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    phone: Mapped[str] = mapped_column(String(20))
    once_key: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[dt.datetime]
    tries: Mapped[int] = mapped_column(default=0)


class PushDevice(Base):
    """A browser in which a person turned notices on. It ends with the login that it hangs on, and when nobody
    logged in there for a month.
    """

    __tablename__ = "push_device"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("login_session.id", ondelete="CASCADE"), index=True)
    """The latest login in this browser."""
    mark_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    """Of the cookie by which the browser is known again when somebody logs in."""
    endpoint: Mapped[str] = mapped_column(String(1000))
    """Where its push service takes messages: whoever knows it may send, so no page shows it."""
    endpoint_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(65))
    secret: Mapped[bytes] = mapped_column(LargeBinary(16))
    sender: Mapped[str] = mapped_column(String(100))
    """The public key of ours that the browser was told: with another one its service refuses."""
    browser: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class ReportReader(Base):
    """Somebody who gets a unit's reports beside its head and its official address."""

    __tablename__ = "report_reader"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False, index=True
    )


class ChannelHealth(Base):
    """The last success and the last failure of a way out: `mail`, `sms`, `webhook:so-nv`."""

    __tablename__ = "channel_health"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    sent_at: Mapped[dt.datetime | None]
    failed_at: Mapped[dt.datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
