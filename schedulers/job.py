"""What a job is: a name, when, what, why."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from schedulers.schedules import Schedule
from workflow.config import Settings
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`lease`: longer than a run takes; after that another process takes the period over.

    `frequent`: runs every few minutes; its finished lines in the ledger are kept for two days only.
    """

    name: str
    schedule: Schedule
    run: Callable[[Turn], Result]
    why: str
    lease: dt.timedelta = dt.timedelta(minutes=5)
    frequent: bool = False
