"""What is held about one person: read whole for them, erased class by class; the service asks who may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Delete, Row, Select, Update, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from workflow.domain.permissions import Scope
from workflow.domain.personal_data import Class
from workflow.store import remote_signing
from workflow.store.models import (
    Account,
    ApiToken,
    Certificate,
    DeviceDay,
    Erasure,
    Invitation,
    Journal,
    LoginSession,
    Look,
    NoticeChoice,
    NumberLook,
    Outbox,
    Outgoing,
    Passkey,
    Person,
    PhoneCode,
    PostRow,
    PushDevice,
    RemoteRequest,
    SavedView,
    Unit,
)
from workflow.store.personal_places import PLACES, listed

PAGE = 50
MOST = 5000
"""Lines of one class in an export; how many there are is told beside them."""
OF_PAPERS = {
    Class.MESSAGES: ("subject",), Class.DOCUMENTS: ("code", "symbol"), Class.LOOKS: ("document",),
    Class.VIEWS: ("name", "query"),
}  # fmt: skip
"""Columns that name papers, or may: whoever saves a search writes what they look for."""


def account_of(session: Session, person_id: int) -> int:
    """The key of their account; 0 where they have none."""
    return session.scalar(select(Account.id).where(Account.person_id == person_id)) or 0


def is_open(session: Session, account: int) -> bool:
    """Whether somebody can come in by it."""
    return bool(session.scalar(select(Account.active).where(Account.id == account)))


def choice(session: Session, person_id: int) -> NoticeChoice | None:
    """How somebody wants their messages."""
    return session.get(NoticeChoice, person_id)


def remote_accounts(session: Session, person_id: int) -> list[str]:
    """Their accounts at remote signing services, as their certificates name them."""
    rows = session.scalars(select(Certificate.held).where(Certificate.person_id == person_id))
    return sorted({str(held["account"]) for held in rows if held.get("account")})


def _lines(session: Session, columns: Sequence[Any], *conditions: Any, order: Any) -> tuple[list[list[Any]], int]:
    count = session.scalar(select(func.count()).select_from(select(columns[0]).where(*conditions).subquery())) or 0
    rows = session.execute(select(*columns).where(*conditions).order_by(order).limit(MOST))
    return [list(row) for row in rows], count


_Asked = dict[Class, tuple[tuple[str, ...], Sequence[Any], tuple[Any, ...], Any]]
"""(names of the columns, columns, conditions, order) by class."""


def _given_by(person_id: int) -> _Asked:
    """What they gave, chose or were sent."""
    mine: Any = Person.id == person_id
    return {
        Class.NAME: (("name",), (Person.full_name,), (mine,), Person.id),
        Class.EMAIL: (("email",), (Person.email,), (mine, Person.email != ""), Person.id),
        Class.PHONE: (
            ("phone", "proven_at", "by_sms", "pushed"),
            (NoticeChoice.phone, NoticeChoice.proven_at, NoticeChoice.by_sms, NoticeChoice.pushed),
            (NoticeChoice.person_id == person_id,), NoticeChoice.person_id,
        ),
        Class.DEVICES: (
            ("browser", "created_at", "used_at"), (PushDevice.browser, PushDevice.created_at, PushDevice.used_at),
            (PushDevice.person_id == person_id,), PushDevice.id,
        ),
        Class.DEVICE_DAYS: (("day",), (DeviceDay.day,), (DeviceDay.person_id == person_id,), DeviceDay.id),
        Class.VIEWS: (
            ("page", "name", "query"), (SavedView.page, SavedView.name, SavedView.query),
            (SavedView.person_id == person_id,), SavedView.id,
        ),
        Class.MESSAGES: (
            ("created_at", "channel", "address", "subject", "state"),
            (Outbox.created_at, Outbox.channel, Outbox.address, Outbox.subject, Outbox.state),
            (Outbox.person_id == person_id,), Outbox.id,
        ),
    }  # fmt: skip


def _account_of(person_id: int, account: int) -> _Asked:
    """Their account and what is told of them."""
    return {
        Class.LOGINS: (
            ("created_at", "seen_at", "address", "browser"),
            (LoginSession.created_at, LoginSession.seen_at, LoginSession.address, LoginSession.browser),
            (LoginSession.account_id == account,), LoginSession.id,
        ),
        Class.SECRETS: (
            ("username", "created_at", "password_changed_at", "second_factor"),
            (Account.username, Account.created_at, Account.password_changed_at, Account.totp_secret != ""),
            (Account.person_id == person_id,), Account.id,
        ),
        Class.TOKENS: (
            ("label", "created_at", "expires_at", "revoked_at"),
            (ApiToken.label, ApiToken.created_at, ApiToken.expires_at, ApiToken.revoked_at),
            (ApiToken.account_id == account,), ApiToken.id,
        ),
        Class.ERASURES: (
            ("asked_at", "reason", "decided_at", "decision"),
            (Erasure.asked_at, Erasure.reason, Erasure.decided_at, Erasure.decision),
            (Erasure.person_id == person_id,), Erasure.id,
        ),
        Class.JOURNAL: (
            ("subject", "at", "what"), (Journal.subject, Journal.at, Journal.tag),
            (Journal.subject.in_((f"person:{person_id}", f"account:{account}")),), Journal.id,
        ),
    }  # fmt: skip


def _work_of(person_id: int) -> _Asked:
    """Their posts, keys and papers."""
    return {
        Class.REMOTE: (
            ("created_at", "provider", "account"),
            (RemoteRequest.created_at, RemoteRequest.provider, RemoteRequest.account),
            (RemoteRequest.person_id == person_id, RemoteRequest.account != ""), RemoteRequest.id,
        ),
        Class.LOOKS: (
            ("document", "day", "first_at"), (Look.document_id, Look.day, Look.first_at),
            (Look.person_id == person_id,), Look.id,
        ),
        Class.NUMBER_LOOKS: (
            ("at", "by_person", "kind", "purpose"),
            (NumberLook.at, NumberLook.person_id, NumberLook.kind, NumberLook.purpose),
            (NumberLook.about_id == person_id,), NumberLook.id,
        ),
        Class.POSTS: (
            ("unit", "role", "title", "valid_from", "valid_to"),
            (PostRow.unit_id, PostRow.role, PostRow.title, PostRow.valid_from, PostRow.valid_to),
            (PostRow.person_id == person_id,), PostRow.id,
        ),
        Class.CERTIFICATES: (
            ("name", "issuer", "serial", "not_before", "not_after", "status"),
            (Certificate.subject_name, Certificate.issuer_name, Certificate.serial, Certificate.not_before,
             Certificate.not_after, Certificate.status),
            (Certificate.person_id == person_id,), Certificate.id,
        ),
        Class.DOCUMENTS: (
            ("code", "symbol", "drafted", "signed"),
            (Outgoing.code, Outgoing.symbol, Outgoing.drafter_id == person_id, Outgoing.signer_id == person_id),
            (or_(Outgoing.drafter_id == person_id, Outgoing.signer_id == person_id), Outgoing.secret.is_(False)),
            Outgoing.id,
        ),
    }  # fmt: skip


def held(
    session: Session, person_id: int, *, own: bool
) -> dict[Class, tuple[tuple[str, ...], list[list[Any]], int]]:
    """(names of the columns, lines, how many there are) by class; secrets are named, never given. Not one's `own`:
    without what tells of papers."""
    account = account_of(session, person_id)
    asked = {**_given_by(person_id), **_account_of(person_id, account), **_work_of(person_id)}
    made = {}
    for kind in Class:
        if kind in PLACES:
            made[kind] = listed(session, kind, person_id, own=own, most=MOST)
            continue
        names, columns, conditions, order = asked[kind]
        if not own:
            kept = [place for place, name in enumerate(names) if name not in OF_PAPERS.get(kind, ())]
            names, columns = tuple(names[place] for place in kept), [columns[place] for place in kept]
        lines, count = _lines(session, columns, *conditions, order=order)
        made[kind] = (names, lines, count)
    return made


def _count(session: Session, query: Delete | Update) -> int:
    return len(session.execute(query, execution_options={"synchronize_session": False}).all())


def erase(session: Session, person_id: int, kind: Class, *, now: dt.datetime) -> int:
    """Take one class away, or make it unreadable; how many rows it met."""
    account = account_of(session, person_id)
    doing: dict[Class, Callable[[], int]] = {
        Class.EMAIL: lambda: _email(session, person_id),
        Class.PHONE: lambda: _phone(session, person_id, now),
        Class.DEVICES: lambda: _count(
            session, delete(PushDevice).where(PushDevice.person_id == person_id).returning(PushDevice.id)
        ),
        Class.VIEWS: lambda: _count(
            session, delete(SavedView).where(SavedView.person_id == person_id).returning(SavedView.id)
        ),
        Class.MESSAGES: lambda: _count(
            session, delete(Outbox).where(Outbox.person_id == person_id).returning(Outbox.id)
        ),
        Class.LOGINS: lambda: _count(
            session,
            update(LoginSession)
            .where(LoginSession.account_id == account)
            .values(address="", browser="", challenge="", ended_at=func.coalesce(LoginSession.ended_at, now))
            .returning(LoginSession.id),
        ),
        Class.SECRETS: lambda: _secrets(session, account),
        Class.TOKENS: lambda: _count(
            session,
            update(ApiToken)
            .where(ApiToken.account_id == account)
            .values(label="", revoked_at=func.coalesce(ApiToken.revoked_at, now))
            .returning(ApiToken.id),
        ),
        Class.REMOTE: lambda: _remote(session, person_id),
    }  # fmt: skip
    return doing[kind]()


def _email(session: Session, person_id: int) -> int:
    address = session.scalar(select(Person.email).where(Person.id == person_id)) or ""
    _sent_to(session, person_id, address)
    mine = update(Person).where(Person.id == person_id, Person.email != "").values(email="")
    return _count(session, mine.returning(Person.id))


def _sent_to(session: Session, person_id: int, address: str) -> None:
    """Messages to an address that is erased: theirs, and copies, codes and invitations that name nobody."""
    theirs = or_(Outbox.person_id == person_id, Outbox.person_id.is_(None))
    if address:
        session.execute(delete(Outbox).where(Outbox.address == address, theirs))


def _phone(session: Session, person_id: int, now: dt.datetime) -> int:
    _sent_to(session, person_id, session.scalar(
        select(NoticeChoice.phone).where(NoticeChoice.person_id == person_id)) or "")  # fmt: skip
    session.execute(delete(PhoneCode).where(PhoneCode.person_id == person_id))
    blank = {"phone": "", "proven_at": None, "by_sms": False, "pushed": "", "changed_at": now}
    chosen = update(NoticeChoice).where(NoticeChoice.person_id == person_id).values(**blank)
    return _count(session, chosen.returning(NoticeChoice.person_id))


def _secrets(session: Session, account: int) -> int:
    """Nobody comes in by it any more; the row stays, since logins and tokens hang on it."""
    session.execute(delete(Passkey).where(Passkey.account_id == account))
    session.execute(delete(Invitation).where(Invitation.account_id == account))
    blank = {
        "username": f"erased-{account}",
        "password_hash": "",
        "totp_secret": "",
        "language": "",
        "active": False,
    }
    return _count(session, update(Account).where(Account.id == account).values(**blank).returning(Account.id))


def _remote(session: Session, person_id: int) -> int:
    """Of requests that are over, and of certificates: which account it was. How they were used stays."""
    over = select(RemoteRequest).where(
        RemoteRequest.person_id == person_id, RemoteRequest.ended_at.is_not(None), RemoteRequest.account != ""
    )
    requests = session.scalars(over.with_for_update()).all()
    for request in requests:
        remote_signing.forget(request)
    count = len(requests)
    for row in session.scalars(select(Certificate).where(Certificate.person_id == person_id)):
        if row.held.get("account"):
            row.held = {name: value for name, value in row.held.items() if name != "account"}
            count += 1
    session.flush()
    return count


def open_erasure(session: Session, person_id: int) -> Erasure | None:
    """The request that nobody decided yet."""
    query = select(Erasure).where(Erasure.person_id == person_id, Erasure.decision == "")
    return session.scalars(query.with_for_update()).one_or_none()


def _ours_alone(scope: Scope, today: dt.date) -> Select[int]:
    """People whose affair the agencies looked after are: posts nowhere else from today on, and of who left, the
    last one here (of several that ended on one day, the one put on record last, as `last_agency` has it).
    `services.access.personal.demand_ours_alone` says so of one person."""
    here, there = aliased(PostRow), aliased(PostRow)
    after = or_(there.valid_to > here.valid_to, and_(there.valid_to == here.valid_to, there.id > here.id))
    later = and_(here.valid_to.is_not(None), after)
    elsewhere = exists().where(
        there.person_id == here.person_id, there.agency_id.not_in(scope.agency_ids),
        or_(there.valid_to.is_(None), there.valid_to >= today, later),
    )  # fmt: skip
    return select(here.person_id).where(here.agency_id.in_(scope.agency_ids), ~elsewhere)


def erasures(scope: Scope, session: Session, *, today: dt.date) -> Sequence[Row[Erasure, str, str]]:
    """(request, of whom, asked by whom) of people whose affair the agencies looked after are, open ones first."""
    other = aliased(Person)
    asker = select(other.full_name).where(other.id == Erasure.asked_by_id).scalar_subquery()
    mine = _ours_alone(scope, today)
    query = (
        select(Erasure, Person.full_name, asker)
        .join(Person, Person.id == Erasure.person_id)
        .where(Erasure.person_id.in_(mine))
        .order_by(Erasure.decided_at.is_not(None), Erasure.id.desc())
        .limit(200)
    )
    return session.execute(query).all()


def erasures_of(session: Session, person_id: int) -> Sequence[Erasure]:
    """All that was asked for one person."""
    return session.scalars(select(Erasure).where(Erasure.person_id == person_id).order_by(Erasure.id.desc())).all()


def number_looks(
    scope: Scope, session: Session, *, today: dt.date, about_id: int | None = None, before: int | None = None,
    limit: int = PAGE,
) -> Sequence[Row[NumberLook, str, str]]:  # fmt: skip
    """(look, who, about whom) the newest first: what people of the agencies looked after saw of anybody, and what
    anybody saw of people whose affair these agencies are. `before`: a keyset."""
    mine = or_(
        NumberLook.agency_id.in_(scope.agency_ids), NumberLook.about_id.in_(_ours_alone(scope, today))
    )  # fmt: skip
    return session.execute(_looks(mine, about_id, before).limit(limit)).all()


def own_number_looks(session: Session, person_id: int, *, limit: int = PAGE) -> Sequence[Row[NumberLook, str, str]]:
    """Who looked at one's own numbers."""
    return session.execute(_looks(NumberLook.about_id == person_id, None, None).limit(limit)).all()


def _looks(within: Any, about_id: int | None, before: int | None) -> Any:
    other = aliased(Person)
    about = select(other.full_name).where(other.id == NumberLook.about_id).scalar_subquery()
    query = (
        select(NumberLook, Person.full_name, about).join(Person, Person.id == NumberLook.person_id).where(within)
    )
    if about_id is not None:
        query = query.where(NumberLook.about_id == about_id)
    if before is not None:
        query = query.where(NumberLook.id < before)
    return query.order_by(NumberLook.id.desc())


def last_agency(session: Session, person_id: int) -> Unit | None:
    """The agency of the post that ended last; of several on one day, the one that was put on record last."""
    query = (
        select(Unit)
        .join(PostRow, PostRow.agency_id == Unit.id)
        .where(PostRow.person_id == person_id)
        .order_by(PostRow.valid_to.is_(None).desc(), PostRow.valid_to.desc(), PostRow.id.desc())
    )
    return session.scalars(query.limit(1)).one_or_none()


def holds_post(session: Session, person_id: int, *, today: dt.date) -> bool:
    """Whether somebody holds a post on a day or later."""
    query = select(func.count()).where(
        PostRow.person_id == person_id, or_(PostRow.valid_to.is_(None), PostRow.valid_to >= today)
    )
    return bool(session.scalar(query))
