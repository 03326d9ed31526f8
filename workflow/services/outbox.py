"""Telling people: queue a message with its cause; `services.posting` delivers it later, at least once.

A message is a row written in the transaction of what it tells about; a key names its cause, so that the same
cause tells once. Without a mail server messages are read in the app.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.adapters.catalogues import LOCALES, VIETNAMESE
from workflow.domain.channels import Sort, sort_of
from workflow.domain.notices import Told
from workflow.domain.people import Actor
from workflow.services.notice_words import say
from workflow.store import outbox as store
from workflow.store.models import Outbox
from workflow.store.session import UnitOfWork

SUBJECT = 300
"""Letters of a subject."""


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
    sort: Sort | None = None
    """What it is, as far as its way depends on it; None: what its cause says (`domain.channels.sort_of`)."""


def queue(uow: UnitOfWork, note: Note, *, now: dt.datetime) -> bool:
    """Write a message in the open write phase: by mail where there is an address, else in the app. One whose cause
    was told before is left as it is, and the answer is False. The other ways to a person follow when it is
    delivered (`posting.spread`).
    """
    mail = bool(note.address)
    said = say(note.what, _language(uow, note))
    return store.add_once(
        uow.session,
        once_key=note.cause,
        sort=str(note.sort or sort_of(note.cause, note.what.params.get("urgency", ""))),
        channel="mail" if mail else "app",
        address=note.address,
        unit_id=note.unit_id,
        person_id=note.person_id,
        code=str(note.what.kind),
        params=dict(note.what.params),
        subject=said.subject[:SUBJECT],
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
