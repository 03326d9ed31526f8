"""What the tolerant reader may forgive, what it did forgive, and how much work it may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from signing.errors import NeedsCare

MAX_WORK = 6_000_000
"""Values read and compared for one file, some ten seconds; a 300-page letter with five signatures needs 200,000."""


class Leniency(StrEnum):
    """Every defect that is read past. A defect that is not here ends the reading."""

    # the frame of the file
    HEADER_LATE = "header_late"  # bytes before %PDF-, offsets may count from it
    WHITE_SPACE_AFTER_EOF = "white_space_after_eof"
    EOF_MARK_MISSING = "eof_mark_missing"  # the last line is the number of startxref
    STARTXREF_MISSES = "startxref_misses"  # the section stands right before `startxref`, not where it points
    PREVIOUS_ZERO = "previous_zero"  # /Prev 0 instead of none
    LINEARIZED = "linearized"
    HYBRID = "hybrid"  # a table and a stream for the same revision
    # cross-reference entries
    XREF_FORM = "xref_form"  # entries that are not exactly twenty bytes
    XREF_FIRST_NUMBER = "xref_first_number"  # numbered from 1 although the list of free objects is at 0
    XREF_DOUBLED = "xref_doubled"  # a number listed twice, both times the same
    SIZE_WRONG = "size_wrong"
    OFFSET_MISSES = "offset_misses"  # white space between the offset and the object
    OFFSET_WRONG = "offset_wrong"  # found as the only object of its number in these bytes
    GENERATION_DIFFERS = "generation_differs"
    FREED_REFERENCE = "freed_reference"  # refers to an object that was freed: null
    DANGLING_REFERENCE = "dangling_reference"  # refers to an object that never was: null
    # objects
    UNNAMED_OBJECT = "unnamed_object"  # in the bytes, in no section
    UNEXPLAINED_BYTES = "unexplained_bytes"  # between objects, and no object
    COMPRESSED_INDEX = "compressed_index"
    STREAM_LENGTH = "stream_length"
    STREAM_KEYWORD = "stream_keyword"
    END_MISSING = "end_missing"  # no `endobj`
    # values
    DUPLICATE_KEY = "duplicate_key"  # twice the same
    ODD_NAME = "odd_name"
    ODD_NUMBER = "odd_number"
    ODD_STRING = "odd_string"
    ODD_TOKEN = "odd_token"  # noqa: S105  not a password
    # the document
    PAGE_TREE = "page_tree"
    FIELD_TREE = "field_tree"
    ENCRYPTED = "encrypted"  # with the empty password


@dataclass(slots=True)
class Notes:
    """Kept for one file: leniencies with the place where each was first needed."""

    found: dict[Leniency, str] = field(default_factory=dict)
    work: int = 0

    def grant(self, leniency: Leniency, place: object = "") -> None:
        self.found.setdefault(leniency, str(place))

    def spend(self, amount: int = 1) -> None:
        self.work += amount
        if self.work > MAX_WORK:
            raise OutOfBounds("work")

    def lines(self) -> tuple[str, ...]:
        """`name` or `name at`, in the order of the list."""
        return tuple(f"{item} {self.found[item]}".strip() for item in Leniency if item in self.found)


class OutOfBounds(NeedsCare):
    """More work, memory or depth than a real document needs. `code` is always `resource_limit`."""

    def __init__(self, of: str) -> None:
        super().__init__("resource_limit", of=of)
