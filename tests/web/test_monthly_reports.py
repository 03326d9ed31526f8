"""The report upward: of closed months only, its numbers those of the month, as PDF and as a draft, by hand and by
the clock.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select

from tests.support import months
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.incoming import Result
from workflow.domain.people import Actor
from workflow.domain.periods import parse
from workflow.domain.permissions import Scope
from workflow.services.figures import targets, upward
from workflow.services.incoming import working
from workflow.services.incoming.deadlines import DueChoice
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

OCTOBER = NOON - dt.timedelta(days=40)
MONTH = "/reports/months/2026-10"


@pytest.fixture
def filled(office: Office, engine: Engine) -> Office:
    """October closed: four issued, one of them in ink and one secret; one arrival settled in time."""
    add_issued(
        office, *(issued_row(office, issued_at=OCTOBER) for _n in range(2)),
        issued_row(office, issued_at=OCTOBER, medium="ink"), issued_row(office, issued_at=OCTOBER, secret=True),
    )  # fmt: skip
    road = Arrivals(office)
    road.now = OCTOBER
    made = road.in_progress(due=DueChoice(day=(OCTOBER + dt.timedelta(days=3)).date()), facts=months.dated(OCTOBER))
    road.do("specialist", working.finish, incoming_id=made.id, version=None, result=Result.SETTLED, words="Xong")
    months.close(engine, office.units["commune"], parse("2026-10"), now=NOON - dt.timedelta(days=10))
    return office


def words_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_the_report_says_what_the_month_says(client: Browser, filled: Office) -> None:
    """Head matter, each rate with its parts, the digest of the closed list; the same bytes again."""
    client.login("clerk")
    data = client.get(f"{MONTH}/report.pdf").data
    text = words_of(data)
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BÁO CÁO", "tháng 10 năm 2026",
                  "Ký số đầy đủ: 2/3 (66,67%)", "1 văn bản mật", "Ký giấy: 1",
                  "Giải quyết trước và đúng hạn: 1/1 (100,00%)"):  # fmt: skip
        assert words in text, words
    assert client.get(f"{MONTH}/report.pdf").data == data
    assert client.get("/reports/months/2026-11/report.pdf").status_code == 422
    assert client.get("/reports/months/2026-11/report").status_code == 422


def test_it_is_drafted_once_and_goes_the_way_of_a_document(client: Browser, filled: Office, engine: Engine) -> None:
    """A clerk chooses who signs; sent twice it is one draft with its words; the month's page leads to it."""
    client.login("clerk")
    assert client.post(f"{MONTH}/report", data={"recipients": "Sở Nội vụ"}).status_code == 422
    form = {"signer": str(filled.posts["leader"].id), "recipients": "Sở Nội vụ"}
    places = {client.post(f"{MONTH}/report", data=form).headers["Location"] for _time in range(2)}
    (place,) = places
    with unit_of_work(engine) as uow:
        (row,) = uow.session.scalars(select(Outgoing).where(Outgoing.type_code == "report")).all()
        assert (row.state, row.signer_id) == ("draft", filled.posts["leader"].person_id)
        assert row.file_sha256 is not None
    assert place == f"/outgoing/{row.id}"
    assert f'href="{place}"' in client.get(f"{MONTH}/report").text
    client.login("far_clerk")
    assert f'href="{place}"' not in client.get("/reports/months").text
    assert client.get(f"{MONTH}/report").status_code == 422, "their October is not closed"


def test_the_administrator_says_who_drafts_it(client: Browser, filled: Office, engine: Engine) -> None:
    """Saved with a reason; a form of before, somebody from elsewhere and a clerk change nothing."""
    client.login("admin")
    page = client.get("/reports/months/report-plan").text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    form = {"drafter": str(filled.posts["clerk"].id), "signer": str(filled.posts["leader"].id),
            "recipients": "Sở Nội vụ", "reason": "Quy chế báo cáo", "seen": seen[1]}  # fmt: skip
    foreign = {**form, "drafter": str(filled.posts["far_clerk"].id)}
    assert client.post("/reports/months/report-plan", data=foreign).status_code == 422
    assert client.post("/reports/months/report-plan", data=form).status_code == 303
    assert client.post("/reports/months/report-plan", data=form).status_code == 409, "a stale form"
    client.login("clerk")
    assert client.get("/reports/months/report-plan").status_code == 403
    with unit_of_work(engine) as uow:
        plan = upward.plan_of(uow, filled.units["commune"])
        assert (plan.drafter, plan.change) == (filled.posts["clerk"].id, 2)


def test_a_longer_period_is_put_together_and_names_what_is_missing(
    client: Browser, filled: Office, engine: Engine
) -> None:
    """Sums of what happened and the end of the last closed month, kinds of certificates, time, targets; what nobody
    closed stands there in words; compared with a whole period only."""
    agency = filled.units["commune"]
    september = OCTOBER - dt.timedelta(days=30)
    add_issued(filled, issued_row(filled, issued_at=september))
    for month in ("2026-07", "2026-08", "2026-09"):
        months.close(engine, agency, parse(month), now=NOON - dt.timedelta(days=10))
    with unit_of_work(engine) as uow:
        wanted = targets.Wanted(
            indicator="sign_rate_docs", unit_id=agency, goal="90", first_month="2026-01", last_month="", seen=0,
            reason="Kế hoạch năm",
        )  # fmt: skip
        actor = Actor.of(filled.posts["admin"])
        targets.set_target(uow, actor, Scope(agency_ids=(agency,)), wanted=wanted, now=NOON)
        uow.commit()
    client.login("clerk")
    text = words_of(client.get("/reports/months/2026-Q3/report.pdf").data)
    assert "quý III năm 2026 (tổng hợp từ số liệu đã chốt của tháng 07, 08, 09 năm 2026)" in text
    assert "chưa chốt, không tính" not in text
    text = words_of(client.get("/reports/months/2026/report.pdf").data)
    for words in (
        "Tình hình ký số và xử lý văn bản năm 2026",
        "tháng 01, 02, 03, 04, 05, 06, 11, 12 năm 2026 chưa chốt, không tính vào báo cáo này",
        "đến hết tháng 10 năm 2026", "Văn bản phát hành trong kỳ: 5", "Ký số đầy đủ: 3/4 (75,00%)",
        "Theo loại chứng thư chữ ký số", "Thời gian chờ ký", "Phải xin lỗi tổ chức, cá nhân",
        "Ký số đầy đủ 75,00 90 Chưa đạt", "năm 2025 (không so sánh, vì chưa chốt đủ)",
    ):  # fmt: skip
        assert words in text, words
    text = words_of(client.get("/reports/months/2026-10-01..2026-10-31/report.pdf").data)
    assert "Ký số đầy đủ: 2/3 (66,67%)" in text
    assert client.get("/reports/months/2026-10-02..2026-10-31/report.pdf").status_code == 404
    assert client.get("/reports/months/2027/report.pdf").status_code == 404
    page = client.get("/reports/months/2026-H2/report").text
    assert "11/26, 12/26" in page
    assert 'href="/reports/months/2026-Q3/report"' in client.get("/reports/months").text


def test_its_tables_have_the_head_matter_and_the_same_figures(client: Browser, filled: Office) -> None:
    """A sheet a part in the workbook, one line a figure in CSV."""
    client.login("clerk")
    text = client.get("/reports/months/2026-Q4/report.csv").text.lstrip("\ufeff")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert ["Ký số văn bản đi", "Toàn cơ quan", "Ký số đầy đủ", "2"] in lines
    assert any(line[0] == "Lưu ý" and "tháng 11, 12 năm 2026 chưa chốt" in line[3] for line in lines)
    data = client.get("/reports/months/2026-Q4/report.xlsx").data
    cells = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Ký số văn bản đi").to_python()
    assert cells[0][3] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert cells[4][0] == "Tình hình ký số và xử lý văn bản quý IV năm 2026"
    (whole,) = (row for row in cells if row[0] == "Toàn cơ quan")
    assert whole[1:4] == [4, 3, 2]
