"""Messages on their way out: spread over the ways that people and offices chose, sent, marked one by one.

`spread` settles in one transaction by which ways a message goes and writes a row for each of them. Delivery takes a
batch under a lease, sends outside of any transaction and marks each row. A sender killed between sending and
marking sends again after the lease, under the same name (Message-ID, `id` of a webhook), so every way is "at least
once": docs/jobs.md says what that means for whoever gets it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.adapters.catalogues import LOCALES, VIETNAMESE
from workflow.adapters.channels import Answer, Channel, Enclosure, Outcome, Parcel
from workflow.adapters.channels.webhook import Hook
from workflow.domain.channels import Choice, Sort, Way, is_muted, leaving, ways
from workflow.domain.notices import Told
from workflow.services.notice_words import say
from workflow.services.outbox import SUBJECT
from workflow.store import channels as choices
from workflow.store import outbox as store
from workflow.store.models import Outbox
from workflow.store.session import UnitOfWork

BATCH = 20
SPREAD = 200
LEASE = dt.timedelta(minutes=10)
"""After half of it a slow run puts back what it did not try, so that no message is in two hands."""

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=4)

_ERROR = 300
"""Letters of an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How messages leave: the ways that are configured, by name."""

    channels: Mapping[str, Channel]
    hooks: tuple[Hook, ...] = ()
    base_url: str = ""
    report_files: bool = True
    """Whether the mail of a report brings its files, or only the link."""
    secret: str = field(repr=False)
    """The installation's key, by which messages get names that nobody guesses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Leased messages; `units`: codes of the units that webhooks are told about, by message."""

    messages: tuple[Outbox, ...] = ()
    units: Mapping[int, str] = field(default_factory=dict)


def spread(uow: UnitOfWork, how: Delivery, *, now: dt.datetime) -> int:
    """Settle the ways of what was queued; the door commits. How many messages; nothing is written where none is."""
    if not store.any_unspread(uow.session):
        return 0
    uow.begin_write()
    found = store.unspread(uow.session, limit=SPREAD)
    people = choices.of_people(uow.session, {one.person_id for one in found if one.person_id is not None})
    offices = choices.offices(uow.session, {one.unit_id for one in found if one.unit_id is not None})
    copies: list[dict[str, Any]] = []
    for message in found:
        message.spread_at = now
        if message.person_id is not None:
            copies += _to_person(message, people[message.person_id], how, now=now)
        elif message.unit_id is not None:
            copies += _to_hooks(message, offices[message.unit_id], how, now=now)
    uow.flush()
    store.add_copies(uow.session, copies)
    return len(found)


def _to_person(message: Outbox, who: choices.Wishes, how: Delivery, *, now: dt.datetime) -> list[dict[str, Any]]:
    sort = Sort(message.sort)
    if not who.inside or is_muted(sort, muted_digest=who.muted_digest):
        if message.state == "waiting":
            message.channel, message.state, message.sent_at = str(Way.APP), "sent", now
        return []
    choice = Choice(
        muted_digest=who.muted_digest, mail=bool(who.email) and message.channel == Way.APP, sms=bool(who.phone),
    )  # fmt: skip
    address = {Way.MAIL: who.email, Way.SMS: who.phone}
    wanted = sorted(way for way in ways(sort, choice) if way in how.channels)
    said = _said(message, who.language, how)
    return [_copy(message, way, address[way], now=now) | said for way in wanted]


def _said(message: Outbox, language: str, how: Delivery) -> dict[str, Any]:
    """The words of a copy, in the language of who gets it; of a message of no kind those that it was written in."""
    told = Told.read(message.code, message.params)
    if told is None:
        return {}
    said = say(told, language if language in LOCALES else VIETNAMESE)
    words = {"subject": said.subject[:SUBJECT], "body": said.body(base_url=how.base_url)}
    return {**words, "code": message.code, "params": message.params}


def _to_hooks(message: Outbox, office: choices.Office, how: Delivery, *, now: dt.datetime) -> list[dict[str, Any]]:
    sort = Sort(message.sort)
    told = [hook for hook in how.hooks if hook.wants(sort, unit=office.code, agency=office.agency)]
    return [_copy(message, Way.WEBHOOK, hook.name, now=now) for hook in told]


def _copy(message: Outbox, way: Way, address: str, *, now: dt.datetime) -> dict[str, Any]:
    return {
        "once_key": store.key_of(f"copy:{message.id}:{way}:{address}"), "sort": message.sort, "copy_of": message.id,
        "spread_at": now, "channel": str(way), "address": address, "subject": message.subject,
        "body": message.body, "link": message.link, "created_at": message.created_at, "next_at": now,
        "state": "waiting", "attempts": 0, "error": "",
    }  # fmt: skip


def take(uow: UnitOfWork, *, now: dt.datetime) -> Batch:
    """A batch of messages that are due, leased; the door commits before it sends any. Writes nothing where nothing
    waits.
    """
    if not store.any_waiting(uow.session):
        return Batch()
    uow.begin_write()
    found = store.take(uow.session, now=now, until=now + LEASE, limit=BATCH)
    told = {one.id: one.copy_of for one in found if one.channel == Way.WEBHOOK and one.copy_of is not None}
    return Batch(messages=tuple(found), units=choices.unit_codes(uow.session, told) if told else {})


def put_back(uow: UnitOfWork, messages: Sequence[Outbox], *, now: dt.datetime) -> None:
    """Give back the rest of a batch that nobody tried, for the next run; the door commits."""
    uow.begin_write()
    store.put_back(uow.session, messages, now=now)


def attempt(
    message: Outbox, how: Delivery, *, now: dt.datetime, unit: str = "", files: tuple[Enclosure, ...] = ()
) -> dict[str, object]:
    """Send one, outside of any transaction; the columns to note."""
    channel = how.channels.get(message.channel)
    if channel is None:
        return {"state": "failed", "error": store.NO_SERVER if message.channel == Way.MAIL else NOT_CONFIGURED}
    answer = channel.send(parcel(message, how, unit=unit, files=files), now=now)
    if answer.outcome is Outcome.SENT:
        return {"state": "sent", "sent_at": now, "error": ""}
    return _refused(message, answer, attempts=channel.attempts, now=now)


NOT_CONFIGURED = "channel_not_configured"
"""The error of a message whose way was taken out of the settings meanwhile."""


def note(uow: UnitOfWork, message: Outbox, how: Delivery, values: dict[str, object], *, now: dt.datetime) -> str:
    """Mark what came of an attempt; how to count it, "" where another sender has taken the message over."""
    uow.begin_write()
    if not store.mark(uow.session, message.id, attempt=message.attempts, values=values):
        return ""
    if message.channel not in how.channels:
        return "here" if message.channel == Way.MAIL else "failed"
    name = f"{message.channel}:{message.address}" if message.channel == Way.WEBHOOK else message.channel
    choices.note_health(uow.session, name, error=str(values["error"]), now=now)
    return str(values.get("state", "put_off"))


def _refused(message: Outbox, answer: Answer, *, attempts: int, now: dt.datetime) -> dict[str, object]:
    words = str(answer)[:_ERROR]
    if answer.outcome is Outcome.FAILED or message.attempts >= attempts:
        return {"state": "failed", "error": words}
    return {"next_at": now + wait(message.attempts), "error": words}


def wait(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: doubled each time, four hours at most."""
    doubled: dt.timedelta = FIRST_WAIT * 2 ** (attempts - 1)
    return min(doubled, LONGEST_WAIT)


def name_of(message: Outbox, *, secret: str) -> str:
    """A message's name on every way: its key, by which a bounce finds it, and an HMAC of key and cause. Both can be
    guessed; whoever could work the name out from them would say of any message that it came back.
    """
    made = hmac.new(secret.encode(), f"message-name:{message.id}:{message.once_key}".encode(), hashlib.sha256)
    return f"{message.id}.{made.hexdigest()[:32]}"


def parcel(message: Outbox, how: Delivery, *, unit: str = "", files: tuple[Enclosure, ...] = ()) -> Parcel:
    """What leaves: no personal number, the link with the address people use. Invitations and tests are ours from
    the first letter to the last: a login name, or a secret in a link, must arrive as it is.
    """
    ours = message.code is None and message.copy_of is None
    subject, text = message.subject, message.body
    return Parcel(
        name=name_of(message, secret=how.secret),
        address=message.address,
        sort=message.sort,
        subject=subject if ours else leaving(subject),
        text=text if ours else leaving(text),
        link=f"{how.base_url}{message.link}" if message.link else "",
        made_at=message.created_at,
        unit=unit,
        language=language_of(message),
        files=files,
    )


def language_of(message: Outbox) -> str:
    """The one that its subject is said in; of a message of no kind Vietnamese."""
    told = Told.read(message.code, message.params)
    spoken = (one for one in LOCALES if told and say(told, one).subject[:SUBJECT] == message.subject)
    return next(spoken, VIETNAMESE)
