"""Messages leave at least once, wait longer after each failure, and nobody reads another's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from schedulers.job import Tools, Turn
from schedulers.jobs.outbox import deliver, run
from tests.support.office import NOON, Office
from tests.support.told import recalled, told
from workflow.adapters.channels.by_mail import ATTEMPTS, Mail
from workflow.adapters.mail import MailError, Message
from workflow.config import Settings
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.permissions import figures_scope
from workflow.services import outbox
from workflow.services.channels import delivery
from workflow.services.outbox import Note
from workflow.services.posting import LEASE, Delivery
from workflow.store import outbox as store
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work

SECOND = dt.timedelta(seconds=1)


class Post:
    """A mail server that keeps what it was given, or refuses with an error."""

    def __init__(self, error: MailError | None = None) -> None:
        self.error = error
        self.taken: list[Message] = []

    def __call__(self, message: Message) -> None:
        if self.error:
            raise self.error
        self.taken.append(message)


def _queue(office: Office, *, count: int = 1, **changes: object) -> None:
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for number in range(count):
            facts = {"cause": f"test:{number}", "what": told(f"Nội dung {number}"), "link": "/reports",
                     "address": "vp@example.gov.vn", **changes}  # fmt: skip
            outbox.queue(uow, Note(**facts), now=NOON)  # type: ignore[arg-type]
        uow.commit()


def _deliver(
    office: Office, post: Callable[[Message], object] | None, *, now: dt.datetime = NOON, **more: object
) -> dict[str, int]:
    mail = {"mail": Mail("Trình Ký <noreply@example.gov.vn>", post)} if post else {}
    how = Delivery(channels=mail, base_url="https://vb.example.gov.vn", secret="k" * 40)
    return deliver(office.engine, how, clock=lambda: now, **more)  # type: ignore[arg-type]


def _messages(office: Office) -> list[Outbox]:
    with unit_of_work(office.engine) as uow:
        return list(uow.session.scalars(select(Outbox).order_by(Outbox.id)))


def test_what_waits_is_sent_once(office: Office) -> None:
    """More than one batch; a second round finds nothing."""
    _queue(office, count=45)
    post = Post()
    assert _deliver(office, post) == {"sent": 45}
    assert _deliver(office, post) == {}
    assert {message.text.partition("\n")[0] for message in post.taken} == {
        f"Nội dung {number}" for number in range(45)
    }
    assert {(one.state, one.sent_at) for one in _messages(office)} == {("sent", NOON)}


def test_the_message_carries_its_link_and_a_stable_id(office: Office) -> None:
    """Sent twice, it is recognisably the same."""
    _queue(office)
    first, second = Post(), Post()
    _deliver(office, first)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.scalars(select(Outbox)).one().state = "waiting"
        uow.commit()
    _deliver(office, second, now=NOON + LEASE)
    (one,), (two,) = first.taken, second.taken
    assert one.id == two.id
    assert one.id.endswith("@example.gov.vn")
    assert one.text == "Nội dung 0\n\nhttps://vb.example.gov.vn/reports"


def test_a_sender_that_died_is_followed_by_another_after_the_lease(office: Office) -> None:
    """It died between sending and marking: not before ten minutes are over, then again."""
    _queue(office)

    class Died(BaseException):
        """Stands for kill -9: nothing catches it."""

    def die(_message: Message) -> None:
        raise Died

    with pytest.raises(Died):
        _deliver(office, die)
    post = Post()
    assert _deliver(office, post, now=NOON + LEASE - SECOND) == {}
    assert _deliver(office, post, now=NOON + LEASE) == {"sent": 1}


def test_each_failure_doubles_the_wait_until_it_is_given_up(office: Office) -> None:
    """1, 2, 4 … 240 minutes; after sixteen attempts the message has failed."""
    _queue(office)
    post = Post(MailError("mail_server_unreachable", transient=True))
    now, waits = NOON, []
    for _attempt in range(ATTEMPTS - 1):
        assert _deliver(office, post, now=now) == {"put_off": 1}
        (message,) = _messages(office)
        waits.append(int((message.next_at - now).total_seconds() // 60))
        assert _deliver(office, post, now=message.next_at - SECOND) == {}
        now = message.next_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, *[240] * 7]
    assert _deliver(office, post, now=now) == {"failed": 1}
    assert _messages(office)[0].error == "mail_server_unreachable"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (MailError("mail_recipient_refused", transient=False), "failed"),
        (MailError("mail_unwritable", transient=False), "failed"),
        (MailError("mail_recipient_refused", transient=True), "waiting"),
        (MailError("mail_login_refused", transient=False), "waiting"),
        (MailError("mail_tls_failed", transient=False), "waiting"),
    ],
)
def test_only_a_hopeless_message_fails_at_once(office: Office, error: MailError, state: str) -> None:
    """A wrong password of ours is not the message's fault: an administrator mends it, and it goes out."""
    _queue(office)
    _deliver(office, Post(error))
    assert _messages(office)[0].state == state


def test_an_overtaken_sender_marks_nothing(office: Office) -> None:
    """Another one took the message over meanwhile: its word counts."""
    _queue(office)

    def slow(_message: Message) -> None:
        with unit_of_work(office.engine) as uow:
            uow.begin_write()
            store.take(uow.session, now=NOON + LEASE, until=NOON + 2 * LEASE, limit=5)
            uow.commit()

    assert _deliver(office, slow) == {}
    assert [(one.state, one.attempts) for one in _messages(office)] == [("waiting", 2)]


def test_told_to_stop_the_rest_waits(office: Office) -> None:
    """Between two messages."""
    _queue(office, count=5)
    post = Post()
    assert _deliver(office, post, stopping=lambda: len(post.taken) >= 2) == {"sent": 2}
    waiting = [(one.next_at, one.attempts) for one in _messages(office) if one.state == "waiting"]
    assert waiting == [(NOON, 0)] * 3
    assert _deliver(office, post) == {"sent": 3}


def test_a_run_ends_at_half_of_the_lease_and_gives_back_the_rest(office: Office) -> None:
    """A server that takes a minute for each: every batch begins in time, the run as a whole would not end in it."""
    _queue(office, count=45)
    now, taken = [NOON], []

    def slow(message: Message) -> None:
        taken.append(message)
        now[0] += 13 * SECOND

    how = Delivery(channels={"mail": Mail("a@b.vn", slow)}, secret="k" * 40)
    assert deliver(office.engine, how, clock=lambda: now[0]) == {"sent": 24}
    waiting = [(one.next_at, one.attempts) for one in _messages(office) if one.state == "waiting"]
    assert sorted(waiting) == [(NOON, 0)] * 5 + [(now[0], 0)] * 16
    assert deliver(office.engine, how, clock=lambda: now[0]) == {"sent": 21}


def test_a_long_cause_is_told_once_and_its_like_too(office: Office) -> None:
    """Longer than the column: neither cut, so that two causes became one, nor an error on one of the databases."""
    for cause in ("x" * 130 + "1", "x" * 130 + "2", "x" * 130 + "1", "y" * 120):
        _queue(office, cause=cause)
    assert [len(one.once_key) for one in _messages(office)] == [120, 120, 120]


def test_the_same_cause_tells_once(office: Office) -> None:
    """The second is passed over, and what its transaction holds beside it is written; the first stays as it was."""
    _queue(office)
    _queue(office, count=2, what=told("Khác"))
    assert [(one.once_key, one.body) for one in _messages(office)] == [("test:0", "Nội dung 0"), ("test:1", "Khác")]
    with pytest.raises(IntegrityError):  # nothing else is passed over
        _queue(office, cause="test:nobody", person_id=999_999)


def test_two_at_once_tell_once(office: Office) -> None:
    """The second waits for the first to be durable, then passes its message over."""
    with unit_of_work(office.engine) as first, unit_of_work(office.engine) as second:
        first.begin_write()
        note = Note(cause="test:0", what=told())
        outbox.queue(first, note, now=NOON)
        first.commit()
        second.begin_write()
        outbox.queue(second, note, now=NOON)
        second.commit()
    assert len(_messages(office)) == 1


def test_an_unreadable_server_address_touches_no_message(office: Office) -> None:
    """The job fails and says so, at its end; the messages keep waiting, as they were."""
    settings = Settings(database_url="", blob_url="", secret_key="")
    wrong = (("smtp_url", "http://mail"), ("webhooks", "[{}]"), ("sms", "{}"), ("push", "{}"))
    for setting, value in wrong:
        how = delivery(replace(settings, **{setting: value}))
        assert how.channels == {}
        assert [code.partition("_")[2] for code in how.broken.values()] in (["unreadable"], ["url_unreadable"])
    assert (delivery(settings).channels, delivery(settings).broken) == ({}, {})
    _queue(office)
    tools = Tools(office.engine, replace(settings, smtp_url="http://mail"), lambda: NOON)
    with unit_of_work(office.engine) as uow, pytest.raises(BadInput, match="smtp_url_unreadable"):
        run(Turn(uow, tools, "x", NOON, NOON))
    (message,) = _messages(office)
    assert (message.state, message.attempts, message.error) == ("waiting", 0, "")


def test_notices_are_their_persons_own(office: Office) -> None:
    """Reading marks once; another person's notice is not found; units' messages follow the scope."""
    _queue(office, person_id=office.posts["head"].person_id, address="", unit_id=office.units["economy"])
    _queue(office, cause="unit", unit_id=office.units["economy"])
    key = _messages(office)[0].id
    with unit_of_work(office.engine) as uow, pytest.raises(NotFound):
        outbox.mark_read(uow, office.actor("leader"), key, now=NOON)
    for later in (0, 5):
        with unit_of_work(office.engine) as uow:
            outbox.mark_read(uow, office.actor("head"), key, now=NOON + later * SECOND)
            uow.commit()
    assert _messages(office)[0].read_at == NOON
    with unit_of_work(office.engine) as uow:
        seen = {
            who: [row.subject for row in store.for_units(_figures(office, who), uow.session)]
            for who in ("leader", "far_leader")
        }
    assert seen == {"leader": ["Ông/bà nhận bàn giao công việc"], "far_leader": []}


def _figures(office: Office, who: str):  # type: ignore[no-untyped-def]
    return figures_scope(office.posts[who], agencies_below=())


def test_an_invitation_leaves_as_it_was_written(office: Office) -> None:
    """A login name may be somebody's number, and a secret may hold nine digits: masked, nobody gets in. What people
    wrote is masked on every way."""
    link = "https://vb.example.gov.vn/invitation/x_0912345678-123456789"
    written = f"Tên đăng nhập: 001099012345\n{link}"
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        row = Outbox(
            once_key="invitation:1", address="vp@example.gov.vn", subject="Trình Ký", body=written,
            created_at=NOON, next_at=NOON,
        )  # fmt: skip
        uow.add(row)
        uow.commit()
    _queue(office, what=recalled("x", "CCCD 001099012345"))
    post = Post()
    assert _deliver(office, post) == {"sent": 2}
    ours, theirs = sorted((one.text for one in post.taken), key=lambda text: "invitation" not in text)
    assert ours.startswith(written)
    assert "001099012345" not in theirs
