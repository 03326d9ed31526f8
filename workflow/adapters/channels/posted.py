"""A request to a place that the settings name: guarded like every other, answered by its status.

`https` only, no redirect, one deadline for all of it, to exactly the address that was looked at. A place in a
private network or on this machine is asked only where the settings say `"private": true`; then also by http.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from signing.errors import FetchRefused
from signing.fetch import FetchReason, FetchSettings
from signing.fetch.addresses import Target, parse
from signing.fetch.http import request
from workflow.adapters.channels import SENT, Answer, Outcome
from workflow.domain.errors import BadInput

SECONDS: Final = 15.0
_ROOM: Final = 64 * 1024
_GOOD: Final = range(200, 300)
OUR_FAULT: Final = frozenset({401, 403, 404, 408, 425, 429})
"""Statuses that somebody can mend, or that pass."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to post. `private`: it may lie in a private network."""

    target: Target
    private: bool = False

    @classmethod
    def of(cls, url: str, *, private: bool, code: str) -> Place:
        """From a setting; `BadInput(code)` where it cannot be used, without repeating it."""
        try:
            target = parse(url, any_port=True)
        except FetchRefused:
            raise BadInput(code) from None
        if target.scheme != "https" and not private:
            raise BadInput(code, needs="https")
        return cls(target, private)


def post(
    place: Place, body: bytes, *, content_type: str, headers: Mapping[str, str], seconds: float = SECONDS,
    hopeless: frozenset[int] = frozenset(),
) -> Answer:  # fmt: skip
    """One POST. A 4xx that is not our fault, or one of `hopeless`, has failed; everything else may pass.

    A 2xx has taken it, whatever its body is or lacks: asked again, the other side would send it twice.
    """
    settings = FetchSettings(seconds=seconds, max_bytes=_ROOM, allow_loopback=place.private)
    try:
        request(
            place.target, settings, body=body, content_type=content_type, private=place.private, headers=headers,
            accepted=_GOOD, status_only=True,
        )  # fmt: skip
    except FetchRefused as refused:
        status = refused.details.get("status")
        if refused.code == FetchReason.STATUS_REFUSED and isinstance(status, int):
            lost = status in hopeless or (400 <= status < 500 and status not in OUR_FAULT)
            return Answer(Outcome.FAILED if lost else Outcome.PUT_OFF, "answered", str(status))
        return Answer(Outcome.PUT_OFF, str(refused.code))
    return SENT
