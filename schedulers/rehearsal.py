"""A dry run: the job works in a unit of work that is rolled back; what it would have told is counted as its result.

What a message says of a paper belongs to whom it would have gone to. Who looks after the clock reads how many go
to which unit; neither subjects nor addresses are kept.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from schedulers.job import Job, Turn
from workflow.domain.errors import Refused
from workflow.services.journal import local_day
from workflow.store import job_ledger

SHOWN = 200
"""Lines that the ledger keeps; all messages are counted."""


def rehearse(job: Job, turn: Turn) -> dict[str, Any]:
    """What a run would do now: its counts, and how many messages of a kind go to people of each unit."""
    if job.rehearse is None:
        raise Refused("job_has_no_dry_run", job=job.name)
    told: list[dict[str, Any]] = []
    work = job.rehearse
    counts = dict(turn.uow.rehearse(lambda: work(turn), told=told.append))
    return {"counts": counts, "messages": _lines(turn, told)[:SHOWN], "told": len(told)}


def _lines(turn: Turn, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    people = {one["person_id"] for one in told if one.get("person_id") and not one.get("unit_id")}
    units = job_ledger.units_of(turn.uow.session, people, day=local_day(turn.now))
    lines = Counter(
        (
            str(one.get("code") or ""),
            one.get("unit_id") or units.get(one.get("person_id") or 0),
            "mail" if one.get("address") else "app",
        )
        for one in told
    )
    ordered = sorted(lines.items(), key=lambda line: (-line[1], str(line[0])))
    return [{"code": code, "unit_id": unit, "channel": way, "count": n} for (code, unit, way), n in ordered]
