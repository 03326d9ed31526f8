"""Reports of a province of 500 units over twenty-five years against half a year of it.

A closed month and the running one of all agencies, and the page of what is overdue, as the services give them to
pages: on PostgreSQL with 100,000, a million and five million documents, on SQLite with the first two. Data come
from `bench.seed` and stay for the next run. Figures are seconds; `open_1M` and `open_100k` are both databases
together. `queries`: statements of each, and of every board with its targets and its twelve months, which half a
year does not have: all agencies, one, a unit, a person, a comparison; `dashboard_queries`: the most that any asks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Engine, event, select

from bench.corpus import NOW
from bench.harness import Measured, interleave
from bench.seed import KEPT, fill, kept_server
from workflow.domain.indicators import INDICATORS, Population
from workflow.domain.people import Actor, Role
from workflow.domain.periods import Period, month
from workflow.domain.permissions import Scope
from workflow.services.figures import board_months, boards
from workflow.services.figures.board_targets import targets_of
from workflow.services.figures.boards import Board
from workflow.services.incoming import overdue
from workflow.services.journal import local_day
from workflow.store.mandates import as_post
from workflow.store.models import Outgoing, PostRow, Unit
from workflow.store.overdue import Narrow
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

SIZES = {"100k": 100_000, "1M": 1_000_000, "5M": 5_000_000}
ON_SQLITE = ("100k", "1M")
QUERIES = 12
"""Of a dashboard, at any size."""
RUNNING = month(local_day(NOW))
GOALS = {
    "closed_5M_over_100k_postgresql": 1.5, "open_1M_over_100k": 1.5, "overdue_5M_over_100k_postgresql": 2.0,
}  # fmt: skip


class Reader:
    """Somebody of the province who sees every agency."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with unit_of_work(engine) as uow:
            agencies = uow.session.scalars(select(Unit.id).where(Unit.kind == "agency").order_by(Unit.id)).all()
            post = uow.session.scalars(select(PostRow).where(PostRow.role == Role.LEADER).limit(1)).one()
            self.scope, self.actor = Scope(agency_ids=tuple(agencies)), Actor.of(as_post(post))
            signed = select(Outgoing.unit_id, Outgoing.signer_id).where(
                Outgoing.agency_id == agencies[0], Outgoing.issued_at >= RUNNING.before.start,
                Outgoing.unit_id != agencies[0],
            )  # fmt: skip
            self.unit, self.signer = uow.session.execute(signed.limit(1)).one()

    def month(self, one: Period) -> Callable[[], int]:
        """All counts of a month, of every unit and person."""
        asked = board_months.Asked(one, one.before, NOW, (one,), (), (one,))

        def read(uow: UnitOfWork) -> int:
            stood = dict.fromkeys(self.scope.agency_ids, (one.key,))
            found = board_months.read(
                uow, self.scope, asked, stock=frozenset(Population), trend=frozenset(Population), stood=stood,
                by_part=True,
            )  # fmt: skip
            return sum(line[-1] for line in found.lines)

        return self._within(read)

    def overdue(self) -> Callable[[], int]:
        """The page of what is overdue, 200 lines of it."""
        return self._within(
            lambda uow: len(overdue.overdue_now(uow, self.scope, now=NOW, narrow=Narrow()).documents)
        )

    def boards(self) -> dict[str, Callable[[], int]]:
        """Each board with what its page says of targets: every agency with one rate and with all, the first agency,
        its first unit and signer; with twelve months."""
        what = {"asked": board_months.asked("", "", now=NOW), "indicator": INDICATORS[0]}
        mine = {**what, "agency_id": self.scope.agency_ids[0]}

        def agency(uow: UnitOfWork, **more: Any) -> Board:
            return boards.of_agency(uow, self.actor, self.scope, **mine, **more)

        def person(uow: UnitOfWork) -> Board:
            return boards.of_person(uow, self.actor, self.scope, **mine, person_id=self.signer)

        made: dict[str, Callable[[UnitOfWork], Board]] = {
            "board": lambda uow: boards.of_agencies(uow, self.actor, self.scope, **what),
            "board_compared": lambda uow: boards.of_agencies(uow, self.actor, self.scope, **what, every=True),
            "board_agency": agency, "board_unit": lambda uow: agency(uow, unit_id=self.unit),
            "board_person": person,
        }  # fmt: skip
        return {name: self._shown(board) for name, board in made.items()}

    def _shown(self, made: Callable[[UnitOfWork], Board]) -> Callable[[], int]:
        def read(uow: UnitOfWork) -> int:
            found = made(uow)
            targets_of(uow, found)
            return len(found.rows) or len(found.people)

        return self._within(read)

    def _within(self, work: Callable[[UnitOfWork], int]) -> Callable[[], int]:
        def done() -> int:
            with unit_of_work(self.engine) as uow:
                return work(uow)

        return done

    def sent(self, work: Callable[[], int]) -> int:
        """Statements of it."""
        found: list[str] = []

        def note(*given: Any) -> None:
            found.append(given[2])

        event.listen(self.engine, "before_cursor_execute", note)
        work()
        event.remove(self.engine, "before_cursor_execute", note)
        return len(found)


def measure(runs: int) -> Measured:
    """Fill what is not there, see that every page shows something, measure."""
    with ExitStack() as stack:
        server = stack.enter_context(kept_server())
        urls = {f"postgresql_{size}": server.database(number) for size, number in SIZES.items()}
        urls |= {f"sqlite_{size}": f"sqlite:///{KEPT / size}.db" for size in ON_SQLITE}
        readers: dict[str, Reader] = {}
        for name, url in urls.items():
            took = fill(url, SIZES[name.partition("_")[2]])
            print(f"{name}: {took:.0f} s", file=sys.stderr)
            engine = make_engine(url, durable=False)
            stack.callback(engine.dispose)
            readers[name] = Reader(engine)
        works = [
            (f"{what}_{name}", reader, work)
            for name, reader in readers.items() for what, work in _pages(reader).items()
        ]  # fmt: skip
        shown = {name: work() for name, _reader, work in works}
        queries = {name: reader.sent(work) for name, reader, work in works}
        timed = {name: _timed(work) for name, _reader, work in works if not name.startswith("board")}
        figures = interleave(timed, runs)
    for size in ON_SQLITE:
        both = (figures[f"open_sqlite_{size}"], figures[f"open_postgresql_{size}"])
        figures[f"open_{size}"] = [sum(each) for each in zip(*both, strict=True)]
    ratios = {f"{what}_5M_over_100k_postgresql": (f"{what}_postgresql_5M", f"{what}_postgresql_100k")
              for what in ("closed", "open", "overdue")}  # fmt: skip
    ratios["open_1M_over_100k"] = ("open_1M", "open_100k")
    empty = [f"{name} shows nothing" for name, number in shown.items() if not number]
    boards_asked = {name: number for name, number in queries.items() if name.startswith("board")}
    asked = [f"{name} asks {number} times" for name, number in boards_asked.items() if number > QUERIES]
    return Measured(
        figures=figures, ratios=ratios, goals={name: ("<=", goal) for name, goal in GOALS.items()},
        facts={"dashboard_queries": max(boards_asked.values()), "queries": queries, "shown": shown},
        broken=(*empty, *asked),
    )  # fmt: skip


def _pages(reader: Reader) -> dict[str, Callable[[], int]]:
    return {
        "closed": reader.month(RUNNING.before), "open": reader.month(RUNNING), "overdue": reader.overdue(),
        **reader.boards(),
    }  # fmt: skip


def _timed(work: Callable[[], int]) -> Callable[[], float]:
    def run() -> float:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return run
