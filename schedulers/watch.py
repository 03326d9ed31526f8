"""What a run says while it works, over a connection of its own, and whether it was asked to stop."""

from __future__ import annotations

import datetime as dt
import time

import structlog

from workflow.domain.errors import Conflict, WorkflowError
from workflow.store import clock
from workflow.store.clock import Claim
from workflow.store.session import Engine, unit_of_work

log = structlog.get_logger("schedulers")

PAUSE = 1.0
"""Seconds between two words: a job may tell every step, however short."""


class Watch:
    """Of nobody: what a turn has that no ledger knows of."""

    asked = False
    """Whether it was asked to stop, as last seen."""

    def tell(self, doing: str, done: int, of: int | None) -> None:
        """A step is done."""

    def stop_asked(self) -> bool:
        """Whether an administrator asked this run to stop."""
        return False


NOBODY = Watch()


class Heart(Watch):
    """Of a claimed line. Only steps that were done put the lease off: who hangs loses it."""

    def __init__(self, engine: Engine, held: Claim, lease: dt.timedelta) -> None:
        self.engine = engine
        self.held = held
        self.lease = lease
        self.asked = False
        self._told = self._looked = time.monotonic() - PAUSE
        self._last: tuple[str, int] | None = None

    def tell(self, doing: str, done: int, of: int | None) -> None:
        """At most once a second, and only of something new. Words that cannot be written hold nobody up."""
        if (doing, done) == self._last or time.monotonic() - self._told < PAUSE:
            return
        try:
            found = self._beat(doing, done, of)
        except WorkflowError:
            raise
        except Exception as error:  # noqa: BLE001  a busy database must not end the work of an hour
            log.warning("progress_not_told", job=self.held.job, period=self.held.period, error=type(error).__name__)
            return
        finally:
            self._told = time.monotonic()
        self._last = (doing, done)
        if found is None:
            raise Conflict("lease_lost", job=self.held.job, period=self.held.period, attempt=self.held.attempt)
        self.asked = found

    def stop_asked(self) -> bool:
        """Looks at most once a second."""
        if not self.asked and time.monotonic() - max(self._looked, self._told) >= PAUSE:
            with unit_of_work(self.engine) as uow:
                self.asked = clock.stop_asked(uow.session, self.held)
            self._looked = time.monotonic()
        return self.asked

    def _beat(self, doing: str, done: int, of: int | None) -> bool | None:
        with unit_of_work(self.engine) as uow:
            uow.begin_write()
            now = clock.database_now(uow.session)
            found = clock.beat(uow.session, self.held, now=now, lease=self.lease, doing=doing, done=done, of=of)
            uow.commit()
        return found
