"""What stands in the way of signing, over HTTP: noted where it is met, shown to whom it concerns, nowhere else."""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
from typing import Any

import pytest
from sqlalchemy import select, update

from signing.testing import Identity
from tests.support.browser import Browser, Clock
from tests.support.elsewhere import sign_elsewhere
from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.domain.people import Capacity
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services import reports
from workflow.services.signing.obstacles import note
from workflow.store import certificates
from workflow.store.models import Asking, Certificate, SigningObstacle
from workflow.store.session import unit_of_work
from workflow.web.views.obstacles import ALLOWED, LARGEST

PHONE = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1"
}


def _prepare(client: Browser, identity: Identity, documents: list[dict[str, Any]], **more: str) -> Any:
    body = {"certificate": base64.b64encode(identity.der).decode(), "chain": [], "documents": documents, **more}
    return client.post("/sign/leader/prepare", json=body, headers={"Accept": "application/json"})


def _rows(papers: Papers) -> list[tuple[int, str, int]]:
    with unit_of_work(papers.office.engine) as uow:
        rows = uow.session.scalars(select(SigningObstacle).order_by(SigningObstacle.id)).all()
        return [(row.document_id, row.kind, row.times) for row in rows]


def _tell(client: Browser, documents: Any, code: Any = "wrong_password", **more: Any) -> int:
    answer = client.post("/sign/obstacle", json={"documents": documents, "code": code, **more})
    assert answer.data == b"" or answer.status_code >= 400
    return answer.status_code


def test_the_server_notes_its_own_refusals(client: Browser, papers: Papers, clock: Clock) -> None:
    """An unknown certificate stops the act, an expired session one item, an ended certificate the next; another
    version of the document is no obstacle of signing."""
    document, key = papers.awaiting(), papers.keys.held["leader"]
    entry = {"id": document, "version": papers.row(document).version}
    client.login("leader")
    assert _prepare(client, papers.keys.held["commune"], [entry]).status_code == 403
    assert _rows(papers) == [(document, "certificate_not_enrolled", 1)]
    assert _prepare(client, key, [{**entry, "version": 99}]).json["items"][0]["code"] == "stale"
    assert len(_rows(papers)) == 1
    prepared = _prepare(client, key, [entry]).json
    clock.advance(minutes=16)
    item = {"document": document, "signature": base64.b64encode(b"late").decode()}
    late = client.post("/sign/leader/finish", json={"session": prepared["session"], "items": [item]}).json
    assert late["items"][0]["code"] == "signing_session_expired"
    assert _rows(papers)[1:] == [(document, "timed_out", 1)]
    prepared = _prepare(client.login("leader"), key, [entry]).json
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        for row in certificates.of_person(uow.session, papers.office.posts["leader"].person_id):
            row.status = "retired"
        uow.commit()
    again = {"session": prepared["session"], "documents": [entry]}
    ended = client.post("/sign/leader/prepare", json=again).json
    assert "đã ngừng dùng" in ended["items"][0]["message"]


def test_by_which_way_it_was_to_be_signed(client: Browser, papers: Papers, clock: Clock) -> None:
    """Of an act as it was begun; of none as the script names it; of other programs as their pages are."""
    document, keys = papers.awaiting(), papers.keys.held
    entry = {"id": document, "version": papers.row(document).version}
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder="token"))
        uow.commit()

    def held() -> tuple[str, str]:
        with unit_of_work(papers.office.engine) as uow:
            row = uow.session.scalars(select(SigningObstacle).order_by(SigningObstacle.last_at.desc())).first()
            assert row is not None
            return row.kind, row.holder

    client.login("leader", stepped_up=True)
    for device in (PHONE, {}):  # a script tells there that nothing can be chosen, if it is so
        page = client.get(f"/sign?documents={document}", headers=device).text
        assert re.search(
            r'<fieldset class="ways" data-obstacle-url="/sign/obstacle" data-holder="(token_|upl)', page
        )
    assert _prepare(client, keys["commune"], [entry], key_holder="token_page").status_code == 403
    assert held() == ("certificate_not_enrolled", "token_page")
    clock.advance(minutes=1)
    files = [(io.BytesIO(sign_elsewhere(papers.blobs.get(str(papers.row(document).file_sha256)), keys["commune"],
                                        at=papers.now)), "a.pdf")]  # fmt: skip
    sent: dict[str, Any] = {"documents": [str(document)], "files": files}
    client.post("/sign/leader/elsewhere", data=sent, content_type="multipart/form-data")
    assert held() == ("certificate_not_enrolled", "uploaded")
    session = _prepare(client, keys["leader"], [entry], key_holder="token_page").json["session"]
    clock.advance(minutes=16)
    item = {"document": document, "signature": base64.b64encode(b"late").decode()}
    client.post("/sign/leader/finish", json={"session": session, "items": [item]})
    assert held() == ("timed_out", "token_page")
    clock.advance(minutes=1)
    client.post("/sign/leader/agent/tickets", json={"session": session, "document": document})
    assert held() == ("timed_out", "token_agent")


def test_a_signature_that_waits_for_revocation_is_noted(client: Browser, papers: Papers, clock: Clock) -> None:
    """The lists are two days old: the signature is kept, and the page says that revocation is asked again."""
    document, key = papers.awaiting(), papers.keys.held["leader"]
    clock.advance(days=2)
    client.set_cookie("trinhky_language", "en")
    client.login("leader")
    prepared = _prepare(client, key, [{"id": document, "version": papers.row(document).version}]).json
    (item,) = prepared["items"]
    signature = key.sign(base64.b64decode(item["toBeSigned"]), raw=True)
    sent = {"document": document, "signature": base64.b64encode(signature).decode()}
    answer = client.post("/sign/leader/finish", json={"session": prepared["session"], "items": [sent]}).json
    assert answer["items"][0]["code"] == "signature_undecided"
    assert _rows(papers) == [(document, "revocation_unreachable", 1)]
    page = client.get(f"/outgoing/{document}").text
    assert "Signed, revocation not decided yet" in page
    assert "Revocation could not be asked" in page


def test_scripts_tell_and_learn_nothing(client: Browser, papers: Papers) -> None:
    """One's own waiting document counts; foreign, missing and odd ones get the same empty answer."""
    mine, others = papers.awaiting(), papers.awaiting(signer="deputy", capacity=Capacity.KT, subject="Của phó")
    client.login("leader")
    named = [mine, str(mine), f"{mine}.3", others, 999_999, -1, "x", None, {}, [mine], 1.5, "9" * 40]
    assert _tell(client, named, holder="agent") == 204
    assert [_tell(client, [mine], code) for code in ("no_file", "batch_refused", "never heard of <b>")] == [204] * 3
    assert _rows(papers) == [(mine, "pin_failed", 1), (mine, "other", 1)]
    for who in ("drafter", "clerk", "far_leader", "far_clerk"):
        assert _tell(client.login(who), [mine, others]) == 204
    assert len(_rows(papers)) == 2
    assert _tell(client.login("inspector"), [mine]) == 403
    assert _tell(client.logout(), [mine]) == 401


def test_floods_and_broken_bodies_are_refused(client: Browser, papers: Papers) -> None:
    """Without CSRF token, too large, no JSON, and more often than people meet obstacles: nothing more is kept."""
    document = papers.awaiting()
    client.login("leader")
    assert client.open("/sign/obstacle", method="POST", csrf=False, json={}).status_code == 400
    for body in ([], {"documents": 7, "code": "x"}, {"documents": [document], "code": 7}, {"code": "x"}):
        assert client.post("/sign/obstacle", json=body).status_code == 400
    assert client.post("/sign/obstacle", data=b"{", content_type="application/json").status_code == 400
    huge = {"documents": [document], "code": "x", "more": "x" * LARGEST}
    assert client.post("/sign/obstacle", json=huge).status_code == 413
    assert _rows(papers) == []
    answers = [_tell(client, [document]) for _time in range(ALLOWED + 5)]
    assert answers == [204] * ALLOWED + [429] * 5
    assert _rows(papers) == [(document, "pin_failed", ALLOWED)]
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalars(select(Asking.times)).one() == ALLOWED


@pytest.fixture
def met(papers: Papers) -> int:
    """A document of the leader, twice a wrong password, on a phone."""
    document = papers.awaiting(subject="Kế hoạch trực bão")
    for minutes in (1, 2):
        papers.now = NOON + dt.timedelta(minutes=minutes)
        papers.do(note, "leader", document_ids=[document], kind=Obstacle.PIN_FAILED, holder="pkcs12_browser",
                  device="phone")  # fmt: skip
    return document


def test_who_it_is_about_reads_it_all(client: Browser, papers: Papers, met: int) -> None:
    """The page of one's own names document, kind, moments, key and device; nobody else's page has it."""
    page = client.login("leader").get("/account/obstacles", headers={"Accept-Language": "vi"}).text
    for words in ("Sai mã PIN hoặc mật khẩu", "trên điện thoại", "Kế hoạch trực bão", "Vướng mắc khi ký số"):
        assert words in page
    for who in ("deputy", "clerk", "far_leader", "admin"):
        other = client.login(who).get("/account/obstacles").text
        assert "Kế hoạch trực bão" not in other
        assert "Sai mã PIN" not in other


def test_the_document_says_why_to_who_may_open_it(client: Browser, papers: Papers, met: int, clock: Clock) -> None:
    """The reason for everybody in reach; how often and on what for the signer and who reads the reports; gone when
    the document is signed."""
    clock.advance(minutes=5)
    client.set_cookie("trinhky_language", "vi")
    pages = {who: client.login(who).get(f"/outgoing/{met}") for who in ("leader", "clerk", "drafter", "far_leader")}
    assert pages["far_leader"].status_code == 404
    assert all("Sai mã PIN hoặc mật khẩu" in pages[who].text for who in ("leader", "clerk", "drafter"))
    assert ["trên điện thoại" in pages[who].text for who in ("leader", "clerk", "drafter")] == [True, True, False]
    assert "Caps Lock" in pages["leader"].text
    assert "Caps Lock" not in pages["clerk"].text
    papers.now = clock.now
    papers.sign("leader", "leader", papers.keys.held["leader"], met)
    assert "Sai mã PIN" not in client.login("leader").get(f"/outgoing/{met}").text


def test_reports_count_it_for_leader_and_unit(client: Browser, papers: Papers, met: int) -> None:
    """On the board with a filter that leads to the list, in its table, and not in the neighbour's."""
    cut_off = papers.now + dt.timedelta(days=1)
    with unit_of_work(papers.office.engine) as uow:
        reports.make_unsigned(uow, period="2026-11-24", cut_off=cut_off, now=cut_off)
        uow.commit()
    client.set_cookie("trinhky_language", "en")
    client.login("leader")
    board = client.get("/reports/unsigned?reason=pin_failed").text
    unit, leader = papers.office.units["commune"], papers.office.posts["leader"].person_id
    listed = f"/reports/unsigned/{unit}/2026-11-24?show=why:{leader}:pin_failed"
    assert "Wrong PIN or password" in board
    assert listed in board
    assert (
        'href="/reports/unsigned?reason=pin_failed&amp;all=1#why"' in board
    )  # as a browser reads it: two arguments
    assert "Kế hoạch trực bão" in client.get(listed).text
    assert "Kế hoạch trực bão" not in client.get(f"/reports/unsigned/{unit}/2026-11-24?show=why:0:pin_failed").text
    table = client.get("/reports/unsigned/reasons.csv?reason=pin_failed").data.decode("utf-8-sig")
    assert [line.split(";")[2:4] for line in table.splitlines()[1:]] == [["Wrong PIN or password", "1"]] * 2
    assert "Wrong PIN" not in client.get("/reports/unsigned?reason=key_locked").text.split("<table")[0]
    client.login("far_leader")
    assert "Wrong PIN" not in client.get("/reports/unsigned").text
    assert "Wrong PIN" not in client.get("/reports/unsigned/reasons.csv").text
    assert client.get(listed).status_code == 404
    assert client.login("drafter").get("/reports/unsigned/reasons.csv").status_code == 403
