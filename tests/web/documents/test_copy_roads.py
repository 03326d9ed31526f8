"""The clerk's pages for copies sealed by another program, through the program, and with the key on the server."""

from __future__ import annotations

import base64
import dataclasses
import io
import re
import threading
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.boxes import sign_box
from tests.support.browser import Browser, Clock
from tests.support.copied import arrived, numbered, row, scan
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.domain.copies import FIELD, Form
from workflow.sealer import Sealer, listen
from workflow.store.models import Certificate, Unit
from workflow.store.session import unit_of_work


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40,
        agent_url="wss://127.0.0.1:8987", seal_socket=str(tmp_path / "s"),
    )  # fmt: skip


@pytest.fixture
def papers(office: Office, settings: Settings, clock: Clock) -> Papers:
    return papers_of(office, open_blobs(settings.blob_url), now=clock())


def test_brought_by_hand(client: Browser, papers: Papers, clock: Clock) -> None:
    """Pictures of one moment for both; one file is of the other's picture; after half an hour it begins anew."""
    one, two = numbered(papers), numbered(papers, form=Form.RECOPY, scan=scan(dpi=220))
    client.login("clerk", stepped_up=True)
    asked = f"documents={one}&documents={two}"
    assert f'href="/sign/copy/elsewhere?documents={one}&amp;' in client.get(f"/sign/copy?{asked}").text
    address = client.get(f"/sign/copy/elsewhere?{asked}").headers["Location"]
    page = client.get(address).text
    own = {key: client.get(_picture(page, key)).data for key in (one, two)}
    pages = {key: client.get(f"/sign/copy/elsewhere/{key}.pdf").data for key in (one, two)}
    clock.advance(minutes=7)
    key = papers.keys.held["commune"]
    files = [
        (io.BytesIO(sign_box(pages[one], key, FIELD, own[one])), "a.pdf"),
        (io.BytesIO(sign_box(pages[two], key, FIELD, own[one])), "b.pdf"),
    ]
    answer = client.post(
        address, data={"documents": [str(one), str(two)], "files": files}, content_type="multipart/form-data"
    ).text
    assert "Đã nhận 1 trong 2 tệp" in answer
    assert "Trong ô ký là hình khác, không phải hình đã cấp." in answer
    assert [row(papers, key).state for key in (one, two)] == ["done", "numbered"]
    clock.advance(minutes=24)
    assert client.get(_picture(page, two)).status_code == 404
    assert client.get(address).status_code == 302
    assert client.login("drafter").get(f"/sign/copy/elsewhere/{two}.pdf").status_code == 403


def _picture(page: str, key: int) -> str:
    found = re.search(rf'href="(/sign/copy/elsewhere/{key}/drawing\.pdf[^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_through_the_program(client: Browser, papers: Papers) -> None:
    """The page names the program's doors and no obstacle of documents; a forged box is refused and tried again."""
    copy_id, key = numbered(papers), papers.keys.held["commune"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder="token", proof={"shown_to": 1}))
        uow.commit()
        certificate = uow.session.scalars(select(Certificate.id).where(Certificate.der == key.der)).one()
    client.login("clerk", stepped_up=True)
    page = client.get(f"/sign/copy/agent?documents={copy_id}").text
    assert 'data-begin-url="/sign/copy/agent/begin"' in page
    assert "/sign/obstacle" not in page

    def ask(path: str, **body: object) -> dict[str, Any]:
        told: dict[str, Any] = client.post(f"/sign/copy/agent/{path}", json=body).get_json()
        return told

    begun = ask(
        "begin", certificate=certificate, documents=[{"id": copy_id, "version": row(papers, copy_id).version}]
    )
    assert begun["items"] == [{"document": copy_id, "ok": True, "brought": False}]
    session = {"session": begun["session"], "document": copy_id}
    for forged in (True, False):
        told = ask("tickets", **session)
        fetch, bring = (told[way].removeprefix("http://localhost") for way in ("fetch", "bring"))
        given, drawing = client.get(fetch).data, base64.b64decode(told["drawing"])
        shown = client.get(f"/copies/{copy_id}/content").data if forged else drawing
        assert client.put(bring, data=sign_box(given, key, told["field"], shown)).status_code == 200
        taken = ask("take", **session)
        assert taken.get("ok", False) is not forged, taken
    assert (row(papers, copy_id).state, row(papers, copy_id).key_holder) == ("done", "token_agent")


def test_with_the_key_on_the_server(client: Browser, papers: Papers, settings: Settings, clock: Clock) -> None:
    """Where the head allowed it, at one press."""

    @dataclasses.dataclass
    class Key:
        certificate: bytes

        def sign(self, data: bytes) -> bytes:
            return papers.keys.held["commune"].sign(data, raw=True)

    arrival, agency = arrived(papers), papers.office.units["commune"]
    copy_id, left = numbered(papers, incoming_id=arrival), numbered(papers, incoming_id=arrival, form=Form.RECOPY)
    client.login("clerk", stepped_up=True)
    assert 'action="/sign/copy/server"' not in client.get(f"/sign/copy?documents={copy_id}").text
    assert client.post("/sign/copy/server", data={"documents": [str(copy_id)]}).status_code == 403
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, agency).server_seal = True
        uow.commit()
    sealer = Sealer(
        papers.office.engine, papers.blobs, {agency: Key(papers.keys.held["commune"].der)}, clock, cap=1
    )
    stop = threading.Event()
    thread = threading.Thread(target=listen, args=(sealer, settings.seal_socket, stop))
    thread.start()
    while not Path(settings.seal_socket).exists():
        assert thread.is_alive()
    assert 'action="/sign/copy/server"' in client.get(f"/sign/copy?documents={copy_id}").text
    page = client.post("/sign/copy/server", data={"documents": [str(copy_id), str(left)]}).text
    stop.set()
    thread.join()
    assert "1" in page[page.index("alert-warning") :][:200]
    assert [row(papers, key).state for key in (copy_id, left)] == ["done", "numbered"]
    assert row(papers, copy_id).key_holder == "server_seal"
