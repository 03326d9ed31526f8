"""Talking to the seal process over its UNIX socket: one JSON line each way."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any

from workflow.domain.errors import Refused

TIMEOUT = 30.0
"""Seconds for one signature: a token may take a few, a batch is many calls."""

LINE = 64 * 1024


def ask(path: str, order: Mapping[str, object], *, signatures: int = 1) -> dict[str, Any]:
    """Send one order and read the answer; `signatures`: how many it makes. Raises `Refused("sealer_unreachable")`
    where nobody listens, or answers in time: what came of it is then in the database.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
            wire.settimeout(TIMEOUT * signatures)
            wire.connect(path)
            wire.sendall(json.dumps(dict(order)).encode() + b"\n")
            answer = _line(wire)
    except OSError as error:
        raise Refused("sealer_unreachable") from error
    found: dict[str, Any] = json.loads(answer)
    return found


def _line(wire: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\n"):
        part = wire.recv(4096)
        if not part or len(received) > LINE:
            raise Refused("sealer_unreachable")
        received += part
    return received
