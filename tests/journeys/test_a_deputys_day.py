"""A deputy's day while the head is away: what waits there, what may be signed KT. and why; and a year later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support import live
from tests.support.live import RunningClock, Town
from tests.support.seats import Seat, Seats, vi
from workflow.domain.absences import Acts
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.domain.permissions import figures_scope
from workflow.services import absences, mandates
from workflow.services.documents import numbers
from workflow.services.mandates import Grant
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

PASSWORD = "phân công theo lĩnh vực"
REASON = "Chủ tịch đi công tác, đề nghị trình Phó Chủ tịch ký thay"
SYMBOL = "15/QĐ-UBND"
DAY = dt.timedelta(days=1)


class LeapingClock(RunningClock):
    """Runs on, and can be put forward."""

    ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return super().__call__() + self.ahead


@pytest.fixture
def clock() -> LeapingClock:
    """Of this town."""
    return LeapingClock()


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path, clock: LeapingClock) -> Iterator[Town]:
    """A town whose years can pass."""
    with live.running(sqlite_template, tmp_path, clock=clock) as made:
        yield made


def test_a_deputy_stands_in_and_signs_within_a_mandate(people: Seats, town: Town, clock: LeapingClock) -> None:
    """Sees the head's desk and signs nothing there; in the own post returns one, signs one, is refused one outside
    the mandate and one after its end; the signature that was given stays explained."""
    papers, given = town.papers, {"signer": "deputy", "capacity": Capacity.KT}
    decision = papers.awaiting(**given, type_code="decision", subject="Quyết định thành lập Tổ công tác")
    assign(town)
    of_head = town.papers.awaiting(subject="V/v xin ý kiến về giá đất")
    signed, left = (town.papers.awaiting(**given, subject=name) for name in ("V/v trực bão", "V/v trực Tết"))
    leave(town)
    deputy = people.of("deputy", width=390).go("/desk")
    at_the_heads_desk(deputy, of_head)
    in_their_own_post(deputy, of_head)
    deputy.go(f"/outgoing/{signed}").follow("Sign digitally").confirm_it_is_me()
    deputy.choose_key(town.key_file("deputy", PASSWORD), PASSWORD)
    deputy.page.wait_for_url("**/sign/receipt*")
    deputy.wide(1280).go(f"/sign?documents={decision}").reads("The mandate does not cover this type of document.")
    issue(town, signed)
    clock.ahead = 365 * DAY
    people.of("deputy", width=390).go(f"/sign?documents={left}").confirm_it_is_me().reads("The mandate has ended.")
    a_year_later(people.of("inspector", width=1280), signed)


def assign(town: Town) -> None:
    """The administrator enters the assignment: letters, for ten days."""
    posts, now = town.office.posts, town.clock()
    grant = Grant(
        post_id=posts["deputy"].id, capacity=Capacity.KT, valid_from=now.date(), valid_to=now.date() + 10 * DAY,
        source_post_id=posts["leader"].id, types=("letter",), legal_symbol=SYMBOL, legal_day=now.date(),
        legal_title="Quyết định phân công công tác", reason="Chủ tịch đi công tác",
    )  # fmt: skip
    with unit_of_work(town.engine) as uow:
        scope = figures_scope(posts["admin"], agencies_below=())
        mandates.grant(uow, town.office.actor("admin"), scope, given=grant, now=now)
        uow.commit()


def leave(town: Town) -> None:
    """The head is away from today on, and leaves the desk to the deputy."""
    today = town.clock().date()
    town.papers.do(
        absences.set_own, "leader", scoped=False, deputy_post_id=town.office.posts["deputy"].id, first_day=today,
        last_day=today + 3 * DAY, acts=Acts.PROCESSING, reason="Đi họp tỉnh",
    )  # fmt: skip


def at_the_heads_desk(deputy: Seat, document_id: int) -> None:
    """Everything that waits for the head lies there to be read; the key stays closed, and the page says why."""
    head = deputy.town.office.names["leader"]
    deputy.reads("In place of %(name)s, %(title)s", name=head, title="Chủ tịch")
    with deputy.page.expect_navigation():
        deputy.press("Look after this desk")
    deputy.go("/desk").reads("You look after the desk of %(name)s.", name=f"{head}, Chủ tịch")
    expect(deputy.page.locator("main")).to_contain_text("giá đất")
    deputy.go(f"/outgoing/{document_id}").reads(
        "What you do is written down in your name. Signing needs a post of your own."
    )
    assert deputy.button("Return with a reason").count() == 0
    assert deputy.page.get_by_role("link", name=vi("Sign digitally")).count() == 0
    deputy.follow("Back to my own post").press("Act in this post")


def in_their_own_post(deputy: Seat, document_id: int) -> None:
    """Why may I? Which rules hold and on what they rest; and what names the head goes back to name the deputy."""
    deputy.go(f"/outgoing/{document_id}").follow("Who may sign this?")
    mine = deputy.page.locator("article", has_text=deputy.town.office.names["deputy"])
    expect(mine).to_contain_text(SYMBOL)
    expect(mine).to_contain_text(vi("may sign"))
    expect(mine).to_contain_text(vi("only: %(names)s", names="Công văn"))
    deputy.go(f"/outgoing/{document_id}")
    deputy.page.locator("summary", has_text=vi("Return with a reason")).click()
    deputy.page.fill("#remark-return", REASON)
    deputy.press("Return with a reason").reads("Returned to the drafter with your reason.")


def issue(town: Town, document_id: int) -> None:
    """What the clerk does, not looked at here."""
    papers, commune = town.papers, town.papers.keys.held["commune"]
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    for purpose in ("number", "seal"):
        papers.sign("clerk", purpose, commune, document_id)
    papers.act("clerk", document_id, Action.ISSUE)


def a_year_later(inspector: Seat, document_id: int) -> None:
    """The mandate has ended long since: the answer about the day of signing stands, with what it rested on."""
    inspector.go(f"/outgoing/{document_id}")
    expect(inspector.page.locator(".signature .status")).to_have_text(
        [
            "Hợp lệ",
            "Chưa có dấu thời gian",
            "Có thẩm quyền ký vào ngày đó",
            *["Hợp lệ", "Chưa có dấu thời gian"] * 2,
        ]
    )
    inspector.follow("Who may sign this?").reads("By which right it was signed")
    given = inspector.page.locator("section", has=inspector.page.locator("#given-title"))
    expect(given).to_contain_text(SYMBOL)
    expect(given).to_contain_text("Có thẩm quyền ký vào ngày đó")
    today = inspector.page.locator("article", has_text=inspector.town.office.names["deputy"])
    expect(today).to_contain_text(vi("The mandate has ended."))
