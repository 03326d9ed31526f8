"""Telling people: queue a message with its cause, deliver it later, at least once.

A message is a row written in the transaction of what it tells about; a key names its cause, so that the same
cause tells once. Delivery takes a batch under a lease, sends outside of any transaction and marks each message.
A sender killed between sending and marking sends again after the lease, with the same Message-ID, by which
mail programs show the second one once. Without a mail server messages are read in the app.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from workflow.adapters.catalogues import LOCALES, VIETNAMESE
from workflow.adapters.mail import MailError, Message, Server, send
from workflow.domain.notices import Told
from workflow.domain.people import Actor
from workflow.services.notice_words import say
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

_LIMITS = {"subject": 300, "address": 200, "error": 300}

Send = Callable[[Message], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What to tell. `cause`: same cause, same key: nothing is queued twice. `base_url`: of the service, for mails
    whose lines lead to what they tell of. `language`: the one that the person chose, where the caller knows it.
    """

    cause: str
    what: Told
    link: str = ""
    unit_id: int | None = None
    person_id: int | None = None
    address: str = ""
    base_url: str = ""
    language: str | None = None


def queue(uow: UnitOfWork, note: Note, *, now: dt.datetime) -> None:
    """Write a message in the open write phase: by mail where there is an address, else only in the app. One whose
    cause was told before is left as it is.
    """
    mail = bool(note.address)
    said = say(note.what, _language(uow, note))
    store.add_once(
        uow.session,
        once_key=note.cause,
        channel="mail" if mail else "app",
        address=note.address,
        unit_id=note.unit_id,
        person_id=note.person_id,
        code=str(note.what.kind),
        params=dict(note.what.params),
        subject=said.subject[: _LIMITS["subject"]],
        body=said.body(base_url=note.base_url),
        link=note.link,
        created_at=now,
        next_at=now,
        state="waiting" if mail else "sent",
        sent_at=None if mail else now,
    )


def _language(uow: UnitOfWork, note: Note) -> str:
    """A mail to a person speaks the language of their screens, where they chose one; to an office Vietnamese."""
    chosen = note.language
    if chosen is None and note.person_id and note.address:
        chosen = store.language_of(uow.session, note.person_id)
    return chosen if chosen in LOCALES else VIETNAMESE


def tell_more(uow: UnitOfWork, notice: Outbox, what: Told) -> None:
    """More of the same in a notice that was not read yet."""
    said = say(what)
    notice.code, notice.params, notice.body = str(what.kind), dict(what.params), said.body()
    uow.flush()


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
    words = str(error)[: _LIMITS["error"]]
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


def mark_read(uow: UnitOfWork, actor: Actor, notice_id: int, *, now: dt.datetime) -> Outbox:
    """Note that a person read one of their notices; `NotFound` for anybody else's."""
    uow.begin_write()
    notice = store.own(uow.session, actor.person_id or 0, notice_id)
    notice.read_at = notice.read_at or now
    uow.flush()
    return notice


def mark_all_read(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> int:
    """The same for all of them; how many there were."""
    uow.begin_write()
    return store.read_all(uow.session, actor.person_id or 0, now=now)
