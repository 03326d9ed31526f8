"""Few at once on one machine: slots that processes and threads take without waiting, and that end with whoever held
them. A lock on a file of its own each, so that nothing is left behind by a process that was killed."""

from __future__ import annotations

import fcntl
from pathlib import Path
from types import TracebackType
from typing import IO, Self


class Slot:
    """A slot that is held until it is closed."""

    def __init__(self, handle: IO[str]) -> None:
        self._handle = handle

    def close(self) -> None:
        """Give it back. Said to the lock itself: a process that was begun meanwhile may have the file open too."""
        if not self._handle.closed:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
            self._handle.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def take(folder: Path, name: str, *, most: int) -> Slot | None:
    """One of `most` slots of a name, or None where all are held. `folder` is for the user of the service alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(most):
        handle = (folder / f"{name}.{number}.lock").open("a")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            continue
        return Slot(handle)
    return None
