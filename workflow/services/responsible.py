"""Who answers for an agency: whoever leads it, and its administrators."""

from __future__ import annotations

import datetime as dt

from workflow.domain.people import Role
from workflow.services.journal import local_day
from workflow.store import office
from workflow.store.session import UnitOfWork


def responsible(uow: UnitOfWork, agency_id: int | None, *, now: dt.datetime) -> set[int]:
    """The head and the administrators of an agency."""
    if agency_id is None:
        return set()
    posts = [
        post
        for role in (Role.LEADER, Role.ADMIN)
        for post in office.holders(uow.session, role=role, on=local_day(now), agency_id=agency_id)
    ]
    return {post.person_id for post in posts}
