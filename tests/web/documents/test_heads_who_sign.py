"""A head of unit signs TL. or TUQ.: what signs needs a second factor, whatever the post needs to come in."""

from __future__ import annotations

import base64

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.domain.people import Capacity


@pytest.fixture
def waiting(papers: Papers) -> int:
    """A paper before the head, who holds a confirmed certificate."""
    papers.keys.issue("head")
    papers.keys.enrol("head")
    return papers.awaiting(signer="head", capacity=Capacity.TL)


def prepare(client: Browser, papers: Papers, document_id: int) -> str:
    """What the server says to the first phase: a code, or nothing where it prepared."""
    body = {
        "certificate": base64.b64encode(papers.keys.held["head"].der).decode(),
        "chain": [],
        "documents": [{"id": document_id, "version": papers.row(document_id).version}],
    }
    answer = client.post("/sign/leader/prepare", json=body, headers={"Accept": "application/json"})
    return str(answer.json.get("code", ""))


def test_without_a_second_factor_nothing_is_prepared(client: Browser, papers: Papers, waiting: int) -> None:
    """The page leads to the factor, the door of the key stays shut; with it the paper can be signed."""
    client.login("head", stepped_up=False)
    page = client.get(f"/sign?documents={waiting}")
    assert page.status_code == 302
    assert page.headers["Location"].startswith(("/step-up", "/account/factors"))
    assert prepare(client, papers, waiting) == "step_up_needed"
    client.login("head")
    assert client.get(f"/sign?documents={waiting}").status_code == 200
    assert prepare(client, papers, waiting) == ""


def test_the_certificate_of_a_head_is_enrolled_with_a_second_factor(client: Browser, papers: Papers) -> None:
    """Else a stolen password would bring in a key of its own."""
    client.login("head", stepped_up=False)
    assert client.post("/certificates/enrol").status_code in {302, 303, 403}
    assert client.login("head").post("/certificates/enrol").status_code == 200
