"""A leader's and a unit head's Monday morning: message → link → item → done → gone from tomorrow's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.support.arrivals import LETTER, Arrivals
from tests.support.live import Town
from tests.support.mail_server import Mood, running
from tests.support.seats import Seat, Seats
from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.outgoing import Urgency

pytestmark = pytest.mark.browser

PASSWORD = "Đặng Ưu không nói ra 7391"
MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)


@dataclass(slots=True)
class Postman:
    """Runs the morning's jobs over a real SMTP server and brings each person their mails."""

    town: Town
    tools: Callable[[dt.datetime], Tools]
    mood: Mood

    def morning(self, day: dt.date, at: dt.time) -> None:
        """The summary of a day, then everything that lies in the outbox."""
        now = dt.datetime.combine(day, at, OFFICE_ZONE).astimezone(dt.UTC)
        self.mood.mails.clear()
        tools = self.tools(now)
        assert run_period(tools, job("digest"), day.isoformat()) is Outcome.DONE
        assert run_period(tools, job("outbox"), f"{day}T{at:%H:%M}") is Outcome.DONE

    def of(self, name: str, about: str = "Việc chờ ông/bà") -> EmailMessage:
        """The one mail to somebody whose subject begins so: the morning summary."""
        (mail,) = [one for one in self.all_of(name) if str(one["Subject"]).startswith(about)]
        return mail

    def all_of(self, name: str) -> list[EmailMessage]:
        """What came for somebody."""
        return [one for one in self.mood.mails if one["To"] == f"{name}@example.gov.vn"]


@pytest.fixture
def postman(town: Town):  # type: ignore[no-untyped-def]
    """While the mail server runs."""
    mood = Mood()
    with running(mood) as url:
        settings = replace(town.settings, base_url=town.base, smtp_url=url, mail_from="vanthu@example.gov.vn")
        yield Postman(town, lambda now: Tools(town.engine, settings, lambda: now), mood)


def _links(mail: EmailMessage) -> list[str]:
    """Of the HTML part, as somebody who clicks meets them."""
    part = mail.get_body(("html",))
    assert part is not None
    return re.findall(r'href="([^"]+)"', part.get_content())


def _open(people: Seats, name: str, address: str, *, width: int) -> Seat:
    """Click on a mail's link, not logged in yet: the item stands behind the door."""
    seat = people.stranger(width=width)
    seat.page.goto(address)
    seat.page.get_by_role("button", name=people.town.office.names[name]).click()
    seat.page.wait_for_url(address)
    return seat


def test_the_leader_signs_on_a_phone_what_the_morning_named_first(
    people: Seats, town: Town, postman: Postman
) -> None:
    """The flash one first, which came at once in its own mail besides; on Tuesday only the other one is left."""
    other = town.papers.awaiting(subject="V/v kiểm tra thường kỳ")
    flash = town.papers.awaiting(subject="V/v ứng phó bão số 9", urgency=Urgency.FLASH)
    postman.morning(MONDAY, dt.time(9, 30))
    assert _links(postman.of("leader", about="Hỏa tốc: chờ ký số")) == [f"{town.base}/outgoing/{flash}"]
    mail = postman.of("leader")
    assert str(mail["Subject"]) == "Việc chờ ông/bà ngày 23/11/2026: 2"
    first, second = (f"{town.base}/outgoing/{key}" for key in (flash, other))
    assert [one for one in _links(mail) if one in {first, second}] == [first, second]
    leader = _open(people, "leader", first, width=390)
    expect(leader.page.locator("main")).to_contain_text("V/v ứng phó bão số 9")
    leader.confirm_it_is_me().follow("Sign digitally")
    leader.confirm_it_is_me()
    sheet = leader.page.locator("figure img").first
    sheet.scroll_into_view_if_needed()
    expect(sheet).to_have_js_property("complete", True)
    leader.choose_key(town.key_file("leader", PASSWORD), PASSWORD)
    leader.page.wait_for_url("**/sign/receipt*")
    postman.morning(TUESDAY, dt.time(7, 30))
    again = _links(postman.of("leader"))
    assert second in again
    assert first not in again


def test_the_head_reviews_assigns_and_owes_nothing_on_tuesday(people: Seats, town: Town, postman: Postman) -> None:
    """A draft and a document that came, each by its link; then no summary at all, and it lies on others' desks."""
    arrivals = Arrivals(town.office)
    arrivals.now = town.clock()
    found = arrivals.directed(facts=replace(LETTER, symbol="77/SNV", subject="V/v rà soát cán bộ"))
    draft = town.papers.in_review(subject="V/v giao chỉ tiêu")
    postman.morning(MONDAY, dt.time(9, 30))
    mail = postman.of("head")
    links = [f"{town.base}/outgoing/{draft}", f"{town.base}/incoming/{found.id}"]
    assert set(links) <= set(_links(mail))
    text = mail.get_body(("plain",))
    assert text is not None
    assert "V/v giao chỉ tiêu" in text.get_content()
    head = _open(people, "head", links[0], width=1280)
    head.press("Approve the content").reads("Approved. It lies with the clerk now.")
    head.page.goto(links[1])
    head.follow("Assign")
    head.page.get_by_label("Ngô Thị Bích").check()
    head.page.keyboard.press("F9")
    head.reads("Assigned.")
    postman.morning(TUESDAY, dt.time(7, 30))
    assert postman.all_of("head") == []
    assert links[1] in _links(postman.of("specialist"))
    assert f"{town.base}/outgoing/{draft}" in _links(postman.of("clerk"))
