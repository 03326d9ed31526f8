"""PDF values back to bytes (ISO 32000-2, 7.3): deterministic, plain, one way to write each thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from signing.pdf import Name, Ref, Stream

_IRREGULAR = re.compile(r"[^!-~]|[#%/()<>\[\]{}]")
_PLAIN_STRING = re.compile(rb"[ -'*-\[\]-~]*\Z")


def serialise(value: Any) -> bytes:
    """Any value of `signing.pdf`, or plain Python in its place; `str` that is no `Name` is refused."""
    if isinstance(value, Name):
        return name(value)
    if isinstance(value, Ref):
        return b"%d %d R" % value
    if isinstance(value, bytes):
        return string(value)
    if isinstance(value, Mapping):
        return b"<<" + b"".join(name(key) + b" " + serialise(one) for key, one in value.items()) + b">>"
    if isinstance(value, Stream):
        return stream(value.dict, value.raw)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return b"[" + b" ".join(serialise(one) for one in value) + b"]"
    return _scalar(value)


def _scalar(value: Any) -> bytes:
    if value is None:
        return b"null"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int | float):
        return number(value)
    raise TypeError(f"not a PDF value: {type(value).__name__}")


def number(value: float) -> bytes:
    """No exponent, at most six decimals."""
    if isinstance(value, int):
        return b"%d" % value
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return b"0" if text in {"", "-0"} else text.encode()


@lru_cache(1024)
def name(text: str) -> bytes:
    """Characters stand for bytes (Latin-1); irregular ones as #xx."""
    return b"/" + _IRREGULAR.sub(lambda found: f"#{ord(found[0]):02X}", text).encode("latin-1")


def string(value: bytes) -> bytes:
    """Literal where it is plain ASCII without brackets and backslash, else hexadecimal."""
    if _PLAIN_STRING.match(value):
        return b"(" + value + b")"
    return b"<" + value.hex().upper().encode() + b">"


def text(value: str) -> bytes:
    """A text string: ASCII as it is, everything else UTF-16BE with its mark (7.9.2.2)."""
    return value.encode() if value.isascii() else b"\xfe\xff" + value.encode("utf-16-be")


def date(at: datetime) -> bytes:
    """`D:20261122165949+07'00'` (7.9.4), in the zone that `at` carries."""
    zone = at.strftime("%z")
    return f"D:{at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'".encode()


def stream(dictionary: Mapping[str, Any], raw: bytes) -> bytes:
    """A stream with its direct /Length."""
    return serialise(dict(dictionary) | {"Length": len(raw)}) + b"\nstream\n" + raw + b"\nendstream"
