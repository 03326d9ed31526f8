"""The clerk's button for a key on the server: through the web, over the socket, with the clerk's own login."""

from __future__ import annotations

import dataclasses
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.attacks.crowd import another
from tests.support.browser import Browser, Clock
from tests.support.papers import Papers
from workflow.adapters import sealer
from workflow.config import Settings
from workflow.domain.outgoing import State
from workflow.sealer import Sealer, listen
from workflow.store import documents
from workflow.store.models import Unit
from workflow.store.session import unit_of_work


class Key:
    """The agency's key, as the process holds it."""

    def __init__(self, papers: Papers) -> None:
        self._identity = papers.keys.held["commune"]
        self.certificate = self._identity.der

    def sign(self, data: bytes) -> bytes:
        """Use it."""
        return self._identity.sign(data, raw=True)


@pytest.fixture
def socket_path() -> Iterator[str]:
    """Short: such a path holds about a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="seal-") as folder:
        yield str(Path(folder, "s"))


@pytest.fixture
def settings(settings: Settings, socket_path: str) -> Settings:
    """The web knows the socket and nothing else."""
    return dataclasses.replace(settings, seal_socket=socket_path)


@pytest.fixture
def process(papers: Papers, clock: Clock, socket_path: str) -> Iterator[None]:
    """The seal process, and a head who allowed it."""
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, papers.office.units["commune"]).server_seal = True
        uow.commit()
    made = Sealer(papers.office.engine, papers.blobs, {papers.office.units["commune"]: Key(papers)}, clock)
    stop = threading.Event()
    thread = threading.Thread(target=listen, args=(made, socket_path, stop))
    thread.start()
    while not Path(socket_path).exists():
        assert thread.is_alive()
    yield
    stop.set()
    thread.join()


@pytest.mark.usefixtures("process")
def test_number_and_seal_at_one_press(client: Browser, papers: Papers) -> None:
    """The clerk who is logged in and has just given the factor."""
    document = papers.numbered()
    client.login("clerk")
    for purpose in ("number", "seal"):
        assert client.post(f"/sign/{purpose}/server", data={"documents": document}).status_code == 200
    assert papers.row(document).state == State.SEALED


@pytest.mark.usefixtures("process")
def test_a_second_click_says_what_the_first_one_did(
    client: Browser, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first one and while it was under way: done, once. Another clerk reads nothing of the kind."""
    client.set_cookie("trinhky_language", "en")
    document = papers.numbered()
    client.login("clerk")
    told = "1 of 1 done"
    asks = sealer.ask

    def twice(*given: Any, **more: Any) -> dict[str, Any]:
        asks(*given, **more)
        return asks(*given, **more)

    monkeypatch.setattr(sealer, "ask", twice)
    assert told in client.post("/sign/number/server", data={"documents": document}).text
    monkeypatch.undo()
    assert told in client.post("/sign/number/server", data={"documents": document}).text
    with unit_of_work(papers.office.engine) as uow:
        made = documents.live_signature(uow.session, document, "number")
        assert made is not None
        uow.begin_write()
        made.person_id = papers.office.posts["deputy"].person_id
        uow.commit()
    assert told not in client.post("/sign/number/server", data={"documents": document}).text


@pytest.mark.usefixtures("process")
def test_nobody_else_and_nobody_later(app: Flask, client: Browser, papers: Papers) -> None:
    """A leader, a neighbour's clerk, a clerk whose factor is old: the key is not used."""
    document = papers.numbered()
    for who in ("leader", "drafter", "admin", "far_clerk"):
        another(app, client).login(who).post("/sign/number/server", data={"documents": document})
    client.login("clerk")
    client.clock.advance(minutes=6)
    assert client.post("/sign/number/server", data={"documents": document}).status_code == 403
    with unit_of_work(papers.office.engine) as uow:
        assert documents.live_signature(uow.session, document, "number") is None
