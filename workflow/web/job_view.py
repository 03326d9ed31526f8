"""What the pages of jobs show: the table's lines with what the ledger says of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.jobs import RULES, JobRule
from workflow.services.calendar import working_calendar
from workflow.store import job_ledger as store
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A job. `last`: its latest run that ended; `trouble`: its latest line that failed or was missed, where nothing
    went well after it; `next`: the period that is due next."""

    rule: JobRule
    last: Any
    trouble: Any
    at_work: Sequence[Any]
    paused: Any
    next: str | None


def every(uow: UnitOfWork, *, now: dt.datetime) -> list[Shown]:
    """Every job of the table; four queries."""
    return _shown(uow, RULES, now=now)


def one(uow: UnitOfWork, found: JobRule, *, now: dt.datetime) -> Shown:
    """One of them."""
    return _shown(uow, [found], now=now)[0]


def _shown(uow: UnitOfWork, rules: Sequence[JobRule], *, now: dt.datetime) -> list[Shown]:
    names = [rule.name for rule in rules]
    lines, paused = store.last_lines(uow.session, names), store.pauses(uow.session, names)
    calendar = working_calendar(uow)
    return [
        Shown(
            rule=rule,
            last=_first(lines.get(rule.name, []), {"done", "stopped"}),
            trouble=_trouble(lines.get(rule.name, [])),
            at_work=[row for row in lines.get(rule.name, []) if row.state in {"waiting", "running"}],
            paused=paused.get(rule.name),
            next=rule.schedule.next_after(now, calendar),
        )
        for rule in rules
    ]  # fmt: skip


def _first(rows: Sequence[Any], states: set[str]) -> Any:
    return next((row for row in rows if row.state in states), None)


def _trouble(rows: Sequence[Any]) -> Any:
    """The latest line is bad news, not one of long ago."""
    ended = [row for row in rows if row.state not in {"waiting", "running"}]
    return ended[0] if ended and ended[0].state in {"failed", "missed"} else None
