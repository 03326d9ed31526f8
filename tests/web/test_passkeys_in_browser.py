"""Passkeys in a real Chromium with a virtual authenticator: made, used, removed; the strict CSP says nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine, select
from werkzeug.serving import make_server

from tests.support import programs
from tests.support.browser import COOKIE, Clock, open_session
from tests.support.office import Office
from workflow.config import Settings
from workflow.store.models import Journal, Passkey
from workflow.store.session import unit_of_work
from workflow.web.app import create_app

pytestmark = pytest.mark.browser


@pytest.fixture
def address(sqlite_url: str, engine: Engine, clock: Clock, office: Office) -> Iterator[str]:
    """The application on a port of its own, under the name localhost: passkeys need a name."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    base = f"http://localhost:{server.server_port}"
    settings = Settings(database_url=sqlite_url, blob_url="unused", secret_key="k" * 40, base_url=base)
    with closing(server.socket):
        server.app = create_app(settings, engine=engine, clock=clock)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield base
        server.shutdown()
        thread.join()


@pytest.fixture
def page(address: str, engine: Engine, clock: Clock, office: Office) -> Iterator[Page]:
    """A tab of the drafter with a virtual authenticator; it fails on any console message."""
    secret = open_session(
        engine, office.posts["drafter"].person_id, post_id=office.posts["drafter"].id, now=clock(), stepped_up=False
    )
    told: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=programs.chromium(), args=list(programs.CHROMIUM_FLAGS)
        )
        tab = chromium.new_context(base_url=address, locale="en", extra_http_headers={"Accept-Language": "en"})
        tab.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
        made = tab.new_page()
        made.on("console", lambda message: told.append(message.text))
        made.on("pageerror", lambda error: told.append(str(error)))
        devtools = tab.new_cdp_session(made)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                         "hasUserVerification": True, "isUserVerified": True,
                         "automaticPresenceSimulation": True}},
        )  # fmt: skip
        yield made
        chromium.close()
    assert told == []


def test_a_passkey_is_made_used_and_removed(page: Page, engine: Engine) -> None:
    """The whole life of a passkey, through the pages."""
    page.goto("/account/factors")
    page.get_by_label("Name for this passkey").fill("Máy ở phòng")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Máy ở phòng").wait_for()
    page.goto("/step-up?next=/account")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/account")
    page.get_by_text("1 passkey").wait_for()
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Passkey.sign_count)).one() > 1
        tags = list(uow.session.scalars(select(Journal.tag).order_by(Journal.id)))
    assert tags == ["account:factor:added", "account:login:confirmed", "account:login:confirmed"]
    page.goto("/account/factors")
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Leaders, deputies").wait_for()
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Passkey)).all() == []
