"""Months that are counted together, and which thing of a range belongs into which of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from workflow.domain.indicators import Key, Place, Population
from workflow.domain.periods import Period

Months = dict[int, dict[Key, Place]]
"""Facts by agency."""
MOMENT = dt.timedelta(microseconds=1)
EVERYTHING = frozenset(Population)
OF_ISSUED = frozenset({Population.ISSUED, Population.SIGNED_AS, Population.LEADER_KIND, Population.SEAL_KIND})
OF_WAITING = frozenset({Population.UNSIGNED, Population.BACKLOG})
OF_APOLOGIES = frozenset({Population.APOLOGIES, Population.UNAPOLOGISED})
"""Populations that are counted together."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A month of some agencies, and what of it is asked for."""

    month: Period
    agencies: Collection[int]
    only: Collection[Population] = EVERYTHING


@dataclass(frozen=True, slots=True)
class Part:
    """A month that is being counted: as it stands `at` a moment, with what happened before `end`."""

    month: Period
    at: dt.datetime
    end: dt.datetime
    issued_by: dt.datetime
    """Issued documents count to the end of the month, or until the moment that is asked about."""
    only: Collection[Population]
    found: Months

    def wants(self, *populations: Population) -> bool:
        """Whether any of some populations is asked for."""
        return any(one in self.only for one in populations)

    def mine(self, agency: int, when: dt.datetime, end: dt.datetime) -> dict[Key, Place] | None:
        """Where a thing that happened at a moment belongs; None: not here."""
        return self.found.get(agency) if self.month.start <= when < end else None


Parts = Sequence[Part]


def begun(one: Slice, now: dt.datetime, until: dt.datetime | None) -> Part:
    """A month without any fact yet. `until`: nothing that was done from that moment on counts."""
    month, at = one.month, min(one.month.end, now)
    return Part(
        month=month, at=at, end=min(month.end, at + MOMENT),
        issued_by=month.end if until is None else min(month.end, until), only=one.only,
        found={agency: {} for agency in one.agencies},
    )  # fmt: skip


def wanting(parts: Parts, *populations: Population) -> Parts:
    """Those of which any of some populations is asked for."""
    return [one for one in parts if one.wants(*populations)]


def span(parts: Parts) -> dict[str, dt.datetime]:
    """The range of what happened in them."""
    return {"start": min(one.month.start for one in parts), "end": max(one.end for one in parts)}
