"""Work the whole journal out anew each night: every chain, head, leaf, root and timestamp."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from workflow.domain.audit import Audited
from workflow.domain.errors import Conflict
from workflow.domain.jobs import rule
from workflow.services import anchor_stamps, anchoring, audit_records
from workflow.services.auditing import STOPPED, examine
from workflow.store.session import UnitOfWork, unit_of_work


def run(turn: Turn) -> Result:
    """At one moment, streamed. What anchors missed and what was worked out wrongly is mended; everything else is
    told to the top agency's administrators by name. Told to stop, it keeps nothing: half a pass proves nothing."""
    check = anchor_stamps.checking(anchor_stamps.trusted(turn.uow), at=turn.now)
    try:
        audited = turn.uow.compute(
            examine, turn.tools.engine, check_token=check, stopping=turn.stopping,
            told=lambda done: turn.progress("chains", done),
        )  # fmt: skip
    except Conflict as error:
        if error.code == STOPPED:
            return {}
        raise
    _mend(turn, audited)
    audit_records.record(turn.uow, audited, started=turn.now, finished=turn.tools.clock(), period=turn.period)
    return {
        "chains": audited.chains, "entries": audited.entries, "anchors": audited.anchors,
        "open": audited.open_entries, "findings": sum(audited.counts.values()),
    }  # fmt: skip


def _mend(turn: Turn, audited: Audited) -> None:
    """In units of work of their own. Where an anchor is made meanwhile, tomorrow is soon enough."""

    def take_in(uow: UnitOfWork) -> None:
        if audited.missed:  # a pass that was tried before may have taken in something too
            period = f"audit {turn.period}"
            prepared = anchoring.prepare(uow, now=turn.tools.clock(), also=audited.missed)
            anchoring.keep(uow, prepared, period=period, part=anchoring.parts(uow, period))

    def work_out(uow: UnitOfWork) -> None:
        if audited.nodes_differ:
            anchoring.work_out_nodes(uow)

    for act in (work_out, take_in):
        with unit_of_work(turn.tools.engine) as uow:
            try:
                act(uow)
            except Conflict:
                continue
            uow.commit()


JOB = Job(
    rule=rule("audit_pass"),
    run=run,
    why="An anchor believes what it reads; only a pass over every entry notices that one was changed.",
    lease=dt.timedelta(hours=2),
)
