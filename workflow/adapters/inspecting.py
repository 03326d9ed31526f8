"""Inspection in the jail, with an answer in any case: a file that breaks the readers is said to be unreadable."""

from __future__ import annotations

from typing import Final

from signing.jail import Crashed, Limits, ResourceLimit, TaskRefused, run
from workflow.domain.file_warnings import FileFacts, FileKind, FileWarning

TASK: Final = "workflow.adapters.inspection:inspect"
LIMITS: Final = Limits(cpu=10.0, cpu_per_megabyte=0.2, memory=1536 * 1024 * 1024)
"""An ordinary file takes some milliseconds; a PDF of 2,000 pages a second."""

_JAIL_ITSELF: Final = frozenset({"jail_gone", "jail_did_not_start", "task_not_found"})


def inspect_in_jail(data: bytes, *, filename: str, limits: Limits = LIMITS) -> FileFacts:
    """What a file is and what to be careful about. Never raises over what is in the file, only (`Crashed`) where
    the jail itself cannot work: that says nothing about the file, and another try may."""
    try:
        return FileFacts.from_json(run(TASK, data, arguments={"filename": filename}, limits=limits).json)
    except (ResourceLimit, TaskRefused, Crashed) as error:
        if error.code in _JAIL_ITSELF:
            raise
        return FileFacts(
            kind=FileKind.UNKNOWN, media_type="application/octet-stream", warnings=(FileWarning.UNREADABLE,)
        )
