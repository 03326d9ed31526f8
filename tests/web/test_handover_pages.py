"""Handing over a post in the browser's words: what it holds, who takes over, the record as PDF."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest
from sqlalchemy import Engine, select

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.office import Office
from workflow.store.models import Handover, Incoming
from workflow.store.session import unit_of_work


@pytest.fixture
def arrivals(office: Office) -> Arrivals:
    """Acts by short names."""
    return Arrivals(office)


def test_handed_over_and_ended(client: Browser, office: Office, engine: Engine, arrivals: Arrivals) -> None:
    """Ending is refused with the way out; handing over leads to the record; then the post ends."""
    work = arrivals.in_progress()
    post = office.posts["specialist"].id
    client.login("admin")
    end = {"last_day": "23/11/2026", "decree": "QĐ 15"}
    refused = client.post(f"/admin/posts/{post}/end", data=end)
    assert refused.status_code == 422
    assert "bàn giao" in refused.text.lower()
    form = client.get(f"/admin/posts/{post}/hand-over")
    assert "Trần Văn Đức" in form.text
    to = {"to_work": str(office.posts["drafter"].id), "reason": "Quyết định số 15/QĐ-UBND"}
    missing = client.post(f"/admin/posts/{post}/hand-over", data={**to, "to_work": ""})
    assert missing.status_code == 422
    assert "Quyết định số 15/QĐ-UBND" in missing.text, "what was typed is kept"
    done = client.post(f"/admin/posts/{post}/hand-over", data=to)
    assert done.status_code == 303
    with unit_of_work(engine) as uow:
        made = uow.session.scalars(select(Handover.id)).one()
        assert uow.session.get_one(Incoming, work.id).handler_id == office.posts["drafter"].person_id
    record = client.get(f"/admin/handovers/{made}.pdf")
    text = pdfium.PdfDocument(record.data)[0].get_textpage().get_text_range()
    for words in ("Ngô Thị Bích", "Trần Văn Đức", "01/2026", "0412/SNV-TCBC", "Quyết định số 15/QĐ-UBND"):
        assert words in text
    assert "biên chế" not in text, "a record names documents, it does not tell what they say"
    assert client.post(f"/admin/posts/{post}/end", data=end).status_code == 303


def test_records_of_another_agency_are_not_there(client: Browser, office: Office, arrivals: Arrivals) -> None:
    """A neighbour's administrator finds neither form nor record; a leader is refused."""
    arrivals.in_progress()
    post = office.posts["specialist"].id
    client.login("admin")
    to = {"to_work": str(office.posts["drafter"].id), "reason": "QĐ 15"}
    assert client.post(f"/admin/posts/{post}/hand-over", data=to).status_code == 303
    client.login("far_admin")
    for address in (f"/admin/posts/{post}/hand-over", "/admin/handovers/1.pdf"):
        assert client.get(address).status_code == 404
    assert client.post(f"/admin/posts/{post}/hand-over", data=to).status_code == 404
    assert "Ngô Thị Bích" not in client.get("/admin/handovers").text
    assert client.login("leader").get("/admin/handovers").status_code == 403


def test_the_unfit_get_a_list_of_their_own(
    client: Browser, office: Office, engine: Engine, arrivals: Arrivals
) -> None:
    """Nobody of the other unit can have it: the page names the document, offers who fits, or the way back."""
    work = arrivals.in_progress()
    address = f"/admin/posts/{office.posts['specialist'].id}/hand-over"
    to = {"to_work": str(office.posts["lone_drafter"].id), "reason": "Quyết định số 15/QĐ-UBND"}
    client.login("admin")
    offered = client.get(address).text.partition('name="to_work"')[2].partition("</select>")[0]
    assert "Trần Văn Đức" in offered
    assert "Lê Ngọc Ánh" not in offered, "could take none of it"
    refused = client.post(address, data=to)
    assert refused.status_code == 422
    name = f"for_incoming-{work.id}"
    options = refused.text.partition(f'name="{name}"')[2].partition("</select>")[0]
    assert "Trần Văn Đức" in options
    assert "Lê Ngọc Ánh" not in options
    assert 'value="back"' in options
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(Incoming, work.id).handler_id == office.posts["specialist"].person_id
    assert client.post(address, data={**to, name: str(office.posts["lone_drafter"].id)}).status_code == 422
    assert client.post(address, data={**to, name: "back"}).status_code == 303
    with unit_of_work(engine) as uow:
        row = uow.session.get_one(Incoming, work.id)
        assert (row.state, row.handler_id) == ("directed", None)
