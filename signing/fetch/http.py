"""One HTTP request over one connection to one address, all of it before one deadline.

The deadline holds for every read, however the server drips; nothing is followed, decompressed or kept open.
"""

from __future__ import annotations

import http.client
import io
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from signing.errors import FetchRefused
from signing.fetch.addresses import Target, is_open, parse
from signing.fetch.reasons import FetchReason
from signing.fetch.settings import FetchSettings

_AGENT = "trinhky-signing"
_BLOCK = 65536
_HEAD_BYTES = 65536
_OK = 200
_PRINTABLE = re.compile(r"[ -~]*")
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """`address` is the one that was connected to."""

    body: bytes
    address: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """On the monotonic clock."""

    until: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        rest = self.until - time.monotonic()
        if rest <= 0:
            raise FetchRefused(FetchReason.TOO_SLOW)
        return rest


def request(
    target: Target,
    settings: FetchSettings,
    *,
    body: bytes | None = None,
    content_type: str = "",
    private: bool = False,
    headers: Mapping[str, str] = NO_HEADERS,
    accepted: Container[int] = (_OK,),
    status_only: bool = False,
) -> Answer:
    """The body behind `target`; with `body` it is posted. `private`: the target is the administrator's own.

    `headers`: more of them, plain ASCII. `accepted`: the statuses that are an answer. `status_only`: one of them is
    the whole answer, whatever follows it; the body is empty then.
    """
    deadline = Deadline.after(settings.seconds)
    proxy = None if settings.proxy is None else parse(settings.proxy, any_port=True)
    first = proxy or target
    addresses = _resolve(first, settings, deadline)
    if not all(
        is_open(item, private=private or proxy is not None, loopback=settings.allow_loopback or proxy is not None)
        for item in addresses
    ):
        raise FetchRefused(FetchReason.ADDRESS_REFUSED, host=first.host)
    connection, address = _connect(addresses, first.port, deadline)
    with connection:
        line = _through(connection, target, settings, proxy=proxy, deadline=deadline)
        with line:
            _send(
                line, target, deadline, body=body, headers={"Content-Type": content_type, **headers},
                whole=_is_plain_proxy(target, proxy),
            )  # fmt: skip
            return _receive(line, settings, deadline, address=address, accepted=accepted, status_only=status_only)


def _is_plain_proxy(target: Target, proxy: Target | None) -> bool:
    return proxy is not None and target.scheme == "http"


def _resolve(target: Target, settings: FetchSettings, deadline: Deadline) -> Sequence[str]:
    """Looked up once, in a thread of its own since the system's resolver knows no deadline."""
    host = target.host
    if ":" in host or host.replace(".", "").isdigit():
        return (host,)
    found: list[Sequence[str]] = []

    def ask() -> None:
        try:
            found.append(tuple(settings.resolver(host, target.port)))
        except (OSError, UnicodeError):
            found.append(())

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not found:
        raise FetchRefused(FetchReason.TOO_SLOW, host=host)
    if not found[0]:
        raise FetchRefused(FetchReason.NAME_NOT_FOUND, host=host)
    return found[0]


def _connect(addresses: Sequence[str], port: int, deadline: Deadline) -> tuple[socket.socket, str]:
    """To the first address that answers: to exactly what was looked at, never to a name."""
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=deadline.left()), address
        except OSError:
            continue
    deadline.left()
    raise FetchRefused(FetchReason.CONNECTION_FAILED)


def _through(
    connection: socket.socket, target: Target, settings: FetchSettings, *, proxy: Target | None, deadline: Deadline
) -> socket.socket:
    """The connection itself, or TLS inside it; through a proxy by CONNECT."""
    if target.scheme == "http":
        return connection
    if proxy is not None:
        place = f"{target.host}:{target.port}"
        _write(connection, f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode(), deadline)
        if _status(_Line(connection, deadline, _HEAD_BYTES), method="CONNECT").status != _OK:
            raise FetchRefused(FetchReason.PROXY_REFUSED)
    try:
        context = ssl.create_default_context(cafile=settings.tls_roots)
        wrapped = context.wrap_socket(connection, server_hostname=target.host, do_handshake_on_connect=False)
    except (OSError, ValueError) as error:
        raise FetchRefused(FetchReason.TLS_FAILED, host=target.host) from error
    try:
        _shake_hands(wrapped, deadline)
    except BaseException as error:
        wrapped.close()
        if isinstance(error, OSError):
            raise FetchRefused(FetchReason.TLS_FAILED, host=target.host) from error
        raise
    return wrapped


def _shake_hands(line: ssl.SSLSocket, deadline: Deadline) -> None:
    line.setblocking(False)
    while True:
        try:
            line.do_handshake()
            return
        except ssl.SSLWantReadError:
            select.select([line], [], [], deadline.left())
        except ssl.SSLWantWriteError:
            select.select([], [line], [], deadline.left())


def _send(
    line: socket.socket, target: Target, deadline: Deadline, *, body: bytes | None, headers: Mapping[str, str],
    whole: bool,
) -> None:  # fmt: skip
    head = [
        f"{'GET' if body is None else 'POST'} {target.url if whole else target.resource} HTTP/1.1",
        f"Host: {target.authority}",
        f"User-Agent: {_AGENT}",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    if body is not None:
        head += [*(f"{name}: {value}" for name, value in headers.items()), f"Content-Length: {len(body)}"]
    if not all(_PRINTABLE.fullmatch(one) for one in head):
        raise FetchRefused(FetchReason.URL_MALFORMED)
    _write(line, "\r\n".join([*head, "", ""]).encode("ascii") + (body or b""), deadline)


def _write(line: socket.socket, data: bytes, deadline: Deadline) -> None:
    try:
        line.settimeout(deadline.left())
        line.sendall(data)
    except OSError as error:
        deadline.left()
        raise FetchRefused(FetchReason.CONNECTION_FAILED) from error


class _Line(io.RawIOBase):
    """Reads with the deadline, and no more than `limit` bytes."""

    def __init__(self, line: socket.socket, deadline: Deadline, limit: int) -> None:
        self._line, self._deadline, self._limit = line, deadline, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._limit <= 0:
            raise FetchRefused(FetchReason.TOO_LARGE)
        self._line.settimeout(self._deadline.left())
        try:
            count = self._line.recv_into(memoryview(buffer)[: self._limit])
        except TimeoutError as error:
            raise FetchRefused(FetchReason.TOO_SLOW) from error
        self._limit -= count
        return count

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        """What `http.client` asks a socket for."""
        return io.BufferedReader(self, buffer_size=_BLOCK if mode == "rb" else 1)


def _status(line: _Line, *, method: str, enough: Container[int] = ()) -> http.client.HTTPResponse:
    """The head of an answer; of one whose status is `enough`, as much of it as came."""
    response = http.client.HTTPResponse(cast(socket.socket, line), method=method)  # it only asks for `makefile`
    try:
        _begin(response)
    except FetchRefused:
        if response.status not in enough:
            raise
    return response


def _begin(response: http.client.HTTPResponse) -> None:
    try:
        response.begin()
    except (http.client.HTTPException, ValueError) as error:
        raise FetchRefused(FetchReason.ANSWER_MALFORMED) from error
    except OSError as error:
        raise FetchRefused(FetchReason.CONNECTION_FAILED) from error


def _receive(
    line: socket.socket, settings: FetchSettings, deadline: Deadline, *, address: str, accepted: Container[int],
    status_only: bool,
) -> Answer:  # fmt: skip
    limit = settings.max_bytes
    head = _Line(line, deadline, limit + limit // 8 + _HEAD_BYTES)
    response = _status(head, method="GET", enough=accepted if status_only else ())
    if 300 <= response.status < 400:
        raise FetchRefused(FetchReason.REDIRECT_REFUSED, status=response.status)
    if response.status not in accepted:
        raise FetchRefused(FetchReason.STATUS_REFUSED, status=response.status)
    if status_only:
        return Answer(b"", address, "")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise FetchRefused(FetchReason.ENCODING_REFUSED)
    if response.length is not None and response.length > limit:
        raise FetchRefused(FetchReason.TOO_LARGE)
    body = bytearray()
    try:
        while block := response.read(min(_BLOCK, limit + 1 - len(body))):
            body += block
            if len(body) > limit:
                raise FetchRefused(FetchReason.TOO_LARGE)
    except (http.client.HTTPException, ValueError) as error:
        raise FetchRefused(FetchReason.ANSWER_MALFORMED) from error
    except OSError as error:
        raise FetchRefused(FetchReason.CONNECTION_FAILED) from error
    if response.length:
        raise FetchRefused(FetchReason.ANSWER_MALFORMED, missing=response.length)
    return Answer(bytes(body), address, response.headers.get("Content-Type", ""))
