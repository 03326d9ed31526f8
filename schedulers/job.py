"""What a job is: a line of the table (`workflow.domain.jobs`), and what it does."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from schedulers.watch import NOBODY, Watch
from workflow.config import Settings
from workflow.domain.jobs import JobRule
from workflow.domain.schedules import Schedule
from workflow.store.session import Engine, UnitOfWork

Result = Mapping[str, int | str]
"""What the ledger keeps of a run: small counts."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a scheduler process works with. `clock` is the wall clock of this door.

    `linger`: how long into its turn a job that people wait for may go on looking for work; nothing where a turn is
    run by hand.
    """

    engine: Engine
    settings: Settings
    clock: Callable[[], dt.datetime]
    stopping: threading.Event = field(default_factory=threading.Event)
    linger: dt.timedelta = dt.timedelta()


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of one period.

    `cut_off` is the moment the period stands for; `now` when it really runs. What a job writes through `uow` and
    the line in the ledger become durable together, once, when the runner commits; effects of another kind (mail,
    files) a job makes safe to repeat.
    """

    uow: UnitOfWork
    tools: Tools
    period: str
    cut_off: dt.datetime
    now: dt.datetime
    watch: Watch = NOBODY

    def stopping(self) -> bool:
        """Whether to end after the present step: this process is told to, or an administrator asked this run."""
        return self.tools.stopping.is_set() or self.watch.stop_asked()

    def progress(self, doing: str, done: int, of: int | None = None) -> None:
        """Say that a step is done; `doing`: what is counted, a word of `workflow.web.job_results.STEPS`.

        Puts the lease off. Goes over a connection of its own, so what `uow` has open stays open; inside of a write
        phase it says nothing, since SQLite has one writer. Raises `Conflict("lease_lost")` where somebody took this
        run over meanwhile.
        """
        if not self.uow.writing:
            self.watch.tell(doing, done, of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`rule`: its line of the table. `lease`: longer than one step takes, or a whole run that tells no progress;
    after that another process takes the period over.

    `rehearse`: the same work for a dry run, in `turn.uow` only, which is rolled back; for jobs whose effects lie in
    the database. Most hand their `run`.
    """

    rule: JobRule
    run: Callable[[Turn], Result]
    why: str
    lease: dt.timedelta = dt.timedelta(minutes=5)
    rehearse: Callable[[Turn], Result] | None = None

    @property
    def name(self) -> str:
        """As the ledger and the shell know it."""
        return self.rule.name

    @property
    def schedule(self) -> Schedule:
        """When it is due."""
        return self.rule.schedule
