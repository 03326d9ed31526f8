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
from workflow.domain.copies import FIELD as COPY_FIELD
from workflow.domain.errors import BadInput, Conflict, Missing, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.signing_acts import OF_COPIES
from workflow.services.signing import attached, returning
from workflow.services.signing.certificates import digest
from workflow.services.signing.preparing import PERSONAL, item_field, live_session
from workflow.store import certificates as store
from workflow.store import copies, documents, returned
from workflow.store.models import CopyItem, SigningItem, SigningSession, SigningTicket
from workflow.store.session import UnitOfWork

LIFETIME = dt.timedelta(minutes=5)
FORGOTTEN = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of an act: how the act names it, and the field in it that is to be signed."""

    item: SigningItem | CopyItem
    name: str
    field: str


def _file(
    uow: UnitOfWork, actor: Actor, opened: SigningSession, document_id: int, attachment_id: int | None
) -> _File:
    if opened.purpose == OF_COPIES:
        return _File(copies.item(uow.session, opened.id, document_id), OF_COPIES, COPY_FIELD)
    name = item_field(uow, actor, opened, document_id, attachment_id)
    field = name if attached.attachment_of(name) is None else FIELD
    return _File(store.item(uow.session, opened.id, document_id, field=name), name, field)


def _within(uow: UnitOfWork, scope: Scope, opened: SigningSession, document_id: int) -> None:
    """Raises `NotFound` for what the signer does not reach."""
    if opened.purpose == OF_COPIES:
        copies.find(scope, uow.session, document_id)
    else:
        documents.find(scope, uow.session, document_id)


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
    now: dt.datetime, attachment_id: int | None = None, of_copies: bool = False,
) -> Tickets:  # fmt: skip
    """Tickets for one document (`of_copies`: one certified copy) that was offered in an act; those of an earlier
    try end.

    Raises `Refused("ticket_signed_already")` where its signature stands and `("signature_pending")` where it came
    and waits: another one would ask for a PIN in vain.
    """
    opened = live_session(
        uow, actor, session=session, login_session_id=login_session_id, now=now, of_copies=of_copies
    )
    returning.demand_file_way(opened)
    _within(uow, scope, opened, document_id)
    file = _file(uow, actor, opened, document_id, attachment_id)
    _demand_unsigned(uow, file, document_id)
    base = file.item.base_sha256
    size = returned.sizes_of(uow.session, (base,))[base]
    made = Tickets(
        fetch=secrets.token_urlsafe(32), bring=secrets.token_urlsafe(32), field=file.field, purpose=opened.purpose,
        item=file.item if isinstance(file.item, SigningItem) and opened.purpose not in PERSONAL else None,
    )  # fmt: skip
    uow.begin_write()
    returned.end_tickets(uow.session, opened, document_id, field=file.name, before=now - FORGOTTEN)
    paper = {"copy_id" if of_copies else "document_id": document_id}
    for way, secret in (("fetch", made.fetch), ("bring", made.bring)):
        uow.add(
            SigningTicket(
                ticket_hash=digest(secret.encode()), session_id=opened.id, field=file.name, **paper,
                way=way, most=size + returning.MOST_ADDED, created_at=now, expires_at=now + LIFETIME,
            )
        )  # fmt: skip
    uow.flush()
    return made


def _demand_unsigned(uow: UnitOfWork, file: _File, document_id: int) -> None:
    if file.item.status == "pending":
        raise Refused("signature_pending")
    of_copies = isinstance(file.item, CopyItem)
    stands = not of_copies and returned.is_signed(
        uow.session, document_id, file.field, attached.attachment_of(file.name)
    )
    if stands or (of_copies and file.item.status == "done"):
        raise Refused("ticket_signed_already")
    if file.item.status == "done":
        raise Conflict("signature_withdrawn")
    if file.item.status == "superseded":
        raise Conflict("signature_superseded")


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


def lay_aside(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, document_id: int, data: bytes,
    blobs: Blobs, now: dt.datetime,
) -> None:  # fmt: skip
    """Keep a file aside that its signer has to look at before it is taken, as if a program had brought it."""
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    file = _file(uow, actor, opened, document_id, None)
    sha256 = uow.compute(blobs.put, data)
    uow.begin_write()
    returned.end_tickets(uow.session, opened, document_id, field=file.name, before=now - FORGOTTEN)
    uow.add(
        SigningTicket(
            ticket_hash=digest(secrets.token_bytes(32)), session_id=opened.id, field=file.name,
            document_id=document_id, way="bring", most=len(data), created_at=now, expires_at=now, used_at=now,
            file_sha256=sha256,
        )
    )  # fmt: skip
    uow.flush()


def _item(uow: UnitOfWork, found: SigningTicket) -> str:
    if found.copy_id is not None:
        return copies.item(uow.session, found.session_id, found.copy_id).base_sha256
    return store.item(uow.session, found.session_id, found.document_id or 0, field=found.field).base_sha256


def has_brought(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, document_id: int,
    now: dt.datetime, attachment_id: int | None = None,
) -> bool:  # fmt: skip
    """Whether a file for a document came back already, in this act or one that the page did not outlive."""
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    file = _file(uow, actor, opened, document_id, attachment_id)
    return returned.brought(uow.session, opened, document_id, field=file.name) is not None


def brought(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None, document_id: int,
    blobs: Blobs, now: dt.datetime, attachment_id: int | None = None, of_copies: bool = False,
) -> returning.Inspected:  # fmt: skip
    """What the program brought for one document of the signer's act, looked into.

    Raises `Missing("agent_brought_nothing")`.
    """
    opened = live_session(
        uow, actor, session=session, login_session_id=login_session_id, now=now, of_copies=of_copies
    )
    _within(uow, scope, opened, document_id)
    file = _file(uow, actor, opened, document_id, attachment_id)
    base, name = file.item.base_sha256, file.field if of_copies else file.name
    sha256 = returned.brought(uow.session, opened, document_id, field=file.name)
    if sha256 is None:
        raise Missing("agent_brought_nothing")
    data = uow.compute(blobs.get, sha256)
    return returning.examine(uow, document_id=document_id, item=name, data=data, base=base, blobs=blobs)


def discard(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, document_id: int,
    now: dt.datetime, attachment_id: int | None = None, of_copies: bool = False,
) -> None:  # fmt: skip
    """Forget what was brought for a document, since it was refused: the next try begins anew."""
    opened = live_session(
        uow, actor, session=session, login_session_id=login_session_id, now=now, of_copies=of_copies
    )
    file = _file(uow, actor, opened, document_id, attachment_id)
    uow.begin_write()
    returned.end_tickets(uow.session, opened, document_id, field=file.name, before=now - FORGOTTEN)
