"""Somebody has a password, a cookie or a token that is not theirs: how far they get, how they are thrown out."""

from __future__ import annotations

import dataclasses
import threading

import pyotp
from flask import Flask
from sqlalchemy import select, update

from tests.attacks.crowd import another, together
from tests.support.browser import COOKIE, Browser, open_session
from tests.support.office import Office
from tests.web.api.conftest import token_for
from workflow.config import Settings
from workflow.domain.errors import WorkflowError
from workflow.services import accounts, logins, passwords, people
from workflow.store.models import Account, LoginSession
from workflow.store.session import unit_of_work
from workflow.web.app import create_app

RIGHT = "sông Hương chảy êm đềm"
BURST = 12


def test_a_reset_ends_tokens_too(client: Browser, office: Office) -> None:
    """Whoever made a token with a stolen password is out when an administrator answers the theft."""
    token = token_for(office.engine, office, "drafter", now=client.clock())
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/me", headers=bearer).status_code == 200
    with unit_of_work(office.engine) as uow:
        people.reset_password(
            uow, office.actor("admin"), office.scope("clerk"), person_id=office.posts["drafter"].person_id,
            reason="theft", base_url="", mail=False, now=client.clock(),
        )  # fmt: skip
        uow.commit()
    assert client.get("/api/v1/me", headers=bearer).status_code in {401, 403}


def test_a_burst_of_guesses_at_the_old_password_counts(client: Browser, office: Office) -> None:
    """With a stolen cookie, parallel guesses cannot outrun the delay: after the free ones nobody is answered."""
    person = office.posts["drafter"].person_id
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.execute(
            update(Account).where(Account.person_id == person).values(password_hash=passwords.make_hash(RIGHT))
        )
        uow.commit()
    open_session(office.engine, person, post_id=office.posts["drafter"].id, now=client.clock())
    with unit_of_work(office.engine) as uow:
        session_id = uow.session.scalars(select(LoginSession.id)).one()
    heard: list[object] = []

    def guess() -> None:
        with unit_of_work(office.engine) as uow:
            try:
                heard.append(
                    accounts.change_password(
                        uow, office.actor("drafter"), "sai mật khẩu", "một mật khẩu mới", session_id=session_id,
                        now=client.clock(),
                    )
                )  # fmt: skip
                uow.commit()
            except WorkflowError as refused:
                heard.append(refused.code)

    together([threading.Thread(target=guess) for _number in range(BURST)])
    assert heard.count(None) == logins.FREE_PER_ACCOUNT
    assert heard.count("login_slow") == BURST - logins.FREE_PER_ACCOUNT


def test_another_spelling_of_a_name_is_the_same_name(client: Browser, office: Office) -> None:
    """Capitals and blanks share one delay; look-alikes of another script are nobody's name."""
    for name in ("leader", "LEADER", " Leader ", "lEaDeR"):
        assert client.post("/login", data={"username": name, "password": "sai"}).status_code == 401
    headers = {"X-Forwarded-For": "203.0.113.7"}
    answer = client.post("/login", data={"username": "leader", "password": "sai"}, headers=headers)
    assert answer.status_code == 429
    assert client.post("/login", data={"username": "ⅼeader", "password": "sai"}).status_code == 401


def test_a_link_opens_once(client: Browser, office: Office) -> None:
    """An invitation that was used, or replaced by a newer one, opens nothing; nor does one after a week."""
    links = []
    for _time in range(2):
        with unit_of_work(office.engine) as uow:
            made = people.reset_password(
                uow, office.actor("admin"), office.scope("clerk"), person_id=office.posts["head"].person_id,
                reason="lost", base_url="", mail=False, now=client.clock(),
            )  # fmt: skip
            uow.commit()
        links.append(made.secret)
    form = {"password": RIGHT, "again": RIGHT}
    assert client.post(f"/invitation/{links[0]}", data=form).status_code == 404
    client.clock.advance(days=8)
    assert client.post(f"/invitation/{links[1]}", data=form).status_code == 404
    client.clock.advance(days=-8)
    assert client.post(f"/invitation/{links[1]}", data=form).status_code == 303
    assert client.post(f"/invitation/{links[1]}", data=form).status_code == 404


def test_a_code_overheard_is_used_up_with_the_old_cookie(app: Flask, client: Browser, office: Office) -> None:
    """A TOTP code counts once, for one session, and changes that session's secret."""
    secret = pyotp.random_base32()
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).values(totp_secret=secret))
        uow.commit()
    code = {"step_up_code": pyotp.TOTP(secret).at(client.clock())}
    thief = another(app, client).login("leader", stepped_up=False)
    client.login("leader", stepped_up=False)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert client.post("/step-up", data=code).status_code == 303
    assert thief.post("/step-up", data=code).status_code == 422
    thief.set_cookie(COOKIE, cookie.value)
    assert thief.get("/account").headers["Location"].startswith("/login")


def test_no_token_steps_up_and_no_demo_click_outside_a_demo(client: Browser, office: Office) -> None:
    """Signing, sealing and factors know cookies only; the demo's doors are shut."""
    bearer = {"Authorization": f"Bearer {token_for(office.engine, office, 'leader', now=client.clock())}"}
    for address in ("/sign", "/sign/leader/prepare", "/account/tokens/new", "/api/v1/../../sign"):
        assert client.post(address, json={}, headers=bearer).status_code in {401, 403, 404, 405}
    body = {"action": "sign", "version": 1}
    assert client.post("/api/v1/documents/1/actions", json=body, headers=bearer).status_code == 422
    client.login("leader", stepped_up=False)
    assert client.post("/step-up/demo").status_code == 404
    assert client.post(f"/login/demo/{office.posts['admin'].id}").status_code == 404


def test_nothing_is_done_for_another_site(client: Browser) -> None:
    """Without our token, with a foreign one, or from another site, no form and no JSON is taken."""
    client.login("leader")
    for path in ("/logout", "/post", "/sign/leader/prepare", "/sign/leader/finish", "/certificates/finish"):
        assert client.post(path, json={}, csrf=False).status_code == 400
        assert client.post(path, json={}, headers={"X-CSRFToken": "x" * 40}).status_code == 400
        assert client.post(path, json={}, headers={"Sec-Fetch-Site": "same-site"}).status_code == 403
    assert client.get("/account").status_code == 200


def test_the_cookie_goes_away_over_https(settings: Settings, app: Flask, client: Browser, office: Office) -> None:
    """A browser ignores the removal of a `__Host-` cookie that is not itself `Secure`."""
    safe = create_app(
        dataclasses.replace(settings, base_url="https://vanban.example.gov.vn"),
        engine=office.engine, clock=client.clock,
    )  # fmt: skip
    safe.testing, safe.test_client_class = True, Browser
    post = office.posts["drafter"]
    secret = open_session(office.engine, post.person_id, post_id=post.id, now=client.clock())
    browser = another(safe, client)
    browser.set_cookie("__Host-trinhky", secret)
    answer = browser.post("/logout", base_url="https://localhost")
    removed = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-trinhky=;")]
    assert len(removed) == 1
    assert {"Secure", "HttpOnly", "Path=/"} <= set(removed[0].split("; "))


def test_figures_of_the_machine_stay_in_it(client: Browser) -> None:
    """Counters answer this machine alone; a header that claims to be it makes a stranger of anybody."""
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404
