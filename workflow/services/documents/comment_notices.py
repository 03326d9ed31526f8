"""Who hears of a remark on a draft: its drafter, whoever has it before them, who takes part in the thread.

Nobody is told of their own words, and nobody who does not reach the document today. What one person says of one
draft within a short while is one notice, as long as it was not read.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from workflow.domain.errors import NotFound
from workflow.domain.notices import Kind, Told
from workflow.domain.outgoing import State
from workflow.domain.people import Role
from workflow.domain.permissions import Permission, Scope, allowed, scope_of
from workflow.services.documents.moves import unit_heads
from workflow.services.exchange.naming import about, open_words
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue, tell_more
from workflow.store import accounts, documents, office, people
from workflow.store import drafting as store
from workflow.store import outbox as notices
from workflow.store.models import DraftComment, Outgoing, Person
from workflow.store.session import UnitOfWork

TOGETHER = dt.timedelta(minutes=10)
"""Remarks of one person on one draft within this time of the first are told together."""
SHOWN = 300
"""Letters of one remark; the rest is read beside the draft."""


def tell(uow: UnitOfWork, document: Outgoing, row: DraftComment, *, now: dt.datetime) -> None:
    """A notice for each, in the open write phase of the remark, under the document's lock."""
    concerned = {document.drafter_id, *_before_whom(uow, document, now=now)}
    if row.parent_id is not None:
        concerned |= store.in_thread(uow.session, document.id, row.parent_id)
    remark: dict[str, Any] = {"version": row.ordinal}
    if row.page is not None:
        remark["page"] = row.page
    said = row.words if len(row.words) <= SHOWN else f"{row.words[:SHOWN]}…"
    if shown := open_words(said, secret=document.secret):
        remark["said"] = shown
    for person_id in sorted(concerned - {row.person_id}):
        if may_read(uow, person_id, document, on=local_day(now)):
            _tell_one(uow, document, row, person_id, remark, now=now)


def _before_whom(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> set[int]:
    """On whose desks it lies."""
    if document.holder_id is not None:
        return {document.holder_id}
    if document.state == State.IN_REVIEW:
        return set(unit_heads(uow, document, now=now))
    if document.state == State.FORMAT_CHECK:
        clerks = office.holders(uow.session, role=Role.CLERK, on=local_day(now), agency_id=document.agency_id)
        return {post.person_id for post in clerks}
    return set()


def may_read(uow: UnitOfWork, person_id: int, document: Outgoing, *, on: dt.date) -> bool:
    """Whether one of a person's posts of a day reaches the document."""
    for post, _unit in accounts.posts_held(uow.session, person_id, on):
        units = people.units_below(uow.session, post.unit_id) if post.role is Role.UNIT_HEAD else ()
        agencies = people.agencies_below(uow.session, post.agency_id) if post.role is Role.INSPECTOR else ()
        scope = scope_of(post, units_below=units, agencies_below=agencies)
        if allowed(post.role, Permission.READ_DOCUMENT) and _reached(uow, scope, document):
            return True
    return False


def _reached(uow: UnitOfWork, scope: Scope, document: Outgoing) -> bool:
    try:
        documents.find(scope, uow.session, document.id)
    except NotFound:
        return False
    return True


def _tell_one(
    uow: UnitOfWork, document: Outgoing, row: DraftComment, person_id: int, remark: dict[str, Any], *,
    now: dt.datetime,
) -> None:  # fmt: skip
    of = f"comment:{document.id}:{row.person_id}:"
    before = notices.unread_of(uow.session, person_id, cause=of, since=now - TOGETHER)
    told = Told.read(before.code, before.params) if before is not None else None
    if before is not None and told is not None:
        more = {**told.params, "remarks": [*told.params["remarks"], remark]}
        tell_more(uow, before, Told.of(told.kind, **more))
        return
    author = uow.session.get_one(Person, row.person_id).full_name
    page = f"&page={row.page}" if row.page is not None else ""
    note = Note(
        cause=f"{of}{row.id}:person:{person_id}",
        what=Told.of(Kind.DRAFT_COMMENTED, who=author, remarks=[remark], **about(document)),
        link=f"/outgoing/{document.id}/versions?to={row.ordinal}{page}#comments",
        person_id=person_id,
    )
    queue(uow, note, now=now)
