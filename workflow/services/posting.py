"""Messages on their way out: taken in batches, sent, marked one by one, at least once.

Delivery takes a batch under a lease, sends outside of any transaction and marks each message. A sender killed
between sending and marking sends again after the lease, with the same Message-ID, by which mail programs show the
second one once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from workflow.adapters.mail import MailError, Message, Server, send
from workflow.store import outbox as store
from workflow.store.models import Outbox
from workflow.store.session import UnitOfWork

BATCH = 20
LEASE = dt.timedelta(minutes=10)
"""After half of it a slow batch is left alone, so that no message is in two hands."""

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=4)
ATTEMPTS = 16
"""About two days of trying."""

HOPELESS = frozenset({"mail_recipient_refused", "mail_unwritable", "mail_refused"})
"""Refusals of this one message; other errors are the server's trouble and pass."""

_ERROR = 300
"""Letters of an error."""

Send = Callable[[Message], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How mail leaves: `send` is None where no server is configured."""

    send: Send | None
    sender: str
    base_url: str


def delivery(*, smtp_url: str, mail_from: str, base_url: str) -> Delivery:
    """From the settings; an unreadable SMTP URL raises `BadInput` here, before any message is touched."""
    if not smtp_url:
        return Delivery(send=None, sender=mail_from, base_url=base_url)
    server = Server.from_url(smtp_url)
    return Delivery(send=lambda message: send(server, message), sender=mail_from, base_url=base_url)


def take(uow: UnitOfWork, *, now: dt.datetime) -> list[Outbox]:
    """A batch of messages that are due, leased; the door commits before it sends any. Writes nothing where nothing
    waits.
    """
    if not store.any_waiting(uow.session):
        return []
    uow.begin_write()
    return store.take(uow.session, now=now, until=now + LEASE, limit=BATCH)


def attempt(message: Outbox, how: Delivery, *, now: dt.datetime) -> dict[str, object]:
    """Send one, outside of any transaction; the columns to note."""
    if how.send is None:
        return {"state": "failed", "error": store.NO_SERVER}
    try:
        how.send(_mail(message, how))
    except MailError as error:
        return _refused(message, error, now=now)
    return {"state": "sent", "sent_at": now, "error": ""}


def note(uow: UnitOfWork, message: Outbox, how: Delivery, values: dict[str, object]) -> str:
    """Mark what came of an attempt; how to count it, "" where another sender has taken the message over."""
    uow.begin_write()
    if not store.mark(uow.session, message.id, attempt=message.attempts, values=values):
        return ""
    return "here" if how.send is None else str(values.get("state", "put_off"))


def _refused(message: Outbox, error: MailError, *, now: dt.datetime) -> dict[str, object]:
    words = str(error)[:_ERROR]
    hopeless = not error.transient and error.code in HOPELESS
    if hopeless or message.attempts >= ATTEMPTS:
        return {"state": "failed", "error": words}
    return {"next_at": now + wait(message.attempts), "error": words}


def wait(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: doubled each time, four hours at most."""
    doubled: dt.timedelta = FIRST_WAIT * 2 ** (attempts - 1)
    return min(doubled, LONGEST_WAIT)


def _mail(message: Outbox, how: Delivery) -> Message:
    link = f"\n\n{how.base_url}{message.link}" if message.link else ""
    host = how.sender.rpartition("@")[2].strip("> ") or "localhost"
    name = hashlib.sha256(f"{message.id}:{message.once_key}".encode()).hexdigest()[:32]
    return Message(
        sender=how.sender,
        to=message.address,
        subject=message.subject,
        text=message.body + link,
        id=f"{name}@{host}",
        made_at=message.created_at,
    )
