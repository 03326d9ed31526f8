"""The pages of files that other programs sign: brought by hand, and by a program on the signer's computer."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from signing.testing import Identity
from tests.support.browser import Browser, Clock
from tests.support.elsewhere import sign_elsewhere, with_note
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.domain.key_holders import Control, KeyHolder
from workflow.domain.outgoing import State
from workflow.store import key_minimums
from workflow.store.models import Certificate, Signature, SigningItem, SigningTicket
from workflow.store.session import unit_of_work


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40,
        agent_url="wss://127.0.0.1:8987",
    )  # fmt: skip


@pytest.fixture
def papers(office: Office, settings: Settings, clock: Clock) -> Papers:
    return papers_of(office, open_blobs(settings.blob_url), now=clock())


@pytest.fixture
def on_token(papers: Papers) -> dict[str, int]:
    """Everybody's key lies on a token: certificate by its owner's short name."""
    return _moved_to_token(papers)


def _moved_to_token(papers: Papers) -> dict[str, int]:
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder="token", proof={"shown_to": 1}))
        rows = uow.session.scalars(select(Certificate)).all()
        found = {name: row.id for row in rows for name, key in papers.keys.held.items() if key.der == row.der}
        uow.commit()
    return found


def _key(papers: Papers, name: str = "leader") -> Identity:
    return papers.keys.held[name]


def test_several_files_brought_at_once(client: Browser, papers: Papers) -> None:
    """Known by their content whatever their names; each says what came of it; what is left can be brought again."""
    one, two = papers.awaiting(), papers.awaiting(subject="V/v việc khác")
    client.login("leader", stepped_up=True)
    page = client.get(f"/sign/leader/elsewhere?documents={one}&documents={two}")
    assert "Tải bản để ký" in page.text
    copies = {key: client.get(f"/sign/leader/elsewhere/{key}.pdf").data for key in (one, two)}
    assert copies[one] == papers.blobs.get(str(papers.row(one).file_sha256))
    files = [
        (io.BytesIO(sign_elsewhere(copies[one], _key(papers), at=papers.now)), "văn bản hai.pdf"),
        (io.BytesIO(sign_elsewhere(with_note(copies[two]), _key(papers), at=papers.now)), "một.pdf"),
        (io.BytesIO(b"\x00" * 2000), "ảnh.png"),
    ]
    sent: dict[str, Any] = {"documents": [str(one), str(two)], "files": files}
    answer = client.post("/sign/leader/elsewhere", data=sent, content_type="multipart/form-data")
    text = unescape(answer.text)
    assert answer.status_code == 200
    assert "Đã nhận 1 trong 3 tệp" in text
    assert "Có ghi chú hoặc hình vẽ được thêm vào văn bản." in text
    assert "Đây không phải tệp PDF." in text
    assert (papers.row(one).state, papers.row(two).state) == (State.SIGNED, State.AWAITING_SIGNATURE)
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalars(select(Signature.key_holder)).all() == [KeyHolder.UPLOADED]
    again = {"documents": [str(one)], "files": [(io.BytesIO(files_data(papers, one)), "lần nữa.pdf")]}
    answer = client.post("/sign/leader/elsewhere", data=again, content_type="multipart/form-data")
    assert "Tệp này đã được nhận trước đó" in unescape(answer.text)


def files_data(papers: Papers, document_id: int) -> bytes:
    """The file as it stands."""
    return papers.blobs.get(str(papers.row(document_id).file_sha256))


def test_only_whoever_may_sign_it(client: Browser, papers: Papers, clock: Clock) -> None:
    """Copies are for the signer or the clerk, and a file is taken with a factor of this half hour."""
    document_id = papers.awaiting()
    good = sign_elsewhere(files_data(papers, document_id), _key(papers), at=papers.now)
    client.login("deputy", stepped_up=True)
    assert client.get(f"/sign/leader/elsewhere/{document_id}.pdf").status_code == 422
    client.login("far_clerk", stepped_up=True)
    assert client.get(f"/sign/leader/elsewhere/{document_id}.pdf").status_code == 404
    client.login("leader", stepped_up=True)
    clock.advance(minutes=31)
    sent: dict[str, Any] = {"documents": [str(document_id)], "files": [(io.BytesIO(good), "a.pdf")]}
    client.post("/sign/leader/elsewhere", data=sent, content_type="multipart/form-data")
    assert papers.row(document_id).state == State.AWAITING_SIGNATURE


def test_no_heap_of_files(client: Browser, papers: Papers) -> None:
    """More files than documents fit into an act are not looked at."""
    document_id = papers.awaiting()
    client.login("leader", stepped_up=True)
    heap = [(io.BytesIO(b"x"), f"{n}.pdf") for n in range(101)]
    sent: dict[str, Any] = {"documents": [str(document_id)], "files": heap}
    answer = client.post("/sign/leader/elsewhere", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "100" in answer.text


def _json(client: Browser, path: str, body: dict[str, object]) -> dict[str, Any]:
    found: dict[str, Any] = client.post(path, json=body, headers={"Accept": "application/json"}).get_json()
    return found


def test_tickets_open_one_file_once(
    client: Browser, papers: Papers, on_token: dict[str, int], clock: Clock
) -> None:
    """No cookie is needed; wrong way, second use, another's ticket and six minutes later are all 404."""
    one, two = papers.awaiting(), papers.awaiting(subject="V/v việc khác")
    client.login("leader", stepped_up=True)
    page = client.get(f"/sign/leader/agent?documents={one}")
    assert "connect-src 'self' wss://127.0.0.1:8987;" in page.headers["Content-Security-Policy"]
    assert "8987" not in client.get("/desk").headers["Content-Security-Policy"]
    listed = [{"id": key, "version": papers.row(key).version} for key in (one, two)]
    begun = _json(client, "/sign/leader/agent/begin", {"certificate": on_token["leader"], "documents": listed})
    assert [item["ok"] for item in begun["items"]] == [True, True]
    session = begun["session"]
    tickets = {
        key: _json(client, "/sign/leader/agent/tickets", {"session": session, "document": key})
        for key in (one, two)
    }
    program = FlaskClient(client.application)
    path = {key: told["fetch"].removeprefix("http://localhost") for key, told in tickets.items()}
    back = {key: told["bring"].removeprefix("http://localhost") for key, told in tickets.items()}
    assert program.head(path[one]).status_code == 405
    got = program.get(path[one])
    assert got.data == files_data(papers, one)
    assert got.headers["Cache-Control"] == "no-store"
    assert program.get(path[one]).status_code == 404
    assert program.get(back[one] + ".pdf").status_code == 404
    assert program.put(path[two].removesuffix(".pdf"), data=b"x").status_code == 404
    signed = sign_elsewhere(got.data, _key(papers), at=papers.now)
    assert program.put(back[one], data=bytes(len(got.data) + (9 << 20))).status_code in {413, 422}
    told = _json(client, "/sign/leader/agent/take", {"session": session, "document": one})
    assert told["code"] == "agent_brought_nothing"
    assert program.put(back[two], data=signed).status_code == 200  # another's ticket: it is another document there
    told = _json(client, "/sign/leader/agent/take", {"session": session, "document": two})
    assert told["code"] == "returned_other_bytes"
    assert program.post(back[one], data={"uploadfile": (io.BytesIO(signed), "a.pdf")}).status_code == 200
    assert program.put(back[one], data=signed).status_code == 404
    assert papers.row(one).state == State.AWAITING_SIGNATURE  # a ticket moves no document
    told = _json(client, "/sign/leader/agent/take", {"session": session, "document": one})
    assert told["ok"] is True
    assert papers.row(one).state == State.SIGNED
    with unit_of_work(papers.office.engine) as uow:
        row = uow.session.scalars(select(Signature)).one()
        kept = uow.session.scalars(select(SigningTicket.ticket_hash)).all()
    assert (row.key_holder, row.control) == (KeyHolder.TOKEN_AGENT, Control.STRONG)
    assert not any(path[one].split("/")[-1].removesuffix(".pdf") in one_hash for one_hash in kept)
    gone = _json(client, "/sign/leader/agent/tickets", {"session": session, "document": two})
    assert client.post("/logout").status_code == 303
    assert program.get(gone["fetch"].removeprefix("http://localhost")).status_code == 404
    client.login("leader", stepped_up=True)
    begun = _json(client, "/sign/leader/agent/begin", {"certificate": on_token["leader"], "documents": listed[1:]})
    session = begun["session"]
    late = _json(client, "/sign/leader/agent/tickets", {"session": session, "document": two})
    clock.advance(minutes=6)
    assert program.get(late["fetch"].removeprefix("http://localhost")).status_code == 404


def test_what_came_back_outlives_the_page(client: Browser, papers: Papers, on_token: dict[str, int]) -> None:
    """The page died after the program brought its file: a new one finds it and asks for no second PIN."""
    document_id = papers.awaiting()
    begin = {
        "certificate": on_token["leader"],
        "documents": [{"id": document_id, "version": papers.row(document_id).version}],
    }
    client.login("leader", stepped_up=True)
    session = _json(client, "/sign/leader/agent/begin", begin)["session"]
    told = _json(client, "/sign/leader/agent/tickets", {"session": session, "document": document_id})
    program = FlaskClient(client.application)
    signed = sign_elsewhere(files_data(papers, document_id), _key(papers), at=papers.now)
    assert program.put(told["bring"].removeprefix("http://localhost"), data=signed).status_code == 200
    begun = _json(client, "/sign/leader/agent/begin", begin)
    assert begun["items"] == [{"document": document_id, "ok": True, "brought": True}]
    other = client.application.test_client()
    assert isinstance(other, Browser)
    other.engine, other.clock, other.office = client.engine, client.clock, client.office
    other.login("deputy", stepped_up=True)
    asked = {"session": begun["session"], "document": document_id}
    assert _json(other, "/sign/leader/agent/take", asked)["code"] == "signing_session_not_found"
    assert _json(client, "/sign/leader/agent/take", asked)["ok"] is True


def test_a_minimum_is_asked_before_anything_is_given_away(
    client: Browser, papers: Papers, on_token: dict[str, int]
) -> None:
    """Of a way whose control is unknown: the page leaves the paper out, no file of it is taken; a letter is."""
    plain, decision = papers.awaiting(), papers.awaiting(type_code="decision")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        key_minimums.replace(uow.session, papers.row(decision).agency_id, {"decision": Control.STRONG})
        uow.commit()
    asked = f"documents={plain}&documents={decision}"
    client.login("leader", stepped_up=True)
    page = unescape(client.get(f"/sign/leader/elsewhere?{asked}").text)
    assert (f"/elsewhere/{plain}.pdf" in page, f"/elsewhere/{decision}.pdf" in page) == (True, False)
    assert "Loại văn bản này chỉ được ký bằng khóa có mức kiểm soát" in page
    assert f'data-document="{decision}"' in client.get(f"/sign/leader/agent?{asked}").text
    signed = sign_elsewhere(files_data(papers, decision), _key(papers), at=papers.now)
    sent: dict[str, Any] = {"documents": [str(decision)], "files": [(io.BytesIO(signed), "a.pdf")]}
    answer = client.post("/sign/leader/elsewhere", data=sent, content_type="multipart/form-data")
    assert "Loại văn bản này chỉ được ký bằng khóa có mức kiểm soát" in unescape(answer.text)
    with unit_of_work(papers.office.engine) as uow:
        assert not uow.session.scalars(select(SigningItem.id).where(SigningItem.document_id == decision)).all()


def test_the_program_is_offered_where_it_is_set_up(client: Browser, papers: Papers) -> None:
    """Its card leads to its page, which begins with the certificate of the card, whichever lasts longest."""
    older = papers.keys.held["leader"].fingerprint
    papers.keys.issue("leader", days=1500, serial=77)
    papers.keys.enrol("leader")
    _moved_to_token(papers)
    with unit_of_work(papers.office.engine) as uow:
        key = uow.session.scalars(select(Certificate.id).where(Certificate.sha256 == older)).one()
    client.login("leader", stepped_up=True)
    document_id = papers.awaiting()
    page = client.get(f"/sign?documents={document_id}").text
    assert 'value="token_agent"' in page
    (first,) = re.findall(rf'href="(/sign/leader/agent[?]documents={document_id}&amp;certificate=\d+)"', page)
    assert f"certificate={key}" not in first
    page = client.get(f"/sign/leader/agent?documents={document_id}&certificate={key}").text
    assert f'value="{key}" checked' in page
    assert page.count(" checked>") == 1
