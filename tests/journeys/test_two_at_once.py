"""Two browsers on one document: whoever is first wins, the other one reads why and loses no words."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.live import Town
from tests.support.seats import Seat, Seats, vi

pytestmark = pytest.mark.browser

PASSWORD = "hai máy một lúc"
REASON = "Sai số liệu ở trang 1"
STALE = "This document was acted on since you opened the page, by somebody else or by you in another window."
FAILED = '[data-results] li[data-state="failed"]'


def seats(people: Seats, document_id: int) -> tuple[Seat, Seat]:
    """Both pages open, key chosen here, reason typed there."""
    signing = people.of("leader", width=1280).go(f"/sign?documents={document_id}")
    signing.page.set_input_files("[data-key-file]", people.town.key_file("leader", PASSWORD))
    signing.page.fill("[data-key-password]", PASSWORD)
    returning = people.of("leader", width=390).go(f"/outgoing/{document_id}")
    returning.page.locator("summary", has_text=vi("Return with a reason")).click()
    returning.page.fill("#remark-return", REASON)
    return signing, returning


def test_signed_first(people: Seats, town: Town) -> None:
    """The return comes too late: what stands is shown, and the reason is still in its box."""
    document_id = town.papers.awaiting()
    signing, returning = seats(people, document_id)
    signing.page.click(".key-form button[type=submit]")
    signing.page.wait_for_url("**/sign/receipt*")
    returning.press("Return with a reason").reads(STALE)
    assert town.papers.row(document_id).state == "signed"


def test_returned_first(people: Seats, town: Town) -> None:
    """The signature comes too late: no key is used, the page says that somebody acted."""
    document_id = town.papers.awaiting()
    signing, returning = seats(people, document_id)
    returning.press("Return with a reason").reads("Returned to the drafter with your reason.")
    signing.page.click(".key-form button[type=submit]")
    expect(signing.page.locator(FAILED)).to_contain_text(vi(STALE))
    assert town.papers.row(document_id).state == "returned"


def test_in_the_same_moment(people: Seats, town: Town) -> None:
    """Nobody waits for anybody: exactly one of the two stands."""
    document_id = town.papers.awaiting()
    signing, returning = seats(people, document_id)
    signing.page.click(".key-form button[type=submit]", no_wait_after=True)
    returning.press("Return with a reason")
    expect(returning.page.locator("main .done, main #problems")).to_be_visible()
    state = town.papers.row(document_id).state
    if state == "returned":
        expect(signing.page.locator(FAILED)).to_contain_text(vi(STALE))
    else:
        assert state == "signed"
        returning.reads(STALE)
        signing.page.wait_for_url("**/sign/receipt*")
