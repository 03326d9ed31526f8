"""JSON that comes in, read strictly: what two readers could understand differently is refused, not guessed at.

RFC 8259 leaves open what a name means that stands twice, how large a number may be and how deep a value may lie;
RFC 7493 (I-JSON) closes that, and so do we: UTF-8, no name twice, no NaN, no number beyond what a double holds
exactly, nothing so deep that reading it exhausts the stack.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from flask.json.provider import DefaultJSONProvider

LARGEST = 2**53
"""RFC 7493 section 2.2: up to here a double holds every whole number; every key of a row is far below."""

DEEPEST = 32
"""What we take is three deep at most."""


def decode(data: bytes | str) -> Any:
    """The value; `ValueError` for anything that is not JSON as above."""
    text = data.decode("utf-8") if isinstance(data, bytes) else data
    try:
        found = json.loads(
            text, object_pairs_hook=_once_each, parse_constant=_no_number, parse_int=_whole, parse_float=_finite
        )
    except RecursionError as error:
        raise ValueError("too deep") from error
    _demand_shallow(found)
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise ValueError("the number is too large")
    return int(digits)


def _finite(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        raise ValueError("the number is too large")
    return found


def _demand_shallow(value: Any) -> None:
    """Level by level, without recursion."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ValueError("too deep")
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
        level = [one for one in below if isinstance(one, dict | list)]


class StrictJson(DefaultJSONProvider):
    """What `request.get_json` reads with."""

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        """See `decode`."""
        return decode(s)
