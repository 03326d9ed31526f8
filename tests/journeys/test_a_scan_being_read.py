"""A clerk who does not wait for OCR: pages renew themselves, and nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_a_clerks_arrivals import one, waiting
from tests.support.arrivals import LETTER
from tests.support.being_read import finish
from tests.support.live import Town, as_upload
from tests.support.papers import letter
from tests.support.scans import scanned
from tests.support.seats import Seats, vi
from tests.sweep.arrived import READ

pytestmark = pytest.mark.browser

SCAN = scanned(letter(), dpi=60)


def test_what_was_read_comes_to_the_page_and_what_was_typed_stays(people: Seats, town: Town) -> None:
    """Untouched fields are filled, with their place on the paper; the queue's row too, on a phone; then Enter."""
    phone = people.of("clerk", width=390).go("/incoming/arrivals")
    phone.page.set_input_files("#f-files", as_upload("quet.pdf", SCAN, "application/pdf"))
    phone.press("Take them in")
    again = phone.page.get_by_role("link", name=vi("Show the queue"))
    expect(again).to_be_focused(timeout=15_000)  # the jail starts with the first file
    again.click()
    (row,) = waiting(town)
    expect(phone.page.locator("tr[data-reading] th")).to_contain_text(vi("being read"))
    clerk = people.of("clerk").go(f"/incoming/{row.id}/register")
    page = clerk.page
    clerk.reads("The file is still being read; what it says will appear here by itself. You need not wait for it.")
    page.locator("#f-symbol").press_sequentially("9/TÔI-GÕ")
    page.locator("#f-signer").fill("x")
    page.locator("#f-signer").fill("")
    page.locator("#f-subject").focus()
    assert finish(town.engine, READ, now=town.clock()) == [row.id]
    clerk.reads("The file was read. Fields that you had not filled hold what it says; please compare them.")
    expect(page.locator("#f-subject")).to_have_value(LETTER.subject)
    expect(page.locator("#f-subject")).to_be_focused()
    expect(page.locator("#f-symbol")).to_have_value("9/TÔI-GÕ")
    expect(page.locator("#r-symbol")).to_contain_text(LETTER.symbol)
    expect(page.locator("#f-signer")).to_have_value("")
    expect(page.locator("#f-urgency")).to_have_value("urgent")
    page.locator("#f-issuer").focus()
    expect(page.locator(".read-box")).to_have_count(1)
    expect(phone.page.locator("tbody th a")).to_contain_text(LETTER.subject)
    page.locator("#f-subject").press("Enter")
    page.wait_for_url(re.compile(r"done="))
    stands = one(town, row.id)
    assert (stands.number, stands.symbol, stands.subject) == (1, "9/TÔI-GÕ", LETTER.subject)


def test_the_scan_of_a_registered_paper_is_compared(people: Seats, town: Town) -> None:
    """Number first, the scan after it: its page shows by itself what differs; one press takes it over."""
    clerk = people.of("clerk").go("/incoming/new")
    page = clerk.page
    for name, words in (("issuer", LETTER.issuer), ("symbol", LETTER.symbol), ("subject", "Về biên chế")):
        page.fill(f"#f-{name}", words)
    clerk.press("Register and add the scan")
    page.set_input_files("#f-file", as_upload("quet.pdf", SCAN, "application/pdf"))
    page.keyboard.press("F9")
    clerk.reads("The file was added.")
    incoming_id = int(re.findall(r"/incoming/(\d+)/", page.url)[0])
    assert finish(town.engine, READ, now=town.clock()) == [incoming_id]
    clerk.reads("The scan says something else than the register")
    page.locator("[data-show]").first.click()
    expect(page.locator(".read-box")).to_have_count(1)
    page.get_by_role("button", name=vi("Take over: %(fact)s", fact=vi("Subject"))).click()
    clerk.reads("Taken over; the history keeps what stood before.")
    assert one(town, incoming_id).subject == LETTER.subject
    clerk.press("Keep everything as it stands")
    clerk.reads("The register stays as it is.")
    expect(page.locator(".difference-list")).to_have_count(0)
