"""Filtered lists under a name: nothing is kept but a path of ours and its filters."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.store.models import SavedView
from workflow.store.session import unit_of_work


def kept(client: Browser) -> list[tuple[str, str, str]]:
    """(page, name, query) of everything saved."""
    with unit_of_work(client.engine) as uow:
        query = select(SavedView.page, SavedView.name, SavedView.query).order_by(SavedView.id)
        return [(row[0], row[1], row[2]) for row in uow.session.execute(query)]


def test_a_list_is_saved_shown_and_deleted(client: Browser, papers: Papers) -> None:
    """On its own page, for its owner alone."""
    client.login("clerk")
    answer = client.post("/saved/outgoing", data={"name": "Quá hạn của KT", "query": "late=1&sort=due&after=abc"})
    assert answer.headers["Location"] == "/outgoing?late=1&sort=due"
    page = client.get("/outgoing").text
    assert '<a href="/outgoing?late=1&amp;sort=due">Quá hạn của KT</a>' in page
    assert 'aria-current="true">Quá hạn của KT' in client.get("/outgoing?late=1&sort=due").text
    assert "Quá hạn của KT" not in client.get("/search").text
    assert "Quá hạn của KT" not in client.login("head").get("/outgoing").text
    assert client.post("/saved/1/delete", data={"query": ""}).status_code == 404
    client.login("clerk")
    assert client.post("/saved/1/delete", data={"query": "q=x"}).headers["Location"] == "/outgoing?q=x"
    assert kept(client) == []


@pytest.mark.parametrize(
    ("query", "stored"),
    [
        ("q=bão&csrf_token=x&next=//evil.example", "q=b%C3%A3o"),
        ("//evil.example/?q=1", ""),
        ("q=1#x\r\nSet-Cookie: a=b", "q=1%23x+Set-Cookie%3A+a%3Db"),
        ("javascript:alert(1)", ""),
        ("q=" + "&q=" * 500, ""),
    ],
)
def test_only_filters_of_ours_are_kept(client: Browser, papers: Papers, query: str, stored: str) -> None:
    """Whatever a form sends."""
    answer = client.login("clerk").post("/saved/search", data={"name": "x", "query": query})
    assert kept(client) == [("search", "x", stored)]
    assert answer.headers["Location"] == ("/search?" + stored if stored else "/search")


def test_names_are_needed_and_not_too_many(client: Browser, papers: Papers) -> None:
    """A name used before means the new list; the thirty-first is refused; other pages are none."""
    client.login("clerk")
    assert client.post("/saved/search", data={"name": " ", "query": "q=1"}).status_code == 422
    assert client.post("/saved/search", data={"name": "x" * 61, "query": "q=1"}).status_code == 422
    assert client.post("/saved/account", data={"name": "x", "query": "q=1"}).status_code == 404
    for number in (*range(30), 5):
        client.post("/saved/search", data={"name": f"n{number}", "query": f"q={number}1"})
    assert len(kept(client)) == 30
    assert client.post("/saved/search", data={"name": "one more", "query": "q=1"}).status_code == 422
