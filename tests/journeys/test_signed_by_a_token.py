"""A leader signs with a token, through a program on the computer that also misbehaves in every way it can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select, update

from signing.testing import Authority, Subject
from tests.support import agent as program
from tests.support import live
from tests.support.agent import Agent
from tests.support.keys import FOUNDED
from tests.support.live import Town
from tests.support.seats import Seat, Seats
from workflow.services.documents import numbers
from workflow.store.models import Certificate, Signature
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

REFUSED = {
    "other_file": "không bắt đầu bằng đúng bản để ký",
    "swapped": "Nội dung văn bản đã bị thay đổi",
    "second_signature": "không nằm trong ô ký đã định",
    "foreign": "chứng thư khác",
    "no_upload": "không gửi tệp về",
}
STOPS = {
    "cancelled": "Đã hủy ký trong phần mềm ký",
    "silent": "không trả lời kịp",
    "garbled": "Không hiểu câu trả lời",
}


@pytest.fixture
def agent() -> Iterator[Agent]:
    """Holds no key yet: the town's own comes with the town."""
    nobody = Authority.root(now=FOUNDED).issue(Subject(common_name="Ai đó"), now=FOUNDED)
    with program.running(nobody, stranger=nobody) as made:
        yield made


@pytest.fixture
def town(agent: Agent, sqlite_template: Path, tmp_path: Path) -> Iterator[Town]:
    """The leader's key lies on a token."""
    with live.running(sqlite_template, tmp_path, agent_url=agent.url) as made:
        with unit_of_work(made.engine) as uow:
            uow.begin_write()
            uow.session.execute(update(Certificate).values(holder="token", proof={"shown_to": 1}))
            uow.commit()
        agent.held, agent.at = made.papers.keys.held["leader"], made.clock()
        yield made


def test_a_token_with_a_program_that_misbehaves(people: Seats, town: Town, agent: Agent) -> None:
    """What was signed stays signed, what went wrong has its sentence, and everything is signed in the end."""
    modes = ["as_form", *REFUSED, "twice"]
    waiting = [town.papers.awaiting(subject=f"V/v việc {place}") for place in range(len(modes))]
    agent.behave[:] = modes
    seat = at_the_page(people.of("leader"), waiting)
    seat.page.locator("[data-agent] button[type=submit]").click()
    lines = seat.page.locator("[data-results] li")
    expect(lines).to_have_count(len(modes), timeout=60_000)
    expect(seat.page.locator("[data-results] li[data-result=ok]")).to_have_count(2)
    for line, words in zip(lines.all()[1:-1], REFUSED.values(), strict=True):
        expect(line).to_contain_text(words)
    assert agent.sent.count(404) == 1  # the second time it brought the same one
    states = [town.papers.row(one).state for one in waiting]
    assert states == ["signed", *["awaiting_signature"] * 5, "signed"]

    seat = at_the_page(seat, waiting)
    seat.page.locator("[data-agent]").evaluate("(form) => { form.dataset.patience = '700'; }")
    agent.behave[:] = ["wrong_pin"]
    seat.page.locator("[data-agent] button[type=submit]").click()
    stopped(seat, "Còn 2 lần nhập")
    on_a_phone(people, waiting)
    again(seat, agent, "wrong_pin", "Chỉ còn một lần nhập mã PIN")
    expect(seat.page.locator("[data-retry]")).to_have_text("Đã chắc chắn: tiếp tục")
    again(seat, agent, "wrong_pin", "Khóa USB bị chặn")
    agent.left = 3
    unplug(seat, agent)
    for mode, words in STOPS.items():
        again(seat, agent, mode, words)
    seat.page.locator("[data-agent]").evaluate("(form) => { delete form.dataset.patience; }")
    seat.page.locator("[data-retry]").click()
    seat.page.wait_for_url("**/sign/receipt**", timeout=60_000)
    assert {town.papers.row(one).state for one in waiting} == {"signed"}
    assert {path for path, _asked in agent.calls} == {"/SignApproved"}
    expect(seat.page.locator("tbody tr")).to_have_count(5)
    numbered(people.of("clerk"), town, agent, waiting[:2])


def test_a_file_that_was_signed_meanwhile_asks_for_no_pin(people: Seats, town: Town, agent: Agent) -> None:
    """Signed in another window between the click and the PIN: the program is not called, and the line says so and
    leads to the signed file."""
    document = town.papers.awaiting()

    def signed_first(route: Route) -> None:
        """Another window is quicker."""
        lies(town, "pkcs12_browser")
        town.papers.sign("leader", "leader", town.papers.keys.held["leader"], document)
        lies(town, "token")
        route.continue_()

    seat = at_the_page(people.of("leader", width=390), [document])
    seat.page.route("**/agent/tickets", signed_first)
    seat.page.locator("[data-agent] button[type=submit]").click()
    line = seat.page.locator("[data-results] li")
    expect(line).to_contain_text("Tệp này đã được ký; không hỏi mã PIN nữa.")
    assert agent.calls == []
    seat.told.clear()  # the browser's own word on the refusal
    line.get_by_role("link", name="Mở tệp đã ký").click()
    seat.page.wait_for_url(f"**/outgoing/{document}")
    seat.reads("Hợp lệ")


def lies(town: Town, holder: str) -> None:
    """Where every key lies from now on."""
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder=holder))
        uow.commit()


def numbered(clerk: Seat, town: Town, agent: Agent, documents: list[int]) -> None:
    """The clerk's numbers with the agency's key: the program gets the picture of each box along."""
    for one in documents:
        town.papers.do(numbers.number, "clerk", document_id=one, version=None)
    agent.held = town.papers.keys.held["commune"]
    asked = "&".join(f"documents={one}" for one in documents)
    clerk.go(f"/sign/number/agent?{asked}").confirm_it_is_me()
    clerk.page.locator("[data-agent] button[type=submit]").click()
    clerk.page.wait_for_url("**/sign/receipt**", timeout=60_000)
    assert agent.calls[-1][0] == "/SignIssued"
    with unit_of_work(town.engine) as uow:
        made = uow.session.scalars(select(Signature.document_id).where(Signature.purpose == "number")).all()
    assert sorted(made) == sorted(documents)


def at_the_page(seat: Seat, waiting: list[int]) -> Seat:
    """With all of them chosen; those that are signed are left out."""
    asked = "&".join(f"documents={one}" for one in waiting)
    seat.go(f"/sign/leader/agent?{asked}").confirm_it_is_me()
    expect(seat.page.locator("[data-agent] button[type=submit]")).to_be_enabled()
    return seat


def on_a_phone(people: Seats, waiting: list[int]) -> None:
    """The same page at the width of a phone: its key cannot be plugged in there; what can is named."""
    seat = people.of("leader", width=390)
    seat.page.set_extra_http_headers({"Sec-CH-UA-Mobile": "?1"})
    seat.go("/sign/leader/agent?" + "&".join(f"documents={one}" for one in waiting))
    seat.reads("A USB key cannot sign on a phone: sign with SIM PKI or remotely, or leave it for the computer.")
    expect(seat.page.locator("[data-agent]")).to_have_count(0)
    seat.follow("Choose another key").reads("None of your keys can sign these documents on this device.")
    seat.page.go_back()
    seat.follow("It is a computer")
    expect(seat.page.locator("[data-agent] button[type=submit]")).to_be_enabled()


def again(seat: Seat, agent: Agent, mode: str, words: str) -> None:
    """Try again; it stops with this sentence."""
    agent.behave[:] = [mode]
    seat.page.locator("[data-retry]").click()
    stopped(seat, words)


def unplug(seat: Seat, agent: Agent) -> None:
    """No program answers; the browser says so to its console too."""
    form = seat.page.locator("[data-agent]")
    form.evaluate("(form) => { form.dataset.there = form.dataset.agent; form.dataset.agent += '1'; }")
    seat.page.locator("[data-retry]").click()
    stopped(seat, "Không thấy phần mềm ký trên máy này")
    form.evaluate("(form) => { form.dataset.agent = form.dataset.there; }")
    seat.told.clear()


def stopped(seat: Seat, words: str) -> None:
    """The run stopped and says why; nothing more was signed."""
    box = seat.page.locator("[data-errors]")
    expect(box).to_contain_text(words, timeout=15_000)
    expect(box).to_be_focused()
