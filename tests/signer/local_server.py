"""A tiny office server on loopback: the signer's modules under the product's policies, plus what a test answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from workflow.web.security import Policy, content_policy

SIGNER = Path(__file__).parents[2] / "workflow" / "web" / "static" / "signer"
RELEASE = "test"
MODULES = f"/static/{RELEASE}/signer/"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came over the wire."""

    method: str
    path: str
    head: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """`cut` closes the connection without a word."""

    body: bytes = b""
    kind: str = "application/json"
    status: int = 200
    location: str = ""
    cut: bool = False


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status=status)


Route = Callable[[Request], Answer]


@dataclass
class Office:
    """Routes by path, and everything that was asked."""

    port: int = 0
    routes: dict[str, Route] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str, body: str) -> None:
        """Serve a page that takes a password."""
        head = (
            '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Ký số</title>'
            '<link rel="icon" href="data:,"><meta name="csrf-token" content="token-of-the-session">'
        )
        self.routes[path] = lambda _: Answer(f"{head}{body}</html>".encode(), kind="text/html; charset=utf-8")

    def posts(self, path: str) -> list[Any]:
        """JSON bodies that were posted to `path`."""
        return [request.json for request in self.requests if request.method == "POST" and request.path == path]

    def answer(self, request: Request) -> Answer:
        if request.path.startswith(MODULES):
            name = request.path.removeprefix(MODULES)
            if not (SIGNER / name).is_file():
                return Answer(status=404)
            return Answer((SIGNER / name).read_bytes(), kind="text/javascript; charset=utf-8")
        route = self.routes.get(request.path)
        return route(request) if route else Answer(status=404)


def _handler(office: Office) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"  # on a kept connection Chromium repeats a lost request by itself

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            request = Request(self.command, self.path, f"{self.requestline}\n{self.headers}", body)
            office.requests.append(request)
            answer = office.answer(request)
            if answer.cut:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in self._headers(answer):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET

        def _headers(self, answer: Answer) -> Iterator[tuple[str, str]]:
            script = self.path.startswith(MODULES)
            policy = Policy.KEY_WORKER if script else Policy.SIGNING
            yield "Content-Type", answer.kind
            yield "Content-Length", str(len(answer.body))
            yield "Content-Security-Policy", content_policy(policy, self.headers["Host"], RELEASE)
            yield "X-Content-Type-Options", "nosniff"
            if answer.location:
                yield "Location", answer.location

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running() -> Iterator[Office]:
    """A server with no routes yet, on a free port."""
    office = Office()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(office))
    office.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield office
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
