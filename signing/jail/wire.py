"""Frames between host and child: a JSON head, then bytes whose sizes stand in the head."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

_HEAD = struct.Struct(">Q")


class Closed(Exception):
    """The other side is gone."""


class TooMuch(Exception):
    """More than was allowed."""


def send(sock: socket.socket, head: dict[str, Any], blobs: Sequence[bytes | memoryview] = ()) -> None:
    """Send one frame."""
    head = head | {"sizes": [len(blob) for blob in blobs]}
    encoded = json.dumps(head).encode()
    sock.sendall(_HEAD.pack(len(encoded)) + encoded)
    for blob in blobs:
        sock.sendall(blob)


def receive(sock: socket.socket, limit: int) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Receive one frame of at most `limit` bytes."""
    (size,) = _HEAD.unpack(_exactly(sock, _HEAD.size))
    if size > limit:
        raise TooMuch
    head = json.loads(_exactly(sock, size))
    sizes = head.pop("sizes", [])
    if not all(isinstance(one, int) and one >= 0 for one in sizes) or size + sum(sizes) > limit:
        raise TooMuch
    return head, tuple(_exactly(sock, one) for one in sizes)


def _exactly(sock: socket.socket, size: int) -> bytes:
    buffer = bytearray(size)
    view, done = memoryview(buffer), 0
    while done < size:
        count = sock.recv_into(view[done:])
        if not count:
            raise Closed
        done += count
    return bytes(buffer)
