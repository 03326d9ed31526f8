"""What a scheduler asks when nothing is due, with a million documents of either kind against ten thousand.

On SQLite and PostgreSQL. `look`: what one tick asks of every job, over the whole table of jobs. `turns`: what the
jobs that run every few minutes ask in a turn without work, one after the other. Figures are seconds; `million` and
`ten_thousand` are the looks of both databases together. About 1,400 outgoing documents are open at either size, as
in an office; those besides are closed copies.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, select, text

from bench import arrivals
from bench.harness import Measured, interleave
from bench.office import build
from schedulers import logs
from schedulers.due import look
from schedulers.job import Job, Tools, Turn
from schedulers.runner import run_due
from schedulers.table import JOBS, job
from tests.support import postgresql
from workflow.config import Settings
from workflow.store.models import Incoming, Outgoing, Unit
from workflow.store.session import make_engine, unit_of_work

SEEDED, COPIES = 10_000, 99
SIZES = ("ten_thousand", "million")
NOW = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
LOOKS, TURNS = 40, 5
"""In a round."""
QUERIES, GROWTH = 5, 1.5
CLOSED = "'issued', 'filed'"
IDLE = replace(job("recheck"), run=lambda _turn: {})
"""These documents have no files to judge."""


def measure(runs: int) -> Measured:
    """Fill four databases, run everything once, see that nothing is due, measure."""
    logs.configure()  # to stderr: stdout is the figures
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-due-")))
        urls = {f"sqlite_{size}": f"sqlite:///{folder / size}.db" for size in SIZES}
        urls |= {f"postgresql_{size}": url for size, url in zip(SIZES, _postgresql(stack), strict=True)}
        clocks = {name: _ready(stack, name, url, folder) for name, url in urls.items()}
        sent = {name: _sent(tools) for name, tools in clocks.items()}
        print(f"measuring: {sent}", file=sys.stderr)
        sides: dict[str, Callable[[], float]] = {}
        for name, tools in clocks.items():
            sides[f"look_{name}"] = _timed(lambda tools=tools: look(tools, JOBS), LOOKS)  # type: ignore[misc]
            sides[f"turns_{name}"] = _timed(lambda tools=tools: _turns(tools), TURNS)  # type: ignore[misc]
        figures = interleave(sides, runs)
    for size in SIZES:
        both = (figures[f"look_sqlite_{size}"], figures[f"look_postgresql_{size}"])
        figures[size] = [sum(each) for each in zip(*both, strict=True)]
    ratios = {"million_over_ten_thousand": ("million", "ten_thousand")}
    for kind in ("look", "turns"):
        for database in ("sqlite", "postgresql"):
            sizes = (f"{kind}_{database}_million", f"{kind}_{database}_ten_thousand")
            ratios[f"{kind}_{database}_million_over_ten_thousand"] = sizes
    return Measured(
        figures=figures, ratios=ratios, goals=dict.fromkeys(ratios, ("<=", GROWTH)),
        facts={"documents": {"ten_thousand": SEEDED, "million": SEEDED * (COPIES + 1)}, "queries": sent},
        broken=tuple(
            f"{name}: a look asks {count['look']} times" for name, count in sent.items() if count["look"] > QUERIES
        ),
    )  # fmt: skip


def _timed(work: Callable[[], object], times: int) -> Callable[[], float]:
    def run() -> float:
        begun = time.perf_counter()
        for _time in range(times):
            work()
        return (time.perf_counter() - begun) / times

    return run


def _postgresql(stack: ExitStack) -> list[str]:
    """Databases of the wheel's server, which is gone with this process."""
    socket = postgresql.start(os.getpid(), durable=False)
    admin = create_engine(postgresql.url(socket), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for size in SIZES:
            connection.execute(text(f"CREATE DATABASE {size}"))
    admin.dispose()
    return [postgresql.url(socket, size) for size in SIZES]


def _ready(stack: ExitStack, name: str, url: str, folder: Path) -> Tools:
    """A filled database on which every job has run to its end."""
    print(f"filling {name}", file=sys.stderr)
    build(url, documents=SEEDED, now=NOW)
    engine = make_engine(url, durable=False)
    stack.callback(engine.dispose)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        parts: dict[int, list[int]] = {}
        for unit in uow.session.scalars(select(Unit).where(Unit.kind == "part")):
            parts.setdefault(unit.agency_id or 0, []).append(unit.id)
        arrivals.fill(uow, [(key, tuple(found)) for key, found in parts.items()], documents=SEEDED, now=NOW)
        uow.commit()
    with engine.begin() as connection:
        connection.execute(text("UPDATE outgoing SET step_due_at = NULL, due_at = NULL"))
        connection.execute(text("UPDATE incoming SET due_at = NULL"))
        if name.endswith("million"):
            _copy(connection, Outgoing.__table__, f"state IN ({CLOSED})", total=SEEDED * COPIES)
            _copy(connection, Incoming.__table__, "1 = 1", total=SEEDED * COPIES)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    settings = Settings(database_url=url, blob_url=str(folder / "blobs"), secret_key="k" * 32)
    tools = Tools(engine, settings, lambda: NOW)
    for _time in range(3):
        for one in JOBS:
            run_due(tools, IDLE if one.name == IDLE.name else one)
    if found := look(tools, JOBS):
        raise RuntimeError(f"{name}: still due: {sorted(found)}")
    return tools


def _copy(connection: Any, table: Any, which: str, *, total: int) -> None:
    """So many rows more, each like one that is there but for its key and what is unique, within the database."""
    names = [column.name for column in table.columns]
    own = {"id": f"id + {SEEDED} * n", "code": "'C' || (id + 10000 * n)"}
    chosen = ", ".join(own.get(name, name) for name in names)
    matching = connection.scalar(text(f"SELECT count(*) FROM {table.name} WHERE {which}"))
    times = -(-total // matching)
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :times) "
    insert = f"INSERT INTO {table.name} ({', '.join(names)}) {numbers} "
    query = f"SELECT {chosen} FROM {table.name} CROSS JOIN numbers WHERE {which} LIMIT :total"
    connection.execute(text(insert + query), {"times": times, "total": total})


def _frequent() -> Sequence[Job]:
    return [one for one in JOBS if one.rule.frequent]


def _turns(tools: Tools) -> None:
    for one in _frequent():
        _turn(tools, one)


def _turn(tools: Tools, one: Job) -> None:
    with unit_of_work(tools.engine) as uow:
        one.run(Turn(uow=uow, tools=tools, period="", cut_off=NOW, now=NOW))


def _sent(tools: Tools) -> dict[str, int]:
    """Statements of a look, and of a turn of each job that has nothing to do."""
    with _counted(tools.engine) as sent:
        look(tools, JOBS)
        counts = {"look": len(sent)}
        for one in _frequent():
            sent.clear()
            _turn(tools, one)
            counts[one.name] = len(sent)
    return counts


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
