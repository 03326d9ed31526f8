"""Files encrypted with an empty user password, so that anybody can open them (ISO 32000-2, 7.6).

The standard handler in all its revisions: RC4 and AES, 40 to 256 bits. /Contents of a signature is never
encrypted (7.6.2), neither are cross-reference streams, nor objects inside a decrypted object stream.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from signing.errors import NeedsCare
from signing.pdf.objects import IndirectObject, Name, PdfArray, PdfDict, PdfString, Stream
from signing.pdf.tolerant.notes import Leniency, Notes

_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_BYTES_PER_WORK = 256
_SLOW_BYTES_PER_WORK = 8


@dataclass(frozen=True, slots=True)
class Security:
    """`strings` and `streams`: V2 (RC4), AESV2, AESV3 or Identity."""

    key: bytes
    strings: str
    streams: str
    metadata: bool
    notes: Notes

    def open(self, item: IndirectObject) -> IndirectObject:
        """The object with its strings and its stream decrypted."""
        if isinstance(item.value, Stream) and item.value.dict.get("Type") == "XRef":
            return item
        value = self._value(item.value, item)
        return IndirectObject(item.num, item.gen, value, item.start, item.end, item.refs, item.container)

    def _value(self, value: Any, item: IndirectObject) -> Any:
        if isinstance(value, Stream):
            head = self._value(value.dict, item)
            raw = self._stream(value, item)
            return Stream(head, raw, 0, len(raw))
        if isinstance(value, PdfDict):
            is_signature = "ByteRange" in value and "Contents" in value
            result = PdfDict(
                {
                    key: one if is_signature and key == "Contents" else self._value(one, item)
                    for key, one in value.items()
                }
            )
            result.start, result.end, result.spans = value.start, value.end, value.spans
            return result
        if isinstance(value, PdfArray):
            listed = PdfArray(self._value(one, item) for one in value)
            listed.start, listed.end = value.start, value.end
            return listed
        if isinstance(value, PdfString):
            plain = type(value)(self._decrypt(bytes(value), self.strings, item))
            plain.start, plain.end = value.start, value.end
            return plain
        return value

    def _stream(self, stream: Stream, item: IndirectObject) -> bytes:
        head = stream.dict
        names = head.get("Filter")
        own = "Crypt" in (names if isinstance(names, PdfArray) else [names])
        if own or (head.get("Type") == "Metadata" and not self.metadata):
            return stream.raw
        return self._decrypt(stream.raw, self.streams, item)

    def _decrypt(self, data: bytes, method: str, item: IndirectObject) -> bytes:
        self.notes.spend(len(data) // _BYTES_PER_WORK)
        if method == "Identity":
            return data
        if method == "AESV3":
            return _aes(self.key, data)
        tail = item.num.to_bytes(4, "little")[:3] + item.gen.to_bytes(4, "little")[:2]
        salt = b"sAlT" if method == "AESV2" else b""
        key = _md5(self.key + tail + salt)[: min(len(self.key) + 5, 16)]
        if method == "AESV2":
            return _aes(key, data)
        self.notes.spend(len(data) // _SLOW_BYTES_PER_WORK)
        return _rc4(key, data)


def open_security(file: Any, notes: Notes) -> Security | None:
    """None for a plain file; `NeedsCare("encrypted")` where a password is needed or the handler is another."""
    stated = [revision.trailer.get("Encrypt") for revision in file.revisions]
    if all(item is None for item in stated):
        return None
    if any(item != stated[0] for item in stated):
        raise NeedsCare("encryption_changed")
    view = file.last
    handler = view.dictionary(stated[0])
    if handler is None or handler.get("Filter") != "Standard":
        raise NeedsCare("encrypted")
    listed = view.array(view.trailer.get("ID"))
    first = view.resolve(listed[0]) if listed else b""
    key = _file_key(view, handler, bytes(first) if isinstance(first, PdfString) else b"")
    notes.grant(Leniency.ENCRYPTED)
    return Security(
        key=key,
        strings=_method(view, handler, "StrF"),
        streams=_method(view, handler, "StmF"),
        metadata=handler.get("EncryptMetadata") is not False,
        notes=notes,
    )


def _method(view: Any, handler: PdfDict, which: str) -> str:
    if handler.get("V") in (1, 2, 3):
        return "V2"
    name = handler.get(which, Name("Identity"))
    if name == "Identity":
        return "Identity"
    filters = view.dictionary(handler.get("CF")) or PdfDict()
    chosen = view.dictionary(filters.get(str(name))) or PdfDict()
    method = str(chosen.get("CFM"))
    if method not in ("V2", "AESV2", "AESV3"):
        raise NeedsCare("encrypted")
    return method


def _file_key(view: Any, handler: PdfDict, first_id: bytes) -> bytes:
    """Algorithms 2 and 2.A for the empty password, checked by algorithms 6 and 11."""
    version, revision = handler.get("V"), handler.get("R")
    owner, user = (view.resolve(handler.get(key)) for key in ("O", "U"))
    if not isinstance(owner, PdfString) or not isinstance(user, PdfString) or type(revision) is not int:
        raise NeedsCare("encrypted")
    if revision in (5, 6):
        return _new_key(view, handler, bytes(user), revision)
    length = handler.get("Length", 40)
    size = 5 if version == 1 or revision == 2 else 16 if version == 4 else length // 8 if type(length) is int else 0
    allowed = handler.get("P")
    if revision not in (2, 3, 4) or not 5 <= size <= 16 or type(allowed) is not int:
        raise NeedsCare("encrypted")
    unencrypted = b"\xff" * 4 if revision >= 4 and handler.get("EncryptMetadata") is False else b""
    key = _md5(_PAD + bytes(owner)[:32] + (allowed & 0xFFFFFFFF).to_bytes(4, "little") + first_id + unencrypted)
    for _ in range(50 if revision >= 3 else 0):
        key = _md5(key[:size])
    key = key[:size]
    expected = _rc4(key, _PAD) if revision == 2 else _user_value(key, first_id)
    if bytes(user)[: len(expected)] != expected:
        raise NeedsCare("encrypted")
    return key


def _user_value(key: bytes, first_id: bytes) -> bytes:
    value = _rc4(key, _md5(_PAD + first_id))
    for number in range(1, 20):
        value = _rc4(bytes(byte ^ number for byte in key), value)
    return value


def _new_key(view: Any, handler: PdfDict, user: bytes, revision: int) -> bytes:
    packed = view.resolve(handler.get("UE"))
    if len(user) < 48 or not isinstance(packed, PdfString) or len(packed) < 32:
        raise NeedsCare("encrypted")
    digest = _hash_2b if revision == 6 else lambda salt: hashlib.sha256(salt).digest()
    if digest(user[32:40]) != user[:32]:
        raise NeedsCare("encrypted")
    engine = Cipher(algorithms.AES(digest(user[40:48])), modes.CBC(bytes(16))).decryptor()
    return engine.update(bytes(packed)[:32]) + engine.finalize()


def _hash_2b(salt: bytes) -> bytes:
    """Algorithm 2.B for the empty password and no user key."""
    key, number = hashlib.sha256(salt).digest(), 0
    while True:
        engine = Cipher(algorithms.AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        data = engine.update(key * 64) + engine.finalize()
        name = ("sha256", "sha384", "sha512")[sum(data[:16]) % 3]
        key, number = hashlib.new(name, data).digest(), number + 1
        if number >= 64 and data[-1] <= number - 32:
            return key[:32]


def _aes(key: bytes, data: bytes) -> bytes:
    """CBC behind its initial vector; what is not whole blocks stays as it is, nobody can read it."""
    if len(data) < 32 or len(data) % 16:
        return b"" if len(data) in (0, 16) else data
    engine = Cipher(algorithms.AES(key), modes.CBC(data[:16])).decryptor()
    plain = engine.update(data[16:]) + engine.finalize()
    return plain[: -plain[-1]] if 1 <= plain[-1] <= 16 else plain


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    """Written out, because current libraries no longer hold it for all key lengths."""
    box, other = list(range(256)), 0
    for index in range(256):
        other = (other + box[index] + key[index % len(key)]) & 0xFF
        box[index], box[other] = box[other], box[index]
    one = other = 0
    out = bytearray()
    for byte in data:
        one = (one + 1) & 0xFF
        other = (other + box[one]) & 0xFF
        box[one], box[other] = box[other], box[one]
        out.append(byte ^ box[(box[one] + box[other]) & 0xFF])
    return bytes(out)
