"""The ledger of jobs: who may run which period of which job, and that it is counted once.

A period is claimed by inserting its row; whoever comes second gets nothing. The claim is a lease: when its holder
dies, another process takes the period over once the lease has run out, and `attempt` goes up by one. That number
is the fence: only the latest attempt can finish, in the same transaction as everything it produced, so what an
overtaken process wrote is rolled back with it.

Leases are compared by the database's clock (`database_now`): two hosts whose clocks differ would otherwise take
over what is still running, or wait too long. What a job *says* (cut-off, dates of messages) never comes from
there but from the period and from the runner's `now`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.domain.errors import Conflict
from workflow.store.base import Instant
from workflow.store.models import JobRun

ATTEMPTS = 12
"""After so many the period stays failed, for a person to look at."""

ERROR_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to finish one period, as long as nobody took it over."""

    id: int
    job: str
    period: str
    attempt: int


def database_now(session: Session) -> dt.datetime:
    """The moment by the database server's clock (for SQLite: this machine's)."""
    if session.get_bind().dialect.name == "sqlite":
        text = session.scalar(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now")))
        return dt.datetime.fromisoformat(str(text)).replace(tzinfo=dt.UTC)
    return session.scalars(select(func.clock_timestamp(type_=Instant()))).one()


def claim(
    session: Session, job: str, period: str, *, worker: str, now: dt.datetime, lease: dt.timedelta
) -> Claim | None:
    """Claim a new period, or take over one whose lease ran out; None where somebody has or had it.

    `now`: of `database_now`. To be committed at once: only then others see it.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values = {"worker": worker, "lease_until": now + lease, "started_at": now}
    fresh = insert(JobRun).values(job=job, period=period, state="running", attempt=1, result={}, error="", **values)
    made = session.scalars(fresh.on_conflict_do_nothing().returning(JobRun.id)).one_or_none()
    if made is not None:
        return Claim(made, job, period, 1)
    steal = (
        update(JobRun)
        .where(
            JobRun.job == job,
            JobRun.period == period,
            JobRun.state.in_(("running", "failed")),
            JobRun.lease_until < now,
            JobRun.attempt < ATTEMPTS,
        )
        .values(state="running", attempt=JobRun.attempt + 1, finished_at=None, **values)
        .returning(JobRun.id, JobRun.attempt)
    )
    taken = session.execute(steal, execution_options={"synchronize_session": False}).one_or_none()
    return None if taken is None else Claim(taken[0], job, period, taken[1])


def finish(session: Session, held: Claim, *, now: dt.datetime, result: Mapping[str, Any]) -> None:
    """Mark the period done, in the transaction of its results. Raises `Conflict("lease_lost")`: then roll back."""
    done = {"state": "done", "finished_at": now, "result": dict(result), "error": ""}
    if not _write(session, held, done):
        raise Conflict("lease_lost", job=held.job, period=held.period, attempt=held.attempt)


def fail(session: Session, held: Claim, *, now: dt.datetime, error: str, again: dt.datetime) -> bool:
    """Note why it failed; from `again` on (the database's clock) anybody may try. False where it was taken over."""
    failed = {"state": "failed", "finished_at": now, "lease_until": again, "error": error[:ERROR_LENGTH]}
    return _write(session, held, failed)


def _write(session: Session, held: Claim, values: Mapping[str, Any]) -> bool:
    fence = and_(JobRun.id == held.id, JobRun.attempt == held.attempt, JobRun.state == "running")
    query = update(JobRun).where(fence).values(**values).returning(JobRun.id)
    found = session.execute(query, execution_options={"synchronize_session": False}).one_or_none()
    return found is not None


def open_periods(session: Session, job: str, periods: Collection[str], *, now: dt.datetime) -> list[str]:
    """Of some periods those that nobody finished and nobody is at work on, in the given order. One query."""
    taken = or_(JobRun.state.in_(("done", "missed")), JobRun.lease_until >= now, JobRun.attempt >= ATTEMPTS)
    query = select(JobRun.period).where(JobRun.job == job, JobRun.period.in_(periods), taken)
    closed = set(session.scalars(query))
    return [period for period in periods if period not in closed]


def run_of(session: Session, job: str, period: str) -> JobRun | None:
    """One line of the ledger."""
    return session.scalars(select(JobRun).where(JobRun.job == job, JobRun.period == period)).one_or_none()


def ledger(session: Session, *, each: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The latest lines of every job, `each` at most of one, so that none hides the others."""
    place = func.row_number().over(partition_by=JobRun.job, order_by=(JobRun.started_at.desc(), JobRun.id.desc()))
    columns = (
        JobRun.job,
        JobRun.period,
        JobRun.state,
        JobRun.attempt,
        JobRun.worker,
        JobRun.lease_until,
        JobRun.started_at,
        JobRun.finished_at,
        JobRun.result,
        JobRun.error,
    )
    placed = select(*columns, place.label("place")).subquery()
    query = select(placed).where(placed.c.place <= each)
    return session.execute(query.order_by(placed.c.started_at.desc(), placed.c.job)).all()


def states(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Per job: (job, state, runs, the latest period, when it finished). One query."""
    return session.execute(
        select(JobRun.job, JobRun.state, func.count(), func.max(JobRun.period), func.max(JobRun.finished_at))
        .group_by(JobRun.job, JobRun.state)
        .order_by(JobRun.job, JobRun.state)
    ).all()


def forget(session: Session, jobs: Collection[str], *, before: dt.datetime) -> int:
    """Delete finished lines of jobs that run every few minutes."""
    old = delete(JobRun).where(JobRun.job.in_(jobs), JobRun.state == "done", JobRun.finished_at < before)
    return len(session.scalars(old.returning(JobRun.id), execution_options={"synchronize_session": False}).all())
