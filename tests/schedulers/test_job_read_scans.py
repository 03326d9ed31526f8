"""Scans are read after they came: once by content, page by page, told to the documents, found by their words."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import create_engine, func, select

from schedulers.job import Tools
from schedulers.jobs import read_scans
from schedulers.jobs.housekeeping import FREQUENT
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.arrivals import LETTER, Arrivals
from tests.support.keys import Keys, founded
from tests.support.office import NOON, Office
from tests.support.scans import scanned
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.incoming import Source
from workflow.services import scans, search
from workflow.services.incoming import being_read, receiving, registering
from workflow.services.incoming.deadlines import NO_DEADLINE
from workflow.services.incoming.receiving import Brought
from workflow.services.reading import read_scan, text_of_scan
from workflow.store import incoming as store
from workflow.store import reading as store_reading
from workflow.store.models import FileText, Incoming, Journal, ScanPage, ScanReading
from workflow.store.search import Narrowed
from workflow.store.session import unit_of_work

DRAFTS = Path(__file__).parents[1] / "assets" / "drafts"
WORDS = '"tiếp công dân"'
MINUTE = dt.timedelta(minutes=1)


@cache
def scan(name: str = "notice", pages: int = 1) -> bytes:
    """A paper as a scanner gives it."""
    made = io.BytesIO()
    with pikepdf.open(DRAFTS / f"{name}.pdf") as paper:
        for _more in range(pages - 1):
            paper.pages.append(paper.pages[0])
        paper.save(made)
    return scanned(made.getvalue(), dpi=130, skew=0.3)


@pytest.fixture
def keys(office: Office) -> Keys:
    """A list of roots to judge by."""
    return founded(office)


@pytest.fixture
def arrivals(office: Office, keys: Keys) -> Arrivals:
    """Acts by short names."""
    return Arrivals(office)


@pytest.fixture
def blobs(tools: Tools) -> Blobs:
    """Where the job looks for files."""
    return open_blobs(tools.settings.blob_url)


def take(arrivals: Arrivals, blobs: Blobs, data: bytes, who: str = "clerk") -> Incoming:
    """A scan on the table."""
    brought = Brought(data=data, filename="quet.pdf")
    taken: receiving.Taken = arrivals.do(who, receiving.take_in, main=brought, source=Source.SCAN, blobs=blobs)
    return taken.document


@cache
def words_of_page() -> dict[str, Any]:
    """The first page as OCR reads it: the seconds that takes are spent once for all tests."""
    made = create_engine("sqlite://")
    with unit_of_work(made) as uow:
        words = read_scan(uow, scan(), 1)
    made.dispose()
    return words


def read_before(office: Office, digest: str) -> None:
    """As a process leaves it that died after the first page."""
    with unit_of_work(office.engine) as uow:
        words = words_of_page()
        uow.begin_write()
        text = text_of_scan(words)
        store_reading.keep_page(uow.session, digest, 1, words=words, text=text, until=NOON + 3 * MINUTE)
        uow.commit()


def row(office: Office, incoming_id: int, who: str = "clerk") -> Incoming:
    """As it stands."""
    with unit_of_work(office.engine) as uow:
        return store.find(office.scope(who), uow.session, incoming_id)


def found(office: Office, who: str = "clerk") -> int:
    """How many documents somebody finds by words that stand on the scan only."""
    with unit_of_work(office.engine) as uow:
        answer = search.search(uow, office.scope(who), WORDS, narrowed=Narrowed(), limit=50)
        return len(answer.rows) if answer else 0


def count(office: Office, table: type[Any]) -> int:
    """Rows of a table."""
    with unit_of_work(office.engine) as uow:
        return uow.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_scan_is_read_once_told_and_found(tools: Tools, office: Office, arrivals: Arrivals, blobs: Blobs,
                                            clock: Hand) -> None:  # fmt: skip
    """The clerk waits for nothing; facts come, then words; a neighbour with the same file waits for no OCR, and
    finds nothing before it is theirs; a rebuilt index keeps the words."""
    made = take(arrivals, blobs, scan())
    assert (made.reading, made.subject, made.proposals) == ("waiting", "", [])
    assert set(run_due(tools, job("index_texts")).values()) == {Outcome.DONE}
    assert found(office) == 0
    assert set(run_due(tools, job("read_scans")).values()) == {Outcome.DONE}
    read = row(office, made.id)
    assert (read.reading, read.type_code, read.version) == ("read", "notice", made.version)
    assert "tiếp công dân" in read.subject
    assert read.proposals[0]["box"]
    clock.now += 5 * MINUTE
    run_due(tools, job("index_texts"))
    assert (found(office), found(office, "far_clerk"), count(office, ScanPage)) == (1, 0, 0)
    theirs = take(arrivals, blobs, scan(), "far_clerk")
    assert (theirs.reading, theirs.type_code, count(office, ScanReading)) == ("read", "notice", 1)
    with unit_of_work(office.engine) as uow:
        search.rebuild(uow)
        uow.commit()
    clock.now += 5 * MINUTE
    assert _pages_read(tools) == 0
    run_due(tools, job("index_texts"))
    assert (found(office), found(office, "far_clerk")) == (1, 1)
    with unit_of_work(office.engine) as uow:
        tags = uow.session.scalars(select(Journal.tag).where(Journal.subject == f"incoming:{made.id}")).all()
        assert "document:incoming:read" in tags


def _pages_read(tools: Tools) -> int:
    with unit_of_work(tools.engine) as uow:
        turn = read_scans.Turn(uow=uow, tools=tools, period="", cut_off=NOON, now=tools.clock())
        return int(read_scans.run(turn)["pages"])


def test_who_comes_next_goes_on(tools: Tools, office: Office, arrivals: Arrivals, blobs: Blobs) -> None:
    """A process that died after one page costs one page; two never read one file; a third gets what both read."""
    made = take(arrivals, blobs, scan(pages=2))
    digest = _digest(office)
    with unit_of_work(office.engine) as uow:
        first = scans.take(uow, digest, now=NOON)
        uow.commit()
        assert first is not None
        scans.begin(uow, first, blobs=blobs)
        assert first.next_page() == 1
    read_before(office, digest)
    for later, mine in ((dt.timedelta(minutes=2), False), (dt.timedelta(minutes=4), True)):
        with unit_of_work(office.engine) as uow:
            second = scans.take(uow, digest, now=NOON + later)
            uow.commit()
            assert (second is not None) is mine
    assert second is not None
    with unit_of_work(office.engine) as uow:
        scans.begin(uow, second, blobs=blobs)
        assert (second.read.keys(), second.next_page()) == ({1}, None)  # signed there: no more for the facts
        assert not scans.finish_stage(uow, second, now=NOON)
        assert second.next_page() == 2  # for search
        scans.release(uow, second)
        uow.commit()
        assert being_read.deliver(uow, incoming_id=made.id, now=NOON) == "read"


def _digest(office: Office) -> str:
    with unit_of_work(office.engine) as uow:
        return uow.session.scalars(select(ScanReading.sha256)).one()


def test_what_cannot_be_read_is_said(tools: Tools, office: Office, arrivals: Arrivals, blobs: Blobs, clock: Hand,
                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Without OCR at once, and read when it is there; a file that ends every process is given up."""
    made = take(arrivals, blobs, scan())
    monkeypatch.setattr("workflow.adapters.ocr.ocr_data_folder", lambda: Path("/nowhere"))
    assert _pages_read(tools) == 0
    assert row(office, made.id).reading == "unreadable"
    monkeypatch.undo()
    digest = _digest(office)
    for _time in range(scans.MOST_ATTEMPTS):
        clock.now += 4 * MINUTE
        with unit_of_work(office.engine) as uow:
            assert scans.take(uow, digest, now=clock.now) is not None
            uow.commit()
    clock.now += 4 * MINUTE
    assert _pages_read(tools) == 0
    with unit_of_work(office.engine) as uow:
        assert not uow.session.get_one(ScanReading, digest).is_left


def test_registered_without_waiting_it_is_compared(tools: Tools, office: Office, arrivals: Arrivals, blobs: Blobs,
                                                   clock: Hand) -> None:  # fmt: skip
    """Nothing that was typed changes; what differs is open until it is answered; so for the scan of a paper that
    was registered first."""
    early = take(arrivals, blobs, scan())
    arrivals.do("clerk", registering.register, incoming_id=early.id, version=early.version, facts=LETTER,
                saw="waiting")  # fmt: skip
    paper = arrivals.do(
        "clerk", receiving.write_down, facts=LETTER, form="a", register=True, due=NO_DEADLINE
    ).document  # fmt: skip
    brought = Brought(data=scan(), filename="quet.pdf")
    given = {"brought": brought, "kind": "scan", "blobs": blobs, "version": paper.version}
    arrivals.do("clerk", receiving.add_file, incoming_id=paper.id, **given)
    read_before(office, _digest(office))
    clock.now += 4 * MINUTE
    assert _pages_read(tools) == 0
    for one in (early, paper):
        stands = row(office, one.id)
        assert (stands.subject, stands.type_code, stands.reading) == (LETTER.subject, "letter", "read")
        names = {each.name for each in being_read.differences.open_ones(stands)}
        assert {"type_code", "subject", "issuer", "signer"} <= names
    assert count(office, FileText) == 1


def test_facts_asked_for_after_the_words_need_no_second_reading(
    tools: Tools, office: Office, arrivals: Arrivals, blobs: Blobs
) -> None:
    """Asked while the words are read, they are kept at the end of that; asked later, they are there."""
    digest = blobs.put(scan())
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        store_reading.ask(uow.session, digest, facts=False, now=NOON)
        uow.commit()
        work = scans.take(uow, digest, now=NOON)
        uow.commit()
    assert work is not None
    read_before(office, digest)
    made = take(arrivals, blobs, scan())
    assert made.reading == "waiting"
    with unit_of_work(office.engine) as uow:
        scans.begin(uow, work, blobs=blobs)
        assert (work.for_facts, work.next_page()) == (False, None)
        assert scans.finish_stage(uow, work, now=NOON)
        uow.commit()
        assert being_read.deliver(uow, incoming_id=made.id, now=NOON) == "read"
        uow.commit()
    assert take(arrivals, blobs, scan(), "far_clerk").reading == "read"
    assert _pages_read(tools) == 0


def test_its_lines_are_cleared_like_those_of_other_frequent_jobs() -> None:
    """One a minute."""
    assert "read_scans" in FREQUENT
