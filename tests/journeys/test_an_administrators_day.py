"""The administrator enters a person, hands over a link and ends the post: rights come and go with it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.live import Town
from tests.support.seats import Seat, Seats

pytestmark = pytest.mark.browser

NAME = "Trần Minh Châu"
PASSWORD = "con đường làng rợp bóng tre"


def enter(admin: Seat, unit: int) -> str:
    """A drafter of the economy office; the one-time link."""
    admin.go("/admin/people/new")
    admin.page.fill("#f-full_name", NAME)
    admin.page.select_option("#f-unit_id", str(unit))
    admin.page.select_option("#f-role", "drafter")
    admin.page.fill("#f-title", "Chuyên viên")
    admin.page.fill("#f-valid_from", "02/11/2026")
    admin.page.fill("#f-decree", "12/QĐ-UBND")
    admin.press("Enter this person")
    admin.wide(390).follow("Open an account")
    expect(admin.page.locator("#f-username")).to_have_value("chau.tm")
    admin.press("Make a one-time link")
    return admin.page.locator("#link").input_value()


def come_in(seat: Seat, link: str) -> None:
    """Choose a password by the link, then log in with it."""
    seat.page.goto(link)
    seat.page.fill("#f-password", PASSWORD)
    seat.page.fill("#f-again", PASSWORD)
    seat.press("Set the password")
    seat.go("/login")
    seat.page.fill("#f-username", "chau.tm")
    seat.page.fill("#f-password", PASSWORD)
    seat.page.locator("form[action^='/login'] button[type=submit]").first.click()
    seat.page.wait_for_url("**/desk")


def test_a_person_comes_and_goes(people: Seats, town: Town) -> None:
    """Entered, invited, at work; the post ends and the open browser with it; the link opened once."""
    admin = people.of("admin", width=1280)
    link = enter(admin, town.office.units["economy"])
    newcomer = people.stranger(width=390)
    come_in(newcomer, link)
    newcomer.follow("New draft")
    expect(newcomer.page.locator("#f-subject")).to_be_visible()
    again = people.stranger()
    again.page.goto(link)
    assert again.refusals == [404]
    admin.wide(1280).follow("Done").follow("End this post").confirm_it_is_me()
    admin.page.fill("#f-last_day", "23/11/2026")
    admin.page.fill("#f-decree", "15/QĐ-UBND")
    admin.press("End this post")
    expect(admin.page.locator("main h1")).to_have_text(NAME)
    newcomer.go("/desk")
    expect(newcomer.page).to_have_url(re.compile(r"/login\?"))
