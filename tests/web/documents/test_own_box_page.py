"""The page on which a signer looks at the box that another program drew, and who is told of it afterwards."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.services.test_own_boxes import _handwriting
from tests.support.boxes import Change, sign_box
from tests.support.browser import Browser, Clock
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from workflow.adapters import render
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.domain.outgoing import State
from workflow.services.documents import numbers
from workflow.store import documents
from workflow.store.session import unit_of_work


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40)


@pytest.fixture
def papers(office: Office, settings: Settings, clock: Clock) -> Papers:
    return papers_of(office, open_blobs(settings.blob_url), now=clock())


def handwritten(papers: Papers, document_id: int, change: Change = _handwriting) -> bytes:
    """Signed by another program, with a line of ink in the box."""
    with unit_of_work(papers.office.engine) as uow:
        row = next(one for one in documents.boxes_of(uow.session, document_id) if one.name == "leader")
        size = render.Size(row.right - row.left, row.top - row.bottom)
    drawn = render.leader_stamp(size, lines=(), name="Nguyễn Thị Lan", signed_at=papers.now)
    sent = papers.blobs.get(str(papers.row(document_id).file_sha256))
    return sign_box(sent, papers.keys.held["leader"], "leader", drawn, change, at=papers.now)


def brought(client: Browser, document_id: int, data: bytes) -> str:
    """Where the page leads that took the file aside."""
    sent: dict[str, Any] = {"documents": [str(document_id)], "files": [(io.BytesIO(data), "ký.pdf")]}
    page = client.post("/sign/leader/elsewhere", data=sent, content_type="multipart/form-data").text
    assert "để riêng, chờ ông/bà xem ô chữ ký." in unescape(page)
    [address] = re.findall(r'href="(/sign/sessions/[^"]+/box)"', page)
    return str(address)


def test_looked_at_and_taken(client: Browser, papers: Papers) -> None:
    """Both pictures and the question; yes takes it, and whoever numbers it is told on two pages."""
    document_id = papers.awaiting()
    client.login("leader", stepped_up=True)
    address = brought(client, document_id, handwritten(papers, document_id))
    page = unescape(client.get(address).text)
    assert "Ô có hình ảnh, đường nét hoặc màu." in page
    assert "Is this your signature?" in client.get(address, headers={"Accept-Language": "en"}).text
    for picture in (f"{address}.webp", f"{address}-ours.webp"):
        answer = client.get(picture)
        assert (answer.mimetype, answer.data[:4]) == ("image/webp", b"RIFF")
    [digest] = re.findall(r'name="looked_at" value="([0-9a-f]{64})"', page)
    refused = client.post(address, data={"looked_at": "0" * 64, "answer": "yes"})
    assert refused.status_code == 422
    assert papers.row(document_id).state == State.AWAITING_SIGNATURE
    taken = client.post(address, data={"looked_at": digest, "answer": "yes"})
    assert taken.headers["Location"].startswith(f"/outgoing/{document_id}")
    assert papers.row(document_id).state == State.SIGNED
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    client.login("clerk", stepped_up=True)
    for where in (f"/outgoing/{document_id}", f"/sign/number?documents={document_id}"):
        assert "do phần mềm khác vẽ và người ký đã xác nhận: ô có hình ảnh." in unescape(client.get(where).text)


def test_no_is_an_answer_too(client: Browser, papers: Papers) -> None:
    """The file is forgotten, the document waits, and the page has nothing to show any more."""
    document_id = papers.awaiting()
    client.login("leader", stepped_up=True)
    address = brought(client, document_id, handwritten(papers, document_id))
    answer = client.post(address, data={"looked_at": "", "answer": "no"})
    assert answer.headers["Location"] == f"/sign/leader/elsewhere?documents={document_id}"
    assert papers.row(document_id).state == State.AWAITING_SIGNATURE
    assert client.get(address).status_code == 422


def test_nobody_else_looks(client: Browser, papers: Papers, clock: Clock) -> None:
    """Not the deputy, not a neighbour, and not the signer a quarter of an hour later."""
    document_id = papers.awaiting()
    client.login("leader", stepped_up=True)
    address = brought(client, document_id, handwritten(papers, document_id))
    clock.advance(minutes=16)
    assert client.get(address).status_code in {409, 422}
    clock.advance(minutes=-16)
    for other in ("deputy", "far_leader", "clerk"):
        client.login(other, stepped_up=True)
        for where in (address, f"{address}.webp", f"{address}-ours.webp"):
            assert client.get(where).status_code == 404
        assert client.post(address, data={"looked_at": "", "answer": "yes"}).status_code == 404
    assert papers.row(document_id).state == State.AWAITING_SIGNATURE


def test_the_place_is_marked_before_the_act(client: Browser, papers: Papers) -> None:
    """Number and date, the seal, the signature: over the very page, each where its box is planned."""
    awaiting, numbered, number_signed = papers.awaiting(), papers.numbered(), papers.number_signed()
    for who, address, document_id, field, words in (
        ("leader", "/sign", awaiting, "leader", "Chữ ký của tôi"),
        ("clerk", "/sign/number", numbered, "number", "Số và ngày tháng"),
        ("clerk", "/sign/seal", number_signed, "seal", "Con dấu"),
    ):
        client.login(who, stepped_up=True)
        page = unescape(client.get(f"{address}?documents={document_id}").text)
        with unit_of_work(papers.office.engine) as uow:
            box = next(one for one in documents.boxes_of(uow.session, document_id) if one.name == field)
        [(across, along)] = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', page)
        assert (float(across), float(along)) == (round(box.left, 2), round(box.right - box.left, 2))
        assert f">{words}</text>" in page
        assert f'href="#page-{document_id}-{box.page}"' in page
