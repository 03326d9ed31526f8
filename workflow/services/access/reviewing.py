"""An administrator confirms that they went through an agency's accesses of a day (đã rà soát)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from workflow.domain.access import next_review
from workflow.domain.errors import BadInput, Conflict, NotFound
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services.access.standing import digest, standing
from workflow.services.journal import local_day, record
from workflow.store import access as store
from workflow.store import people
from workflow.store.models import AccessReview
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Due:
    """When an agency's accesses are to be gone through next; `late` where that day is over, or none ever was."""

    on: dt.date | None
    late: bool


def review(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, agency_id: int, day: dt.date, seen: str,
    withdraw: Collection[int], remark: str, now: dt.datetime,
) -> int:  # fmt: skip
    """Put a review on record: all lines are to be kept but those in `withdraw`, which need a remark.

    Nothing is withdrawn by it: posts, keys and tokens are ended where they are kept. Raises
    `Conflict("access_changed")` where the list is not the one that was seen, `BadInput("access_future")`,
    `BadInput("access_remark")`, `NotFound`.
    """
    demand(actor, Permission.REVIEW_ACCESS)
    words = clean(remark, multiline=True)[:1000]
    if day > local_day(now):
        raise BadInput("access_future")
    if withdraw and not words:
        raise BadInput("access_remark")
    if actor.person_id is None:
        raise NotFound("unit_not_found")
    people.unit(scope, uow.session, agency_id)
    found = standing(uow, actor, scope, agency_id=agency_id, day=day, now=now)
    made = digest(found)
    if made != seen or not set(withdraw) <= {one.post.id for one in found}:
        raise Conflict("access_changed")
    uow.begin_write()
    row = AccessReview(
        agency_id=agency_id, day=day, at=now, by_id=actor.person_id, posts=len(found), digest=made,
        withdraw=sorted(set(withdraw)), remark=words, next_due=next_review(local_day(now)),
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    facts: dict[str, object] = {
        "review": row.id, "day": day.isoformat(), "posts": row.posts, "digest": made, "withdraw": row.withdraw,
        "remark": words, "next_due": row.next_due.isoformat(),
    }  # fmt: skip
    record(uow, subject=f"access:{agency_id}", tag="access:posts:reviewed", facts=facts, actor=actor, now=now)
    return row.id


def due(uow: UnitOfWork, scope: Scope, *, agency_id: int, today: dt.date) -> Due:
    """When the next review of an agency is due."""
    last = store.reviews(scope, uow.session, agency_id=agency_id, limit=1)
    if not last:
        return Due(None, late=True)
    return Due(last[0][0].next_due, late=last[0][0].next_due < today)
