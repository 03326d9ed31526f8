"""A remote key over HTTP: enrolled, confirmed, signed with; hints of the service, true and forged."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from signing.testing import Profile, Subject, new_key
from tests.support import csc_service
from tests.support.browser import Browser, Clock
from tests.support.keys import FOUNDED
from tests.support.papers import Papers
from tests.support.remote_services import HOOK, SmartCa, Telephone, running
from workflow.config import Settings
from workflow.domain.outgoing import State
from workflow.services.signing import remote
from workflow.store.models import Certificate, RemoteRequest
from workflow.store.session import unit_of_work
from workflow.web.views.remote_signing import LONG

HINT = "/api/v1/remote-signing/smartca"
JSON = {"Accept": "application/json"}


@pytest.fixture
def service() -> Iterator[Telephone]:
    """A SmartCA; its key is made with the office's."""
    with running(SmartCa()) as made:
        yield made


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, service: Telephone) -> Settings:
    """An installation that is connected to it."""
    return Settings(
        database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40,
        remote_signing=json.dumps([service.setting]),
    )  # fmt: skip


@pytest.fixture
def far(papers: Papers, service: Telephone) -> Telephone:
    """The leader's new certificate, whose key lies there."""
    name, agency = papers.office.names["leader"], "Ủy ban nhân dân xã Đồng Tâm"
    subject = Subject(common_name=name, organisation=agency, title="Chủ tịch")
    service.identity = papers.keys.issuing.issue(subject, Profile.PERSON, now=FOUNDED, private=new_key())
    return service


def enrol(client: Browser, far: Telephone) -> int:
    """On the pages, from the account to the second person; the request that proved it."""
    client.set_cookie("trinhky_language", "en")
    account = {"provider": "smartca", "account": far.account}
    listed = client.login("leader").post("/certificates/remote", data=account).text
    credential = re.findall(r'name="credential" id="c-1" value="([^"]+)"', listed)[0]
    answer = client.post("/certificates/remote/prove", data={**account, "credential": credential})
    assert answer.status_code == 303
    address = answer.location
    client.post(f"{address}/ask")
    assert "waits for your approval" in client.get(address).text
    far.approve()
    client.post(f"{address}/ask")
    assert "/certificates?done=enrolled" in client.get(address).text
    queue = client.login("admin").get("/admin/certificates").text
    number = re.findall(r"/admin/certificates/(\d+)/confirm", queue)[0]
    assert far.setting["title"] in queue
    assert "office-secret" not in queue
    client.post(f"/admin/certificates/{number}/confirm")
    client.login("leader")
    return int(number)


def sent(client: Browser, papers: Papers, key: int, *documents: int) -> str:
    """The address of a request that the service has."""
    page = client.get("/sign/leader/remote?" + "&".join(f"documents={one}" for one in documents)).text
    assert f'value="{key}" checked' in page
    form = {"documents": list(documents), "key": key}
    form |= {f"version-{one}": papers.row(one).version for one in documents}
    address = client.post("/sign/leader/remote", data=form).location
    assert client.post(f"{address}/ask", headers=JSON).json["parts"][0]["state"] == "waiting"
    return str(address)


def test_enrolled_confirmed_and_signed_with(client: Browser, papers: Papers, far: Telephone, clock: Clock) -> None:
    """The code is on the page and at the service; a hint is believed nothing; another person sees nothing of it."""
    key, documents = enrol(client, far), [papers.awaiting(), papers.awaiting()]
    address = sent(client, papers, key, *documents)
    page = client.get(address).text
    code = re.findall(r'class="code mono">([A-Z2-7]{10})<', page)[0]
    assert code in far.latest.words
    hint = {"transaction_id": far.latest.name, "status": "SUCCESS", "signatures": [{"doc_id": "1"}]}
    true = {"Authorization": f"Bearer {HOOK}"}
    client.logout()
    for forged in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer "}):
        assert client.post(HINT, json=hint, headers=forged, csrf=False).status_code == 404
    asked = far.times("/status")
    assert client.post(HINT, json=hint, headers=true, csrf=False).status_code == 204
    assert far.times("/status") == asked + 1
    assert papers.row(documents[0]).state == State.AWAITING_SIGNATURE
    far.approve()
    for body in (hint, {"data": {"transaction_id": "nobody"}}, [1], hint):
        assert client.post(HINT, json=body, headers=true, csrf=False).status_code == 204
    assert [papers.row(one).state for one in documents] == [State.SIGNED] * 2
    page = client.login("leader").get(address).text
    assert page.count(">signed<") == 2
    told = client.get(address, headers=JSON).json
    assert told["over"]
    assert [one["state"] for one in told["parts"][0]["items"]] == ["done", "done"]
    client.login("deputy")
    for path in (address, f"{address}/ask", f"{address}/cancel"):
        answer = client.get(path) if path == address else client.post(path)
        assert answer.status_code == 404


def test_what_ends_badly_says_so_and_what_to_do(
    client: Browser, papers: Papers, far: Telephone, clock: Clock
) -> None:
    """Refused, taken back, replaced by a newer one, a service that is silent: each in words, nothing signed."""
    key, document = enrol(client, far), papers.awaiting()
    address = sent(client, papers, key, document)
    far.refuse()
    client.post(f"{address}/ask")
    page = client.get(address).text
    assert "refused on the telephone" in page
    assert f"/sign/leader/remote?documents={document}" in page
    taken = sent(client, papers, key, document)
    newer = sent(client, papers, key, document)
    assert "taken back" in client.get(taken).text
    far.silent = True
    client.post(f"{newer}/ask")
    assert "The answer of the remote signing service cannot be used." in client.get(newer).text
    client.post(f"{newer}/cancel")
    assert "even if it is approved on the telephone now" in client.get(newer).text
    answer = client.post("/sign/leader/remote", data={"documents": document, "key": key})
    assert answer.status_code == 422
    far.silent = False
    assert client.post("/sign/leader/remote", data={"documents": document}).status_code == 422
    assert client.post("/certificates/remote", data={"provider": "smartca", "account": "nobody"}).status_code == 422
    clock.advance(minutes=31)
    client.login("leader", stepped_up=False)
    assert client.post("/sign/leader/remote", data={"documents": document, "key": key}).status_code == 403
    assert papers.row(document).state == State.AWAITING_SIGNATURE
    assert dt.timedelta() < clock.now - papers.now


def test_the_clerks_page_and_an_office_without_services(client: Browser, papers: Papers, app: Any) -> None:
    """Without a remote key of the agency the page says how to get one."""
    client.set_cookie("trinhky_language", "en")
    document = papers.numbered()
    page = client.login("clerk").get(f"/sign/number/remote?documents={document}").text
    assert "/certificates/remote?for=agency" in page
    assert client.get(f"/sign/leader/remote?documents={document}").status_code == 403
    assert "No document was chosen." in client.get("/sign/seal/remote").text


def test_waiting_for_the_telephone_is_not_broken_off(client: Browser, papers: Papers, far: Telephone) -> None:
    """Desk, signing page and the act's own page lead to the request; once it ended badly, the rest is gone on with,
    as a new act."""
    key, document = enrol(client, far), papers.awaiting()
    address = sent(client, papers, key, document)
    client.set_cookie("trinhky_language", "vi")
    with unit_of_work(papers.office.engine) as uow:
        act_id = uow.session.scalars(select(RemoteRequest.act_id).where(RemoteRequest.kind == "sign")).one()
    for path in ("/desk", "/sign", f"/sign/acts/{act_id}"):
        page = client.get(path).text
        assert "Đang chờ xác nhận trên điện thoại: 1/1 tệp" in page
        assert f'href="{address}"' in page
        assert "dở dang" not in page
        assert "data-go-on-url" not in page
    far.refuse()
    client.post(f"{address}/ask")
    page = client.get("/desk").text
    assert "Đang chờ xác nhận" not in page
    assert f'href="/sign/acts/{act_id}"' in page
    page = client.get(f"/sign/acts/{act_id}").text
    assert "Phần còn lại được ký thành lượt mới" in page
    assert "data-go-on-url" not in page


def test_the_page_begins_with_the_card_and_names_what_it_leaves_out(
    client: Browser, papers: Papers, far: Telephone, app: Any
) -> None:
    """The certificate of the card is chosen there; what moved on since it was read stands on the request's page
    with why; after a service went from the settings there is no card for its keys."""
    key, document, moved = enrol(client, far), papers.awaiting(), papers.awaiting(subject="V/v việc khác")
    client.set_cookie("trinhky_language", "vi")
    page = client.get(f"/sign?documents={document}").text
    assert f"/sign/leader/remote?documents={document}&amp;certificate={key}" in page
    page = client.get(f"/sign/leader/remote?documents={document}&certificate={key}").text
    assert f'value="{key}" checked' in page
    form = {"documents": [document, moved], "key": key, f"version-{moved}": papers.row(moved).version - 1}
    address = client.post("/sign/leader/remote", data=form).location
    left = client.get(address).text.split('id="left-title"')[1].split("</section>")[0]
    assert (f'/outgoing/{moved}"' in left, f'/outgoing/{document}"' in left) == (True, False)
    made = app.extensions["trinhky"]
    app.extensions["trinhky"] = replace(made, settings=replace(made.settings, remote_signing="[]"))
    assert "/sign/leader/remote" not in client.get(f"/sign?documents={document}").text


def test_nobody_reaches_for_strangers_keys(client: Browser, papers: Papers, far: Telephone) -> None:
    """A certificate of somebody else is told nothing of; their telephone does not ring, and accounts are not looked
    up without end. A newer proof ends the one before."""
    enrol(client, far)
    document = papers.awaiting()
    with unit_of_work(papers.office.engine) as uow:
        sha256 = papers.keys.held["deputy"].fingerprint
        foreign = uow.session.scalars(select(Certificate.id).where(Certificate.sha256 == sha256)).one()
    for number in (foreign, 999):
        answer = client.post("/sign/leader/remote", data={"documents": document, "key": number})
        assert answer.status_code == 422
        assert "Choose the key to sign with." in answer.text
        assert papers.keys.held["deputy"].certificate.subject.rfc4514_string() not in answer.text
    account = {"provider": "smartca", "account": far.account}
    client.login("deputy")
    page = client.post("/certificates/remote", data=account).text
    credential = re.findall(r'name="credential" id="c-1" value="([^"]+)"', page)
    asked = far.times("/sign")
    wanted = account | {"credential": credential[0] if credential else f"{far.identity.serial:x}"}
    answers = [client.post("/certificates/remote/prove", data=wanted) for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 6
    assert "names somebody else" in answers[0].text
    assert "too often" in answers[-1].text
    assert far.times("/sign") == asked
    for _ in range(20):
        last = client.post("/certificates/remote", data=account | {"account": "nobody"})
    assert "too often" in last.text


def test_a_service_that_waits_for_its_person_takes_one_thread(
    client: Browser, papers: Papers, app: Any, tmp_path: Path
) -> None:
    """While one such request is being asked, the next press shows how it stands; afterwards it is asked."""
    leader = papers.office.posts["leader"]
    about = {"certificate": papers.keys.held["leader"].der.hex(), "chain": [], "nonce": "n", "origin": "o",
             "for_agency": False, "way": "remote_csc"}  # fmt: skip
    with csc_service.running(csc_service.founded(tmp_path, pinned=True)) as slow:
        made = app.extensions["trinhky"]
        settings = replace(made.settings, remote_signing=json.dumps([slow.setting]))
        app.extensions["trinhky"] = replace(made, settings=settings)
        with unit_of_work(papers.office.engine) as uow:
            uow.begin_write()
            row = RemoteRequest(
                kind="enrol", person_id=leader.person_id, post_id=leader.id, provider=slow.setting["name"],
                account="a", credential="c", name="one", code="AAAAAAAAAA", state="ready", about=about,
                created_at=papers.now, expires_at=papers.now + dt.timedelta(minutes=15),
            )  # fmt: skip
            uow.add(row)
            uow.commit()
            address = f"/sign/remote/{row.id}/ask"
        client.login("leader")
        with LONG:
            assert client.post(address, headers=JSON).json["parts"][0]["state"] == "ready"
        assert client.post(address, headers=JSON).json["parts"][0]["state"] != "ready"


def test_a_page_that_asks_on_has_shown_the_end(
    client: Browser, papers: Papers, far: Telephone, clock: Clock
) -> None:
    """One that was closed while its question was on its way has not: the desk says it until it was read."""
    key, told = enrol(client, far), {}
    for closed in (False, True):
        address = sent(client, papers, key, papers.awaiting())
        far.refuse()
        assert client.post(f"{address}/ask", headers=JSON).json["over"]
        if not closed:
            assert client.post(f"{address}/ask", headers=JSON).json["over"]
        clock.advance(minutes=1)
        with unit_of_work(papers.office.engine) as uow:
            told[address] = list(remote.untold(uow, now=clock()))
            for one in told[address]:
                remote.tell(uow, request_id=one, titles={"smartca": "VNPT SmartCA"}, now=clock())
            uow.commit()
    assert [len(one) for one in told.values()] == [0, 1]
    desk = client.get("/desk").text
    assert desk.count("Request to VNPT SmartCA: refused on the telephone; nothing signed (files: 1)") == 1
    read = re.findall(r'action="(/notices/\d+/read)"', desk)[0]
    assert client.post(read).location == address
    assert "Request to VNPT SmartCA" not in client.get("/desk").text
