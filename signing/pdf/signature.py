"""Which bytes a signature dictionary covers, and whether they are what its place in the file demands.

The hole in /ByteRange must be the whole /Contents string, delimiters included, and nothing else (12.8.1);
the range begins at 0 and ends where the revision that holds the dictionary ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from signing.errors import NeedsCare
from signing.pdf.file import PdfFile, SignatureField
from signing.pdf.objects import HexString, IndirectObject, Name, PdfArray, PdfDict
from signing.pdf.structure import Structure, is_name

_HEX = re.compile(rb"<[0-9A-Fa-f]*+>")


@dataclass(frozen=True, slots=True)
class SignedRange:
    """The covered bytes `0:gap_start` and `gap_end:end`; `revision` is the one that holds the dictionary."""

    gap_start: int
    gap_end: int
    end: int
    revision: int
    contents: bytes


@dataclass(frozen=True, slots=True)
class RangeFault:
    """Why the range is not believed; `code` is stable."""

    code: str


def holder(structure: Structure, field: SignatureField) -> tuple[IndirectObject, int]:
    """The object of the signature dictionary and its revision: plain, indirect, written once, named once."""
    ref = field.value_ref
    if ref is None:
        raise NeedsCare("signature_value_direct", field=field.name)
    homes = [number for number, objects in enumerate(structure.objects) if ref.num in objects]
    if len(homes) != 1:
        raise NeedsCare("signature_rewritten", field=field.name)
    item = structure.objects[homes[0]][ref.num]
    if item.container is not None or not isinstance(item.value, PdfDict):
        raise NeedsCare("signature_compressed", field=field.name)
    return item, homes[0]


def signed_range(file: PdfFile, item: IndirectObject, revision: int) -> SignedRange | RangeFault:
    """The range of the signature dictionary `item`, or what is wrong with it."""
    numbers, contents = item.value.get("ByteRange"), item.value.get("Contents")
    if not is_signature(item.value):
        return RangeFault("signature_malformed")
    if not isinstance(numbers, PdfArray) or len(numbers) != 4 or any(type(n) is not int for n in numbers):
        return RangeFault("byte_range_malformed")
    if not isinstance(contents, HexString) or not _HEX.fullmatch(file.data, contents.start, contents.end):
        return RangeFault("contents_malformed")
    start, first, second, rest = numbers
    if start != 0 or first != contents.start or second != contents.end or rest <= 0:
        return RangeFault("byte_range_gap")
    found = file.revisions[revision]
    end = second + rest
    if end not in (found.end, found.end_of_line):
        return RangeFault("byte_range_end")
    return SignedRange(first, second, end, revision, bytes(contents))


def is_signature(value: PdfDict) -> bool:
    """Table 255: /Type may be left out, and is Sig or DocTimeStamp where it is given; /Filter is required."""
    kind = value.get("Type")
    known = kind is None or is_name(kind, "Sig") or is_name(kind, "DocTimeStamp")
    return known and isinstance(value.get("Filter"), Name)


def is_document_timestamp(value: PdfDict) -> bool:
    """12.8.5: a token of RFC 3161. A signature of a person does not become one by its /Type."""
    return is_name(value.get("Type"), "DocTimeStamp") and is_name(value.get("SubFilter"), "ETSI.RFC3161")


def loose_signatures(structure: Structure, fields: tuple[SignatureField, ...]) -> tuple[int, ...]:
    """Objects that look like signatures but are no field's value: a viewer may show what we would not check."""
    values = {field.value_ref.num for field in fields if field.value_ref is not None}
    return tuple(
        item.num
        for objects in structure.objects
        for item in objects.values()
        if item.mentions(b"/ByteRange")
        and isinstance(item.value, PdfDict)
        and "ByteRange" in item.value
        and item.num not in values
    )
