"""What a row says that could not be taken in any more."""

from __future__ import annotations

from typing import Any

from workflow.domain.errors import WorkflowError
from workflow.domain.imports.problems import Fault, Problem
from workflow.store.models import ImportRow


def refuse(row: ImportRow, error: WorkflowError) -> None:
    """The row was good in the dry run; what stands against it now is kept beside it."""
    facts: dict[str, Any] = {
        key: value if isinstance(value, str | int) else str(value) for key, value in error.details.items()
    }
    row.state = "refused"
    row.problems = [Problem("", Fault.REFUSED, {**facts, "code": error.code}).to_json()]
