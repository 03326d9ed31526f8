"""A drafter asks three opinions and one coordinating unit, its head initials on a phone, the leader reads the slip
and signs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.live import Town
from tests.support.seats import Seats, vi
from workflow.domain.outgoing import State

pytestmark = pytest.mark.browser
PASSWORD = "Đặng Ưu không nói ra 7391"


def test_asked_initialled_read_and_signed(town: Town, people: Seats) -> None:
    """The road of issue 5, with one opinion that never comes."""
    document = town.papers.draft()
    office = town.office
    drafter = people.of("drafter").go(f"/outgoing/{document}").follow("Ask for opinions and initials")
    page = drafter.page
    page.check(f"#initials-{office.units['culture']}")
    page.check(f"#units-{office.units['office']}")
    page.get_by_text(vi("Choose people")).click()
    for name in ("clerk", "deputy"):
        page.check(f"#people-{office.posts[name].id}")
    page.fill("#f-question", "Mức hỗ trợ tại mục 2 đã phù hợp chưa?")
    page.fill("#f-due", "24/11/2026")
    drafter.press("Ask them all").reads("They are asked, and were told.")
    drafter.go(f"/outgoing/{document}/slip").page.fill("#f-basis", "Luật Phòng, chống thiên tai")
    drafter.press("Keep my words").reads("Your words are kept. They go with the next submission.")
    drafter.go(f"/outgoing/{document}").press("Submit").reads("Submitted.")

    head = people.of("head").go(f"/outgoing/{document}")
    head.reads("Not every coordinating unit has initialled this text.")
    phone = people.of("culture_head", width=390).go("/desk")
    phone.page.locator(".tally a[href='#opinions']").click()
    phone.page.locator("#opinions a[href^='/opinions/']").first.click()
    phone.follow("I have read it: on to the answer")
    phone.page.get_by_label(vi("I initial the text, with remarks")).check()
    phone.page.fill("#f-words", "Bổ sung số điện thoại trực")
    phone.press("Send the answer").reads("Your answer is recorded with the version of the text you read.")
    deputy = people.of("deputy", width=390).go("/desk")
    deputy.page.locator("#opinions a[href^='/opinions/']").first.click()
    deputy.page.get_by_label("Thống nhất", exact=True).check()
    deputy.press("Send the answer").reads("Your answer is recorded with the version of the text you read.")
    head.go(f"/outgoing/{document}").press("Approve the content").reads("Approved. It lies with the clerk now.")
    town.papers.confirm_format(document)

    leader = people.of("leader", width=390).go(f"/outgoing/{document}")
    slip = leader.page.locator(".slip")
    for words in ("Luật Phòng, chống thiên tai", "Bổ sung số điện thoại trực", "Chưa trả lời", "Đặng Quốc Việt"):
        expect(slip).to_contain_text(words)
    leader.follow("Sign digitally").confirm_it_is_me().follow("Submission slip")
    expect(leader.page.locator(".slip")).to_contain_text("Bổ sung số điện thoại trực")
    leader.go(f"/sign?documents={document}").choose_key(town.key_file("leader", PASSWORD), PASSWORD)
    leader.page.wait_for_url("**/sign/receipt**")
    assert town.papers.row(document).state == State.SIGNED
