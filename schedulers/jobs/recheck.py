"""Judge archived signatures again, those first that were looked at longest ago."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import BlobDamaged, BlobMissing, Blobs, open_blobs
from workflow.domain.errors import WorkflowError
from workflow.domain.jobs import rule
from workflow.services.copies import rechecking as rechecking_copies
from workflow.services.verification import rechecking, rechecking_attached
from workflow.store.session import unit_of_work

A_NIGHT = 2_000
"""Documents a night: a year's 700,000 of a province come round in a year, at 20 to 80 ms each."""
COPIES_A_NIGHT = 500
"""Certified copies, which are far fewer."""

NAMED = 20
"""Of each kind what the ledger names of one night; all are counted."""


def run(turn: Turn) -> Result:
    """One unit of work a document, another for what goes with it; each file is read both ways. A file that is
    missing or damaged is counted and shown in the ledger; an attachment by its document and its place there. So is
    what the careful reading came to no end with: its verdict is the strict one's alone."""
    tools = turn.tools
    blobs = open_blobs(tools.settings.blob_url)
    counts = Counter(checked=0, thorough=0, changed=0, unanswered=0, files_lost=0, overtaken=0)
    named: list[str] = []
    strict: list[str] = []
    copies: list[str] = []
    waiting = rechecking.longest_unchecked(turn.uow, limit=A_NIGHT)
    for done, document_id in enumerate(waiting):
        turn.progress("documents", done, len(waiting))
        if turn.stopping():
            break
        _document(turn, blobs, document_id, counts, strict)
        _attached(turn, blobs, document_id, counts, named, strict)
    _copies(turn, blobs, counts, copies)
    if strict:
        counts["strict_only"] = len(strict)
    which = {"strict_only_which": _some(strict), "attachments": _some(named), "copies": _some(copies)}
    return {**counts, **{key: told for key, told in which.items() if told}}


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _document(turn: Turn, blobs: Blobs, document_id: int, counts: Counter[str], strict: list[str]) -> None:
    with unit_of_work(turn.tools.engine) as uow:
        try:
            found = rechecking.recheck_for_job(uow, document_id=document_id, blobs=blobs, now=turn.tools.clock())
        except (BlobMissing, BlobDamaged):
            counts["files_lost"] += 1
            return
        except WorkflowError:
            counts["overtaken"] += 1
            return
        uow.commit()
    counts["checked"] += 1
    counts["thorough"] += found.thorough
    counts["changed"] += found.changed
    counts["unanswered"] += not found.answered
    strict += [str(document_id)] if found.answered and not found.thorough else []


def _attached(
    turn: Turn, blobs: Blobs, document_id: int, counts: Counter[str], named: list[str], strict: list[str]
) -> None:
    with unit_of_work(turn.tools.engine) as uow:
        found = rechecking_attached.recheck_for_job(
            uow, document_id=document_id, blobs=blobs, now=turn.tools.clock()
        )
        uow.commit()
    for count, places in (
        ("attachments_lost", found.lost),
        ("attachments_changed", found.changed),
        ("attachments_unanswered", found.unanswered),
    ):
        if places:
            counts[count] += len(places)
    if found.differs:
        counts["lists_differ"] += 1
    named += [f"{document_id}.{place}" for place in sorted({*found.lost, *found.changed})]
    named += [str(document_id)] if found.differs else []
    strict += [f"{document_id}.{place}" for place in sorted(found.strict_only)]


def _copies(turn: Turn, blobs: Blobs, counts: Counter[str], named: list[str]) -> None:
    """One unit of work a copy; lost ones and those with another answer are named by their keys."""
    for copy_id in rechecking_copies.longest_unchecked(turn.uow, limit=COPIES_A_NIGHT):
        if turn.stopping():
            return
        with unit_of_work(turn.tools.engine) as uow:
            try:
                found = rechecking_copies.recheck_for_job(uow, copy_id=copy_id, blobs=blobs, now=turn.tools.clock())
            except (BlobMissing, BlobDamaged):
                counts["copies_lost"] += 1
                named.append(str(copy_id))
                continue
            except WorkflowError:
                counts["overtaken"] += 1
                continue
            uow.commit()
        counts["copies_checked"] += 1
        for count, yes in (("copies_changed", found.changed), ("copies_unanswered", not found.answered)):
            if yes:
                counts[count] += 1
                named.append(str(copy_id))


JOB = Job(
    rule=rule("recheck"),
    run=run,
    why="A certificate may be revoked with a date in the past, and a list kept from us may come late: what was "
    "valid at signing must be asked again, and every answer that differs must be on record with its cause.",
    lease=dt.timedelta(hours=2),
)
