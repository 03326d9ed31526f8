"""Insiders and neighbours at the clerk's table: no page, no file, no act, whatever the address."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.attacks.crowd import all_words
from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser
from tests.support.papers import Papers, letter
from workflow.domain.incoming import Source
from workflow.services.incoming import arriving, receiving
from workflow.services.incoming.receiving import Brought
from workflow.store import incoming as store
from workflow.store.models import Incoming
from workflow.store.session import unit_of_work

SUBJECT = LETTER.subject


def arrived(papers: Papers) -> Incoming:
    """A file of the commune in its queue, with its facts."""
    arrivals = Arrivals(papers.office)
    main = Brought(data=letter(SUBJECT), filename="cv.pdf")
    taken: receiving.Taken = arrivals.do(
        "clerk", receiving.take_in, main=main, source=Source.UPLOAD, blobs=papers.blobs
    )
    made: Incoming = arrivals.do(
        "clerk", arriving.correct, incoming_id=taken.document.id, version=None, facts=LETTER
    )
    return made


def addresses(app: Flask, incoming_id: int, method: str) -> list[str]:
    """Every address of the arrivals' pages about one document."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("arrivals.")]
    paths = [
        re.sub(r"<int:incoming_id>", str(incoming_id), rule.rule)
        for rule in rules
        if method in (rule.methods or ())
    ]
    return [re.sub(r"<int:\w+>", "1", path) for path in paths]


@pytest.mark.parametrize("who", ["far_clerk", "far_leader", "drafter", "lone_drafter", "head", "admin"])
def test_nobody_else_reads_or_acts(app: Flask, client: Browser, papers: Papers, who: str) -> None:
    """Reading is 404 or 403, acting changes nothing, and no page names the paper."""
    made = arrived(papers)
    client.login(who)
    about_it = [path for path in addresses(app, made.id, "GET") if f"/{made.id}/" in path]
    assert len(about_it) == 5
    for path in about_it:
        assert FlaskClient.open(client, path, buffered=True).status_code in {403, 404}, path
    for path in addresses(app, made.id, "GET"):
        answer = FlaskClient.open(client, f"{path}?done={made.id}&documents={made.id}", buffered=True)
        assert answer.status_code < 500, path
        assert SUBJECT not in all_words(answer), path
    for path in (path for path in addresses(app, made.id, "POST") if f"/{made.id}/" in path):
        given = {"version": str(made.version), "remark": "x", "kind": "scan", "issuer": "A", "subject": "B",
                 "file": (io.BytesIO(letter()), "a.pdf")}  # fmt: skip
        assert client.post(path, data=given).status_code in {403, 404}, path
    with unit_of_work(papers.office.engine) as uow:
        found = store.find(papers.office.scope("clerk"), uow.session, made.id)
        assert (found.version, found.state) == (made.version, made.state)


def test_the_leader_reads_files_and_takes_nothing_in(app: Flask, client: Browser, papers: Papers) -> None:
    """Who may read what arrives sees its files, and registers nothing."""
    made = arrived(papers)
    client.login("leader")
    assert client.get(f"/incoming/{made.id}/files").status_code == 200
    assert client.get(f"/incoming/{made.id}/files/1").data == letter(SUBJECT)
    for path in addresses(app, made.id, "POST"):
        assert client.post(path, data={"version": str(made.version), "remark": "x"}).status_code == 403, path


def test_the_same_bytes_tell_a_neighbour_nothing(client: Browser, papers: Papers) -> None:
    """Who sends a file that another agency holds gets a row of their own, not a word about the other."""
    made = arrived(papers)
    body = {"files": [(io.BytesIO(letter(SUBJECT)), "cua-toi.pdf")]}
    answer = client.login("far_clerk").post("/incoming/arrivals", data=body, headers={"Accept": "application/json"})
    (told,) = answer.json
    assert told["state"] == "taken"
    assert f"/{made.id}/" not in told["address"]


def test_hostile_names_stay_text(client: Browser, papers: Papers) -> None:
    """Markup and controls in a file's name reach no header and no page as what they are."""
    name = 'a"\r\nX-Evil: 1 <img src=x onerror=alert(1)>.pdf'
    client.login("clerk")
    client.post("/incoming/arrivals", data={"files": [(io.BytesIO(letter()), name)]})
    page = client.get("/incoming/arrivals").text
    assert "<img src=x" not in page
    with unit_of_work(papers.office.engine) as uow:
        newest = max(row.id for row in uow.session.query(Incoming))
    answer = client.get(f"/incoming/{newest}/files/1")
    assert "X-Evil" not in answer.headers
    assert "\n" not in answer.headers["Content-Disposition"]
