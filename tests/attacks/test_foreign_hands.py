"""Insiders at papers, keys and seals that are not theirs."""

from __future__ import annotations

import base64
import io
import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from signing.testing import Authority, Identity
from tests.attacks.crowd import all_words, another, every_address, together
from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import COOKIE, Browser, open_session
from tests.support.keys import FOUNDED
from tests.support.papers import Papers, letter
from workflow.domain.outgoing import Action, State
from workflow.sealer import Sealer
from workflow.services import signing
from workflow.services.signing.certificates import challenge_bytes
from workflow.services.signing.settling import settle_one
from workflow.store.models import Certificate, FileVersion, Incoming, LoginSession, Signature, Unit
from workflow.store.session import unit_of_work

SUBJECT = "Chuyện chỉ trong nhà"
REPLAYS = 10


def b64(data: bytes) -> str:
    """As the browser sends bytes."""
    return base64.b64encode(data).decode()


def prepare(client: Browser, purpose: str, identity: Identity, papers: Papers, *documents: int) -> Any:
    """Phase one over HTTP."""
    wanted = [{"id": one, "version": papers.row(one).version} for one in documents]
    body = {"certificate": b64(identity.der), "chain": [], "documents": wanted}
    return client.post(f"/sign/{purpose}/prepare", json=body).json


def signature(identity: Identity, item: Any) -> str:
    """The key is used on what was prepared."""
    return b64(identity.sign(base64.b64decode(item["toBeSigned"]), raw=True))


def finish(client: Browser, session: str, *items: tuple[int, str], purpose: str = "leader") -> list[Any]:
    """Phase two over HTTP."""
    listed = [{"document": document, "signature": signed} for document, signed in items]
    answer = client.post(f"/sign/{purpose}/finish", json={"session": session, "items": listed})
    found: list[Any] = answer.json["items"]
    return found


@pytest.mark.parametrize("who", ["far_clerk", "far_leader", "far_drafter", "lone_drafter", "admin"])
def test_no_address_shows_a_foreign_paper(app: Flask, client: Browser, papers: Papers, who: str) -> None:
    """Neighbours, other units and administrators: whatever the address, the paper is not there."""
    document = papers.awaiting(subject=SUBJECT)
    client.login(who)
    about_it = [path for path in every_address(app, document) if path.startswith(f"/outgoing/{document}")]
    assert len(about_it) >= 6
    assert {FlaskClient.open(client, path, buffered=True).status_code for path in about_it} <= {403, 404}
    for path in every_address(app, document):
        answer = FlaskClient.open(client, path, buffered=True)
        assert answer.status_code < 500, path
        assert SUBJECT not in all_words(answer), path


@pytest.mark.parametrize("who", ["far_clerk", "far_leader", "far_drafter", "lone_drafter", "admin"])
def test_no_address_shows_or_moves_a_foreign_arrival(app: Flask, client: Browser, papers: Papers, who: str) -> None:
    """Neighbours, units that were given no part, administrators: no page shows it and no form moves it."""
    arrivals = Arrivals(papers.office)
    found = arrivals.submitted(facts=replace(LETTER, subject=SUBJECT))
    client.clock.now = arrivals.now
    client.login(who)
    about_it = [path for path in every_address(app, found.id) if path.startswith(f"/incoming/{found.id}")]
    assert len(about_it) >= 10
    assert {FlaskClient.open(client, path, buffered=True).status_code for path in about_it} <= {403, 404}
    for path in every_address(app, found.id):
        answer = FlaskClient.open(client, path, buffered=True)
        assert answer.status_code < 500, path
        assert SUBJECT not in all_words(answer), path
    sent = {
        "version": found.version, "remark": "x", "words": "x", "to": "office", "result": "settled", "handler": 1,
        "lead": papers.office.units["economy"], "documents": f"{found.id}:{found.version}", "act": "close",
    }  # fmt: skip
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    posts = [rule.rule for rule in rules if rule.rule.startswith("/incoming/")]
    for rule in posts:
        for action in ("send_back", "withdraw", "start", "decline"):
            path = rule.replace("<int:incoming_id>", str(found.id)).replace("<action>", action)
            answer = client.post(path, data=sent)
            assert answer.status_code in {403, 404, 422}, path
            assert SUBJECT not in answer.text, path
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.get_one(Incoming, found.id).version == found.version


def test_signatures_fit_their_paper_their_session_and_their_hand(
    app: Flask, client: Browser, papers: Papers
) -> None:
    """A's signature for B, another login of the same person, another person: refused; the real one works."""
    first, second = papers.awaiting(), papers.awaiting(subject="Việc khác")
    key = papers.keys.held["leader"]
    prepared = prepare(client.login("leader"), "leader", key, papers, first, second)
    session, (one, other) = prepared["session"], prepared["items"]
    swapped = finish(client, session, (first, signature(key, other)), (second, signature(key, one)))
    assert {item["code"] for item in swapped} == {"signature_does_not_fit"}
    stranger = another(app, client)
    for who in ("leader", "deputy", "clerk"):
        (answer,) = finish(stranger.login(who), session, (first, signature(key, one)))
        assert answer["code"] == "signing_session_not_found"
        assert stranger.get(one["preparedUrl"]).status_code in {403, 404}
    assert [item["ok"] for item in finish(client, session, (first, signature(key, one)))] == [True]
    client.clock.advance(minutes=16)
    (late,) = finish(client, session, (second, signature(key, other)))
    assert late["code"] == "signing_session_expired"


def test_replays_at_the_same_time_sign_once(app: Flask, client: Browser, papers: Papers) -> None:
    """Ten copies of one answer: one signature, and each copy hears that it was accepted."""
    document, key = papers.awaiting(), papers.keys.held["leader"]
    prepared = prepare(client.login("leader"), "leader", key, papers, document)
    signed = signature(key, prepared["items"][0])
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    browsers = [another(app, client) for _number in range(REPLAYS)]
    heard: list[bool] = []

    def replay(browser: Browser) -> None:
        browser.set_cookie(COOKIE, cookie.value)
        heard.extend(item["ok"] for item in finish(browser, prepared["session"], (document, signed)))

    together([threading.Thread(target=replay, args=(browser,)) for browser in browsers])
    assert heard == [True] * REPLAYS
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Signature)) == 1


def test_only_the_very_same_answer_is_the_same(client: Browser, papers: Papers) -> None:
    """After a signature was accepted: nonsense, a foreign key's, another of the same key over the same bytes, an
    empty one: none of them hears "accepted", and the one that counts stays.
    """
    document, key = papers.awaiting(), papers.keys.held["leader"]
    prepared = prepare(client.login("leader"), "leader", key, papers, document)
    item, session = prepared["items"][0], prepared["session"]
    signed, second = signature(key, item), signature(key, item)
    assert [one["ok"] for one in finish(client, session, (document, signed))] == [True]
    assert [one["ok"] for one in finish(client, session, (document, signed))] == [True]
    others = [b64(b"nonsense"), signature(papers.keys.held["commune"], item), b64(b"")]
    others += [second] if second != signed else []
    for other in others:
        (answer,) = finish(client, session, (document, other))
        assert (answer["ok"], answer["code"]) == (False, "signature_differs")
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Signature)) == 1


def test_while_a_signature_waits_other_bytes_are_refused(client: Browser, papers: Papers) -> None:
    """The revocation lists are too old to decide: the first answer is kept, others hear so."""
    document, key = papers.awaiting(), papers.keys.held["leader"]
    client.clock.advance(days=40)
    papers.now = client.clock()
    prepared = prepare(client.login("leader"), "leader", key, papers, document)
    signed = signature(key, prepared["items"][0])
    for sent, code in ((signed, "signature_undecided"), (signed, "signature_undecided"),
                       (b64(b"nonsense"), "signature_differs")):  # fmt: skip
        (answer,) = finish(client, prepared["session"], (document, sent))
        assert answer["code"] == code


def test_no_number_and_no_seal_before_their_time(client: Browser, papers: Papers) -> None:
    """Not on what the leader has not signed, not before the number stands on the paper, not with a person's key."""
    unsigned, unnumbered = papers.awaiting(), papers.numbered()
    client.login("clerk")
    seal, person = papers.keys.held["commune"], papers.keys.held["leader"]
    for purpose in ("number", "seal"):
        assert prepare(client, purpose, seal, papers, unsigned)["items"][0]["ok"] is False
        assert prepare(client, purpose, person, papers, unnumbered)["code"] == "certificate_of_somebody_else"
    assert prepare(client, "seal", seal, papers, unnumbered)["items"][0]["code"] == "number_on_paper"
    issued = client.post(f"/outgoing/{unnumbered}/actions/issue", data={"version": papers.row(unnumbered).version})
    assert issued.status_code in {409, 422}
    assert papers.row(unnumbered).state == State.NUMBERED


ODD: tuple[Any, ...] = (
    2**53, "\ud800", "²", 1.5, [1], None, "1" * 16, {"a": 1},
)  # fmt: skip


@pytest.mark.parametrize("key", ODD)
def test_odd_keys_in_a_batch_are_refused_one_by_one(client: Browser, papers: Papers, key: object) -> None:
    """Whatever stands where a key should: the item is refused, the others go on, nothing falls over."""
    identity = papers.keys.held["leader"]
    body = {"certificate": b64(identity.der), "documents": [{"id": key, "version": 1}]}
    answer = client.login("leader").post("/sign/leader/prepare", json=body)
    assert answer.status_code == 200
    assert answer.json["items"][0] | {"message": ""} == {
        "document": answer.json["items"][0]["document"], "ok": False, "code": "request_malformed", "message": "",
    }  # fmt: skip


def test_a_batch_is_no_longer_than_the_page_offers(client: Browser, papers: Papers) -> None:
    """A million items would hold a worker for an hour."""
    identity = papers.keys.held["leader"]
    body = {"certificate": b64(identity.der), "documents": [{}] * 101}
    client.login("leader")
    assert client.post("/sign/leader/prepare", json=body).json["code"] == "request_malformed"
    assert client.post("/sign/leader/finish", json={"session": "x", "items": [{}] * 101}).status_code == 400
    assert client.post("/sign/leader/finish", json={"session": "\ud800", "items": []}).status_code == 400


def secret_on_paper(papers: Papers) -> int:
    """A secret letter, registered by its facts alone, signed in ink and numbered."""
    document = papers.draft(secret=True, file=False)
    papers.act("drafter", document, Action.SUBMIT)
    papers.act("head", document, Action.APPROVE)
    papers.confirm_format(document)
    return document


def test_the_content_of_a_secret_paper_never_comes_in(client: Browser, papers: Papers) -> None:
    """Not as a scan either: no file of it is kept, and the public look-up does not know its code."""
    document = secret_on_paper(papers)
    signer = f"{papers.office.posts['leader'].id}:head"
    client.login("clerk")
    client.post(
        f"/outgoing/{document}/ink",
        data={
            "version": papers.row(document).version,
            "signer": signer,
            "signed_on": "2026-11-23",
            "reason": "mật",
        },
    )
    client.post(f"/outgoing/{document}/actions/number", data={"version": papers.row(document).version})
    assert papers.row(document).state == State.NUMBERED
    scan = {"version": str(papers.row(document).version), "file": (io.BytesIO(letter()), "scan.pdf")}
    assert client.post(f"/outgoing/{document}/actions/attach_scan", data=scan).status_code == 422
    assert papers.row(document).file_sha256 is None
    offered = client.get(f"/outgoing/{document}").text
    assert f"/outgoing/{document}/actions/issue" in offered
    assert f"/outgoing/{document}/actions/attach_scan" not in offered
    assert "/sign/seal" not in offered
    with unit_of_work(papers.office.engine) as uow:
        kept = select(func.count()).select_from(FileVersion).where(FileVersion.document_id == document)
        assert uow.session.scalar(kept) == 0
    client.post(f"/outgoing/{document}/actions/issue", data={"version": papers.row(document).version})
    assert papers.row(document).state == State.ISSUED
    assert client.logout().get(f"/v/{papers.row(document).code}").status_code == 404


class Watched:
    """A seal's key that tells whether it was used."""

    def __init__(self, identity: Identity) -> None:
        self.certificate, self.used = identity.der, 0
        self._identity = identity

    def sign(self, data: bytes) -> bytes:
        """Use it."""
        self.used += 1
        return self._identity.sign(data, raw=True)


def test_the_seal_process_believes_no_order(papers: Papers) -> None:
    """Straight to the socket: other posts, other agencies, unsigned papers, other purposes, plain nonsense."""
    office = papers.office
    unsigned, numbered = papers.awaiting(), papers.numbered()
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for name in ("commune", "far"):
            uow.session.get_one(Unit, office.units[name]).server_seal = True
        uow.commit()
    key = Watched(papers.keys.held["commune"])
    sealer = Sealer(office.engine, papers.blobs, dict.fromkeys(office.units.values(), key), lambda: papers.now)
    others = ("leader", "drafter", "admin", "far_clerk", "far_leader")
    login = {name: open_session(office.engine, office.posts[name].person_id, post_id=office.posts[name].id,
                                now=papers.now) for name in ("clerk", *others)}  # fmt: skip
    good = {"document_id": numbered, "version": papers.row(numbered).version, "purpose": "number",
            "login": login["clerk"]}  # fmt: skip
    wrong: list[dict[str, object]] = [
        *({"login": login[name]} for name in others),
        {"login": ""}, {"login": login["clerk"].upper()}, {"post_id": office.posts["clerk"].id},
        {"document_id": unsigned, "version": papers.row(unsigned).version}, {"purpose": "leader"},
        {"version": True}, {"version": None}, {"version": 1}, {"document_id": "1 OR 1"}, {"document_id": [1]},
        {"login": {}}, {"login": 2**70}, {"login": "\ud800"}, {"purpose": []}, {"address": 5}, {"who": "me"},
    ]  # fmt: skip
    answers = [sealer.answer(json.dumps({**good, **change}).encode()) for change in wrong]
    answers += [sealer.answer(line) for line in (b"", b"\xff", b"[" * 4000, b"null", b"[1]", b'"x"')]
    assert {answer["ok"] for answer in answers} == {False}
    assert key.used == 0
    assert sealer.answer(json.dumps(good).encode())["ok"] is True
    assert key.used == 1


def test_no_enrolment_brings_in_a_false_authority(papers: Papers) -> None:
    """Beside a good certificate: octets that are none, and an authority that took the real one's name."""
    office, keys = papers.office, papers.keys
    real, actor = keys.issuing, office.actor("head")
    false = Authority.root(now=FOUNDED).subordinate(now=FOUNDED)
    held = keys.issue("head")
    open_session(office.engine, office.posts["head"].person_id, post_id=None, now=papers.now)
    with unit_of_work(office.engine) as uow:
        login = uow.session.scalars(select(LoginSession.id)).one()
        nonce = signing.challenge(uow, actor, login_session_id=login, now=papers.now)
        uow.commit()
    proof = challenge_bytes(origin="http://localhost", user=str(actor.person_id), nonce=nonce)
    with unit_of_work(office.engine) as uow:
        row = signing.enrol(
            uow, actor, login_session_id=login, certificate=held.der,
            chain=(b"0", b"\x30\x80" * 9, false.der, real.der, real.der + b"0", real.der), nonce=nonce,
            signature=held.sign(proof, raw=True), algorithm="", origin="http://localhost", for_agency=False,
            now=papers.now,
        )  # fmt: skip
        uow.commit()
    assert false.certificate.subject == real.certificate.subject
    assert row.chain == real.der


def test_a_key_that_was_retired_meanwhile_settles_nothing(client: Browser, papers: Papers) -> None:
    """A signature waited for a revocation list; its owner gave the key up as stolen before the list came."""
    document, key = papers.awaiting(), papers.keys.held["leader"]
    client.clock.advance(days=40)
    papers.now = client.clock()
    prepared = prepare(client.login("leader"), "leader", key, papers, document)
    (answer,) = finish(client, prepared["session"], (document, signature(key, prepared["items"][0])))
    assert answer["code"] == "signature_undecided"
    with unit_of_work(papers.office.engine) as uow:
        own = uow.session.scalars(select(Certificate.id).where(Certificate.sha256 == key.fingerprint)).one()
    assert client.post(f"/certificates/{own}/retire", data={"why": "broken"}).status_code == 303
    papers.keys.publish(at=papers.now)
    with unit_of_work(papers.office.engine) as uow:
        outcome = settle_one(
            uow, session_id=1, document_id=document, field="leader", blobs=papers.blobs, now=papers.now
        )
        uow.commit()
    assert (outcome.conclusion, outcome.reason) == ("failed", "certificate_not_confirmed")
    assert papers.row(document).state == State.AWAITING_SIGNATURE
