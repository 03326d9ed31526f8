"""A key that was here before: shown to who confirms, refused where it must not be used, and never made better."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from sqlalchemy import select

from signing.testing import Identity, Profile, Subject
from signing.testing.revocation import Revoked
from tests.support.browser import Browser
from tests.support.keys import FOUNDED
from tests.support.papers import Papers
from tests.web.documents.test_certificate_pages import enrol
from workflow.domain.key_holders import ALSO, Control, KeyHolder, believed
from workflow.store.models import Certificate, Journal
from workflow.store.session import unit_of_work

UNIT = "Ủy ban nhân dân xã Đồng Tâm"


@pytest.fixture(autouse=True)
def english(client: Browser) -> None:
    """Tests read the texts as the code has them."""
    client.set_cookie("trinhky_language", "en")


def _over(papers: Papers, key: Identity, who: str, *, unit: str = UNIT, days: int = 700) -> Identity:
    """Another certificate over a key, in somebody's name."""
    subject = Subject(common_name=papers.office.names[who], organisation=unit)
    return papers.keys.issuing.issue(subject, Profile.PERSON, now=FOUNDED, private=key.key, days=days)


def _as_token(client: Browser, identity: Identity) -> dict[str, str]:
    """Enrolled as lying in a USB key, whatever is true."""
    return enrol(client, identity, holder="token")


def _pending(client: Browser) -> tuple[str, str]:
    """(the card, where it is confirmed) of the only enrolment in the queue."""
    queue = unescape(client.login("admin").get("/admin/certificates").text)
    card = queue.split("<article")[1].split("</article>")[0]
    return card, next(iter(re.findall(r'action="(/admin/certificates/\d+/confirm)"', card)), "")


def _last(papers: Papers) -> Certificate:
    with unit_of_work(papers.office.engine) as uow:
        return uow.session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()  # type: ignore[return-value]


def test_a_file_becomes_no_usb_key(client: Browser, papers: Papers) -> None:
    """The second person sees whose it was, as what, since when and why it ended, and says that they read it; the
    journal has it; and whatever they saw, the key is believed no more than a file."""
    old = papers.keys.held["leader"]
    page = client.login("leader").get("/certificates").text
    client.post(re.findall(r'action="(/certificates/\d+/retire)"', page)[0], data={"why": "renewed"})
    assert "next" in _as_token(client, _over(papers, old, "leader"))
    card, confirm = _pending(client)
    assert "The same key is known here from before" in card
    assert f"the same owner · key file in the browser · enrolled on {FOUNDED:%d/%m/%Y}" in card
    assert "stopped on 23/11/2026: Another certificate took its place" in card
    assert "it counts as a key file at most" in card
    assert "control of the key: medium" in card
    assert client.post(confirm, data={"shown": "yes"}).status_code == 422
    assert client.post(confirm, data={"shown": "yes", "past_read": "yes"}).status_code == 303
    row = _last(papers)
    admin = papers.office.posts["admin"].person_id
    assert (row.status, row.proof[ALSO], row.proof["past_read_by"]) == ("confirmed", "pkcs12_browser", admin)
    assert believed(KeyHolder.TOKEN_PAGE, lies=row.holder, proof=row.proof) is Control.MEDIUM
    with unit_of_work(papers.office.engine) as uow:
        body = str(uow.session.scalars(select(Journal.body).order_by(Journal.id.desc())).first())
    assert "also_in" in body
    assert "past_read_by" in body
    assert "It counts as a key file at most" in client.login("leader").get("/certificates").text
    listed = client.login("admin").get("/admin/certificates.csv?holder=token").data.decode("utf-8-sig")
    assert "medium" in listed
    assert "strong" not in listed


def test_a_usb_key_that_turns_up_as_a_file_was_none(client: Browser, papers: Papers) -> None:
    """The other way round: the older certificate, still in use, falls with it."""
    old = papers.keys.held["leader"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        row = uow.session.scalars(select(Certificate).where(Certificate.sha256 == old.fingerprint)).one()
        row.holder, row.proof, key = "token", {"shown_to": 1}, row.id
        uow.commit()
    assert "next" in enrol(client.login("leader"), _over(papers, old, "leader"))
    with unit_of_work(papers.office.engine) as uow:
        row = uow.session.get_one(Certificate, key)
        assert row.proof[ALSO] == "pkcs12_browser"
        assert believed(KeyHolder.TOKEN_AGENT, lies="token", proof=row.proof) is Control.MEDIUM
        tags = uow.session.scalars(select(Journal.tag).where(Journal.subject == f"certificate:{key}")).all()
    assert "certificate:enrolment:also" in tags


def test_a_renewal_over_ones_own_key_asks_nothing_more(client: Browser, papers: Papers) -> None:
    """Same owner, same place, still in use: it is shown, and one button confirms."""
    assert "next" in enrol(client.login("leader"), _over(papers, papers.keys.held["leader"], "leader"))
    card, confirm = _pending(client)
    assert "The same key is known here from before" in card
    assert 'name="past_read"' not in card
    assert client.post(confirm).status_code == 303


def test_a_key_has_one_owner(client: Browser, papers: Papers) -> None:
    """Another person's key is refused under any certificate, in use or stopped; a seal's key is no person's. The
    answer says nothing of whose it is."""
    answer = enrol(client.login("head"), _over(papers, papers.keys.held["leader"], "head"))
    assert answer["code"] == "key_of_somebody_else"
    assert "Lan" not in answer["message"]
    page = client.login("leader").get("/certificates").text
    client.post(re.findall(r'action="(/certificates/\d+/retire)"', page)[0], data={"why": "post_ended"})
    assert enrol(client.login("head"), _over(papers, papers.keys.held["leader"], "head"))["code"] == (
        "key_of_somebody_else"
    )
    assert enrol(client, _over(papers, papers.keys.held["commune"], "head"))["code"] == "key_of_somebody_else"


def test_a_key_whose_certificate_was_revoked_is_not_taken(client: Browser, papers: Papers) -> None:
    """Whether it was stopped here or not: another certificate over it changes nothing."""
    old = papers.keys.held["leader"]
    since = Revoked(old.certificate.serial_number, papers.now - dt.timedelta(days=3))
    papers.keys.publish(at=papers.now + dt.timedelta(minutes=1), revoked=(since,))
    client.clock.now = papers.now + dt.timedelta(minutes=2)
    assert enrol(client.login("leader"), _over(papers, old, "leader"))["code"] == "key_revoked_before"


def test_what_came_up_while_it_waited_stops_the_second_person(client: Browser, papers: Papers) -> None:
    """The key is reported as copied after it was enrolled under another certificate: no button, no way round."""
    old = papers.keys.held["leader"]
    assert "next" in enrol(client.login("leader"), _over(papers, old, "leader"))
    _card, confirm = _pending(client)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        row = uow.session.scalars(select(Certificate).where(Certificate.sha256 == old.fingerprint)).one()
        row.status, row.retired_at, row.stopped_why = "retired", papers.now, "copied"
        uow.commit()
    card, gone = _pending(client)
    assert gone == ""
    assert "It cannot be confirmed." in card
    assert client.post(confirm, data={"past_read": "yes"}).status_code == 422
    assert _last(papers).status == "pending"


def test_a_certificate_in_another_name_is_not_enrolled(client: Browser, papers: Papers) -> None:
    """It has to name its owner; the refusal says both names."""
    stranger = papers.keys.issue("deputy")
    answer = enrol(client.login("head"), stranger)
    assert answer["code"] == "certificate_names_another"
    assert "Đặng Quốc Việt" in answer["message"]
    assert "Phạm Thị Hương Giang" in answer["message"]
    person = papers.keys.issuing.issue(
        Subject(common_name="UBND xã Yên Viễn", organisation="UBND xã Yên Viễn"), Profile.ORGANISATION, now=FOUNDED
    )
    assert enrol(client.login("clerk"), person, agency=True)["code"] == "certificate_names_another"


def test_another_unit_needs_a_reason_of_the_second_person(client: Browser, papers: Papers) -> None:
    """Both stand beside each other; who confirms writes down why it is right, kept in proof and journal."""
    key = papers.keys.issue("head")
    assert "next" in enrol(client.login("head"), _over(papers, key, "head", unit="Ủy ban nhân dân xã Cũ"))
    card, confirm = _pending(client)
    table = re.sub(r"<[^>]+>|\s+", " ", card.split("<table")[1].split("</table>")[0])
    assert re.search(r"Name\s+Phạm Thị Hương Giang\s+Phạm Thị Hương Giang\s+agrees", table)
    assert re.search(rf"Unit\s+{UNIT}[^·]*?\s+Ủy ban nhân dân xã Cũ\s+differs", table) or "differs" in table
    assert client.post(confirm).status_code == 422
    assert client.post(confirm, data={"despite": "  "}).status_code == 422
    why = "Nghị quyết sáp nhập số 12/NQ-HĐND"
    assert client.post(confirm, data={"despite": why}).status_code == 303
    assert _last(papers).proof["despite"] == why
    with unit_of_work(papers.office.engine) as uow:
        assert why in str(uow.session.scalars(select(Journal.body).order_by(Journal.id.desc())).first())


@pytest.mark.parametrize("unit", ["UBND xã Đồng Tâm", "UỶ BAN NHÂN DÂN XÃ ĐỒNG TÂM, TỈNH LAM GIANG"])
def test_the_unit_may_be_spelt_as_authorities_spell_it(client: Browser, papers: Papers, unit: str) -> None:
    """Nothing to ask the second person."""
    key = papers.keys.issue("head")
    assert "next" in enrol(client.login("head"), _over(papers, key, "head", unit=unit))
    card, confirm = _pending(client)
    assert "differs" not in card
    assert client.post(confirm).status_code == 303
