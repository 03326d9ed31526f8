"""What passes over the journal found: kept for the page, and told to who has to know."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.audit import MENDED, Audited
from workflow.domain.channels import Sort
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Role
from workflow.services import anchor_stamps, anchoring
from workflow.services.auditing import Stamp
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.store import anchors as store
from workflow.store import office
from workflow.store.models import Anchor, AuditRun, Unit
from workflow.store.session import UnitOfWork

PAGE = "/admin/journal"


def record(
    uow: UnitOfWork, audited: Audited, *, started: dt.datetime, finished: dt.datetime, period: str
) -> AuditRun:
    """Keep it, and tell the top agency: its administrators of what is wrong; of a clean night the root, which then
    lies in their mailboxes and in the office's."""
    uow.begin_write()
    row = AuditRun(
        state="flawed" if audited.findings else "done", started_at=started, finished_at=finished,
        chains=audited.chains, entries=audited.entries, anchors=audited.anchors,
        open_entries=audited.open_entries, findings=[one.as_json() for one in audited.findings],
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    _tell(uow, audited, period=period, now=finished)
    return row


def _tell(uow: UnitOfWork, audited: Audited, *, period: str, now: dt.datetime) -> None:
    day = local_day(now)
    top = office.top_agency(uow.session, on=day)
    if top is None:
        return
    root = anchoring.told(uow, at=now)
    if audited.harmed:
        first = next(one for one in audited.findings if one.flaw not in MENDED)
        found = sum(count for flaw, count in audited.counts.items() if flaw not in MENDED)
        what = Told.of(Kind.JOURNAL_ALARM, found=found, broken=first.what)
    elif root:
        counts = {} if audited.findings else {"entries": audited.entries, "chains": audited.chains}
        what = Told.of(Kind.JOURNAL_ROOT, **root, **counts)
    else:
        return
    cause, unit = f"journal:{period}:{what.kind}", uow.session.get_one(Unit, top)
    posts = office.holders(uow.session, role=Role.ADMIN, on=day, agency_id=top)
    for person in sorted({post.person_id for post in posts}):
        note = Note(cause=f"{cause}:{person}", what=what, link=PAGE, person_id=person, sort=Sort.REPORT)
        queue(uow, note, now=now)
    if unit.email:
        queue(uow, Note(cause=cause, what=what, link=PAGE, unit_id=top, address=unit.email), now=now)


@dataclass(frozen=True, slots=True)
class Standing:
    """The page: the last anchors with what their timestamps say, the open window, the last pass."""

    anchors: tuple[Anchor, ...]
    stamps: dict[int, Stamp]
    open_entries: int
    open_since: dt.datetime | None
    audit: AuditRun | None


LATE = dt.timedelta(hours=1)
"""An anchor is made every half hour, and must be at least hourly."""


def is_late(standing: Standing, *, now: dt.datetime) -> bool:
    """Whether something waits for an anchor that should have been made."""
    last = standing.anchors[0].at if standing.anchors else standing.open_since
    return last is not None and now - last > LATE and standing.open_entries > 0


def standing(uow: UnitOfWork, *, now: dt.datetime, limit: int = 50) -> Standing:
    """A few queries, none of them longer with the years."""
    stamps = anchor_stamps.shown(uow, limit=limit, at=now)
    anchors = tuple(store.recent(uow.session, limit=limit))
    through = anchors[0].through if anchors else 0
    entries, since = store.behind(uow.session, through)
    return Standing(anchors, stamps, entries, since, store.last_audit(uow.session))
