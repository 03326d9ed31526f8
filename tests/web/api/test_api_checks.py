"""A program checks a file: the contract of the command line, the same gate, nothing kept."""

from __future__ import annotations

import io

import pytest
import schemathesis
from flask import Flask

from tests.support import held_files as held
from tests.support.papers import Papers
from tests.web.api.conftest import PREFIX, Api, Caller
from workflow.web.check_gate import turns


def check(caller: Caller, **parts: bytes | str):  # type: ignore[no-untyped-def]
    """Files as bytes, anything else as a field."""
    form = {
        name: (io.BytesIO(part), f"{name}.bin") if isinstance(part, bytes) else part for name, part in parts.items()
    }
    return caller.client.post(f"{PREFIX}/verify", data=form, headers=caller.headers)


def test_files_of_every_kind_get_their_verdict(api: Api, papers: Papers) -> None:
    """Issued here, from elsewhere, beside its content, and what is no signed file at all."""
    clerk = api("clerk")
    row, data = held.issued(papers)
    found = check(clerk, file=data).get_json()
    assert (found["verdict"], found["paper"]["symbol"], len(found["signatures"])) == ("passed", row.symbol, 3)
    assert check(clerk, file=held.foreign()).get_json()["reason"] == "root_not_trusted"
    assert (
        check(clerk, file=held.beside(papers), content=held.CONTENT).get_json()["signatures"][0]["integrity"]
        == "intact"
    )
    assert check(clerk, file=b"PK\x03\x04").get_json()["reason"] == "not_a_pdf"
    assert check(clerk, file=b"").get_json()["reason"] == "empty"


@pytest.mark.parametrize(
    "parts", [{}, {"file": "no file"}, {"file": b"x", "other": b"y"}, {"file": b"x", "a": "b"}]
)
def test_other_bodies_are_refused(api: Api, parts: dict[str, bytes | str]) -> None:
    """A part with a typing error must not be passed over."""
    refused = check(api("clerk"), **parts)
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")


def test_only_with_a_token_and_only_when_there_is_room(api: Api, app: Flask, papers: Papers) -> None:
    """401 without; 503 with Retry-After while the same person has a file checked."""
    assert check(api(""), file=held.foreign()).status_code == 401
    with app.app_context():
        queue = turns()
    queue.patience = 0.02
    clerk = papers.office.posts["clerk"].person_id
    with queue.turn(f"verify:person:{clerk}", member=True):
        busy = check(api("clerk"), file=held.foreign())
    assert (busy.status_code, busy.headers["Retry-After"], busy.get_json()["code"]) == (503, "3", "check_busy")


def test_answers_are_as_described(app: Flask, api: Api, papers: Papers) -> None:
    """With real signatures in them, which made-up bytes never have."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operation = schema.find_operation_by_id("checkFile")
    for data in (held.issued(papers)[1], held.foreign(), b"%PDF-"):
        case = operation.Case(body={"file": data}, media_type="multipart/form-data")
        assert case.call_and_validate(headers=api("clerk").headers).status_code == 200
