"""Watched folders and mailboxes of agencies: what is there is handed over, one unit of work a file.

    channels(setting) ─> for each: from_folder(…, hand_over) or from_mailbox(…, hand_over, keep)

Who calls opens the units of work and commits: `hand_over` stores one file and says how that ended, `keep` stores
how far a mailbox was taken. A file leaves its folder, and a message its mark, only after it was stored; so a
process that is killed anywhere takes it once more, and the store knows it by its hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from signing.jail import JailError
from workflow.adapters.blobs import Blobs
from workflow.adapters.mailbox import MAX_TRIES, Gone, Letter, Mailbox, MailboxError, MailServer, Mark, TooLarge
from workflow.adapters.watched_folder import Claim, NotYet, Refusal, WatchedFolder
from workflow.domain.calendar import office_time
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.incoming import Source
from workflow.domain.people import Actor, Role, UnitKind
from workflow.domain.permissions import Scope
from workflow.services.incoming.receiving import Brought, take_in
from workflow.store import units
from workflow.store.models import Setting
from workflow.store.session import UnitOfWork

FILES_A_ROUND: Final = 100
MESSAGES_A_ROUND: Final = 30
"""Of one channel, so that none keeps the others waiting."""
_OUR_FAULT: Final = frozenset({"jail_gone", "jail_did_not_start", "task_not_found"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way by which files come to one agency, by its code. Either `folder` or `server` is set."""

    unit_code: str
    folder: Path | None = None
    server: MailServer | None = None

    @property
    def words(self) -> str:
        """For logs; no password."""
        return f"{self.unit_code} {self.folder or self.server}"

    @property
    def key(self) -> str:
        """The name under which its mark is kept."""
        return f"arrivals:{hashlib.sha256(self.words.encode()).hexdigest()[:40]}"


def channels(setting: str) -> tuple[Channel, ...]:
    """`{"H99.01": ["file:///srv/scan", "imaps://user:password@host/INBOX"]}` as channels; none where it is empty.

    Raises `BadInput` (`arrivals_unreadable`, `arrivals_twice`, `mailbox_url_unreadable`), which does not repeat
    what it could not read.
    """
    if not setting.strip():
        return ()
    try:
        given = json.loads(setting)
    except ValueError:
        raise BadInput("arrivals_unreadable") from None
    if not isinstance(given, dict):
        raise BadInput("arrivals_unreadable")
    found = tuple(
        _channel(str(code), url)
        for code, urls in given.items()
        for url in (urls if isinstance(urls, list) else [urls])
    )
    if len({(one.folder, str(one.server)) for one in found}) < len(found):
        raise BadInput("arrivals_twice")
    return found


def _channel(code: str, url: object) -> Channel:
    if not isinstance(url, str):
        raise BadInput("arrivals_unreadable", unit=code)
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/") and parts.path.strip("/"):
        return Channel(unit_code=code, folder=Path(unquote(parts.path)))
    if parts.scheme == "imaps":
        return Channel(unit_code=code, server=MailServer.from_url(url))
    raise BadInput("arrivals_unreadable", unit=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that came. `facts`: of a mail its `sender`, `subject`, `date`, `message_id`, `text`, and `beside`, the
    names of its other files; of a folder nothing."""

    data: bytes = field(repr=False)
    filename: str
    source: str
    facts: Mapping[str, str] = field(default_factory=dict)


class Handed(StrEnum):
    """How handing over one file ended."""

    STORED = "stored"
    KNOWN = "known"
    """The agency has this very file already."""
    REFUSED = "refused"
    """It will not be taken tomorrow either."""
    LATER = "later"
    """Something was wrong on our side."""


class Deliver(Protocol):
    """Stores one file for an agency in the open unit of work; whether it was new there."""

    def __call__(
        self, uow: UnitOfWork, agency_id: int, *, data: bytes, filename: str, source: str, facts: Mapping[str, str]
    ) -> bool: ...


HandOver = Callable[[Arrival], tuple[Handed, str]]
"""Stores one file durably; how that ended, with the code of a refusal. Never raises."""
Keep = Callable[[Mark], None]
Stopping = Callable[[], bool]


@dataclass(slots=True)
class Outcome:
    """What came of one channel. `troubles`: for the log, each about one file or message, never its content."""

    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[dict[str, object]] = field(default_factory=list)

    def trouble(self, kind: str, **about: object) -> None:
        """Count and remember."""
        self.counts[kind] += 1
        self.troubles.append({"kind": kind, **about})


def from_folder(
    channel: Channel, *, hand_over: HandOver, now: dt.datetime, stopping: Stopping = lambda: False
) -> Outcome:
    """Take what is complete in a folder. Raises `FolderError` where the folder cannot be used."""
    outcome = Outcome()
    if channel.folder is None:
        raise BadInput("arrivals_unreadable", unit=channel.unit_code)
    with WatchedFolder(channel.folder, now=now) as folder:
        for claim in folder.left_behind():
            _one_file(folder, claim, hand_over, outcome)
        for name in folder.waiting(limit=FILES_A_ROUND):
            if stopping():
                break
            if (ours := folder.claim(name)) is not None:
                _one_file(folder, ours, hand_over, outcome)
    return outcome


def _one_file(folder: WatchedFolder, claim: Claim, hand_over: HandOver, outcome: Outcome) -> None:
    try:
        data = folder.read(claim)
        handed, code = hand_over(Arrival(data=data, filename=claim.name, source="folder"))
        if handed in {Handed.STORED, Handed.KNOWN}:
            folder.take(claim)
            outcome.counts[handed] += 1
        elif handed is Handed.REFUSED:
            folder.refuse(claim, code)
            outcome.trouble("refused", name=claim.name, code=code)
        else:
            folder.give_back(claim)
            outcome.trouble("later", name=claim.name, code=code)
    except Refusal as refusal:
        folder.refuse(claim, refusal.code)
        outcome.trouble("refused", name=claim.name, code=refusal.code)
    except NotYet:
        folder.give_back(claim)
        outcome.counts["later"] += 1


def from_mailbox(
    mailbox: Mailbox, mark: Mark | None, *, hand_over: HandOver, keep: Keep, now: dt.datetime,
    stopping: Stopping = lambda: False,
) -> Outcome:  # fmt: skip
    """Take what has come since the mark, message by message; `keep` is called after each that is settled.

    Messages without files, too large ones, and those that nothing can be made of after many rounds are left unread
    in the mailbox, where people see them; what was taken whole is marked as read at the end. A line that breaks in
    the middle ends the round; raises `MailboxError` only where nothing could be begun.
    """
    outcome = Outcome()
    before, mark = mark, mailbox.look(mark, today=office_time(now).date())
    if mark != before:
        keep(mark)
    taken: list[int] = []
    tries = mark.tries
    try:
        for uid in sorted(mark.waiting, key=lambda uid: (tries.get(uid, 0), uid))[:MESSAGES_A_ROUND]:
            if stopping():
                break
            settled, wholly = _one_message(mailbox, uid, tries.get(uid, 0), hand_over, outcome)
            mark = mark.without(uid) if settled else mark.failed(uid)
            keep(mark)
            taken += [uid] if wholly else []
        mailbox.confirm(taken)
    except MailboxError as error:
        outcome.trouble("interrupted", code=error.code, answer=error.details.get("answer"))
    return outcome


def _one_message(
    mailbox: Mailbox, uid: int, tries: int, hand_over: HandOver, outcome: Outcome
) -> tuple[bool, bool]:
    """Whether nothing more is to be done about a message, and whether everything in it was taken."""
    try:
        letter = mailbox.fetch(uid)
    except Gone:
        outcome.counts["gone"] += 1
        return True, False
    except TooLarge as refusal:
        outcome.trouble("left_unread", uid=uid, code=refusal.code, size=refusal.details.get("size"))
        return True, False
    except JailError as error:
        return _unreadable(uid, tries, error, outcome), False
    if not letter.attachments:
        outcome.counts["without_files"] += 1
        return True, False
    ends = [_handed(letter, number, hand_over, outcome) for number in range(len(letter.attachments))]
    if Handed.LATER in ends:
        outcome.trouble("later", uid=uid)
        return False, False
    for words in letter.left_out:
        outcome.counts["parts_left_out"] += not words.endswith("inline_image")
    return True, Handed.REFUSED not in ends


def _unreadable(uid: int, tries: int, error: JailError, outcome: Outcome) -> bool:
    """It broke the reader or took too long: whether that happened often enough to leave it to people."""
    given_up = tries + 1 >= MAX_TRIES and error.code not in _OUR_FAULT
    outcome.trouble("left_unread" if given_up else "later", uid=uid, code=error.code)
    return given_up


def _handed(letter: Letter, number: int, hand_over: HandOver, outcome: Outcome) -> Handed:
    attachment = letter.attachments[number]
    beside = ", ".join(one.name for place, one in enumerate(letter.attachments) if place != number)
    facts = {
        "sender": letter.sender, "subject": letter.subject, "date": letter.date, "message_id": letter.message_id,
        "text": letter.text, "beside": beside,
    }  # fmt: skip
    if not attachment.data:
        outcome.trouble("refused", uid=letter.uid, name=attachment.name, code="intake_empty")
        return Handed.REFUSED
    handed, code = hand_over(Arrival(data=attachment.data, filename=attachment.name, source="mail", facts=facts))
    if handed in {Handed.STORED, Handed.KNOWN}:
        outcome.counts[handed] += 1
    elif handed is Handed.REFUSED:
        outcome.trouble("refused", uid=letter.uid, name=attachment.name, code=code)
    return handed


def agency_of(uow: UnitOfWork, channel: Channel, *, today: dt.date) -> int:
    """The agency that a channel belongs to; `NotFound` where there is none of that code today."""
    unit = units.by_code(uow.session, channel.unit_code)
    if unit is None or unit.kind != UnitKind.AGENCY or (unit.valid_to is not None and unit.valid_to < today):
        raise NotFound("arrivals_unit", unit=channel.unit_code)
    return unit.id


def mark_of(uow: UnitOfWork, channel: Channel) -> Mark | None:
    """How far its mailbox was taken."""
    row = uow.session.get(Setting, channel.key)
    return None if row is None else Mark.from_json(row.value)


def keep_mark(uow: UnitOfWork, channel: Channel, mark: Mark) -> None:
    """Keep how far its mailbox was taken."""
    uow.begin_write()
    row = uow.session.get(Setting, channel.key)
    if row is None:
        uow.add(Setting(name=channel.key, value=mark.to_json()))
    else:
        row.value = mark.to_json()


def receiver(agency_id: int) -> tuple[Actor, Scope]:
    """Who receives when nobody does: the agency's registry as a machine, with its rights and reach, no person."""
    return Actor(None, None, Role.CLERK, agency_id, agency_id, "system"), Scope(agency_ids=(agency_id,))


def into_queue(blobs: Blobs, *, now: dt.datetime) -> Deliver:
    """Deliver onto the clerk's table: judged, inspected, read, waiting to be received; a mail tells who sent it."""

    def deliver(
        uow: UnitOfWork, agency_id: int, *, data: bytes, filename: str, source: str, facts: Mapping[str, str]
    ) -> bool:
        actor, scope = receiver(agency_id)
        note = ": ".join(facts[name] for name in ("sender", "subject") if facts.get(name))
        main = Brought(data=data, filename=filename)
        return take_in(
            uow, actor, scope, main=main, source=Source(source), blobs=blobs, note=note, now=now
        ).fresh  # fmt: skip

    return deliver
