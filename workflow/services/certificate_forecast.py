"""What becomes of certificates soon: told to their holders, and in one message to who answers for an agency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from workflow.domain.certificates import THRESHOLDS, threshold
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Role
from workflow.services import outbox
from workflow.services.journal import local_day
from workflow.services.responsible import responsible
from workflow.services.revoked_notices import ADMIN_PAGE, MINE, Found
from workflow.store import certificate_list as store
from workflow.store import office
from workflow.store.session import UnitOfWork

WHY = "each agency is told of its own"


def tell_ending(uow: UnitOfWork, *, cut_off: dt.datetime, now: dt.datetime) -> tuple[int, dict[int, int]]:
    """Tell the holder of each certificate that reached a threshold, once for each; answers with how many were told
    of for the first time, and how many end within the longest threshold in each agency. A seal's are its clerks."""
    today = local_day(cut_off)
    rows = store.ending(
        uow.session, at=cut_off, before=cut_off + dt.timedelta(days=THRESHOLDS[0] + 1), on=today, reason=WHY
    )
    told, many = 0, dict[int, int]()
    for row in rows:
        left = (local_day(row.not_after) - today).days
        if (reached := threshold(left)) is None:
            continue
        if row.agency_id is not None:
            many[row.agency_id] = many.get(row.agency_id, 0) + 1
        fresh = [_tell_one(uow, row, person, reached, now=now) for person in _holders(uow, row, today)]
        told += any(fresh)
    return told, many


def _holders(uow: UnitOfWork, row: Any, today: dt.date) -> list[int]:
    if row.person_id is not None:
        return [row.person_id]
    clerks = office.holders(uow.session, role=Role.CLERK, on=today, agency_id=row.agency_id)
    return sorted({post.person_id for post in clerks})


def _tell_one(uow: UnitOfWork, row: Any, person_id: int, reached: int, *, now: dt.datetime) -> bool:
    told = Told.of(Kind.CERTIFICATE_ENDS, name=row.owner, day=local_day(row.not_after))
    cause = f"certificate:{row.id}:ends:{reached}:{person_id}"
    return outbox.queue(uow, outbox.Note(cause=cause, person_id=person_id, link=MINE, what=told), now=now)


def tell_without(
    uow: UnitOfWork, *, revoked: Collection[int], cut_off: dt.datetime, now: dt.datetime
) -> tuple[int, dict[int, int]]:
    """Tell each leader and deputy in post who has no certificate that can sign, once a month; answers with how many
    were told now, and how many there are in each agency."""
    today = local_day(cut_off)
    posts = store.every_signing_post(uow.session, at=cut_off, on=today, revoked=revoked, reason=WHY)
    told, many = 0, dict[int, int]()
    for post in posts:
        if post.has:
            continue
        many[post.agency_id] = many.get(post.agency_id, 0) + 1
        note = outbox.Note(
            cause=f"post:{post.id}:no_certificate:{today:%Y-%m}", person_id=post.person_id, link=MINE,
            what=Told.of(Kind.CERTIFICATE_NONE, post=post.title),
        )  # fmt: skip
        told += outbox.queue(uow, note, now=now)
    return told, many


def summarise(
    uow: UnitOfWork, *, ending: dict[int, int], without: dict[int, int], revoked: Sequence[Found], period: str,
    cut_off: dt.datetime, now: dt.datetime,
) -> int:  # fmt: skip
    """One message to the head and the administrators of each agency where there is anything to tell."""
    gone: dict[int, int] = {}
    for one in revoked:
        if (agency := one[2]) is not None:
            gone[agency] = gone.get(agency, 0) + 1
    told = 0
    for agency in sorted(ending.keys() | without.keys() | gone.keys()):
        what = Told.of(
            Kind.CERTIFICATES_TODAY, day=local_day(cut_off), ending=ending.get(agency, 0),
            without=without.get(agency, 0), revoked=gone.get(agency, 0),
        )  # fmt: skip
        for person in sorted(responsible(uow, agency, now=cut_off)):
            cause = f"certificates:{agency}:{period}:{person}"
            note = outbox.Note(cause=cause, person_id=person, link=ADMIN_PAGE, what=what)
            told += outbox.queue(uow, note, now=now)
    return told
