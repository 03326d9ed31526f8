"""Issued at one agency, registered at the other, taken back: three people at their browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.support.exchange import Between
from tests.support.live import Town, as_upload
from tests.support.papers import letter
from tests.support.seats import Seat, Seats
from workflow.domain.outgoing import Action
from workflow.services.documents import numbers
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

FAR, SUBJECT, WHY = "Ủy ban nhân dân xã Yên Viễn", "V/v phối hợp tuần tra đê", "Sai số liệu ở mục 2"


def test_a_letter_reaches_the_neighbour_and_is_taken_back(people: Seats, town: Town) -> None:
    """The drafter finds the neighbour by keyboard; issued, it is there; the sender sees each step; recalled, it is
    given back with words."""
    between = Between(town.office)
    document = drafted(people.of("drafter"))
    sealed(town, document)
    clerk = people.of("clerk", width=390).go(f"/outgoing/{document}")
    clerk.reads("goes there when it is issued").press("Issue").reads("Issued.")
    sent = clerk.page.locator(".deliveries li")
    expect(sent).to_contain_text([f"{FAR} Đã đến"])
    row = between.arrived(document)
    assert (row.state, row.conclusion, row.subject) == ("arrived", "passed", SUBJECT)
    between.now = town.clock()
    between.registered(document)
    clerk.wide(1280).go(f"/outgoing/{document}")
    expect(sent).to_contain_text([f"{FAR} Đã tiếp nhận"])
    clerk.page.locator("summary", has_text="Thu hồi").click()
    clerk.page.fill("#recall-reason", WHY)
    clerk.page.locator("form[action$=recall] button").click()
    clerk.reads("Taken back where it was not registered yet; the other agencies were asked and will answer. "
                "Offices outside are told by a letter.")  # fmt: skip
    far = people.of("far_clerk", width=390).go(f"/incoming/{row.id}/agree-recall")
    expect(far.page.locator("main")).to_contain_text(WHY)
    far.page.fill("#f-remark", "Đã gỡ bỏ trên hệ thống")
    with far.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        far.page.keyboard.press("F9")
    assert answered.value.status == 303
    assert between.arrived(document).state == "recalled"
    clerk.go(f"/outgoing/{document}")
    expect(sent).to_contain_text(["Đã gỡ bỏ trên hệ thống"])


def drafted(seat: Seat) -> int:
    """The form by keyboard: type a part of the name without accents, Enter, F8."""
    seat.go("/outgoing/new")
    seat.page.select_option("#f-type_code", "letter")
    seat.page.fill("#f-subject", SUBJECT)
    seat.page.select_option("#f-signer", f"{seat.town.office.posts['leader'].id}:head")
    seat.page.focus("#find-agency")
    seat.page.keyboard.type("khong co")
    expect(seat.page.locator(".recipients [data-none]").first).to_be_visible()
    seat.page.fill("#find-agency", "")
    seat.page.keyboard.type("yen vien")
    seat.page.keyboard.press("Enter")
    expect(seat.page.get_by_label(FAR)).to_be_checked()
    expect(seat.page.locator(".recipients [data-chosen]").first).to_have_text("1 cơ quan đã chọn")
    seat.page.set_input_files("#f-file", as_upload("cv.pdf", letter(SUBJECT), "application/pdf"))
    seat.page.keyboard.press("F8")
    seat.reads("The draft was saved.")
    with unit_of_work(seat.town.engine) as uow:
        return uow.session.scalars(select(Outgoing.id).order_by(Outgoing.id.desc()).limit(1)).one()


def sealed(town: Town, document: int) -> None:
    """The road to the clerk's last step, by the services."""
    town.papers.act("drafter", document, Action.SUBMIT)
    town.papers.act("head", document, Action.APPROVE)
    town.papers.confirm_format(document)
    papers = town.papers
    papers.sign("leader", "leader", papers.keys.held["leader"], document)
    papers.do(numbers.number, "clerk", document_id=document, version=None)
    for purpose in ("number", "seal"):
        papers.sign("clerk", purpose, papers.keys.held["commune"], document)
