"""A paper goes back once, then a deputy signs it KT.; an inspector reads all of it and can change none of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.live import Town
from tests.support.seats import Seats, vi
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.services.documents import numbers

pytestmark = [pytest.mark.browser, pytest.mark.tools("pdftotext")]

PASSWORD = "ký thay"
REASON = "Thiếu căn cứ pháp lý ở khoản 2"


def test_a_deputy_signs_for_the_head(people: Seats, town: Town, tmp_path: Path) -> None:
    """Returned by the head of unit, mended, approved; signed on a phone; drawn, counted and readable as KT."""
    document_id = town.papers.in_review(signer="deputy", capacity=Capacity.KT)
    path = f"/outgoing/{document_id}"
    head = people.of("head", width=390).go(path)
    head.page.locator("summary", has_text=vi("Return with a reason")).click()
    head.page.fill("#remark-return", REASON)
    head.press("Return with a reason").reads("Returned to the drafter with your reason.")
    drafter = people.of("drafter", width=1280).go("/desk")
    expect(drafter.page.locator("main")).to_contain_text(REASON)
    drafter.go(path).press("Submit").reads("Submitted.")
    head.wide(1280).go(path).press("Approve the content")
    town.papers.confirm_format(document_id)
    deputy = people.of("deputy", width=390).go(path)
    deputy.follow("Sign digitally").confirm_it_is_me()
    deputy.choose_key(town.key_file("deputy", PASSWORD), PASSWORD)
    deputy.page.wait_for_url("**/sign/receipt*")
    issue(town, document_id)
    inspector = people.of("inspector", width=1280).go(path)
    expect(inspector.page.locator(".signature .status")).to_have_text(
        [
            "Hợp lệ",
            "Chưa có dấu thời gian",
            "Có thẩm quyền ký vào ngày đó",
            *["Hợp lệ", "Chưa có dấu thời gian"] * 2,
        ]
    )
    assert inspector.page.locator(f"form[action^='{path}/actions/']").count() == 0
    with inspector.page.expect_download() as started:
        inspector.follow("Download this file")
    started.value.save_as(tmp_path / "issued.pdf")
    told = subprocess.run(["pdftotext", "-layout", tmp_path / "issued.pdf", "-"], capture_output=True, check=True)
    words = " ".join(told.stdout.decode().split())
    for drawn in ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", town.office.names["deputy"], town.papers.row(document_id).code):
        assert drawn in words, drawn
    board = inspector.wide(390).go("/reports")
    line = board.page.locator("tr", has_text=town.office.names["deputy"])
    expect(line).to_contain_text("100")


def issue(town: Town, document_id: int) -> None:
    """What the clerk does, not looked at here."""
    papers, commune = town.papers, town.papers.keys.held["commune"]
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    for purpose in ("number", "seal"):
        papers.sign("clerk", purpose, commune, document_id)
    papers.act("clerk", document_id, Action.ISSUE)
