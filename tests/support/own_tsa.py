"""A timestamp authority of our own on this machine, listed for timestamps in an installation."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Engine

import signing
from signing.testing import (
    TSA,
    TSA_ROOT,
    Authority,
    Identity,
    new_key,
    read_request,
    timestamp_response,
    timestamp_token,
)
from tests.signing.fetch.servers import answer, serving
from tests.support.office import NOON
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.signing.trust import add_root
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)


@lru_cache(maxsize=1)
def _authority() -> tuple[Authority, Identity]:
    root = Authority.root(TSA_ROOT, now=NOON - 100 * DAY)
    return root, root.tsa(TSA, now=NOON - 30 * DAY)


def listed(engine: Engine) -> None:
    """Its root is believed for timestamps and nothing else."""
    der = _authority()[0].der
    with unit_of_work(engine) as uow:
        add_root(
            uow, SYSTEM_ACTOR, der=der, label="Cấp dấu thời gian", purposes=frozenset({signing.Purpose.TSA}),
            kind=signing.SignatureKind.UNKNOWN, trusted_until=None,
            fingerprint=signing.inspect_certificate(der).sha256, now=NOON,
        )  # fmt: skip
        uow.commit()


def token(digest: str, *, at: dt.datetime, listed: bool = True, name: str = TSA.common_name) -> bytes:
    """A timestamp over a hex digest; not `listed`: by somebody who calls himself the same."""
    root = _authority()[0] if listed else Authority.root(TSA_ROOT, now=NOON - 100 * DAY, private=new_key())
    by = root.tsa(replace(TSA, common_name=name), now=NOON - 30 * DAY)
    return timestamp_token(by, bytes.fromhex(digest), at=at, serial=7)


@contextmanager
def authority(clock: Callable[[], dt.datetime]) -> Iterator[str]:
    """Its address, as long as it lives."""

    def play(line: socket.socket, request: bytes) -> None:
        imprint, _, nonce = read_request(request.partition(b"\r\n\r\n")[2])
        token = timestamp_token(_authority()[1], imprint, at=clock(), nonce=nonce, serial=7)
        answer(timestamp_response(token))(line, request)

    with serving(play) as server:
        yield server.url("/tsa", host="127.0.0.1")
