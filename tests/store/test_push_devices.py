"""Devices and codes on both databases: whose they are, what ends them, and what goes with them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from tests.support.browser import open_session
from tests.support.office import NOON, Office
from workflow.store import accounts, channels, phone_codes, push_devices
from workflow.store.models import Account, LoginSession, NoticeChoice, Outbox, PhoneCode
from workflow.store.push_devices import Wanted
from workflow.store.session import UnitOfWork, unit_of_work


def put(uow: UnitOfWork, person_id: int, session_id: int, mark: str, *, endpoint: str = "") -> int:
    """A device with a message that waits for it."""
    wanted = Wanted(
        mark_hash=mark * 64, endpoint=endpoint or mark, public_key=b"k", secret=b"s", sender="us", browser=""
    )
    key = push_devices.put(uow.session, person_id, session_id, wanted, now=NOON).id
    message = Outbox(
        once_key=f"copy:{key}", channel="push", address=push_devices.address_of(key), subject="x", body="x",
        created_at=NOON, next_at=NOON, state="waiting", spread_at=NOON,
    )  # fmt: skip
    uow.add(message)
    uow.flush()
    return key


def test_a_device_goes_with_its_login_and_takes_what_waited_along(office: Office) -> None:
    """One of three logins, all but one, idle for a month; another person's stays in every case."""
    mine, other = office.posts["drafter"], office.posts["head"]
    logins = []
    for post in (mine, mine, mine, other):
        open_session(office.engine, post.person_id, post_id=post.id, now=NOON)
        with unit_of_work(office.engine) as uow:
            logins.append(uow.session.scalar(select(func.max(LoginSession.id))) or 0)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        keys = [put(uow, mine.person_id, login, mark) for login, mark in zip(logins[:3], "abc", strict=True)]
        stays = put(uow, other.person_id, logins[3], "d")
        uow.commit()

    def left() -> list[int]:
        waiting = uow.session.scalars(select(Outbox.address).order_by(Outbox.id)).all()
        people = push_devices.of_people(uow.session, {mine.person_id, other.person_id}, sender="us")
        found = sorted(key for held in people.values() for key in held)
        assert [push_devices.id_in(address) for address in waiting] == found
        assert push_devices.of_people(uow.session, {mine.person_id}, sender="another") == {}
        return found

    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        assert left() == [*keys, stays]
        push_devices.end_with_session(uow.session, logins[0])
        assert left() == [*keys[1:], stays]
        account = uow.session.scalars(select(Account.id).where(Account.person_id == mine.person_id)).one()
        accounts.end_sessions(uow.session, account, now=NOON, because="revoked", but=logins[1])
        assert left() == [keys[1], stays]
        again = put(uow, mine.person_id, logins[1], "b", endpoint="elsewhere")
        assert left() == [stays, again]
        push_devices.at_login(uow.session, other.person_id, logins[3], "b" * 64)
        assert left() == [stays]
        assert push_devices.remove_own(uow.session, mine.person_id, stays) == 0
        assert push_devices.forget_idle(uow.session, before=NOON) == 0
        assert push_devices.forget_idle(uow.session, before=NOON + dt.timedelta(seconds=1)) == 1
        assert left() == []


def test_only_the_latest_code_proves_the_number_it_went_to(office: Office) -> None:
    """A newer one withdraws the message of the one before; another number forgets both."""
    person = office.posts["drafter"].person_id
    wish = {"muted_digest": False, "by_sms": True, "pushed": "", "now": NOON}
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        channels.keep_choice(uow.session, person, phone="84912345678", **wish)  # type: ignore[arg-type]
        for number in range(2):
            phone_codes.replace(uow.session, person, phone="84912345678", once_key=f"code:{number}", now=NOON)
            uow.add(Outbox(once_key=f"code:{number}", channel="sms", address="84912345678", subject="x", body="x",
                           created_at=NOON, next_at=NOON, state="waiting", spread_at=NOON))  # fmt: skip
            uow.flush()
        assert uow.session.scalars(select(Outbox.once_key)).all() == ["code:1"]
        code = phone_codes.code_of(uow.session, person, locked=True)
        assert code is not None
        assert code.once_key == "code:1"
        assert not phone_codes.prove(uow.session, person, "84987654321", now=NOON)
        assert phone_codes.prove(uow.session, person, "84912345678", now=NOON)
        assert uow.session.scalars(select(NoticeChoice.proven_at)).all() == [NOON]
        phone_codes.replace(uow.session, person, phone="84912345678", once_key="code:2", now=NOON)
        channels.keep_choice(uow.session, person, phone="84987654321", **wish)  # type: ignore[arg-type]
        assert uow.session.scalars(select(NoticeChoice.proven_at)).all() == [None]
        assert uow.session.scalars(select(PhoneCode.once_key)).all() == []
