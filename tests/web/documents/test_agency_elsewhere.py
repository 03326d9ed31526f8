"""The clerk's pages of number and seal for files that other programs sign: by hand, and through the program."""

from __future__ import annotations

import base64
import io
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.boxes import sign_box
from tests.support.browser import Browser, Clock
from tests.support.office import Office
from tests.support.papers import Papers, letter, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.domain.outgoing import State
from workflow.store import attachments
from workflow.store.models import AttachmentSeal, Certificate
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


def _on_token(papers: Papers) -> None:
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder="token", proof={"shown_to": 1}))
        uow.commit()


def test_numbers_brought_by_hand(client: Browser, papers: Papers, clock: Clock) -> None:
    """Copy and picture are downloaded, several files come back later; another's picture is not taken."""
    one, two = papers.numbered(), papers.numbered(subject="V/v việc khác")
    client.login("clerk", stepped_up=True)
    asked = f"documents={one}&documents={two}"
    assert f'href="/sign/number/elsewhere?documents={one}&amp;' in client.get(f"/sign/number?{asked}").text
    page = client.get(f"/sign/number/elsewhere?{asked}").text
    assert "Tải hình của ô ký" in page
    assert f'href="/sign/number/elsewhere/{one}/drawing.pdf"' in page
    key = papers.keys.held["commune"]
    own = {k: client.get(f"/sign/number/elsewhere/{k}/drawing.pdf").data for k in (one, two)}
    copies = {k: client.get(f"/sign/number/elsewhere/{k}.pdf").data for k in (one, two)}
    clock.advance(minutes=7)
    files = [
        (io.BytesIO(sign_box(copies[one], key, "number", own[one])), "a.pdf"),
        (io.BytesIO(sign_box(copies[two], key, "number", own[one])), "b.pdf"),
    ]
    sent: dict[str, Any] = {"documents": [str(one), str(two)], "files": files}
    answer = client.post("/sign/number/elsewhere", data=sent, content_type="multipart/form-data").text
    assert "Đã nhận 1 trong 2 tệp" in answer
    assert "Trong ô ký là hình khác, không phải hình đã cấp." in answer
    assert client.login("drafter").get(f"/sign/number/elsewhere/{one}/drawing.pdf").status_code == 403


def test_a_seal_and_those_of_its_attachments_through_the_program(client: Browser, papers: Papers) -> None:
    """One after the other with the picture of each."""
    document_id = papers.number_signed(attach=[("phụ lục.pdf", letter("Phụ lục"))])
    _on_token(papers)
    client.login("clerk", stepped_up=True)
    assert 'value="token_agent"' in client.get(f"/sign/seal?documents={document_id}").text
    page = client.get(f"/sign/seal/agent?documents={document_id}").text
    assert "Hỏi mã PIN 2 lần, mỗi tệp một lần" in page
    assert "(2)</button>" in page
    key = papers.keys.held["commune"]
    with unit_of_work(papers.office.engine) as uow:
        certificate = uow.session.scalars(select(Certificate.id).where(Certificate.der == key.der)).one()
        [attached] = attachments.unsealed(uow.session, document_id)
    version = papers.row(document_id).version

    def ask(path: str, **body: object) -> dict[str, Any]:
        told: dict[str, Any] = client.post(f"/sign/seal/agent/{path}", json=body).get_json()
        return told

    names = [f"{document_id}.{attached}", document_id]
    begun = ask("begin", certificate=certificate, documents=[{"id": name, "version": version} for name in names])
    assert [item["ok"] for item in begun["items"]] == [True, True]
    drawings = {}
    for name in names:
        told = ask("tickets", session=begun["session"], document=name)
        fetch, bring = (told[way].removeprefix("http://localhost") for way in ("fetch", "bring"))
        drawings[name] = base64.b64decode(told["drawing"])
        given = client.get(fetch).data
        if name == document_id:
            assert told["field"] == "seal"
            forged = sign_box(given, key, told["field"], drawings[names[0]])
            assert client.put(bring, data=forged).status_code == 200
            refused = ask("take", session=begun["session"], document=name)
            assert refused["code"] in {"returned_box_other", "returned_box_moved"}
            told = ask("tickets", session=begun["session"], document=name)
            bring = told["bring"].removeprefix("http://localhost")
        assert client.put(bring, data=sign_box(given, key, told["field"], drawings[name])).status_code == 200
        assert ask("take", session=begun["session"], document=name)["ok"] is True
    assert papers.row(document_id).state == State.SEALED
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalars(select(AttachmentSeal.key_holder)).all() == ["token_agent"]


def test_seals_of_attachments_brought_by_hand(client: Browser, papers: Papers, clock: Clock) -> None:
    """Known by content, the same annex of two papers by the number in its seal. What is refused stops nothing,
    what was taken stays; an older moment, another signer and another drawing are told."""
    annex = letter("Phụ lục")
    ids = [papers.number_signed(attach=[("I.pdf", annex), ("II.pdf", letter("Phụ lục II"))]) for _ in range(2)]
    asked = "&".join(f"documents={one}" for one in ids)
    client.login("clerk", stepped_up=True)
    with unit_of_work(papers.office.engine) as uow:
        parts = {one: attachments.unsealed(uow.session, one) for one in ids}
    names = [f"{one}/{part}" for one in ids for part in parts[one]] + [str(one) for one in ids]

    def down(tail: str) -> dict[str, bytes]:
        return {name: client.get(f"/sign/seal/elsewhere/{name}{tail}").data for name in names}

    def signed(name: str, pictures: dict[str, bytes], who: str = "commune", *, of: str = "") -> bytes:
        field = "attachment" if "/" in name else "seal"
        return sign_box(copies[name], papers.keys.held[who], field, pictures[of or name])

    def bring(*files: bytes) -> str:
        sent: dict[str, Any] = {
            "documents": [str(one) for one in ids],
            "files": [(io.BytesIO(data), f"{place}.pdf") for place, data in enumerate(files)],
        }
        return client.post("/sign/seal/elsewhere", data=sent, content_type="multipart/form-data").text

    page = client.get(f"/sign/seal/elsewhere?{asked}").text
    assert all(f'href="/sign/seal/elsewhere/{name}' in page for name in names)
    copies, old = down(".pdf"), down("/drawing.pdf")
    assert copies[names[0]] == copies[names[2]]
    clock.advance(minutes=50)
    client.login("clerk", stepped_up=True)
    pictures = down("/drawing.pdf")
    clock.advance(minutes=11)
    good = signed(names[2], pictures)
    told = bring(
        signed(names[4], pictures), good, signed(names[0], old),
        signed(names[1], pictures, "leader"), signed(names[3], pictures, of=names[5]),
    )  # fmt: skip
    assert "Đã nhận 1 trong 5 tệp" in told
    for words in (
        "Thời điểm ký trong ô ký của phụ lục đã quá một giờ", "Ô ký của phụ lục không ghi thời điểm ký.",
        "đã đăng ký cho người khác", "Còn tệp kèm theo chưa được đóng dấu số.",
    ):  # fmt: skip
        assert words in unescape(told), words
    with unit_of_work(papers.office.engine) as uow:
        [first] = uow.session.scalars(select(AttachmentSeal))
        assert (first.document_id, first.attachment_id) == (ids[1], parts[ids[1]][0])
        assert (first.key_holder, first.conclusion) == ("uploaded", "passed")
    told = bring(*(good if name == names[2] else signed(name, pictures) for name in reversed(names)))
    assert "Đã nhận 6 trong 6 tệp" in told
    assert told.count("Tệp này đã được nhận trước đó") == 1
    assert {papers.row(one).state for one in ids} == {State.SEALED}
