"""A real SMTP server on loopback that takes mail, refuses, stalls and hangs up as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

STALL = 30
"""Seconds for which a stalling server says nothing."""


@dataclass
class Mood:
    """`of`: what happens to the mail to an address the n-th time it is tried.

    `taken`, `refused` (550), `greylisted` (451), `full` (452 after the data), `stalls`, `hangs_up_in_data`,
    `hangs_up_after` (it keeps the mail and says nothing: the only one that doubles), `rude` (taken; a 500 to QUIT).
    """

    of: Callable[[str, int], str] = lambda address, time: "taken"
    tried: Counter[str] = field(default_factory=Counter)
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def ids(self) -> Counter[str]:
        """How often each Message-ID was kept."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


class _Server(SMTP):
    def __init__(self, mood: Mood, **options: Any) -> None:
        super().__init__(_Handler(mood), **options)
        self.mood, self.now = mood, "taken"

    async def smtp_RCPT(self, arg: str) -> None:
        address = arg.partition("<")[2].partition(">")[0]
        self.mood.tried[address] += 1
        self.now = self.mood.of(address, self.mood.tried[address])
        if self.now == "stalls":
            await asyncio.sleep(STALL)
        if self.now in {"refused", "greylisted"}:
            await self.push("550 5.1.1 No such person" if self.now == "refused" else "451 4.7.1 Come back later")
            return
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if self.now == "hangs_up_in_data":
            await self.push("354 Go on")
            self.transport.close()
            return
        await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg: str) -> None:
        if self.now == "rude":
            await self.push("500 What?")
            return
        await super().smtp_QUIT(arg)

    async def push(self, status: Any) -> Any:
        if self.now == "hangs_up_after" and str(status).startswith("250 Taken"):
            self.transport.close()
            return None
        return await super().push(status)


class _Handler:
    def __init__(self, mood: Mood) -> None:
        self.mood = mood

    async def handle_DATA(self, server: _Server, session: Any, envelope: Any) -> str:
        if server.now == "full":
            return "452 4.3.1 Disk full"
        self.mood.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 Taken"


class _Controller(Controller):
    def __init__(self, mood: Mood, **options: Any) -> None:
        super().__init__(_Handler(mood), **options)
        self.mood = mood

    def factory(self) -> SMTP:
        return _Server(self.mood, **self.SMTP_kwargs)


@contextmanager
def running(mood: Mood) -> Iterator[str]:
    """Its SMTP URL."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = _Controller(mood, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
