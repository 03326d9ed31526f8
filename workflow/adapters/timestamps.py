"""The timestamp authority that the settings name (`TRINHKY_TSA_URL`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from signing import Evidence, TrustStore
from signing.fetch import FetchSettings, Stamped, stamp

SECONDS: Final = 150.0
"""Authorities were seen to take 2 to 131 seconds."""


@dataclass(frozen=True, slots=True)
class TimestampAuthority:
    """`seconds`: how long one answer is waited for, all of it."""

    url: str
    seconds: float = SECONDS

    def stamp(
        self, digest: bytes, *, trust: TrustStore, evidence: Evidence, at: dt.datetime,
        clock: Callable[[], dt.datetime],
    ) -> Stamped:  # fmt: skip
        """One timestamp over a SHA-256 digest; raises `signing.errors.FetchRefused`."""
        settings = FetchSettings(seconds=self.seconds)
        return stamp(digest, url=self.url, settings=settings, trust=trust, evidence=evidence, at=at, clock=clock)
