"""Which bytes a signature covers, read tolerantly: the range itself is held as strictly as ever."""

from __future__ import annotations

import re

from signing.pdf.file import SignatureField
from signing.pdf.objects import HexString, PdfArray, PdfDict, Ref
from signing.pdf.signature import RangeFault, SignedRange, is_signature
from signing.pdf.tolerant.document import TolerantFile
from signing.pdf.tolerant.frame import Cut
from signing.pdf.tolerant.snapshot import Snapshot
from signing.pdf.xref import EntryKind

_HEX = re.compile(rb"<[0-9A-Fa-f]*+>")
_WHITE = b"\x00\t\n\x0c\r "


def covered_range(file: TolerantFile, item: SignatureField) -> SignedRange | RangeFault:
    """From byte 0, without the whole /Contents string and nothing else, to the end of a state of the document
    in which this field held this very dictionary."""
    value = item.value or PdfDict()
    numbers, contents = value.get("ByteRange"), value.get("Contents")
    if "ByteRange" in value and not is_signature(value):
        return RangeFault("signature_malformed")
    if not isinstance(numbers, PdfArray) or len(numbers) != 4 or any(type(n) is not int for n in numbers):
        return RangeFault("byte_range_malformed")
    if not isinstance(contents, HexString) or not _stands_in(file, contents):
        return RangeFault("contents_malformed")
    start, first, second, rest = numbers
    if start != 0 or first != contents.start or second != contents.end or rest <= 0:
        return RangeFault("byte_range_gap")
    end = second + rest
    revision = _closed_by(file, end)
    if revision is None or not _held_there(file.at(revision), item, contents):
        return RangeFault("byte_range_end")
    return SignedRange(first, second, end, revision, bytes(contents))


def _stands_in(file: TolerantFile, contents: HexString) -> bool:
    """The string's place is a place in the file, not in an object stream, and it holds digits alone."""
    if not _HEX.fullmatch(file.data, contents.start, contents.end):
        return False
    return bytes.fromhex(_even(file.data[contents.start + 1 : contents.end - 1])) == bytes(contents)


def _even(digits: bytes) -> str:
    return (digits + b"0" if len(digits) % 2 else digits).decode("ascii")


def _closed_by(file: TolerantFile, end: int) -> int | None:
    """The state whose last byte this is; white space behind `%%EOF` belongs to it."""
    for number, cut in enumerate(file.cuts):
        if cut.tail.end <= end <= len(file.data) and not file.data[cut.tail.end : end].strip(_WHITE):
            return number
    return None


def _held_there(view: Snapshot, item: SignatureField, contents: HexString) -> bool:
    for other in view.signature_fields():
        if other.ref.num == item.ref.num and other.value is not None:
            found = other.value.get("Contents")
            return isinstance(found, HexString) and found.start == contents.start
    return False


def forgotten_signatures(file: TolerantFile) -> bool:
    """A signature dictionary that no field of the newest state shows, though some state or object holds it."""
    if any(_is_signed(file, cut) for cut in file.skipped):
        return True
    shown = {_place(item.value) for item in file.last.signature_fields() if item.value is not None}
    shown |= {_place(value) for value in _usage_rights(file.last)}
    for number in range(len(file.revisions)):
        view = file.at(number)
        if any(item.value is not None and _place(item.value) not in shown for item in view.signature_fields()):
            return True
        for num, entry in file.revisions[number].entries.items():
            value = None if entry.kind is EntryKind.FREE else view.get(Ref(num, entry.gen))
            if isinstance(value, PdfDict) and "ByteRange" in value and _place(value) not in shown:
                return True
    return False


def _is_signed(file: TolerantFile, cut: Cut) -> bool:
    """Whether a state that the newest one does not build on holds signatures."""
    return any(item.value is not None for item in file.alone(cut).signature_fields())


def _place(value: PdfDict | None) -> int:
    contents = value.get("Contents") if value is not None else None
    return contents.start if isinstance(contents, HexString) else -1


def _usage_rights(view: Snapshot) -> list[PdfDict]:
    """Signatures of a viewer's maker over what it may do with the file (12.8.2.3); they say nothing of content."""
    rights = view.dictionary(view.catalog.get("Perms")) or PdfDict()
    found = [view.dictionary(rights.get(key)) for key in ("UR3", "UR")]
    return [value for value in found if value is not None]
