"""A leader brings a file whose box another program drew, looks at it and takes it; the clerk sees where number and
seal will stand before the key is used. On a PC and at the width of a phone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.support.live import Town
from tests.support.seats import Seats, vi
from tests.web.documents.test_own_box_page import handwritten
from workflow.services.documents import numbers

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_looked_at_and_marked(people: Seats, town: Town, width: int) -> None:
    """Two pictures side by side, or one below the other; a mark over the page where each signature goes."""
    document, papers = town.papers.awaiting(subject="V/v mời họp"), town.papers
    seat = people.of("leader", width=width)
    seat.go(f"/sign/leader/elsewhere?documents={document}").confirm_it_is_me()
    with ThreadPoolExecutor(1) as beside:  # the browser's loop runs in this thread
        signed = beside.submit(handwritten, papers, document).result()
    file = {"name": "da-ky.pdf", "mimeType": "application/pdf", "buffer": signed}
    seat.page.set_input_files("#f-files", [file])
    seat.page.locator("form:has(#f-files) button[type=submit]").click()
    seat.page.get_by_role("link", name=vi("Look at the field")).click()
    pictures = seat.page.locator(".two-boxes img")
    expect(pictures).to_have_count(2)
    seat.page.wait_for_load_state("networkidle")
    for picture in pictures.all():
        expect(picture).to_be_visible()
        assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
    assert seat.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    seat.button("It is mine: take the file").click()
    expect(seat.page.locator("main")).to_contain_text(vi("it shows a picture"))
    assert papers.row(document).state == "signed"
    papers.do(numbers.number, "clerk", document_id=document, version=None)
    clerk = people.of("clerk", width=width)
    for purpose, field, words in (("number", "number", "Number and date"), ("seal", "seal", "The seal")):
        clerk.go(f"/sign/{purpose}?documents={document}").confirm_it_is_me()
        expect(clerk.page.locator("main")).to_contain_text(vi("it shows a picture"))
        mark = clerk.page.locator(".marks .sign-here rect")
        mark.scroll_into_view_if_needed()
        place, sheet = mark.bounding_box(), clerk.page.locator(".sheet-of-paper").first.bounding_box()
        assert place is not None
        assert sheet is not None
        assert sheet["x"] <= place["x"]
        assert place["x"] + place["width"] <= sheet["x"] + sheet["width"] + 1
        expect(clerk.page.locator(".marks text")).to_have_text(vi(words))
        papers.sign("clerk", field, papers.keys.held["commune"], document)
        if purpose == "number":
            assert papers.row(document).state == "numbered"
