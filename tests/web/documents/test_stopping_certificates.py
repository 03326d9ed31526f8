"""A certificate is stopped with a reason, after reading what follows; whom it concerns hears of it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.web.documents.test_certificate_pages import enrol
from workflow.store.models import Certificate, Journal, Outbox
from workflow.store.session import unit_of_work


@pytest.fixture(autouse=True)
def english(client: Browser) -> None:
    """Tests read the texts as the code has them."""
    client.set_cookie("trinhky_language", "en")


def _rows(papers: Papers, who: str) -> list[tuple[str, str]]:
    with unit_of_work(papers.office.engine) as uow:
        person = papers.office.posts[who].person_id
        query = select(Certificate).where(Certificate.person_id == person).order_by(Certificate.id)
        rows = uow.session.scalars(query)
        return [(row.status, row.stopped_why) for row in rows]


def _told(papers: Papers, code: str) -> list[int | None]:
    with unit_of_work(papers.office.engine) as uow:
        return sorted(uow.session.scalars(select(Outbox.person_id).where(Outbox.code == code)))


def _stop_address(page: str, door: str = "certificates") -> str:
    return re.findall(rf'action="(/{door}/\d+/retire)"', page)[0]


def test_one_tap_stops_nothing(client: Browser, papers: Papers) -> None:
    """The button opens what follows: what was signed, how much waits, that a second person confirms a new one; the
    reason is chosen by nobody but the owner, and without one nothing is stopped."""
    papers.awaiting()
    page = unescape(client.login("leader").get("/certificates").text)
    form = page.split('<details class="stop">')[1].split("</details>")[0]
    assert "<summary" in form
    assert "Signatures already made with it stay as they are." in form
    assert "1 document waits for your signature and goes on waiting." in form
    assert "No other confirmed certificate can sign" in form
    assert "a second person, the administrator, has to confirm it" in form
    assert re.findall(r'name="why" value="(\w+)" id="[^"]+" required>', form) == [
        "renewed", "post_ended", "broken", "lost", "copied", "mistaken",
    ]  # fmt: skip
    refused = client.post(_stop_address(page))
    assert refused.status_code == 422
    assert "No reason was chosen" in refused.text
    assert _rows(papers, "leader") == [("confirmed", "")]


def test_what_came_of_it_is_told_afterwards(client: Browser, papers: Papers) -> None:
    """Which one, why, what waits and that nothing can sign now; the row keeps day and reason, the journal too."""
    papers.awaiting()
    page = client.login("leader").get("/certificates").text
    answer = client.post(_stop_address(page), data={"why": "broken"}, follow_redirects=True)
    told = unescape(answer.text.split('role="status"')[1].split("</div>")[0])
    assert "Stopped:" in told
    assert "The key cannot be used any more" in told
    assert "1 document waits for your signature" in told
    assert "No confirmed certificate can sign now" in told
    assert _rows(papers, "leader") == [("retired", "broken")]
    assert _told(papers, "certificate_stopped") == [], "who did it needs no message"
    with unit_of_work(papers.office.engine) as uow:
        body = uow.session.scalars(select(Journal.body).order_by(Journal.id.desc())).first()
    assert "broken" in str(body)
    again = client.get("/certificates?done=retired&stopped=999999").text
    assert 'role="status"' not in again, "an address tells of nothing that was not"


def test_a_clerk_reads_of_numbers_and_seals(client: Browser, papers: Papers) -> None:
    """What waits for the agency's key is counted, not what waits for a person."""
    papers.number_signed()
    page = unescape(client.login("clerk").get("/certificates").text)
    assert "1 document waits for the agency's number or seal" in page
    answer = client.post(_stop_address(page), data={"why": "renewed"}, follow_redirects=True)
    assert "1 document waits for the agency's number or seal" in unescape(answer.text)
    assert _told(papers, "certificate_stopped") == [papers.office.posts["leader"].person_id], "whose name it bears"


def test_an_administrator_stops_it_and_its_owner_hears(client: Browser, papers: Papers) -> None:
    """With why and by whom; the same door asks for the reason too."""
    page = client.login("admin").get("/admin/certificates?q=Lan").text
    assert client.post(_stop_address(page, "admin/certificates")).status_code == 422
    assert client.post(_stop_address(page, "admin/certificates"), data={"why": "post_ended"}).status_code == 303
    assert _told(papers, "certificate_stopped") == [papers.office.posts["leader"].person_id]
    notices = client.login("leader").get("/notices").text
    assert "stopped by Vũ Minh Khôi: its owner signs here no more" in notices
    assert "Its owner signs here no more" in client.login("admin").get("/admin/certificates?state=over").text


def test_a_lost_key_takes_all_its_certificates_along(client: Browser, papers: Papers) -> None:
    """Old and new certificate over one key; the head and the administrators hear; a quieter reason can be made
    worse later, never better; and the key is not taken again."""
    identity = papers.keys.held["leader"]
    papers.keys.issue("leader", private=identity.key, days=800)
    assert "next" in enrol(client.login("leader"), papers.keys.held["leader"])
    page = client.get("/certificates").text
    older = min(re.findall(r'action="(/certificates/\d+/retire)"', page), key=lambda one: int(one.split("/")[2]))
    client.post(older, data={"why": "renewed"})
    assert _rows(papers, "leader") == [("retired", "renewed"), ("pending", "")]
    assert "The key is lost or copied" in client.get("/certificates").text
    client.post(older, data={"why": "copied"})
    assert _rows(papers, "leader") == [("retired", "copied"), ("retired", "copied")]
    admin = papers.office.posts["admin"].person_id
    assert _told(papers, "certificate_stopped") == [admin, admin]
    assert client.post(older, data={"why": "mistaken"}).status_code == 422
    papers.keys.issue("leader", private=identity.key, days=900)
    assert enrol(client, papers.keys.held["leader"])["code"] == "key_burnt"


def test_what_waits_is_taken_back_in_other_words(client: Browser, papers: Papers) -> None:
    """It has signed nothing yet; who was refused is told, too."""
    assert "next" in enrol(client.login("head"), papers.keys.issue("head"))
    page = client.get("/certificates").text
    assert "Take the enrolment back" in page
    assert "it has signed nothing here" in page
    queue = client.login("admin").get("/admin/certificates").text
    client.post(re.findall(r'action="(/admin/certificates/\d+/refuse)"', queue)[0])
    assert _told(papers, "certificate_refused") == [papers.office.posts["head"].person_id]
    assert "refused by Vũ Minh Khôi" in client.login("head").get("/notices").text
