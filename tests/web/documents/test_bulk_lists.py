"""Runs as lists: filtered, ordered, in pages, taken away; and the files of incoming documents as one ZIP."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from tests.support.arrivals import LETTER, Arrivals
from tests.support.both import OnBoth
from tests.support.browser import Browser
from tests.support.issued import add_signed
from tests.support.office import NOON, Office
from tests.support.papers import letter
from tests.support.statements import statements
from workflow.adapters.blobs import open_blobs
from workflow.adapters.sheets import read_sheet
from workflow.config import Settings
from workflow.services.incoming.receiving import Brought, add_file
from workflow.store.models import BulkItem, BulkRun, IncomingFile, Outgoing
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)


def runs(office: Office, *given: tuple[str, str, dt.datetime, int], who: str = "clerk") -> list[int]:
    """(act, state, when, refused) as runs of somebody, each with one document done besides."""
    post = office.posts[who]
    [document] = add_signed(office, 1)
    keys = []
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for place, (act, state, at, refused) in enumerate(given):
            run = BulkRun(
                person_id=post.person_id, post_id=post.id, act=act, wanted={}, once_key=f"{who}{document}{place}",
                state=state, created_at=at, finished_at=at if state == "done" else None,
            )  # fmt: skip
            uow.add(run)
            uow.flush()
            lines = ["done", *(["refused"] * refused)]
            uow.session.execute(
                insert(BulkItem),
                [
                    {
                        "bulk_id": run.id, "place": number, "outgoing_id": document, "version": 5, "content": {},
                        "state": line, "code": "stale" if line == "refused" else "", "details": {"version": 6},
                        "finished_at": at,
                    }
                    for number, line in enumerate(lines, 1)
                ],
            )  # fmt: skip
            keys.append(run.id)
        uow.commit()
    return keys


def listed(page: str) -> list[int]:
    """Keys of the runs on a page, in order."""
    return [int(key) for key in re.findall(r'<th scope="row"><a href="/bulk/(\d+)"', page)]


def test_runs_are_filtered_ordered_and_taken_away(client: Browser, office: Office) -> None:
    """By act, state and day; what went wrong most first; CSV and XLSX say the same; another's are not there."""
    issue = "issue"
    numbered, issued, left = runs(
        office, ("number", "done", NOON - 3 * DAY, 2), (issue, "done", NOON - DAY, 1), (issue, "running", NOON, 4)
    )
    runs(office, ("number", "done", NOON, 0), who="far_clerk")
    client.login("clerk")
    found = {
        query: listed(client.get(f"/bulk?{query}").text)
        for query in (
            "", "sort=oldest", "sort=refused", "act=issue", "act=issue&state=done", "from=22/11/2026&to=22/11/2026",
            "act=x&state=y&from=z&sort=w&after=q",
        )
    }  # fmt: skip
    assert list(found.values()) == [
        [left, issued, numbered], [numbered, issued, left], [left, numbered, issued], [left, issued], [issued],
        [issued], [left, issued, numbered],
    ]  # fmt: skip
    assert "180 ngày" in client.get("/bulk").text
    assert "Không có lần xử lý nào" in client.get("/bulk?act=approve").text
    rows = list(
        csv.reader(io.StringIO(client.get("/bulk.csv?sort=refused").data.decode("utf-8-sig")), delimiter=";")
    )
    assert [row[3:] for row in rows[1:]] == [["1", "4", "0"], ["1", "2", "0"], ["1", "1", "0"]]
    book = read_sheet(client.get("/bulk.xlsx?state=running").data)
    assert [str(row[4]) for row in book.rows[1:]] == ["4"]


@pytest.mark.parametrize("sort", ["newest", "oldest", "refused"])
def test_pages_of_runs_follow_each_other(client: Browser, office: Office, sort: str) -> None:
    """Nothing twice, nothing left out, in every order."""
    keys = runs(office, *(("number", "done", NOON, place % 3) for place in range(120)))
    client.login("clerk")
    seen, address = [], f"/bulk?sort={sort}"
    while address:
        page = client.get(address).text
        seen += listed(page)
        address = next(iter(re.findall(r'href="([^"]+)" rel="next"', page)), "").replace("&amp;", "&")
    order = {
        "newest": sorted(keys, reverse=True), "oldest": keys,
        "refused": sorted(keys, key=lambda key: ((key - keys[0]) % 3, key), reverse=True),
    }  # fmt: skip
    assert seen == order[sort]


def test_results_are_taken_away(client: Browser, office: Office) -> None:
    """A line for each document with its reason; of one out of reach by now only what came of it, of a secret
    one not what it is about; nobody else's run."""
    [run] = runs(office, ("number", "done", NOON, 2))
    first, gone = add_signed(office, 1, subject="Về đê điều"), add_signed(office, 1, unit="far_office")
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for place, key in ((1, first[0]), (2, gone[0])):
            line = update(BulkItem).where(BulkItem.bulk_id == run, BulkItem.place == place)
            uow.session.execute(line.values(outgoing_id=key))
        uow.session.execute(update(Outgoing).where(Outgoing.id.not_in([*first, *gone])).values(secret=True))
        uow.commit()
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    text = client.get(f"/bulk/{run}/results.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[:2] for row in rows[1:]] == [["1", "Done"], ["2", "Not done"], ["3", "Not done"]]
    assert [row[5] for row in rows[1:]] == ["Về đê điều", "", "(secret)"]
    assert rows[2][7] == "The document is not within your reach any more."
    assert "This document was acted on since" in rows[3][7]
    book = read_sheet(client.get(f"/bulk/{run}/results.xlsx?show=done").data)
    assert [row[1] for row in book.rows[1:]] == ["Done"]
    for who in ("leader", "far_clerk"):
        client.login(who)
        assert {client.get(f"/bulk/{run}/results.{kind}").status_code for kind in ("csv", "xlsx")} == {404}


class TestFilesOfIncoming:
    """What was ticked of the incoming list, in one ZIP."""

    @pytest.fixture
    def arrivals(self, office: Office) -> Arrivals:
        """Arrived at noon."""
        return Arrivals(office)

    def with_file(self, arrivals: Arrivals, settings: Settings, subject: str, *, bad: bool = False) -> int:
        """A registered paper with its scan."""
        document = arrivals.registered(facts=replace(LETTER, subject=subject))
        arrivals.do(
            "clerk", add_file, incoming_id=document.id, version=document.version, kind="scan",
            brought=Brought(data=letter(), filename="bản quét.pdf"), blobs=open_blobs(settings.blob_url),
        )  # fmt: skip
        if bad:
            with unit_of_work(arrivals.office.engine) as uow:
                uow.begin_write()
                held = update(IncomingFile).where(IncomingFile.incoming_id == document.id)
                uow.session.execute(held.values(quarantined=True))
                uow.commit()
        return int(document.id)

    def names(self, data: bytes) -> list[str]:
        """What is in it."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            return archive.namelist()

    def test_each_as_it_is_given_away_alone(self, client: Browser, arrivals: Arrivals, settings: Settings) -> None:
        """Files in a folder for each document, within reach only; the quarantined one only after the warning."""
        good = self.with_file(arrivals, settings, "Về đê: a/b")
        bad = self.with_file(arrivals, settings, "Thư lạ", bad=True)
        query = f"documents={bad}:3&documents={good}:3&documents=4242:1"
        client.clock.now = arrivals.now
        client.login("clerk")
        warned = client.get(f"/incoming/export.zip?{query}")
        assert warned.mimetype == "text/html"
        assert "1 tệp trong số này bị cách ly" in warned.text
        assert warned.text.count('name="documents"') == 3
        own = "002 1_2026 Về đê a b"
        without = self.names(client.get(f"/incoming/export.zip?{query}&sure=0").data)
        assert without == ["danh sách.xlsx", f"{own}/ban-quet.pdf"]
        assert len(self.names(client.get(f"/incoming/export.zip?{query}&sure=1").data)) == 3
        every = client.get("/incoming/export.zip?all=1&filter=state%3Dregistered%26sort%3Doldest&sure=1")
        assert len(self.names(every.data)) == 3
        client.login("far_clerk")
        assert self.names(client.get(f"/incoming/export.zip?{query}").data) == ["danh sách.xlsx"]
        assert client.get("/incoming/export.zip").status_code == 422
        assert client.login("admin").get(f"/incoming/export.zip?{query}").status_code == 403


class TestStatements(OnBoth):
    """On both databases."""

    def test_as_many_for_ten_runs_as_for_a_thousand(self, client: Browser, office: Office) -> None:
        """The list, in each order, and what is taken away."""
        client.login("clerk").get("/bulk")
        counted: list[dict[str, int]] = []
        for more in (10, 990):
            runs(office, *(("number", "done", NOON, place % 2) for place in range(more)))
            counted.append({})
            for path in ("/bulk", "/bulk?sort=refused", "/bulk?act=number&state=done", "/bulk.csv", "/bulk.xlsx"):
                with statements(client.engine) as sent:
                    assert client.get(path).status_code == 200
                counted[-1][path] = len(sent)
        assert counted[0] == counted[1]
