"""Side roads of an outgoing document, each to its end, with what the recipient sees: corrected, replaced, its
number held, its number cancelled. (Recalled: `test_between_two_agencies`.)

The road from draft to seal is walked elsewhere; here a stroke of the pen takes papers to the clerk's last step.
"""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from tests.support.exchange import Between
from tests.support.live import Town
from tests.support.registers import Papers
from tests.support.seats import Seat, Seats, vi
from workflow.domain.people import Capacity
from workflow.services.documents import ink
from workflow.store.models import Outgoing, Recipient
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

SUBJECT, WHY = "V/v trực phòng chống bão số 9", "Số điện thoại trực ban in sai: đúng là 0238 3871 002"


def test_a_letter_is_corrected_then_replaced(people: Seats, town: Town) -> None:
    """One press opens a draft that is filled in; issued, the mark stands at the sender, in the register and before
    whoever works on the earlier paper at the recipient's, who is told; replaced, it is asked back."""
    between = Between(town.office, town.clock())
    old = between.sent("far", subject=SUBJECT, secret=False, state="sealed", sealed_at=between.now)
    row = between.started(old)
    drafter, clerk = people.of("drafter"), people.of("clerk", width=390)
    first = begun(drafter, old, "Draft a correction")
    expect(drafter.page.get_by_text(f"V/v đính chính Công văn số {symbol(town, old)}").first).to_be_visible()
    issue(clerk, signed(town, first))
    mark = clerk.go(f"/outgoing/{old}").page.locator(".correction-mark")
    expect(mark).to_contain_text([f"{vi('Corrected by')} Công văn số {symbol(town, first)}"])
    expect(mark).to_contain_text([WHY])
    theirs = people.of("far_drafter").go(f"/incoming/{row.id}")
    expect(theirs.page.locator(".correction-mark")).to_contain_text([f"số {symbol(town, first)}"])
    expect(theirs.page.locator(".correction-mark")).to_contain_text([WHY])
    expect(theirs.go("/notices").page.locator("main")).to_contain_text("Đã được đính chính")
    second = begun(drafter, old, "Draft a replacement")
    issue(clerk, signed(town, second))
    marks = theirs.go(f"/incoming/{row.id}").page.locator(".correction-mark")
    expect(marks).to_have_count(2)
    expect(marks.last).to_contain_text(f"{vi('Replaced by')} Công văn số {symbol(town, second)}")
    expect(theirs.page.locator(".alert blockquote").first).to_contain_text(f"văn bản số {symbol(town, second)}")
    drafter.go(f"/outgoing/{old}")
    expect(drafter.page.get_by_role("link", name=vi("Draft a correction"))).to_have_count(0)


def test_a_held_number_reaches_the_recipient_and_a_cancelled_one_does_not(people: Seats, town: Town) -> None:
    """Held for a paper that then takes it; the next paper's number was wrong and is cancelled with a reason: its
    recipient gets the number that stands, the register says why the other is nobody's."""
    ledger = Papers(town.office, town.clock())
    clerk = people.of("clerk").go(f"/register/{ledger.register()}/hold")
    clerk.page.fill("#f-reason", "Nghị quyết kỳ họp thứ 5")
    clerk.page.select_option("#f-person", str(town.office.posts["drafter"].person_id))
    clerk.page.fill("#f-until", f"{town.clock().date() + dt.timedelta(days=3):%Y-%m-%d}")
    clerk.press("Hold the number").reads(
        "The number is held. It stands in the register until it is used or cancelled."
    )
    paper, other = to_neighbour(town, ledger.signed()), to_neighbour(town, ledger.signed())
    clerk.go(f"/outgoing/{other}").press("Give the number").reads("Numbered and entered in the register.")
    assert symbol(town, other) == "02/UBND-KT", "the held one is passed over"
    clerk.go(f"/outgoing/{paper}").page.locator("summary", has_text=vi("Another number")).click()
    clerk.press("Give this number").reads("Numbered and entered in the register.")
    clerk.go(f"/outgoing/{other}").page.locator("summary", has_text=vi("Cancel the number")).click()
    clerk.page.fill("#remark-give_up_number", "Vào nhầm loại văn bản")
    clerk.page.locator("form[action$=give_up_number] button").click()
    clerk.press("Give the number").reads("Numbered and entered in the register.")
    for document in (paper, other):
        issue(clerk, sealed(town, document))
    page = people.of("far_clerk", width=390).go("/incoming/arrivals").page.locator("main")
    for words in ("01/UBND-KT", "03/UBND-KT"):
        expect(page).to_contain_text(words)
    expect(page).not_to_contain_text("02/UBND-KT")
    expect(clerk.go("/register").page.locator("table.register")).to_contain_text("Vào nhầm loại văn bản")


def begun(seat: Seat, earlier: int, button: str) -> int:
    """The draft about an issued document, by one press and the reason; its key."""
    seat.go(f"/outgoing/{earlier}").follow(button)
    seat.page.fill("#f-correction_reason", WHY)
    seat.page.keyboard.press("F8")
    seat.reads("The draft was saved.")
    with unit_of_work(seat.town.engine) as uow:
        return uow.session.scalars(select(Outgoing.id).order_by(Outgoing.id.desc()).limit(1)).one()


def signed(town: Town, document: int) -> int:
    """Signed in ink, numbered and sealed."""
    change(town, document, state="awaiting_signature")
    ledger = Papers(town.office, town.clock())
    read = ink.InkSignature(
        signer_post_id=town.office.posts["leader"].id, capacity=Capacity.HEAD, signed_on=town.clock().date(),
        reason="Chưa có thiết bị ký",
    )  # fmt: skip
    ledger.do(ink.record_ink, document_id=document, version=None, ink=read)
    ledger.number(document)
    return sealed(town, document)


def sealed(town: Town, document: int) -> int:
    """At the clerk's last step."""
    change(town, document, state="sealed", sealed_at=town.clock())
    return document


def change(town: Town, document: int, **columns: object) -> None:
    """The stroke of the pen."""
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Outgoing).where(Outgoing.id == document).values(**columns))
        uow.commit()


def to_neighbour(town: Town, document: int) -> int:
    """It goes to the neighbour."""
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        uow.add(Recipient(outgoing_id=document, agency_id=town.office.units["far"]))
        uow.commit()
    return document


def issue(seat: Seat, document: int) -> None:
    """By the clerk's button."""
    seat.go(f"/outgoing/{document}").press("Issue").reads("Issued.")


def symbol(town: Town, document: int) -> str:
    """Its number and symbol."""
    with unit_of_work(town.engine) as uow:
        return uow.session.get_one(Outgoing, document).symbol
