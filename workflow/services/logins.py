"""Coming in and going out. Logins are slowed, never locked: a lock would let a stranger shut an official out."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from workflow.domain.errors import NotFound, Refused
from workflow.domain.people import Actor, Post
from workflow.services import passwords
from workflow.services.journal import local_day, record
from workflow.store import absences, devices, push_devices
from workflow.store import accounts as store
from workflow.store.models import Account, LoginSession, Person
from workflow.store.session import UnitOfWork

FREE_PER_ACCOUNT = 4
"""Failures of one name before the next attempt has to wait."""

FREE_PER_ADDRESS = 20
"""The same for one address: a whole office may sit behind it."""

LONGEST_WAIT = 60
"""Seconds. So a name under attack stays usable: at most a minute's patience."""

FORGET = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody comes from who is not known yet. `mark`: by which their browser is known again."""

    address: str
    browser: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened. `secret` is the cookie's value; only its hash is kept."""

    secret: str
    session_id: int
    account_id: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a login: opened, or refused, or not looked at before `wait` seconds. Commit it in every case."""

    opened: Opened | None = None
    wait: int = 0


def log_in(uow: UnitOfWork, visitor: Visitor, username: str, password: str, *, now: dt.datetime) -> Attempt:
    """Check a name and a password.

    The delay is looked at twice: a burst of parallel guesses all pass the first look, but under the write lock
    only one of them hears whether it was right.
    """
    name = username.strip().lower()
    subjects = _subjects(name, visitor.address)
    waiting = _wait(uow, subjects, now)
    if waiting:
        return Attempt(wait=waiting)
    account = store.account_named(uow.session, name)
    kept = account.password_hash if account is not None and account.active else ""
    right = uow.compute(passwords.matches, password, kept)
    renewed = uow.compute(passwords.make_hash, password) if right and passwords.outdated(kept) else None
    uow.begin_write()
    waiting = _wait(uow, subjects, now)
    account = store.account_named(uow.session, name)
    if waiting or not right or account is None or account.password_hash != kept or not account.active:
        if not waiting:
            _count(uow, subjects, now)
        return Attempt(wait=waiting)
    if renewed:
        account.password_hash = renewed
    failed_before, _last = store.failures_of(uow.session, subjects[0][0])
    store.forget_failures(uow.session, subjects[0][0])
    return Attempt(opened=open_session(uow, visitor, account, facts={"failed_before": failed_before}, now=now))


def log_in_as_demo(uow: UnitOfWork, visitor: Visitor, post_id: int, *, demo: bool, now: dt.datetime) -> Opened:
    """Come in as anybody with one click. Only where the settings (`demo`) and the database both say "demo"."""
    uow.begin_write()
    if not demo or not store.is_demo(uow.session):
        raise NotFound("not_a_demo")
    found = store.account_holding(uow.session, post_id, local_day(now))
    if found is None:
        raise NotFound("no_such_post")
    opened = open_session(uow, visitor, found, facts={"demo": True}, now=now, post_id=post_id)
    row = uow.session.get_one(LoginSession, opened.session_id)
    row.stepped_up_at = now
    return opened


def open_session(
    uow: UnitOfWork,
    visitor: Visitor,
    account: Account,
    *,
    facts: dict[str, object],
    now: dt.datetime,
    post_id: int | None = None,
) -> Opened:
    """A new session with a new secret, in the post last acted in or else the first that is held today."""
    held = [post for post, _unit in store.posts_held(uow.session, account.person_id, local_day(now))]
    wished = post_id or store.last_post(uow.session, account.id)
    post = next((post for post in held if post.id == wished), held[0] if held else None)
    secret = secrets.token_urlsafe(32)
    row = LoginSession(
        id_hash=digest(secret),
        account_id=account.id,
        post_id=post.id if post else None,
        created_at=now,
        seen_at=now,
        address=visitor.address,
        browser=visitor.browser[:200],
        device_hash=digest(visitor.mark) if visitor.mark else "",
    )
    uow.add(row)
    uow.flush()
    if visitor.mark:
        devices.used(uow.session, row.device_hash, account.person_id, day=local_day(now))
        push_devices.at_login(uow.session, account.person_id, row.id, digest(visitor.mark))
    actor = _actor_of(uow, account, post, visitor)
    record(uow, subject=f"account:{account.id}", tag="account:login:accepted", facts=facts, actor=actor, now=now)
    return Opened(secret, row.id, account.id)


def _actor_of(uow: UnitOfWork, account: Account, post: Post | None, visitor: Visitor) -> Actor:
    name = uow.session.get_one(Person, account.person_id).full_name
    return (
        Actor.of(post, name=name, address=visitor.address)
        if post
        else Actor.without_post(account.person_id, name=name, address=visitor.address)
    )


def log_out(uow: UnitOfWork, actor: Actor, session_id: int, *, now: dt.datetime, because: str = "logout") -> None:
    """End one of the actor's own sessions."""
    uow.begin_write()
    row = own_session(uow, actor, session_id)
    row.ended_at, row.ended_because = now, because
    push_devices.end_with_session(uow.session, row.id)


def switch_post(uow: UnitOfWork, actor: Actor, post_id: int, *, session_id: int, now: dt.datetime) -> None:
    """Act in another post that one holds today, or at a desk that one looks after.

    It stands in the journal: who acted as what must be provable.
    """
    uow.begin_write()
    row = own_session(uow, actor, session_id)
    person, today = actor.person_id or 0, local_day(now)
    held = {post.id for post, _unit in store.posts_held(uow.session, person, today)}
    held |= {one.post.id for one in absences.desks_for(uow.session, person, today=today)}
    if post_id not in held:
        raise NotFound("no_such_post")
    before, row.post_id, row.inspection_member_id = row.post_id, post_id, None
    facts: dict[str, object] = {"from": before, "to": post_id}
    record(uow, subject=f"account:{row.account_id}", tag="account:post:switched", facts=facts, actor=actor, now=now)


def own_session(uow: UnitOfWork, actor: Actor, session_id: int) -> LoginSession:
    """A live session of the actor's own account, or `NotFound`."""
    row = uow.session.get(LoginSession, session_id)
    account = store.account_of(uow.session, actor.person_id or 0)
    if row is None or account is None or row.account_id != account.id or row.ended_at is not None:
        raise NotFound("no_such_session")
    return row


def rotate(row: LoginSession) -> str:
    """A new secret for the same session: after every gain of rights an overheard one is worth nothing."""
    secret = secrets.token_urlsafe(32)
    row.id_hash = digest(secret)
    return secret


def digest(secret: str) -> str:
    """Cookies, links and tokens are random, so that one SHA-256 hides them well enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def demand_patience(uow: UnitOfWork, subject: str, *, now: dt.datetime) -> None:
    """Raise `Refused("login_slow")` while a subject has to wait."""
    waiting = _wait(uow, ((subject, FREE_PER_ACCOUNT),), now)
    if waiting:
        raise Refused("login_slow", seconds=waiting)


def _subjects(name: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    hidden = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return ((f"account:{hidden}", FREE_PER_ACCOUNT), (f"address:{address}", FREE_PER_ADDRESS))


def _wait(uow: UnitOfWork, subjects: tuple[tuple[str, int], ...], now: dt.datetime) -> int:
    return max(
        wait_after(*store.failures_of(uow.session, subject), free=free, now=now) for subject, free in subjects
    )


def wait_after(failures: int, last: dt.datetime | None, *, free: int, now: dt.datetime) -> int:
    """Seconds still to wait: 1, 2, 4 … up to a minute after each failure beyond the free ones."""
    if last is None or failures < free or now - last > FORGET:
        return 0
    pause = min(1 << min(failures - free, 16), LONGEST_WAIT)
    return max(0, pause - int((now - last).total_seconds()))


def _count(uow: UnitOfWork, subjects: tuple[tuple[str, int], ...], now: dt.datetime) -> None:
    for subject, _free in subjects:
        store.count_failure(uow.session, subject, now=now, forget_before=now - FORGET)
