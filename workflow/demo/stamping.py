"""The demo's timestamp authority (RFC 3161 over HTTP), on this machine and for this demo only."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from signing.testing import read_request, timestamp_refusal, timestamp_response, timestamp_token
from workflow.demo import authority

MOST = 4096
"""Bytes of a question."""


class _Answers(BaseHTTPRequestHandler):
    """One timestamp for each question that can be read."""

    def do_POST(self) -> None:
        question = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), MOST))
        body = _answer(question)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the ledger of the job tells what came of it."""


def _answer(question: bytes) -> bytes:
    try:
        imprint, _function, nonce = read_request(question)
    except (ValueError, IndexError, StopIteration):
        return timestamp_refusal()
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    token = timestamp_token(authority.tsa(), imprint, at=now, nonce=nonce, serial=secrets.randbits(62))
    return timestamp_response(token)


def serve(url: str) -> ThreadingHTTPServer:
    """Answer at the address of `url` until `shutdown`; the socket is bound when this returns."""
    place = urlsplit(url)
    server = ThreadingHTTPServer((place.hostname or "127.0.0.1", place.port or 80), _Answers)
    threading.Thread(target=server.serve_forever, name="timestamps", daemon=True).start()
    return server
