"""Signing over HTTP: preflight, prepare, finish, receipt; refusals come as code and sentence, one by one."""

from __future__ import annotations

import base64
import json
import re
from html import unescape
from typing import Any

import pytest

from signing.testing import Identity
from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.papers import Papers
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Capacity
from workflow.services.signing.preparing import SignaturePurpose
from workflow.web.errors import TABLE
from workflow.web.i18n import CATALOGUES
from workflow.web.signer_texts import FROM_THE_SERVER, TEXTS
from workflow.web.views import signing as page_of_signing

ROOT = "workflow/web/static/signer"


def b64(data: bytes) -> str:
    """As the browser sends bytes."""
    return base64.b64encode(data).decode()


def prepare(client: Browser, purpose: str, identity: Identity, documents: list[dict[str, Any]]) -> Any:
    """Phase one."""
    body = {"certificate": b64(identity.der), "chain": [], "documents": documents}
    return client.post(f"/sign/{purpose}/prepare", json=body, headers={"Accept": "application/json"})


def finish(client: Browser, purpose: str, prepared: Any, identity: Identity) -> Any:
    """Phase two, each item signed as a browser would (ECDSA as r‖s)."""
    items = [
        {"document": item["document"], "signatureAlgorithm": "sha256_ecdsa_p1363",
         "signature": b64(identity.sign(base64.b64decode(item["toBeSigned"]), raw=True))}
        for item in prepared["items"]
    ]  # fmt: skip
    return client.post(f"/sign/{purpose}/finish", json={"session": prepared["session"], "items": items})


def entry(papers: Papers, document_id: int) -> dict[str, Any]:
    """A document as the page names it."""
    return {"id": document_id, "version": papers.row(document_id).version}


def test_every_code_of_the_browser_signer_has_a_sentence() -> None:
    """`errors.js` and `texts.js` name nothing that the page cannot say in both languages."""
    from_scripts = set()
    for script in ("errors.js", "texts.js"):
        with open(f"{ROOT}/{script}", encoding="utf-8") as stream:
            from_scripts |= set(re.findall(r"^  (\w+): '", stream.read(), re.MULTILINE))
    assert from_scripts <= set(TEXTS)
    assert {("", text) for text in TEXTS.values()} <= set(CATALOGUES["vi"].texts)
    assert set(FROM_THE_SERVER) <= set(TABLE)


def test_preflight_names_what_is_signed_and_what_is_left_out(client: Browser, papers: Papers) -> None:
    """The signer's page: one document to sign, one left out with its reason, days of the certificate."""
    ready, draft = papers.awaiting(subject="Ký được"), papers.draft(subject="Chưa trình")
    client.set_cookie("trinhky_language", "en")
    answer = client.login("leader").get(f"/sign?documents={ready}&documents={draft}")
    page = answer.text
    documents = json.loads(unescape(re.findall(r'data-documents="([^"]+)"', page)[0]))
    assert [one["id"] for one in documents] == [ready]
    assert documents[0]["sha256"] == papers.row(ready).file_sha256
    assert "Chưa trình" in page.split("Left out")[1]
    assert "<p>Phòng Kinh tế · " in page, "whose it is tells papers of one title apart"
    assert "days left" in page
    assert json.loads(unescape(re.findall(r'data-messages="([^"]+)"', page)[0]))["no_file"]


def test_the_page_loads_nothing_but_the_signer(client: Browser, papers: Papers) -> None:
    """Where a password is typed, the only script is ours, and neither key field has a name."""
    answer = client.login("leader").get(f"/sign?documents={papers.awaiting()}")
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', answer.text)
    assert len(scripts) == 1
    assert scripts[0].endswith("/signer/sign-page.js")
    assert "/signer/" in answer.headers["Content-Security-Policy"]
    for field in re.findall(r"<input[^>]+data-key-[^>]+>", answer.text):
        assert " name=" not in field


def test_leader_number_and_seal_in_order(client: Browser, papers: Papers) -> None:
    """The whole road over HTTP: two documents in one act, then number, then seal, then issued."""
    ids = [papers.awaiting(), papers.awaiting(subject="Văn bản thứ hai")]
    leader, agency = papers.keys.held["leader"], papers.keys.held["commune"]
    client.login("leader")
    prepared = prepare(client, "leader", leader, [entry(papers, one) for one in ids]).json
    done = finish(client, "leader", prepared, leader).json
    assert [item["ok"] for item in done["items"]] == [True, True]
    assert {papers.row(one).state for one in ids} == {State.SIGNED}
    client.login("clerk")
    document_id = ids[0]
    page = client.get(f"/outgoing/{document_id}").text
    client.post(f"/outgoing/{document_id}/actions/number", data={"version": version_of(page)})
    early = prepare(client, "seal", agency, [entry(papers, document_id)]).json
    assert early["items"][0]["code"] == "number_on_paper"
    for purpose in ("number", "seal"):
        prepared = prepare(client, purpose, agency, [entry(papers, document_id)]).json
        assert finish(client, purpose, prepared, agency).json["items"][0]["ok"] is True
    papers.act("clerk", document_id, Action.ISSUE)
    receipt = client.get(f"/sign/receipt?documents={document_id}").text
    assert receipt.count('class="status good"') == 3
    assert str(papers.row(document_id).file_sha256) in receipt


def test_the_prepared_file_begins_with_what_was_read(client: Browser, papers: Papers) -> None:
    """The two addresses that the browser compares: the original is a prefix of the prepared file."""
    document_id = papers.awaiting()
    client.login("leader")
    item = prepare(client, "leader", papers.keys.held["leader"], [entry(papers, document_id)]).json["items"][0]
    original, prepared = client.get(item["originalUrl"]), client.get(item["preparedUrl"])
    assert prepared.data.startswith(original.data)
    assert prepared.headers["Content-Security-Policy"].endswith("sandbox")
    assert client.login("deputy").get(item["preparedUrl"]).status_code == 404
    assert client.login("far_leader").get(item["preparedUrl"]).status_code == 404


def test_sending_a_signature_twice_is_harmless(client: Browser, papers: Papers) -> None:
    """The answer that got lost is given again; the document is signed once."""
    document_id, key = papers.awaiting(), papers.keys.held["leader"]
    client.login("leader")
    prepared = prepare(client, "leader", key, [entry(papers, document_id)]).json
    first, second = (finish(client, "leader", prepared, key).json["items"][0] for _ in range(2))
    assert first["ok"] is second["ok"] is True
    assert papers.row(document_id).state == "signed"


def test_a_signature_of_one_document_does_not_fit_another(client: Browser, papers: Papers) -> None:
    """Swapped signatures are refused, each with its reason; nothing moves."""
    ids, key = [papers.awaiting(), papers.awaiting(subject="Khác")], papers.keys.held["leader"]
    client.login("leader")
    prepared = prepare(client, "leader", key, [entry(papers, one) for one in ids]).json
    first, second = prepared["items"]
    first["toBeSigned"], second["toBeSigned"] = second["toBeSigned"], first["toBeSigned"]
    done = finish(client, "leader", prepared, key).json
    assert [item["code"] for item in done["items"]] == ["signature_does_not_fit"] * 2
    assert all(item["message"] for item in done["items"])
    assert {papers.row(one).state for one in ids} == {"awaiting_signature"}


def test_refused_certificates_say_which_and_why(client: Browser, papers: Papers) -> None:
    """Somebody else's and an unknown one: code, sentence, no session."""
    document_id = papers.awaiting()
    client.set_cookie("trinhky_language", "en")
    client.login("leader")
    other = prepare(client, "leader", papers.keys.held["deputy"], [entry(papers, document_id)])
    assert (other.status_code, other.json["code"]) == (403, "certificate_of_somebody_else")
    assert "somebody else" in other.json["message"]
    unknown = prepare(client, "leader", papers.keys.issue("head"), [entry(papers, document_id)])
    assert unknown.json["code"] == "certificate_not_enrolled"


def test_one_stale_document_does_not_stop_the_others(client: Browser, papers: Papers) -> None:
    """Each item of a batch is answered by itself."""
    good, stale = papers.awaiting(), papers.awaiting(subject="Đã đổi")
    old = entry(papers, stale)
    papers.act("clerk", stale, Action.WITHDRAW, "Sai thể thức")
    client.login("leader")
    items = prepare(client, "leader", papers.keys.held["leader"], [entry(papers, good), old]).json["items"]
    assert "toBeSigned" in items[0]
    assert items[1]["code"] == "stale"


def test_foreign_documents_are_missing_here_too(client: Browser, papers: Papers) -> None:
    """The neighbour's leader finds nothing to sign and prepares nothing."""
    document_id = papers.awaiting(subject="Của Đồng Tâm")
    client.login("far_leader")
    assert "Của Đồng Tâm" not in client.get(f"/sign?documents={document_id}").text
    assert "Của Đồng Tâm" not in client.get(f"/sign/receipt?documents={document_id}").text


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"documents": 3},
        {"certificate": "%%", "documents": []},
        {"certificate": "AAAA", "documents": [1]},
    ],
)
@pytest.mark.parametrize("phase", ["prepare", "finish"])
def test_malformed_requests_are_answered_not_crashed(
    client: Browser, papers: Papers, phase: str, body: Any
) -> None:
    """Whatever comes in, the answer is JSON with a code."""
    answer = client.login("leader").post(f"/sign/leader/{phase}", json=body)
    assert answer.status_code in {400, 403, 404, 422}
    assert answer.json["code"]


def test_csrf_is_demanded(client: Browser, papers: Papers) -> None:
    """Without the header a script of another site gets nowhere."""
    answer = client.login("leader").post("/sign/leader/prepare", json={}, csrf=False)
    assert answer.status_code == 400


@pytest.mark.parametrize("purpose", list(SignaturePurpose))
def test_nothing_chosen_and_nothing_usable_is_said(client: Browser, papers: Papers, purpose: str) -> None:
    """An empty page is no dead end."""
    path = "/sign" if purpose == "leader" else f"/sign/{purpose}"
    page = client.login("leader" if purpose == "leader" else "clerk").get(path).text
    assert 'class="empty"' in page
    assert 'href="/desk"' in page


def test_pages_ask_for_a_fresh_second_factor(client: Browser, papers: Papers) -> None:
    """Six minutes after the factor the page asks for it again; preparing accepts half an hour."""
    document_id = papers.awaiting()
    client.login("leader")
    client.clock.advance(minutes=6)
    assert client.get(f"/sign?documents={document_id}").status_code == 302
    papers.keys.publish(at=client.clock())
    body = [entry(papers, document_id)]
    assert prepare(client, "leader", papers.keys.held["leader"], body).status_code == 200
    client.clock.advance(minutes=25)
    assert prepare(client, "leader", papers.keys.held["leader"], body).json["code"] == "step_up_needed"


def test_without_certificate_the_page_leads_to_enrolment(client: Browser, papers: Papers) -> None:
    """The head of the unit signs TL. but has no certificate yet."""
    posts = papers.office.posts
    document_id = papers.awaiting(signer="head", capacity=Capacity.TL)
    assert posts["head"].role == "unit_head"
    page = client.login("head").get(f"/sign?documents={document_id}").text
    assert 'href="/certificates"' in page
    assert "data-sign" not in page


def test_after_sealing_the_page_does_not_say_that_it_cannot_be_done(
    client: Browser, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Success is not followed by a list of what was "left out"."""
    document_id = papers.number_signed()
    monkeypatch.setattr(page_of_signing, "server_seal_allowed", lambda _purpose: True)
    monkeypatch.setattr(
        page_of_signing, "ordered", lambda one, _purpose: {"id": one.id, "title": one.title, "ok": True}
    )
    client.set_cookie("trinhky_language", "en")
    answer = client.login("clerk", stepped_up=True).post("/sign/seal/server", data={"documents": str(document_id)})
    assert "1 of 1 done" in answer.text
    assert "Left out" not in answer.text
    assert "can be signed now" not in answer.text
    assert 'href="/desk"' in answer.text
