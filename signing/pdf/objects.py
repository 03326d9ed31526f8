"""PDF values as Python values that remember where they stand in the raw bytes (ISO 32000-2, 7.3).

Booleans, integers and null are bool, int and None; reals are float. The classes below carry `start` and
`end` (exclusive), because a signature is about bytes: where /Contents and /ByteRange lie decides everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias


class Name(str):
    """A name without its slash, #xx undone, one character per byte (Latin-1)."""

    __slots__ = ()


class Ref(NamedTuple):
    """An indirect reference `num gen R`."""

    num: int
    gen: int = 0


class PdfString(bytes):
    """The decoded bytes of a string; `start` and `end` include its delimiters."""

    start: int
    end: int

    def text(self) -> str:
        """A text string (7.9.2.2): UTF-16BE or UTF-8 by mark, else Latin-1 for what PDFDocEncoding shares."""
        if self.startswith(b"\xfe\xff"):
            return bytes(self[2:]).decode("utf-16-be", "replace")
        if self.startswith(b"\xef\xbb\xbf"):
            return bytes(self[3:]).decode("utf-8", "replace")
        return bytes(self).decode("latin-1")


class HexString(PdfString):
    """`<48656c6c6f>`"""


class LiteralString(PdfString):
    """`(Hello)`"""


class PdfArray(list[Any]):
    """An array; `start` at its bracket."""

    __slots__ = ("end", "start")
    start: int
    end: int


class PdfDict(dict[str, Any]):
    """A dictionary with plain keys; `start` at `<<`. `spans`, where it is set, has the raw place of every value."""

    __slots__ = ("end", "spans", "start")
    start: int
    end: int
    spans: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its dictionary and where its raw (still filtered) bytes stand in `data`, the whole file."""

    dict: PdfDict
    data: bytes
    start: int
    end: int

    @property
    def raw(self) -> bytes:
        return self.data[self.start : self.end]


Value: TypeAlias = (
    "bool | int | float | Name | Ref | HexString | LiteralString | PdfArray | PdfDict | Stream | None"
)


@dataclass(slots=True, eq=False)
class IndirectObject:
    """One object as it stands in the file; `refs` are all references inside, in order.

    `start:end` runs from its number to the end of `endobj`; for an object in an object stream both are
    offsets in the decoded stream and `container` is that stream's object number. `is_active`: it holds scripts,
    XFA or additional actions.
    """

    num: int
    gen: int
    value: Any
    start: int
    end: int
    refs: tuple[Ref, ...]
    container: int | None = None
    is_active: bool = False

    @property
    def is_dictionary(self) -> bool:
        """A dictionary without a stream; this and the rest below is found out without reading values."""
        return isinstance(self.value, PdfDict)

    @property
    def is_stream(self) -> bool:
        return isinstance(self.value, Stream)

    def mentions(self, name: bytes) -> bool:
        """False where this name, one of `shapes.NOTABLE`, is nowhere in the object."""
        return True

    def references(self) -> list[bytes]:
        """All references inside, as number and generation with white space between."""
        return [b"%d %d" % ref for ref in self.refs]

    def entry(self, key: str) -> Any:
        """What the dictionary, or that of the stream, has under this key; None where there is neither."""
        entries = self.value.dict if isinstance(self.value, Stream) else self.value
        return entries.get(key) if isinstance(entries, PdfDict) else None
