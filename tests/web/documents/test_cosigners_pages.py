"""Several signers over HTTP: chosen by the drafter, told on the document, signed in turn from each one's desk."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.elsewhere import sign_elsewhere
from tests.support.papers import Papers
from tests.web.documents.test_signing_pages import entry, finish, prepare
from workflow.config import Settings
from workflow.domain.absences import Acts
from workflow.domain.cosigning import Part
from workflow.domain.key_holders import KeyHolder
from workflow.domain.outgoing import Action, State
from workflow.services import absences
from workflow.services.signing.preparing import SignaturePurpose
from workflow.store import certificates
from workflow.store.models import Signature
from workflow.store.session import unit_of_work
from workflow.web.key_choice import PLACES
from workflow.web.preflight import WORDS
from workflow.web.verdict_words import ACT_PURPOSES, PURPOSES


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40,
        agent_url="wss://127.0.0.1:8987",
    )  # fmt: skip


@pytest.fixture
def papers(papers: Papers) -> Papers:
    """The head of another unit has a key of their own."""
    papers.keys.issue("culture_head")
    papers.keys.enrol("culture_head")
    papers.keys.publish(at=papers.now - dt.timedelta(hours=6))
    return papers


def _rows(papers: Papers, *rows: tuple[str, str, str]) -> dict[str, str]:
    found = {}
    for place, (who, part, turn) in enumerate(rows, start=1):
        post = str(papers.office.posts[who].id) if who else ""
        found |= {f"post-{place}": post, f"part-{place}": part, f"turn-{place}": turn}
    return found


def _choose(client: Browser, papers: Papers, document_id: int, *rows: tuple[str, str, str]) -> str:
    version = papers.row(document_id).version
    answer = client.login("drafter").post(
        f"/outgoing/{document_id}/cosigners", data=_rows(papers, *rows) | {"version": str(version)}
    )
    if answer.status_code == 303:
        answer = client.get(answer.headers["Location"])
    return answer.text


def _asked_for_initials(client: Browser, document_id: int) -> None:
    """The head of the other unit finds it everywhere, and is asked for initials only."""
    desk = client.login("culture_head").get("/desk").text
    assert f'href="/outgoing/{document_id}"' in client.get("/outgoing").text
    assert f'href="/outgoing/{document_id}"' in client.get("/search?q=quy+chế+phối+hợp").text
    assert "Quy chế phối hợp" in desk
    assert "Ký nháy các văn bản đã chọn" in desk
    assert "Ký cùng" not in desk, "who only puts initials is not asked for more"
    for page in (client.get(f"/outgoing/{document_id}").text, desk):
        assert re.search(r">\s*(<svg.*?</svg>\s*)?Ký nháy\s*<", page)
    assert f"/sign/cosign?documents={document_id}" in client.get(f"/outgoing/{document_id}").text
    for path in (f"/sign/cosign?documents={document_id}", f"/sign/cosign/remote?documents={document_id}"):
        page = client.get(path).text
        assert "<h1>Ký nháy" in page
        assert "Ký cùng" not in page


def _waits_for_the_deputy(client: Browser, papers: Papers, document_id: int) -> None:
    """Pages say whom it waits for, and what going back would undo."""
    tomorrow = papers.now.date() + dt.timedelta(days=1)
    papers.do(
        absences.set_own, "deputy", scoped=False, deputy_post_id=papers.office.posts["leader"].id,
        first_day=tomorrow, last_day=tomorrow, acts=Acts.PROCESSING,
        reason="Công tác",
    )  # fmt: skip
    shown = client.get(f"/outgoing/{document_id}").text
    assert "Chờ người ký trước" in shown
    assert "vắng mặt đến hết ngày" not in shown, "tomorrow only"
    assert "chữ ký của những người đã ký trước không còn giá trị" in shown
    read = client.login("leader").get(f"/desk/read/{document_id}").text
    assert "Văn bản đang chờ người ký trước" in read
    assert papers.office.names["deputy"] in read


def test_from_the_choice_to_the_signers_desk(client: Browser, papers: Papers) -> None:
    """The head of another unit reads the paper once they are named, signs from the desk, and the signer is next."""
    document_id = papers.draft(subject="Quy chế phối hợp")
    assert client.login("culture_head").get(f"/outgoing/{document_id}").status_code == 404
    page = _choose(client, papers, document_id, ("culture_head", "initials", "1"), ("deputy", "cosigner", "2"))
    assert "Mỗi người đã có vị trí ký" in page
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    assert f'href="/outgoing/{document_id}"' not in client.login("leader").get("/desk").text
    today = papers.now.date()
    papers.do(
        absences.set_own, "leader", scoped=False, deputy_post_id=papers.office.posts["deputy"].id,
        first_day=today, last_day=today, acts=Acts.PROCESSING, reason="Công tác",
    )  # fmt: skip
    client.login("deputy").post("/post", data={"post": str(papers.office.posts["leader"].id)})
    assert "Ký cùng các văn bản đã chọn" not in client.get("/desk").text, "nobody signs at another's desk"
    _asked_for_initials(client, document_id)
    identity = papers.keys.held["culture_head"]
    made = prepare(client, "cosign", identity, [entry(papers, document_id)]).get_json()
    (answer,) = finish(client, "cosign", made, identity).get_json()["items"]
    assert answer["ok"], answer
    _waits_for_the_deputy(client, papers, document_id)
    client.login("culture_head")
    page = client.get(f"/outgoing/{document_id}/cosigners").text
    assert "Đã ký" in page
    assert "Đến lượt" in page
    assert "Chữ ký nháy (ký số)" in client.get(f"/outgoing/{document_id}").text
    assert "Ký nháy <span" in client.get(f"/outgoing/{document_id}").text.split('id="history-title"')[1]
    identity = papers.keys.held["deputy"]
    client.login("deputy")
    assert "<h1>Ký cùng" in client.get(f"/sign/cosign?documents={document_id}").text
    made = prepare(client, "cosign", identity, [entry(papers, document_id)]).get_json()
    assert finish(client, "cosign", made, identity).get_json()["items"][0]["ok"]
    client.login("leader")
    identity = papers.keys.held["leader"]
    made = prepare(client, "leader", identity, [entry(papers, document_id)]).get_json()
    assert finish(client, "leader", made, identity).get_json()["items"][0]["ok"]
    assert papers.row(document_id).state == State.SIGNED
    receipt = client.get(f"/sign/receipt?documents={document_id}").text
    assert "Chữ ký của người ký cùng" in receipt
    acts = client.login("inspector").get("/admin/journal/acts")
    assert acts.status_code == 200
    assert "Chữ ký trước người ký, hoặc ký nháy" in acts.text


def test_every_purpose_has_its_words() -> None:
    """Of an act and of the signatures that come of it: a page looks each up, and fails where one has none."""
    for words in (ACT_PURPOSES, WORDS, PLACES):
        assert words.keys() >= set(SignaturePurpose)
    assert PURPOSES.keys() >= (set(SignaturePurpose) - {SignaturePurpose.COSIGN}) | set(Part)


def test_a_clerk_who_is_to_sign_enrols_a_key(client: Browser, papers: Papers) -> None:
    """Their own, beside the agency's; who signs nothing is asked for none."""
    assert 'id="own-title"' in client.login("clerk").get("/certificates").text
    assert 'id="own-title"' in client.login("culture_head").get("/certificates").text


def test_what_is_wrong_keeps_what_was_chosen(client: Browser, papers: Papers) -> None:
    """One person twice, a form of an older version, a foreign post: a sentence, and the rows as they were."""
    document_id = papers.draft()
    page = _choose(client, papers, document_id, ("deputy", "cosigner", "3"), ("deputy", "cosigner", "1"))
    assert "được chọn hai lần" in page
    assert 'id="turn-1"' in page
    assert "<option selected>3</option>" in page
    data = _rows(papers, ("deputy", "cosigner", "1"))
    stale = client.post(f"/outgoing/{document_id}/cosigners", data=data | {"version": "99"})
    assert stale.status_code == 409
    foreign = client.post(
        f"/outgoing/{document_id}/cosigners",
        data={"post-1": str(papers.office.posts["far_leader"].id), "part-1": "cosigner", "turn-1": "1",
              "version": str(papers.row(document_id).version)},
    )  # fmt: skip
    assert foreign.status_code in {400, 404, 422}
    odd = client.post(f"/outgoing/{document_id}/cosigners", data={"post-1": "x", "part-1": "seal", "version": "1"})
    assert odd.status_code == 400
    assert (
        "Văn bản này không có người ký cùng hoặc ký nháy"
        in client.login("clerk").get(f"/outgoing/{document_id}/cosigners").text
    )


def test_read_at_the_desk_and_signed_by_another_program(client: Browser, papers: Papers) -> None:
    """The reader shows the pages with one's own box; ticked papers are signed as a turn; the file comes back by
    hand or by a program, in one's own field."""
    one, two = (_laid_before_culture_head(client, papers, part) for part in ("initials", "cosigner"))
    hers = client.login("leader").get(f"/desk/read/{one}").text
    assert "Chuyển đến cấp phó khi những người ký trước đã ký xong." in hers
    client.login("culture_head")
    assert 'href="/desk/read"' in client.get("/desk").text
    page = client.get(client.get("/desk/read").headers["Location"]).text
    assert f'action="/desk/read/{one}/acts/decline"' in page
    assert "Đến lượt ký trước người ký chính: ký nháy" in page
    assert '<g class="sign-here"><rect' in page
    assert "/agree" not in page, "agreeing with the proposal is its signer's"
    assert f'href="/desk/read/{two}?ticked={one}"' in page
    end = client.get(f"/desk/read/end?ticked={one}.{two}").text
    assert f'href="/sign/cosign?documents={one}&amp;documents={two}"' in end
    assert f'href="/sign/cosign/elsewhere?documents={one}&amp;' in client.get(f"/sign/cosign?documents={one}").text
    assert "ô ký: initials-1" in client.get(f"/sign/cosign/elsewhere?documents={one}").text
    given = client.get(f"/sign/cosign/elsewhere/{one}.pdf").data
    signed = sign_elsewhere(given, papers.keys.held["culture_head"], "initials-1", at=papers.now)
    sent = {"documents": [str(one)], "files": [(io.BytesIO(signed), "a.pdf")]}
    answer = client.post("/sign/cosign/elsewhere", data=sent, content_type="multipart/form-data")
    assert "Đã nhận 1 trong 1 tệp" in answer.text
    _by_the_agent(client, papers, two)
    form = {"version": str(papers.row(one).version), "ticked": "", "remark": "Sai căn cứ"}
    assert client.post(f"/desk/read/{one}/acts/decline", data=form).status_code == 422, "signed already"
    with unit_of_work(papers.office.engine) as uow:
        assert set(uow.session.scalars(select(Signature.field))) == {"initials-1", "cosigner-1"}


def _laid_before_culture_head(client: Browser, papers: Papers, part: str) -> int:
    document_id = papers.draft(subject=part)
    _choose(client, papers, document_id, ("culture_head", part, "1"))
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    return document_id


def _by_the_agent(client: Browser, papers: Papers, document_id: int) -> None:
    key = papers.keys.held["culture_head"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        found = certificates.live(uow.session, key.fingerprint)
        assert found is not None
        found.holder, found.proof = KeyHolder.TOKEN, {"shown_to": 1}
        uow.commit()
    page = client.get(f"/sign/cosign/agent?documents={document_id}").text
    assert 'data-begin-url="/sign/cosign/agent/begin"' in page

    def ask(path: str, **body: object) -> dict[str, Any]:
        told: dict[str, Any] = client.post(f"/sign/cosign/agent/{path}", json=body).get_json()
        return told

    listed = [{"id": document_id, "version": papers.row(document_id).version}]
    session = ask("begin", certificate=found.id, documents=listed)["session"]
    told = ask("tickets", session=session, document=document_id)
    assert told["field"] == "cosigner-1"
    fetch, bring = (told[way].removeprefix("http://localhost") for way in ("fetch", "bring"))
    signed = sign_elsewhere(client.get(fetch).data, key, told["field"], at=papers.now)
    assert client.put(bring, data=signed).status_code == 200
    assert ask("take", session=session, document=document_id)["ok"] is True


def test_a_key_that_cannot_sign_beside_is_not_denied(client: Browser, papers: Papers) -> None:
    """Whoever has a confirmed certificate, of a kind without a way to sign so, is told that, and no other thing."""
    document_id = papers.draft()
    _choose(client, papers, document_id, ("culture_head", "cosigner", "1"))
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        found = certificates.live(uow.session, papers.keys.held["culture_head"].fingerprint)
        assert found is not None
        found.holder = KeyHolder.REMOTE_CSC  # of a service that is not set up here
        uow.commit()
    page = client.login("culture_head").get(f"/sign/cosign?documents={document_id}").text
    assert "không ký được chữ ký này bằng các cách ký đang có ở đây" in page
    assert "chưa có chứng thư" not in page
    remote = client.get(f"/sign/cosign/remote?documents={document_id}").text
    assert 'href="/certificates/remote"' in remote
