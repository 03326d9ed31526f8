"""Every operation of the API with keys of what is not the token's: the same answer as for what does not exist."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.support.arrivals import LETTER, Arrivals
from tests.support.asked import Asking
from tests.support.browser import Browser
from tests.support.dossiers import Dossiers
from tests.support.office import Office
from tests.support.papers import Papers
from tests.web.api.conftest import token_for
from workflow.domain.outgoing import Action
from workflow.domain.people import Role
from workflow.services.documents import templates
from workflow.store.models import ApiToken, PostRow
from workflow.store.session import unit_of_work
from workflow.web.api.document_schemas import TAKEN

SUBJECT = "Chuyện chỉ trong nhà"
MISSING = 987_654
SAME_AGENCY_OTHER_UNIT, ELSEWHERE = ("lone_drafter",), ("far_drafter", "far_clerk", "far_leader")
OPERATIONS = {
    ("/api/v1/me", "GET"), ("/api/v1/documents", "GET"), ("/api/v1/documents/<int:document_id>", "GET"),
    ("/api/v1/documents/<int:document_id>/actions", "POST"), ("/api/v1/rates", "GET"),
    ("/api/v1/rates/documents", "GET"), ("/api/v1/openapi.json", "GET"),
    ("/api/v1/verify", "POST"), ("/api/v1/incoming", "GET"), ("/api/v1/incoming/<int:incoming_id>", "GET"),
    ("/api/v1/search", "GET"), ("/api/v1/dossiers", "GET"), ("/api/v1/dossiers/<int:dossier_id>", "GET"),
    ("/api/v1/opinions", "GET"), ("/api/v1/opinions/<int:request_id>", "GET"),
    ("/api/v1/opinions/<int:request_id>/answers", "POST"),
    ("/api/v1/documents/<int:document_id>/opinions", "GET"), ("/api/v1/templates", "GET"),
    ("/api/v1/documents/<int:document_id>/deliveries", "GET"),
    ("/api/v1/templates/<string:key>", "GET"),
}  # fmt: skip
HINTS = {("/api/v1/remote-signing/<provider>", "POST")}
"""Known by the secret of a remote signing service, never by a token: `test_remote_signing_pages` forges them."""


def ask(client: Browser, token: str, method: str, path: str, **named: Any) -> TestResponse:
    """As a program."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    return FlaskClient.open(client, path, method=method, headers=headers, **named)


def told(answer: TestResponse) -> tuple[int, str]:
    """Everything a program learns, but for the request's own name."""
    return answer.status_code, re.sub(r'"request_id":"\w+"', "", answer.text)


def test_the_list_of_operations_is_whole(app: Flask) -> None:
    """A new operation needs a line above, and one with a key a look below."""
    found = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    assert found == OPERATIONS | HINTS


@pytest.mark.parametrize("who", [*SAME_AGENCY_OTHER_UNIT, *ELSEWHERE])
def test_foreign_and_missing_documents_answer_alike(
    client: Browser, office: Office, papers: Papers, who: str
) -> None:
    """Reading, and each action that the API takes, with the right version and a wrong one."""
    document = papers.in_review(subject=SUBJECT)
    token, version = token_for(office.engine, office, who, now=client.clock()), papers.row(document).version
    for what in ("", "/deliveries"):
        found = [told(ask(client, token, "GET", f"/api/v1/documents/{key}{what}")) for key in (document, MISSING)]
        assert found[0] == found[1]
        assert found[0][0] == 404
    for action in TAKEN:
        for seen in (version, 1):
            body = {"action": str(action), "version": seen, "remark": "x"}
            found = [
                told(ask(client, token, "POST", f"/api/v1/documents/{key}/actions", json=body))
                for key in (document, MISSING)
            ]
            assert found[0] == found[1], action
            assert found[0][0] in {403, 404}
            assert SUBJECT not in found[0][1]
    assert papers.row(document).version == version


@pytest.mark.parametrize("who", ["lone_drafter", "specialist", *ELSEWHERE])
def test_foreign_and_missing_arrivals_answer_alike(
    client: Browser, office: Office, papers: Papers, who: str
) -> None:
    """One that lies with a leader is nobody's of the units, and never a neighbour's: read, listed, filtered by."""
    arrivals = Arrivals(office)
    document = arrivals.submitted(facts=replace(LETTER, subject=SUBJECT))
    token = token_for(office.engine, office, who, now=client.clock())
    found = [told(ask(client, token, "GET", f"/api/v1/incoming/{key}")) for key in (document.id, MISSING)]
    assert found[0] == found[1]
    assert found[0][0] == 404
    for query in ({}, {"number": document.number}, {"q": "0412/SNV-TCBC"}, {"open": "true", "sort": "due"}):
        listed = ask(client, token, "GET", "/api/v1/incoming", query_string=query)
        assert (listed.status_code, listed.json["items"]) == (200, [])


@pytest.mark.parametrize("who", ["lone_drafter", "culture_head", *ELSEWHERE])
def test_foreign_and_missing_dossiers_answer_alike(
    client: Browser, office: Office, papers: Papers, who: str
) -> None:
    """One of another unit or agency: read, listed, filtered by; its own unit's drafter reads it."""
    dossier = Dossiers(office).outside(title=SUBJECT)
    token = token_for(office.engine, office, who, now=client.clock())
    found = [told(ask(client, token, "GET", f"/api/v1/dossiers/{key}")) for key in (dossier.id, MISSING)]
    assert found[0] == found[1]
    assert found[0][0] == 404
    for query in ({}, {"unit": dossier.unit_id}, {"maker": dossier.maker_id}, {"q": SUBJECT}, {"sort": "notation"}):
        listed = ask(client, token, "GET", "/api/v1/dossiers", query_string=query)
        assert (listed.status_code, listed.json["items"]) == (200, [])
    own = token_for(office.engine, office, "drafter", now=client.clock())
    assert ask(client, own, "GET", f"/api/v1/dossiers/{dossier.id}").json["title"] == SUBJECT


@pytest.mark.parametrize("who", ["lone_drafter", "culture_head", *ELSEWHERE])
def test_foreign_and_missing_opinions_answer_alike(
    client: Browser, office: Office, papers: Papers, who: str
) -> None:
    """A request to somebody else: read, answered, listed, by its document; nothing is recorded."""
    made = Asking(office)
    document = made.draft(subject=SUBJECT)
    [request] = made.ask(document, "clerk@")
    token = token_for(office.engine, office, who, now=client.clock())
    body = {"verdict": "agree", "seen": made.text(document, "second")}
    for path, method in (("opinions/{}", "GET"), ("opinions/{}/answers", "POST"), ("documents/{}/opinions", "GET")):
        foreign, missing = (document, MISSING) if path.startswith("documents") else (request, MISSING)
        found = [
            told(ask(client, token, method, f"/api/v1/{path.format(key)}", json=body if method == "POST" else None))
            for key in (foreign, missing)
        ]
        assert found[0] == found[1], path
        assert found[0][0] == 404
    for query in ({}, {"side": "unit"}, {"side": "by"}, {"q": SUBJECT}, {"state": "waiting"}):
        listed = ask(client, token, "GET", "/api/v1/opinions", query_string=query)
        assert (listed.status_code, listed.json["items"]) == (200, [])
    own = token_for(office.engine, office, "clerk", now=client.clock())
    assert ask(client, own, "GET", f"/api/v1/opinions/{request}").json["answers"] == []


@pytest.mark.parametrize("who", ["far_drafter", "far_clerk"])
def test_foreign_and_missing_templates_answer_alike(
    client: Browser, office: Office, papers: Papers, who: str
) -> None:
    """Another office's own template, in use and ended."""
    given = {"type_code": "notice", "basis": "", "body": SUBJECT}
    rows = [papers.do(templates.add, "clerk", scoped=False, name=name, **given) for name in ("A", "B")]
    papers.do(templates.end, "clerk", scoped=False, template_id=rows[1].id)
    token = token_for(office.engine, office, who, now=client.clock())
    found = {told(ask(client, token, "GET", f"/api/v1/templates/own:{key}")) for key in (1, 2, MISSING)}
    assert len(found) == 1
    assert found.pop()[0] == 404
    assert SUBJECT not in ask(client, token, "GET", "/api/v1/templates").text
    own = token_for(office.engine, office, "drafter", now=client.clock())
    assert ask(client, own, "GET", "/api/v1/templates/own:2").json["in_use"] is False


@pytest.mark.parametrize("who", ELSEWHERE)
def test_filters_by_foreign_keys_find_what_missing_keys_find(
    client: Browser, office: Office, papers: Papers, who: str
) -> None:
    """Lists and figures: a foreign unit, signer or agency is one that does not exist."""
    papers.issued(subject=SUBJECT)
    token = token_for(office.engine, office, who, now=client.clock())
    foreign = {
        "unit": office.units["economy"], "signer": office.posts["leader"].person_id,
        "agency": office.units["commune"],
    }  # fmt: skip
    for path, names in (("documents", ("unit", "signer")), ("rates", ("agency",)),
                        ("rates/documents", ("agency", "unit", "signer"))):  # fmt: skip
        for name in names:
            query = {"figure": "issued"} if path == "rates/documents" else {}
            found = [
                told(ask(client, token, "GET", f"/api/v1/{path}", query_string={**query, name: key}))
                for key in (foreign[name], MISSING)
            ]
            assert SUBJECT not in found[0][1]
            assert found[0][0] == found[1][0], (path, name)
            assert found[0][1] == found[1][1], (path, name)


@pytest.mark.parametrize("who", [*SAME_AGENCY_OTHER_UNIT, *ELSEWHERE])
def test_a_search_for_a_foreign_document_is_one_for_nothing(
    client: Browser, office: Office, papers: Papers, who: str
) -> None:
    """By its words, symbol, code, type and day: the very answer that a word nobody wrote gets."""
    document = papers.row(papers.issued(subject=SUBJECT))
    token = token_for(office.engine, office, who, now=client.clock())
    nothing = told(ask(client, token, "GET", "/api/v1/search", query_string={"q": "xyzzyx"}))
    assert nothing[0] == 200
    for words in (SUBJECT, "chuyen", document.symbol, str(document.number), document.code, "công văn"):
        for more in ({}, {"kind": "out"}, {"limit": 1}, {"type": document.type_code}, {"since": "2026-01-01"}):
            assert told(ask(client, token, "GET", "/api/v1/search", query_string={"q": words, **more})) == nothing
    own = token_for(office.engine, office, "clerk", now=client.clock())
    assert SUBJECT in ask(client, own, "GET", "/api/v1/search", query_string={"q": SUBJECT}).text


def test_a_dead_token_hears_the_same_everywhere(client: Browser, office: Office, papers: Papers) -> None:
    """Revoked or run out: 401 on every operation, whether or not the key exists. Of an ended post: 403."""
    document = papers.in_review(subject=SUBJECT)
    dead = {name: token_for(office.engine, office, "clerk", now=client.clock()) for name in ("revoked", "old")}
    ended = token_for(office.engine, office, "head", now=client.clock())
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        rows = uow.session.query(ApiToken).order_by(ApiToken.id).all()
        rows[0].revoked_at, rows[1].expires_at = client.clock(), client.clock()
        uow.session.execute(
            update(PostRow)
            .where(PostRow.id == office.posts["head"].id)
            .values(valid_to=client.clock().date().replace(day=1))
        )
        uow.commit()
    body = {"action": str(Action.RETURN), "version": 2, "remark": "x"}
    for rule, method in OPERATIONS - {("/api/v1/openapi.json", "GET")}:
        for token, status in ((dead["revoked"], 401), (dead["old"], 401), (ended, 403)):
            json = body if method == "POST" else None
            paths = {re.sub(r"<\w+:\w+>", str(key), rule) for key in (document, MISSING)}
            found = {told(ask(client, token, method, path, json=json)) for path in paths}
            assert {one[0] for one in found} == {status}, (rule, token)
            assert len(found) == 1
    assert papers.row(document).state == "in_review"


def test_roles_without_papers_hear_no_more(client: Browser, office: Office, papers: Papers) -> None:
    """An administrator's token: 403 before any document is looked for."""
    document = papers.in_review(subject=SUBJECT)
    token = token_for(office.engine, office, "admin", now=client.clock())
    assert office.posts["admin"].role is Role.ADMIN
    found = {told(ask(client, token, "GET", f"/api/v1/documents/{key}")) for key in (document, MISSING)}
    assert len(found) == 1
    assert found.pop()[0] == 403
