"""List, page, desk and search ask the database as often for ten documents as for a thousand, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support import engines
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.shelf import shelve
from tests.support.statements import statements
from workflow.config import Settings

SEARCHES = (
    "/search?q=Vi%E1%BB%87c+s%E1%BB%91",
    "/search?q=viec+8",
    "/search?q=0412%2FSNV",
    "/search?q=kh%C3%B4ng+ai+vi%E1%BA%BFt",
)
"""A word of all documents, of some, of one, of none."""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Pages on PostgreSQL too, this once."""
    with engines.lent(database_url) as made:
        yield made


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The same."""
    return Settings(database_url=database_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40)


def test_the_page_and_the_list_ask_the_same_however_much_there_is(client: Browser, arrivals: Arrivals) -> None:
    """One number of statements; only a list longer than its page asks one more, how long it is. A search may ask
    fewer: it goes on to older documents, and to words without accents, only while it has not found enough."""
    found = arrivals.in_progress()
    counted: list[dict[str, int]] = []
    for more in (9, 990):
        shelve(arrivals.office, more)
        counted.append({})
        for who in ("clerk", "head", "specialist", "leader"):
            client.login(who).get("/incoming")
            for path in ("/incoming?sort=oldest", f"/incoming/{found.id}", "/desk", *SEARCHES):
                with statements(client.engine) as sent:
                    assert client.get(path).status_code == 200
                counted[-1][f"{who} {path}"] = len(sent)
    few, many = counted
    longer = {name: 1 for name in few if "?sort" in name}
    expected = {name: count + longer.get(name, 0) for name, count in few.items()}
    fewer = {name: min(count, many[name]) if "/search" in name else count for name, count in expected.items()}
    assert many == fewer
