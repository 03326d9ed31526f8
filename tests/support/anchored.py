"""Journals with anchors, and the hand of somebody who owns the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from tests.support.office import NOON
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services import anchoring, journal
from workflow.store.append_only import GROWING
from workflow.store.models import Anchor
from workflow.store.session import unit_of_work


def write(engine: Engine, *subjects: str, now: dt.datetime = NOON) -> None:
    """An entry in each of some chains, in one transaction."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for subject in subjects:
            journal.record(
                uow, subject=subject, tag="unit:tree:moved", facts={"note": "ghi"}, actor=SYSTEM_ACTOR, now=now
            )
        uow.commit()


def anchor(engine: Engine, period: str, *, now: dt.datetime = NOON) -> Anchor:
    """All that is new, in as many parts as it takes; the last one."""
    part = 0
    while True:
        with unit_of_work(engine) as uow:
            row = anchoring.keep(
                uow, anchoring.prepare(uow, now=now, going_on=part > 0), period=period, part=part
            )  # fmt: skip
            uow.commit()
            if not row.more:
                return row
        part += 1


@contextmanager
def owner(engine: Engine) -> Iterator[Connection]:
    """Whoever may do anything: triggers and references are out of the way."""
    with engine.connect().execution_options(trinhky_write=True) as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if engine.dialect.name == "sqlite":
                named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
                for table in GROWING:
                    for name in connection.scalars(text(named), {"table": table}).all():
                        connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
        if engine.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
