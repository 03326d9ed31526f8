"""Answers about paths, kept for as long as they would come out the same.

The key is everything that goes into an answer but the time: chain, trust, policy, evidence, purpose. The value is
an answer with the intervals of time inside which every comparison ends as it did (`clock.Bounds`). Nothing is
forgotten by time and nothing is trusted beyond its evidence: with a list more, it is another key.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import Generic, TypeVar

from signing.path.clock import Bounds, Moment, holds
from signing.path.evidence import Evidence
from signing.path.policy import Policy
from signing.path.trust import Purpose, TrustStore

MAX_KEYS, MAX_INTERVALS = 2048, 8

Result = TypeVar("Result")


def key_of(
    chain: tuple[bytes, ...], *, trust: TrustStore, evidence: Evidence, policy: Policy, purpose: Purpose | None
) -> bytes:
    """SHA-256 of chain ‖ trust ‖ policy ‖ sorted evidence digests ‖ purpose."""
    parts = [b"".join(map(_digest, chain)), trust.digest.encode(), policy.digest.encode()]
    for group in (evidence.certificates, evidence.crls, evidence.ocsps):
        parts.append(b"".join(sorted(map(_digest, group))))
    parts.append((purpose or "any").encode())
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


@lru_cache(maxsize=4096)
def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class PathCache(Generic[Result]):
    """Bounded; the least recently used goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, list[tuple[bool, bool, Bounds, Result]]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: bytes, moment: Moment) -> Result | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            kind = (moment.proven, moment.claimed is not None)
            return next((item[3] for item in found if item[:2] == kind and holds(item[2], moment)), None)

    def keep(self, key: bytes, moment: Moment, bounds: Bounds, result: Result) -> None:
        with self._lock:
            found = self._kept.setdefault(key, [])
            found.insert(0, (moment.proven, moment.claimed is not None, bounds, result))
            del found[MAX_INTERVALS:]
            if len(self._kept) > MAX_KEYS:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
