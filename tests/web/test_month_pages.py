"""Figures by month through their pages: open and closed, each number with its list, for whom they are."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select, text

from tests.support import months
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser, Clock
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.incoming import Result
from workflow.domain.periods import parse
from workflow.domain.terms import Measure, Term
from workflow.services.incoming import working
from workflow.services.incoming.deadlines import DueChoice
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

OCTOBER = NOON - dt.timedelta(days=40)
DAY = dt.timedelta(days=1)
LISTS = (
    "fully_signed",
    "leader_signed",
    "finished",
    "open",
    "carried",
    "received",
    "unsigned",
    "leaders",
    "unexplained",
)


@pytest.fixture
def filled(office: Office, engine: Engine) -> Office:
    """October closed, then a document of it reopened and another changed behind our back; November runs."""
    keys = add_issued(
        office, *(issued_row(office, issued_at=OCTOBER, subject="V/v <b>đê</b>") for _n in range(3)),
        issued_row(office, issued_at=OCTOBER, secret=True, subject="Mật vụ"), issued_row(office),
        issued_row(office, issued_at=OCTOBER, unit="far_office", subject="Của xã khác"),
    )  # fmt: skip
    road = Arrivals(office)
    road.now = OCTOBER
    facts = months.dated(OCTOBER)
    made = road.in_progress(due=DueChoice(day=(OCTOBER + 3 * DAY).date()), facts=facts)
    road.do("specialist", working.finish, incoming_id=made.id, version=None, result=Result.SETTLED, words="Xong")
    for agency in ("commune", "far"):
        months.close(engine, office.units[agency], parse("2026-10"), now=NOON - 10 * DAY)
    road.now = NOON - 5 * DAY
    road.do("leader", working.act, incoming_id=made.id, version=None, action="reopen", remark="Chưa đủ")
    with engine.begin() as connection:
        connection.execute(text("UPDATE outgoing SET seal_verdict = 'failed' WHERE id = :key"), {"key": keys[0]})
    months.recount(engine, now=NOON - DAY)
    return office


def test_a_closed_month_shows_frozen_beside_adjusted(client: Browser, filled: Office) -> None:
    """In both languages, valid HTML: figures, the adjustment with its cause, the drift, the digest."""
    client.login("leader")
    shown = client.get("/reports/months/2026-10", headers={"Accept-Language": "en"}).text
    assert "frozen=1" in shown
    assert '>1</a> → <span class="zero">0</span>' in " ".join(shown.split()).replace("> →", "> →")
    for words in ("reopened", "Drift: differences that no act explains", "SHA-256", "Closed by the clock.",
                  "With an enrolled certificate in its time"):  # fmt: skip
        assert words in shown
    assert "<b>đê</b>" not in shown
    shown = client.get("/reports/months/2026-10", headers={"Accept-Language": "vi"}).text
    for words in ("mở lại", "Sai lệch", "Chốt theo lịch.", "Ký số đầy đủ", "đã đăng ký, còn hạn"):
        assert words in shown
    listed = client.get("/reports/months").text
    assert "Đã chốt" in listed
    assert "Chưa hết tháng, tính tại thời điểm xem" in listed


@pytest.mark.parametrize("count", LISTS)
def test_every_figure_leads_to_its_list(client: Browser, filled: Office, count: str) -> None:
    """As closed and as it stands, on screen and for a spreadsheet; for an open month too."""
    client.login("leader")
    for month in ("2026-10", "2026-11"):
        for more in ("", "&frozen=1"):
            answer = client.get(f"/reports/months/{month}/documents?count={count}{more}")
            assert answer.status_code == 200
            assert "&lt;b&gt;" in answer.text or "<b>đê" not in answer.text
            assert client.get(f"/reports/months/{month}/documents.csv?count={count}{more}").status_code == 200


def test_the_list_as_closed_still_has_what_was_reopened(client: Browser, filled: Office) -> None:
    """Frozen: one finished; with adjustments: none."""
    client.login("leader")
    frozen, now = (
        client.get(f"/reports/months/2026-10/documents.csv?count=finished{more}").text for more in ("&frozen=1", "")
    )
    assert (len(frozen.splitlines()), len(now.splitlines())) == (2, 1)


def test_nobody_sees_another_agencys_month(client: Browser, filled: Office) -> None:
    """Neither figures nor names nor that there is one; a drafter sees none at all."""
    far = filled.units["far"]
    client.login("leader")
    for path in ("/reports/months", "/reports/months/2026-10", "/reports/months/2026-10/documents",
                 "/reports/months/2026-10/figures.csv", "/reports/months/2026-10/documents.csv"):  # fmt: skip
        assert client.get(f"{path}?agency={far}&count=issued").status_code == 404
    own = client.get("/reports/months/2026-10/documents.csv?count=issued").text
    assert "Của xã khác" not in own
    assert client.login("drafter").get("/reports/months").status_code == 403
    shown = client.login("admin").get("/reports/months/2026-10/documents?count=secret").text
    assert "Mật vụ" not in shown


@pytest.mark.parametrize("count", ["demanded", "unexplained"])
def test_who_owes_an_explanation_is_named_to_who_opens_the_document(
    client: Browser, filled: Office, count: str
) -> None:
    """Another unit's head sees the number, its unit and the arrival number; the leader who it is, too."""
    road = Arrivals(filled)
    road.now = NOON - 3 * DAY
    road.explained_late(due=DueChoice(term=Term(Measure.HOURS, 1)))
    for reader, sees in (("culture_head", False), ("leader", True)):
        client.login(reader)
        path = "/reports/months/2026-11/documents"
        page = client.get(f"{path}?count={count}")
        assert (page.status_code, page.text.count('<th scope="row">')) == (200, 1)
        texts = [page.text, client.get(f"{path}.csv?count={count}").text]
        texts.append(str(sheet(client.get(f"{path}.xlsx?count={count}").data)))
        for shown in texts:
            assert "Phòng Kinh tế" in shown
            assert (filled.names["specialist"] in shown) is sees
            assert ("0412/SNV-TCBC" in shown) is sees
        person = filled.posts["specialist"].person_id
        assert client.get(f"{path}?count={count}&person={person}").status_code == 404


def sheet(data: bytes) -> list[list[object]]:
    """The first sheet of a workbook."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_who_only_counts_gets_codes_and_no_symbols(client: Browser, filled: Office) -> None:
    """On the month's page, in its lists and in what they are taken away as."""
    with unit_of_work(filled.engine) as uow:
        row = uow.session.scalars(select(Outgoing).where(Outgoing.seal_verdict == "failed")).one()
        symbol, code = row.symbol, row.code
    month = "/reports/months/2026-10"
    for reader, sees in (("culture_head", False), ("leader", True)):
        client.login(reader)
        for path in (month, f"{month}/documents?count=issued", f"{month}/documents.csv?count=issued"):
            shown = client.get(path).text
            assert ((symbol in shown), (code in shown)) == (sees, not sees), (reader, path)


def test_months_that_are_none(client: Browser, filled: Office) -> None:
    """To come, a quarter, nonsense, an unknown figure."""
    client.login("leader")
    for path, status in (
        ("2026-12", 404), ("2026-Q3", 404), ("nonsense", 422), ("2026-10/documents?count=nonsense", 404),
        ("2026-10?agency=x", 404), ("2026-10/documents?count=issued&unit=x", 404),
    ):  # fmt: skip
        assert client.get(f"/reports/months/{path}").status_code == status


def test_an_administrator_closes_september_by_hand(client: Browser, filled: Office, clock: Clock) -> None:
    """With a reason; twice is refused; the day of closing is changed with a reason too."""
    client.login("admin")
    assert client.post("/reports/months/2026-09/close", data={"reason": ""}).status_code == 422
    assert client.post("/reports/months/2026-09/close", data={"reason": "Báo cáo sớm"}).status_code == 303
    assert "Báo cáo sớm" in client.get("/reports/months/2026-09").text
    assert client.post("/reports/months/2026-09/close", data={"reason": "Lại"}).status_code == 409
    assert client.post("/reports/months/2026-11/close", data={"reason": "Sớm"}).status_code in {409, 422}
    for day, status in (("3", 422), ("11", 422), ("5", 303)):
        answer = client.post("/reports/months/closing-day", data={"day": day, "seen": "3", "reason": "Quy chế"})
        assert answer.status_code == status
    assert client.login("leader").get("/reports/months/closing-day").status_code == 403
