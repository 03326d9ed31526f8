"""A unit's report leaves with its files: over real SMTP, opened as who gets it opens them."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from collections.abc import Iterator
from email.message import EmailMessage

import pypdfium2 as pdfium
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from schedulers.job import Tools
from schedulers.jobs.outbox import deliver
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.issued import add_issued, issued_row
from tests.support.mail_server import Mood, running
from tests.support.office import NOON, Office
from workflow.adapters.channels import Enclosure
from workflow.adapters.channels.by_mail import by_mail
from workflow.services.enclosing import within
from workflow.services.posting import LEASE, Delivery
from workflow.store.models import Outbox, Person, Report, ReportReader
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)


@pytest.fixture
def mood() -> Mood:
    """Takes everything, except that the economy office's first mail is kept without an answer."""
    return Mood(
        lambda address, time: "hangs_up_after" if (address, time) == ("economy@example.gov.vn", 1) else "taken"
    )


@pytest.fixture
def how(mood: Mood) -> Iterator[Delivery]:
    """Over real SMTP."""
    with running(mood) as url:
        mail = by_mail(smtp_url=url, sender="Trình Ký <trinhky@example.gov.vn>", timeout=5)
        yield Delivery(channels={"mail": mail}, base_url="https://vb.example.gov.vn", secret="k" * 40)


@pytest.fixture
def told(tools: Tools, office: Office, clock: Hand) -> Office:
    """Two documents before the leader, one of them secret; the inspector named for the economy office's report, who
    muted their own morning summary; the report made."""
    waiting = {
        "state": "awaiting_signature", "signed_at": None, "numbered_at": None, "sealed_at": None,
        "closed_at": None, "number": None, "year": None, "symbol": "", "state_since": NOON - 5 * DAY,
        "step_due_at": NOON - 4 * DAY,
    }  # fmt: skip
    rows = [issued_row(office, subject=words, secret=secret, **waiting)
            for words, secret in (("V/v đẩy nhanh tiến độ", False), ("V/v điều động cán bộ", True))]  # fmt: skip
    add_issued(office, *({**row, "issued_at": None} for row in rows))
    reader = office.posts["inspector"].person_id
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.add(ReportReader(unit_id=office.units["economy"], person_id=reader))
        person = uow.session.get_one(Person, reader)
        person.email, person.muted_digest = "thanh.tra@example.gov.vn", True
        uow.commit()
    now, clock.now = clock.now, dt.datetime(2026, 11, 22, 23, 31, tzinfo=dt.UTC)
    assert run_period(tools, job("anchor"), "2026-11-23T06:30") is Outcome.DONE
    clock.now = now
    assert run_period(tools, job("unsigned"), "2026-11-23") is Outcome.DONE
    return office


def _to(mood: Mood, address: str) -> list[EmailMessage]:
    return [mail for mail in mood.mails if mail["To"] == address]


def _files(mail: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_payload(decode=True) for part in mail.iter_attachments()}  # type: ignore[misc]


def _text(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return unicodedata.normalize("NFC", text)


def test_official_address_and_named_reader_get_pdf_and_workbook(
    told: Office, clock: Hand, mood: Mood, how: Delivery
) -> None:
    """Both open; totals are the stored report's. The office reads subjects, secret ones never; a person named for
    the report counts without them, and muting their summary does not mute it. Doubled, a mail is the same one."""
    for _round in range(2):
        deliver(told.engine, how, clock=clock)
        clock.now += LEASE
    first, second = _to(mood, "economy@example.gov.vn")
    assert first["Message-ID"] == second["Message-ID"]
    assert _files(first) == _files(second)
    files = _files(first)
    name = f"unsigned-{told.units['economy']}-2026-11-23"
    assert list(files) == [f"{name}.pdf", f"{name}.xlsx"]
    text = _text(files[f"{name}.pdf"])
    with unit_of_work(told.engine) as uow:
        report = uow.session.scalars(select(Report).where(Report.unit_id == told.units["economy"])).one()
        kept = uow.session.scalars(select(Outbox)).all()
    assert report.digest in text.replace("\r\n", "")
    assert "đẩy nhanh tiến độ" in text
    assert f"Mã gốc nhật ký số 1, 06:31 23/11/2026: {report.words['root']['root'][:17]}" in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(files[f"{name}.xlsx"]))
    totals = {row[0]: row[1] for row in book.get_sheet_by_name("Tổng hợp").to_python()}
    assert totals["Chờ ký số"] == report.body["unsigned"]["total"] == 2
    assert totals["Văn bản đi quá hạn"] == report.body["overdue"]["total"] == 2
    (personal,) = _to(mood, "thanh.tra@example.gov.vn")
    seen = _text(_files(personal)[f"{name}.pdf"])
    assert report.digest in seen.replace("\r\n", "")
    assert "đẩy nhanh" not in seen
    every = [one for mail in mood.mails for one in _files(mail).items()]
    assert all("điều động" not in _text(data) for file, data in every if file.endswith(".pdf"))
    assert len(every) == 2 * len(mood.mails) > 4
    assert all(len(one.body) < 2000 for one in kept)  # the outbox holds words, no files


def test_an_office_that_wants_links_gets_links(told: Office, clock: Hand, mood: Mood, how: Delivery) -> None:
    """The same mail without files."""
    links = Delivery(channels=how.channels, base_url=how.base_url, secret=how.secret, report_files=False)
    deliver(told.engine, links, clock=clock)
    (mail,) = _to(mood, "commune@example.gov.vn")
    assert _files(mail) == {}
    told_of = mail.get_body(("plain",))
    assert told_of is not None
    assert f"/reports/unsigned/{told.units['commune']}/2026-11-23" in told_of.get_content()


def test_files_that_do_not_fit_are_left_out() -> None:
    """The spreadsheet first: the PDF comes before it."""
    pdf, sheet = Enclosure("a.pdf", "application/pdf", b"x" * 60), Enclosure("a.xlsx", "application/x", b"x" * 60)
    assert within((pdf, sheet), 100) == (pdf,)
    assert within((pdf, sheet), 50) == ()
    assert within((pdf, sheet), 120) == (pdf, sheet)
