"""Personal tokens: how a program acts as one person in one post. Shown once; only a hash is kept."""

from __future__ import annotations

import datetime as dt
import secrets

from workflow.domain.errors import BadInput, NotFound, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.services.journal import record
from workflow.services.logins import digest
from workflow.store import accounts, tokens
from workflow.store.models import Account, ApiToken
from workflow.store.session import UnitOfWork

PREFIX = "trinhky_"
"""So that a token that slipped into a file is recognised by whoever, or whatever, finds it."""

LONGEST_DAYS = 365
MOST = 20
"""Live tokens of one account."""


def make_token(uow: UnitOfWork, actor: Actor, *, label: str, days: int, now: dt.datetime) -> str:
    """A token for the post acted in, good for `days`; returns it, to be shown this once."""
    demand(actor, Permission.USE_API)
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput("token_days", longest=LONGEST_DAYS)
    uow.begin_write()
    account = _account(uow, actor)
    if tokens.count_live(uow.session, account.id, now=now) >= MOST:
        raise Refused("too_many_tokens", most=MOST)
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        token_hash=digest(secret),
        account_id=account.id,
        post_id=actor.post_id,
        label=label,
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    uow.add(row)
    uow.flush()
    facts: dict[str, object] = {"token": row.id, "post": actor.post_id, "label": label, "days": days}
    record(uow, subject=f"account:{account.id}", tag="account:token:made", facts=facts, actor=actor, now=now)
    return secret


def revoke_token(uow: UnitOfWork, actor: Actor, token_id: int, *, now: dt.datetime) -> None:
    """End one of one's own tokens; nothing happens to one that ended already."""
    uow.begin_write()
    account = _account(uow, actor)
    row = tokens.own_token(uow.session, account.id, token_id)
    if row is None:
        raise NotFound("token_not_found")
    if row.revoked_at is not None:
        return
    row.revoked_at = now
    facts: dict[str, object] = {"token": row.id, "label": row.label}
    record(uow, subject=f"account:{account.id}", tag="account:token:revoked", facts=facts, actor=actor, now=now)


def _account(uow: UnitOfWork, actor: Actor) -> Account:
    account = accounts.account_of(uow.session, actor.person_id or 0)
    if account is None:
        raise Refused("no_account")
    return account
