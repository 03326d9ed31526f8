"""Fetch revocation lists and answers ahead of time, and say so before they run out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import structlog

from schedulers.job import Job, Result, Turn
from signing.fetch import FetchSettings
from workflow.domain.evidence import GOOD
from workflow.domain.jobs import rule
from workflow.services import evidence_fetching as service
from workflow.services.evidence_fetching import Answer
from workflow.services.evidence_places import Place
from workflow.services.fetching import fetch_settings
from workflow.services.revoked_notices import find_revoked, tell_revoked
from workflow.services.trust_evidence import ageing
from workflow.store.session import unit_of_work

log = structlog.get_logger("schedulers")

LEASE = dt.timedelta(minutes=10)
PATIENCE = LEASE / 2
"""Of the asking; what is left is asked next time. The first address of each host is asked in any case."""
HOSTS_AT_ONCE = 8


def run(turn: Turn) -> Result:
    """The network outside of every transaction, one unit of work for each thing that came. Who is told, and that
    the turn is done, become durable together."""
    tools = turn.tools
    settings = fetch_settings(tools.settings)
    counts = Counter(new=0, unchanged=0, failed=0)
    if not settings.hosts:
        counts["unlisted"] = 1
    with unit_of_work(tools.engine) as uow:
        places = service.due(uow, settings, now=turn.now)
        uow.commit()
    for done, (place, answer) in enumerate(_asked(turn, places, settings)):
        with unit_of_work(tools.engine) as uow:
            came = service.take(uow, place, answer, asked_at=turn.now, now=tools.clock())
            uow.commit()
        counts[came if came in GOOD else "failed"] += 1
        if came not in GOOD:
            log.warning("evidence_not_fetched", url=place.url, reason=came)
        turn.progress("addresses", done + 1, len(places))
    now = tools.clock()  # an answer may have been given since the turn began
    revoked, evidence = find_revoked(turn.uow, now=now), ageing(turn.uow, now=now)
    counts["revoked"] = tell_revoked(turn.uow, revoked, now=now)
    counts["told"] = service.watch(turn.uow, evidence, now=now)
    return dict(counts)


def _asked(turn: Turn, places: Sequence[Place], settings: FetchSettings) -> Iterator[tuple[Place, Answer]]:
    """Hosts beside each other, the addresses of one host after each other: a dead one holds up none but its own."""
    queues: dict[str, list[Place]] = {}
    for place in places:
        queues.setdefault(place.host, []).append(place)
    with ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="evidence") as pool:
        running: dict[Future[Answer], Place] = {}

        def go_on(host: str) -> None:
            if queues[host] and not turn.stopping():
                place = queues[host].pop(0)
                running[pool.submit(service.ask, place, settings, at=turn.now)] = place

        for host in queues:
            go_on(host)
        while running:
            finished, _rest = wait(running, return_when=FIRST_COMPLETED)
            for one in finished:
                place = running.pop(one)
                yield place, one.result()
                if turn.tools.clock() < turn.now + PATIENCE:
                    go_on(place.host)


JOB = Job(
    rule=rule("revocation"),
    run=run,
    why="A signature is decided only by a list or an answer that is young enough: nobody should find out at the "
    "signing page that yesterday's is the newest.",
    lease=LEASE,
)
