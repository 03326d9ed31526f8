"""What a chain comes to, in one word."""

from __future__ import annotations

from enum import StrEnum

from signing.path.building import Chain
from signing.reasons import Reason

_OF_THE_ROOT = frozenset({Reason.ROOT_NOT_FOR_PURPOSE, Reason.ROOT_RETIRED})


class PathState(StrEnum):
    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    INVALID = "invalid"
    INCOMPLETE = "incomplete"


def state_of(chain: Chain, reasons: tuple[Reason, ...]) -> PathState:
    if chain.anchor is None:
        return PathState.UNTRUSTED if Reason.ROOT_NOT_TRUSTED in reasons else PathState.INCOMPLETE
    if _OF_THE_ROOT.intersection(reasons):
        return PathState.UNTRUSTED
    return PathState.INVALID if reasons else PathState.TRUSTED
