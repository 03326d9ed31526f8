"""When rights grow the secret changes; when posts or factors change, sessions end."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.attacks.crowd import another
from tests.support.browser import COOKIE, Browser
from tests.support.office import Office
from workflow.services import people
from workflow.store.models import Account, LoginSession
from workflow.store.session import unit_of_work


def cookie(client: Browser) -> str:
    """What the browser holds."""
    found = client.get_cookie(COOKIE)
    assert found is not None
    return found.value


def is_in(client: Browser) -> bool:
    """Whether the account's page opens."""
    return client.get("/account").status_code == 200


def test_a_step_up_changes_the_secret(app: Flask, client: Browser, office: Office) -> None:
    """The cookie from before is worth nothing after: neither as the new session nor as an old one."""
    secret = pyotp.random_base32()
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).values(totp_secret=secret))
        uow.commit()
    client.login("leader", stepped_up=False)
    before = cookie(client)
    code = {"step_up_code": pyotp.TOTP(secret).at(client.clock())}
    assert client.post("/step-up", data=code).status_code == 303
    assert cookie(client) != before
    assert is_in(client)
    thief = another(app, client)
    thief.set_cookie(COOKIE, before)
    assert not is_in(thief)
    with unit_of_work(office.engine) as uow:
        assert len(uow.session.scalars(select(LoginSession)).all()) == 1


@pytest.mark.parametrize("change", ["end", "add"])
def test_sessions_end_when_posts_change(client: Browser, office: Office, change: str) -> None:
    """Who loses a post, or is given one, comes in anew; nobody else does."""
    clerk, other = client.login("clerk"), another(client.application, client).login("leader")
    assert is_in(clerk)
    day = client.clock().date()
    with unit_of_work(office.engine) as uow:
        if change == "end":
            people.end_post(
                uow, office.actor("admin"), office.scope("clerk"), post_id=office.posts["clerk"].id,
                last_day=day, decree="QĐ 1", now=client.clock(),
            )  # fmt: skip
        else:
            given = people.Appointment(
                unit_id=office.units["economy"], role=office.posts["drafter"].role, title="Chuyên viên",
                valid_from=day, valid_to=None, decree="QĐ 2",
            )  # fmt: skip
            people.appoint(
                uow, office.actor("admin"), office.scope("clerk"), person_id=office.posts["clerk"].person_id,
                post=given, now=client.clock(),
            )  # fmt: skip
        uow.commit()
    assert not is_in(clerk)
    assert is_in(other)
    with unit_of_work(office.engine) as uow:
        ended = uow.session.scalars(select(LoginSession.ended_because).where(LoginSession.ended_at.is_not(None)))
        assert ended.all() == ["post_changed"]


def test_other_sessions_end_when_a_factor_changes(client: Browser, office: Office) -> None:
    """Who adds or removes a one-time code keeps this browser, with a new secret; the others are out."""
    here, there = client.login("drafter"), another(client.application, client).login("drafter")
    first = cookie(here)
    assert here.post("/account/factors/totp").status_code == 303
    shown = re.search(r">((?:[A-Z2-7]{4} ?){8})<", here.get("/account/factors/totp").text)
    assert shown is not None
    secret = shown[1].replace(" ", "")
    answer = here.post("/account/factors/totp/confirm", data={"code": pyotp.TOTP(secret).at(client.clock())})
    assert answer.status_code == 303
    assert is_in(here)
    assert cookie(here) != first
    assert not is_in(there)
    client.clock.advance(minutes=1)
    back = another(client.application, client).login("drafter")
    assert is_in(back)
    assert here.post("/account/factors/totp/remove").status_code == 303
    assert is_in(here)
    assert not is_in(back)
    with unit_of_work(office.engine) as uow:
        ended = uow.session.scalars(select(LoginSession.ended_because).where(LoginSession.ended_at.is_not(None)))
        assert ended.all() == ["factor_changed", "factor_changed"]
