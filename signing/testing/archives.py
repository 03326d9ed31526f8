"""CAdES archive timestamps (ETSI EN 319 122-1, 5.5.3), put on messages that others made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from signing.cms import der as reader
from signing.prepare import der
from signing.prepare.algorithms import HashFunction, digest, digest_algorithm
from signing.prepare.cms import attribute
from signing.testing.identity import Identity
from signing.testing.timestamps import timestamp_token

ARCHIVE_TIMESTAMP, HASH_INDEX = "0.4.0.1733.2.4", "0.4.0.19122.1.5"
SHA256 = HashFunction.SHA256


def with_unsigned(message: bytes, *attributes: bytes) -> bytes:
    """The same message with more unsigned attributes under its first signer."""
    kind, inner = _content_info(message)
    parts = list(der.children(inner))
    first, *others = der.children(parts[-1])
    fields = list(der.children(first))
    known = der.children(fields.pop()) if fields[-1][0] == 0xA1 else ()
    info = der.sequence(*fields, der.set_of((*known, *attributes), tag=0xA1))
    body = der.sequence(*parts[:-1], der.set_of((info, *others)))
    return der.sequence(kind, der.explicit(0, body))


def _content_info(message: bytes) -> tuple[bytes, bytes]:
    kind, wrapped = der.children(message)
    return kind, der.children(wrapped)[0]


def archived(
    message: bytes,
    content: bytes,
    tsa: Identity,
    *,
    at: datetime,
    leaving_out: Iterable[bytes] = (),
    also: Iterable[bytes] = (),
    over: bytes | None = None,
) -> bytes:
    """`message` with an archive timestamp over all that it holds. `leaving_out`: attributes (DER) that the list
    does not name; `also`: more hashes of attributes in it; `over`: what is stamped in place of `content`."""
    _, inner = _content_info(message)
    _, _, encapsulated, *rest = der.children(inner)
    held = {part[0]: der.children(part) for part in rest[:-1]}
    fields = list(der.children(der.children(rest[-1])[0]))
    unsigned = der.children(fields.pop()) if fields[-1][0] == 0xA1 else ()
    named = [_value(item) for item in unsigned if item not in set(leaving_out)]
    index = der.sequence(
        digest_algorithm(SHA256),
        _hashes(held.get(0xA0, ())),
        _hashes(held.get(0xA1, ())),
        _hashes(named, *also),
    )
    hashed = digest(SHA256, content if over is None else over)
    stamped = b"".join((der.children(encapsulated)[0], hashed, *fields, index))
    token = timestamp_token(tsa, digest(SHA256, stamped), at=at)
    return with_unsigned(message, attribute(ARCHIVE_TIMESTAMP, with_unsigned(token, attribute(HASH_INDEX, index))))


def _value(item: bytes) -> bytes:
    """The type and the only value of an attribute."""
    kind, held = der.children(item)
    return kind + reader.read(held).only().raw


def _hashes(items: Iterable[bytes], *more: bytes) -> bytes:
    return der.sequence(*(der.octets(hashlib.sha256(item).digest()) for item in items), *map(der.octets, more))
