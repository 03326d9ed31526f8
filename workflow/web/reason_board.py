"""Why documents are not signed, over the latest morning reports of all units that somebody may count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.people import UnitKind
from workflow.domain.unsigned_reasons import Reason

Rows = Sequence[Any]
"""(report, unit's name, kind of unit), as `reports.latest_of_each` gives them."""


@dataclass(frozen=True, slots=True)
class Leader:
    """One signer of one agency: how many documents for each reason. `unit`, `period`: where the list stands."""

    person: int | None
    agency: str
    unit: int
    period: str
    total: int
    reasons: Mapping[Reason, int]


@dataclass(frozen=True, slots=True)
class Board:
    """Counts of agencies: each document once, in the report of its agency."""

    reasons: Mapping[Reason, int]
    leaders: tuple[Leader, ...]

    @property
    def most(self) -> int:
        """The longest bar."""
        return max(self.reasons.values(), default=0)


def chosen(word: str) -> Reason | None:
    """The reason that an address asks for; a word that is none asks for all."""
    return Reason(word) if word in set(Reason) else None


def counted(row: Any, reason: Reason) -> int:
    """How many documents of a unit are not signed for a reason; reports of the first form knew none."""
    return int(row.Report.body["unsigned"].get("reasons", {}).get(str(reason), 0))


def board(rows: Rows, reason: Reason | None) -> Board:
    """Reasons, and signers with the most documents first; of one reason alone where one is asked for."""
    agencies = [row for row in rows if row.kind == UnitKind.AGENCY]
    total: Counter[Reason] = Counter()
    for row in agencies:
        for one in Reason:
            total[one] += counted(row, one)
    found = [leader for row in agencies for leader in _leaders(row, reason)]
    found.sort(key=lambda one: (-one.total, one.agency, one.person or 0))
    return Board({one: total[one] for one in Reason if total[one]}, tuple(found))


def _leaders(row: Any, wanted: Reason | None) -> Iterator[Leader]:
    for line in row.Report.body["unsigned"]["by_signer"]:
        reasons = {
            one: line.get("reasons", {}).get(str(one), 0)
            for one in Reason
            if line.get("reasons", {}).get(str(one)) and wanted in (None, one)
        }
        if reasons:
            yield Leader(
                person=line["signer"], agency=row.name, unit=row.Report.unit_id, period=row.Report.period,
                total=sum(reasons.values()), reasons=reasons,
            )  # fmt: skip


def lines(rows: Rows, reason: Reason | None) -> Iterator[tuple[Any, int | None, Reason, int]]:
    """(row, signer, reason, documents) of every unit, for a table that is taken away."""
    for row in rows:
        for leader in _leaders(row, reason):
            for one, number in leader.reasons.items():
                yield row, leader.person, one, number
