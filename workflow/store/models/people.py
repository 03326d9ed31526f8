"""Units, persons, posts, accounts and everything that proves who is at the keyboard."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.store.base import Base, Id, Sha256


class Unit(Base):
    """A node of the tree of offices. Dissolved units stay, with `valid_to`, so that their history stays theirs."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("kind IN ('agency', 'part')", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(35), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    abbreviation: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(10))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """The agency a part belongs to; an agency's own id for an agency (set at the first flush)."""
    place: Mapped[str] = mapped_column(String(60), default="")
    """Place name of the date line, e.g. `Lam Giang`."""
    superior: Mapped[str] = mapped_column(String(200), default="")
    """Superior body drawn above the name in the head matter, e.g. `UBND TỈNH LAM GIANG`."""
    head_title: Mapped[str] = mapped_column(String(60), default="")
    """Title of the agency's head, e.g. `Chủ tịch`: what KT. and TM. blocks name."""
    email: Mapped[str] = mapped_column(String(200), default="")
    server_seal: Mapped[bool] = mapped_column(default=False)
    """The head allowed a server-held seal key (otherwise the clerk uses the unit's own PKCS#12)."""
    is_office: Mapped[bool] = mapped_column(default=False)
    """The part that prepares the leader's directions (Văn phòng): its head sees what arrives for the agency."""
    saturday: Mapped[str] = mapped_column(String(400), default="")
    """Office hours on Saturdays, `07:30-11:30`, and each change with its first day (`domain.saturdays`); empty
    where Saturdays are off."""
    valid_from: Mapped[dt.date] = mapped_column(Date)
    valid_to: Mapped[dt.date | None] = mapped_column(Date)
    decree: Mapped[str] = mapped_column(String(200), default="")
    """Legal basis of founding or dissolution."""


class UnitSuccession(Base):
    """`successor` took over from `predecessor` on a day: figures of a dissolved district stay findable."""

    __tablename__ = "unit_succession"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    happened_on: Mapped[dt.date] = mapped_column(Date)
    decree: Mapped[str] = mapped_column(String(200), default="")


class Person(Base):
    """A human being who works here. The account below is their key to the door."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    full_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(200), default="")
    muted_digest: Mapped[bool] = mapped_column(default=False)

    posts: Mapped[list[PostRow]] = relationship(back_populates="person")
    account: Mapped[Account | None] = relationship(back_populates="person")


class PostRow(Base):
    """A person's place in a unit, with dates; roles come from here only."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        Index("ix_post_agency_role", "agency_id", "role"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[dt.date] = mapped_column(Date)
    valid_to: Mapped[dt.date | None] = mapped_column(Date)

    person: Mapped[Person] = relationship(back_populates="posts")
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])


class Account(Base):
    """A login name and its factors. `password_hash` is argon2id; empty until the invitation is used."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    totp_secret: Mapped[str] = mapped_column(String(64), default="")
    totp_last_step: Mapped[int] = mapped_column(default=0)
    """Last accepted 30-second step: a code works once."""
    language: Mapped[str] = mapped_column(String(5), default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime]
    password_changed_at: Mapped[dt.datetime | None]

    person: Mapped[Person] = relationship(back_populates="account")


class Passkey(Base):
    """A WebAuthn credential of an account."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[dt.datetime]


class LoginSession(Base):
    """A browser that logged in. Only the hash of its identifier is kept; rotated at login and at step-up."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    id_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    """The post acted in."""
    inspection_member_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_member.id"))
    """The membership acted in, in that post: the login reads as an inspector of the team."""
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    stepped_up_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    ended_because: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    device_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Of the cookie by which this browser is known again; empty where it kept none."""
    challenge: Mapped[str] = mapped_column(String(200), default="")
    """One live WebAuthn or enrolment challenge."""


class LoginDelay(Base):
    """Failed logins slow the next ones down, per account name and per address; nobody is ever locked out."""

    __tablename__ = "login_delay"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    """`account:<sha256 of the name>` or `address:<ip>`."""
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[dt.datetime]


class Asking(Base):
    """How often strangers of one address asked lately; all processes count together."""

    __tablename__ = "asking"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    """`look_up:<ip>`, `verify:<ip>`, `verify:person:<id>`."""
    since: Mapped[dt.datetime]
    """When the present count began."""
    times: Mapped[int] = mapped_column(default=1)


class Invitation(Base):
    """A one-time link to set a password: a new account or a reset. Works without mail."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class ApiToken(Base):
    """A personal token for `/api/v1`, bound to one post; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(Sha256)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    label: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
