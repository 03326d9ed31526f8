"""Telling the head of a coordinating unit that their initials stand on a text that is no longer the present one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from workflow.domain.attachments import text_key
from workflow.domain.notices import Kind, Told
from workflow.domain.opinions import State
from workflow.domain.people import Actor, Role
from workflow.services.exchange.acknowledging import notify
from workflow.services.exchange.naming import about
from workflow.services.journal import local_day
from workflow.store import office
from workflow.store import opinions as store
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork


def holding(uow: UnitOfWork, document: Outgoing) -> frozenset[int]:
    """Keys of the requests whose initials hold; under the document's lock, before a new file is the draft's or
    `attached_now` is taken anew. One look at an index where the draft names no coordinating unit."""
    asked = store.initials_asked(uow.session, document.id)
    file = store.draft_file(uow.session, document.id) if asked else None
    if file is None:
        return frozenset()
    present = text_key(file.sha256, document.attached_now)
    return frozenset(one.row.id for one in asked if one.state(present) is State.ANSWERED)


def tell(uow: UnitOfWork, actor: Actor, document: Outgoing, held: Collection[int], *, now: dt.datetime) -> None:
    """After the text changed: one notice to the head of each unit that has to look again.

    Initials that were void before are not told twice, and nobody hears of what they did themselves.
    """
    if not held:
        return
    uow.flush()
    present = store.present_text(uow.session, document.id)
    what = Told.of(Kind.INITIALS_VOID, urgency=document.urgency, **about(document))
    for one in store.initials_asked(uow.session, document.id):
        if one.row.id not in held or one.state(present) is State.ANSWERED:
            continue
        heads = office.holders(uow.session, role=Role.UNIT_HEAD, on=local_day(now), unit_id=one.row.unit_id)
        notify(
            uow, {post.person_id for post in heads} - {actor.person_id},
            cause=f"initials_void:{one.row.id}:{document.version}", what=what,
            link=f"/opinions/{one.row.id}", now=now,
        )  # fmt: skip
