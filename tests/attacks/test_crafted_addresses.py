"""Addresses that nobody's browser makes: redirects off the house, damaged cursors, digits that are none."""

from __future__ import annotations

import base64
import dataclasses
import json
import re

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.config import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Under a name, since passkeys are bound to names."""
    return dataclasses.replace(settings, base_url="http://localhost")


def cursor(*parts: object) -> str:
    """A cursor as the lists write it."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


ABROAD = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "x:evil",
)


@pytest.mark.parametrize("place", ABROAD)
def test_no_page_sends_people_to_another_host(client: Browser, place: str) -> None:
    """Neither a redirect nor an address that a script follows: four slashes came out of werkzeug as two."""
    client.login("leader")
    assert client.get("/login", query_string={"next": place}).headers["Location"] == "/"
    assert client.post("/language/en", query_string={"next": place}).headers["Location"] == "/"
    page = client.get("/account/factors", query_string={"next": place}).text
    assert re.findall(r'data-next="([^"]*)"', page) == ["/"]


CURSORS = (
    cursor(10**140, 5), cursor(5, 10**140), cursor(5, -1), cursor("0001-01-01T00:00:00+14:00", 5),
    cursor("9999-12-31T23:59:59-14:00", 5), cursor("2026-11-23T00:00:00+00:00", 10**60), cursor([1], 5),
    base64.urlsafe_b64encode(b"[Infinity,5]").decode().rstrip("="),
)  # fmt: skip


@pytest.mark.parametrize("after", CURSORS)
def test_a_damaged_cursor_starts_the_list_anew(client: Browser, papers: Papers, after: str) -> None:
    """Numbers and moments that no database holds are no place in a list."""
    papers.draft(subject="Danh sách")
    client.login("clerk")
    for sort in ("newest", "number", "due", "issued"):
        answer = client.get("/outgoing", query_string={"sort": sort, "after": after})
        assert answer.status_code == 200
    assert client.get("/reports/documents", query_string={"after": after}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/outgoing?q=²", "/outgoing?unit=²", "/outgoing?signer=²", "/outgoing/{}?file=²", "/register?register=²",
        "/register?year=²&after=²", "/sign?documents=²", "/sign/receipt?documents=²",
        "/reports?period=0001-01-01..0001-01-02", "/reports?from=9999-12-31",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_no_accident(client: Browser, papers: Papers, address: str) -> None:
    """`²` is a digit to Unicode and none to `int`; the ends of the calendar have no day before or after."""
    document = papers.draft()
    client.login("leader")
    assert client.get(address.format(document)).status_code in {200, 404, 422}
