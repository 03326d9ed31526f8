"""What the signing page refuses, in words that a leader can act on; nothing is signed and nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from signing.testing import Identity, Revoked
from tests.support import live
from tests.support.live import Town
from tests.support.seats import Seat, Seats, vi

pytestmark = pytest.mark.browser

PASSWORD = "mở khóa"
ERRORS, FAILED = "[data-errors]", '[data-results] li[data-state="failed"]'


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town for all refusals: none of them may change it."""
    with live.running(sqlite_template, tmp_path_factory.mktemp("refusing-town")) as made:
        yield made


@pytest.fixture(scope="module")
def waiting(town: Town) -> int:
    """A document on the leader's desk; it still lies there after every test of this file."""
    return town.papers.awaiting()


@pytest.fixture
def leader(people: Seats, town: Town, waiting: int) -> Iterator[Seat]:
    """The leader at the signing page, at the width of a phone."""
    yield people.of("leader", width=390).go(f"/sign?documents={waiting}")
    assert town.papers.row(waiting).state == "awaiting_signature"


def with_key(seat: Seat, identity: Identity) -> Seat:
    """Try to sign with this key."""
    return seat.choose_key(live.as_upload("key.p12", identity.pkcs12(PASSWORD)), PASSWORD)


def test_wrong_password(leader: Seat, town: Town) -> None:
    """Said in the browser; the server hears that it was wrong and nothing else, the chosen file stays chosen."""
    town.asked.clear()
    leader.choose_key(town.key_file("leader", PASSWORD), "sai mật khẩu")
    expect(leader.page.locator(ERRORS)).to_have_attribute("data-code", "wrong_password")
    expect(leader.page.locator(ERRORS)).to_contain_text("mật khẩu", ignore_case=True)
    (told,) = [asked for asked in town.asked if asked.method == "POST"]
    assert told.path == "/sign/obstacle", "that it happened, and no more"
    assert "sai mật khẩu".encode() not in told.raw
    assert leader.page.locator("[data-key-file]").evaluate("(input) => input.files.length") == 1


def test_an_expired_certificate(leader: Seat, town: Town) -> None:
    """The old key of a person who has a new one."""
    keys = town.papers.keys
    present = keys.held["leader"]
    expired = keys.issue("leader", days=30)
    keys.enrol("leader")
    keys.held["leader"] = present
    with_key(leader, expired)
    refused(leader, "certificate_expired", "hết hạn")


def test_somebody_elses_certificate(leader: Seat, town: Town) -> None:
    """A good key of the deputy is no key of the leader."""
    with_key(leader, town.papers.keys.held["deputy"])
    refused(leader, "certificate_of_somebody_else", "người khác")


def test_a_certificate_nobody_enrolled(leader: Seat, town: Town) -> None:
    """The way to the enrolment is named."""
    with_key(leader, town.papers.keys.issue("inspector"))
    refused(leader, "certificate_not_enrolled", "chứng thư")


def test_a_revoked_certificate(leader: Seat, town: Town) -> None:
    """As soon as a list names it; the next list without it lets the other tests go on."""
    papers = town.papers
    stolen = Revoked(papers.keys.held["leader"].serial, papers.now - dt.timedelta(minutes=5), "keyCompromise")
    papers.keys.publish(at=papers.now, revoked=(stolen,))
    with_key(leader, papers.keys.held["leader"])
    refused(leader, "certificate_revoked", "thu hồi")
    papers.keys.publish(at=papers.now + dt.timedelta(seconds=1))


def refused(seat: Seat, code: str, words: str) -> None:
    """The whole act was refused with a sentence, and the page can be used on."""
    box = seat.page.locator(ERRORS)
    expect(box).to_have_attribute("data-code", code)
    expect(box).to_contain_text(words, ignore_case=True)
    expect(box).to_be_focused()


def test_signing_before_approval_and_sealing_before_signature(people: Seats, town: Town, waiting: int) -> None:
    """The page says what is left out and why, and offers no key."""
    draft = town.papers.draft()
    early = people.of("leader").go(f"/sign?documents={draft}")
    expect(early.page.locator("main")).to_contain_text(vi("None of the chosen documents can be signed now."))
    sealing = people.of("clerk", width=390).go(f"/sign/seal?documents={waiting}")
    expect(sealing.page.locator("main")).to_contain_text(vi("None of the chosen documents can be signed now."))
    assert early.page.locator("[data-sign]").count() == sealing.page.locator("[data-sign]").count() == 0
