"""The page of anchors: roots, what is not anchored yet, the last pass in words; the file to keep; for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support import stamping
from tests.support.anchored import anchor, write
from tests.support.browser import MORNING, Browser
from workflow.config import Settings
from workflow.domain.audit import Finding, Flaw, read_outside, spelled
from workflow.services.auditing import examine
from workflow.store.models import AnchorToken, AuditRun
from workflow.store.session import unit_of_work
from workflow.web import audit_words

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """Without a timestamp authority."""
    return Settings(database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40)


def passed(engine: Engine, *findings: Finding) -> None:
    """A pass that ended so."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(
            AuditRun(
                state="flawed" if findings else "done", started_at=MORNING, finished_at=MORNING, chains=12_345,
                entries=67_890, anchors=3, open_entries=2, findings=[one.as_json() for one in findings],
            )
        )  # fmt: skip
        uow.commit()


def test_before_the_first_anchor_and_for_whom(client: Browser) -> None:
    """Top agency's administrators and inspectors; nobody else finds it."""
    page = client.login("admin").get("/admin/journal").text
    assert "Chưa có dấu thời gian bên ngoài" in page
    assert client.get("/admin/journal/root.json").status_code == 404
    for page in ("/reports", "/reports/months", "/reports/unsigned"):  # inspectors have no page of administration
        assert '<li><a href="/admin/journal">' in client.login("inspector").get(page).text
    assert client.get("/admin/journal").status_code == 200
    for other in ("leader", "clerk", "far_admin"):
        client.login(other)
        assert client.get("/admin/journal").status_code == 403
        assert client.get("/admin/journal/root.json").status_code == 403
        assert "/admin/journal" not in client.get("/reports").text
    assert "/admin/journal" not in client.get("/admin").text


def test_roots_and_the_open_window(client: Browser, engine: Engine) -> None:
    """The newest first; the file is the root that proves the journal."""
    write(engine, "unit:900", now=MORNING)
    first = anchor(engine, "h1", now=MORNING - dt.timedelta(minutes=90))
    write(engine, "unit:900", "unit:901", now=MORNING)
    client.login("admin")
    page = client.get("/admin/journal").text
    for words in (spelled(first.digest), "2 mục", "gần nhất: 90", "quá một giờ"):
        assert words in page, words
    anchor(engine, "h2", now=MORNING)
    page = client.get("/admin/journal", headers=ENGLISH).text
    assert "more than an hour old" not in page
    assert page.index(">2</a>") < page.index(">1</a>")
    got = client.get("/admin/journal/root.json")
    assert 'filename="trinhky-goc-2.json"' in got.headers["Content-Disposition"]
    old = client.get("/admin/journal/root.json?anchor=1").text
    roots = [replace(read_outside(one, name="x"), tokens=()) for one in (got.text, old)]
    assert [one.number for one in roots] == [2, 1]
    assert examine(engine, outside=roots).answer == "proven"
    for wrong in ("3", "0", "x", "9" * 30, "-1"):
        assert client.get(f"/admin/journal/root.json?anchor={wrong}").status_code == 404


def test_a_timestamp_is_shown_as_it_reads_whatever_stands_beside_it(client: Browser, engine: Engine) -> None:
    """By a listed authority with its name and moment; by another only when; what is none is called so."""
    stamping.listed(engine)
    for number in (1, 2, 3):
        write(engine, "unit:900", now=MORNING)
        made = anchor(engine, f"h{number}", now=MORNING)
        token = stamping.token(made.digest, at=MORNING, listed=number == 1, name="TSA <b>") if number < 3 else b"0"
        with unit_of_work(engine) as uow:
            moment = MORNING - dt.timedelta(days=900)
            uow.add(
                AnchorToken(anchor=number, authority="Cục <b>", stamped_at=moment, fetched_at=MORNING, token=token)
            )
            uow.commit()
    page = client.login("admin").get("/admin/journal").text
    assert "Cục" not in page
    rows = page.split('data-label="Dấu thời gian">')[1:]
    assert ["TSA &lt;b&gt;" in one for one in rows] == [False, False, True]
    assert ["09:00 23/11/2026" in one.partition("</td>")[0] for one in rows] == [False, True, True]
    assert "không phải dấu thời gian của điểm chốt này" in rows[0]
    assert "không phải của tổ chức có trong danh sách tin cậy" in rows[1]
    page = client.get("/admin/journal", headers=ENGLISH).text
    assert "no timestamp of this anchor" in page
    assert "not by an authority that is listed and in force" in page


def test_what_a_pass_found_is_said_in_words(client: Browser, engine: Engine) -> None:
    """Which document, which entry, in both languages; a clean one says no more than it checked."""
    passed(engine)
    client.login("admin")
    page = client.get("/admin/journal").text
    assert "Nhất quán trong hệ thống" in page
    assert "67.890 mục trong 12.345 chuỗi" in page
    passed(
        engine, Finding(Flaw.ENTRY_CHANGED, "outgoing:7", "3"), Finding(Flaw.CHAIN_REMADE, "unit:900", "2-5 14"),
        Finding(Flaw.ROOT_DIFFERS, "14"), Finding(Flaw.VERDICT_CHANGED, "outgoing:7", "ab" * 32),
    )  # fmt: skip
    page = client.get("/admin/journal").text
    assert '<a href="/outgoing/7">' not in page, "an administrator may not open it"
    page = client.login("inspector").get("/admin/journal").text
    for words in ('<a href="/outgoing/7">văn bản đi 7</a>', "(mục 3)", "đơn vị 900",
                  "(từ mục 2–5, theo điểm chốt số 14)",                  "điểm chốt số 14", "ab" * 32):  # fmt: skip
        assert words in page, words
    assert "The chains under an anchor do not make its root" in client.get("/admin/journal", headers=ENGLISH).text


def test_every_flaw_has_words() -> None:
    """And what another version found is shown as it is stored."""
    assert set(audit_words.FLAWS) == set(Flaw)
    assert audit_words.told({"flaw": "new_kind", "what": "x", "detail": "y"}).title == "new_kind"
