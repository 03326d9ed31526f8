"""Sheets that people upload, read in the jail: the cells, or one refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from signing.jail import Crashed, Limits, ResourceLimit, TaskRefused, run
from workflow.domain.errors import BadInput

TASK: Final = "workflow.adapters.sheet_reading:read"
LIMITS: Final = Limits(cpu=15.0, cpu_per_megabyte=1.0, memory=1024 * 1024 * 1024)
"""10,000 rows of sixteen columns take about a second."""
MAX_ROWS: Final = 10_000

_JAIL_ITSELF: Final = frozenset({"jail_gone", "jail_did_not_start", "task_not_found"})


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The rows from the first one on, as words; (row, column) of cells that a formula computed, from 0."""

    rows: tuple[tuple[str, ...], ...]
    formulas: frozenset[tuple[int, int]]


def read_sheet(data: bytes, *, max_rows: int = MAX_ROWS, limits: Limits = LIMITS) -> ReadSheet:
    """Raises `BadInput` with the codes of `sheet_reading.read`, or `sheet_too_heavy`; `Crashed` only where the jail
    itself cannot work."""
    try:
        told = run(TASK, data, arguments={"max_rows": max_rows}, limits=limits).json
    except TaskRefused as refused:
        raise BadInput(refused.code, **refused.details) from refused
    except ResourceLimit as error:
        raise BadInput("sheet_too_heavy") from error
    except Crashed as error:
        if error.code in _JAIL_ITSELF:
            raise
        raise BadInput("sheet_unreadable") from error
    return ReadSheet(
        tuple(tuple(row) for row in told["rows"]), frozenset((place[0], place[1]) for place in told["formulas"])
    )
