"""Files handed out to processes, one at a time each, so that a hostile one takes down only itself.

A process that dies, runs out of memory or takes too long is replaced, and its file gets the answer `lost`. Answers
come in the order of the files; how far the crew may run ahead of the oldest open file is bounded, so memory does
not grow with their number.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

from signing.jail.confine import die_with_parent

T = TypeVar("T")

AHEAD = 64
"""Answers held for each process while an earlier file is not done."""
MEMORY_BYTES = 3 << 30
"""Memory of one process, mapped files apart."""
SECONDS = 40.0
SECONDS_PER_MEGABYTE = 1.0

_CONTEXT = get_context("fork" if "fork" in get_all_start_methods() else "spawn")


@dataclass(slots=True)
class _Hand:
    """One process. `number` of the file it holds, None while it waits; `until` on the monotonic clock."""

    process: BaseProcess
    line: Connection
    number: int | None = None
    until: float = 0.0


@dataclass(slots=True)
class Crew(Generic[T]):
    """`work` runs in another process; `lost` says in this one what became of a file (`timeout`, `died`)."""

    work: Callable[[str], T]
    lost: Callable[[str, str], T]
    size: int = 1
    seconds: float = SECONDS

    def run(self, files: Sequence[str]) -> Iterator[T]:
        hands: list[_Hand] = []
        done: dict[int, T] = {}
        handed, told = 0, 0
        try:
            while told < len(files):
                while handed < min(len(files), told + AHEAD * self.size) and (hand := self._idle(hands)):
                    self._hand_out(hand, files, handed)
                    handed += 1
                self._collect(hands, files, done)
                while told in done:
                    yield done.pop(told)
                    told += 1
        finally:
            for hand in hands:
                _dismiss(hand)

    def _idle(self, hands: list[_Hand]) -> _Hand | None:
        free = next((hand for hand in hands if hand.number is None), None)
        if free is None and len(hands) < self.size:
            free = _hire(self.work)
            hands.append(free)
        return free

    def _hand_out(self, hand: _Hand, files: Sequence[str], number: int) -> None:
        hand.number = number
        hand.until = time.monotonic() + self.seconds + SECONDS_PER_MEGABYTE * _megabytes(files[number])
        try:
            hand.line.send(files[number])
        except OSError:
            return  # it died while it waited: `_collect` finds the line closed

    def _collect(self, hands: list[_Hand], files: Sequence[str], done: dict[int, T]) -> None:
        """Wait for at least one answer, death or deadline."""
        busy = [hand for hand in hands if hand.number is not None]
        until = min(hand.until for hand in busy)
        ready = wait([hand.line for hand in busy], timeout=max(0.0, until - time.monotonic()))
        for hand in busy:
            if hand.line not in ready:
                continue
            number = hand.number or 0
            try:
                done[number] = hand.line.recv()
                hand.number = None
            except (EOFError, OSError):
                self._give_up(hands, hand, files, done, why="died")
        for hand in busy:
            if hand in hands and hand.number is not None and time.monotonic() > hand.until:
                self._give_up(hands, hand, files, done, why="timeout")

    def _give_up(
        self, hands: list[_Hand], hand: _Hand, files: Sequence[str], done: dict[int, T], *, why: str
    ) -> None:
        number = hand.number or 0
        done[number] = self.lost(files[number], why)
        hands.remove(hand)
        _dismiss(hand)


def _hire(work: Callable[[str], T]) -> _Hand:
    own, other = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_serve, args=(work, other, own), daemon=True)  # type: ignore[attr-defined]
    process.start()
    other.close()
    return _Hand(process, own)


def _dismiss(hand: _Hand) -> None:
    hand.line.close()
    hand.process.kill()
    hand.process.join()
    hand.process.close()


def _serve(work: Callable[[str], T], line: Connection, other: Connection) -> None:
    """The other process: one file after the other until the line closes."""
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears it and dismisses the crew
    die_with_parent()  # also where it is killed outright, and a hostile file would keep this one for ever
    _bound(resource.RLIMIT_DATA, MEMORY_BYTES)
    _bound(resource.RLIMIT_CORE, 0)
    while True:
        try:
            line.send(work(line.recv()))
        except (EOFError, OSError):
            return  # nobody waits for answers any more


def _bound(kind: int, wanted: int) -> None:
    """A limit from outside that is lower stays."""
    _, hard = resource.getrlimit(kind)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (most, most))


def _megabytes(file: str) -> float:
    try:
        return os.stat(file).st_size / 1e6
    except (OSError, ValueError):
        return 0.0
