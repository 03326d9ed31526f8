"""Timestamp authorities on loopback whose roots an office lists: another maker's (`Tsa`), and one of ours."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp, x509
from certomancer.services import TimeStamper
from sqlalchemy import Engine

import signing
from signing.testing import (
    TSA,
    TSA_ROOT,
    Authority,
    Identity,
    KeyKind,
    new_key,
    read_request,
    timestamp_response,
    timestamp_token,
)
from tests.signing.fetch.servers import answer, serving
from tests.support.keys import FOUNDED
from tests.support.office import NOON, Office
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.signing import import_crl
from workflow.services.signing.trust import add_root
from workflow.store.models import TrustRoot
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)


@dataclass
class Tsa:
    """Another maker's authority (certomancer), at the moment of `clock`. `silent`: it takes requests and says
    nothing until the test is over; `before`: called between question and answer."""

    office: Office
    clock: Callable[[], dt.datetime]
    root: Authority = field(default_factory=lambda: Authority.root(TSA_ROOT, now=FOUNDED))
    kind: KeyKind = KeyKind.P256
    identity: Identity = field(init=False)
    silent: bool = False
    asked: int = 0
    most_at_once: int = 0
    before: Callable[[], object] = lambda: None
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.certify(FOUNDED)

    def certify(self, now: dt.datetime) -> None:
        """It has a new certificate from now on, for the same key."""
        self.identity = self.root.tsa(now=now, kind=self.kind)

    def replace(self, kind: KeyKind, *, now: dt.datetime) -> None:
        """Another authority with other keys gives the timestamps from now on; its root is listed."""
        self.kind, self.root = kind, Authority.root(TSA_ROOT, now=FOUNDED, kind=kind)
        self.certify(now)
        self.list_root()

    def list_root(self) -> None:
        """Put its root on the list of those believed, for timestamps only."""
        der = self.root.der
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            uow.add(
                TrustRoot(
                    sha256=hashlib.sha256(der).hexdigest(), der=der, label="Gốc dấu thời gian", kind="dedicated",
                    purposes=["tsa"], added_at=FOUNDED,
                )
            )  # fmt: skip
            uow.commit()

    def publish(self, *, at: dt.datetime) -> None:
        """A revocation list about it."""
        der = self.root.crl(this_update=at, number=int(at.timestamp()))
        with unit_of_work(self.office.engine) as uow:
            import_crl(uow, SYSTEM_ACTOR, der=der, issuer=self.root.der, source="test", now=at)
            uow.commit()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its URL."""
        with serving(self._play) as server:
            yield server.url("/tsa", host="127.0.0.1")
            self._over.set()

    def _play(self, line: socket.socket, request: bytes) -> None:
        with self._lock:
            self.asked, self._open = self.asked + 1, self._open + 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            self.before()
            if self.silent:
                self._over.wait(10)
                return
            asked = tsp.TimeStampReq.load(request.partition(b"\r\n\r\n")[2])
            answer(self._stamper().request_tsa_response(asked).dump())(line, request)
        finally:
            with self._lock:
                self._open -= 1

    def _stamper(self) -> TimeStamper:
        return TimeStamper(
            x509.Certificate.load(self.identity.der), asn1_keys.PrivateKeyInfo.load(self.identity.key_der),
            certs_to_embed=[x509.Certificate.load(one) for one in self.identity.chain_der], fixed_dt=self.clock(),
        )  # fmt: skip


@lru_cache(maxsize=1)
def _authority() -> tuple[Authority, Identity]:
    root = Authority.root(TSA_ROOT, now=NOON - 100 * DAY)
    return root, root.tsa(TSA, now=NOON - 30 * DAY)


def authority_root() -> bytes:
    """The root that `listed` lists."""
    return _authority()[0].der


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
