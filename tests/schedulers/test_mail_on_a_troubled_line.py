"""Mail over a server that refuses, stalls and hangs up: nothing lost, nothing doubled beyond at-least-once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from schedulers.jobs.outbox import deliver
from tests.schedulers.conftest import Hand
from tests.support import counts as often
from tests.support.mail_server import Mood, running
from tests.support.office import Office
from tests.support.told import RECALLED, recalled, told
from workflow.adapters.channels.by_mail import by_mail
from workflow.services.outbox import Note, queue
from workflow.services.posting import LEASE, Delivery, name_of
from workflow.store import channels
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work

TROUBLES = ("taken", "refused", "greylisted", "full", "stalls", "hangs_up_in_data", "hangs_up_after", "rude")
SECRET = "k" * 40
ONCE_EACH = 3
"""Messages to each trouble."""


@pytest.fixture
def mood() -> Mood:
    """Each address names the trouble that its first try meets; `refused` stays."""

    def of(address: str, time: int) -> str:
        trouble = address.partition(".")[0]
        return trouble if time == 1 or trouble == "refused" else "taken"

    return Mood(of)


@pytest.fixture
def how(mood: Mood) -> Iterator[Delivery]:
    """Over real SMTP, with little patience."""
    with running(mood) as url:
        mail = by_mail(smtp_url=url, sender="Trình Ký <trinhky@example.gov.vn>", timeout=2)
        yield Delivery(channels={"mail": mail}, base_url="https://vb.example.gov.vn", secret=SECRET)


def fill(office: Office, *, now: dt.datetime) -> None:
    """One message to each address."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for trouble in TROUBLES:
            for number in range(ONCE_EACH):
                note = Note(cause=f"{trouble}:{number}", what=told(f"Đến hạn {number}"),
                            link="/desk", address=f"{trouble}.{number}@example.gov.vn")  # fmt: skip
                queue(uow, note, now=now)
        uow.commit()


def messages(office: Office) -> list[Outbox]:
    """As they stand."""
    with unit_of_work(office.engine) as uow:
        return list(uow.session.scalars(select(Outbox).order_by(Outbox.id)))


@pytest.mark.parametrize("database_url", often.on("postgresql"), indirect=True)
def test_every_message_arrives_and_only_an_unanswered_one_twice(
    office: Office, clock: Hand, mood: Mood, how: Delivery
) -> None:
    """24 messages, eight troubles. The one way to a doubled mail is a server that takes it and hangs up before it
    says so; both bear one Message-ID. What is refused for good is told, not tried again."""
    fill(office, now=clock.now)
    counts: Counter[str] = Counter()
    for _round in range(5):
        counts.update(deliver(office.engine, how, clock=clock))
        clock.now += LEASE
    print(f"delivered over a troubled line: {dict(counts)}")
    assert counts == {"sent": 7 * ONCE_EACH, "put_off": 5 * ONCE_EACH, "failed": ONCE_EACH}
    found = messages(office)
    times = {
        message.address.partition(".")[0]: mood.ids[f"<{name_of(message, secret=SECRET)}@example.gov.vn>"]
        for message in found
    }
    assert times == {**dict.fromkeys(TROUBLES, 1), "refused": 0, "hangs_up_after": 2}
    assert {one.address.partition(".")[0]: (one.state, one.attempts) for one in found} == {
        "taken": ("sent", 1), "rude": ("sent", 1), "refused": ("failed", 1), "greylisted": ("sent", 2),
        "full": ("sent", 2), "stalls": ("sent", 2), "hangs_up_in_data": ("sent", 2), "hangs_up_after": ("sent", 2),
    }  # fmt: skip
    assert {one.error for one in found} == {"", "mail_recipient_refused 550 5.1.1 No such person"}
    with unit_of_work(office.engine) as uow:
        (told,) = channels.health(uow.session).values()
    assert (told.name, told.sent_at, told.failed_at) == ("mail", clock.now - 4 * LEASE, clock.now - 5 * LEASE)
    assert told.error


def test_what_arrives_says_the_same_twice(office: Office, clock: Hand, mood: Mood, how: Delivery) -> None:
    """Text and HTML from the same words, the link in both, no picture, no personal number."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        words = "Ông <A> & 2 người, CCCD 001099012345, ĐT 0912 345 678:\n- Số 12/QĐ-UBND\n- Số 13/QĐ-UBND\n\nHết."
        note = Note(cause="a", what=recalled("001099012345", words), link="/desk?a=1&b=2", address="a@b.vn")
        queue(uow, note, now=clock.now)
        uow.commit()
    deliver(office.engine, how, clock=clock)
    (mail,) = mood.mails
    plain = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert plain.splitlines()[-1] == "https://vb.example.gov.vn/desk?a=1&b=2"
    assert '<a style="color:#0a4fa3" href="https://vb.example.gov.vn/desk?a=1&amp;b=2">' in page
    assert "<ul><li>Số 12/QĐ-UBND</li><li>Số 13/QĐ-UBND</li></ul>" in page
    assert "Ông &lt;A&gt; &amp; 2 người" in page
    assert '<html lang="vi">' in page
    for word in ("<img", "<script", "<link", "url(", "src=", "001099012345", "0912"):
        assert word not in page + plain + str(mail["Subject"])


def test_a_message_that_nobody_settled_is_not_sent(office: Office, clock: Hand, mood: Mood, how: Delivery) -> None:
    """A batch taken by a process of the same moment leaves it alone: a muted digest never slips out."""
    person = office.posts["drafter"].person_id
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for sort in ("digest", "explanation"):
            cause = f"{sort}:1:demanded"
            note = Note(cause=cause, what=recalled(sort), person_id=person, address="drafter@example.gov.vn")
            queue(uow, note, now=clock.now)
        wish = {"muted_digest": True, "phone": "", "by_sms": False, "pushed": "", "now": clock.now}
        channels.keep_choice(uow.session, person, **wish)
        uow.commit()
    deliver(office.engine, how, clock=clock)
    assert [str(mail["Subject"]) for mail in mood.mails] == [f"{RECALLED}explanation"]
    assert [(one.subject, one.channel, one.state) for one in messages(office)] == [
        (f"{RECALLED}digest", "app", "sent"), (f"{RECALLED}explanation", "mail", "sent"),
    ]  # fmt: skip
