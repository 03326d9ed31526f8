"""Bodies no program of ours sends: too deep, too large, twice named, not even text: refused in words, never 500."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.browser import Browser
from tests.support.office import Office
from tests.support.papers import Papers
from tests.web.api.conftest import token_for

BODIES = {
    "deep lists": b"[" * 100_000,
    "deep and closed": b"[" * 50_000 + b"]" * 50_000,
    "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "deeper than 32": b'{"action":' + b"[" * 40 + b"]" * 40 + b',"version":1}',
    "just under the stack": b"[" * 700 + b"]" * 700,
    "digits": b'{"action":"approve","version":' + b"9" * 5000 + b"}",
    "large": b'{"action":"approve","version":9007199254740993}',
    "infinite": b'{"action":"approve","version":1e999}',
    "NaN": b'{"action":"approve","version":NaN}',
    "minus infinity": b'{"action":"approve","version":-Infinity}',
    "not UTF-8": b'{"action":"approve","version":1,"remark":"\xff\xfe"}',
    "UTF-16": '{"action":"approve","version":1}'.encode("utf-16"),
    "twice": b'{"action":"approve","version":1,"action":"reject"}',
    "half": b'{"action":"approve","version":1',
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_the_api_says_what_is_wrong(client: Browser, office: Office, papers: Papers, body: bytes) -> None:
    """400 with a code, a sentence and nothing done."""
    document = papers.draft()
    papers.act("drafter", document, "submit")  # type: ignore[arg-type]
    token = token_for(office.engine, office, "head", now=client.clock())
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    answer = FlaskClient.post(
        client, f"/api/v1/documents/{document}/actions", data=body, headers=headers, content_type="application/json"
    )
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == "json_unreadable"
    assert answer.json["title"].endswith(".")
    assert papers.row(document).state == "in_review"


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("path", ["/sign/leader/prepare", "/sign/leader/finish", "/certificates/finish"])
def test_the_pages_scripts_are_answered_too(client: Browser, body: bytes, path: str) -> None:
    """The same for what only our own scripts send."""
    answer = client.login("leader").post(path, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["code"] == "request_malformed"


def test_a_half_of_a_letter_is_no_remark(client: Browser, office: Office, papers: Papers) -> None:
    """A lone surrogate is JSON and no text: no database holds it."""
    document = papers.draft()
    papers.act("drafter", document, "submit")  # type: ignore[arg-type]
    token = token_for(office.engine, office, "head", now=client.clock())
    answer = FlaskClient.post(
        client, f"/api/v1/documents/{document}/actions", headers={"Authorization": f"Bearer {token}"},
        data=b'{"action":"return","version":2,"remark":"\\ud800"}', content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 422
