"""Two-phase signing for every kind of key holder.

1. `prepare_signature`: a new revision with the signature dictionary, its /Contents all zeros, and the DER
   signed attributes (`to_be_signed`) that the key holder signs.
2. `embed`: the raw signature is verified with the certificate, wrapped into CMS and put over the zeros.

Nothing is locked and nothing certified: recipients must be able to add their arrival stamp.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from signing.errors import BrokenInput, SignatureRefused, SigningError
from signing.pdf import PdfFile, SignatureField, read
from signing.prepare import serialise
from signing.prepare.algorithms import (
    HashFunction,
    SignatureAlgorithm,
    checked_signature,
    digest,
    natural_algorithm,
    natural_hash,
)
from signing.prepare.artwork import add_artwork, add_form
from signing.prepare.cms import Signer, message_digest, signed_attributes, signed_data
from signing.prepare.update import Appended, Update

RESERVED = 16_384
"""Hexadecimal digits kept for the CMS: RSA-3072, three certificates and a timestamp added at once fit."""
SUBFILTER = "ETSI.CAdES.detached"
RANGE_WIDTH = 48
"""Bytes left between the brackets of /ByteRange."""
_WRITTEN_RANGE = re.compile(rb"/ByteRange \[(0) (\d{1,12}) (\d{1,12}) (\d{1,12}) *\]")
_DIGEST_SIZES = {32: HashFunction.SHA256, 48: HashFunction.SHA384, 64: HashFunction.SHA512}


class CannotPrepare(SigningError):
    """This field of this document cannot be signed now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the signature dictionary says of itself; shown as claimed, never relied on."""

    name: str = ""
    reason: str = ""
    location: str = ""


NO_CLAIMS = Claims()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSignature:
    """Everything a key holder and its checks need.

    `document` begins with exactly the bytes that were given. Local keys and WebCrypto sign `to_be_signed`;
    tokens and remote services take `hash`, its digest. `byte_range` is (0, a, b, c) as in the file.
    """

    document: bytes
    to_be_signed: bytes
    hash: bytes
    hash_function: HashFunction
    byte_range: tuple[int, int, int, int]
    field: str


def prepare_signature(
    document: bytes,
    *,
    field: str,
    certificate: bytes,
    at: datetime,
    appearance_pdf: bytes | None = None,
    claims: Claims = NO_CLAIMS,
    hash_function: HashFunction | None = None,
    reserved: int = RESERVED,
) -> PreparedSignature:
    """Append the revision that signs `field`; `at` becomes /M in its own zone, `certificate` is DER.

    Raises `CannotPrepare` for an unknown or already signed field, `SignatureRefused` for a weak key.
    """
    own = load_certificate(certificate)
    natural_algorithm(own)
    file = read(document)
    target = _open_field(file, field)
    update = Update(document, file)
    signature = update.reserve()
    update.put_raw(signature, _dictionary(at, claims=claims, reserved=reserved))
    update.put(target.ref, dict(target.node) | _look(update, target, appearance_pdf) | {"V": signature})
    data, byte_range = with_range(update.finish(), signature.num, reserved=reserved)
    function = hash_function or natural_hash(own)
    to_be_signed = signed_attributes(
        certificate=certificate,
        function=function,
        message_digest=digest_range(data, byte_range, function),
    )
    return PreparedSignature(
        document=data,
        to_be_signed=to_be_signed,
        hash=digest(function, to_be_signed),
        hash_function=function,
        byte_range=byte_range,
        field=field,
    )


def embed(
    prepared_document: bytes,
    *,
    to_be_signed: bytes,
    signature: bytes,
    certificate: bytes,
    chain: Sequence[bytes] = (),
    signature_algorithm: SignatureAlgorithm | None = None,
    unsigned_attributes: Sequence[bytes] = (),
) -> bytes:
    """The signed file. `chain` (DER, issuer first) is carried along; ECDSA may come as r‖s or DER.

    Refuses what was not prepared for exactly this document and certificate, and a signature that this
    certificate's key did not make: `SignatureRefused` with document_changed, certificate_mismatch,
    algorithm_mismatch, weak_key or wrong_signature; `BrokenInput` for what is no prepared file.
    """
    own = load_certificate(certificate)
    byte_range = prepared_range(prepared_document)
    promised = message_digest(to_be_signed)
    function = _DIGEST_SIZES.get(len(promised))
    if function is None or digest_range(prepared_document, byte_range, function) != promised:
        raise SignatureRefused("document_changed")
    expected = signed_attributes(certificate=certificate, function=function, message_digest=promised)
    if to_be_signed != expected:
        raise SignatureRefused("certificate_mismatch")
    algorithm = signature_algorithm or natural_algorithm(own)
    raw = checked_signature(own, to_be_signed, signature=signature, algorithm=algorithm, function=function)
    signer = Signer(
        certificate=certificate,
        signed_attributes=to_be_signed,
        signature=raw,
        algorithm=algorithm,
        function=function,
        unsigned_attributes=tuple(unsigned_attributes),
    )
    return filled(prepared_document, byte_range, signed_data(signer, certificates=(certificate, *chain)))


def is_extension_of(document: bytes, previous: bytes) -> bool:
    """Begins with exactly the earlier version's bytes and goes on."""
    return len(document) > len(previous) and document.startswith(previous)


def load_certificate(certificate: bytes) -> x509.Certificate:
    """A DER certificate and nothing behind it."""
    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError:
        raise BrokenInput("not_a_certificate") from None


def prepared_range(document: bytes) -> tuple[int, int, int, int]:
    """The byte range of the one signature that reaches to the end of a prepared file, over zeros.

    As `_with_range` wrote it there is one place in the file that says so. Only where several do, a draft that has
    such a text within, or none does, the file is read for its signature fields.
    """
    written = [tuple(map(int, found)) for found in _WRITTEN_RANGE.findall(document)]
    candidates = [one for one in written if _reaches_the_end(document, one)]
    if len(candidates) != 1:
        candidates = [one for one in _ranges_of_fields(document) if _reaches_the_end(document, one)]
    if len(candidates) != 1:
        raise BrokenInput("not_prepared")
    start, first, second, rest = candidates[0]
    return start, first, second, rest


def _ranges_of_fields(document: bytes) -> list[tuple[int, ...]]:
    found = [field.value.get("ByteRange") for field in read(document).signature_fields() if field.value is not None]
    return [tuple(one) for one in found if isinstance(one, list) and all(type(number) is int for number in one)]


def _reaches_the_end(document: bytes, byte_range: tuple[int, ...]) -> bool:
    """Whether it covers everything but one gap of zeros."""
    if len(byte_range) != 4:
        return False
    start, first, second, rest = byte_range
    if start != 0 or not 0 < first < second or second + rest != len(document):
        return False
    gap = document[first:second]
    return gap[:1] == b"<" and gap[-1:] == b">" and not gap[1:-1].strip(b"0")


def _open_field(file: PdfFile, name: str) -> SignatureField:
    found = [field for field in file.signature_fields() if field.name == name]
    if len(found) != 1:
        raise CannotPrepare("no_such_field", field=name)
    if found[0].value_ref is not None or found[0].value is not None:
        raise CannotPrepare("already_signed", field=name)
    return found[0]


def _look(update: Update, target: SignatureField, appearance: bytes | None) -> dict[str, object]:
    """The appearance: the drawing, or nothing drawn at all in a box that is left empty."""
    if target.rect is None or not target.visible:
        return {}
    left, bottom, right, top = target.rect
    size = round(right - left, 2), round(top - bottom, 2)
    if appearance is None:
        form = add_form(update, b"", size=size, resources={})
    else:
        form = add_artwork(update, appearance, size)
    return {"AP": {"N": form}}


def _dictionary(at: datetime, *, claims: Claims, reserved: int) -> bytes:
    """The signature dictionary (12.8.1), written by hand so that places are known."""
    if at.tzinfo is None or reserved % 2:
        raise ValueError("an aware time and an even number of digits are needed")
    said = {"Name": claims.name, "Reason": claims.reason, "Location": claims.location}
    entries = [(key, serialise.text(value)) for key, value in said.items() if value]
    return b"".join(
        (
            b"<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter " + serialise.name(SUBFILTER),
            b"\n/ByteRange [" + b" " * RANGE_WIDTH,
            b"]\n/Contents <" + b"0" * reserved,
            b">\n/M " + serialise.string(serialise.date(at)),
            *(b"\n" + serialise.name(key) + b" " + serialise.string(value) for key, value in entries),
            b"\n>>",
        )
    )


def with_range(appended: Appended, num: int, *, reserved: int) -> tuple[bytes, tuple[int, int, int, int]]:
    """Write the real numbers into the room left for them."""
    data, start = appended.data, appended.offsets[num]
    place = data.index(b"/ByteRange [", start) + len(b"/ByteRange [")
    first = data.index(b"/Contents <", place) + len(b"/Contents ")
    second = first + reserved + 2
    byte_range = (0, first, second, len(data) - second)
    written = b" ".join(b"%d" % value for value in byte_range).ljust(RANGE_WIDTH)
    return data[:place] + written + data[place + RANGE_WIDTH :], byte_range


def digest_range(data: bytes, byte_range: tuple[int, int, int, int], function: HashFunction) -> bytes:
    """Of everything but the hole."""
    view = memoryview(data)
    engine = hashlib.new(function)
    engine.update(view[: byte_range[1]])
    engine.update(view[byte_range[2] :])
    return engine.digest()


def filled(data: bytes, byte_range: tuple[int, int, int, int], cms: bytes) -> bytes:
    """The CMS over the zeros; `SignatureRefused("too_large")` where it has no room."""
    room = byte_range[2] - byte_range[1] - 2
    digits = cms.hex().upper().encode()
    if len(digits) > room:
        raise SignatureRefused("too_large", digits=len(digits), reserved=room)
    return data[: byte_range[1] + 1] + digits.ljust(room, b"0") + data[byte_range[2] - 1 :]


__all__ = [
    "RESERVED",
    "CannotPrepare",
    "Claims",
    "PreparedSignature",
    "embed",
    "is_extension_of",
    "load_certificate",
    "prepare_signature",
    "prepared_range",
]
