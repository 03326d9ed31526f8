"""The demo's authorities at work: revocation lists at every start and every six hours, and timestamps.

A process of its own, as a real authority is somebody else's machine. `python -m workflow.demo.publisher`
"""

from __future__ import annotations

import datetime as dt
import signal
import threading
from pathlib import Path

from signing.testing import Revoked
from workflow.config import from_environment
from workflow.demo import authority, stamping
from workflow.demo.life import revoked_at
from workflow.store import office
from workflow.store.session import Engine, make_engine, unit_of_work

EVERY = dt.timedelta(hours=6)


def publish(engine: Engine, *, now: dt.datetime, folder: Path) -> None:
    """Fresh lists of both authorities, with the one lost key of the story; in `folder` as files."""
    with unit_of_work(engine) as uow:
        demo = office.setting(uow.session, "demo") or {}
    day = dt.date.fromisoformat(str(demo["day"]))
    entry = Revoked(int(demo["revoked_serial"]), revoked_at(day), "keyCompromise")
    authority.publish(engine, at=now, revoked=(entry,), folder=folder)


def main() -> None:
    """Publish until told to stop."""
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    settings = from_environment()
    engine = make_engine(settings.database_url, pool_size=1)
    if settings.tsa_url:
        stamping.serve(settings.tsa_url)
    while not stop.is_set():
        publish(engine, now=dt.datetime.now(dt.UTC).replace(microsecond=0), folder=authority.folder(settings))
        stop.wait(EVERY.total_seconds())


if __name__ == "__main__":
    main()
