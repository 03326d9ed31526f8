"""The button "Check again today" on a document's page."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from signing.testing import Revoked
from tests.support.attached import annex, held
from tests.support.browser import Browser, Clock
from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.store.models import Attachment
from workflow.store.session import unit_of_work

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


def test_attachments_are_looked_at_too(client: Browser, papers: Papers, clock: Clock) -> None:
    """The button says so; their seals' answers stand on their pages in both languages, and what became of files and
    list is said by the document's."""
    document_id = papers.sealed(attach=[("I.pdf", annex("I")), ("II.pdf", annex("II"))])
    first, second = (one.row.id for one in held(papers, document_id))
    serial = papers.keys.held["commune"].certificate.serial_number
    papers.keys.publish(at=NOON + HOUR, revoked=(Revoked(serial=serial, at=NOON - HOUR),))
    papers.blobs.delete_orphan(held(papers, document_id)[1].sha256)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Attachment).where(Attachment.id == second).values(name="Khác"))
        uow.commit()
    clock.now = NOON + 2 * HOUR
    assert "The attachments are looked at too" in client.login("clerk").get(f"/outgoing/{document_id}").text
    answer = client.post(f"/outgoing/{document_id}/recheck")
    assert answer.location == f"/outgoing/{document_id}?checked=changed&lost=2&differs=1"
    page = client.get(answer.location).text
    assert "missing or damaged: 2." in page
    assert "not those that were there when the document was signed" in page
    assert "Sealed: Invalid" in page
    shown = client.get(f"/outgoing/{document_id}/attachments/{first}").text
    assert "because of newer revocation data" in shown
    words = client.get(f"/outgoing/{document_id}/attachments/{first}", headers={"Accept-Language": "vi"}).text
    assert words.index("Khi đóng dấu") < words.index("do dữ liệu thu hồi mới hơn")
    assert "Verdicts over time" not in client.get(f"/outgoing/{document_id}/attachments/{second}").text
    for made_up in ("lost=%3Cb%3E&checked=same", "lost=1234567&checked=same", "lost=2"):
        assert "missing or damaged" not in client.get(f"/outgoing/{document_id}?{made_up}").text
