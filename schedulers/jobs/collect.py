"""Take in what lies in the agencies' watched folders and mailboxes."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import structlog

from schedulers.job import Job, Result, Tools, Turn
from workflow.adapters import mailbox
from workflow.adapters.blobs import open_blobs
from workflow.adapters.mailbox import Mark
from workflow.domain.calendar import office_time
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.jobs import rule
from workflow.services import arrival_channels
from workflow.services.arrival_channels import Arrival, Channel, Deliver, Handed, HandOver, Outcome
from workflow.store.session import unit_of_work

log = structlog.get_logger("schedulers")

LEASE = dt.timedelta(minutes=15)


def run(turn: Turn) -> Result:
    """One unit of work a file; a channel that fails is logged and counted, and holds up no other."""
    blobs = open_blobs(turn.tools.settings.blob_url)
    return collect(turn, arrival_channels.into_queue(blobs, now=turn.now))


def collect(turn: Turn, deliver: Deliver) -> dict[str, int]:
    """Every channel once, until half of the lease is used up: the rest comes first two minutes later."""
    counts: Counter[str] = Counter()
    given = arrival_channels.channels(turn.tools.settings.arrivals)
    for done, channel in enumerate(_turned(given, turn.now)):
        turn.progress("channels", done, len(given))
        if _stopping(turn):
            break
        try:
            outcome = _one(turn, channel, deliver)
        except (WorkflowError, OSError) as error:
            counts["channels_failed"] += 1
            log.warning("channel_failed", channel=channel.words, error=str(error))
            continue
        counts.update(outcome.counts)
        for trouble in outcome.troubles:
            log.warning("arrival_trouble", channel=channel.words, **trouble)
    return dict(counts)


def _turned(given: tuple[Channel, ...], now: dt.datetime) -> tuple[Channel, ...]:
    """Another one first each time, so that none is always the last."""
    first = int(now.timestamp() // 120) % len(given) if given else 0
    return given[first:] + given[:first]


def _stopping(turn: Turn) -> bool:
    return turn.stopping() or turn.tools.clock() > turn.now + LEASE / 2


def _one(turn: Turn, channel: Channel, deliver: Deliver) -> Outcome:
    with unit_of_work(turn.tools.engine) as uow:
        agency_id = arrival_channels.agency_of(uow, channel, today=office_time(turn.now).date())
        mark = arrival_channels.mark_of(uow, channel)
    hand_over = _hand_over(turn.tools, agency_id, deliver)

    def stopping() -> bool:
        return _stopping(turn)

    if channel.server is None:
        return arrival_channels.from_folder(channel, hand_over=hand_over, now=turn.now, stopping=stopping)

    def keep(new: Mark) -> None:
        with unit_of_work(turn.tools.engine) as uow:
            arrival_channels.keep_mark(uow, channel, new)
            uow.commit()

    with mailbox.opened(channel.server) as opened:
        return arrival_channels.from_mailbox(
            opened, mark, hand_over=hand_over, keep=keep, now=turn.now, stopping=stopping
        )


def _hand_over(tools: Tools, agency_id: int, deliver: Deliver) -> HandOver:
    """One file in a unit of work of its own."""

    def hand_over(arrival: Arrival) -> tuple[Handed, str]:
        try:
            with unit_of_work(tools.engine) as uow:
                new = deliver(
                    uow, agency_id, data=arrival.data, filename=arrival.filename, source=arrival.source,
                    facts=arrival.facts,
                )  # fmt: skip
                uow.commit()
        except BadInput as refusal:
            return Handed.REFUSED, refusal.code
        except Exception as error:  # a door: one file that fails stays where it is, and the others are taken
            log.warning("arrival_failed", file=arrival.filename, exc_info=error)
            return Handed.LATER, type(error).__name__
        return (Handed.STORED if new else Handed.KNOWN), ""

    return hand_over


JOB = Job(
    rule=rule("collect"),
    run=run,
    why="Offices scan into a folder and get documents by mail: both must be judged and in the clerk's list without "
    "anybody uploading them, each once.",
    lease=LEASE,
)
