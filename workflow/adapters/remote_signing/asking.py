"""One JSON question to a service that the settings name: guarded like every other request, and nothing of it kept.

`https` only, no redirect, one deadline, a small answer, to exactly the address that was looked at; a place in a
private network or on this machine only where its setting says so.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from signing.errors import FetchRefused
from signing.fetch import FetchReason, FetchSettings
from signing.fetch.addresses import parse
from signing.fetch.http import request
from workflow.adapters.channels.posted import Place
from workflow.domain.errors import Refused

SECONDS: Final = 20.0
ROOM: Final = 2 * 1024 * 1024
"""A hundred RSA-4096 signatures are 70 kB of JSON, certificates with their chains a few more."""
_GOOD: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one service. `base`: its address without a slash at the end."""

    base: str
    place: Place
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float = SECONDS

    @property
    def host(self) -> str:
        """What may be shown of it."""
        return self.place.target.authority

    def post(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The answer as an object. Raises what the package says; nothing that was sent is repeated in it."""
        settings = FetchSettings(
            seconds=self.seconds if seconds is None else seconds, max_bytes=ROOM, allow_loopback=self.place.private
        )
        try:
            target = parse(f"{self.base}{path}", any_port=True)
            answer = request(
                target, settings, body=json.dumps(body).encode(), content_type="application/json",
                private=self.place.private, headers={**self.headers, **(headers or {})}, accepted=_GOOD,
            )  # fmt: skip
        except FetchRefused as refused:
            raise _told(refused) from None
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Refused("provider_misspoke", about="no_object")
        return found


class Deadline:
    """One for several questions that answer one: each gets what the ones before it left."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Raises `Refused("provider_unreachable")` where nothing is."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise Refused("provider_unreachable", about=str(FetchReason.TOO_SLOW))
        return left


def _told(refused: FetchRefused) -> Refused:
    if refused.code == FetchReason.STATUS_REFUSED:
        status = refused.details.get("status")
        if isinstance(status, int) and status < 500 and status not in {408, 425, 429}:
            return Refused("provider_said_no", status=status)
    if refused.code in {FetchReason.ANSWER_MALFORMED, FetchReason.TOO_LARGE, FetchReason.ENCODING_REFUSED}:
        return Refused("provider_misspoke", about=str(refused.code))
    return Refused("provider_unreachable", about=str(refused.code))


def unpacked(value: Any, about: str) -> bytes:
    """Base64 of the other side."""
    if not isinstance(value, str):
        raise Refused("provider_misspoke", about=about)
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (ValueError, binascii.Error):
        raise Refused("provider_misspoke", about=about) from None


def packed(data: bytes) -> str:
    """Base64 as they want it."""
    return base64.b64encode(data).decode()


def objects(value: Any, about: str) -> list[dict[str, Any]]:
    """A list of objects, or none at all."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Refused("provider_misspoke", about=about)
    return value
