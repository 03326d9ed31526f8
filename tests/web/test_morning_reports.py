"""A morning report on its page and as files: PDF, workbook and CSV say the same as the database, now and later."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata

import pikepdf
import pypdfium2 as pdfium
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, func, select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser, Clock
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.config import Settings
from workflow.domain.terms import Measure, Term
from workflow.services import reports
from workflow.services.incoming import working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.report_bodies import ArrivalStock, Stock, body
from workflow.store.models import Outgoing, Report
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
SUBJECT = "V/v <b>đẩy nhanh</b> #tiến độ"
FORMS = ("pdf", "xlsx", "csv")


@pytest.fixture
def filled(office: Office, engine: Engine, clock: Clock, settings: Settings) -> Office:
    """Five before two signers, one of them secret; a late incoming document; this morning's report."""
    waiting = {
        "state": "awaiting_signature", "signed_at": None, "numbered_at": None, "sealed_at": None,
        "closed_at": None, "number": None, "year": None, "symbol": "",
    }  # fmt: skip
    rows = []
    for place, signer in enumerate(("leader", "leader", "leader", "deputy", "deputy")):
        since = NOON - (place + 3) * DAY
        row = issued_row(office, signer=signer, issued_at=since, state_since=since, step_due_at=since + DAY,
                         secret=place == 4, subject=SUBJECT, **waiting)  # fmt: skip
        rows.append({**row, "issued_at": None})
    add_issued(office, *rows)
    arrivals = Arrivals(office)
    arrivals.now = NOON - 3 * DAY
    arrivals.in_progress(due=DueChoice(term=Term(Measure.HOURS, 1)))
    assert run_period(Tools(engine, settings, clock), job("unsigned"), "2026-11-23") is Outcome.DONE
    return office


def _address(office: Office, unit: str = "commune", form: str = "pdf") -> str:
    return f"/reports/unsigned/{office.units[unit]}/2026-11-23/report.{form}"


def _text(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return unicodedata.normalize("NFC", text)


def _sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def _body(office: Office, unit: str = "commune") -> Report:
    with unit_of_work(office.engine) as uow:
        return uow.session.scalars(select(Report).where(Report.unit_id == office.units[unit])).one()


def test_files_say_what_the_database_says(client: Browser, filled: Office) -> None:
    """Totals of figures, signers, reasons and lists; PDF/A-2b; markup stays text; no subject of a secret one."""
    client.login("leader")
    with unit_of_work(filled.engine) as uow:
        waiting = uow.session.scalar(
            select(func.count()).select_from(Outgoing).where(Outgoing.state == "awaiting_signature")
        )
    pdf = client.get(_address(filled)).data
    text = _text(pdf)
    assert f"SHA-256 của nội dung: {_body(filled).digest}" in text.replace("\r\n", "\n").replace("\n", " ")
    assert "ỦY BAN NHÂN DÂN" in text.upper()
    assert text.count("đẩy nhanh") == waiting - 1
    assert "#tiến độ" in text
    assert "Văn bản mật" in text
    with pikepdf.open(io.BytesIO(pdf)) as file, file.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")
    sheets = _sheets(client.get(_address(filled, form="xlsx")).data)
    totals = {row[0]: row[1] for row in sheets["Tổng hợp"]}
    assert (totals["Chờ ký số"], totals["Văn bản đến quá hạn"]) == (waiting, 1) == (5, 1)
    signers = sheets["Theo người ký và thời gian chờ"][1:]
    assert sum(row[1] for row in signers) == sum(sum(row[2:]) for row in signers) == waiting
    assert sum(row[2] for row in sheets["Theo lý do chưa ký"][1:]) == waiting
    assert len(sheets["Văn bản đi"]) == 1 + waiting
    assert all(isinstance(row[6], dt.datetime) for row in sheets["Văn bản đi"][1:])
    lines = list(csv.reader(io.StringIO(client.get(_address(filled, form="csv")).data.decode("utf-8-sig")),
                            delimiter=";"))  # fmt: skip
    assert len(lines) == 1 + waiting + 1


def test_files_come_out_the_same_after_everything_moved(client: Browser, filled: Office) -> None:
    """Bytes and all: renamed, signed and closed since; and the page still proves it."""
    client.login("leader")
    before = {form: client.get(_address(filled, form=form)).data for form in FORMS}
    arrivals = Arrivals(filled)
    with unit_of_work(filled.engine) as uow:
        uow.begin_write()
        for row in uow.session.scalars(select(Outgoing)):
            row.subject, row.version = "V/v khác", row.version + 1
        uow.commit()
    arrivals.now = NOON
    arrivals.do("specialist", working.finish, incoming_id=1, version=None, result="settled", words="Xong")
    assert {form: client.get(_address(filled, form=form)).data for form in FORMS} == before
    page = client.get(f"/reports/unsigned/{filled.units['commune']}/2026-11-23?again=1").text
    assert "Lập lại: trùng khớp" in page


def test_who_only_counts_gets_no_subjects(client: Browser, filled: Office) -> None:
    """The administrator's files name documents by code; another agency's are none; a drafter's are refused."""
    client.login("admin")
    assert "đẩy nhanh" not in _text(client.get(_address(filled)).data)
    for form in ("xlsx", "csv"):
        data = client.get(_address(filled, form=form)).data
        text = str(_sheets(data)) if form == "xlsx" else data.decode()
        assert "đẩy nhanh" not in text
    for form in FORMS:
        assert client.login("leader").get(_address(filled, "far", form)).status_code == 404
        assert client.login("far_leader").get(_address(filled, "commune", form)).status_code == 404
        assert client.login("drafter").get(_address(filled, "commune", form)).status_code == 403
    stored = f"/reports/unsigned/{filled.units['commune']}/stored"
    assert client.login("far_leader").get(stored).status_code == 404


def test_who_owes_an_explanation_is_named_to_who_opens_the_document(
    client: Browser, office: Office, engine: Engine, clock: Clock, settings: Settings
) -> None:
    """On the page and in all files: another unit's head sees that one is owed, and not by whom; the leader does."""
    arrivals = Arrivals(office)
    arrivals.now = NOON - 3 * DAY
    arrivals.explained_late(due=DueChoice(term=Term(Measure.HOURS, 1)))
    assert run_period(Tools(engine, settings, clock), job("unsigned"), "2026-11-23") is Outcome.DONE
    assert _body(office).body["explanations"]["total"] == 1
    for reader, sees in (("culture_head", False), ("leader", True)):
        client.login(reader)
        pdf, xlsx, csv_file = (client.get(_address(office, form=form)).data for form in FORMS)
        page = client.get(f"/reports/unsigned/{office.units['commune']}/2026-11-23").text
        sheets = _sheets(xlsx)
        assert len(sheets["Giải trình phải gửi"]) == 2
        for text in (page, " ".join(_text(pdf).split()), str(sheets), csv_file.decode()):
            assert "Phòng Kinh tế" in text
            assert (office.names["specialist"] in text) is sees


def test_every_figure_leads_to_as_many_lines(client: Browser, filled: Office) -> None:
    """Tiles, signers, reasons, steps: each link's page lists what it counts."""
    page = client.login("leader").get(f"/reports/unsigned/{filled.units['commune']}").text
    links = set(re.findall(r'<a href="(/reports/unsigned/\d+/[\d-]+\?show=[^"#]+)#documents">(\d+)</a>', page))
    assert len(links) > 8
    for address, figure in links:
        listed = client.get(address).text.partition('id="documents"')[2].partition("SHA-256")[0]
        assert listed.count('<th scope="row">') == int(figure), address


def _old(filled: Office) -> Report:
    """The commune's report as version 1 stored it."""
    with unit_of_work(filled.engine) as uow:
        everything = reports.stock(uow, _body(filled).cut_off)
    stock = Stock(cut_off=everything.cut_off, soon_until=everything.soon_until, items=everything.items,
                  arrivals=ArrivalStock())  # fmt: skip
    with unit_of_work(filled.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Report, _body(filled).id)
        row.body = body(row.unit_id, stock, version=1)
        row.digest, row.words = reports.digest(row.body), {}
        uow.commit()
        return row


def test_a_report_of_an_older_version_still_opens(client: Browser, filled: Office) -> None:
    """Page, files, list; made again in its own form it is the same."""
    row = _old(filled)
    assert "version" not in row.body
    client.login("leader")
    page = client.get(f"/reports/unsigned/{row.unit_id}/2026-11-23?again=1").text
    assert "Lập lại: trùng khớp" in page
    assert "Sắp đến hạn" not in page
    assert "đẩy nhanh" in _text(client.get(_address(filled)).data)
    assert _sheets(client.get(_address(filled, form="xlsx")).data)["Văn bản đi"]
    assert "–" in client.get(f"/reports/unsigned/{row.unit_id}/stored").text


def test_stored_reports_are_listed_by_pages_and_days(
    client: Browser, office: Office, engine: Engine, clock: Clock
) -> None:
    """Forty stored: thirty and ten; a day outside of them gets a sentence, nonsense a refusal."""
    unit = office.units["commune"]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for number in range(40):
            cut_off = NOON - number * DAY
            content = body(unit, Stock(cut_off=cut_off, soon_until=cut_off, items=(), arrivals=ArrivalStock()))
            made = {"cut_off": cut_off, "made_at": cut_off, "body": content, "digest": reports.digest(content)}
            uow.add(Report(kind="unsigned", period=f"{cut_off:%Y-%m-%d}", unit_id=unit, agency_id=unit, **made))
        uow.commit()
    client.login("leader")
    stored = f"/reports/unsigned/{unit}/stored"
    first = client.get(stored).text
    (onward,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = client.get(onward).text
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (30, 10)
    assert client.get(f"{stored}?from=20/11/2026&to=21/11/2026").text.count('<th scope="row">') == 2
    assert "Không có báo cáo nào" in client.get(f"{stored}?from=2027-01-01").text
    assert client.get(f"{stored}?from=32/13/2026").status_code == 422
