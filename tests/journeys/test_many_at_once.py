"""A clerk numbers and seals twenty-five documents: ticked in the list, closed in the middle, the key used twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.support.arrivals import Arrivals
from tests.support.copies import copies
from tests.support.live import Town
from tests.support.seats import Seats
from workflow.store.models import Incoming, Outgoing
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

PASSWORD = "Đặng Ưu không nói ra 7391"
COUNT = 25


def test_a_clerk_numbers_and_seals_twenty_five(people: Seats, town: Town) -> None:
    """By F9 from the list; the browser is closed after the first step and goes on where it was; the numbers follow
    the list without a gap; then the key file signs them and seals them, and the results say so."""
    town.papers.keys.publish(at=town.clock())
    first = town.papers.signed()
    keys = [first, *copies(town.office, first, COUNT - 1)]
    seat = people.of("clerk").go("/outgoing?state=signed&sort=oldest")
    seat.page.locator("input[data-tick-all]").check()
    seat.press("Number and seal the ticked ones")
    expect(seat.page.locator("ol.papers-list li")).to_have_count(COUNT)
    seat.page.keyboard.press("F9")
    seat.page.wait_for_url(re.compile(r"/bulk/\d+$"))
    address = seat.page.url
    seat.page.close()
    again = people.of("clerk", width=390)
    again.page.goto(address)
    expect(again.page.locator("main")).to_contain_text("Đã xong 25 văn bản", timeout=60_000)
    expect(again.page.locator("tbody tr .status.good")).to_have_count(COUNT)
    assert numbers(town, keys) == list(range(1, COUNT + 1))
    again.page.locator("a[href^='/sign/number']").click()
    again.confirm_it_is_me()
    again.choose_key(town.key_file("commune", PASSWORD), PASSWORD)
    again.page.wait_for_url("**/sign/seal*", timeout=120_000)
    again.choose_key(town.key_file("commune", PASSWORD), PASSWORD)
    again.page.wait_for_url("**/sign/receipt*", timeout=120_000)
    again.page.goto(address)
    expect(again.page.locator("a[href^='/sign/number']")).to_have_count(0)
    with unit_of_work(town.engine) as uow:
        assert set(uow.session.scalars(select(Outgoing.state).where(Outgoing.id.in_(keys)))) == {"sealed"}


def numbers(town: Town, keys: list[int]) -> list[int | None]:
    """In the order of the list."""
    with unit_of_work(town.engine) as uow:
        return [uow.session.get_one(Outgoing, key).number for key in keys]


def test_a_clerk_submits_all_that_match_on_a_phone(people: Seats, town: Town) -> None:
    """Behind one button on a phone; the acts wake with “all that match”; results; the way back keeps the filter."""
    arrivals = Arrivals(town.office)
    arrivals.now = town.clock()
    for _document in range(3):
        arrivals.registered()
    seat = people.of("clerk", width=390).go("/incoming?state=registered&sort=oldest")
    every, submit = seat.page.locator("input[name=all]"), seat.page.locator("button[name=act][value=submit]")
    expect(every).not_to_be_visible()
    expect(submit).to_have_attribute("aria-disabled", "true")
    seat.page.locator(".more-acts summary").click()
    every.check()
    expect(submit).to_have_attribute("aria-disabled", "false")
    submit.click()
    expect(seat.page.locator("ol.papers-list li")).to_have_count(3)
    seat.page.keyboard.press("F9")
    expect(seat.page.locator("tbody tr .status.good")).to_have_count(3, timeout=30_000)
    seat.page.keyboard.press("F8")
    seat.page.wait_for_url("**/incoming?state=registered&sort=oldest")
    with unit_of_work(town.engine) as uow:
        assert set(uow.session.scalars(select(Incoming.state))) == {"submitted"}


def test_many_are_acted_on_without_scripts(people: Seats, town: Town) -> None:
    """On a phone whose browser runs none: ticked, ordered, gone on with by its button, done."""
    arrivals = Arrivals(town.office)
    arrivals.now = town.clock()
    found = arrivals.registered()
    cookies = people.of("clerk").page.context.cookies()
    context = people.browser.new_context(
        base_url=town.base, locale="vi-VN", viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/incoming")
    page.locator(f"input[name=documents][value^='{found.id}:']").check()
    page.locator(".more-acts summary").click()
    page.locator("button[name=act][value=close]").click()
    page.get_by_role("button", name=re.compile("^Kết thúc nhiều văn bản")).click()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("tbody tr .status.good")).to_have_count(1)
    context.close()
    with unit_of_work(town.engine) as uow:
        assert uow.session.get_one(Incoming, found.id).state == "done"
