"""Asking clamd about a file, over TCP or a UNIX socket (clamd(8), command INSTREAM).

Only the words "OK" are taken for clean: a service that does not answer, answers something else, or has not seen the
whole file has said nothing about it.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from workflow.domain.errors import BadInput
from workflow.domain.file_warnings import FileWarning

MEGABYTE: Final = 1024 * 1024
LIMIT_MB: Final = 25
"""What clamd takes by its own defaults (MaxFileSize, StreamMaxLength of older versions). Above MaxFileSize it says
"OK" without looking, so nothing larger is ever sent; a larger clamd is told by `?limit_mb=`."""

CONNECTING: Final = 5.0
PATIENCE: Final = 30.0
PATIENCE_PER_MEGABYTE: Final = 2.0
"""Seconds for the whole conversation."""

CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_LIMITS: Final = ("Heuristics.Limits.Exceeded",)
"""What clamd "finds" where it gave up looking (AlertExceedsMax)."""


class Said(StrEnum):
    """How the question ended."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNREACHABLE = "unreachable"
    TOO_BIG = "too_big"


@dataclass(frozen=True, slots=True)
class Scan:
    """`name`: of what was found. `detail`: why there is no answer, for the log."""

    said: Said
    name: str = ""
    detail: str = ""

    @property
    def warning(self) -> FileWarning | None:
        """What stands beside the file; nothing only where it was found clean."""
        return _WARNINGS.get(self.said)


_WARNINGS: Final = {
    Said.INFECTED: FileWarning.INFECTED,
    Said.UNREACHABLE: FileWarning.NOT_SCANNED,
    Said.TOO_BIG: FileWarning.SCAN_TOO_BIG,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clamd:
    """Where clamd listens: `host` and `port`, or the `path` of a socket. `limit`: bytes it looks at."""

    host: str = ""
    port: int = 3310
    path: str = ""
    limit: int = LIMIT_MB * MEGABYTE

    @classmethod
    def from_url(cls, url: str) -> Clamd:
        """`tcp://127.0.0.1:3310` or `unix:///run/clamav/clamd.ctl`, either with `?limit_mb=100`; else `BadInput`.

        The line has no password and no encryption: clamd belongs on this machine or a network of its own.
        """
        parts = urlsplit(url)
        try:
            limit = int(parse_qs(parts.query).get("limit_mb", [str(LIMIT_MB)])[-1]) * MEGABYTE
            port = parts.port or 3310
        except ValueError:
            raise BadInput("clamd_url_unreadable") from None
        if limit <= 0:
            raise BadInput("clamd_url_unreadable")
        if parts.scheme == "tcp" and parts.hostname and parts.path in {"", "/"}:
            return cls(host=parts.hostname, port=port, limit=limit)
        if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
            return cls(path=unquote(parts.path), limit=limit)
        raise BadInput("clamd_url_unreadable")


def scan(server: Clamd, data: bytes, *, patience: float | None = None) -> Scan:
    """Ask about one file. Never raises over what the service does; waits `patience` seconds at most in all."""
    if len(data) > server.limit:
        return Scan(Said.TOO_BIG, detail=f"{len(data)} bytes, limit {server.limit}")
    seconds = PATIENCE + PATIENCE_PER_MEGABYTE * len(data) / MEGABYTE if patience is None else patience
    end = time.monotonic() + seconds
    try:
        with _line(server, end) as line:
            return _judged(_stream(line, data, end))
    except OSError as error:
        return Scan(Said.UNREACHABLE, detail=f"{type(error).__name__}: {error}"[:200])


def ping(server: Clamd, *, patience: float = CONNECTING) -> str:
    """Its version, as it says it; raises `OSError` where nobody answers."""
    end = time.monotonic() + patience
    with _line(server, end) as line:
        line.sendall(b"zVERSION\0")
        return _answer(line, end)


@contextmanager
def _line(server: Clamd, end: float) -> Iterator[socket.socket]:
    if server.path:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(min(CONNECTING, _left(end)))
            line.connect(server.path)
        except OSError:
            line.close()
            raise
    else:
        line = socket.create_connection((server.host, server.port), timeout=min(CONNECTING, _left(end)))
    with line:
        yield line


def _left(end: float) -> float:
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("no answer in time")
    return seconds


def _stream(line: socket.socket, data: bytes, end: float) -> str:
    """Send it in pieces, each with its length (4 bytes, network order), and a piece of nothing at the end."""
    view = memoryview(data)
    try:
        line.settimeout(_left(end))
        line.sendall(b"zINSTREAM\0")
        for at in range(0, len(view), CHUNK):
            piece = view[at : at + CHUNK]
            line.settimeout(_left(end))
            line.sendall(struct.pack("!I", len(piece)))
            line.sendall(piece)
        line.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError) as broken:
        try:  # it says why before it hangs up: the stream was longer than it takes
            return _answer(line, end)
        except OSError:
            raise broken from None
    return _answer(line, end)


def _answer(line: socket.socket, end: float) -> str:
    """Up to the null byte that ends it; an answer that is cut off is none."""
    received = b""
    while b"\0" not in received:
        line.settimeout(_left(end))
        piece = line.recv(1024)
        if not piece:
            raise ConnectionAbortedError(f"hung up after {received[:80]!r}")
        received += piece
        if len(received) > _LONGEST_ANSWER:
            raise ConnectionAbortedError("an answer without an end")
    return received.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _judged(answer: str) -> Scan:
    words = answer.removeprefix("stream:").strip()
    if answer == "stream: OK":
        return Scan(Said.CLEAN)
    if words.endswith(" FOUND") and answer.startswith("stream:"):
        name = words.removesuffix(" FOUND").strip()
        return Scan(Said.TOO_BIG, detail=name) if name.startswith(_LIMITS) else Scan(Said.INFECTED, name=name[:200])
    if "size limit exceeded" in words:
        return Scan(Said.TOO_BIG, detail=words[:200])
    return Scan(Said.UNREACHABLE, detail=words[:200])
