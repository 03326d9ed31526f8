"""Signed webhooks: what a unit gets, told to another program of the office.

    X-Trinhky-Timestamp: 1764553531
    X-Trinhky-Signature: v1=<hex HMAC-SHA256 of secret over "1764553531." and the body>

The receiver computes the same, compares in constant time, refuses what is older than five minutes, and answers
2xx. `id` in the body stays the same when a message comes twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from workflow.adapters.channels import Answer, Outcome, Parcel
from workflow.adapters.channels.posted import SECONDS, Place, post
from workflow.domain.channels import Sort
from workflow.domain.errors import BadInput

ATTEMPTS: Final = 10
"""About nine hours of trying."""
SHORTEST_SECRET: Final = 32
_GONE: Final = frozenset({410})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One receiver. `units`: codes of the units it is told about, with everything below an agency's; none: all."""

    name: str
    place: Place
    secret: str = field(repr=False)
    units: frozenset[str] = frozenset()
    sorts: frozenset[Sort] = frozenset(Sort)

    def wants(self, sort: Sort, *, unit: str, agency: str) -> bool:
        """Whether a message about a unit of an agency is told here."""
        return sort in self.sorts and (not self.units or bool(self.units & {unit, agency}))


def hooks(setting: str) -> tuple[Hook, ...]:
    """`[{"name": "so-nv", "url": "https://…", "secret": "…", "units": ["H99.01"], "sorts": ["report"]}]`.

    Raises `BadInput("webhooks_unreadable")`, which repeats nothing of it.
    """
    if not setting.strip():
        return ()
    try:
        given = json.loads(setting)
        found = tuple(_hook(one) for one in given)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput("webhooks_unreadable") from None
    if len({one.name for one in found}) < len(found):
        raise BadInput("webhooks_unreadable")
    return found


def _hook(given: Mapping[str, Any]) -> Hook:
    name, secret = str(given["name"]), str(given["secret"])
    if not (
        name.isascii() and name.replace("-", "").isalnum() and len(name) <= 40 and len(secret) >= SHORTEST_SECRET
    ):
        raise ValueError("name or secret")
    return Hook(
        name=name,
        place=Place.of(str(given["url"]), private=given.get("private") is True, code="webhooks_unreadable"),
        secret=secret,
        units=frozenset(map(str, given.get("units", ()))),
        sorts=frozenset(Sort(one) for one in given.get("sorts", Sort)),
    )


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What stands in `X-Trinhky-Signature`."""
    made = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Webhooks:
    """All receivers; a parcel's address is the name of one."""

    hooks: Mapping[str, Hook]
    attempts: int = ATTEMPTS
    seconds: float = SECONDS

    def send(self, parcel: Parcel, *, now: dt.datetime) -> Answer:
        """Tell one receiver."""
        hook = self.hooks.get(parcel.address)
        if hook is None:
            return Answer(Outcome.FAILED, "hook_not_configured")
        body = json.dumps(
            {
                "id": parcel.name, "sort": parcel.sort, "unit": parcel.unit, "at": parcel.made_at.isoformat(),
                "subject": parcel.subject, "text": parcel.text, "link": parcel.link,
            },
            ensure_ascii=False,
        ).encode()  # fmt: skip
        timestamp = int(now.timestamp())
        headers = {
            "X-Trinhky-Id": parcel.name,
            "X-Trinhky-Timestamp": str(timestamp),
            "X-Trinhky-Signature": signature(hook.secret, timestamp, body),
        }
        return post(
            hook.place, body, content_type="application/json", headers=headers, seconds=self.seconds, hopeless=_GONE
        )
