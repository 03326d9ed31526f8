"""Another program of the office, or an SMS provider, as a real HTTP server on loopback."""

from __future__ import annotations

import json
import socketserver
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass
class Gateway:
    """Answers the n-th request with the n-th status of `statuses`, then with 200; 0 hangs up, -1 stalls."""

    statuses: list[int] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def running(gateway: Gateway) -> Iterator[Gateway]:
    """While it lasts it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.asked.append(Asked(self.path, dict(self.headers), body))
            status = gateway.statuses.pop(0) if gateway.statuses else 200
            if status == -1:
                time.sleep(1.5)
            if status > 0:
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *words: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def answering(raw: bytes, *, stall: bool = False) -> Iterator[Gateway]:
    """One that answers these bytes, whatever they are, and hangs up, or falls silent first."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(raw)
            if stall:
                time.sleep(1.0)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield Gateway(port=server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
