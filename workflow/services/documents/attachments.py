"""Attachments of a draft: added, named, ordered and taken off by its drafter while its text may change.

Each change is a revision of the draft as a new file is one: history, journal and version move, and initials that
were given on another text are void. Nothing is deleted; what was taken off stays on record.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from workflow.adapters.blobs import Blobs
from workflow.domain import attachments as rules
from workflow.domain.errors import BadInput, NotFound, Refused, stale
from workflow.domain.outgoing import STEPS, Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import require, step_for
from workflow.domain.text import clean
from workflow.services.documents.attached_files import Opened, open_attachment
from workflow.services.documents.moves import Move, apply, begin, true_facts
from workflow.services.opinions import voiding
from workflow.store import attachments as store
from workflow.store import blobs as blobs_named
from workflow.store import documents
from workflow.store.models import Attachment, Blob, Outgoing
from workflow.store.session import UnitOfWork

REMARK = "attachments"
"""The history's word for these revisions."""


def add(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int,
    data: bytes,
    filename: str,
    blobs: Blobs,
    now: dt.datetime,
    name: str = "",
) -> tuple[Attachment, bool]:
    """Attach a file at the end of the list; the second value says whether it was added now: the same file under the
    same name is there once, however often the form is sent.

    Raises what a revision raises, `BadInput` (`attachment_…`, `draft_…`, `secret_content_refused`).
    """
    demand(actor, Permission.DRAFT_DOCUMENT)
    words = _name(name or rules.name_of(filename))
    came = hashlib.sha256(data).hexdigest()
    document = documents.find(scope, uow.session, document_id)
    if (before := _there(uow, document, came, words)) is not None:
        return before, False
    _demand_version(document, version)
    _demand_open(uow, actor, document)
    _with_room(uow, document, 0)  # before the work: a full list costs no conversion
    made = open_attachment(uow, data, filename)
    original = uow.compute(blobs.put, data)
    kept = uow.compute(blobs.put, made.data)
    document = begin(uow, actor, scope, document_id=document_id, version=None, permission=Permission.DRAFT_DOCUMENT)
    if (before := _there(uow, document, came, words)) is not None:
        return before, False
    _demand_version(document, version)
    rows = _with_room(uow, document, len(made.data))
    blobs_named.name(uow.session, original, size=len(data), media_type=made.came, now=now)
    blobs_named.name(uow.session, kept, size=len(made.data), media_type=made.media_type, now=now)
    row = _row(document, made, actor, now=now)
    row.place, row.name, row.original_sha256, row.filename = len(rows) + 1, words, original, clean(filename)[-200:]
    uow.add(row)
    uow.flush()
    _revised(uow, actor, document, {"added": _told(row), "original": original, "removed": list(made.removed)}, now)
    return row, True


def rename(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, attachment_id: int, version: int, name: str,
    now: dt.datetime,
) -> Attachment:  # fmt: skip
    """Give it another name; the same one changes nothing."""
    document, row = _opened(uow, actor, scope, document_id, attachment_id)
    words = _name(name)
    if row.name == words:
        return row
    _demand_version(document, version)
    before, row.name = row.name, words
    _revised(uow, actor, document, {"renamed": [before, words], "attachment": row.id}, now)
    return row


def put_at(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, attachment_id: int, version: int, place: int,
    now: dt.datetime,
) -> Attachment:  # fmt: skip
    """Put it at a place among the others, from 1; where it stands already, nothing changes."""
    document, row = _opened(uow, actor, scope, document_id, attachment_id)
    rows = list(store.of_document(uow.session, document.id))
    wanted = min(max(place, 1), len(rows))
    if rows.index(row) + 1 == wanted:
        return row
    _demand_version(document, version)
    rows.remove(row)
    rows.insert(wanted - 1, row)
    _number(rows)
    _revised(uow, actor, document, {"order": [one.id for one in rows]}, now)
    return row


def take_off(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, attachment_id: int, version: int,
    now: dt.datetime,
) -> Attachment:  # fmt: skip
    """Take it off the document; done before, it is done."""
    document, row = _opened(uow, actor, scope, document_id, attachment_id, removed=True)
    if row.removed_at is not None:
        return row
    _demand_version(document, version)
    row.removed_at, row.removed_by_id = now, actor.person_id
    uow.flush()
    _number(store.of_document(uow.session, document.id))
    _revised(uow, actor, document, {"taken_off": _told(row)}, now)
    return row


def copy_to(uow: UnitOfWork, source: Outgoing, document: Outgoing, *, now: dt.datetime) -> list[dict[str, object]]:
    """What is attached to a draft goes with a document that is made of it; the files are not doubled."""
    told = []
    for one in store.of_document(uow.session, source.id):
        row = Attachment(
            document_id=document.id, place=one.place, name=one.name, kind=one.kind,
            original_sha256=one.original_sha256, filename=one.filename, note=one.note, sha256=one.sha256,
            media_type=one.media_type, pages=one.pages, left=one.left, bottom=one.bottom, right=one.right,
            top=one.top, added_at=now, added_by_id=one.added_by_id,
        )  # fmt: skip
        uow.add(row)
        uow.flush()
        told.append(_told(row))
    document.attached_now = source.attached_now
    uow.flush()
    return told


def told_of(uow: UnitOfWork, document: Outgoing) -> list[dict[str, object]]:
    """What is attached, for the journal and the slip: by name and hash."""
    return [_told(row) for row in store.of_document(uow.session, document.id)]


def demand_unchanged(uow: UnitOfWork, document: Outgoing) -> None:
    """What is attached is what was attached when the leader signed. Raises `Refused("attachments_changed")`."""
    if store.digest_of(uow.session, document.id) != document.attached_digest:
        raise Refused("attachments_changed")


def changes_since(uow: UnitOfWork, document_id: int, seen: str) -> rules.Changes:
    """What became of the attachments since they had this digest. The caller has found the document, or is asked
    about what is attached to it."""
    told = _changes(uow, document_id)
    last = max((place for place, one in enumerate(told, 1) if one["attached"] == seen), default=0)
    return rules.net(told[last:])


def last_changes(uow: UnitOfWork, document_id: int, number: int) -> rules.Changes:
    """What the last so many changes come to."""
    told = _changes(uow, document_id)
    return rules.net(told[len(told) - number :])


def _changes(uow: UnitOfWork, document_id: int) -> list[dict[str, Any]]:
    """Each change of what is attached, as the journal tells it, oldest first."""
    facts = [json.loads(body)["facts"] for body in store.revisions(uow.session, document_id)]
    return [one for one in facts if "attached" in one]


def _told(row: Attachment) -> dict[str, object]:
    return {"attachment": row.id, "name": row.name, "file": row.sha256, "kind": row.kind, "pages": row.pages}


def _name(text: str) -> str:
    words = clean(text)
    if not words:
        raise BadInput("attachment_name_needed")
    if len(words) > rules.NAME_LENGTH:
        raise BadInput("attachment_name_long", limit=rules.NAME_LENGTH)
    return words


def _there(uow: UnitOfWork, document: Outgoing, original: str, name: str) -> Attachment | None:
    rows = store.of_document(uow.session, document.id)
    return next((row for row in rows if row.original_sha256 == original and row.name == name), None)


def _demand_open(uow: UnitOfWork, actor: Actor, document: Outgoing) -> None:
    """The drafter's right in DRAFT and RETURNED; nothing is attached to what is registered by its facts only."""
    step = step_for(STEPS, State(document.state), Action.REVISE, role=actor.role)
    require(step, true_facts(uow, actor, document, step=step))
    if document.secret:
        raise BadInput("secret_content_refused")


def _demand_version(document: Outgoing, version: int) -> None:
    if document.version != version:
        raise stale(document)


def _opened(
    uow: UnitOfWork, actor: Actor, scope: Scope, document_id: int, attachment_id: int, *, removed: bool = False
) -> tuple[Outgoing, Attachment]:
    document = begin(uow, actor, scope, document_id=document_id, version=None, permission=Permission.DRAFT_DOCUMENT)
    row = store.find(scope, uow.session, document_id, attachment_id)
    uow.session.refresh(row)
    if row.removed_at is not None and not removed:
        raise NotFound("attachment_not_found")
    _demand_open(uow, actor, document)
    return document, row


def _with_room(uow: UnitOfWork, document: Outgoing, size: int) -> Sequence[Attachment]:
    rows = store.of_document(uow.session, document.id)
    if len(rows) >= rules.MOST:
        raise BadInput("attachment_too_many", limit=rules.MOST)
    if store.count_ever(uow.session, document.id) >= rules.MOST_EVER:
        raise BadInput("attachment_too_often", limit=rules.MOST_EVER)
    if size + sum(uow.session.get_one(Blob, row.sha256).size for row in rows) > rules.HEAVIEST:
        raise BadInput("attachment_too_heavy", limit=rules.HEAVIEST // 1024 // 1024)
    return rows


def _row(document: Outgoing, made: Opened, actor: Actor, *, now: dt.datetime) -> Attachment:
    left, bottom, right, top = made.box
    return Attachment(
        document_id=document.id, kind=made.kind, note=", ".join(made.removed)[:500], sha256=made.sha256,
        media_type=made.media_type, pages=made.pages, left=left, bottom=bottom, right=right, top=top, added_at=now,
        added_by_id=actor.person_id,
    )  # fmt: skip


def _number(rows: Sequence[Attachment]) -> None:
    for place, row in enumerate(rows, 1):
        row.place = place


def _revised(uow: UnitOfWork, actor: Actor, document: Outgoing, told: dict[str, Any], now: dt.datetime) -> None:
    uow.flush()
    initialled = voiding.holding(uow, document)
    document.attached_now = store.digest_of(uow.session, document.id)
    facts = told | {"attached": document.attached_now}
    apply(uow, actor, document, Action.REVISE, now=now, move=Move(remark=REMARK, journal=facts))
    uow.flush()
    voiding.tell(uow, actor, document, initialled, now=now)
