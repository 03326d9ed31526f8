"""Files are read for search, each by one process, and found by what they say."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import run_due
from schedulers.table import job
from tests.support.office import NOON, Office
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.services import search
from workflow.store.models import FileText, SearchText
from workflow.store.search import Narrowed
from workflow.store.session import unit_of_work


def found(office: Office, words: str, who: str = "clerk") -> int:
    """How many documents a person finds."""
    with unit_of_work(office.engine) as uow:
        answer = search.search(uow, office.scope(who), words, narrowed=Narrowed(), limit=50)
        return len(answer.rows) if answer else 0


def test_what_a_file_says_is_found_once_it_was_read(tools: Tools, office: Office) -> None:
    """Not before, by nobody else, and not again; a file that is gone is said to be lost and asked for no more."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    for _copy in range(2):
        papers.draft()
    with unit_of_work(office.engine) as uow:
        blob = "0" * 64
        assert search.read_file(uow, blob, blobs=papers.blobs, now=NOON) == "lost"
        uow.commit()
    assert found(office, '"các thôn trực 24/24 giờ"') == 0
    assert set(run_due(tools, job("index_texts")).values()) == {"done"}
    assert found(office, '"các thôn trực 24/24 giờ"') == 2
    assert found(office, "thôn trực", "far_clerk") == 0
    with unit_of_work(office.engine) as uow:
        assert uow.session.scalars(select(SearchText.waiting)).all() == [False] * 2
    before = _texts(office)
    run_due(tools, job("index_texts"))
    assert _texts(office) == before


def test_a_document_is_taken_by_one(tools: Tools, office: Office) -> None:
    """Whoever comes second gets nothing until the lease has run out."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    papers.draft()
    for later, mine in ((timedelta(), True), (timedelta(minutes=9), False), (timedelta(minutes=11), True)):
        with unit_of_work(office.engine) as uow:
            key = uow.session.scalars(select(SearchText.id)).one()
            assert search.take(uow, key, now=NOON + later) is mine
            uow.commit()


def _texts(office: Office) -> dict[str, str]:
    with unit_of_work(office.engine) as uow:
        return {row.sha256: row.state for row in uow.session.scalars(select(FileText))}
