"""What a session rests on: a changed factor ends it elsewhere, a step-up renews its secret; HTTPS binds it."""

from __future__ import annotations

import dataclasses
import re

import pyotp
import pytest
from sqlalchemy import Engine, select, update

from tests.support.browser import COOKIE, Browser, Clock
from tests.support.office import Office
from workflow.config import Settings
from workflow.store.models import Account, LoginSession
from workflow.store.session import unit_of_work
from workflow.web.app import create_app

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def with_phone(engine: Engine, office: Office) -> None:
    """Everybody has a phone already."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).values(totp_secret=SECRET))
        uow.commit()


def ends(engine: Engine) -> list[str | None]:
    """Why each session ended, the oldest first; None where it lives."""
    with unit_of_work(engine) as uow:
        rows = uow.session.scalars(select(LoginSession).order_by(LoginSession.id)).all()
        return [row.ended_because if row.ended_at else None for row in rows]


def held(client: Browser) -> str:
    """The cookie that this browser holds."""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def test_a_new_factor_ends_the_other_browsers(client: Browser, clock: Clock, engine: Engine) -> None:
    """Whoever sat there with the password alone is out; this browser goes on under another secret."""
    client.login("drafter", stepped_up=False)
    elsewhere = held(client)
    client.login("drafter", stepped_up=False)
    before = held(client)
    client.post("/account/factors/totp")
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", client.get("/account/factors/totp").text)
    assert shown is not None
    code = pyotp.TOTP(shown[1].replace(" ", "")).at(clock.now)
    assert client.post("/account/factors/totp/confirm", data={"code": code}).status_code == 303
    assert ends(engine) == ["factor_changed", None]
    assert held(client) != before
    for stale in (elsewhere, before):
        client.set_cookie(COOKIE, stale)
        assert client.get("/account").status_code == 302


@pytest.mark.usefixtures("with_phone")
def test_a_removed_factor_ends_the_other_browsers(client: Browser, engine: Engine) -> None:
    """A phone that is gone opens nothing any more."""
    client.login("drafter").login("drafter")
    assert client.post("/account/factors/totp/remove").status_code == 303
    assert ends(engine) == ["factor_changed", None]


@pytest.mark.usefixtures("with_phone")
def test_factors_taken_away_by_an_administrator_end_all(client: Browser, office: Office, engine: Engine) -> None:
    """A lost phone may be somebody else's now."""
    client.login("clerk").login("admin")
    who = office.posts["clerk"].person_id
    answer = client.post(f"/admin/people/{who}/account/factors", data={"reason": "mất điện thoại"})
    assert answer.status_code in {200, 303}
    assert ends(engine) == ["account_changed", None]


@pytest.mark.usefixtures("with_phone")
def test_a_step_up_gives_the_session_another_secret(client: Browser, clock: Clock, engine: Engine) -> None:
    """A cookie that was seen before the second factor does not profit from it."""
    client.login("leader", stepped_up=False)
    before = held(client)
    code = pyotp.TOTP(SECRET).at(clock.now)
    assert client.post("/step-up?next=/account", data={"step_up_code": code}).status_code == 303
    after = held(client)
    assert after != before
    client.set_cookie(COOKIE, before)
    assert client.get("/account").status_code == 302
    client.set_cookie(COOKIE, after)
    assert client.get("/account").status_code == 200
    assert ends(engine) == [None]


def test_over_https_the_cookie_is_bound_and_plain_http_forbidden(
    settings: Settings, engine: Engine, clock: Clock, office: Office
) -> None:
    """`__Host-`, Secure, HttpOnly; browsers are told to come by HTTPS only."""
    app = create_app(
        dataclasses.replace(settings, base_url="https://vanban.example.gov.vn"), engine=engine, clock=clock
    )
    app.testing, app.test_client_class = True, Browser
    client = app.test_client()
    assert isinstance(client, Browser)
    answer = client.get("/login", base_url="https://vanban.example.gov.vn")
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
