"""A small clamd on loopback: the commands that we use, spoken as clamd(8) says, and the ways in which it fails."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WANTED = b"virus-for-tests"
"""What this clamd finds."""


class _Conversation(socketserver.BaseRequestHandler):
    """One connection."""

    server: Any

    def handle(self) -> None:
        command = self._until_null()
        if command == b"zVERSION":
            self._say(b"ClamAV 1.4.3/27500/Mon Nov 23 2026\0")
        elif command == b"zINSTREAM":
            self._stream()
        else:
            self._say(b"UNKNOWN COMMAND\0")

    def _stream(self) -> None:
        behaviour = self.server.behaviour
        if behaviour == "hangs":
            self.server.over.wait(10)
            return
        if behaviour == "resets":
            self._reset()
            return
        data = b""
        while size := struct.unpack("!I", self._exactly(4))[0]:
            data += self._exactly(size)
            if len(data) > self.server.limit:
                self._say(b"INSTREAM size limit exceeded. ERROR\0")
                self._reset(after=0.05)
                return
        self.server.seen.append(data)
        self._say({
            "half": b"stream: O",
            "error": b"stream: Can't allocate memory ERROR\0",
            "chatters": b"x" * 8192,
            "gave up": b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
        }.get(behaviour, b"stream: Test.Virus-1 FOUND\0" if WANTED in data else b"stream: OK\0"))  # fmt: skip

    def _say(self, answer: bytes) -> None:
        pieces = (
            [answer[at : at + 1] for at in range(len(answer))] if self.server.behaviour == "split" else [answer]
        )
        for piece in pieces:
            self.request.sendall(piece)
            if len(pieces) > 1:
                time.sleep(0.002)

    def _reset(self, after: float = 0) -> None:
        """RST instead of FIN."""
        time.sleep(after)
        if self.request.family != socket.AF_UNIX:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()

    def _until_null(self) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += self._exactly(1)
        return command[:-1]

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.request.recv(size - len(data))
            if not piece:
                raise ConnectionAbortedError
            data += piece
        return data


class _Quiet:
    daemon_threads = True
    block_on_close = False

    def handle_error(self, _request: object, _address: object) -> None:
        """The other side went away, as some tests want."""


class _Tcp(_Quiet, socketserver.ThreadingTCPServer):
    pass


class _Unix(_Quiet, socketserver.ThreadingUnixStreamServer):
    pass


@contextmanager
def running(behaviour: str = "", *, limit: int = 1 << 30, path: Path | None = None) -> Iterator[Any]:
    """A server with `seen` (what it was sent) and `url`."""
    server: Any = _Tcp(("127.0.0.1", 0), _Conversation) if path is None else _Unix(str(path), _Conversation)
    server.behaviour, server.limit, server.seen, server.over = behaviour, limit, [], threading.Event()
    server.url = f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
