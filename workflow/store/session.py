"""Engine and unit of work: the one place that commits.

An act on one document has three phases: *read*, *compute* (PDF, crypto, network, subprocess: no write
transaction may be open, because with 50 ms of work inside one, four SQLite writers wait for seconds) and
*write* (re-check the version, short). The door that opened the unit of work commits it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session

__all__ = ["Engine", "UnitOfWork", "make_engine", "unit_of_work"]

P = ParamSpec("P")
R = TypeVar("R")

BUSY_TIMEOUT_MS = 10_000
READER = "reader"
"""Name under which a session knows its unit of work's `reader`."""
REHEARSAL = "rehearsal"
"""Name under which a session that will keep nothing has what hears of its messages."""


def make_engine(url: str, *, pool_size: int = 5, durable: bool = True) -> Engine:
    """An engine for SQLite or PostgreSQL, ready for many short-writing processes.

    Its errors do not repeat what a statement was given: they land in ledgers and logs that others read.
    `durable=False` lets SQLite skip its waits for the disk: for data that a crash may cost, such as a demo's.
    """
    if url.startswith("sqlite"):
        return _sqlite_engine(url, durable=durable)
    return create_engine(
        url, pool_pre_ping=True, pool_size=pool_size, max_overflow=pool_size, hide_parameters=True
    )  # fmt: skip


def _sqlite_engine(url: str, *, durable: bool) -> Engine:
    waits = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    engine = create_engine(url, connect_args=waits, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'OFF'}",  # numbers are drawn here: one given is one kept
            "foreign_keys=ON",
            "recursive_triggers=ON",  # what REPLACE deletes meets the triggers on DELETE
            "temp_store=MEMORY",
            "cache_size=-32000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("trinhky_write", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:  # every page begins so, and it waits for nobody: spare it the engine's machinery
            driver: Any = connection.connection.driver_connection
            driver.execute("BEGIN")

    return engine


class UnitOfWork:
    """One act. Services take it first; they may start writing, they never commit.

    Nothing is sent to the database until `flush` (or the commit): a half-changed row never meets a CHECK.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.session = Session(engine, autoflush=False, expire_on_commit=False, info={READER: self.reader})
        self.writing = False
        self._reader: Any = None
        self._last: dict[Hashable, Callable[[], object]] = {}

    def reader(self) -> Any:
        """The driver's connection for prepared reads: the session's own while that is in a transaction, else one
        without any transaction, which costs a fraction of opening one.
        """
        if self.session.in_transaction():
            return self.session.connection().connection
        if self._reader is None:
            self._reader = self.engine.raw_connection()
        return self._reader

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def begin_write(self) -> None:
        """Enter the write phase: ends the read snapshot, so everything read before must be checked again.

        Entities loaded earlier are expired and read anew under the write lock.
        """
        if self.writing:
            return
        self._let_go()
        self.session.rollback()
        self.session.expire_all()
        self.session.connection(execution_options={"trinhky_write": True})
        self.writing = True

    def compute(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run heavy work (`signing`, an adapter); refused while a write transaction is open."""
        if self.writing:
            name = getattr(work, "__qualname__", repr(work))
            raise RuntimeError(f"{name}: heavy work was asked for inside a write transaction")
        self._let_go()
        self.session.rollback()  # no read snapshot is held open through seconds of work either
        return work(*args, **kwargs)

    def commit(self) -> None:
        """Make the act durable. Called by doors only."""
        if REHEARSAL in self.session.info:
            raise RuntimeError("a dry run was about to be kept")
        while self._last:
            self._last.pop(next(iter(self._last)))()
        self.session.commit()
        self.writing = False

    def rehearse(self, work: Callable[[], R], *, told: Callable[[dict[str, Any]], object]) -> R:
        """Do everything an act does up to its commit, and forget it; `told` hears of each message it would have
        queued."""
        self.session.info[REHEARSAL] = told
        try:
            result = work()
            while self._last:
                self._last.pop(next(iter(self._last)))()
            self.session.flush()
        finally:
            self.rollback()
            del self.session.info[REHEARSAL]
        return result

    def rehearse_part(self, work: Callable[[UnitOfWork], R]) -> R:
        """Within `rehearse`: one act of many in a unit of work of its own, forgotten at its end, so that nobody
        waits for all of them; who listens here hears what it would have told, unless it was refused."""
        heard: list[dict[str, Any]] = []
        with unit_of_work(self.engine) as part:
            result = part.rehearse(lambda: work(part), told=heard.append)
        for one in heard:
            self.session.info[REHEARSAL](one)
        return result

    def before_commit(self, key: Hashable, work: Callable[[], object]) -> None:
        """Have something written last in this act, in the same transaction, once for each key: what follows from
        everything that the act changed, however many of its parts asked for it."""
        self._last[key] = work

    def rollback(self) -> None:
        """Forget everything since the last commit."""
        self._last.clear()
        self.session.rollback()
        self.writing = False

    def close(self) -> None:
        """Give the connection back."""
        self._let_go()
        if self.session.in_transaction():
            self.session.close()
        self.writing = False

    def add(self, *rows: Any) -> None:
        """Stage new rows."""
        self.session.add_all(rows)

    def flush(self) -> None:
        """Send staged rows, so that keys are known and CHECKs speak."""
        self.session.flush()


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[UnitOfWork]:
    """`with unit_of_work(engine) as uow: service(uow, …); uow.commit()`: no commit, nothing kept."""
    uow = UnitOfWork(engine)
    try:
        yield uow
    except BaseException:
        uow.rollback()
        raise
    finally:
        uow.close()
