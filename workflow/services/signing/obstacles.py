"""What stands in the way of a signature, recorded as it happens, of those documents only that wait for whoever says
so: it counts in reports about them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection
from typing import Any

from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, allowed
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services.journal import local_day
from workflow.store import obstacles as store
from workflow.store.session import UnitOfWork

AT_MOST = 100
"""Documents of one act of signing."""

A_DAY = 40
"""Rows of one person about one document on one day: whoever prepares it again and again adds no more than this."""

_WORD = re.compile(r"[a-z0-9_]{1,30}")
DEVICES = frozenset({"pc", "phone"})


def note(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_ids: Collection[int], kind: Obstacle, holder: str = "",
    device: str = "", now: dt.datetime,
) -> int:  # fmt: skip
    """Record an obstacle at documents that wait for the actor's own signature (of a clerk: for number and seal);
    how many they are. Of any other document nothing is recorded and nothing said: foreign and missing are the same.
    Three queries and one statement, however many documents.
    """
    if not document_ids or not _waiting(uow, actor, scope, document_ids):
        return 0
    uow.begin_write()
    day = local_day(now).isoformat()
    waiting = _waiting(uow, actor, scope, document_ids)
    known = store.of_day(uow.session, [row.id for row in waiting], person_id=actor.person_id or 0, day=day)
    lines = Counter(row.document_id for row in known)
    there = {(row.document_id, row.kind, row.counted_from) for row in known}
    said = {
        "person_id": actor.person_id, "post_id": actor.post_id, "kind": str(kind), "day": day, "first_at": now,
        "last_at": now, "times": 1, "holder": holder if _WORD.fullmatch(holder) else "",
        "device": device if device in DEVICES else "",
    }  # fmt: skip
    rows = []
    for row in waiting:
        counted_from = max(row.state_since, row.prepared or row.state_since)
        if (row.id, str(kind), counted_from) in there or lines[row.id] < A_DAY:
            rows.append({**said, "document_id": row.id, "counted_from": counted_from})
    if rows:
        store.record(uow.session, rows)
    return len(rows)


def _waiting(uow: UnitOfWork, actor: Actor, scope: Scope, document_ids: Collection[int]) -> Any:
    if actor.person_id is None or actor.post_id is None or actor.in_place_of is not None:
        return ()
    seals = allowed(actor.role, Permission.SEAL) and actor.agency_id is not None
    return store.waiting_for(
        scope, uow.session, sorted(set(document_ids))[:AT_MOST], person_id=actor.person_id, post_id=actor.post_id,
        clerk_of=actor.agency_id if seals else None,
    )  # fmt: skip
