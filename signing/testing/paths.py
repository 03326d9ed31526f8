"""Certificates and revocation lists written byte by byte, for what `cryptography` refuses to make.

Any string type in a name, negative serial numbers, doubled or malformed extensions, version 1, policy mappings, DSA
keys without parameters, deltas and indirect lists. Nothing is checked: what is asked for is written and signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.prepare import der

Key: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey

NUMERIC, PRINTABLE, TELETEX, IA5, UNIVERSAL, BMP = 0x12, 0x13, 0x14, 0x16, 0x1C, 0x1E
_CODECS = {UNIVERSAL: "utf-32-be", BMP: "utf-16-be", TELETEX: "latin-1", der.UTF8: "utf-8"}
CN, O, C, EMAIL, UID, TITLE = (  # noqa: E741  as names are written everywhere
    "2.5.4.3", "2.5.4.10", "2.5.4.6", "1.2.840.113549.1.9.1", "0.9.2342.19200300.100.1.1", "2.5.4.12",
)  # fmt: skip
_USAGES = (
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
    "cRLSign", "encipherOnly", "decipherOnly",
)  # fmt: skip
_REASONS = (
    "unused", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation",
    "certificateHold", "privilegeWithdrawn", "aACompromise",
)  # fmt: skip
_SHA1 = hashes.SHA1()  # noqa: S303  old chains are part of what is tested


def string(text: str, tag: int = der.UTF8) -> bytes:
    return der.tlv(tag, text.encode(_CODECS.get(tag, "ascii")))


def attribute(kind: str, value: str, tag: int = der.UTF8) -> bytes:
    return der.sequence(der.oid(kind), string(value, tag))


def name(*parts: tuple[str, str], tag: int = der.UTF8) -> bytes:
    """One attribute for each RDN, all in one string type."""
    return der.sequence(*(der.set_of([attribute(kind, value, tag)]) for kind, value in parts))


def rdns(*parts: Iterable[bytes]) -> bytes:
    """A name from RDNs given as attributes, for several in one RDN."""
    return der.sequence(*(der.set_of(part) for part in parts))


def extension(oid: str, value: bytes, *, critical: bool = False, flag: bytes = b"\xff") -> bytes:
    """`flag` other than FF writes the BOOLEAN as DER forbids."""
    return der.sequence(der.oid(oid), *([der.tlv(der.BOOLEAN, flag)] if critical else ()), der.octets(value))


def basic(*, authority: bool = True, length: int | None = None, critical: bool = True) -> bytes:
    parts = ([der.boolean(True)] if authority else []) + ([der.integer(length)] if length is not None else [])
    return extension("2.5.29.19", der.sequence(*parts), critical=critical)


def _bits(names: Iterable[str], known: tuple[str, ...]) -> bytes:
    value = 0
    for item in names:
        value |= 0x8000 >> known.index(item)
    content = value.to_bytes(2, "big").rstrip(b"\x00")
    unused = (content[-1] & -content[-1]).bit_length() - 1 if content else 0
    return bytes((unused,)) + content


def usage(*names: str, critical: bool = True) -> bytes:
    return extension("2.5.29.15", der.tlv(der.BIT_STRING, _bits(names, _USAGES)), critical=critical)


def policies(*oids: str, critical: bool = False) -> bytes:
    return extension("2.5.29.32", der.sequence(*(der.sequence(der.oid(item)) for item in oids)), critical=critical)


def mappings(*pairs: tuple[str, str]) -> bytes:
    value = der.sequence(*(der.sequence(der.oid(one), der.oid(other)) for one, other in pairs))
    return extension("2.5.29.33", value, critical=True)


def _counted(number: int, value: int | None) -> list[bytes]:
    return [] if value is None else [der.tlv(0x80 | number, der.content(der.integer(value)))]


def policy_constraints(*, explicit: int | None = None, mapping: int | None = None) -> bytes:
    return extension("2.5.29.36", der.sequence(*_counted(0, explicit), *_counted(1, mapping)), critical=True)


def inhibit_any(count: int) -> bytes:
    return extension("2.5.29.54", der.integer(count), critical=True)


def directory(given: bytes) -> bytes:
    return der.explicit(4, given)


def mailbox(text: str) -> bytes:
    return der.tlv(0x81, text.encode())


def dns(text: str) -> bytes:
    return der.tlv(0x82, text.encode())


def uri(text: str) -> bytes:
    return der.tlv(0x86, text.encode())


def address(value: bytes) -> bytes:
    return der.tlv(0x87, value)


def other_name(oid: str, text: str) -> bytes:
    return der.tlv(0xA0, der.oid(oid) + der.explicit(0, der.utf8(text)))


def alternative(*names: bytes, critical: bool = False) -> bytes:
    return extension("2.5.29.17", der.sequence(*names), critical=critical)


def name_constraints(*, permitted: Iterable[bytes] = (), excluded: Iterable[bytes] = ()) -> bytes:
    parts = [
        der.tlv(tag, b"".join(der.sequence(item) for item in trees))
        for tag, trees in ((0xA0, tuple(permitted)), (0xA1, tuple(excluded)))
        if trees
    ]
    return extension("2.5.29.30", der.sequence(*parts), critical=True)


def point(
    *,
    names: Iterable[bytes] = (),
    relative: bytes = b"",
    reasons: Iterable[str] = (),
    issuers: Iterable[bytes] = (),
) -> bytes:
    """A DistributionPoint; `relative` holds the attributes of the RDN under the issuer's name."""
    parts = [_point_name(tuple(names), relative)]
    chosen = tuple(reasons)
    if chosen:
        parts.append(der.tlv(0x81, _bits(chosen, _REASONS)))
    others = tuple(issuers)
    if others:
        parts.append(der.tlv(0xA2, b"".join(others)))
    return der.sequence(*parts)


def _point_name(names: tuple[bytes, ...], relative: bytes) -> bytes:
    if relative:
        return der.explicit(0, der.tlv(0xA1, relative))
    return der.explicit(0, der.tlv(0xA0, b"".join(names))) if names else b""


def points(*given: bytes) -> bytes:
    return extension("2.5.29.31", der.sequence(*given))


def freshest(*given: bytes) -> bytes:
    """Where deltas are found (RFC 5280, 5.2.6)."""
    return extension("2.5.29.46", der.sequence(*given))


def issuing_point(
    *,
    names: Iterable[bytes] = (),
    relative: bytes = b"",
    only: str = "",
    reasons: Iterable[str] = (),
    indirect: bool = False,
) -> bytes:
    """`only`: users, authorities or attributes."""
    true = b"\xff"
    tags = {"users": 0x81, "authorities": 0x82, "attributes": 0x85}
    chosen = tuple(reasons)
    parts = [
        _point_name(tuple(names), relative),
        der.tlv(tags[only], true) if only in ("users", "authorities") else b"",
        der.tlv(0x83, _bits(chosen, _REASONS)) if chosen else b"",
        der.tlv(0x84, true) if indirect else b"",
        der.tlv(tags[only], true) if only == "attributes" else b"",
    ]
    return extension("2.5.29.28", der.sequence(*parts), critical=True)


def delta_of(number: int) -> bytes:
    return extension("2.5.29.27", der.integer(number), critical=True)


def list_number(number: int) -> bytes:
    return extension("2.5.29.20", der.integer(number))


def entry(serial: int, at: datetime, *, reason: int | None = None, extensions: Iterable[bytes] = ()) -> bytes:
    """A revoked certificate; `reason` by its CRLReason number."""
    found = list(extensions)
    if reason is not None:
        found.insert(0, extension("2.5.29.21", der.tlv(0x0A, bytes((reason,)))))
    return der.sequence(der.integer(serial), moment(at), *([der.sequence(*found)] if found else ()))


def certificate_issuer(given: bytes) -> bytes:
    return extension("2.5.29.29", der.sequence(directory(given)), critical=True)


def moment(at: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5)."""
    at = at.astimezone(UTC)
    return der.generalized_time(at) if at.year >= 2050 else der.tlv(0x17, at.strftime("%y%m%d%H%M%SZ").encode())


def key_info(key: Key) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def without_parameters(info: bytes) -> bytes:
    """The same public key, its algorithm's parameters left out."""
    algorithm, bits = der.children(info)
    return der.sequence(der.sequence(der.children(algorithm)[0]), bits)


def certificate(
    subject: bytes,
    info: bytes,
    *,
    issuer: bytes,
    key: Key,
    start: datetime,
    days: int = 365,
    serial: int | bytes = 1,
    extensions: Iterable[bytes] = (),
    version: int = 3,
    weak: bool = False,
) -> bytes:
    """A certificate for the public key `info`, signed with `key`. `serial` as bytes is written as it stands."""
    algorithm = signature_algorithm(key, weak=weak)
    number = der.tlv(der.INTEGER, serial) if isinstance(serial, bytes) else der.integer(serial)
    listed = tuple(extensions)
    tbs = der.sequence(
        *([der.explicit(0, der.integer(version - 1))] if version > 1 else ()),
        number,
        algorithm,
        issuer,
        der.sequence(moment(start), moment(start + timedelta(days=days))),
        subject,
        info,
        *([der.explicit(3, der.sequence(*listed))] if listed else ()),
    )
    return _signed(tbs, algorithm, key, weak=weak)


def revocation_list(
    issuer: bytes,
    key: Key,
    *,
    start: datetime,
    days: int = 30,
    entries: Iterable[bytes] = (),
    extensions: Iterable[bytes] = (),
    version: int = 2,
    weak: bool = False,
) -> bytes:
    algorithm = signature_algorithm(key, weak=weak)
    revoked, listed = tuple(entries), tuple(extensions)
    tbs = der.sequence(
        *([der.integer(version - 1)] if version > 1 else ()),
        algorithm,
        issuer,
        moment(start),
        moment(start + timedelta(days=days)),
        *([der.sequence(*revoked)] if revoked else ()),
        *([der.explicit(0, der.sequence(*listed))] if listed and version > 1 else ()),
    )
    return _signed(tbs, algorithm, key, weak=weak)


def signature_algorithm(key: Key, *, weak: bool = False) -> bytes:
    """SHA-256, or SHA-1 where `weak`."""
    if isinstance(key, rsa.RSAPrivateKey):
        return der.sequence(der.oid("1.2.840.113549.1.1.5" if weak else "1.2.840.113549.1.1.11"), der.null())
    if isinstance(key, dsa.DSAPrivateKey):
        return der.sequence(der.oid("1.2.840.10040.4.3" if weak else "2.16.840.1.101.3.4.3.2"))
    return der.sequence(der.oid("1.2.840.10045.4.1" if weak else "1.2.840.10045.4.3.2"))


def raw_signature(tbs: bytes, key: Key, *, weak: bool = False) -> bytes:
    chosen: hashes.HashAlgorithm = _SHA1 if weak else hashes.SHA256()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(tbs, padding.PKCS1v15(), chosen)
    if isinstance(key, dsa.DSAPrivateKey):
        return key.sign(tbs, chosen)
    return key.sign(tbs, ec.ECDSA(chosen))


def _signed(tbs: bytes, algorithm: bytes, key: Key, *, weak: bool) -> bytes:
    signature = raw_signature(tbs, key, weak=weak)
    return der.sequence(tbs, algorithm, der.tlv(der.BIT_STRING, b"\x00" + signature))


def broken(signed: bytes) -> bytes:
    """The same with the last byte of its signature changed."""
    return signed[:-1] + bytes((signed[-1] ^ 1,))


def with_unused_bits(signed: bytes, count: int = 3) -> bytes:
    """The same, its signature a bit string that is said not to end with a whole byte."""
    tbs, algorithm, signature = der.children(signed)
    return der.sequence(tbs, algorithm, der.tlv(der.BIT_STRING, bytes((count,)) + der.content(signature)[1:]))
