"""The second factor by an app on the phone (RFC 6238), and stepping up with it."""

from __future__ import annotations

import datetime as dt
import hmac

import pyotp

from workflow.domain.errors import BadInput, Missing, NotFound, Refused
from workflow.domain.people import STEP_UP_ROLES, Actor
from workflow.services.journal import record
from workflow.services.logins import FORGET, demand_patience, own_session, rotate
from workflow.store import accounts as store
from workflow.store.models import Account, LoginSession
from workflow.store.session import UnitOfWork

STEP = 30
"""Seconds a code lasts; one step before and after is taken too, for phones whose clock is off."""

ISSUER = "Trình Ký"


def begin_totp(uow: UnitOfWork, actor: Actor, *, session_id: int, now: dt.datetime) -> str:
    """A new secret for the phone, kept with the session until a code proves it; returns its otpauth: address."""
    uow.begin_write()
    row = own_session(uow, actor, session_id)
    account = uow.session.get_one(Account, row.account_id)
    demand_factor_fresh(uow, row, account, now=now)
    secret = pyotp.random_base32()
    row.challenge = f"totp:{secret}"
    return address_of(secret, account.username)


def pending_totp(uow: UnitOfWork, actor: Actor, *, session_id: int, now: dt.datetime) -> str:
    """The otpauth: address waiting to be proven in this session, or `Missing`."""
    row = own_session(uow, actor, session_id)
    account = uow.session.get_one(Account, row.account_id)
    return address_of(_pending(row), account.username)


def confirm_totp(uow: UnitOfWork, actor: Actor, code: str, *, session_id: int, now: dt.datetime) -> str:
    """Prove the phone by a code. It counts as a step-up; other sessions end. Returns the session's new secret."""
    uow.begin_write()
    row = own_session(uow, actor, session_id)
    account = uow.session.get_one(Account, row.account_id)
    demand_factor_fresh(uow, row, account, now=now)
    secret = _pending(row)
    step = _matching_step(secret, code, now, after=0)
    if step is None:
        raise BadInput("code_wrong")
    account.totp_secret, account.totp_last_step = secret, step
    return factor_added(uow, actor, row, kind="totp", now=now)


def remove_totp(uow: UnitOfWork, actor: Actor, *, session_id: int, now: dt.datetime) -> None:
    """Take the phone away again; the door asked for a fresh second factor."""
    uow.begin_write()
    row = own_session(uow, actor, session_id)
    account = uow.session.get_one(Account, row.account_id)
    demand_factor_fresh(uow, row, account, now=now)
    if not account.totp_secret:
        raise Missing("no_totp")
    if actor.role in STEP_UP_ROLES and not store.passkeys_of(uow.session, account.id):
        raise Refused("last_factor")
    account.totp_secret, account.totp_last_step = "", 0
    factor_removed(uow, actor, row, kind="totp", now=now)


def step_up_by_code(uow: UnitOfWork, actor: Actor, code: str, *, session_id: int, now: dt.datetime) -> str | None:
    """Step up by a code: the session's new secret, or None for a wrong code. Commit it in either case."""
    uow.begin_write()
    row = own_session(uow, actor, session_id)
    account = uow.session.get_one(Account, row.account_id)
    subject = f"factor:{account.id}"
    demand_patience(uow, subject, now=now)
    if not account.totp_secret:
        raise Missing("no_totp")
    step = _matching_step(account.totp_secret, code, now, after=account.totp_last_step)
    if step is None:
        store.count_failure(uow.session, subject, now=now, forget_before=now - FORGET)
        return None
    account.totp_last_step = step
    store.forget_failures(uow.session, subject)
    return stepped_up(uow, actor, row, by="totp", now=now)


def step_up_in_demo(uow: UnitOfWork, actor: Actor, *, session_id: int, demo: bool, now: dt.datetime) -> str:
    """One click instead of a factor, so that a newcomer is not stopped: in a demo and nowhere else."""
    uow.begin_write()
    if not demo or not store.is_demo(uow.session):
        raise NotFound("not_a_demo")
    return stepped_up(uow, actor, own_session(uow, actor, session_id), by="demo", now=now)


def stepped_up(uow: UnitOfWork, actor: Actor, row: LoginSession, *, by: str, now: dt.datetime) -> str:
    """Note the fresh factor and give the session a new secret."""
    row.stepped_up_at, row.challenge = now, ""
    _journal(uow, actor, row.account_id, "account:login:confirmed", by, now)
    return rotate(row)


def demand_factor_fresh(uow: UnitOfWork, row: LoginSession, account: Account, *, now: dt.datetime) -> None:
    """Whoever has a factor must just have used it to add or remove one: a stolen password adds nothing."""
    has_factor = bool(account.totp_secret) or bool(store.passkeys_of(uow.session, account.id))
    if has_factor and (row.stepped_up_at is None or now - row.stepped_up_at > dt.timedelta(minutes=5)):
        raise Missing("step_up_needed")


def factor_added(uow: UnitOfWork, actor: Actor, row: LoginSession, *, kind: str, now: dt.datetime) -> str:
    """Journal a new factor, end the account's other sessions, step this one up; returns its new secret."""
    store.end_sessions(uow.session, row.account_id, now=now, because="factor_changed", but=row.id)
    _journal(uow, actor, row.account_id, "account:factor:added", kind, now)
    return stepped_up(uow, actor, row, by=kind, now=now)


def factor_removed(uow: UnitOfWork, actor: Actor, row: LoginSession, *, kind: str, now: dt.datetime) -> None:
    """Journal that a factor is gone and end the account's other sessions."""
    store.end_sessions(uow.session, row.account_id, now=now, because="factor_changed", but=row.id)
    _journal(uow, actor, row.account_id, "account:factor:removed", kind, now)


def _journal(uow: UnitOfWork, actor: Actor, account_id: int, tag: str, kind: str, now: dt.datetime) -> None:
    record(uow, subject=f"account:{account_id}", tag=tag, facts={"kind": kind}, actor=actor, now=now)


def _pending(row: LoginSession) -> str:
    kind, _colon, secret = row.challenge.partition(":")
    if kind != "totp" or not secret:
        raise Missing("totp_not_begun")
    return secret


def address_of(secret: str, username: str) -> str:
    """What the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def _matching_step(secret: str, code: str, now: dt.datetime, *, after: int) -> int | None:
    """The step a code belongs to; a step that was used, or one before it, is not taken again."""
    digits = "".join(code.split())
    here = int(now.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    found = None
    for step in (here - 1, here, here + 1):
        if hmac.compare_digest(totp.at(step * STEP).encode(), digits.encode("utf-8", "replace")) and step > after:
            found = step
    return found
