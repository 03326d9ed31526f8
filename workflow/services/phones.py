"""Telephones proven by a code: until its holder typed what came by SMS, nothing else goes to a number.

The code is not kept: it is worked out from the name of its message and the installation's key. A digest of six
digits would be guessed in a second by whoever reads the database; this one only by whoever also has the key.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from workflow.domain.channels import CODE, Way
from workflow.domain.errors import BadInput, NotFound, Refused
from workflow.domain.people import Actor
from workflow.domain.text import mask_number
from workflow.services.journal import record
from workflow.store import asking, outbox
from workflow.store import channels as choices
from workflow.store import phone_codes as store
from workflow.store.models import Outbox
from workflow.store.session import UnitOfWork

LASTS = dt.timedelta(minutes=10)
TRIES = 5
WINDOW = dt.timedelta(hours=1)
MOST = 4
"""Codes to one person, and to one number whoever asks, in a window: an SMS costs money and rings at somebody's."""

PLACE = "{code}"
"""Where a message says its code: filled in as it leaves."""


def send_code(uow: UnitOfWork, actor: Actor, *, subject: str, body: str, now: dt.datetime) -> None:
    """Queue a code to one's own number, by SMS alone; the one before is worth nothing."""
    person_id = _person(actor)
    uow.begin_write()
    choice = choices.choice_of(uow.session, person_id)
    if choice is None or not choice.phone:
        raise BadInput("phone_needed")
    if choice.proven_at is not None:
        raise BadInput("phone_proven")
    hidden = hashlib.sha256(choice.phone.encode()).hexdigest()[:40]
    for counted in (f"phone_code:person:{person_id}", f"phone_code:number:{hidden}"):
        if asking.count(uow.session, counted, now=now, since=now - WINDOW) > MOST:
            raise Refused("phone_code_too_often")
    once_key = f"{CODE}:{person_id}:{secrets.token_urlsafe(16)}"
    store.replace(uow.session, person_id, phone=choice.phone, once_key=once_key, now=now)
    outbox.add_once(
        uow.session, once_key=once_key, sort=CODE, spread_at=now, channel=str(Way.SMS), address=choice.phone,
        subject=subject, body=body, link="", created_at=now, next_at=now, state="waiting",
    )  # fmt: skip
    _journal(uow, actor, "person:phone:asked", choice.phone, now)


def prove(uow: UnitOfWork, actor: Actor, typed: str, *, secret: str, now: dt.datetime) -> bool:
    """Take the code. False where it is wrong: commit that too, it counts."""
    person_id = _person(actor)
    uow.begin_write()
    row = store.code_of(uow.session, person_id, locked=True)
    if row is None or row.tries >= TRIES or now >= row.made_at + LASTS:
        raise BadInput("phone_code_over")
    right = code_of(row.once_key, row.phone, secret=secret)
    if not hmac.compare_digest(right.encode(), "".join(typed.split()).encode()):
        row.tries += 1
        uow.flush()
        return False
    if not store.prove(uow.session, person_id, row.phone, now=now):
        raise BadInput("phone_code_over")
    _journal(uow, actor, "person:phone:proven", row.phone, now)
    return True


def code_of(once_key: str, phone: str, *, secret: str) -> str:
    """Six digits that follow from a message, its number and the installation's key."""
    made = hmac.new(secret.encode(), f"phone-code:{once_key}:{phone}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made) % 1_000_000:06d}"


def with_code(message: Outbox, *, secret: str) -> str:
    """The text of a message as it leaves, with its code where it carries one."""
    if message.sort != CODE:
        return message.body
    return message.body.replace(PLACE, code_of(message.once_key, message.address, secret=secret))


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound("person_not_found")
    return actor.person_id


def _journal(uow: UnitOfWork, actor: Actor, tag: str, phone: str, now: dt.datetime) -> None:
    facts: dict[str, object] = {"phone": mask_number(phone)}
    record(uow, subject=f"person:{actor.person_id}", tag=tag, facts=facts, actor=actor, now=now)
