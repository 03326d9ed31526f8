"""The same road for a paper signed by hand: recorded, numbered, scanned, sealed, issued, counted as not digital."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.live import Town, as_upload
from tests.support.papers import letter
from tests.support.seats import Seats, vi

pytestmark = pytest.mark.browser

PASSWORD = "con dấu 2026"


def test_a_paper_signed_in_ink_is_issued(people: Seats, town: Town) -> None:
    """The clerk's day with one paper; it stands in the denominator, not in the numerator."""
    path = f"/outgoing/{town.papers.awaiting()}"
    clerk = people.of("clerk", width=1280).go(path)
    clerk.follow("Record an ink signature")
    clerk.page.fill("#f-reason", "Lãnh đạo đi cơ sở, chưa có thiết bị ký")
    clerk.press("Record it").reads("The ink signature is recorded.")
    clerk.wide(390).press("Give the number").reads("Numbered and entered in the register.")
    clerk.wide(1280).page.locator("summary", has_text=vi("Attach the scan")).click()
    clerk.page.set_input_files(
        "#file-attach_scan", as_upload("bản quét.pdf", letter("Bản quét"), "application/pdf")
    )
    clerk.press("Attach the scan").reads("The scan is attached.")
    clerk.wide(390).follow("Seal").confirm_it_is_me()
    clerk.choose_key(town.key_file("commune", PASSWORD), PASSWORD)
    clerk.page.wait_for_url("**/sign/receipt*")
    clerk.wide(1280).go(path).press("Issue").reads("Issued.")
    clerk.reads("Signed in ink")
    board = people.of("head", width=390).go("/reports")
    expect(board.page.locator("main")).to_contain_text("0 / 1")
