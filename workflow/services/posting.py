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
from workflow.adapters.channels.push import GONE, Device
from workflow.adapters.channels.webhook import Hook
from workflow.domain.channels import CODE, Choice, Sort, Way, is_muted, leaving, ways
from workflow.domain.notices import Told
from workflow.services.notice_words import say
from workflow.services.outbox import SUBJECT
from workflow.services.phones import LASTS, with_code
from workflow.store import channels as choices
from workflow.store import outbox as store
from workflow.store import push_devices as devices
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
    """How messages leave: the ways that are configured, by name. `broken`: way → code of those whose setting
    cannot be read; their messages wait until it can. `sender`: our public key that browsers were told.
    """

    channels: Mapping[str, Channel]
    broken: Mapping[str, str] = field(default_factory=dict)
    hooks: tuple[Hook, ...] = ()
    sender: str = ""
    base_url: str = ""
    report_files: bool = True
    """Whether the mail of a report brings its files, or only the link."""
    secret: str = field(repr=False)
    """The installation's key, by which messages get names that nobody guesses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Leased messages; `units`: codes of the units that webhooks are told about, by message; `devices`: by key."""

    messages: tuple[Outbox, ...] = ()
    units: Mapping[int, str] = field(default_factory=dict)
    devices: Mapping[int, Device] = field(default_factory=dict)


def spread(uow: UnitOfWork, how: Delivery, *, now: dt.datetime) -> int:
    """Settle the ways of what was queued; the door commits. How many messages; nothing is written where none is."""
    told = Way.WEBHOOK not in how.broken
    if not store.any_unspread(uow.session, copies_too=told):
        return 0
    uow.begin_write()
    found = store.unspread(uow.session, limit=SPREAD, copies_too=told)
    people = choices.of_people(uow.session, {one.person_id for one in found if one.person_id is not None})
    browsers = devices.of_people(uow.session, people, sender=how.sender) if Way.PUSH in _known(how) else {}
    held = {one.copy_of: one for one in found if one.copy_of is not None}
    units = store.units_of(uow.session, held) | {one.id: one.unit_id for one in found if one.unit_id is not None}
    offices = choices.offices(uow.session, set(units.values()))
    copies: list[dict[str, Any]] = []
    for message in found:
        whole = message.copy_of or message.id
        message.spread_at = now
        if message.person_id is not None:
            addresses = browsers.get(message.person_id, ())
            copies += _to_person(message, people[message.person_id], addresses, how, now=now)
        elif whole in units:
            copies += _to_hooks(message, offices[units[whole]], how, now=now)
    uow.flush()
    store.remove(uow.session, held.values())
    store.add_copies(uow.session, copies)
    return len(found)


def _known(how: Delivery) -> set[str]:
    """The ways that a message may be bound for: those that work, and those whose setting will be mended."""
    return {*how.channels, *how.broken}


def _to_person(
    message: Outbox, who: choices.Wishes, browsers: Sequence[int], how: Delivery, *, now: dt.datetime
) -> list[dict[str, Any]]:
    sort = Sort(message.sort)
    if not who.inside or is_muted(sort, muted_digest=who.muted_digest):
        if message.state == "waiting":
            message.channel, message.state, message.sent_at = str(Way.APP), "sent", now
        return []
    choice = Choice(
        muted_digest=who.muted_digest, mail=bool(who.email) and message.channel == Way.APP, sms=bool(who.phone),
        push=bool(browsers), pushed=who.pushed,
    )  # fmt: skip
    addresses = {
        Way.MAIL: [who.email], Way.SMS: [who.phone], Way.PUSH: [devices.address_of(one) for one in browsers]
    }  # fmt: skip
    wanted = sorted(way for way in ways(sort, choice) if way in _known(how))
    said = _said(message, who.language, how)
    return [_copy(message, way, address, now=now) | said for way in wanted for address in addresses[way]]


def _said(message: Outbox, language: str, how: Delivery) -> dict[str, Any]:
    """The words of a copy, in the language of who gets it; of a message of no kind those that it was written in."""
    told = Told.read(message.code, message.params)
    if told is None:
        return {}
    said = say(told, language if language in LOCALES else VIETNAMESE)
    words = {"subject": said.subject[:SUBJECT], "body": said.body(base_url=how.base_url)}
    return {**words, "code": message.code, "params": message.params}


def _to_hooks(message: Outbox, office: choices.Office, how: Delivery, *, now: dt.datetime) -> list[dict[str, Any]]:
    """One copy for each receiver; while nobody can read who they are, one that waits to be settled again."""
    if Way.WEBHOOK in how.broken:
        return [_copy(message, Way.WEBHOOK, "", now=now) | {"spread_at": None}]
    sort = Sort(message.sort)
    told = [hook for hook in how.hooks if hook.wants(sort, unit=office.code, agency=office.agency)]
    return [_copy(message, Way.WEBHOOK, hook.name, now=now) for hook in told]


def _copy(message: Outbox, way: Way, address: str, *, now: dt.datetime) -> dict[str, Any]:
    whole = message.copy_of or message.id
    return {
        "once_key": store.key_of(f"copy:{whole}:{way}:{address}"), "sort": message.sort, "copy_of": whole,
        "spread_at": now, "channel": str(way), "address": address, "subject": message.subject,
        "body": message.body, "link": message.link, "created_at": message.created_at, "next_at": now,
        "state": "waiting", "attempts": 0, "error": "",
    }  # fmt: skip


def take(uow: UnitOfWork, how: Delivery, *, now: dt.datetime) -> Batch:
    """A batch of messages that are due, leased; the door commits before it sends any. Writes nothing where nothing
    waits. What is bound for a way whose setting cannot be read is not touched: it is no dearer when it is mended.
    """
    if not store.any_waiting(uow.session):
        return Batch()
    uow.begin_write()
    found = store.take(uow.session, now=now, until=now + LEASE, limit=BATCH, but=how.broken)
    told = {one.id: one.copy_of for one in found if one.channel == Way.WEBHOOK and one.copy_of is not None}
    pushed = {devices.id_in(one.address) for one in found if one.channel == Way.PUSH}
    return Batch(
        messages=tuple(found),
        units=choices.unit_codes(uow.session, told) if told else {},
        devices=_browsers(uow, pushed),
    )


def _browsers(uow: UnitOfWork, ids: set[int]) -> dict[int, Device]:
    return {
        key: Device(endpoint=row.endpoint, public_key=row.public_key, secret=row.secret)
        for key, row in devices.by_id(uow.session, ids).items()
    }


def put_back(uow: UnitOfWork, messages: Sequence[Outbox], *, now: dt.datetime) -> None:
    """Give back the rest of a batch that nobody tried, for the next run; the door commits."""
    uow.begin_write()
    store.put_back(uow.session, messages, now=now)


def attempt(
    message: Outbox, how: Delivery, batch: Batch, *, now: dt.datetime, files: tuple[Enclosure, ...] = ()
) -> dict[str, object]:
    """Send one of a batch, outside of any transaction; the columns to note."""
    channel = how.channels.get(message.channel)
    if channel is None:
        return {"state": "failed", "error": store.NO_SERVER if message.channel == Way.MAIL else NOT_CONFIGURED}
    if message.sort == CODE and now >= message.created_at + LASTS:
        return {"state": "failed", "error": "code_too_late"}
    device = batch.devices.get(devices.id_in(message.address)) if message.channel == Way.PUSH else None
    what = parcel(message, how, unit=batch.units.get(message.id, ""), device=device, files=files)
    answer = channel.send(what, now=now)
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
    name, error = f"{message.channel}:{message.address}", str(values["error"])
    if message.channel == Way.PUSH:
        _note_device(uow, devices.id_in(message.address), error, now=now)
    if not error.startswith(OF_ONE_READER):
        health = name if message.channel == Way.WEBHOOK else message.channel
        choices.note_health(uow.session, health, error=error, now=now)
    return str(values.get("state", "put_off"))


OF_ONE_READER = (GONE, "push_device_unknown", "push_service_unknown", "code_too_late")
"""Failures that say nothing of how a way is doing."""


def _note_device(uow: UnitOfWork, device_id: int, error: str, *, now: dt.datetime) -> None:
    if error.startswith(GONE):
        devices.remove_gone(uow.session, device_id)
    elif not error:
        devices.used(uow.session, device_id, now=now)


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


def parcel(
    message: Outbox, how: Delivery, *, unit: str = "", device: Device | None = None,
    files: tuple[Enclosure, ...] = (),
) -> Parcel:  # fmt: skip
    """What leaves: no personal number, the link with the address people use. Invitations and tests are ours from
    the first letter to the last: a login name, or a secret in a link, must arrive as it is.
    """
    ours = message.code is None and message.copy_of is None
    subject, text = message.subject, with_code(message, secret=how.secret)
    return Parcel(
        name=name_of(message, secret=how.secret),
        address=message.address,
        sort=message.sort,
        kind=message.code or "",
        subject=subject if ours else leaving(subject),
        text=text if ours else leaving(text),
        link=f"{how.base_url}{message.link}" if message.link else "",
        made_at=message.created_at,
        unit=unit,
        language=language_of(message),
        device=device,
        files=files,
    )


def language_of(message: Outbox) -> str:
    """The one that its subject is said in; of a message of no kind Vietnamese."""
    told = Told.read(message.code, message.params)
    spoken = (one for one in LOCALES if told and say(told, one).subject[:SUBJECT] == message.subject)
    return next(spoken, VIETNAMESE)
