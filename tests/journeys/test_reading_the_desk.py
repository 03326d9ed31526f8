"""The head reads what waits: on a phone with one thumb, then on a PC with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.live import Town
from tests.support.seats import Seat, Seats, vi
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


def pinned(phone: Seat) -> None:
    """The spot is chosen, so nobody is asked to touch the page; sent, the page stands at the remarks."""
    expect(phone.page.locator("[data-pin-now]")).to_be_hidden()
    phone.press("Pin the remark").reads("The remark is pinned. The drafter sees it on the page.")
    expect(phone.page.locator("#pins-title")).to_be_in_viewport()


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
    phone.reads("Agreed, and chosen to be signed.")
    expect(page.locator(".done a")).to_have_text("Gấp")
    page.locator("[data-pin]").click()
    sheet = page.locator("#page-1")
    sheet.scroll_into_view_if_needed()
    sheet.click(position={"x": 100, "y": 120})
    expect(page.locator("#f-words")).to_be_focused()
    page.keyboard.type("Sai tên thôn")
    pinned(phone)
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


def under_the_thumb(box: Locator) -> None:
    """Its buttons are large enough, in the lower half of the screen."""
    height = box.page.viewport_size["height"] if box.page.viewport_size else 0
    for button in box.locator("button").all():
        place = button.bounding_box()
        assert place
        assert place["height"] >= 44
        assert height / 2 < place["y"] < height - 44, "under the thumb"


def test_without_network_the_page_stays(town: Town, people: Seats) -> None:
    """A swipe, a link, a button and a form without network: the paper stays, what was typed too, nothing is sent;
    with the network back one press goes on. A phone that has a signal and reaches nothing is told the same."""
    first, second = town.papers.awaiting(subject="Một"), town.papers.awaiting(subject="Hai")
    phone = people.of("leader", width=390).go(f"/desk/read/{first}")
    page, there = phone.page, phone.page.url
    box = page.locator("[data-no-network]")
    expect(page.locator("#page-1 img")).to_be_visible()
    page.locator("#decisions summary").first.click()
    page.locator("#decisions textarea").first.fill("Thiếu căn cứ")
    page.evaluate("scrollTo(0, 0)")  # a swipe that begins in a field is no swipe
    page.context.set_offline(True)
    asked = len(town.asked)
    for leave in (
        lambda: swipe(page, -200),
        lambda: page.locator("a[rel=next]").click(),
        lambda: phone.press("Agree with the proposal"),
        lambda: page.locator("#decisions details[open] button[type=submit]").click(),
    ):
        leave()
        expect(box).to_be_visible()
        expect(box).to_contain_text(vi("No network"))
        expect(phone.button("Try again")).to_be_focused()
        under_the_thumb(box)
        phone.press("Try again")
        expect(box).to_be_visible()
        phone.press("Stay on this page")
        expect(box).to_be_hidden()
        assert page.url == there
    assert len(town.asked) == asked
    expect(page.locator("#decisions textarea").first).to_have_value("Thiếu căn cứ")
    assert town.papers.row(first).state == State.AWAITING_SIGNATURE
    phone.press("Agree with the proposal")
    expect(box).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(box.locator("[data-no-network-back]")).to_be_visible()
    assert page.url == there, "nothing is sent by itself"
    phone.press("Try again")
    on(page, second)
    phone.reads("Agreed, and chosen to be signed.")
    assert town.papers.row(first).state == State.AWAITING_SIGNATURE
    page.route("**/healthz", lambda route: route.abort())
    page.locator("a[rel=next]").click()
    expect(page.locator("[data-no-network]")).to_be_visible()
    on(page, second)
    page.unroute("**/healthz")
    phone.press("Try again")
    expect(page).to_have_url(re.compile(r"/desk/read/end"))
    desk = phone.go("/desk").page
    desk.locator("input[name=documents]").first.check()
    desk.context.set_offline(True)
    phone.press("Sign the ticked ones")
    expect(desk.locator("[data-no-network]")).to_be_visible()
    assert desk.url == f"{town.base}/desk"
    phone.told[:] = [line for line in phone.told if "net::ERR_" not in line]
