"""Processes that write to one database at once, each an office's people at work, timed from one start to one end.

What they do: `insert` (one line of history and its commit, through the program's own unit of work), `road`
(outgoing documents through the services, one commit an act), `hot` (numbers, everybody in one register) and
`spread` (numbers, everybody in a register of their own).
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from bench.desks import Desks
from workflow.store.session import make_engine

PATIENCE_S = 600

Act = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Crew:
    """Running writers of one database."""

    pipes: tuple[Connection, ...]

    def spend(self, what: str, *, writers: int, times: int) -> float:
        """Seconds for each act: from the first one's start to the last one's end, over all acts of all writers."""
        asked = self.pipes[:writers]
        for pipe in asked:
            pipe.send((what, times))
        for pipe in asked:
            _answer(pipe)  # everything is prepared
        for pipe in asked:
            pipe.send("go")
        told = [_answer(pipe) for pipe in asked]
        return float(max(end for _, end, _ in told) - min(start for start, _, _ in told)) / sum(
            count for _, _, count in told
        )

    def statements(self, what: str) -> dict[str, int]:
        """How many statements each kind of act sends, of one writer alone."""
        self.pipes[0].send((what, 0))
        counted: dict[str, int] = _answer(self.pipes[0])
        return counted


@contextmanager
def working(url: str, *, writers: int) -> Iterator[Crew]:
    """Start the writers of a database that is founded already (`bench.desks.found`)."""
    context = multiprocessing.get_context("spawn")
    pairs = [context.Pipe() for _ in range(writers)]
    with tempfile.TemporaryDirectory(prefix="bench-blobs-") as files:
        crew = [
            context.Process(target=_write, args=(url, share, theirs, Path(files)), daemon=True)
            for share, (_ours, theirs) in enumerate(pairs)
        ]
        for process in crew:
            process.start()
        try:
            yield Crew(tuple(ours for ours, _theirs in pairs))
        finally:
            for ours, _theirs in pairs:
                ours.close()
            for process in crew:
                process.join(10)
                process.terminate()
                process.join()


def _answer(pipe: Connection) -> Any:
    if not pipe.poll(PATIENCE_S):
        raise RuntimeError("a writer is silent")
    said = pipe.recv()
    if isinstance(said, Exception):
        raise said
    return said


def _until_done(act: Act) -> None:
    """SQLite's writers queue by chance: one that found no turn for ten seconds asks again, as a person would."""
    while True:
        try:
            act()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
        else:
            return


def _write(url: str, share: int, pipe: Connection, files: Path) -> None:
    """One writer, until its pipe is closed."""
    engine = make_engine(url)
    desks = Desks.of(engine, share, files)

    while True:
        try:
            what, times = pipe.recv()
        except EOFError:
            engine.dispose()
            return
        try:
            if times == 0:
                pipe.send(desks.counted())
                continue
            acts = desks.prepared(what, times)
            pipe.send("ready")
            pipe.recv()
            start = time.monotonic()
            for act in acts:
                _until_done(act)
            pipe.send((start, time.monotonic(), len(acts)))
        except Exception as error:  # noqa: BLE001  told to whoever measures
            pipe.send(RuntimeError(f"{what}: {type(error).__name__}: {error}"))
