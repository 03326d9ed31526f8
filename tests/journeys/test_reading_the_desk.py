"""The head reads what waits: on a phone with one thumb, then on a PC with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.live import Town
from tests.support.seats import Seats, vi
from workflow.domain.outgoing import State, Urgency

pytestmark = pytest.mark.browser
PASSWORD = "Đặng Ưu không nói ra 7391"


def swipe(page: Page, across: int, along: int = 0) -> None:
    """One finger over the middle of the window."""
    touch = page.context.new_cdp_session(page)
    x, y = 195 - across / 2, 400 - along / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 6):
        at = {"x": x + across * part / 5, "y": y + along * part / 5}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()


def on(page: Page, document: int) -> None:
    """The paper that is shown."""
    expect(page).to_have_url(re.compile(rf"/desk/read/{document}\?"))


def test_read_agreed_pinned_and_signed(town: Town, people: Seats) -> None:
    """Swiped through, agreed in one tap, a remark where the finger was; then by keys alone; one act signs both."""
    first = town.papers.awaiting(subject="Gấp", urgency=Urgency.FLASH)
    second, third = town.papers.awaiting(subject="Hai"), town.papers.awaiting(subject="Ba")
    phone = people.of("leader", width=390).go("/desk").follow("Read one after the other")
    page = phone.page
    on(page, first)
    swipe(page, 0, -250)
    on(page, first)
    swipe(page, -200)
    on(page, second)
    swipe(page, 200)
    on(page, first)
    for button in page.locator(".reader-bar .btn").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["width"] >= 44
        assert box["y"] + box["height"] <= 844
    phone.press("Agree with the proposal")
    on(page, second)
    phone.reads("Agreed, and chosen to be signed: %(title)s", title="Gấp")
    page.locator("[data-pin]").click()
    sheet = page.locator("#page-1")
    sheet.scroll_into_view_if_needed()
    sheet.click(position={"x": 100, "y": 120})
    expect(page.locator("#f-words")).to_be_focused()
    page.keyboard.type("Sai tên thôn")
    phone.press("Pin the remark").reads("The remark is pinned. The drafter sees it on the page.")
    expect(page.locator(f"svg.marks a.pin[aria-label^='{vi('Remark %(n)s', n=1)}']")).to_be_visible()

    page = phone.wide(1280).page
    page.locator("main").focus()
    page.keyboard.press("ArrowRight")
    on(page, third)
    page.locator("[data-pin]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pin-spot")).to_be_focused()
    before = float(page.locator("[name=x]").input_value())
    page.keyboard.press("Shift+ArrowRight")
    assert float(page.locator("[name=x]").input_value()) == pytest.approx(before + 40)
    on(page, third)
    page.keyboard.press("Enter")
    expect(page.locator("#f-words")).to_be_focused()
    page.keyboard.type("Rất rõ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    phone.reads("The remark is pinned. The drafter sees it on the page.")
    page.keyboard.press("F9")
    expect(page).to_have_url(re.compile(r"/desk/read/end\?"))
    page.keyboard.press("F9")
    phone.confirm_it_is_me()
    expect(page).to_have_url(re.compile(rf"/sign\?documents={first}&documents={third}"))
    phone.choose_key(town.key_file("leader", PASSWORD), PASSWORD)
    page.wait_for_url("**/sign/receipt**")
    states = [town.papers.row(one).state for one in (first, second, third)]
    assert states == [State.SIGNED, State.AWAITING_SIGNATURE, State.SIGNED]
    drafter = people.of("drafter", width=390).go(f"/outgoing/{second}")
    expect(drafter.page.locator(".pin-list")).to_contain_text("Sai tên thôn")
