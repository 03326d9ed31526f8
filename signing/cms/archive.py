"""Archive timestamps of CAdES (ETSI EN 319 122-1, 5.5.3): what one covers, and the bytes that it stamps.

An archive timestamp lists, in an attribute of its own token (ats-hash-index), the hashes of the certificates, lists
and unsigned attributes that it protects; what is not listed came later. It stamps the content's hash, the signer's
fields and that list. Version 2 of the attribute, which has no list, is not read.
"""

from __future__ import annotations

from dataclasses import dataclass

from signing.cms import der
from signing.cms.algorithms import digest_name, hash_of
from signing.cms.attributes import values
from signing.cms.codec import Attribute, SignedData, Signer, algorithm, read_signed_data
from signing.errors import NeedsCare

ARCHIVE_TIMESTAMP = "0.4.0.1733.2.4"
_INDEX_V3, _INDEX_V1 = "0.4.0.19122.1.5", "0.4.0.1733.2.5"
MAX_LISTED = 4096


@dataclass(frozen=True, slots=True)
class Archived:
    """One archive timestamp. `index` as it stands; `hashes` of what it lists, made with `hash_name`. `is_whole`:
    everything listed is there."""

    token: bytes
    index: bytes
    hash_name: str
    hashes: frozenset[bytes]
    is_whole: bool
    by_value: bool

    def covers(self, kind: str, value: bytes) -> bool:
        """Whether this unsigned attribute's value was there when the timestamp was made."""
        found = _by_value(kind, value) if self.by_value else _whole(Attribute(kind, (value,)))
        return hash_of(self.hash_name, found) in self.hashes

    def stamped(self, data: SignedData, signer: Signer, name: str, *, content: bytes) -> bytes:
        """The digest that the token must hold; `content` is the content's, by the same hash."""
        return hash_of(name, data.content_type_der, content, signer.covered, self.index)


def archives(data: SignedData, signer: Signer) -> list[Archived]:
    """The archive timestamps under this signer; `NeedsCare` where one cannot be read."""
    return [_read(data, signer, token) for token in values(signer.unsigned, ARCHIVE_TIMESTAMP)]


def _read(data: SignedData, signer: Signer, token: bytes) -> Archived:
    stamp = next(iter(read_signed_data(token).signers), None)
    found = [
        (value, oid) for oid in (_INDEX_V3, _INDEX_V1) for value in values(stamp.unsigned if stamp else (), oid)
    ]
    if len(found) != 1:
        raise NeedsCare("archive_index")
    index, kind = found[0]
    parts = list(der.read(index).expect(der.SEQUENCE).children())
    hash_name = digest_name(algorithm(parts.pop(0))) if len(parts) == 4 else "sha256"
    if len(parts) != 3:
        raise NeedsCare("archive_index")
    listed = [[item.expect(der.OCTET_STRING).content for item in part.children()] for part in parts]
    if sum(map(len, listed)) > MAX_LISTED:
        raise NeedsCare("archive_index")
    there = (
        data.certificates,
        (*data.crls, *data.other_answers),
        tuple(_attributes(signer.unsigned, by_value=kind == _INDEX_V3)),
    )
    known = [{hash_of(hash_name, item) for item in items[:MAX_LISTED]} for items in there]
    is_whole = all(set(wanted) <= have for wanted, have in zip(listed, known, strict=True))
    return Archived(token, index, hash_name, frozenset(listed[2]), is_whole, kind == _INDEX_V3)


def _attributes(unsigned: tuple[Attribute, ...], *, by_value: bool) -> list[bytes]:
    if not by_value:
        return [_whole(item) for item in unsigned]
    return [_by_value(item.oid, value) for item in unsigned for value in item.values]


def _by_value(kind: str, value: bytes) -> bytes:
    return _oid(kind) + value


def _whole(item: Attribute) -> bytes:
    return der.encode(der.SEQUENCE, _oid(item.oid) + der.encode(der.SET, b"".join(item.values)))


def _oid(text: str) -> bytes:
    first, second, *rest = (int(part) for part in text.split("."))
    content = b""
    for number in (first * 40 + second, *rest):
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(number & 0x7F | 0x80)
        content += bytes(reversed(digits))
    return der.encode(der.OID, content)
