"""The main road in a real browser: written, reviewed, checked, signed, numbered, sealed, issued, counted."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.leaks import found_in, shows_public_number
from tests.support.live import Town, as_upload
from tests.support.papers import letter
from tests.support.seats import Seat, Seats

pytestmark = [pytest.mark.browser, pytest.mark.tools("pdfsig", "mutool")]

PASSWORD = "Đặng Ưu không nói ra 7391"
SUBJECT = "V/v phòng chống bão số 9"


def come_in(people: Seats, name: str, *, width: int) -> Seat:
    """Through the door of the demo: one click on one's own name, a second factor where it is asked for."""
    seat = people.stranger(width=width).go("/login")
    seat.page.get_by_role("button", name=people.town.office.names[name]).click()
    seat.page.wait_for_url("**/desk")
    return seat.confirm_it_is_me()


def test_a_letter_goes_from_draft_to_issued(people: Seats, town: Town, tmp_path: Path) -> None:
    """Five people, two widths, four signatures made in the browser, one on an annex; the rate counts it."""
    path = draft(come_in(people, "drafter", width=1280))
    head = come_in(people, "head", width=390)
    head.page.get_by_role("link", name=SUBJECT).first.click()
    head.press("Approve the content").reads("Approved. It lies with the clerk now.")
    clerk = come_in(people, "clerk", width=1280).go(path)
    clerk.press("Confirm the format").reads("The format is confirmed. It lies before the signer now.")
    leader = come_in(people, "leader", width=390)
    sign(leader, path, "Sign digitally", "leader")
    clerk.wide(390).go(path).press("Give the number").reads("Numbered and entered in the register.")
    sign(clerk.wide(1280), path, "Sign the number", "commune")
    sign(clerk.wide(390), path, "Seal", "commune")
    clerk.wide(1280).go(path).press("Issue").reads("Issued.")
    verdicts = clerk.page.locator(".signature .status")
    expect(verdicts).to_have_text(
        [
            "Hợp lệ",
            "Chưa có dấu thời gian",
            "Có thẩm quyền ký vào ngày đó",
            *["Hợp lệ", "Chưa có dấu thời gian"] * 2,
        ]
    )
    expect(clerk.page.locator(".attached .status")).to_have_text(
        ["Đã đóng dấu số: Hợp lệ", "Chưa có dấu thời gian"]
    )
    assert_three_signatures(download(clerk, tmp_path))
    counted(head.wide(1280), "1 / 1")
    nothing_secret_was_sent(town)


def draft(seat: Seat) -> str:
    """Write the draft, choose its signer and its PDF, look at the boxes, attach an annex, submit. Its address."""
    post = seat.town.office.posts["leader"]
    seat.go("/desk").follow("New draft")
    seat.page.select_option("#f-type_code", "letter")
    seat.page.fill("#f-subject", SUBJECT)
    seat.page.fill("#f-recipients", "Các thôn\nLưu: VT")
    seat.page.select_option("#f-signer", f"{post.id}:head")
    seat.page.set_input_files("#f-file", as_upload("công văn.pdf", letter(SUBJECT), "application/pdf"))
    seat.page.keyboard.press("F9")
    seat.page.wait_for_url("**/plan?new=1")
    for kind in ("leader", "number", "seal"):
        expect(seat.page.locator(f"button.plan-box.{kind}")).to_be_visible()
    found = re.search(r"/outgoing/\d+", seat.page.url)
    assert found
    seat.go(f"{found[0]}/attachments")
    seat.page.set_input_files("#f-file", as_upload("Phụ lục I.pdf", letter("Phụ lục I"), "application/pdf"))
    seat.page.keyboard.press("F9")
    seat.reads("Attached.")
    seat.go(f"{found[0]}/plan?new=1").page.keyboard.press("F9")
    seat.reads("Submitted.")
    return found[0]


def sign(seat: Seat, path: str, action: str, key: str) -> None:
    """Open the signing page from the document, read it there, use the key."""
    seat.go(path).follow(action)
    seat.confirm_it_is_me()
    sheet = seat.page.locator("figure img").first
    sheet.scroll_into_view_if_needed()
    expect(sheet).to_have_js_property("complete", True)
    seat.choose_key(seat.town.key_file(key, PASSWORD), PASSWORD)
    seat.page.wait_for_url("**/sign/receipt*")
    expect(seat.page.locator("main .status").last).to_have_text("Hợp lệ")


def download(seat: Seat, folder: Path) -> Path:
    """The file as it is kept by whoever receives it."""
    with seat.page.expect_download() as started:
        seat.follow("Download this file")
    target = folder / "issued.pdf"
    started.value.save_as(target)
    return target


def assert_three_signatures(file: Path) -> None:
    """Two other programs agree that each signature fits its bytes."""
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature Validation: Signature is Valid.") == 3
    told = subprocess.run(["mutool", "sign", "-v", file], capture_output=True, text=True, check=False).stdout
    assert told.count("The document is unchanged since signing.") == 1, "the last one covers the whole file"
    assert told.count("The signature is valid but there have been edits since signing.") == 2


def counted(seat: Seat, fraction: str) -> None:
    """The unit's page of rates shows the document in the figure."""
    seat.go("/reports")
    expect(seat.page.locator("main")).to_contain_text(fraction)


def nothing_secret_was_sent(town: Town) -> None:
    """Every request of everybody: no password, no file, no private number; the search finds the public one."""
    sent = [asked.raw for asked in town.asked if not asked.path.startswith("/static/")]
    for name in ("leader", "commune"):
        identity = town.papers.keys.held[name]
        file = identity.pkcs12(PASSWORD)
        assert found_in(sent, identity, file, PASSWORD) == set()
        assert shows_public_number(sent, identity)
