"""Distinguished names compared as RFC 5280, 7.1 wants it: by their letters, not by how they are encoded."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from signing.cms import der
from signing.errors import NeedsCare

_TEXTS = {0x0C: "utf-8", 0x13: "ascii", 0x16: "ascii", 0x14: "latin-1", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}
"""UTF8, Printable, IA5, Teletex (as everybody uses it), BMP and Universal strings."""


def same_name(one: bytes, other: bytes) -> bool:
    """Whether two Names (DER) are the same name."""
    return one == other or (_folded(one) is not None and _folded(one) == _folded(other))


@lru_cache(maxsize=512)
def _folded(name: bytes) -> tuple[frozenset[tuple[str, str | bytes]], ...] | None:
    """One set of (type, value) for each relative name; None for what is no Name."""
    try:
        return tuple(
            frozenset(_pair(pair) for pair in part.expect(der.SET).children())
            for part in der.read(name).expect(der.SEQUENCE).children()
        )
    except NeedsCare:
        return None


def _pair(node: der.Node) -> tuple[str, str | bytes]:
    parts = node.expect(der.SEQUENCE).children()
    if len(parts) != 2:
        raise NeedsCare("der_structure")
    return der.oid(parts[0]), _value(parts[1])


def _value(node: der.Node) -> str | bytes:
    encoding = _TEXTS.get(node.tag)
    if encoding is None:
        return node.raw
    try:
        text = node.content.decode(encoding)
    except UnicodeDecodeError:
        return node.raw
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
