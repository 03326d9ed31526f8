"""Searching what was sent for what must not be: passwords, key files and private numbers in every spelling."""

from __future__ import annotations

import binascii
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol
from urllib.parse import quote, quote_plus, unquote_to_bytes

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Holder(Protocol):
    """A key with its certificate."""

    @property
    def key(self) -> Private: ...

    @property
    def der(self) -> bytes: ...


def readings(raw: bytes) -> Iterator[bytes]:
    """The bytes as they are, and every way in which something could have been written into them."""
    yield raw
    yield unquote_to_bytes(raw)
    yield raw.decode("utf-8", "replace").encode("unicode_escape")
    yield re.sub(rb"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)).encode("utf-8", "replace"), raw)
    for run in re.findall(rb"[0-9a-fA-F]{32,}", raw):
        for start in (0, 1):
            yield bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2].decode())
    for run in re.findall(rb"[A-Za-z0-9+/_-]{24,}", raw):
        standard = run.replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            piece = standard[start:]
            whole = piece[: len(piece) - (len(piece) % 4 == 1)]
            yield binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def private_numbers(owner: Holder) -> dict[str, bytes]:
    """Big-endian octets of everything secret in the key."""
    if isinstance(owner.key, ec.EllipticCurvePrivateKey):
        return {"d": owner.key.private_numbers().private_value.to_bytes(32, "big")}
    numbers = owner.key.private_numbers()
    named = {name: getattr(numbers, name) for name in ("p", "q", "d", "dmp1", "dmq1", "iqmp")}
    return {name: value.to_bytes((value.bit_length() + 7) // 8, "big") for name, value in named.items()}


def public_number(owner: Holder) -> bytes:
    """RSA modulus, or the x coordinate of the point."""
    public = owner.key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return public.public_numbers().n.to_bytes(public.key_size // 8, "big")
    return public.public_numbers().x.to_bytes(32, "big")


def secrets(owner: Holder, file: bytes, password: str) -> dict[str, bytes]:
    """What must appear nowhere; the file by pieces, so that a part of it would be found as well."""
    forms = {form: unicodedata.normalize(form, password) for form in ("NFC", "NFD")}
    written = {f"password {name}": text.encode() for name, text in forms.items()}
    wide = {f"password {name} in UTF-16": text.encode("utf-16-be") for name, text in forms.items()}
    quoted = {f"password {how.__name__}": how(password).encode() for how in (quote, quote_plus)}
    pieces = {f"file from {at}": file[at : at + 24] for at in range(0, len(file) - 24, 24)}
    plain = serialization.NoEncryption()
    pkcs8 = owner.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
    numbers = {name: value[:24] for name, value in private_numbers(owner).items()}
    return {**written, **wide, **quoted, **pieces, **numbers, "pkcs8": pkcs8[-60:]}


def found_in(sent: Iterable[bytes], owner: Holder, file: bytes, password: str) -> set[str]:
    """The names of all secrets that appear; what stands in the certificate anyway is none."""
    texts = [text for raw in sent for text in readings(raw)]
    return {
        name
        for name, secret in secrets(owner, file, password).items()
        if secret not in owner.der and any(secret in text for text in texts)
    }


def shows_public_number(sent: Iterable[bytes], owner: Holder) -> bool:
    """The positive control: the search does find what is really sent."""
    return any(public_number(owner) in text for raw in sent for text in readings(raw))
