"""Lines of registers that came from former systems beside those made here, and what a year adds up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.domain.permissions import Scope
from workflow.store.models import ImportedEntry, Incoming, Register, RegisterNumber, Series
from workflow.store.register_filter import EVERYTHING, Wanted, kept_by, of_entries, saying

STEP = 500
"""Lines read at a time where words are looked for."""


def entries(
    scope: Scope, session: Session, *, register_id: int, year: int, after: int = 0, until: int | None = None,
    limit: int | None = None, wanted: Wanted = EVERYTHING,
) -> Sequence[ImportedEntry]:  # fmt: skip
    """What was brought into a register's year, by number. `wanted`: what it is narrowed to."""
    query = (
        select(ImportedEntry)
        .join(Register, Register.id == ImportedEntry.register_id)
        .where(
            kept_by(scope),
            ImportedEntry.register_id == register_id,
            ImportedEntry.year == year,
            ImportedEntry.number > after,
            *of_entries(wanted),
        )
        .order_by(ImportedEntry.number, ImportedEntry.suffix)
    )
    if until is not None:
        query = query.where(ImportedEntry.number <= until)
    if wanted.words:
        return list(saying(session.scalars(query.execution_options(yield_per=STEP)), wanted, limit))
    return session.scalars(query.limit(limit) if limit else query).all()


def in_order(own: Sequence[Any], brought: Sequence[ImportedEntry], limit: int | None) -> list[Any]:
    """Both kinds of lines in the order of their numbers: 12, 12a, 13."""
    if not brought:
        return list(own)
    return sorted([*own, *brought], key=lambda row: (row.number, getattr(row, "suffix", "")))[:limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a register's year adds up to. `last`: the last number drawn; `first`: from which number on the register
    is kept here, later than 1 where a year was begun in another book; `missing`: numbers between them of which the
    register knows nothing, because a former system's lines were not all brought here.
    """

    first: int
    last: int
    used: int
    held: int
    cancelled: int
    imported: int
    missing: int
    reasons: tuple[tuple[str, str, str], ...]
    """(number, `held` or `cancelled`, why), by number."""

    @property
    def lines(self) -> int:
        """Numbers that stand in the register."""
        return self.used + self.held + self.cancelled


def totals(scope: Scope, session: Session, *, register_id: int, year: int) -> Totals:
    """Of one register's year; everything 0 where it is not within reach."""
    mine = select(Register.id).where(Register.id == register_id, kept_by(scope))
    drawn = session.execute(
        select(RegisterNumber.number, RegisterNumber.status, RegisterNumber.reason)
        .where(RegisterNumber.register_id.in_(mine), RegisterNumber.year == year)
    ).all()  # fmt: skip
    arrived = session.scalars(
        select(Incoming.number).where(
            Incoming.register_id.in_(mine), Incoming.agency_id.in_(scope.agency_ids), Incoming.year == year,
            Incoming.number.is_not(None),
        )
    ).all()  # fmt: skip
    brought = session.execute(
        select(ImportedEntry.number, ImportedEntry.suffix, ImportedEntry.status, ImportedEntry.reason)
        .where(ImportedEntry.register_id.in_(mine), ImportedEntry.year == year)
    ).all()  # fmt: skip
    last = session.scalar(
        select(func.max(Series.last_number)).where(Series.register_id.in_(mine), Series.year == year)
    )
    found: list[tuple[int, str, str, str]] = [(row.number, "", row.status, row.reason) for row in drawn]
    found += [(number, "", "used", "") for number in arrived if number is not None]
    found += [(row.number, row.suffix, row.status, row.reason) for row in brought]
    count = Counter(status for _number, _suffix, status, _reason in found)
    numbers = {number for number, *_rest in found}
    first = min(numbers, default=(last or 0) + 1)
    return Totals(
        first=first,
        last=last or 0,
        used=count["used"],
        held=count["held"],
        cancelled=count["cancelled"],
        imported=len(brought),
        missing=max(0, (last or 0) - (first - 1) - len(numbers)),
        reasons=tuple(
            (f"{number:02d}{suffix}", status, reason)
            for number, suffix, status, reason in sorted(found)
            if status != "used"
        ),
    )


def kept_from(scope: Scope, session: Session, *, register_id: int, year: int) -> int:
    """From which number on a register's year is kept here; the next to be drawn where it has no line yet."""
    mine = select(Register.id).where(Register.id == register_id, kept_by(scope))
    lowest = [
        select(func.min(RegisterNumber.number))
        .where(RegisterNumber.register_id.in_(mine), RegisterNumber.year == year),
        select(func.min(Incoming.number)).where(
            Incoming.register_id.in_(mine), Incoming.agency_id.in_(scope.agency_ids), Incoming.year == year
        ),
        select(func.min(ImportedEntry.number))
        .where(ImportedEntry.register_id.in_(mine), ImportedEntry.year == year),
    ]  # fmt: skip
    last = select(Series.last_number).where(Series.register_id.in_(mine), Series.year == year).scalar_subquery()
    *found, drawn = session.execute(select(*(query.scalar_subquery() for query in lowest), last)).one()
    return min((number for number in found if number is not None), default=(drawn or 0) + 1)
