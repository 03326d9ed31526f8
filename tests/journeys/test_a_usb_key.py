"""A leader's USB key through the browser's extension: enrolled, confirmed, one PIN for each paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from signing.testing.keys import KeyKind
from tests.support.live import Town
from tests.support.seats import Seat, Seats, vi
from tests.support.usb_key import PIN, UsbKey
from workflow.domain.key_holders import Control
from workflow.store.models import Signature
from workflow.store.session import unit_of_work

pytestmark = [pytest.mark.browser, pytest.mark.tools("softhsm2-util")]

ERRORS = ".token-form [data-errors]"


def stopped(seat: Seat, code: str) -> None:
    """The run stopped with this code, in words, and the page has the focus there."""
    box = seat.page.locator("[data-errors]:visible")
    expect(box).to_have_attribute("data-code", code)
    expect(box).to_be_focused()


def test_enrolled_then_two_papers_with_a_pin_each(people: Seats, town: Town, tokens: None) -> None:
    """The key file stays usable beside it; wrong PIN, a closed window and a blocked key are told apart; what was
    signed before stays; a phone is told that it cannot."""
    first, second, third = (town.papers.awaiting(subject=f"V/v việc {number}") for number in range(3))
    key = UsbKey(town.papers.keys.issue("leader", kind=KeyKind.RSA_2048, days=1500, serial=4242))
    leader = people.of("leader").go("/certificates")
    enrol_without_extension(leader)
    key.plug_into(leader.page)
    key.pins = [PIN]
    leader.go("/certificates/enrol?holder=token").press("Go on").press("Prove and send")
    leader.page.wait_for_url("**/certificates?done=enrolled")
    second_person = people.of("admin").go("/admin/certificates")
    second_person.reads("Have the USB key shown to you: a certificate says nothing of where its key lies.")
    second_person.page.get_by_role("checkbox", name=vi("The USB key was shown to me")).check()
    second_person.press("Confirm").reads("The certificate is confirmed and may sign from now on.")

    leader.go(f"/sign?documents={first}&documents={second}")
    leader.page.get_by_role("radio", name=vi("Key file")).focus()
    leader.page.keyboard.press("ArrowDown")
    expect(leader.page.get_by_role("radio", name=vi("USB key, in this browser"))).to_be_checked()
    leader.reads("%(n)s PINs, one for each file", n=2)
    assert leader.page.locator("[data-key-file]").is_hidden()
    key.pins, key.asked = ["0000", PIN, None, PIN], []
    leader.press("Sign")
    stopped(leader, "token_wrong_pin")
    assert (key.signed, town.papers.row(first).state) == (1, "awaiting_signature")
    leader.press("Try again")
    stopped(leader, "token_cancelled")
    assert town.papers.row(first).state == "signed"
    assert town.papers.row(second).state == "awaiting_signature"
    leader.press("Try again")
    leader.page.wait_for_url("**/sign/receipt*")
    leader.reads("USB key, through the browser")
    assert [town.papers.row(one).state for one in (first, second)] == ["signed", "signed"]
    assert len(set(key.asked)) == 2, "each paper's own hash, the same one again after a wrong PIN"
    with unit_of_work(town.engine) as uow:
        assert {(row.key_holder, row.control) for row in uow.session.query(Signature)} == {
            ("token_page", Control.STRONG)
        }

    leader.go(f"/sign?documents={third}")
    expect(leader.page.get_by_role("radio", name=vi("USB key, in this browser"))).to_be_checked()
    key.left = 0
    leader.press("Sign")
    stopped(leader, "token_pin_blocked")
    expect(leader.button("Try again")).to_be_hidden()
    on_a_phone(people, town, third)


def enrol_without_extension(leader: Seat) -> None:
    """Before it is installed the page says what is missing; nothing is lost."""
    leader.go("/certificates/enrol?holder=token").press("Go on").press("Prove and send")
    stopped(leader, "token_no_extension")


def on_a_phone(people: Seats, town: Town, document: int) -> None:
    """The width of a phone, and its name."""
    seat = people.of("leader", width=390)
    seat.page.set_extra_http_headers({"Sec-CH-UA-Mobile": "?1"})
    seat.go(f"/sign?documents={document}")
    radio = seat.page.get_by_role("radio", name=vi("USB key, in this browser"))
    expect(radio).to_be_disabled()
    seat.reads("A USB key cannot sign on a phone: sign with SIM PKI or remotely, or leave it for the computer.")
    expect(seat.page.locator("[data-key-file]")).to_be_visible()
    seat.follow("It is a computer")
    expect(radio).to_be_enabled()
