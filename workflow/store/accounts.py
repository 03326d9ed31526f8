"""Queries for logins: who is at the keyboard. One Core query a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.domain.people import Post, Role
from workflow.store.models import (
    AbsenceEnd,
    AbsenceRow,
    Account,
    ApiToken,
    Inspection,
    InspectionMember,
    Invitation,
    LoginDelay,
    LoginSession,
    Outbox,
    Passkey,
    Person,
    PostRow,
    Setting,
    Unit,
)
from workflow.store.prepared import Prepared
from workflow.store.push_devices import end_with_account

IDLE = dt.timedelta(minutes=30)
"""A session without a request for this long is over."""

LONGEST = dt.timedelta(hours=12)
"""A session is over this long after its login, whatever happens in it."""

TOUCH = dt.timedelta(seconds=60)
"""`seen_at` is written at most this often."""

DEMO_MARK = "demo"
"""Name of the setting that marks a database as a demo."""


class Login(NamedTuple):
    """Everything a request needs to know about its person. `post` is None where no post is held today."""

    session_id: int | None
    account_id: int
    person_id: int
    full_name: str
    username: str
    language: str
    post: Post | None
    unit_name: str
    seen_at: dt.datetime
    stepped_up_at: dt.datetime | None
    has_totp: bool
    passkeys: int
    posts_held: int
    notices: int
    demo: bool
    acts: str = ""
    """Of somebody who looks after another's desk: `reading` or `processing`; `post` is that desk's."""
    inspection_id: int | None = None
    """The inspection read in: `post` is then one's own with an inspector's role, until the membership ends."""
    member_id: int | None = None
    inspected_until: dt.date | None = None

    @property
    def has_factor(self) -> bool:
        """Whether a second factor is enrolled."""
        return self.has_totp or self.passkeys > 0


def _held(today: object) -> ColumnElement[bool]:
    return (PostRow.valid_from <= today) & or_(PostRow.valid_to.is_(None), PostRow.valid_to >= today)


# plain tables, not entities: half the time of a query that every request makes
_ACCOUNT, _POST, _PERSON, _UNIT = Account.__table__, PostRow.__table__, Person.__table__, Unit.__table__
_SESSION, _TOKEN, _PASSKEY = LoginSession.__table__, ApiToken.__table__, Passkey.__table__
_OUTBOX, _SETTING = Outbox.__table__, Setting.__table__
_ABSENCE, _ABSENCE_END = AbsenceRow.__table__, AbsenceEnd.__table__

_TODAY: BindParameter[dt.date] = bindparam("today")
_IS_HELD = (_POST.c.valid_from <= _TODAY) & or_(_POST.c.valid_to.is_(None), _POST.c.valid_to >= _TODAY)
_OTHER = _POST.alias("other_post")
_HELD = (
    select(func.count())
    .where(
        _OTHER.c.person_id == _ACCOUNT.c.person_id,
        _OTHER.c.valid_from <= _TODAY,
        or_(_OTHER.c.valid_to.is_(None), _OTHER.c.valid_to >= _TODAY),
    )
    .correlate(_ACCOUNT)
    .scalar_subquery()
)
_PASSKEYS = select(func.count()).where(_PASSKEY.c.account_id == _ACCOUNT.c.id).correlate(_ACCOUNT).scalar_subquery()
_NOTICES = (
    select(func.count())
    .where(_OUTBOX.c.person_id == _ACCOUNT.c.person_id, _OUTBOX.c.read_at.is_(None))
    .correlate(_ACCOUNT)
    .scalar_subquery()
)
_DEMO = select(func.count()).where(_SETTING.c.name == DEMO_MARK).scalar_subquery()

_DEPUTY = _POST.alias("deputy_post")
_ACTS = (
    select(func.max(_ABSENCE.c.acts))
    .join(_DEPUTY, _DEPUTY.c.id == _ABSENCE.c.deputy_post_id)
    .where(
        _ABSENCE.c.post_id == _POST.c.id,
        _ABSENCE.c.first_day <= _TODAY,
        _ABSENCE.c.last_day >= _TODAY,
        _ABSENCE.c.id.not_in(select(_ABSENCE_END.c.absence_id)),
        _DEPUTY.c.person_id == _ACCOUNT.c.person_id,
        _DEPUTY.c.valid_from <= _TODAY,
        or_(_DEPUTY.c.valid_to.is_(None), _DEPUTY.c.valid_to >= _TODAY),
    )
    .correlate(_POST, _ACCOUNT)
    .scalar_subquery()
)
"""What the person may do at the desk of a post that is not their own, on this day; NULL where nobody left it to
them."""

_WHO = (
    _ACCOUNT.c.id,
    _ACCOUNT.c.person_id,
    _PERSON.c.full_name,
    _ACCOUNT.c.username,
    _ACCOUNT.c.language,
    _POST.c.id,
    _POST.c.unit_id,
    _POST.c.agency_id,
    _POST.c.role,
    _POST.c.title,
    _POST.c.valid_from,
    _POST.c.valid_to,
    _UNIT.c.name,
    _UNIT.c.is_office,
    _ACCOUNT.c.totp_secret,
    _PASSKEYS,
    _HELD,
    _NOTICES,
    _DEMO,
    _POST.c.person_id,
    case((_POST.c.person_id != _ACCOUNT.c.person_id, _ACTS)),
)

_INSPECTION, _MEMBER = Inspection.__table__, InspectionMember.__table__
_IN_TEAM = (
    (_MEMBER.c.id == _SESSION.c.inspection_member_id)
    & (_MEMBER.c.post_id == _SESSION.c.post_id)
    & _MEMBER.c.revoked_at.is_(None)
    & (_MEMBER.c.first_day <= _TODAY)
    & (_MEMBER.c.last_day >= _TODAY)
)
_RUNS = (
    (_INSPECTION.c.id == _MEMBER.c.inspection_id)
    & _INSPECTION.c.ended_at.is_(None)
    & (_INSPECTION.c.first_day <= _TODAY)
    & (_INSPECTION.c.last_day >= _TODAY)
)
"""A membership that is revoked, not begun or over, and an inspection that ended, are none."""

_BY_COOKIE = (
    select(
        _SESSION.c.id,
        _SESSION.c.seen_at,
        _SESSION.c.stepped_up_at,
        *_WHO,
        _INSPECTION.c.id,
        _MEMBER.c.id,
        case((_MEMBER.c.last_day < _INSPECTION.c.last_day, _MEMBER.c.last_day), else_=_INSPECTION.c.last_day),
    )
    .join(_ACCOUNT, _ACCOUNT.c.id == _SESSION.c.account_id)
    .join(_PERSON, _PERSON.c.id == _ACCOUNT.c.person_id)
    .outerjoin(_POST, (_POST.c.id == _SESSION.c.post_id) & _IS_HELD)
    .outerjoin(_UNIT, _UNIT.c.id == _POST.c.unit_id)
    .outerjoin(_MEMBER, _IN_TEAM)
    .outerjoin(_INSPECTION, _RUNS)
    .where(
        _SESSION.c.id_hash == bindparam("id_hash"),
        _SESSION.c.ended_at.is_(None),
        _SESSION.c.seen_at > bindparam("idle"),
        _SESSION.c.created_at > bindparam("oldest"),
        _ACCOUNT.c.active,
    )
)

_BY_TOKEN = (
    select(_TOKEN.c.id, _TOKEN.c.created_at, _ACCOUNT.c.password_changed_at, *_WHO)
    .join(_ACCOUNT, _ACCOUNT.c.id == _TOKEN.c.account_id)
    .join(_PERSON, _PERSON.c.id == _ACCOUNT.c.person_id)
    .outerjoin(_POST, (_POST.c.id == _TOKEN.c.post_id) & _IS_HELD)
    .outerjoin(_UNIT, _UNIT.c.id == _POST.c.unit_id)
    .where(
        _TOKEN.c.token_hash == bindparam("token_hash"),
        _TOKEN.c.revoked_at.is_(None),
        _TOKEN.c.expires_at > bindparam("now"),
        _ACCOUNT.c.active,
    )
)


_TEAM = 3 + len(_WHO)
"""Where a row goes on with the inspection; a token's ends there, since programs read in none."""
_COOKIE, _BEARER = Prepared(_BY_COOKIE), Prepared(_BY_TOKEN)
"""Both find one row at most: the hashes are unique."""


def login_by_cookie(session: Session, id_hash: str, *, now: dt.datetime, today: dt.date) -> Login | None:
    """The live login behind a session cookie's hash."""
    values = {"id_hash": id_hash, "today": today, "idle": now - IDLE, "oldest": now - LONGEST}
    return next(
        (_login(row, session_id=row[0], stepped_up_at=row[2]) for row in _COOKIE.rows(session, values)), None
    )


def login_by_token(session: Session, token_hash: str, *, now: dt.datetime, today: dt.date) -> Login | None:
    """The person behind an API token's hash, in the token's post. A token never counts as stepped up."""
    values = {"token_hash": token_hash, "today": today, "now": now}
    found = _BEARER.rows(session, values)
    return _login(found[0], session_id=None, stepped_up_at=None) if found else None


def _login(row: Sequence[Any], *, session_id: int | None, stepped_up_at: dt.datetime | None) -> Login:
    (account_id, person_id, full_name, username, language, post_id, unit_id, agency_id, role, title, first, last,
     unit_name, office, totp, passkeys, held, notices, demo, holder_id, acts) = row[3:_TEAM]  # fmt: skip
    post = None
    if post_id is not None and (holder_id == person_id or acts is not None):
        post = Post(post_id, holder_id, unit_id, agency_id, Role(role), title, first, last, bool(office))
    inspection, member, until = row[_TEAM:] or (None, None, None)
    if post is None or holder_id != person_id or inspection is None:
        inspection = member = until = None
    else:
        post = replace(post, role=Role.INSPECTOR, valid_to=until, in_office=False)
    return Login(
        session_id, account_id, person_id, full_name, username, language, post, unit_name or "", row[1],
        stepped_up_at, bool(totp), passkeys, held, notices, bool(demo), acts or "", inspection, member, until,
    )  # fmt: skip


def touch_session(session: Session, session_id: int, now: dt.datetime) -> None:
    """Note that a session is alive: with `look`, the only write that reading a page may cause."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def is_demo(session: Session) -> bool:
    """Whether this database is marked as a demo."""
    return session.scalar(select(func.count()).where(Setting.name == DEMO_MARK)) == 1


def posts_held(session: Session, person_id: int, today: dt.date) -> list[tuple[Post, str]]:
    """The posts a person holds on a day, with the name of the unit; the oldest first."""
    query = (
        select(PostRow, Unit.name, Unit.is_office)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(PostRow.person_id == person_id, _held(today))
        .order_by(PostRow.valid_from, PostRow.id)
    )
    return [(post_of(row, in_office=office), name) for row, name, office in session.execute(query)]


def post_of(row: PostRow, *, in_office: bool = False) -> Post:
    """The domain's view of a stored post."""
    return Post(
        row.id, row.person_id, row.unit_id, row.agency_id, Role(row.role), row.title, row.valid_from, row.valid_to,
        in_office,
    )  # fmt: skip


def live_sessions(session: Session, account_id: int, now: dt.datetime) -> list[LoginSession]:
    """The browsers an account is logged in from, the latest first."""
    query = (
        select(LoginSession)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.ended_at.is_(None),
            LoginSession.seen_at > now - IDLE,
            LoginSession.created_at > now - LONGEST,
        )
        .order_by(LoginSession.seen_at.desc())
    )
    return list(session.scalars(query))


def account_named(session: Session, username: str) -> Account | None:
    """The account with a login name, active or not."""
    return session.scalars(select(Account).where(Account.username == username)).one_or_none()


def account_of(session: Session, person_id: int) -> Account | None:
    """A person's account."""
    return session.scalars(select(Account).where(Account.person_id == person_id)).one_or_none()


def passkeys_of(session: Session, account_id: int) -> list[Passkey]:
    """The passkeys of an account, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)))


def failures_of(session: Session, subject: str) -> tuple[int, dt.datetime | None]:
    """How often logins under a subject failed lately, and when last."""
    row = session.execute(
        select(LoginDelay.failures, LoginDelay.last_at).where(LoginDelay.subject == subject)
    ).one_or_none()
    return (row[0], row[1]) if row else (0, None)


def count_failure(session: Session, subject: str, *, now: dt.datetime, forget_before: dt.datetime) -> None:
    """One more failure; a count whose last failure is older than `forget_before` starts anew."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    counted = case((LoginDelay.last_at < forget_before, 1), else_=LoginDelay.failures + 1)
    session.execute(
        insert(LoginDelay)
        .values(subject=subject, failures=1, last_at=now)
        .on_conflict_do_update(index_elements=["subject"], set_={"failures": counted, "last_at": now})
    )


def forget_failures(session: Session, subject: str) -> None:
    """A login succeeded: the next one is quick again."""
    session.execute(delete(LoginDelay).where(LoginDelay.subject == subject))


def last_post(session: Session, account_id: int) -> int | None:
    """The post an account acted in when it was last logged in."""
    query = (
        select(LoginSession.post_id)
        .where(LoginSession.account_id == account_id, LoginSession.post_id.is_not(None))
        .order_by(LoginSession.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def end_sessions(
    session: Session, account_id: int, *, now: dt.datetime, because: str, but: int | None = None
) -> int:
    """End an account's live sessions, all or all but one, and what its browsers are told; returns how many."""
    end_with_account(session, account_id, but=but)
    query = (
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
    )
    if but is not None:
        query = query.where(LoginSession.id != but)
    found: CursorResult[tuple[object, ...]] = session.execute(query)  # type: ignore[assignment]
    return found.rowcount


def invitation_for(
    session: Session, token_hash: str, now: dt.datetime
) -> tuple[Invitation, Account, Person] | None:
    """A one-time link that is still good, its account and person."""
    query = (
        select(Invitation, Account, Person)
        .join(Account, Account.id == Invitation.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(
            Invitation.token_hash == token_hash,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Account.active,
        )
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def withdraw_invitations(session: Session, account_id: int, now: dt.datetime) -> None:
    """Make every unused link of an account useless."""
    session.execute(
        update(Invitation)
        .where(Invitation.account_id == account_id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )


def demo_people(session: Session, today: dt.date) -> list[tuple[int, str, str, Role, str]]:
    """For the demo's login page: post, person, title, role and agency of everybody with an account.

    The office of the tour stands first: that is where something waits on every desk.
    """
    agency = aliased(Unit)
    mark = session.get(Setting, DEMO_MARK)
    tour = mark.value.get("tour", 0) if mark else 0
    query = (
        select(PostRow.id, Person.full_name, PostRow.title, PostRow.role, agency.name)
        .join(Person, Person.id == PostRow.person_id)
        .join(Account, Account.person_id == Person.id)
        .join(agency, agency.id == PostRow.agency_id)
        .where(_held(today), Account.active)
        .order_by(agency.id != tour, agency.id, PostRow.id)
    )
    return [(post, name, title, Role(role), unit) for post, name, title, role, unit in session.execute(query)]


def account_holding(session: Session, post_id: int, today: dt.date) -> Account | None:
    """The active account of whoever holds a post on a day."""
    query = (
        select(Account)
        .join(PostRow, PostRow.person_id == Account.person_id)
        .where(PostRow.id == post_id, _held(today), Account.active)
    )
    return session.scalars(query).one_or_none()


def passkey_by_id(session: Session, credential_id: bytes) -> Passkey | None:
    """The passkey with the identifier that its authenticator gave it."""
    return session.scalars(select(Passkey).where(Passkey.credential_id == credential_id)).one_or_none()


def revoke_tokens(session: Session, account_id: int, now: dt.datetime) -> None:
    """Revoke every API token of an account."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
