"""Seeding the demo province: lay it out, then let two processes live its offices' six months.

First every office writes its own papers, some of which go to others by the exchange; then each receives what came,
by the exchange and from outside; at last one sender has second thoughts.
"""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from workflow.adapters.blobs import Blobs, open_blobs
from workflow.config import Settings
from workflow.demo import authority, desks, dossiers, inspecting, province, waiting
from workflow.demo.arrivals import Arrivals
from workflow.demo.closing import close_months
from workflow.demo.founding import Founded, Founder
from workflow.demo.lately import lately
from workflow.demo.life import PUBLISHED, Life
from workflow.demo.province import Agency
from workflow.demo.publisher import publish
from workflow.demo.recalling import second_thoughts
from workflow.demo.schedule import plans
from workflow.domain.incoming import Source
from workflow.services.calendar import working_calendar
from workflow.services.installation import seed_reference
from workflow.services.journal import OFFICE_ZONE
from workflow.store.models import Incoming, Outgoing
from workflow.store.session import Engine, make_engine, unit_of_work

SEAL_KEYS = "seal-keys.json"

Progress = Callable[[int, int], None]
Say = Callable[[str], None]


def run(
    settings: Settings,
    *,
    day: dt.date,
    fresh: bool,
    progress: Progress,
    say: Say = lambda _phase: None,
    every: int = 1,
) -> None:
    """Fill an empty, migrated database. `day` is the province's today; the data lies in the six months before it.

    `progress(done, total)` counts documents; `say` names each phase as it begins. `every`: of the older papers that
    have no story only each so many is lived, for tests.
    Doing it again on the same day gives the same documents.
    """
    engine = make_engine(settings.database_url, durable=False)
    blobs = open_blobs(settings.blob_url, durable=False)
    now = dt.datetime.combine(day, PUBLISHED, tzinfo=OFFICE_ZONE)
    say("founding the offices: people, registers, keys and certificates")
    with unit_of_work(engine) as uow:
        seed_reference(uow)
        uow.commit()
    with unit_of_work(engine) as uow:
        uow.begin_write()
        founded = Founder(uow, blobs, now=now, today=day).found()
        uow.commit()
    say("living through six months of papers")
    _live_everywhere(settings, founded, day=day, engine=engine, progress=progress, every=every)
    say("this morning: replies have gone out, one paper is recalled, one replaced")
    _afterwards(settings, founded, day=day)
    dossiers.keep(engine, founded, day=day)
    say("the last days: opinions and initials, a correction, copies by post and certified ones, many at once")
    with _lives(settings, founded, day=day) as life_of:
        lately(life_of(next(one for one in province.agencies() if one.story == "tour")))
        for one in province.agencies():
            if one.story in {"tour", "overdue"}:
                waiting.left(life_of(one))
    waiting.opened(engine)
    inspecting.figures(engine, founded, day=day)
    say("closing the figures of the months before")
    close_months(engine, now=now)
    inspecting.inspection(engine, founded, day=day)
    say("laying down the agencies' keys and publishing the revocation lists")
    _seal_keys(settings, founded)
    _authority_files(settings)
    publish(engine, now=now, folder=authority.folder(settings))
    engine.dispose()


def _seal_keys(settings: Settings, founded: Founded) -> None:
    """Keys of the agencies whose head allowed the server-held seal: beside the database, for the owner alone."""
    folder = Path(settings.blob_url).parent
    listing = {}
    for agency in province.agencies():
        if agency.server_seal:
            identity = authority.organisation(
                authority.issuing(), agency, number=founded.numbers[agency.key, "seal"]
            )
            name = f"seal-{agency.key}.p12"
            _write_private(folder / name, identity.pkcs12(authority.PASSWORD))
            listing[str(founded.agencies[agency.key])] = {"file": name, "password": authority.PASSWORD}
    _write_private(folder / SEAL_KEYS, json.dumps(listing).encode())


def _authority_files(settings: Settings) -> None:
    """What openssl needs to issue a visitor a certificate, beside the database (README, "A key of your own")."""
    folder = authority.folder(settings)
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, content in authority.for_openssl().items():
        _write_private(folder / name, content)


def _write_private(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _live_everywhere(
    settings: Settings, founded: Founded, *, day: dt.date, engine: Engine, progress: Progress, every: int
) -> None:
    """The biggest offices first, so that both processes end together; nobody receives before all have written."""
    agencies = province.agencies()
    with unit_of_work(engine) as uow:
        calendar = working_calendar(uow)
    written = {one.key: len(plans(one, today=day, calendar=calendar, every=every)) for one in agencies}
    coming = {one.key: len(desks.plans_of(one)) for one in agencies}
    total = sum(written.values()) + sum(coming.values())
    workers = min(4, max(2, os.cpu_count() or 2))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        for task, sizes in ((partial(_write, every=every), written), (_receive, coming)):
            order = sorted(agencies, key=lambda one: -sizes[one.key])
            futures = [pool.submit(task, settings, founded, one.key, day) for one in order]
            _watch(futures, partial(_count, engine), total, progress)
    progress(total, total)


def _watch(futures: list[Future[int]], count: Callable[[], int], total: int, progress: Progress) -> None:
    """Report until all are done; stop the rest when one failed or the person gave up."""
    waiting = set(futures)
    try:
        while waiting:
            done, waiting = wait(waiting, timeout=0.3)
            for future in done:
                future.result()
            progress(min(count(), total), total)
    except BaseException:
        for future in waiting:
            future.cancel()
        raise


def _count(engine: Engine) -> int:
    with unit_of_work(engine) as uow:
        from_outside = uow.session.query(Incoming.id).where(Incoming.source != Source.EXCHANGE).count()
        return uow.session.query(Outgoing.id).count() + from_outside


def _write(settings: Settings, founded: Founded, agency_key: str, day: dt.date, *, every: int) -> int:
    """In a worker process: all of one agency's own papers, in order."""
    with _lives(settings, founded, day=day) as life_of:
        return life_of(_agency(agency_key)).live(every=every)


def _receive(settings: Settings, founded: Founded, agency_key: str, day: dt.date) -> int:
    """In a worker process: what came to one agency."""
    with _lives(settings, founded, day=day) as life_of:
        return Arrivals(life_of(_agency(agency_key))).live()


def _afterwards(settings: Settings, founded: Founded, *, day: dt.date) -> None:
    with _lives(settings, founded, day=day) as life_of:
        second_thoughts({one.key: life_of(one) for one in province.agencies()})


def _agency(key: str) -> Agency:
    return next(found for found in province.agencies() if found.key == key)


@contextmanager
def _lives(settings: Settings, founded: Founded, *, day: dt.date) -> Iterator[Callable[[Agency], Life]]:
    """Lives on an engine of this process's own."""
    engine = make_engine(settings.database_url, durable=False)
    blobs: Blobs = open_blobs(settings.blob_url, durable=False)
    try:
        yield lambda agency: Life(engine, blobs, founded, agency=agency, today=day, base_url=settings.base_url)
    finally:
        engine.dispose()
