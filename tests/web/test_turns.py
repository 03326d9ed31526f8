"""Whose turn it is to have a file checked: in order, bounded, and strangers never in the way of people."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from workflow.config import WEB_THREADS
from workflow.web.turns import SEATS, Busy, Turns

LONG = 30.0


def waiting(turns: Turns, key: str, *, member: bool, done: list[str]) -> threading.Thread:
    """Somebody who waits in a thread of their own and leaves at once; `done` gets the key, or `key: busy`."""

    def go() -> None:
        try:
            with turns.turn(key, member=member):
                done.append(key)
        except Busy as busy:
            done.append(f"{key}: {busy.ahead}")

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def until(true: Callable[[], bool]) -> None:
    """Wait for another thread."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_thread_is_left_to_pages() -> None:
    """Whatever is checked and waits, one thread at least answers everything else."""
    assert 2 <= SEATS < max(3, WEB_THREADS)


def test_strangers_have_one_turn_among_them() -> None:
    """The others wait and are served in their order; one seat is never theirs; the same address gets none."""
    turns, done = Turns(seats=4, patience=LONG), list[str]()
    first = turns.enter("a", member=False)
    second = waiting(turns, "b", member=False, done=done)
    until(lambda: turns.taken == 2)
    with pytest.raises(Busy):
        turns.enter("a", member=False)
    third = waiting(turns, "c", member=False, done=done)
    until(lambda: turns.taken == 3)
    with pytest.raises(Busy) as full:
        turns.enter("d", member=False)
    assert full.value.ahead == 3
    assert done == []
    turns.leave(first)
    second.join()
    third.join()
    assert done == ["b", "c"]
    assert turns.taken == 0


def test_a_member_takes_the_seat_of_a_waiting_stranger() -> None:
    """The stranger is asked to come back at once; who is being served is never interrupted."""
    turns, done = Turns(seats=3, patience=LONG), list[str]()
    stranger, member = turns.enter("a", member=False), turns.enter("p1", member=True)
    pushed = waiting(turns, "b", member=False, done=done)
    until(lambda: turns.taken == 3)
    other = turns.enter("p2", member=True)
    pushed.join()
    assert done == ["b: 1"]
    with pytest.raises(Busy):
        turns.enter("p3", member=True)
    for guest in (stranger, member, other):
        turns.leave(guest)
    assert turns.taken == 0


def test_patience_ends() -> None:
    """Nobody holds a thread for ever to wait."""
    turns = Turns(seats=3, patience=0.02)
    with turns.turn("a", member=False), pytest.raises(Busy):
        turns.enter("b", member=False)
    assert turns.taken == 0


def test_a_crowd_is_served_within_bounds() -> None:
    """Sixty at once: never more than the seats, all leave, each kind within its share."""
    turns, done = Turns(seats=3, patience=LONG), list[str]()
    most = {True: 0, False: 0}
    inside = {True: 0, False: 0}
    lock = threading.Lock()

    def come(number: int) -> None:
        member = number % 2 == 0
        try:
            with turns.turn(str(number), member=member):
                with lock:
                    inside[member] += 1
                    most[member] = max(most[member], inside[member])
                time.sleep(0.002)
                with lock:
                    inside[member] -= 1
                    done.append("served")
        except Busy:
            done.append("busy")

    threads = [threading.Thread(target=come, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 60
    assert "served" in done
    assert (most[False] <= 1, most[True] <= 2) == (True, True)
    assert turns.taken == 0
