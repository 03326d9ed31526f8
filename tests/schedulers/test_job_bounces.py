"""The job `bounces`: what came back is marked with the server's words; nothing else in the mailbox is touched."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from schedulers.job import Tools
from schedulers.jobs.outbox import deliver
from schedulers.runner import run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support import imap, mail_server
from tests.support.imap import PASSWORD, USER, Box
from tests.support.mail_server import Mood
from tests.support.office import Office
from tests.support.told import told
from workflow.adapters.bounces import taken_apart
from workflow.adapters.channels.by_mail import by_mail
from workflow.services.outbox import Note, queue
from workflow.services.posting import Delivery, name_of
from workflow.services.returned import mark_returned
from workflow.store import clock as ledger
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work

SECRET = "k" * 32
HEAD = "Final-Recipient: rfc822; head@example.gov.vn"
WORDS = "550 5.1.1 <head@example.gov.vn>: Recipient address rejected: User unknown"


def notification(returned: str, *, action: str = "failed", whole: bool = True, of: str = HEAD) -> bytes:
    """As Postfix writes it (RFC 3464, appendix E), with the `whole` mail that came back or its head."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    lines = [
        "From: MAILER-DAEMON@mail.example", "To: trinhky@example.gov.vn", "Subject: Undelivered Mail",
        "Message-ID: <bounce.1@mail.example>", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"', "",
        "--B", "Content-Type: text/plain", "", "I'm sorry.", "",
        "--B", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.example", "",
        of, f"Action: {action}", "Status: 5.1.1",
        f"Diagnostic-Code: smtp; {WORDS}", "",
        "--B", f"Content-Type: {kind}", "", f"Message-ID: {returned}", "Subject: x", "", "x" if whole else "",
        "--B--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def sent(office: Office, clock: Hand) -> list[str]:
    """Three messages leave over SMTP; their Message-IDs as they arrived."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for number in range(3):
            queue(
                uow,
                Note(cause=f"a:{number}", what=told(), address="head@example.gov.vn"),
                now=clock.now,
            )
        uow.commit()
    mood = Mood()
    with mail_server.running(mood) as url:
        how = Delivery(channels={"mail": by_mail(smtp_url=url, sender="trinhky@example.gov.vn")}, secret=SECRET)
        assert deliver(office.engine, how, clock=clock) == {"sent": 3}
    return [str(mail["Message-ID"]) for mail in mood.mails]


def test_what_came_back_is_marked_and_the_rest_left(
    tools: Tools, office: Office, clock: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of seven mails two tell of ours: those are marked and read; a delay, a forged name, a reply and a broken one
    change nothing and stay unread. A second round finds nothing."""
    first, second, third = sent(office, clock)
    box = Box()
    for mail in (
        notification(first), notification(second, whole=False), notification(third, action="delayed"),
        notification("<3.00000000000000000000000000000000@example.gov.vn>"),
        notification("<999999.00000000000000000000000000000000@example.gov.vn>"),
        b"From: a@b.vn\r\nSubject: Re\r\nIn-Reply-To: " + third.encode() + b"\r\n\r\nDa nhan",
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="\xff\r\n\r\n--',
    ):  # fmt: skip
        box.put(mail)
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.authority(tmp_path)))
    clock.now += dt.timedelta(hours=1)
    with imap.running(box) as port:
        url = f"imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}"
        tools = dataclasses.replace(tools, settings=dataclasses.replace(tools.settings, bounces=url))
        told = []
        for _round in range(2):
            (period,) = run_due(tools, job("bounces"))
            with unit_of_work(tools.engine) as uow:
                line = ledger.run_of(uow.session, "bounces", period)
            assert line is not None
            told.append(line.result)
            clock.now += dt.timedelta(minutes=5)
    assert told == [{"bounced": 2, "left": 5, "later": 0}, {"bounced": 0, "left": 0, "later": 0}]
    assert box.unread() == [3, 4, 5, 6, 7]
    with unit_of_work(tools.engine) as uow:
        found = [(one.state, one.error) for one in uow.session.scalars(select(Outbox).order_by(Outbox.id))]
    assert found == [("bounced", f"5.1.1 {WORDS}"), ("bounced", f"5.1.1 {WORDS}"), ("sent", "")]


def test_nobody_says_of_another_message_that_it_came_back(office: Office, clock: Hand) -> None:
    """Not by a name worked out from its key and cause, not of what never left, not about somebody else; addresses
    are compared as servers write them."""
    first, second, third = (name.strip("<>") for name in sent(office, clock))
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        queue(uow, Note(cause="a:3", what=told(), address="head@example.gov.vn"), now=clock.now)
        found = list(uow.session.scalars(select(Outbox).order_by(Outbox.id)))
        worked_out = (
            f"{found[0].id}.{hashlib.sha256(f'{found[0].id}:a:0'.encode()).hexdigest()[:32]}@example.gov.vn"
        )
        waiting = f"{name_of(found[3], secret=SECRET)}@example.gov.vn"
        found[2].address = '"Trưởng phòng" <Head+kt@example.gov.vn>'
        uow.commit()
    told_of = {
        worked_out: (HEAD, False), waiting: (HEAD, False), first: ("Final-Recipient: rfc822; other@b.vn", False),
        second: ("Final-Recipient: rfc822;<HEAD@example.gov.vn>", True),
        third: ("Original-Recipient: rfc822;head+2Bkt@example.gov.vn\r\nFinal-Recipient: rfc822; a@b.vn", True),
    }  # fmt: skip
    for name, (of, counts) in told_of.items():
        with unit_of_work(office.engine) as uow:
            taken = taken_apart(notification(f"<{name}>", of=of))
            assert mark_returned(uow, taken, secret=SECRET, now=clock.now) is counts, name
            uow.commit()
    with unit_of_work(office.engine) as uow:
        states = list(uow.session.scalars(select(Outbox.state).order_by(Outbox.id)))
    assert states == ["sent", "bounced", "bounced", "waiting"]


def test_without_a_mailbox_nothing_is_asked(tools: Tools, office: Office) -> None:
    """The job runs and says so."""
    assert run_due(tools, job("bounces"))
    assert taken_apart(b"") == {"message_id": "", "failed": []}
