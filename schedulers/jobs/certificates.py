"""Tell ahead of certificates and algorithms that end, of revoked ones, and of leaders who have none."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from workflow.domain.jobs import rule
from workflow.services import sunsets
from workflow.services.certificate_forecast import summarise, tell_ending, tell_without
from workflow.services.revoked_notices import find_revoked, tell_revoked

MONDAY = 0


def run(turn: Turn) -> Result:
    """Holders once for each threshold; who answers for an agency where somebody was told of something new, and on
    Mondays where anything is open."""
    uow, cut_off, now = turn.uow, turn.cut_off, turn.now
    gone = find_revoked(uow, now=cut_off)
    counted = sunsets.count(uow)
    revoked = tell_revoked(uow, gone, now=now)
    ends, ending = tell_ending(uow, cut_off=cut_off, now=now)
    none, without = tell_without(uow, revoked={one[0] for one in gone}, cut_off=cut_off, now=now)
    algorithms = sunsets.tell(uow, counted, cut_off=cut_off, now=now)
    counts = {"ending": ends, "revoked": revoked, "without": none}
    if any(counts.values()) or dt.date.fromisoformat(turn.period[:10]).weekday() == MONDAY:
        counts["messages"] = summarise(
            uow, ending=ending, without=without, revoked=gone, period=turn.period, cut_off=cut_off, now=now
        )
    uow.flush()
    return counts | {"algorithms": algorithms}


JOB = Job(
    rule=rule("certificates"),
    run=run,
    rehearse=run,
    why="A new certificate takes weeks to get: its holder must hear of the end while there is time, and an office "
    "must know whose signature it will lack.",
)
