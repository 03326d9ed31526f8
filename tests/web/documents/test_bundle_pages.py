"""Proof bundles through their pages: what is said before, what comes, who is written down."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

from sqlalchemy import select, update

from tests.support import boards, bundles, months
from tests.support.anchored import anchor
from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.adapters import slots
from workflow.config import Settings
from workflow.domain.periods import parse
from workflow.store.models import Asking, Journal, Outgoing
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)


def test_a_document_and_a_figure_are_taken_and_written_down(
    client: Browser, papers: Papers, tmp_path: Path, settings: Settings
) -> None:
    """From the document's page and from a figure's list: what comes holds, and the journal says who took what."""
    papers.now -= 40 * 24 * HOUR
    papers.keys.publish(at=papers.now - HOUR)
    document = papers.issued()
    engine, agency = papers.office.engine, papers.office.units["commune"]
    client.login("clerk")
    assert f'href="/outgoing/{document}/bundle"' in client.get(f"/outgoing/{document}").text
    shown = client.get(f"/outgoing/{document}/bundle", headers={"Accept-Language": "vi"}).text
    assert "Gói bằng chứng" in shown
    refused = client.post(f"/outgoing/{document}/bundle", headers={"Accept-Language": "vi"})
    assert (refused.status_code, "Nhật ký chưa có điểm chốt" in refused.text) == (422, True)
    months.close(engine, agency, parse("2026-10"), now=papers.now + 30 * 24 * HOUR)
    anchor(engine, "h1", now=papers.now + 31 * 24 * HOUR)
    roots = bundles.pem(tmp_path / "roots.pem", papers.keys.root.der)
    root = bundles.outside(papers, tmp_path / "root.json")
    figure = f"/reports/months/2026-10/bundle?agency={agency}&count=fully_signed"
    listed = client.get(f"/reports/months/2026-10/documents?agency={agency}&count=fully_signed").text
    assert figure.replace("&", "&amp;") in listed
    assert "/reports/months/2026-10/bundle" in client.get("/reports/months/2026-10").text
    assert "Ký số đầy đủ" in client.get(figure, headers={"Accept-Language": "vi"}).text
    below = of_a_unit(client, papers, document)
    for place in (f"/outgoing/{document}/bundle", figure, below):
        answer = client.post(place)
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        (tmp_path / "taken.zip").write_bytes(answer.data)
        found = bundles.python(tmp_path / "taken.zip", roots, root)
        assert (found.status, found.tally["cms"]) == (0, [3, 0, 0]), (place, found.notes)
        unit = [two for name, two in found.about if name == "unit"]
        assert place is not below or unit[0].startswith("[")
        with unit_of_work(engine) as uow:
            entry = uow.session.scalars(select(Journal).order_by(Journal.id.desc())).first()
            assert entry is not None
            facts = json.loads(entry.body)["facts"]
        assert (entry.subject, facts["sha256"]) == (f"bundle:{agency}", hashlib.sha256(answer.data).hexdigest())
        assert (entry.person_id, facts["documents"]) == (papers.office.posts["clerk"].person_id, 1)
    folder = Path(settings.blob_url).parent / "trinhky-scratch"
    held = [slots.take(folder, "bundles-making", most=2) for _one in range(2)]
    assert all(held)
    assert slots.take(folder, "bundles-making", most=2) is None
    busy = client.post(f"/outgoing/{document}/bundle", headers={"Accept-Language": "vi"})
    assert (busy.status_code, "đang lấy gói bằng chứng" in busy.text) == (503, True)
    for one in held:
        one and one.close()
    assert client.post(f"/outgoing/{document}/bundle").status_code == 200
    subject = f"bundle:{papers.office.posts['clerk'].person_id}"
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Asking).where(Asking.subject == subject).values(times=10))
        uow.commit()
    often = client.post(f"/outgoing/{document}/bundle", headers={"Accept-Language": "vi"})
    assert (often.status_code, "tối đa 10 gói bằng chứng" in often.text) == (429, True)


def of_a_unit(client: Browser, papers: Papers, document: int) -> str:
    """Where a leader's figure within a unit, with a team below it, is taken from the board's own list."""
    office = papers.office
    with unit_of_work(office.engine) as uow:
        unit_id = uow.session.get_one(Outgoing, document).unit_id
    boards.add_unit(office, "Tổ", next(name for name, key in office.units.items() if key == unit_id))
    who = f"unit={unit_id}&person={office.posts['leader'].person_id}"
    within = f"agency={office.units['commune']}&count=fully_signed&{who}"
    below = f"/reports/months/2026-10/bundle?{within}&below=1"
    listed = client.get(f"/reports/board/documents?period=2026-10&{within}").text
    assert below.replace("&", "&amp;") in listed
    said = re.sub(r"</?span>", "", client.get(below).text)
    assert "python verify_bundle.py goi-bang-chung-2026-10-fully_signed.zip --roots roots.pem" in said
    return below


def test_the_programs_are_given_away_as_they_are(client: Browser, papers: Papers) -> None:
    """Never shown inside our pages."""
    client.login("clerk")
    for name in ("verify_bundle.py", "verify_bundle.html"):
        given = client.get(f"/bundles/{name}")
        assert given.data == files("signing.standalone").joinpath(name).read_bytes()
        assert given.headers["Content-Disposition"].startswith("attachment")
    assert client.get("/bundles/secrets.py").status_code == 404
