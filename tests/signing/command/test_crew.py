"""Many files, few processes: order, deaths, deadlines, memory."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from signing.command import crew
from signing.command.crew import Crew

Answer = tuple[str, int]


def work(file: str) -> Answer:
    """Does what the name says."""
    name = Path(file).name
    if name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "hangs":
        time.sleep(60)
    if name == "slow":
        time.sleep(0.3)
    if name == "grows":
        try:
            return f"{len(bytearray(crew.MEMORY_BYTES * 2))}", os.getpid()
        except MemoryError:
            return "memory", os.getpid()
    return name, os.getpid()


def lost(file: str, why: str) -> Answer:
    return f"{Path(file).name} {why}", 0


def answers(files: Sequence[str], *, size: int = 2, seconds: float = 30.0) -> list[str]:
    return [text for text, _ in Crew(work, lost, size=size, seconds=seconds).run(files)]


def test_order_is_kept() -> None:
    """However long one of them takes."""
    files = ["slow", *(str(number) for number in range(300)), "slow", "last"]
    assert answers(files) == files


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_death_costs_its_own_file(size: int) -> None:
    """The others are judged by whoever replaces the dead."""
    files = ["a", "dies", "b", "dies", "dies", "c"]
    assert answers(files, size=size) == ["a", "dies died", "b", "dies died", "dies died", "c"]


def test_what_hangs_is_given_up() -> None:
    """After its time, which grows with its size."""
    assert answers(["a", "hangs", "b"], size=1, seconds=3) == ["a", "hangs timeout", "b"]


def test_memory_has_a_limit() -> None:
    """Asking for more fails inside the process, which goes on."""
    assert answers(["grows", "a"], size=1) == ["memory", "a"]


def test_none_is_left_behind() -> None:
    """Also when nobody wants the rest."""
    running = Crew(work, lost, size=3).run(["a", "b", *["slow"] * 10])
    pids = {pid for _, pid in (next(running), next(running))}
    running.close()  # type: ignore[attr-defined]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_no_files_no_answers() -> None:
    """The command never asks so, a program may."""
    assert answers([]) == []
