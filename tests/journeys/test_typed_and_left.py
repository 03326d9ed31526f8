"""What somebody typed and did not send stays for them alone in this tab, and goes when they log out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import COOKIE, open_session
from tests.support.live import Town
from tests.support.seats import Seats, vi

pytestmark = pytest.mark.browser

TITLE = "form[data-keep=dossier-outside] [name=title]"


def kept(page: Page) -> list[str]:
    """Where typed words lie in this tab."""
    found: list[str] = page.evaluate("Object.keys(sessionStorage).filter((one) => /^(sent:)?kept:/.test(one))")
    return found


def test_it_is_there_after_a_reload_and_gone_after_logging_out(people: Seats) -> None:
    """The form of a dossier with a title half typed."""
    page = people.of("drafter").go("/dossiers/new").page
    page.locator(TITLE).fill("Hồ sơ kỷ luật ông A")
    page.reload()
    expect(page.locator(TITLE)).to_have_value("Hồ sơ kỷ luật ông A")
    page.locator("details.who summary").click()
    page.get_by_role("button", name=vi("Log out")).click()
    page.wait_for_url("**/login**")
    assert kept(page) == []


def test_the_next_person_finds_nothing_of_it(people: Seats, town: Town) -> None:
    """Nobody logged out: the login ran out, and somebody else came in."""
    page = people.of("drafter").go("/dossiers/new").page
    page.locator(TITLE).fill("Hồ sơ kỷ luật ông A")
    assert len(kept(page)) == 1
    other = town.office.posts["specialist"]
    secret = open_session(town.engine, other.person_id, post_id=other.id, now=town.clock(), stepped_up=True)
    page.context.add_cookies([{"name": COOKIE, "value": secret, "url": town.base}])
    page.goto(f"{town.base}/dossiers/new")
    expect(page.locator(TITLE)).to_have_value("")
    assert kept(page) == []
