"""What a team draws, finds and is promised: samples, findings, commitments (AT-13), the report on the results."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from sqlalchemy import Engine, select, update

from tests.support.arrivals import Arrivals
from tests.support.browser import MORNING, Browser, Clock
from tests.support.inspecting import Teams
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.inspections import Listed, draw, list_hash
from workflow.services.inspections import founding, promising, reporting, visiting
from workflow.services.journal import verify_subject
from workflow.store.models import (
    Commitment,
    Finding,
    Inspection,
    InspectionSample,
    InspectionSampleItem,
    Outgoing,
    Unit,
)
from workflow.store.session import unit_of_work

OCTOBER = NOON.replace(month=10)


@pytest.fixture
def teams(office: Office) -> Teams:
    """The neighbour lies below the top agency."""
    made = Teams(office)
    made.below()
    return made


def test_a_sample_is_drawn_again_from_its_list(
    client: Browser, office: Office, teams: Teams, engine: Engine
) -> None:
    """Form, page and list; a stranger with the list and the seed draws the same; what changes later shows."""
    rows = [issued_row(office, unit="far_office", issued_at=OCTOBER) for _place in range(9)]
    rows += [issued_row(office, unit="far_office", issued_at=OCTOBER, secret=True),
             issued_row(office, issued_at=OCTOBER), issued_row(office, unit="far_office")]  # fmt: skip
    keys = add_issued(office, *rows)
    Arrivals(office).registered(clerk="far_clerk")
    row = teams.found("far")
    address = f"/inspections/{row.id}/samples"
    form = {"kind": "outgoing", "first": "01/10/2026", "last": "31/10/2026", "size": "4", "seed": "số 7",
            "units": str(office.units["far"])}  # fmt: skip
    client.login("specialist")
    assert "Rút mẫu</button>" not in client.get(address).text
    assert client.post(address, data=form).status_code == 403, "only while reading in it"
    teams.enter(client, "specialist", row)
    assert client.post(address, data={**form, "units": str(office.units["commune"])}).status_code == 422
    made = client.post(address, data=form).headers["Location"]
    page = client.get(made).text
    assert "danh sách vẫn như lúc rút" in page
    listed = list(
        csv.reader(io.StringIO(client.get(made.partition("?")[0] + "/population.csv").text[1:]), delimiter=";")
    )[1:]
    codes = [one[0] for one in listed]
    assert sorted(codes) == sorted(one["code"] for one in rows[:9])
    again = draw([Listed(code, 0, 1) for code in codes], seed="số 7", size=4, per_unit=False)
    with unit_of_work(engine) as uow:
        kept = uow.session.scalars(select(InspectionSample)).one()
        items = uow.session.scalars(select(InspectionSampleItem).order_by(InspectionSampleItem.place)).all()
        assert [one.code for one in items] == [one.one.code for one in again]
        assert (kept.population, kept.seed_drawn) == (9, False)
        assert kept.list_hash == list_hash([Listed(code, 0, 1) for code in codes])
        uow.begin_write()
        uow.session.execute(update(Outgoing).where(Outgoing.id == keys[0]).values(secret=True, file_sha256=None))
        uow.commit()
    page = client.get(made).text
    assert "danh sách đã thay đổi từ lúc rút" in page
    assert "hôm nay có 8 văn bản" in page
    other = {**form, "kind": "incoming", "first": "01/11/2026", "last": "30/11/2026", "seed": "", "size": "1",
             "per_unit": "yes"}  # fmt: skip
    teams_now = client.post(address, data=other)
    assert teams_now.status_code == 422, "registered after this moment"
    client.clock.now = NOON + dt.timedelta(hours=2)
    teams.enter(client, "specialist", row)
    made = client.post(address, data=other).headers["Location"]
    page = client.get(made).text
    assert "H99.02/den/2026/1" in page
    assert re.search(r"<code>[0-9a-f]{16}</code> \(hệ thống sinh\)", page)
    assert "Rút mẫu" in client.get(address).text
    founders = client.login("admin").get(made).text
    assert ("danh sách vẫn như lúc rút" in founders, 'href="/incoming/' in founders) == (True, False), "codes only"
    assert "H99.02/den/2026/1" in client.get(made.partition("?")[0] + "/population.csv").text
    csv_page = client.login("far_leader").get(made.partition("?")[0] + ".csv").text
    assert "H99.02/den/2026/1" in csv_page
    assert client.get(made.partition("?")[0] + "/population.csv").text.count("\n") == 1, "the head only"
    told_in_the_report(client, teams, row, form)


def told_in_the_report(client: Browser, teams: Teams, row: Inspection, form: dict[str, str]) -> None:
    """Drawn again with a seed of the program: the report says who chose each, and how often it was drawn."""
    teams.enter(client, "specialist", row)
    assert client.post(f"/inspections/{row.id}/samples", data={**form, "seed": ""}).status_code == 303
    with unit_of_work(teams.office.engine) as uow:
        told = reporting.words_of(uow, row, now=NOON + dt.timedelta(hours=2))[1]
    assert "số 7 (thành viên chọn) | 1/2 |" in told
    assert "(phần mềm rút) | 2/2 |" in told


def test_from_a_finding_to_its_correction_and_the_report(
    client: Browser, office: Office, teams: Teams, clock: Clock, engine: Engine
) -> None:
    """Noted about a document, answered late with a reason, opened again, accepted, drafted into the report."""
    theirs, ours = add_issued(office, issued_row(office, unit="far_office"), issued_row(office))
    row = teams.found("far", "economy", head="chief", decision_agency="UBND <b>xã</b> | {{x}}")
    teams.do("admin", founding.grant, inspection_id=row.id, post_id=office.posts["lone_drafter"].id,
             first_day=dt.date(2026, 11, 23), last_day=dt.date(2026, 12, 4))  # fmt: skip
    teams.enter(client, "chief", row)
    address = f"/inspections/{row.id}/findings"
    assert f'href="{address}?document=outgoing:{theirs}"' in client.get(f"/outgoing/{theirs}").text
    form = {
        "unit_id": str(office.units["far"]), "documents": f"outgoing:{theirs}",
        "wrong": "Không có chữ ký số cơ quan",
        "basis": "Nghị định 30/2020/NĐ-CP, Điều 5", "demand": "Ký số lại", "due_on": "25/11/2026",
    }  # fmt: skip
    for wrong in (
        {"due_on": "22/11/2026"},
        {"unit_id": str(office.units["culture"])},
        {"documents": "outgoing:9999"},
    ):
        assert client.post(address, data={**form, **wrong}).status_code == 422, wrong
    assert client.post(address, data=form).status_code == 303
    assert client.post(address, data={**form, "unit_id": str(office.units["economy"]),
                                      "documents": f"outgoing:{ours}"}).status_code == 303  # fmt: skip
    page = client.login("far_leader").get(address).text
    assert ("Không có chữ ký số cơ quan" in page, page.count('class="finding"')) == (True, 1), "its own only"
    with unit_of_work(engine) as uow:
        first = uow.session.scalars(select(Finding).order_by(Finding.id)).first()
        assert first is not None
        assert first.documents[0]["name"]
    answer = {"version": 1, "answer": "Đã ký số lại", "evidence": "16/UBND-VP"}
    assert client.login("head").post(f"{address}/{first.id}/answer", data=answer).status_code == 403
    clock.now = MORNING.replace(day=30)
    client.login("far_leader")
    assert "quá hạn" in client.get(address + "?state=late").text
    assert client.post(f"{address}/{first.id}/answer", data=answer).status_code == 422, "late needs a reason"
    late = {**answer, "late_reason": "Chờ cấp chứng thư"}
    assert client.post(f"{address}/{first.id}/answer", data=late).status_code == 303
    assert client.post(f"{address}/{first.id}/answer", data=late).status_code == 409
    assert client.post(f"{address}/{first.id}/decide", data={"version": 2}).status_code == 403
    client.login("chief")
    assert (
        client.post(f"{address}/{first.id}/decide", data={"version": 2, "remark": "Thiếu tệp"}).status_code == 303
    )
    again = client.login("far_leader").post(f"{address}/{first.id}/answer", data={**late, "version": 3})
    assert again.status_code == 303
    assert client.login("lone_drafter").post(f"{address}/{first.id}/decide", data={"version": 4}).status_code == 403
    clock.now = MORNING.replace(month=12, day=20)
    assert client.login("chief").post(f"{address}/{first.id}/decide", data={"version": 4}).status_code == 303
    assert "đã chấp nhận khắc phục" in client.get(address + "?state=accepted&sort=due").text
    drafts_the_report(client, row.id)
    with unit_of_work(engine) as uow:
        assert verify_subject(uow, f"inspection:{row.id}").holds


def drafts_the_report(client: Browser, inspection_id: int) -> None:
    """By a member in their own post, once; people's words are words there, and tables are lines."""
    client.login("lone_drafter")
    made = client.post(f"/inspections/{inspection_id}/report")
    assert made.status_code == 303
    assert client.post(f"/inspections/{inspection_id}/report").headers["Location"] == made.headers["Location"]
    page = client.get(made.headers["Location"] + "/text").text
    for words in (
        "| STT | Đơn vị |",
        "Không có chữ ký số cơ quan",
        "88/QĐ-UBND",
        "UBND &lt;b&gt;xã&lt;/b&gt; / { {x} }",
    ):
        assert words in page, words
    assert client.get(made.headers["Location"]).status_code == 200


def test_at_13_plan_commitments_and_units(client: Browser, office: Office, teams: Teams, engine: Engine) -> None:
    """Plan 42/42; commitments 10/13 with three reasons; units inspected 6/9: 100, 76.92 and 66.67 %, half up."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for place in range(9):
            unit = Unit(code=f"H99.{place + 10}", name=f"UBND xã số {place + 1}", abbreviation="UBND",
                        kind="agency",
                        parent_id=office.units["commune"], valid_from=dt.date(2025, 7, 1))  # fmt: skip
            uow.add(unit)
            uow.flush()
            unit.agency_id = office.units[f"xã {place}"] = unit.id
        uow.commit()
    names = [f"xã {place}" for place in range(9)]
    row = teams.found(*names, head="chief")
    for name in names[:6]:
        teams.do("chief", visiting.inspected, inspection_id=row.id, unit_id=office.units[name],
                 inspected_on=dt.date(2026, 11, 23))  # fmt: skip
    for kind, whole, done in (("plan", 42, 42), ("commitment", 13, 10)):
        for place in range(whole):
            unit_id = office.units[names[place % 9]]
            made = teams.do("chief", promising.promise, inspection_id=row.id, unit_id=unit_id, kind=kind,
                            words=f"Nhiệm vụ {place}", due_on=dt.date(2026, 12, 31))  # fmt: skip
            told = {"state": "done", "reason": ""} if place < done else {
                "state": "not_done", "reason": f"Chưa bố trí kinh phí {place}"}  # fmt: skip
            teams.do("chief", promising.say, inspection_id=row.id, commitment_id=made.id, version=1, **told)
    page = client.login("chief").get(f"/inspections/{row.id}/commitments").text
    for words in ("42/42 đã thực hiện (100,00", "10/13 đã thực hiện (76,92", "6/9 đã kiểm tra (66,67"):
        assert words in page, words
    only = client.get(f"/inspections/{row.id}/commitments.csv?state=not_done&kind=commitment").text
    assert [place for place in range(13) if f"Chưa bố trí kinh phí {place}\r" in only] == [10, 11, 12]
    english = client.get(f"/inspections/{row.id}", headers={"Accept-Language": "en"}).text
    for words in ("42/42 carried out (100.00", "10/13 carried out (76.92", "6/9 inspected (66.67"):
        assert words in english, words
    bare = {"version": 2, "state": "not_done", "reason": ""}
    with unit_of_work(engine) as uow:
        key = uow.session.scalars(select(Commitment.id)).first()
    assert client.post(f"/inspections/{row.id}/commitments/{key}", data=bare).status_code == 422
    assert client.post(f"/inspections/{row.id}/commitments/{key}", data={**bare, "version": 1}).status_code == 409
    assert client.login("head").get(f"/inspections/{row.id}/commitments").status_code == 404
