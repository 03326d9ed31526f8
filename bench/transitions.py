"""An outgoing document's transition, through the services and committed, against one row inserted and committed.

The row is a line of history, written as the program writes one (unit of work, mapped row, the table's own keys).

PostgreSQL (the wheel's, set to wait for the disk as an office's server) and SQLite, with 1, 2 and 4 processes that
write at once. A transition is one act with everything that it leaves in production: rule, row lock, history, hash
chain, clocks, search row. Figures are seconds an act, over all writers. `hot`: four clerks number in one register,
`spread`: each in a register of their own.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from bench.desks import found, gaps
from bench.harness import Measured, interleave
from bench.writers import Crew, working
from tests.support import postgresql
from workflow.store.session import make_engine

WRITERS = (1, 2, 4)
MOST = max(WRITERS)
INSERTS, LAPS, NUMBERS = 100, 4, 20
"""Of each writer in a round; a lap has eleven transitions."""
OVER_INSERT, HOT_OVER_SPREAD = 6, 2.5


def measure(runs: int) -> Measured:
    """Found an office on either database, start the writers, measure."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-transitions-")))
        urls = {"postgresql": stack.enter_context(_postgresql()), "sqlite": f"sqlite:///{folder / 'trinhky.db'}"}
        crews = {name: _crew(stack, name, url) for name, url in urls.items()}
        sent = {f"statements_{name}": crew.statements("road") for name, crew in crews.items()}
        print(f"measuring: {sent}", file=sys.stderr)
        sides: dict[str, Callable[[], float]] = {}
        for name, crew in crews.items():
            sides |= _sides(name, crew)
        figures = interleave(sides, runs)
        broken = [gap for url in urls.values() for gap in _gaps(url)]
    for name in crews:
        for kind in ("insert", "transition"):
            figures[f"{kind}_{name}"] = [
                sum(each) for each in zip(*(figures[f"{kind}_{name}_{n}"] for n in WRITERS), strict=True)
            ]
    return Measured(
        figures=figures, ratios=_ratios(), goals=_goals(), broken=tuple(broken),
        facts={**sent, "transitions_a_round": {n: 11 * LAPS * n for n in WRITERS}},
    )  # fmt: skip


@contextmanager
def _postgresql() -> Iterator[str]:
    """A database of the wheel's server, which is gone with this process."""
    socket = postgresql.start(os.getpid(), durable=True)
    admin = create_engine(postgresql.url(socket), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE bench"))
    admin.dispose()
    yield postgresql.url(socket, "bench")


def _crew(stack: ExitStack, name: str, url: str) -> Crew:
    print(f"founding the offices on {name}", file=sys.stderr)
    found(url)
    return stack.enter_context(working(url, writers=MOST))


def _sides(name: str, crew: Crew) -> dict[str, Callable[[], float]]:
    def side(what: str, writers: int, times: int) -> Callable[[], float]:
        return lambda: crew.spend(what, writers=writers, times=times)

    made = {}
    for writers in WRITERS:
        made[f"insert_{name}_{writers}"] = side("insert", writers, INSERTS)
        made[f"transition_{name}_{writers}"] = side("road", writers, LAPS)
    return {**made, **{f"{what}_{name}": side(what, MOST, NUMBERS) for what in ("hot", "spread")}}


def _gaps(url: str) -> list[str]:
    engine = make_engine(url)
    try:
        return gaps(engine)
    finally:
        engine.dispose()


def _ratios() -> dict[str, tuple[str, str]]:
    """`transition_over_insert_…`: 1, 2 and 4 writers together; besides each number of writers by itself."""
    found: dict[str, tuple[str, str]] = {}
    for name in ("postgresql", "sqlite"):
        found[f"transition_over_insert_{name}"] = (f"transition_{name}", f"insert_{name}")
        for writers in WRITERS:
            pair = (f"transition_{name}_{writers}", f"insert_{name}_{writers}")
            found[f"transition_over_insert_{name}_{writers}"] = pair
        found[f"hot_over_spread_{name}"] = (f"hot_{name}", f"spread_{name}")
    return found


def _goals() -> dict[str, Any]:
    """Of PostgreSQL; SQLite, where one writer writes at a time whatever they write, is reported."""
    return {
        "transition_over_insert_postgresql": ("<=", OVER_INSERT),
        "hot_over_spread_postgresql": ("<=", HOT_OVER_SPREAD),
    }
