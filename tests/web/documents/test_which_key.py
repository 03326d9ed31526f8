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


def test_with_a_key_on_the_server_one_button_is_first(client: Browser, papers: Papers) -> None:
    """The server's key is the primary way, the key file the other, with an "or" between."""
    document_id = papers.number_signed()
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, papers.office.units["commune"]).server_seal = True
        uow.commit()
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get(f"/sign/seal?documents={document_id}").text
    key_part = page.split('id="key-title"')[1]
    assert len(re.findall(r'class="btn btn-primary"', key_part)) == 1
    server, alternative, file = (
        key_part.index(words) for words in ("With the key on the server", ">or<", "key file</h3>")
    )
    assert server < alternative < file


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
    assert "The key file chosen below" in page
