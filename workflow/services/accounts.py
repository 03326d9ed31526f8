"""One's own account: language and password; and the one-time links that an administrator hands out."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from workflow.domain.errors import BadInput, NotFound, Refused
from workflow.domain.people import Actor
from workflow.services import passwords
from workflow.services.journal import record
from workflow.services.logins import FORGET, Visitor, demand_patience, digest, own_session, rotate
from workflow.store import accounts as store
from workflow.store import push_devices
from workflow.store.models import Account, Invitation
from workflow.store.session import UnitOfWork

LINK_LASTS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link. `secret` is shown once, to whoever made it; only its hash is kept."""

    secret: str
    username: str
    expires_at: dt.datetime


def choose_language(uow: UnitOfWork, actor: Actor, code: str, *, now: dt.datetime) -> None:
    """Keep the language of the screens with the account."""
    uow.begin_write()
    _own_account(uow, actor).language = code


def change_password(
    uow: UnitOfWork, actor: Actor, old: str, new: str, *, session_id: int, now: dt.datetime
) -> str | None:
    """A new password against the old one. Other sessions end; this one gets a new secret, which is returned.

    None where the old one is wrong: commit that too, it counts as a failed attempt. Patience is asked for twice, as
    at the login: of a burst of parallel guesses only one hears whether it was right.
    """
    account = _own_account(uow, actor)
    kept, subject = account.password_hash, f"password:{account.id}"
    demand_patience(uow, subject, now=now)
    passwords.demand_good(new, account.username)
    right = uow.compute(passwords.matches, old, kept)
    made = uow.compute(passwords.make_hash, new) if right else ""
    uow.begin_write()
    demand_patience(uow, subject, now=now)
    row, account = own_session(uow, actor, session_id), _own_account(uow, actor)
    if not right or account.password_hash != kept:
        store.count_failure(uow.session, subject, now=now, forget_before=now - FORGET)
        return None
    account.password_hash, account.password_changed_at = made, now
    store.forget_failures(uow.session, subject)
    store.end_sessions(uow.session, account.id, now=now, because="password_changed", but=row.id)
    record(uow, subject=f"account:{account.id}", tag="account:password:changed", facts={}, actor=actor, now=now)
    return rotate(row)


def end_session(uow: UnitOfWork, actor: Actor, session_id: int, *, now: dt.datetime) -> None:
    """End one of one's own sessions, e.g. that of a lost telephone."""
    uow.begin_write()
    row = own_session(uow, actor, session_id)
    row.ended_at, row.ended_because = now, "revoked"
    push_devices.end_with_session(uow.session, row.id)
    facts: dict[str, object] = {"session": row.id}
    record(
        uow, subject=f"account:{row.account_id}", tag="account:session:revoked", facts=facts, actor=actor, now=now
    )


def end_other_sessions(uow: UnitOfWork, actor: Actor, *, session_id: int, now: dt.datetime) -> int:
    """End all of one's own sessions but this one."""
    uow.begin_write()
    row = own_session(uow, actor, session_id)
    ended = store.end_sessions(uow.session, row.account_id, now=now, because="revoked", but=row.id)
    facts: dict[str, object] = {"sessions": ended}
    record(
        uow, subject=f"account:{row.account_id}", tag="account:session:revoked", facts=facts, actor=actor, now=now
    )
    return ended


def make_link(uow: UnitOfWork, actor: Actor, account: Account, *, tag: str, reason: str, now: dt.datetime) -> Link:
    """A one-time link for an account; older ones stop working. Call within the write phase."""
    store.withdraw_invitations(uow.session, account.id, now)
    secret = secrets.token_urlsafe(24)
    uow.add(
        Invitation(
            token_hash=digest(secret),
            account_id=account.id,
            made_by_id=actor.person_id,
            made_at=now,
            expires_at=now + LINK_LASTS,
        )
    )
    facts: dict[str, object] = {"reason": reason}
    record(uow, subject=f"account:{account.id}", tag=tag, facts=facts, actor=actor, now=now)
    return Link(secret, account.username, now + LINK_LASTS)


def use_link(uow: UnitOfWork, visitor: Visitor, secret: str, password: str, *, now: dt.datetime) -> None:
    """Set the password of an invited or reset account. The link is used up; every session ends."""
    found = store.invitation_for(uow.session, digest(secret), now)
    if found is None:
        raise NotFound("link_used_up")
    passwords.demand_good(password, found[1].username)
    made = uow.compute(passwords.make_hash, password)
    uow.begin_write()
    found = store.invitation_for(uow.session, digest(secret), now)
    if found is None:
        raise NotFound("link_used_up")
    invitation, account, person = found
    invitation.used_at = now
    account.password_hash, account.password_changed_at = made, now
    store.end_sessions(uow.session, account.id, now=now, because="password_changed")
    actor = Actor.without_post(person.id, name=person.full_name, address=visitor.address)
    record(uow, subject=f"account:{account.id}", tag="account:password:set", facts={}, actor=actor, now=now)


def demand_same(password: str, again: str) -> None:
    """Refuse two different spellings of a new password."""
    if password != again:
        raise BadInput("password_differs")


def _own_account(uow: UnitOfWork, actor: Actor) -> Account:
    account = store.account_of(uow.session, actor.person_id or 0)
    if account is None:
        raise Refused("no_account")
    return account
