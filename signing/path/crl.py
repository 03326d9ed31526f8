"""A revocation list, read (RFC 5280, section 5): header and extensions at once, entries when one is asked for."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from signing.cms import der
from signing.cms.codec import Algorithm
from signing.cms.codec import algorithm as read_algorithm
from signing.errors import BrokenInput, NeedsCare
from signing.path import extensions as ext
from signing.path.general_names import NameForm, read_general_names
from signing.path.model import signature_bits
from signing.path.names import Name, read_name

_LIST_UNDERSTOOD = frozenset(
    {ext.CRL_NUMBER, ext.DELTA_CRL, ext.ISSUING_POINT, ext.AUTHORITY_KEY_ID, ext.FRESHEST_CRL, ext.ISSUER_ALT_NAME}
)
_ENTRY_UNDERSTOOD = frozenset({ext.REASON_CODE, ext.INVALIDITY_DATE, ext.CERTIFICATE_ISSUER})
REASON_NAMES = {
    0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
    5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn",
    10: "aACompromise",
}  # fmt: skip
_PADDING = (0, 0xFF)
_CRITICAL = re.compile(rb"\x01\x01[^\x00]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """`reason` by its RFC 5280 name. `issuer`: only in an indirect list, whose certificate it is."""

    revoked_at: datetime
    reason: str | None
    invalid_since: datetime | None
    issuer: Name | None


@dataclass(frozen=True, slots=True)
class Crl:
    """`base`: the number that a delta builds on, None for a complete list. `point_raw` tells scopes apart."""

    der: bytes = field(repr=False)
    digest: str = field(compare=False)
    tbs: bytes = field(compare=False, repr=False)
    algorithm: Algorithm = field(compare=False)
    signature: bytes = field(compare=False, repr=False)
    issuer: Name = field(compare=False)
    this_update: datetime = field(compare=False)
    next_update: datetime | None = field(compare=False)
    number: int | None = field(compare=False)
    base: int | None = field(compare=False)
    point: ext.IssuingPoint | None = field(compare=False)
    point_raw: bytes = field(compare=False, repr=False)
    authority: ext.AuthorityKeyId = field(compare=False)
    critical: frozenset[str] = field(compare=False)
    entries: tuple[int, int] = field(compare=False)

    @property
    def is_delta(self) -> bool:
        return self.base is not None

    @property
    def is_indirect(self) -> bool:
        return self.point is not None and self.point.is_indirect


def read_crl(data: bytes) -> Crl:
    """From DER; `BrokenInput` with the cause when it cannot be read."""
    return _read(bytes(data))


@lru_cache(maxsize=128)
def _read(data: bytes) -> Crl:
    try:
        return _crl(data)
    except NeedsCare as error:
        raise BrokenInput("crl", cause=error.code) from error


def _crl(data: bytes) -> Crl:
    outer = der.read(data).expect(der.SEQUENCE).children()
    if len(outer) != 3:
        raise NeedsCare("der_structure")
    position, limit = outer[0].expect(der.SEQUENCE).body, outer[0].end
    parts: list[der.Node] = []
    while position < limit and len(parts) < 7:  # not children(): the entries stay unread
        parts.append(der.read_at(data, position, limit))
        position = parts[-1].end
    is_second = bool(parts) and parts[0].tag == der.INTEGER
    if position != limit or len(parts) < 3 + is_second or (is_second and der.integer(parts.pop(0)) != 1):
        raise NeedsCare("der_structure")
    if parts[0].raw != outer[1].raw:
        raise NeedsCare("algorithms_disagree")
    last = parts.pop() if parts[-1].tag == 0xA0 else None
    if last is not None and not is_second:
        raise NeedsCare("der_structure")
    next_update, entries = _middle(parts[3:])
    return Crl(
        der=data,
        digest=hashlib.sha256(data).hexdigest(),
        tbs=outer[0].raw,
        algorithm=read_algorithm(outer[1]),
        signature=signature_bits(outer[2]),
        issuer=read_name(parts[1]),
        this_update=der.time(parts[2]),
        next_update=next_update,
        entries=entries,
        **_extension_fields(ext.read_extensions(last.only()) if last is not None else {}),  # type: ignore[arg-type]
    )


def _middle(parts: list[der.Node]) -> tuple[datetime | None, tuple[int, int]]:
    """nextUpdate and revokedCertificates, each optional."""
    rest = list(parts)
    is_dated = bool(rest) and rest[0].tag in (der.UTC_TIME, der.GENERALIZED_TIME)
    next_update = der.time(rest.pop(0)) if is_dated else None
    if len(rest) > 1:
        raise NeedsCare("der_structure")
    return next_update, (rest[0].expect(der.SEQUENCE).body, rest[0].end) if rest else (0, 0)


def _extension_fields(found: dict[str, tuple[bool, bytes, bool]]) -> dict[str, object]:
    values = {oid: value for oid, (_, value, _) in found.items()}
    point = values.get(ext.ISSUING_POINT)
    authority = values.get(ext.AUTHORITY_KEY_ID)
    return {
        "number": _number(values.get(ext.CRL_NUMBER)),
        "base": _number(values.get(ext.DELTA_CRL)),
        "point": ext.issuing_point(point) if point is not None else None,
        "point_raw": point or b"",
        "authority": ext.authority_key_id(authority) if authority is not None else ext.NO_AUTHORITY,
        "critical": frozenset(oid for oid, (critical, _, _) in found.items() if critical) - _LIST_UNDERSTOOD,
    }


def _number(value: bytes | None) -> int | None:
    return der.integer(der.read(value)) if value is not None else None


@lru_cache(maxsize=128)
def _index(crl: Crl) -> tuple[dict[bytes, int], list[int]]:
    """(where the last entry of each serial number begins, where every entry begins). One plain loop: lists may hold
    a hundred thousand entries."""
    data, (position, limit) = crl.der, crl.entries
    found: dict[bytes, int] = {}
    places: list[int] = []
    try:
        while position < limit:
            length, body = data[position + 1], position + 2
            if data[position] != der.SEQUENCE or length >= 0x80:
                node = der.read_at(data, position, limit).expect(der.SEQUENCE)
                body, end = node.body, node.end
            else:
                end = body + length
            size = data[body + 1]
            if data[body] != der.INTEGER or size > 64 or body + 2 + size > end or end > limit:
                raise NeedsCare("crl_entry")
            serial = data[body + 2 : body + 2 + size]
            found[serial if size < 2 or serial[0] not in _PADDING else _shortest(serial)] = position
            places.append(position)
            position = end
    except IndexError as error:
        raise NeedsCare("crl_entry") from error
    return found, places


def _shortest(serial: bytes) -> bytes:
    """The number as DER writes it; some lists pad it."""
    value = int.from_bytes(serial, "big", signed=True)
    return value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, "big", signed=True)


def count(crl: Crl) -> int:
    return len(_index(crl)[1])


@lru_cache(maxsize=128)
def is_understood(crl: Crl) -> bool:
    """No critical extension, of the list or of any entry, that nobody here understands (RFC 5280, 5.2 and 5.3)."""
    if crl.critical:
        return False
    start, end = crl.entries
    if _CRITICAL.search(crl.der, start, end) is None:
        return True
    understood = _ENTRY_UNDERSTOOD if crl.is_indirect else _ENTRY_UNDERSTOOD - {ext.CERTIFICATE_ISSUER}
    starts = _index(crl)[1]
    hits = (match.start() for match in _CRITICAL.finditer(crl.der, start, end))
    places = {starts[bisect_right(starts, hit) - 1] for hit in hits}
    return all(
        not critical or oid in understood
        for place in places
        for oid, (critical, _, _) in _entry_extensions(crl, place).items()
    )


def entry_of(crl: Crl, serial: int, issuer: Name) -> Entry | None:
    """What the list says of this certificate; `NeedsCare` when its entries cannot be read."""
    if crl.is_indirect:
        return _indirect(crl).get((serial, issuer))
    place = _index(crl)[0].get(_shortest(serial.to_bytes(65, "big", signed=True)))
    return _entry(crl, place) if place is not None else None


@lru_cache(maxsize=32)
def _indirect(crl: Crl) -> dict[tuple[int, Name], Entry]:
    """An entry without certificateIssuer belongs to the issuer of the entry before it (RFC 5280, 5.3.3)."""
    found: dict[tuple[int, Name], Entry] = {}
    issuer = crl.issuer
    for place in _index(crl)[1]:
        entry = _entry(crl, place)
        issuer = entry.issuer or issuer
        found[_serial(crl, place), issuer] = entry
    return found


def _serial(crl: Crl, place: int) -> int:
    first = der.read_at(crl.der, place, crl.entries[1]).first()
    return int.from_bytes(first.content, "big", signed=True)


def _entry_extensions(crl: Crl, place: int) -> dict[str, tuple[bool, bytes, bool]]:
    parts = der.read_at(crl.der, place, crl.entries[1]).children()
    if not 2 <= len(parts) <= 3:
        raise NeedsCare("crl_entry")
    return ext.read_extensions(parts[2]) if len(parts) == 3 else {}


def _entry(crl: Crl, place: int) -> Entry:
    parts = der.read_at(crl.der, place, crl.entries[1]).children()
    values = {oid: value for oid, (_, value, _) in _entry_extensions(crl, place).items()}
    reason, since = values.get(ext.REASON_CODE), values.get(ext.INVALIDITY_DATE)
    named = values.get(ext.CERTIFICATE_ISSUER)
    code = der.read(reason) if reason is not None else None
    if code is not None and (code.tag != 0x0A or len(code.content) != 1):
        raise NeedsCare("crl_entry")
    return Entry(
        revoked_at=der.time(parts[1]),
        reason=REASON_NAMES.get(code.content[0], "unspecified") if code is not None else None,
        invalid_since=der.time(der.read(since)) if since is not None else None,
        issuer=_directory_name(named) if named is not None else None,
    )


def _directory_name(value: bytes) -> Name:
    for item in read_general_names(der.read(value).expect(der.SEQUENCE)):
        if item.form is NameForm.DIRECTORY and isinstance(item.value, Name):
            return item.value
    raise NeedsCare("certificate_issuer")
