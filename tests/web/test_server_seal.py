"""The page where the head of an agency lets the server hold the seal's key."""

from __future__ import annotations

import pytest

from tests.support.browser import Browser
from tests.support.office import Office
from workflow.store.models import Unit
from workflow.store.session import unit_of_work


def _allowed(office: Office) -> bool:
    with unit_of_work(office.engine) as uow:
        return uow.session.get_one(Unit, office.units["commune"]).server_seal


def test_the_head_allows_it_and_takes_it_back(client: Browser, office: Office) -> None:
    """In writing, journalled, and with a second factor."""
    client.login("leader", stepped_up=True)
    page = client.get("/certificates/server-seal")
    assert page.status_code == 200
    client.post("/certificates/server-seal", data={"allowed": "yes", "reason": "Biên bản bàn giao số 01"})
    assert _allowed(office)
    client.post("/certificates/server-seal", data={"allowed": "no", "reason": "Thu hồi"})
    assert not _allowed(office)


def test_without_a_reason_nothing_changes(client: Browser, office: Office) -> None:
    """The law wants it in writing."""
    client.login("leader", stepped_up=True)
    client.post("/certificates/server-seal", data={"allowed": "yes", "reason": "  "})
    assert not _allowed(office)


@pytest.mark.parametrize("who", ["clerk", "deputy", "drafter", "admin"])
def test_nobody_else_may(client: Browser, office: Office, who: str) -> None:
    """Neither the clerk who uses the seal nor an administrator."""
    client.login(who, stepped_up=True)
    answer = client.post("/certificates/server-seal", data={"allowed": "yes", "reason": "x"})
    assert answer.status_code == 403
    assert not _allowed(office)
