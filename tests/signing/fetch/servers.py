"""Servers of this machine that behave well, badly, or not at all."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from signing.fetch import FetchSettings

Script = Callable[[socket.socket, bytes], None]


def answer(
    body: bytes, *, status: str = "200 OK", headers: tuple[str, ...] = (), length: int | None = None
) -> Script:
    """One plain HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]

    def play(line: socket.socket, request: bytes) -> None:
        line.sendall("\r\n".join(lines).encode() + body)

    return play


def raw(data: bytes) -> Script:
    return lambda line, request: line.sendall(data)


@dataclass
class Server:
    """One connection after the other, each in a thread; `asked` are the heads of all requests."""

    script: Script
    tls: ssl.SSLContext | None = None
    asked: list[bytes] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    port: int = field(init=False)
    _listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str = "/list.crl", *, host: str = "ca.example.vn") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError), line:
            used = self.tls.wrap_socket(line, server_side=True) if self.tls else line
            with used:
                request = read_request(used)
                self.asked.append(request)
                self.script(used, request)

    def close(self) -> None:
        self.gone.set()
        self._listener.close()


def read_request(line: socket.socket) -> bytes:
    """Head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        block = line.recv(4096)
        if not block:
            return data
        data += block
    head, _, body = data.partition(b"\r\n\r\n")
    for name in head.lower().split(b"\r\n"):
        if name.startswith(b"content-length:"):
            while len(body) < int(name.partition(b":")[2]):
                body += line.recv(4096)
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(script, tls)
    try:
        yield server
    finally:
        server.close()


def here(host: str, port: int) -> tuple[str, ...]:
    """Every name is this machine."""
    return ("127.0.0.1",)


SETTINGS = FetchSettings(hosts=frozenset({"ca.example.vn"}), resolver=here, allow_loopback=True, seconds=5.0)


def with_(**changes: object) -> FetchSettings:
    return replace(SETTINGS, **changes)  # type: ignore[arg-type]
