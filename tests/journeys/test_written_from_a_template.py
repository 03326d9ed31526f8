"""An answer written here: nothing typed twice, commented on by the head, set anew, compared, approved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.arrivals import Arrivals
from tests.support.live import Town
from tests.support.seats import Seat, Seats, vi
from workflow.store import documents as store
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

BODY = "Thống nhất với nội dung dự thảo.\nBiên chế năm 2027 của xã: 24 người."
COMMENT = "Biên chế là 26 người, xin rà lại."


def test_an_answer_from_a_template(people: Seats, town: Town) -> None:
    """The drafter types two lines in all; number, date, issuer and subject of what arrived stand on the paper."""
    arrivals = Arrivals(town.office)
    arrivals.now = town.clock()
    arrived = arrivals.directed()
    drafter = people.of("drafter", width=1280)
    path = write(drafter, arrived.id)
    head = people.of("head", width=390).go(path)
    head.follow("Versions and comments")
    head.page.fill("#f-words", COMMENT)
    expect(head.page.locator("#f-page")).to_have_value("1")
    head.press("Add the comment").reads("The comment is there. The drafter sees it beside the draft.")
    head.go(path)
    head.page.locator("summary", has_text=vi("Return with a reason")).click()
    head.page.fill("#remark-return", "Xem góp ý ở trang 1")
    head.press("Return with a reason")
    mend(drafter, path)
    head.go(f"{path}/versions")
    expect(head.page.locator(".changes del")).to_contain_text("24")
    expect(head.page.locator(".changes ins")).to_contain_text("26")
    expect(head.page.locator(".two-pages img")).to_have_count(2)
    left, right = (one.bounding_box() for one in head.page.locator(".two-pages figure").all())
    assert left
    assert right
    assert right["y"] >= left["y"] + left["height"], "one below the other on a phone"
    expect(head.page.locator(".threads .status").first).to_have_text(vi("dealt with"))
    head.wide(1280).go(path).press("Approve the content").reads("Approved. It lies with the clerk now.")


def write(seat: Seat, incoming_id: int) -> str:
    """From the paper that arrived to the submitted draft; its address."""
    seat.go(f"/outgoing/new?answers={incoming_id}")
    seat.page.select_option("#f-signer", f"{seat.town.office.posts['deputy'].id}:kt")
    expect(seat.page.locator("#f-template")).to_have_value("built:reply")
    seat.page.keyboard.press("F9")
    seat.page.wait_for_url("**/text?template=built:reply")
    body = seat.page.locator("#f-body")
    begun = body.input_value()
    assert "Công văn số 0412/SNV-TCBC ngày 20 tháng 11 năm 2026 của Sở Nội vụ tỉnh Lam Giang" in begun
    assert "rà soát biên chế năm 2027" in begun
    body.fill(begun.replace("……", BODY))
    seat.page.keyboard.press("F9")
    seat.page.wait_for_url("**/plan?new=1")
    seat.page.keyboard.press("F9")
    seat.reads("Submitted.")
    found = re.search(r"/outgoing/\d+", seat.page.url)
    assert found
    return found[0]


def mend(seat: Seat, path: str) -> None:
    """The second version starts from the words of the first; the comment is dealt with."""
    seat.go(f"{path}/text")
    body = seat.page.locator("#f-body")
    assert BODY in body.input_value()
    body.fill(body.input_value().replace("24 người", "26 người"))
    seat.page.keyboard.press("F9")
    seat.page.wait_for_url("**/plan?new=1")
    seat.go(f"{path}/versions")
    seat.page.locator("main button", has_text=vi("Dealt with")).click()
    seat.reads("The comment counts as dealt with.")
    seat.go(path).press("Submit").reads("Submitted.")
    document_id = int(path.rpartition("/")[2])
    with unit_of_work(seat.town.office.engine) as uow:
        kinds = [one.kind for one in store.files_of(uow.session, document_id)]
    assert kinds == ["original", "draft"] * 2
