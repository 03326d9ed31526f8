"""Whose turn it is: how many checks of files one web process does at once, who waits, who has to come back.

A check holds a thread for as long as the jail lets it. One thread is always left to pages (`seats` is fewer than
the threads); strangers have one check at a time among them all, and one seat fewer than there are, so they never
take what people logged in need.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from workflow.config import WEB_THREADS

SEATS = max(2, WEB_THREADS - 1)
PATIENCE = 8.0
"""Seconds that somebody waits for a turn before being asked to come back."""


class Busy(Exception):
    """No turn. `ahead`: how many of the same kind are being checked or wait."""

    def __init__(self, ahead: int) -> None:
        super().__init__(ahead)
        self.ahead = ahead


@dataclass(eq=False, slots=True)
class Guest:
    """One who is being served or waits. `key`: an address or a person, who is served one at a time."""

    key: str
    member: bool
    sent_away: bool = False


@dataclass(slots=True)
class Turns:
    """`seats`: people served or waiting, all told. Safe from any thread."""

    seats: int = SEATS
    patience: float = PATIENCE
    _served: list[Guest] = field(default_factory=list)
    _waiting: list[Guest] = field(default_factory=list)
    _moved: threading.Condition = field(default_factory=threading.Condition)

    def enter(self, key: str, *, member: bool) -> Guest:
        """Wait for a turn; give it back with `leave`. Raises `Busy` where there is no room, or not in time."""
        guest = Guest(key, member)
        until = time.monotonic() + self.patience
        with self._moved:
            if self._knows(key) or not self._room_for(member):
                raise Busy(self._ahead(member))
            self._waiting.append(guest)
            while not self._may_begin(guest):
                left = until - time.monotonic()
                if guest.sent_away or left <= 0:
                    self._waiting.remove(guest)
                    self._moved.notify_all()
                    raise Busy(self._ahead(member))
                self._moved.wait(left)
            self._waiting.remove(guest)
            self._served.append(guest)
        return guest

    def leave(self, guest: Guest) -> None:
        """The next one may begin."""
        with self._moved:
            self._served.remove(guest)
            self._moved.notify_all()

    @contextmanager
    def turn(self, key: str, *, member: bool) -> Iterator[None]:
        """`enter` and `leave`."""
        guest = self.enter(key, member=member)
        try:
            yield
        finally:
            self.leave(guest)

    @property
    def taken(self) -> int:
        """Seats in use."""
        with self._moved:
            return len(self._served) + len(self._waiting)

    @property
    def _most(self) -> int:
        """Of one kind: the last seat is the other's."""
        return max(1, self.seats - 1)

    def _knows(self, key: str) -> bool:
        return any(guest.key == key for guest in (*self._served, *self._waiting))

    def _room_for(self, member: bool) -> bool:
        """A seat; one logged in takes that of a stranger who only waits."""
        here = [*self._served, *(guest for guest in self._waiting if not guest.sent_away)]
        if not member and sum(not guest.member for guest in here) >= self._most:
            return False
        if len(here) < self.seats:
            return True
        waiting = [guest for guest in self._waiting if not guest.member and not guest.sent_away]
        if not member or not waiting:
            return False
        waiting[-1].sent_away = True
        self._moved.notify_all()
        return True

    def _may_begin(self, guest: Guest) -> bool:
        """In the order of coming, and only as many of a kind as there may be."""
        if guest.sent_away or next(one for one in self._waiting if one.member == guest.member) is not guest:
            return False
        served = sum(one.member == guest.member for one in self._served)
        return served < (self._most if guest.member else 1)

    def _ahead(self, member: bool) -> int:
        return sum(one.member == member for one in (*self._served, *self._waiting))
