"""The button "Check again today" on a document's page."""

from __future__ import annotations

import datetime as dt

import pytest

from signing.testing import Revoked
from tests.support.browser import Browser, Clock
from tests.support.office import NOON
from tests.support.papers import Papers

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def english(client: Browser) -> None:
    """The words below are the English ones."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


def test_an_unchanged_answer_says_when_it_was_looked_at(client: Browser, papers: Papers, clock: Clock) -> None:
    """Pressed by a clerk: the sentence, and under the signature the moment of the last look."""
    document_id = papers.signed()
    page = client.login("clerk").get(f"/outgoing/{document_id}").text
    assert "Check again today" in page
    assert "Verdicts over time" not in page
    clock.now = NOON + HOUR / 4
    answer = client.post(f"/outgoing/{document_id}/recheck", follow_redirects=True)
    assert "every signature is judged as before" in answer.text
    assert "Last looked at 12:15 23/11/2026: unchanged" in answer.text


def test_a_changed_answer_stands_beside_the_first_with_its_cause(
    client: Browser, papers: Papers, clock: Clock
) -> None:
    """Revoked before it signed, known only later: both verdicts, each with its word, in both languages."""
    document_id = papers.signed()
    serial = papers.keys.held["leader"].certificate.serial_number
    papers.keys.publish(at=NOON + HOUR, revoked=(Revoked(serial=serial, at=NOON - HOUR),))
    clock.now = NOON + 2 * HOUR
    client.login("inspector")
    answer = client.post(f"/outgoing/{document_id}/recheck", follow_redirects=True)
    assert "the answer has changed" in answer.text
    assert "because of newer revocation data" in answer.text
    shown = client.get(f"/outgoing/{document_id}", headers={"Accept-Language": "vi"}).text
    assert "do dữ liệu thu hồi mới hơn" in shown
    assert shown.index("Khi ký") < shown.index("Kiểm tra lại, ")


def test_there_is_no_button_without_a_signature(client: Browser, papers: Papers) -> None:
    """A draft; and whoever asks all the same gets a sentence."""
    document_id = papers.draft()
    page = client.login("drafter").get(f"/outgoing/{document_id}").text
    assert "/recheck" not in page
    answer = client.post(f"/outgoing/{document_id}/recheck")
    assert answer.status_code == 422
    assert "carries no digital signature to check" in answer.text
