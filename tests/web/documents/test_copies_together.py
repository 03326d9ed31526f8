"""Several copies at once over HTTP: from the register, by a remote key, after a break; of papers now secret."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.boxes import sign_box
from tests.support.browser import Browser, Clock
from tests.support.copied import act, arrived, asked, numbered, row
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from tests.support.remote_services import SmartCa, Telephone, running
from tests.web.documents.test_remote_signing_pages import JSON
from tests.web.documents.test_signing_act_pages import NONCE, hashed
from tests.web.documents.test_signing_pages import b64
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.domain.copies import Form
from workflow.domain.key_holders import KeyHolder
from workflow.domain.signing_acts import Line, manifest
from workflow.services import copies
from workflow.store import certificates
from workflow.store.models import Certificate, Incoming, SigningSession
from workflow.store.session import unit_of_work


@pytest.fixture
def service() -> Iterator[Telephone]:
    """A SmartCA; its key is the agency's."""
    with running(SmartCa()) as made:
        yield made


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, service: Telephone) -> Settings:
    return Settings(
        database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40,
        remote_signing=json.dumps([service.setting]), agent_url="wss://127.0.0.1:8987",
    )  # fmt: skip


@pytest.fixture
def papers(office: Office, settings: Settings, clock: Clock) -> Papers:
    return papers_of(office, open_blobs(settings.blob_url), now=clock())


def held_at(papers: Papers, service: Telephone) -> int:
    """The agency's key lies at the service."""
    service.identity = papers.keys.held["commune"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        found = certificates.live(uow.session, service.identity.fingerprint)
        assert found is not None
        found.holder = KeyHolder.REMOTE_REST
        found.held = {"provider": service.name, "account": service.account,
                      "credential": f"{service.identity.serial:x}"}  # fmt: skip
        uow.commit()
        return found.id


def three(papers: Papers) -> list[int]:
    """Of one arrival, in each form."""
    arrival = arrived(papers)
    return [numbered(papers, incoming_id=arrival, form=form, pages="1") for form in Form]


def test_approved_and_numbered_from_the_register(client: Browser, papers: Papers) -> None:
    """Ticked together, each by itself: one that moved is told with why, the others are done; on to the seal."""
    client.set_cookie("trinhky_language", "en")
    arrival = arrived(papers)
    chosen = [asked(papers, incoming_id=arrival, form=form, pages="1") for form in Form]
    page = client.login("leader").get("/copies?state=asked").text
    ticks = re.findall(r'name="documents" value="(\d+:\d+)" form="together-approve"', page)
    assert sorted(int(one.partition(":")[0]) for one in ticks) == chosen
    act(papers, "leader", copies.decline, chosen[2], reason="Không cần")
    told = client.post("/copies/approve", data={"documents": ticks}).text
    assert "2 of 3 copies approved" in told
    assert "acted on since you opened the page" in told
    assert "No copy was ticked." in client.post("/copies/approve", data={"documents": ["x", "1:"]}).text
    assert client.post("/copies/number", data={"documents": ticks}).status_code == 403
    client.login("clerk")
    page = client.get("/copies?state=approved").text
    ticks = re.findall(r'value="(\d+:\d+)" form="together-number"', page)
    told = client.post("/copies/number", data={"documents": ticks}).text
    assert "2 of 2 copies numbered" in told
    assert f"/sign/copy?documents={chosen[0]}&amp;documents={chosen[1]}" in told
    assert [row(papers, one).symbol for one in chosen[:2]] == ["01/SY-UBND", "02/SL-UBND"]
    ticks = re.findall(r'value="(\d+)" form="together-seal"', client.get("/copies").text)
    assert sorted(map(int, ticks)) == chosen[:2]
    far = client.login("far_clerk").post("/copies/number", data={"documents": [f"{chosen[0]}:2"]}).text
    assert "0 of 1 copies numbered" in far
    assert "01/SY-UBND" not in far
    for who in ("inspector", "deputy"):
        assert "together-" not in client.login(who).get("/copies").text


def test_sealed_with_a_remote_key(client: Browser, papers: Papers, service: Telephone) -> None:
    """One request for all; the copy's page, the desk and the signing page say that it waits, and lead there; the
    request's page leads to the copies, never to a document of the same number."""
    client.set_cookie("trinhky_language", "en")
    chosen, key = three(papers), held_at(papers, service)
    client.login("clerk", stepped_up=True)
    asked = "&".join(f"documents={one}" for one in chosen)
    assert re.search(r'href="/sign/copy/remote\?documents=', client.get(f"/sign/copy?{asked}").text)
    page = client.get(f"/sign/copy/remote?{asked}").text
    assert f'value="{key}" checked' in page
    assert page.count("/pages/1.webp") == 3
    form: dict[str, Any] = {"documents": chosen, "key": key}
    form |= {f"version-{one}": row(papers, one).version for one in chosen}
    assert client.post("/sign/copy/remote", data={**form, "key": 999}).status_code == 422
    address = client.post("/sign/copy/remote", data=form).location
    assert client.post(f"{address}/ask", headers=JSON).json["parts"][0]["state"] == "waiting"
    shown = client.get(address).text
    assert [f'href="/copies/{one}"' in shown for one in chosen] == [True] * 3
    assert "/outgoing/" not in shown
    for path in (f"/copies/{chosen[0]}", "/desk", f"/sign/copy?{asked}"):
        assert f'href="{address}"' in client.get(path).text, path
    told = client.login("leader").get(f"/copies/{chosen[0]}").text
    assert f"telephone of {papers.office.names['clerk']}" in told
    assert address not in told
    client.login("clerk", stepped_up=True)
    service.approve()
    client.post(f"{address}/ask")
    shown = client.get(address).text
    assert shown.count(">signed<") == 3
    assert 'href="/copies?state=done"' in shown
    assert "/sign/receipt" not in shown
    assert {row(papers, one).key_holder for one in chosen} == {"remote_rest"}
    assert "telephone" not in client.get(f"/copies/{chosen[0]}").text
    with unit_of_work(papers.office.engine) as uow:
        act_id = uow.session.scalars(select(SigningSession.id)).one()
    journal = client.login("inspector").get(f"/admin/journal/acts/{act_id}").text
    assert journal.count("/SY-UBND") == 1
    assert all(f'href="/copies/{one}"' in journal for one in chosen)


def test_a_closed_page_is_gone_on_with(client: Browser, papers: Papers) -> None:
    """Three prepared and fixed, one sealed, the page closed: the act is named; the same bytes are signed."""
    client.set_cookie("trinhky_language", "en")
    chosen, key = three(papers), papers.keys.held["commune"]
    client.login("clerk", stepped_up=True)
    body = {
        "certificate": b64(key.der), "chain": [],
        "documents": [{"id": one, "version": row(papers, one).version} for one in chosen],
    }  # fmt: skip
    made = client.post("/sign/copy/prepare", json=body).json
    files = [client.get(item["preparedUrl"]).data for item in made["items"]]
    lines = [
        Line(str(item["document"]), row(papers, item["document"]).version, hashed(file),
             hashed(base64.b64decode(item["toBeSigned"])))
        for item, file in zip(made["items"], files, strict=True)
    ]  # fmt: skip
    code = manifest(purpose="copy", certificate=key.fingerprint, nonce=NONCE, lines=lines).code
    fixed = {"session": made["session"], "nonce": NONCE, "code": code, "order": [str(one) for one in chosen]}
    assert client.post("/sign/copy/fix", json=fixed).json == {"code": code}
    assert _finish(client, made, key, chosen[:1]) == [True]
    with unit_of_work(papers.office.engine) as uow:
        act_id = uow.session.scalars(select(SigningSession.id)).one()
    path = f"/sign/acts/{act_id}"
    for page in ("/desk", "/sign/copy"):
        assert "broken off: 1 of 3 signed, 2 left" in client.get(page).text
        assert f'href="{path}"' in client.get(page).text
    page = client.get(path).text
    assert f'data-go-on-url="{path}/go-on"' in page
    assert 'data-purpose="copy"' in page
    listed = json.loads(unescape(re.findall(r'data-documents="([^"]+)"', page)[0]))
    assert [one["id"] for one in listed] == chosen[1:]
    gone = client.post(f"{path}/go-on", json={"certificate": b64(key.der)}).json
    assert (gone["code"], gone["nonce"], len(gone["lines"])) == (code, NONCE, 3)
    assert [one["toBeSigned"] for one in gone["items"]] == [one["toBeSigned"] for one in made["items"][1:]]
    assert client.get(gone["items"][0]["preparedUrl"]).data == files[1]
    assert client.get(gone["items"][0]["originalUrl"]).data == papers.blobs.get(row(papers, chosen[1]).sha256)
    assert _finish(client, made, key, chosen[1:]) == [False, False], "the old page's secret is void"
    assert _finish(client, gone, key, chosen[1:]) == [True, True]
    assert "broken off" not in client.get("/desk").text
    page = client.get(path).text
    assert "Nothing is left to sign in it." in page
    assert 'href="/copies?state=done"' in page
    for who in ("leader", "far_clerk"):
        assert client.login(who).get(path).status_code == 404


def _finish(client: Browser, made: dict[str, Any], key: Any, chosen: list[int]) -> list[bool]:
    items = [
        {"document": one["document"], "signature": b64(key.sign(base64.b64decode(one["toBeSigned"]), raw=True))}
        for one in made["items"] if one["document"] in chosen
    ]  # fmt: skip
    told = client.post("/sign/copy/finish", json={"session": made["session"], "items": items}).json
    return [one["ok"] for one in told["items"]]


def test_what_the_program_brought_is_found_again(client: Browser, papers: Papers, clock: Clock) -> None:
    """The page was closed before it took the file: begun anew, no second PIN is asked for, while the moment that
    the file shows may still be taken."""
    copy_id, other = three(papers)[:2]
    key = papers.keys.held["commune"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder="token", proof={"shown_to": 1}))
        uow.commit()
        certificate = uow.session.scalars(select(Certificate.id).where(Certificate.der == key.der)).one()
    client.login("clerk", stepped_up=True)

    def ask(path: str, **body: object) -> dict[str, Any]:
        told: dict[str, Any] = client.post(f"/sign/copy/agent/{path}", json=body).get_json()
        return told

    def begin(chosen: int) -> tuple[str, bool]:
        wanted = [{"id": chosen, "version": row(papers, chosen).version}]
        begun = ask("begin", certificate=certificate, documents=wanted)
        return begun["session"], begun["items"][0]["brought"]

    def bring(chosen: int, session: str) -> None:
        told = ask("tickets", session=session, document=chosen)
        given = client.get(told["fetch"].removeprefix("http://localhost")).data
        signed = sign_box(given, key, told["field"], base64.b64decode(told["drawing"]))
        assert client.put(told["bring"].removeprefix("http://localhost"), data=signed).status_code == 200

    for chosen in (copy_id, other):
        session, brought = begin(chosen)
        assert not brought
        bring(chosen, session)
    clock.advance(minutes=10)
    session, brought = begin(copy_id)
    assert brought
    assert ask("take", session=session, document=copy_id)["ok"] is True
    assert row(papers, copy_id).state == "done"
    clock.advance(minutes=21)
    client.login("clerk", stepped_up=True)
    assert begin(other)[1] is False, "a moment that is too old is signed anew"


def test_a_copy_of_what_became_secret(client: Browser, papers: Papers) -> None:
    """The page says why nothing goes on; an inspector sees neither number, symbol nor subject anywhere."""
    client.set_cookie("trinhky_language", "en")
    chosen = three(papers)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Incoming).values(secret=True))
        uow.commit()
    page = client.login("clerk", stepped_up=True).get(f"/copies/{chosen[0]}").text
    assert "Copies of state secrets are not made here." in page
    assert "/sign/copy?" not in page
    assert "Cancel the copy" in page
    assert "Copies of state secrets" in client.get(f"/sign/copy?documents={chosen[0]}").text
    version = row(papers, chosen[0]).version
    assert client.post(f"/copies/{chosen[0]}/cancel", data={"version": version, "reason": "Mật"}).status_code == 303
    client.login("inspector")
    for path in ("/copies", "/copies?state=cancelled", "/copies/export.csv"):
        assert "SY-UBND" not in client.get(path).text, path
    for path in ("", "/content", "/print.pdf", "/pages/1.webp"):
        assert client.get(f"/copies/{chosen[0]}{path}").status_code == 404, path
