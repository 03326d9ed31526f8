"""Persons, their posts and their accounts, as an administrator keeps them.

Nobody changes their own posts or account here: a second administrator, or the one of the agency above, does.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from workflow.domain.errors import BadInput, NotPermitted, Refused
from workflow.domain.people import Actor, Role, inspector_last_day
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import fold, mask_email
from workflow.services import handover, mandates
from workflow.services.accounts import Link, make_link
from workflow.services.journal import local_day, record
from workflow.store import accounts as account_store
from workflow.store import people as store
from workflow.store.models import Account, Person, PostRow
from workflow.store.outbox import add_once
from workflow.store.session import UnitOfWork

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


def propose_username(full_name: str) -> str:
    """A login name as offices make them: given name, dot, initials of the rest (`Nguyễn Thị Lan` → `lan.nt`)."""
    words = [word for word in re.findall("[a-z]+", fold(full_name).replace("'", "")) if word]
    if not words:
        return ""
    initials = "".join(word[0] for word in words[:-1])
    return f"{words[-1]}.{initials}" if initials else words[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A post to be entered, with the decision it rests on."""

    unit_id: int
    role: Role
    title: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    decree: str


def enter_person(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    full_name: str,
    email: str,
    first_post: Appointment,
    now: dt.datetime,
) -> int:
    """A new person, with the post that makes them ours; returns their id."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    person = Person(full_name=full_name, email=email)
    uow.add(person)
    uow.flush()
    _journal(uow, actor, person.id, "person:record:entered", _told(full_name, email), now)
    _appoint(uow, actor, scope, person, first_post, now)
    return person.id


def change_person(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    person_id: int,
    full_name: str,
    email: str,
    reason: str,
    now: dt.datetime,
) -> None:
    """Correct a name or an address."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    person = store.person(scope, uow.session, person_id)
    _demand_ours_alone(uow, scope, person, now)
    before, same = _told(person.full_name, person.email), person.email == email
    person.full_name, person.email = full_name, email
    after = _told(full_name, email)
    if before != after or not same:
        facts: dict[str, object] = {"before": before, "after": after, "reason": reason}
        _journal(uow, actor, person.id, "person:record:changed", facts, now)


def _told(full_name: str, email: str) -> dict[str, object]:
    """A person as the journal tells of them: nothing is ever taken out of it again, and an address may have to be
    erased, so it stands there masked."""
    return {"full_name": full_name, "email": mask_email(email)}


def appoint(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, person_id: int, post: Appointment, now: dt.datetime
) -> int:
    """One more post for a person; their sessions end, so that rights are those of the new login."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    person = store.person(scope, uow.session, person_id)
    return _appoint(uow, actor, scope, person, post, now)


def _appoint(
    uow: UnitOfWork, actor: Actor, scope: Scope, person: Person, post: Appointment, now: dt.datetime
) -> int:
    _demand_other(actor, person.id)
    unit = store.unit(scope, uow.session, post.unit_id)
    if post.role is Role.SYSTEM:
        raise BadInput("role_unknown")
    if post.valid_to is not None and post.valid_to < post.valid_from:
        raise BadInput("ends_before_it_begins")
    if post.role is Role.INSPECTOR:
        _demand_inspector_ends(post.valid_to, latest=inspector_last_day(post.valid_from))
    if unit.valid_from > post.valid_from:
        raise BadInput("post_before_unit", name=unit.name)
    if unit.valid_to is not None and (post.valid_to is None or post.valid_to > unit.valid_to):
        raise Refused("unit_dissolved", name=unit.name)
    row = PostRow(
        person_id=person.id,
        unit_id=unit.id,
        agency_id=unit.agency_id,
        role=str(post.role),
        title=post.title,
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )
    uow.add(row)
    uow.flush()
    _end_sessions(uow, person.id, now)
    facts: dict[str, object] = {
        "post": row.id, "unit": unit.id, "role": str(post.role), "title": post.title, "decree": post.decree,
        "from": post.valid_from.isoformat(), "to": post.valid_to.isoformat() if post.valid_to else None,
    }  # fmt: skip
    _journal(uow, actor, person.id, "person:post:given", facts, now)
    return row.id


def end_post(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    post_id: int,
    last_day: dt.date,
    decree: str,
    now: dt.datetime,
) -> int:
    """End a post on a day; the person's sessions end at once. Returns the person's id."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    row = store.post(scope, uow.session, post_id)
    _demand_other(actor, row.person_id)
    if row.valid_to is not None and row.valid_to < local_day(now):
        raise Refused("post_over")
    if last_day < row.valid_from:
        raise BadInput("ends_before_it_begins")
    handover.demand_nothing_left(uow, row, last_day=last_day, now=now)
    row.valid_to = last_day
    if last_day <= local_day(now):
        mandates.end_all_for_post(uow, actor, post_id=row.id, reason=decree, now=now)
    _end_sessions(uow, row.person_id, now)
    facts: dict[str, object] = {"post": row.id, "last_day": last_day.isoformat(), "decree": decree}
    _journal(uow, actor, row.person_id, "person:post:ended", facts, now)
    return row.person_id


def renew_inspector(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, post_id: int, last_day: dt.date, reason: str, now: dt.datetime
) -> int:
    """Move the last day of an inspector's running post ahead, at most 366 days from today; returns whose it is."""
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    row = store.post(scope, uow.session, post_id)
    _demand_other(actor, row.person_id)
    today = local_day(now)
    if row.role != Role.INSPECTOR:
        raise Refused("only_inspectors_renewed")
    if row.valid_to is not None and row.valid_to < today:
        raise Refused("post_over")
    _demand_inspector_ends(last_day, latest=inspector_last_day(max(today, row.valid_from)))
    if row.valid_to is not None and last_day <= row.valid_to:
        raise BadInput("renewed_no_further")
    unit = store.unit(scope, uow.session, row.unit_id)
    if unit.valid_to is not None and last_day > unit.valid_to:
        raise Refused("unit_dissolved", name=unit.name)
    before, row.valid_to = row.valid_to, last_day
    facts: dict[str, object] = {
        "post": row.id, "before": before.isoformat() if before else None, "after": last_day.isoformat(),
        "reason": reason,
    }  # fmt: skip
    _journal(uow, actor, row.person_id, "person:post:renewed", facts, now)
    return row.person_id


def _demand_inspector_ends(last_day: dt.date | None, *, latest: dt.date) -> None:
    if last_day is None or last_day > latest:
        raise BadInput("inspector_needs_end", latest=latest.strftime("%d/%m/%Y"))


def invite(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    person_id: int,
    username: str,
    base_url: str,
    mail: bool,
    now: dt.datetime,
) -> Link:
    """Open an account for a person: a login name and a one-time link to choose the first password."""
    demand(actor, Permission.MANAGE_PEOPLE)
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise BadInput("username_shape")
    uow.begin_write()
    person = store.person(scope, uow.session, person_id)
    _demand_other(actor, person_id)
    _demand_ours_alone(uow, scope, person, now)
    account = account_store.account_of(uow.session, person_id)
    taken = account_store.account_named(uow.session, username)
    if taken is not None and taken is not account:
        raise BadInput("username_taken", username=username)
    if account is None:
        account = Account(person_id=person_id, username=username, created_at=now)
        uow.add(account)
        uow.flush()
    elif account.password_hash or not account.active:
        raise Refused("account_exists")
    account.username = username
    link = make_link(uow, actor, account, tag="account:link:invited", reason="", now=now)
    _mail(uow, person, link, base_url=base_url, mail=mail, now=now)
    return link


def reset_password(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    person_id: int,
    reason: str,
    base_url: str,
    mail: bool,
    now: dt.datetime,
) -> Link:
    """A new one-time link. The old password, every session and token end at once: it may answer a theft."""
    account, person = _account_of(uow, actor, scope, person_id, now)
    account.password_hash = ""
    account_store.revoke_tokens(uow.session, account.id, now)
    account_store.end_sessions(uow.session, account.id, now=now, because="password_reset")
    link = make_link(uow, actor, account, tag="account:link:reset", reason=reason, now=now)
    _mail(uow, person, link, base_url=base_url, mail=mail, now=now)
    return link


def remove_factors(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, person_id: int, reason: str, now: dt.datetime
) -> None:
    """Forget a person's second factors, e.g. after a lost telephone; they set up new ones at the next login."""
    account, _person = _account_of(uow, actor, scope, person_id, now)
    account.totp_secret, account.totp_last_step = "", 0
    keys = account_store.passkeys_of(uow.session, account.id)
    for key in keys:
        uow.session.delete(key)
    _account_journal(uow, actor, account, "account:factor:cleared", reason, now)


def deactivate(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, person_id: int, reason: str, now: dt.datetime
) -> None:
    """Close an account. What the person did stays theirs; tokens and sessions stop at once."""
    account, _person = _account_of(uow, actor, scope, person_id, now)
    account.active = False
    account_store.withdraw_invitations(uow.session, account.id, now)
    account_store.revoke_tokens(uow.session, account.id, now)
    _account_journal(uow, actor, account, "account:record:closed", reason, now)


def reactivate(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, person_id: int, reason: str, now: dt.datetime
) -> None:
    """Open a closed account again; its password is still the old one."""
    account, _person = _account_of(uow, actor, scope, person_id, now, closed=True)
    account.active = True
    _account_journal(uow, actor, account, "account:record:reopened", reason, now)


def _account_of(
    uow: UnitOfWork, actor: Actor, scope: Scope, person_id: int, now: dt.datetime, *, closed: bool = False
) -> tuple[Account, Person]:
    demand(actor, Permission.MANAGE_PEOPLE)
    uow.begin_write()
    person = store.person(scope, uow.session, person_id)
    _demand_other(actor, person_id)
    _demand_ours_alone(uow, scope, person, now)
    account = account_store.account_of(uow.session, person_id)
    if account is None:
        raise Refused("no_account_yet")
    if account.active is closed:
        raise Refused("account_open" if closed else "account_closed")
    return account, person


def _demand_other(actor: Actor, person_id: int) -> None:
    if actor.person_id == person_id:
        raise NotPermitted("own_record")


def _demand_ours_alone(uow: UnitOfWork, scope: Scope, person: Person, now: dt.datetime) -> None:
    """An account opens all its posts: whoever does not look after all of them does not get the key."""
    if store.posts_elsewhere(scope, uow.session, person.id, local_day(now)):
        raise NotPermitted("account_wider")


def _end_sessions(uow: UnitOfWork, person_id: int, now: dt.datetime) -> None:
    account = account_store.account_of(uow.session, person_id)
    if account is not None:
        account_store.end_sessions(uow.session, account.id, now=now, because="post_changed")


def _account_journal(
    uow: UnitOfWork, actor: Actor, account: Account, tag: str, reason: str, now: dt.datetime
) -> None:
    account_store.end_sessions(uow.session, account.id, now=now, because="account_changed")
    record(uow, subject=f"account:{account.id}", tag=tag, facts={"reason": reason}, actor=actor, now=now)


def _mail(uow: UnitOfWork, person: Person, link: Link, *, base_url: str, mail: bool, now: dt.datetime) -> None:
    """Put the link in the outbox too, addressed to nobody's list of notices: it opens an account."""
    if not mail or not person.email:
        return
    address = f"{base_url}/invitation/{link.secret}"
    add_once(
        uow.session,
        once_key=f"invitation:{link.username}:{now.timestamp()}",
        address=person.email,
        subject="Trình Ký: đặt mật khẩu / choose your password",
        body=(
            f"Kính gửi {person.full_name},\n\nTên đăng nhập: {link.username}\n"
            f"Mở liên kết sau một lần để đặt mật khẩu:\n{address}\n\n"
            f"Your login name: {link.username}\nOpen this link once to choose your password:\n{address}\n"
        ),
        created_at=now,
        next_at=now,
    )


def _journal(
    uow: UnitOfWork, actor: Actor, person_id: int, tag: str, facts: dict[str, object], now: dt.datetime
) -> None:
    record(uow, subject=f"person:{person_id}", tag=tag, facts=facts, actor=actor, now=now)
