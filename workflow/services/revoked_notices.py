"""Who is told that a certificate in use is revoked: its holder, the head of its agency, the administrators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workflow.domain.notices import Kind, Told
from workflow.services import outbox
from workflow.services.journal import local_day
from workflow.services.responsible import responsible
from workflow.services.signing.revoked import known, revoked_among
from workflow.store import evidence as store
from workflow.store.session import UnitOfWork

BATCH = 500
MINE, ADMIN_PAGE = "/certificates", "/admin/certificates"

Found = tuple[int, int | None, int | None, str, dt.datetime]
"""(enrolment, person, agency, name in it, since when)."""


def tell_revoked(uow: UnitOfWork, found: Sequence[Found], *, now: dt.datetime) -> int:
    """Tell of each once; answers with how many are told of for the first time."""
    uow.begin_write()
    readers = {agency: responsible(uow, agency, now=now) for agency in {one[2] for one in found}}
    told = sum(_tell(uow, one, readers[one[2]], now=now) for one in found)
    uow.flush()
    return told


def find_revoked(uow: UnitOfWork, *, now: dt.datetime) -> list[Found]:
    """Every certificate in use that is revoked by the evidence that is here. Roots, policy and lists are read once,
    answers once a batch, however many agencies there are."""
    found: list[Found] = []
    after, rests_on = 0, known(uow, now=now, every_agency=True)
    while rows := store.in_use(uow.session, at=now, on=local_day(now), after=after, limit=BATCH):
        after = rows[-1][0].id
        facts = {row.id: (row.person_id, agency, row.subject_name) for row, agency in rows}
        gone = revoked_among(uow, rests_on, [(row, agency) for row, agency in rows])
        found += [(key, *facts[key], since) for key, since in gone.items()]
    return found


def _tell(uow: UnitOfWork, one: Found, readers: set[int], *, now: dt.datetime) -> bool:
    certificate_id, person_id, _agency_id, name, since = one
    fresh = False
    for reader in sorted(readers | ({person_id} if person_id else set())):
        note = outbox.Note(
            cause=f"certificate:{certificate_id}:revoked:{reader}", person_id=reader,
            link=MINE if reader == person_id else ADMIN_PAGE,
            what=Told.of(Kind.CERTIFICATE_REVOKED, name=name, since=since),
        )  # fmt: skip
        fresh |= outbox.queue(uow, note, now=now)
    return fresh
