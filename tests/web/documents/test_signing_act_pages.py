"""One act over HTTP: prepared in parts, fixed, broken off, gone on with; and how the journal's readers see it."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import json
import re
from html import unescape
from typing import Any

from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.web.documents.test_signing_pages import b64, entry, finish
from workflow.domain.signing_acts import Line, manifest
from workflow.store.models import Outgoing, Signature, SigningSession
from workflow.store.session import unit_of_work

NONCE = "nonce-of-the-page-1"


def begin(client: Browser, papers: Papers, ids: list[int], *, part: int = 2) -> dict[str, Any]:
    """Prepared `part` at a time in one session, as the page does."""
    key = papers.keys.held["leader"]
    which: dict[str, Any] = {"certificate": b64(key.der), "chain": []}
    items = []
    for first in range(0, len(ids), part):
        body = which | {"documents": [entry(papers, one) for one in ids[first : first + part]]}
        answer = client.post("/sign/leader/prepare", json=body).json
        which = {"session": answer["session"]}
        items += answer["items"]
    return which | {"items": items}


def code(client: Browser, papers: Papers, prepared: dict[str, Any], *, nonce: str = NONCE) -> str:
    """As the Worker computes it: from the bytes that it fetched."""
    lines = []
    for item in prepared["items"]:
        file = client.get(item["preparedUrl"]).data
        version = papers.row(int(item["document"])).version
        lines.append(
            Line(str(item["document"]), version, hashed(file), hashed(base64.b64decode(item["toBeSigned"])))
        )
    key = papers.keys.held["leader"]
    return manifest(purpose="leader", certificate=key.fingerprint, nonce=nonce, lines=lines).code


def hashed(data: bytes) -> str:
    from hashlib import sha256  # noqa: PLC0415  named like the column otherwise

    return sha256(data).hexdigest()


def fix(client: Browser, prepared: dict[str, Any], *, code: str, nonce: str = NONCE) -> Any:
    order = [str(one["document"]) for one in prepared["items"]]
    return client.post(
        "/sign/leader/fix", json={"session": prepared["session"], "nonce": nonce, "code": code, "order": order}
    )


def part_of(prepared: dict[str, Any], *documents: int) -> dict[str, Any]:
    return prepared | {"items": [one for one in prepared["items"] if one["document"] in documents]}


def act_of(papers: Papers) -> SigningSession:
    with unit_of_work(papers.office.engine) as uow:
        return uow.session.scalars(select(SigningSession).order_by(SigningSession.id.desc())).first()  # type: ignore[return-value]


def test_an_act_in_parts_broken_off_and_gone_on_with(client: Browser, papers: Papers) -> None:
    """Desk and signing page name it; the same login signs the same bytes; the old page's secret is void."""
    ids, key = [papers.awaiting(subject=f"Văn bản {n}") for n in range(3)], papers.keys.held["leader"]
    client.login("leader")
    prepared = begin(client, papers, ids)
    wrong = fix(client, prepared, code="AAAAAAAAAA")
    assert (wrong.status_code, wrong.json["code"]) == (422, "act_differs")
    agreed = code(client, papers, prepared)
    assert fix(client, prepared, code=agreed).json == {"code": agreed}
    assert finish(client, "leader", part_of(prepared, ids[0]), key).json["items"][0]["ok"] is True
    act_id = act_of(papers).id
    for page in ("/desk", "/sign"):
        assert "Lượt ký dở dang: đã ký 1/3, còn 2." in client.get(page).text
        assert f'href="/sign/acts/{act_id}"' in client.get(page).text
    page = client.get(f"/sign/acts/{act_id}").text
    assert f"{agreed[:5]} {agreed[5:]}" in page
    assert f'data-go-on-url="/sign/acts/{act_id}/go-on"' in page
    documents = json.loads(unescape(re.findall(r'data-documents="([^"]+)"', page)[0]))
    assert [one["id"] for one in documents] == ids[1:]
    gone = client.post(f"/sign/acts/{act_id}/go-on", json={"certificate": b64(key.der)}).json
    assert (gone["code"], gone["nonce"], len(gone["lines"])) == (agreed, NONCE, 3)
    assert [one["toBeSigned"] for one in gone["items"]] == [one["toBeSigned"] for one in prepared["items"][1:]]
    assert client.get(gone["items"][0]["preparedUrl"]).status_code == 200
    old = finish(client, "leader", part_of(prepared, ids[1]), key).json["items"][0]
    assert old["code"] == "signing_session_not_found"
    assert [one["ok"] for one in finish(client, "leader", gone, key).json["items"]] == [True, True]
    again = {
        "session": gone["session"],
        "items": [
            {"document": ids[1], "signature": b64(key.sign(b"made anew", raw=True)), "signatureAlgorithm": "ECDSA"}
        ],
    }
    remade = client.post("/sign/leader/finish", json=again).json["items"][0]
    assert (remade["code"], remade["signed"]) == ("signature_differs", True)
    assert "dở dang" not in client.get("/desk").text
    with unit_of_work(papers.office.engine) as uow:
        assert list(uow.session.scalars(select(Signature.act_id))) == [act_id] * 3
    assert "Không còn gì phải ký" in client.get(f"/sign/acts/{act_id}").text


def test_what_is_left_after_a_quarter_of_an_hour_is_a_new_act(client: Browser, papers: Papers) -> None:
    """Also in another login; nobody else sees one's act, and a strange key does not take it up."""
    ids, key = [papers.awaiting(), papers.awaiting()], papers.keys.held["leader"]
    client.login("leader")
    prepared = begin(client, papers, ids)
    fix(client, prepared, code=code(client, papers, prepared))
    finish(client, "leader", part_of(prepared, ids[0]), key)
    act_id = act_of(papers).id
    path = f"/sign/acts/{act_id}"
    strange = client.post(f"{path}/go-on", json={"certificate": b64(papers.keys.held["deputy"].der)})
    assert strange.json["code"] == "certificate_of_somebody_else"
    for malformed in ({}, {"certificate": 7}, []):
        assert client.post(f"{path}/go-on", json=malformed).status_code == 400
    for who in ("deputy", "clerk", "far_leader"):
        client.login(who)
        assert client.get(path).status_code == 404
        own = papers.keys.held.get(who, key)
        assert client.post(f"{path}/go-on", json={"certificate": b64(own.der)}).status_code == 404
        assert "dở dang" not in client.get("/desk").text
    client.login("leader")
    assert "lượt mới" in client.get(path).text
    assert "data-go-on-url" not in client.get(path).text
    late = client.post(f"{path}/go-on", json={"certificate": b64(key.der)}).json
    assert late["code"] == "signing_session_expired"
    assert "lần đăng nhập khác" in late["message"], "no quarter of an hour has passed"
    client.clock.now += dt.timedelta(minutes=16)
    client.login("leader")
    page = client.get(path).text
    documents = json.loads(unescape(re.findall(r'data-documents="([^"]+)"', page)[0]))
    assert [one["id"] for one in documents] == [ids[1]]
    rest = begin(client, papers, [ids[1]])
    assert finish(client, "leader", rest, key).json["items"][0]["ok"] is True
    assert "dở dang" not in client.get("/desk").text


def test_what_went_out_of_reach_is_left_out(client: Browser, papers: Papers) -> None:
    """The others of the act go on; and a nonce that is longer than its column is refused before it is written."""
    ids, key = [papers.awaiting(), papers.awaiting()], papers.keys.held["leader"]
    client.login("leader")
    prepared = begin(client, papers, ids)
    told = fix(client, prepared, code="AAAAAAAAAA", nonce="n" * 65)
    assert (told.status_code, told.json["code"]) == (400, "act_nonce")
    fix(client, prepared, code=code(client, papers, prepared))
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Outgoing, ids[0]).agency_id = papers.office.units["far"]
        uow.commit()
    gone = client.post(f"/sign/acts/{act_of(papers).id}/go-on", json={"certificate": b64(key.der)}).json
    assert [one["document"] for one in gone["items"]] == [ids[1]]
    assert client.get(gone["items"][0]["preparedUrl"]).status_code == 200


def test_the_page_opens_only_ways_that_its_scripts_walk(client: Browser, papers: Papers) -> None:
    """The server's key, a token of which this certificate knows nothing, a made-up way: no act is opened."""
    key, documents = papers.keys.held["leader"], [entry(papers, papers.awaiting())]
    client.login("leader")
    for way, code in {
        "server_seal": "request_malformed",
        "token": "request_malformed",
        "": "request_malformed",
        "token_page": "key_not_held_there",
    }.items():
        body = {"certificate": b64(key.der), "documents": documents, "key_holder": way}
        assert client.post("/sign/leader/prepare", json=body).json["code"] == code
    for session in ("", "ký", 7, ["x"], "x" * 101):
        body = {"session": session, "documents": documents}
        assert client.post("/sign/leader/prepare", json=body).json["code"] == "request_malformed"
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalars(select(SigningSession)).all() == []


def test_readers_of_the_journal_see_one_act(client: Browser, papers: Papers) -> None:
    """List, code, who, key, each document with its result: titles within reach, numbers elsewhere; a table; the
    receipt names the code. Nobody else."""
    ids, key = [papers.awaiting(subject=f"Văn bản {n}") for n in range(3)], papers.keys.held["leader"]
    client.login("leader")
    prepared = begin(client, papers, ids)
    agreed = code(client, papers, prepared)
    fix(client, prepared, code=agreed)
    finish(client, "leader", part_of(prepared, *ids[:2]), key)
    act_id, shown = act_of(papers).id, f"{agreed[:5]} {agreed[5:]}"
    receipt = client.get(f"/sign/receipt?documents={ids[0]}").text
    assert shown in receipt
    assert "/admin/journal/acts" not in receipt
    path = f"/admin/journal/acts/{act_id}"
    for who in ("leader", "clerk", "far_admin"):
        client.login(who)
        assert {client.get(one).status_code for one in ("/admin/journal/acts", path, f"{path}.csv")} == {403}
    client.login("inspector")
    page = client.get("/admin/journal/acts").text
    for words in (shown, papers.office.names["leader"], "tệp khóa", "2/3", "đang"):
        assert words in page, words
    found = client.get(f"/admin/journal/acts?code={agreed[:5].lower()}+{agreed[5:].lower()}").text
    assert f'href="{path}"' in found
    assert "Không có lượt ký nào" in client.get("/admin/journal/acts?code=AAAAAAAAAA").text
    assert f'href="{path}"' not in client.get(f"/admin/journal/acts?before={act_id}").text
    page = client.get(path).text
    assert all(f'href="/outgoing/{one}"' in page for one in ids)
    assert (page.count("Văn bản 1"), page.count(">đã ký<"), page.count(">chưa ký<")) == (1, 2, 1)
    assert act_of(papers).manifest["documents"][0][2] in page
    client.login("admin")
    page = client.get(path).text
    assert f"văn bản số {ids[0]}" in page
    assert "Văn bản 1" not in page
    rows = list(csv.reader(io.StringIO(client.get(f"{path}.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert [row[:4] for row in rows[1:]] == [[str(cell) for cell in line]
                                             for line in act_of(papers).manifest["documents"]]  # fmt: skip
    client.clock.now += dt.timedelta(minutes=16)
    client.login("admin")
    assert "dở dang" in client.get("/admin/journal/acts").text
    assert client.get("/admin/journal/acts/999999").status_code == 404
