"""What was fully signed at signing, what the newest answers say of it, and what of that is provable today.

A document is provable today where both signatures pass by the newest answers, and the evidence holds: its last
timestamp, or, without one, both certificates are still in their time (decision 35). What is no longer provable was
not made untrue: nobody can show it any more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.indicators import standing
from workflow.domain.outgoing import Medium
from workflow.domain.periods import Period
from workflow.domain.permissions import Scope
from workflow.services.figures.counting import judged
from workflow.store import month_facts, provable
from workflow.store.session import UnitOfWork

FULL = "passed.passed"


@dataclass(frozen=True, slots=True)
class Provable:
    """Keys of documents, of one month: fully signed by the verdict at signing, by the newest one, and of the latter
    provable now."""

    at_signing: frozenset[int] = frozenset()
    by_newest: frozenset[int] = frozenset()
    today: frozenset[int] = frozenset()

    @property
    def lost(self) -> list[int]:
        """What was fully signed at signing and is not provable now."""
        return sorted(self.at_signing - self.today)


def of_month(uow: UnitOfWork, scope: Scope, month: Period, *, now: dt.datetime) -> Provable:
    """Of what the agencies of a scope issued in a month. Two queries."""
    span = {"start": month.start, "end": month.end}
    first, last = set(), set()
    for row, leader, seal in judged(month_facts.issued(scope, uow.session, **span)):
        facts = {"secret": bool(row.secret), "exempt": bool(row.exempt), "ink": row.medium == Medium.INK}
        if standing(**facts, leader=row.leader_verdict, seal=row.seal_verdict) == FULL:
            first.add(row.id)
        if standing(**facts, leader=leader, seal=seal) == FULL:
            last.add(row.id)
    holding = {
        row.id
        for row in provable.evidence(scope, uow.session, **span)
        if (until := row.until or row.certificates) is not None and until > now
    }
    return Provable(frozenset(first), frozenset(last), frozenset(last & holding))
