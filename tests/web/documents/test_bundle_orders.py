"""Large bundles through their pages: asked for, made by the clock, fetched by whoever asked and by nobody else."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from schedulers.job import Tools
from tests.support import bundles, orders, report_bundles
from tests.support.anchored import anchor
from tests.support.browser import Browser, Clock
from tests.support.papers import Papers
from workflow.config import Settings
from workflow.services.proving import making
from workflow.store.models import BundleOrder, Journal
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)
VI = {"Accept-Language": "vi"}


def last_entry(papers: Papers) -> Journal:
    with unit_of_work(papers.office.engine) as uow:
        found = uow.session.scalars(select(Journal).order_by(Journal.id.desc())).first()
        assert found is not None
        return found


def test_a_large_one_is_ordered_made_and_fetched(
    client: Browser, papers: Papers, settings: Settings, clock: Clock, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The page comes again by itself while it waits and says how far it is; nobody else sees it; it is journalled
    when it is given away; two who read slowly hold nobody up; removed, it is gone."""
    monkeypatch.setattr(making, "SMALL", 0)
    document = papers.issued()
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    client.login("clerk")
    asked = client.post(f"/outgoing/{document}/bundle")
    place = asked.headers["Location"]
    assert (asked.status_code, place.startswith("/bundles/orders/")) == (303, True)
    assert client.post(f"/outgoing/{document}/bundle").headers["Location"] == place  # clicked twice
    waits = client.get(place, headers=VI)
    assert (waits.headers["Refresh"], "Gói đang chờ đến lượt" in waits.text) == ("10", True)
    assert client.post(f"{place}/file", headers=VI).status_code == 422
    before = last_entry(papers).id
    tools = Tools(papers.office.engine, settings, clock)
    assert orders.run(tools)["made"] == 1
    assert last_entry(papers).id == before  # made is not taken
    ready = client.get(place, headers=VI)
    assert ("Refresh" in ready.headers, "Tải gói về" in ready.text) == (False, True)
    assert place in client.get(f"/outgoing/{document}/bundle").text
    slow = [client.post(f"{place}/file", buffered=False) for _one in range(3)]
    given = client.post(f"{place}/file")
    for one in slow:
        one.close()
    assert (given.status_code, given.mimetype) == (200, "application/zip")
    assert int(given.headers["Content-Length"]) == len(given.data)
    (tmp_path / "b.zip").write_bytes(given.data)
    roots = bundles.pem(tmp_path / "roots.pem", papers.keys.root.der)
    assert bundles.python(tmp_path / "b.zip", roots).status == 0
    facts = json.loads(last_entry(papers).body)["facts"]
    assert (facts["document"], facts["sha256"]) == (document, bundles.sha256(given.data))
    client.login("leader")
    for method, path in (("GET", place), ("POST", f"{place}/file"), ("POST", f"{place}/cancel")):
        assert client.open(path, method=method).status_code == 404
    client.login("clerk")
    assert client.post(f"{place}/cancel").headers["Location"] == f"/outgoing/{document}/bundle"
    assert "đã được hủy" in client.get(place, headers=VI).text
    assert orders.run(tools)["cleared"] == 1
    assert client.post(f"{place}/file").status_code == 422


def test_who_may_open_less_now_asks_again(
    client: Browser, papers: Papers, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle has the reach of its asking: with another one it is not given away, and nothing is journalled."""
    monkeypatch.setattr(making, "SMALL", 0)
    document = papers.issued()
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    client.login("clerk")
    place = client.post(f"/outgoing/{document}/bundle").headers["Location"]
    orders.run(Tools(papers.office.engine, settings, clock))
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        order = uow.session.scalars(select(BundleOrder)).one()
        order.what = order.what | {"reader": order.what["reader"] | {"agency_ids": [1, 2, 3, 4]}}
        uow.commit()
    before = last_entry(papers).id
    refused = client.post(f"{place}/file", headers=VI)
    assert (refused.status_code, "được mở đã thay đổi" in refused.text) == (422, True)
    assert last_entry(papers).id == before


def test_what_ran_out_or_was_refused_says_so(
    client: Browser, papers: Papers, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happened, and the way back to ask again."""
    monkeypatch.setattr(making, "SMALL", 0)
    document = papers.issued()
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    client.login("clerk")
    place = client.post(f"/outgoing/{document}/bundle").headers["Location"]
    tools = Tools(papers.office.engine, settings, clock)
    orders.run(tools)
    clock.advance(hours=25)
    client.login("clerk")
    over = client.get(place, headers=VI).text
    assert "đã hết thời hạn giữ" in over
    assert f'href="/outgoing/{document}/bundle"' in over
    assert client.post(f"{place}/file").status_code == 422
    place = client.post(f"/outgoing/{document}/bundle").headers["Location"]
    monkeypatch.setattr("workflow.domain.bundles.MOST_FILES", 1)
    orders.run(tools)
    assert "MB" in client.get(place, headers=VI).text
    assert client.get("/bundles/orders/99").status_code == 404


def test_a_report_is_taken_from_its_page(client: Browser, papers: Papers, clock: Clock, tmp_path: Path) -> None:
    """The page of the report upward leads to the bundle of each issued one; what comes holds."""
    world = report_bundles.world(papers, tmp_path)
    clock.now = papers.now
    client.login("clerk")
    quarter = client.get(f"/reports/months/{report_bundles.QUARTER}/report").text
    place = f"/reports/months/{report_bundles.QUARTER}/report/{world.report}/bundle"
    assert f'href="{place}"' in quarter
    shown = client.get(place, headers=VI).text
    assert "mọi con số của báo cáo" in shown
    given = client.post(place)
    assert (given.status_code, given.mimetype) == (200, "application/zip")
    (tmp_path / "given.zip").write_bytes(given.data)
    found = bundles.python(tmp_path / "given.zip", world.roots, world.root)
    assert (found.status, found.notes) == (0, [])
    assert json.loads(last_entry(papers).body)["facts"]["report"] == world.report
    november = client.get(f"/reports/months/2026-11/report/{world.other}/bundle", headers=VI)
    assert (november.status_code, '<form method="post" action="?' in november.text) == (200, False)
    assert client.get(f"/reports/months/2026-11/report/{world.report}/bundle").status_code == 404
    client.login("far_clerk")
    assert client.get(place).status_code == 404
