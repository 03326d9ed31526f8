"""A proxy of this machine behind which every host of a test lives: what each address says is set by the test.

The program asks by the way an office would set (`TRINHKY_FETCH_PROXY`): nothing in it is replaced.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Says = bytes | Callable[[bytes], bytes]
"""A body, or a whole answer from the body of the request."""


def plain(body: bytes) -> bytes:
    """An answer with a body."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def elsewhere(_question: bytes) -> bytes:
    """A redirect."""
    return b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/inside\r\nContent-Length: 0\r\n\r\n"


def too_long(_question: bytes) -> bytes:
    """11 MB that do not say how long they are."""
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + bytes(11_000_000)


@dataclass
class Web:
    """`says`: address → body or answer; an address that is not there hangs up. `asked`: all of them, in order."""

    says: dict[str, Says] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def proxy(self) -> str:
        """The setting."""
        return f"http://127.0.0.1:{self.port}"

    def _serve(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            head, body = _request(line)
            url = head.split(b" ")[1].decode()
            self.asked.append(url)
            said = self.says.get(url)
            if said is not None:
                line.sendall(plain(said) if isinstance(said, bytes) else said(body))


def _request(line: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(4096)
    head, _, body = data.partition(b"\r\n\r\n")
    for one in head.lower().split(b"\r\n"):
        if one.startswith(b"content-length:"):
            while len(body) < int(one.partition(b":")[2]):
                body += line.recv(4096)
    return head, body


@contextlib.contextmanager
def running() -> Iterator[Web]:
    """Until the block ends."""
    web = Web()
    listener = socket.create_server(("127.0.0.1", 0))
    web.port = listener.getsockname()[1]

    def accept() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=web._serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield web
    finally:
        listener.close()
