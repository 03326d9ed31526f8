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
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import Conflict
from workflow.store.base import Instant
from workflow.store.models import JobControl, JobRun
from workflow.store.portions import PORTION, delete_some

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
    session: Session, job: str, period: str, *, worker: str, now: dt.datetime, lease: dt.timedelta,
    noted_after: dt.datetime | None = None,
) -> Claim | None:  # fmt: skip
    """Claim a new period, or take over one whose lease ran out; None where somebody has or had it.

    `now`: of `database_now`. `noted_after`: what was marked as missed later than this may be taken too (`lines`).
    To be committed at once: only then others see it.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values = {"worker": worker, "lease_until": now + lease, "started_at": now}
    fresh = insert(JobRun).values(
        job=job, period=period, kind="period", state="running", attempt=1, result={}, error="", doing="", **values
    )
    made = session.scalars(fresh.on_conflict_do_nothing().returning(JobRun.id)).one_or_none()
    if made is not None:
        return Claim(made, job, period, 1)
    return take(session, job, period, worker=worker, now=now, lease=lease, noted_after=noted_after)


def take(
    session: Session, job: str, period: str, *, worker: str, now: dt.datetime, lease: dt.timedelta,
    noted_after: dt.datetime | None = None,
) -> Claim | None:  # fmt: skip
    """Take a line that is there: an asked run that waits, or one whose lease ran out. What was told of an earlier
    attempt's progress is forgotten; that it was asked to stop is not."""
    lapsed = and_(JobRun.state.in_(("running", "failed")), JobRun.lease_until < now)
    unjust = and_(JobRun.state == "missed", JobRun.finished_at > noted_after) if noted_after else false()
    steal = (
        update(JobRun)
        .where(
            JobRun.job == job,
            JobRun.period == period,
            or_(JobRun.state == "waiting", lapsed, unjust),
            JobRun.attempt < ATTEMPTS,
        )
        .values(
            state="running", attempt=JobRun.attempt + 1, finished_at=None, worker=worker, lease_until=now + lease,
            started_at=now, doing="", done_steps=None, all_steps=None, told_at=None,
        )
        .returning(JobRun.id, JobRun.attempt)
    )  # fmt: skip
    taken = session.execute(steal, execution_options={"synchronize_session": False}).one_or_none()
    return None if taken is None else Claim(taken[0], job, period, taken[1])


def beat(
    session: Session, held: Claim, *, now: dt.datetime, lease: dt.timedelta, doing: str, done: int, of: int | None
) -> bool | None:
    """Say how far a run is and put its lease off; whether it is asked to stop, None where somebody took it over.

    `now`: of `database_now`. To be committed at once, by a unit of work of its own.
    """
    told = {"doing": doing, "done_steps": done, "all_steps": of, "told_at": now, "lease_until": now + lease}
    query = update(JobRun).where(_fence(held)).values(**told).returning(JobRun.stop_asked_at)
    found = session.execute(query, execution_options={"synchronize_session": False}).one_or_none()
    return None if found is None else found[0] is not None


def stop_asked(session: Session, held: Claim) -> bool:
    """Whether somebody asked this run to stop."""
    return session.scalar(select(JobRun.stop_asked_at).where(JobRun.id == held.id)) is not None


def finish(
    session: Session, held: Claim, *, now: dt.datetime, result: Mapping[str, Any], state: str = "done"
) -> None:
    """Mark the period done, in the transaction of its results; `stopped` where it ended early because it was asked
    to. Raises `Conflict("lease_lost")`: then roll back."""
    done = {"state": state, "finished_at": now, "result": dict(result), "error": ""}
    if not _write(session, held, done):
        raise Conflict("lease_lost", job=held.job, period=held.period, attempt=held.attempt)


def fail(session: Session, held: Claim, *, now: dt.datetime, error: str, again: dt.datetime) -> bool:
    """Note why it failed; from `again` on (the database's clock) anybody may try. False where it was taken over."""
    failed = {"state": "failed", "finished_at": now, "lease_until": again, "error": error[:ERROR_LENGTH]}
    return _write(session, held, failed)


def _write(session: Session, held: Claim, values: Mapping[str, Any]) -> bool:
    query = update(JobRun).where(_fence(held)).values(**values).returning(JobRun.id)
    found = session.execute(query, execution_options={"synchronize_session": False}).one_or_none()
    return found is not None


def _fence(held: Claim) -> ColumnElement[bool]:
    return and_(JobRun.id == held.id, JobRun.attempt == held.attempt, JobRun.state == "running")


def open_periods(session: Session, job: str, periods: Collection[str], *, now: dt.datetime) -> list[str]:
    """Of some periods those that nobody finished and nobody is at work on, in the given order. One query."""
    taken = or_(JobRun.state.in_(("done", "missed")), JobRun.lease_until >= now, JobRun.attempt >= ATTEMPTS)
    query = select(JobRun.period).where(JobRun.job == job, JobRun.period.in_(periods), taken)
    closed = set(session.scalars(query))
    return [period for period in periods if period not in closed]


def run_of(session: Session, job: str, period: str) -> JobRun | None:
    """One line of the ledger."""
    return session.scalars(select(JobRun).where(JobRun.job == job, JobRun.period == period)).one_or_none()


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a tick must know of. `open`: whether it may be taken now."""

    job: str
    period: str
    kind: str
    open: bool
    lapsed: bool
    """Running, but its lease has run out: its process died."""


def lines(
    session: Session, periods: Mapping[str, Collection[str]], *, now: dt.datetime, moment: dt.datetime
) -> list[Line]:
    """What the ledger says of some periods of each job, and every line that waits or runs. One query.

    `now`: of `database_now`; `moment`: by the clock of the schedules. What was marked as missed at a later moment
    than that was marked by a clock that ran ahead: it is open.
    """
    columns = (
        JobRun.id, JobRun.job, JobRun.period, JobRun.kind, JobRun.state, JobRun.lease_until, JobRun.attempt,
        JobRun.finished_at,
    )  # fmt: skip
    asked = [and_(JobRun.job == job, JobRun.period.in_(names)) for job, names in periods.items() if names]
    opened = select(*columns).where(JobRun.state.in_(("waiting", "running")), JobRun.job.in_(list(periods)))
    found = session.execute(union_all(opened, *(select(*columns).where(one) for one in asked)))
    unique = {row.id: row for row in found}
    return [_line(row, now, moment) for row in unique.values()]


def _line(row: Any, now: dt.datetime, moment: dt.datetime) -> Line:
    lapsed = row.lease_until < now
    tried = row.attempt >= ATTEMPTS
    unjust = row.state == "missed" and row.finished_at > moment
    may = row.state == "waiting" or (not tried and (unjust or (row.state in {"running", "failed"} and lapsed)))
    return Line(row.job, row.period, row.kind, may, row.state == "running" and lapsed)


def latest(session: Session, bounds: Mapping[str, str]) -> dict[str, str]:
    """Of each job the latest period up to a bound that has a line, by its schedule. One query, one look into the
    index each."""
    asked = [
        select(
            literal(job).label("job"),
            select(func.max(JobRun.period))
            .where(JobRun.job == job, JobRun.kind == "period", JobRun.period <= bound)
            .scalar_subquery()
            .label("period"),
        )
        for job, bound in bounds.items()
    ]
    if not asked:
        return {}
    return {row.job: row.period for row in session.execute(union_all(*asked)) if row.period is not None}


def paused(session: Session, jobs: Collection[str]) -> set[str]:
    """Of some jobs those that an administrator paused."""
    return set(
        session.scalars(select(JobControl.job).where(JobControl.job.in_(jobs), JobControl.paused_at.is_not(None)))
    )


def hold(session: Session, job: str) -> bool:
    """Lock a job's own row until the end of this transaction, made where it is not there; whether it is paused."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(insert(JobControl).values(job=job, reason="").on_conflict_do_nothing())
    query = select(JobControl.paused_at).where(JobControl.job == job).with_for_update()
    return session.execute(query).scalar_one() is not None


def note_missed(
    session: Session, job: str, gaps: Iterable[tuple[str, Mapping[str, Any]]], *, now: dt.datetime
) -> list[str]:
    """A line for each stretch that nobody will run any more (its last period, and what it spans), unless there is
    one; answers those written now. Under `hold`."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    written = []
    for period, spans in gaps:
        query = insert(JobRun).values(
            job=job, period=period, kind="period", state="missed", attempt=0, worker="", lease_until=now,
            started_at=now, finished_at=now, result=dict(spans), error="", doing="",
        )  # fmt: skip
        made = session.scalars(query.on_conflict_do_nothing().returning(JobRun.period)).one_or_none()
        written += [made] if made is not None else []
    return written


def give_up(session: Session, job: str, periods: Collection[str], *, now: dt.datetime, moment: dt.datetime) -> int:
    """Mark runs whose process died and that nobody takes over any more: their time is over. `now`: of
    `database_now`; `moment`: what the line says."""
    dead = update(JobRun).where(
        JobRun.job == job, JobRun.period.in_(periods), JobRun.state == "running", JobRun.lease_until < now
    )
    query = dead.values(state="missed", finished_at=moment).returning(JobRun.id)
    return len(session.scalars(query, execution_options={"synchronize_session": False}).all())


def forget(
    session: Session, jobs: Collection[str], *, before: dt.datetime, missed_before: dt.datetime,
    limit: int = PORTION,
) -> int:  # fmt: skip
    """Delete lines of jobs that run every few minutes, finished or missed before such a moment, but of each job its
    newest: after a long pause it says from where on nobody ran it (`latest`)."""
    done = and_(JobRun.state == "done", JobRun.finished_at < before)
    over = (or_(done, and_(JobRun.state == "missed", JobRun.finished_at < missed_before)), JobRun.kind == "period")
    later = aliased(JobRun)
    newer = exists().where(later.job == JobRun.job, later.kind == "period", later.period > JobRun.period)
    return len(delete_some(session, JobRun.id, JobRun.job.in_(jobs), *over, newer, limit=limit))


def forget_lists(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Clear what dry runs of long ago would have told whom; that there was one, and its counts, stay."""
    old = select(JobRun.id, JobRun.result).where(
        JobRun.kind == "dry", JobRun.finished_at < before, JobRun.state.in_(("done", "stopped"))
    )
    found = [(key, result) for key, result in session.execute(old) if result.get("messages")][:limit]
    for key, result in found:
        query = update(JobRun).where(JobRun.id == key).values(result={**result, "messages": []})
        session.execute(query, execution_options={"synchronize_session": False})
    return len(found)
