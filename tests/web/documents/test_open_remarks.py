"""Whoever agrees, signs or numbers over a remark pinned to the pages is told that it is open, and led to it."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.services.documents import commenting
from workflow.store import documents as store
from workflow.store.session import unit_of_work

SAID = re.compile(
    r'class="[^"]*to-pins[^"]*"><a href="([^"]*)#pins-title">.*?Remarks pinned to the pages: (\d+) open</a>'
)


def pinned(papers: Papers, document: int, who: str = "leader", y: float = 500.0) -> int:
    """A remark on its first page."""
    with unit_of_work(papers.office.engine) as uow:
        ordinal = max(one.ordinal for one in store.files_of(uow.session, document))
    said = papers.do(
        commenting.pin, who, document_id=document, ordinal=ordinal, words=f"Xem lại {y}",
        spot=commenting.Spot(page=1, x=300.0, y=y),
    )  # fmt: skip
    return int(said.id)


@pytest.fixture
def english(client: Browser) -> Browser:
    client.set_cookie("trinhky_language", "en")
    return client


def told(page: str) -> list[tuple[str, str]]:
    return SAID.findall(page)


def test_before_agreeing_and_signing(english: Browser, papers: Papers) -> None:
    """In the reader beside the button, on the signing page at each document; nothing where all are settled."""
    document, other = papers.awaiting(), papers.awaiting()
    first, _second = (pinned(papers, document, y=y) for y in (500.0, 560.0))
    english.login("leader", stepped_up=True)
    assert told(english.get(f"/desk/read/{document}").text) == [("", "2")]
    assert told(english.get(f"/sign?documents={document}&documents={other}").text) == [
        (f"/outgoing/{document}", "2")
    ]
    papers.do(commenting.settle, "leader", document_id=document, comment_id=first, settled=True)
    assert told(english.get(f"/sign?documents={document}").text) == [(f"/outgoing/{document}", "1")]
    assert told(english.get(f"/desk/read/{other}").text) == []


def test_before_numbering(english: Browser, papers: Papers) -> None:
    """On the page of the document, above its steps; not any more once it is issued."""
    document = papers.awaiting()
    pinned(papers, document)
    papers.sign("leader", "leader", papers.keys.held["leader"], document)
    page = english.login("clerk").get(f"/outgoing/{document}").text
    assert told(page) == [("", "1")]
    assert page.index("to-pins") < page.index("Give the number")
