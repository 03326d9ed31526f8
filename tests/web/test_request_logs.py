"""What the service writes into its log: one JSON line a request, its id, and nobody's numbers, names or words."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask

from tests.support.browser import Browser
from tests.support.office import Office
from workflow.domain.text import mask_personal
from workflow.web import logs

NUMBER = "001099012345"
"""A citizen's number, twelve digits."""


@pytest.fixture
def written() -> Iterator[io.BytesIO]:
    """Where the lines of this test go; afterwards they go where they went before."""
    stream, before = io.BytesIO(), logs._stream
    logs.configure(stream)
    yield stream
    structlog.reset_defaults()
    logs._stream = before


def lines(stream: io.BytesIO) -> list[dict[str, Any]]:
    """Every line is an object of its own."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_the_id_that_the_browser_got(client: Browser, written: io.BytesIO) -> None:
    """Whoever rings up with the number on the page is found in the log."""
    answer = client.login("admin").get("/admin/people?q=Nguy%E1%BB%85n")
    (line,) = lines(written)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/admin/people", 200)
    assert line["ms"] >= 0
    assert line["timestamp"].startswith("2026-11-23T02:00:00")


def test_lines_hold_the_route_and_nothing_that_somebody_typed(
    client: Browser, office: Office, written: io.BytesIO
) -> None:
    """No value of an address, no question, no form, no cookie, no name, no remote address."""
    person = office.posts["leader"].person_id
    client.login("admin")
    client.get(f"/admin/people/{person}?note={NUMBER}")
    client.get(f"/v/{NUMBER}", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    client.get(f"/nowhere/{NUMBER}")
    client.post("/login", data={"username": f"lan {NUMBER}", "password": "không nói ra"})
    text = written.getvalue().decode()
    assert [line["route"] for line in lines(written)] == [
        "/admin/people/<int:person_id>",
        "/v/<code>",
        "",
        "/login",
    ]
    for told in (NUMBER, "không nói ra", "203.0.113.77", "Nguyễn", "trinhky="):
        assert told not in text


def test_an_accident_is_told_with_its_number_and_masked_words(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch, written: io.BytesIO
) -> None:
    """The exception stands in the log under the request's id, the citizen's number in it only by its end."""
    app.testing = False

    def accident(*_given: object, **_named: object) -> None:
        raise RuntimeError(f"UID=CCCD:{NUMBER}")

    monkeypatch.setitem(app.view_functions, "health.healthz", accident)
    answer = client.get("/healthz")
    assert answer.status_code == 500
    text = written.getvalue().decode()
    (told,) = [line for line in lines(written) if "RuntimeError" in json.dumps(line)]
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert NUMBER not in text
    assert mask_personal(f"CCCD:{NUMBER}") in json.dumps(told, ensure_ascii=False)


def test_lines_that_others_write_are_masked_too(written: io.BytesIO) -> None:
    """Whatever part of the program says something."""
    structlog.get_logger("store").warning("odd", subject=f"CCCD:{NUMBER}", count=3)
    (line,) = lines(written)
    assert NUMBER not in json.dumps(line)
    assert (line["level"], line["event"], line["count"]) == ("warning", "odd", 3)
