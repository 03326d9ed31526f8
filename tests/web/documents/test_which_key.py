"""The signing page says which key each way uses, and offers one way first."""

from __future__ import annotations

import dataclasses
import re

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.config import Settings
from workflow.store import certificates
from workflow.store.models import Unit
from workflow.store.session import unit_of_work


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation with a seal process."""
    return dataclasses.replace(settings, seal_socket="/nowhere/seal.socket")


def test_with_a_key_on_the_server_it_is_chosen_first(client: Browser, papers: Papers) -> None:
    """The server's key is chosen, the key file stands below it; each has a part of the page of its own."""
    document_id = papers.number_signed()
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, papers.office.units["commune"]).server_seal = True
        uow.commit()
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get(f"/sign/seal?documents={document_id}").text
    ways = re.findall(r'<input[^>]*type="radio"[^>]*value="([a-z0-9_]+)"[^>]*?( checked)? aria', page)
    assert ways == [("server_seal", " checked"), ("pkcs12_browser", ""), ("uploaded", "")]
    assert re.findall(r'data-way-panel="([a-z0-9_]+)"', page) == ["server_seal", "pkcs12_browser", "uploaded"]


def test_keys_are_told_apart(client: Browser, papers: Papers) -> None:
    """Each certificate with its issuer and the end of its serial number; the chosen file decides."""
    document_id = papers.awaiting()
    with unit_of_work(papers.office.engine) as uow:
        (row,) = certificates.of_person(uow.session, papers.office.posts["leader"].person_id)
        issuer, serial = row.issuer_name, row.serial
    client.set_cookie("trinhky_language", "en")
    page = client.login("leader").get(f"/sign?documents={document_id}").text
    keys = page.split('<ul class="keys">')[1].split("</ul>")[0]
    assert issuer in keys
    assert serial[-8:] in keys
    assert "One password for the document" in page
