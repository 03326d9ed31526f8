"""One-time addresses for a program on the signer's own computer, which has no login here.

A ticket opens one file of one act, once, for five minutes: `fetch` gives the file that is to be signed, `bring`
takes one back. Whoever holds a ticket can do no more than that: what was brought lies aside until the signer, whose
act it is, takes it (`returning.take_back`).
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from workflow.adapters.blobs import Blobs
from workflow.domain.attachments import FIELD
from workflow.domain.errors import BadInput, Missing
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.signing import attached, returning
from workflow.services.signing.certificates import digest
from workflow.services.signing.preparing import PERSONAL, SignaturePurpose, item_field, live_session
from workflow.store import certificates as store
from workflow.store import documents, returned
from workflow.store.models import SigningItem, SigningTicket
from workflow.store.session import UnitOfWork

LIFETIME = dt.timedelta(minutes=5)
FORGOTTEN = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickets:
    """The two secrets of one try at one document. Not kept here but as hashes, and never logged."""

    fetch: str
    bring: str
    field: str
    """Where the signature belongs in the file."""
    purpose: str
    item: SigningItem | None = None
    """Of an agency's signature: the file of the act, whose box has to show what `boxes.drawing` gives."""


def issue(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None, document_id: int,
    now: dt.datetime, attachment_id: int | None = None,
) -> Tickets:  # fmt: skip
    """Tickets for one document that was offered in an act; those of an earlier try end."""
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    returning.demand_file_way(opened)
    documents.find(scope, uow.session, document_id)
    field = item_field(uow, actor, opened, document_id, attachment_id)
    item = store.item(uow.session, opened.id, document_id, field=field)
    size = returned.sizes_of(uow.session, (item.base_sha256,))[item.base_sha256]
    named = field if attached.attachment_of(field) is None else FIELD
    made = Tickets(
        fetch=secrets.token_urlsafe(32), bring=secrets.token_urlsafe(32), field=named, purpose=opened.purpose,
        item=None if SignaturePurpose(opened.purpose) in PERSONAL else item,
    )  # fmt: skip
    uow.begin_write()
    returned.end_tickets(uow.session, opened, document_id, field=field, before=now - FORGOTTEN)
    for way, secret in (("fetch", made.fetch), ("bring", made.bring)):
        uow.add(
            SigningTicket(
                ticket_hash=digest(secret.encode()), session_id=opened.id, document_id=document_id, field=field,
                way=way, most=size + returning.MOST_ADDED, created_at=now, expires_at=now + LIFETIME,
            )
        )  # fmt: skip
    uow.flush()
    return made


def fetch(uow: UnitOfWork, *, ticket: str, blobs: Blobs, now: dt.datetime) -> bytes:
    """The file that is to be signed; the ticket is used up.

    Raises `NotFound("ticket_not_valid")`, the same for a wrong, a used and an old one.
    """
    found = returned.ticket(uow.session, digest(ticket.encode()), way="fetch", now=now)
    item = _item(uow, found)
    data = uow.compute(blobs.get, item)
    uow.begin_write()
    returned.use_ticket(uow.session, found.id, now=now)
    return data


def room(uow: UnitOfWork, *, ticket: str, now: dt.datetime) -> int:
    """How many bytes may be brought by a ticket: asked before any of them is read."""
    return returned.ticket(uow.session, digest(ticket.encode()), way="bring", now=now).most


def bring(uow: UnitOfWork, *, ticket: str, data: bytes, blobs: Blobs, now: dt.datetime) -> None:
    """Lay a file aside that was brought by a ticket, which is used up. Nothing is judged and no document moves."""
    found = returned.ticket(uow.session, digest(ticket.encode()), way="bring", now=now)
    if len(data) > found.most:
        raise BadInput("returned_too_large")
    if not data:
        raise BadInput("file_empty")
    sha256 = uow.compute(blobs.put, data)
    uow.begin_write()
    returned.use_ticket(uow.session, found.id, now=now, file_sha256=sha256)


def _item(uow: UnitOfWork, found: SigningTicket) -> str:
    return store.item(uow.session, found.session_id, found.document_id, field=found.field).base_sha256


def has_brought(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, document_id: int,
    now: dt.datetime, attachment_id: int | None = None,
) -> bool:  # fmt: skip
    """Whether a file for a document came back already, in this act or one that the page did not outlive."""
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    field = item_field(uow, actor, opened, document_id, attachment_id)
    return returned.brought(uow.session, opened, document_id, field=field) is not None


def brought(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None, document_id: int,
    blobs: Blobs, now: dt.datetime, attachment_id: int | None = None,
) -> returning.Inspected:  # fmt: skip
    """What the program brought for one document of the signer's act, looked into.

    Raises `Missing("agent_brought_nothing")`.
    """
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    documents.find(scope, uow.session, document_id)
    field = item_field(uow, actor, opened, document_id, attachment_id)
    item = store.item(uow.session, opened.id, document_id, field=field)
    sha256 = returned.brought(uow.session, opened, document_id, field=field)
    if sha256 is None:
        raise Missing("agent_brought_nothing")
    data = uow.compute(blobs.get, sha256)
    return returning.examine(
        uow, document_id=document_id, item=field, data=data, base=item.base_sha256, blobs=blobs
    )


def discard(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, document_id: int,
    now: dt.datetime, attachment_id: int | None = None,
) -> None:  # fmt: skip
    """Forget what was brought for a document, since it was refused: the next try begins anew."""
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    field = item_field(uow, actor, opened, document_id, attachment_id)
    uow.begin_write()
    returned.end_tickets(uow.session, opened, document_id, field=field, before=now - FORGOTTEN)
