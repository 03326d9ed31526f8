"""The ledger of jobs as administrators read it, and the lines that they add to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.store.models import JobControl, JobRun, Person, PostRow, Unit

PAGE = 50
MOST = 10_000
"""Lines of one export."""

TOGETHER = 500
"""People asked about in one query."""

_asker, _stopper = aliased(Person), aliased(Person)
_SHOWN = (
    JobRun.id,
    JobRun.job,
    JobRun.period,
    JobRun.kind,
    JobRun.state,
    JobRun.attempt,
    JobRun.worker,
    JobRun.lease_until,
    JobRun.started_at,
    JobRun.finished_at,
    JobRun.result,
    JobRun.error,
    JobRun.doing,
    JobRun.done_steps,
    JobRun.all_steps,
    JobRun.told_at,
    JobRun.stop_asked_at,
    _asker.full_name.label("asked_by"),
    _stopper.full_name.label("stop_asked_by"),
)
_LINES = (
    select(*_SHOWN)
    .outerjoin(_asker, _asker.id == JobRun.asked_by_id)
    .outerjoin(_stopper, _stopper.id == JobRun.stop_asked_by_id)
)


def last_lines(session: Session, jobs: Collection[str]) -> dict[str, list[Row[Any]]]:
    """Of each job its latest line of every outcome; of dry runs only those that wait or run. One query."""
    place = func.row_number().over(partition_by=(JobRun.job, JobRun.state), order_by=JobRun.id.desc())
    told = or_(JobRun.kind != "dry", JobRun.state.in_(("waiting", "running")))
    placed = select(JobRun.id, place.label("place")).where(JobRun.job.in_(jobs), told).subquery()
    query = _LINES.join(placed, placed.c.id == JobRun.id).where(placed.c.place == 1)
    found: dict[str, list[Row[Any]]] = {}
    for row in session.execute(query.order_by(JobRun.started_at.desc(), JobRun.id.desc())):
        found.setdefault(row.job, []).append(row)
    return found


def lines(
    session: Session, job: str, *, state: str = "", kind: str = "", before: int | None = None, limit: int = PAGE + 1
) -> Sequence[Row[Any]]:
    """Lines of one job, the newest first; `before`: the key of the last one seen."""
    query = _LINES.where(JobRun.job == job)
    if state:
        query = query.where(JobRun.state == state)
    if kind:
        query = query.where(JobRun.kind == kind)
    if before is not None:
        query = query.where(JobRun.id < before)
    return session.execute(query.order_by(JobRun.id.desc()).limit(limit)).all()


def line(session: Session, job: str, line_id: int) -> Row[Any] | None:
    """One line."""
    return session.execute(_LINES.where(JobRun.job == job, JobRun.id == line_id)).one_or_none()


def counts(session: Session, job: str) -> dict[str, int]:
    """How many lines a job has, by outcome."""
    query = select(JobRun.state, func.count()).where(JobRun.job == job).group_by(JobRun.state)
    return {row[0]: row[1] for row in session.execute(query)}


def pauses(session: Session, jobs: Collection[str]) -> dict[str, Any]:
    """Of the jobs that are paused: since when, by whom and why."""
    query = (
        select(JobControl.job, JobControl.paused_at, JobControl.reason, Person.full_name)
        .join(Person, Person.id == JobControl.paused_by_id)
        .where(JobControl.job.in_(jobs))
    )
    return {row.job: row for row in session.execute(query)}


def pause(session: Session, job: str, *, by: int | None, reason: str, now: dt.datetime | None) -> None:
    """Write down that a job is paused, or with `by` None that it is not any more. Under `clock.hold`."""
    values = {"paused_at": now, "paused_by_id": by, "reason": reason}
    session.execute(
        update(JobControl).where(JobControl.job == job).values(**values),
        execution_options={"synchronize_session": False},
    )


def ask(session: Session, job: str, period: str, *, kind: str, by: int, now: dt.datetime) -> int | None:
    """A line that waits for a scheduler; None where one of that name is there."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    query = insert(JobRun).values(
        job=job, period=period, kind=kind, state="waiting", attempt=0, worker="", lease_until=now, started_at=now,
        result={}, error="", doing="", asked_by_id=by,
    )  # fmt: skip
    return session.scalars(query.on_conflict_do_nothing().returning(JobRun.id)).one_or_none()


def asked_already(session: Session, job: str, kind: str) -> bool:
    """Whether a run of this kind waits or goes on."""
    mine = (JobRun.job == job, JobRun.kind == kind, JobRun.state.in_(("waiting", "running")))
    return session.scalar(select(JobRun.id).where(*mine).limit(1)) is not None


def hold_line(session: Session, job: str, line_id: int) -> Row[str, str] | None:
    """A line's (period, state), locked until the end of this transaction."""
    mine = (JobRun.id == line_id, JobRun.job == job)
    return session.execute(select(JobRun.period, JobRun.state).where(*mine).with_for_update()).one_or_none()


def ask_to_stop(session: Session, line_id: int, *, waits: bool, by: int, now: dt.datetime) -> None:
    """Note it on a line that runs; one that `waits` stops at once. Under `hold_line`."""
    values: dict[str, Any] = {"stop_asked_at": now, "stop_asked_by_id": by}
    if waits:
        values |= {"state": "stopped", "finished_at": now}
    query = update(JobRun).where(JobRun.id == line_id).values(**values)
    session.execute(query, execution_options={"synchronize_session": False})


def units_of(session: Session, people: Collection[int], *, day: dt.date) -> dict[int, int]:
    """The unit of each person's oldest post on a day."""
    held = and_(PostRow.valid_from <= day, or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day))
    found: dict[int, int] = {}
    asked = sorted(people)
    for first in range(0, len(asked), TOGETHER):
        mine = PostRow.person_id.in_(asked[first : first + TOGETHER])
        query = select(PostRow.person_id, PostRow.unit_id).where(mine, held)
        for person_id, unit_id in session.execute(query.order_by(PostRow.id)):
            found.setdefault(person_id, unit_id)
    return found


def names(session: Session, units: Collection[int]) -> dict[int, str]:
    """What the units of a dry run's messages are called."""
    if not units:
        return {}
    return {row[0]: row[1] for row in session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(units)))}
