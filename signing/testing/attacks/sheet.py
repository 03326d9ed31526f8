"""A PDF written revision by revision, in every layout of its cross-references, without any reader.

Nothing is read back: what stands under each number is remembered, so that files which no strict reader takes
can be signed and continued all the same.

sheet = Sheet.begin(bodies).sign("leader", leader, at=now).later({4: stream(b"…")})
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from signing.prepare.serialise import serialise
from signing.testing.identity import Identity
from signing.testing.paper import FORM, PAGE, RIGHT, Box, Way, fill, signature_dictionary, stream, widget

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
ROOT = b"/Root 1 0 R"


class Layout(StrEnum):
    """How a revision lists its objects (ISO 32000-2, 7.5.4, 7.5.7, 7.5.8)."""

    TABLE = "table"
    STREAM = "stream"
    PACKED = "packed"  # all that may go into an object stream is in one
    HYBRID = "hybrid"  # a table, and a stream beside it for the hidden objects


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a cross-reference section: free, at an offset, or the nth object of a container."""

    kind: int
    one: int
    two: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`data` so far; `bodies`: what stands under each number; `size`: the next free one; `last`: the newest
    section's offset; `layout`: how the next revision is written unless told otherwise; `trailer`: what
    every trailer says beside /Size and /Prev."""

    data: bytes
    bodies: Mapping[int, bytes]
    size: int
    last: int | None
    layout: Layout = Layout.TABLE
    trailer: bytes = ROOT

    @classmethod
    def begin(
        cls,
        bodies: Mapping[int, bytes],
        *,
        layout: Layout = Layout.TABLE,
        head: bytes = HEAD,
        trailer: bytes = ROOT,
        hidden: Iterable[int] = (),
        freed: tuple[int, ...] = (),
        separator: bytes = b"",
        listed: Mapping[int, Entry] | None = None,
    ) -> Sheet:
        """The first revision."""
        empty = cls(data=head, bodies={}, size=1, last=None, layout=layout, trailer=trailer)
        return empty.later(bodies, hidden=hidden, freed=freed, separator=separator, listed=listed)

    def later(
        self,
        objects: Mapping[int, bytes],
        *,
        trailer: bytes = b"",
        layout: Layout | None = None,
        hidden: Iterable[int] = (),
        freed: tuple[int, ...] = (),
        separator: bytes = b"",
        listed: Mapping[int, Entry] | None = None,
    ) -> Sheet:
        """One more revision with these bodies. `separator` stands before every object; `listed` are lines of the
        section's own."""
        chosen = layout or self.layout
        size = max(self.size, *(number + 1 for number in (*objects, *freed)), 1)
        inside = _packed(objects) if chosen is Layout.PACKED else tuple(sorted(hidden))
        container, section = size, size + bool(inside)
        written = {number: body for number, body in sorted(objects.items()) if number not in inside}
        if inside:
            written[container] = object_stream({number: objects[number] for number in inside})
        out, entries = _write(self.data, written, separator=separator)
        entries |= {number: Entry(kind=2, one=container, two=at) for at, number in enumerate(inside)}
        entries |= {number: Entry(kind=0, one=0, two=1) for number in freed} | dict(listed or {})
        if self.last is None:
            entries[0] = Entry(kind=0, one=0, two=65535)
        trailer = trailer or self.trailer
        trailer += b"" if self.last is None else b"/Prev %d" % self.last
        if chosen is Layout.TABLE:
            out, start = with_table(out, entries, trailer + b"/Size %d" % size)
        elif chosen is Layout.HYBRID:
            out, start = _with_hybrid(out, entries, trailer, section=section)
            size = section + 1
        else:
            out, start = with_stream(out, entries, trailer, number=section)
            size = section + 1
        data = out + b"startxref\n%d\n%%%%EOF\n" % start
        return replace(self, data=data, bodies={**self.bodies, **objects}, size=size, last=start, layout=chosen)

    def field(self, name: str) -> int:
        """The object number of the signature field of this name."""
        mark = re.compile(rb"/T ?\(%s\)" % re.escape(name.encode()))
        return next(number for number, body in self.bodies.items() if mark.search(body))

    def sign(self, name: str, who: Identity, *, at: datetime, way: Way = RIGHT) -> Sheet:
        """A revision in which `who` signs the empty field `name`."""
        number = self.field(name)
        value, shown = self.size, self.size + 1
        body = entry(self.bodies[number], b"/V %d 0 R/AP<</N %d 0 R>>" % (value, shown))
        objects = {number: way.field(body)}
        return self.with_signature(objects, value=value, shown=shown, text=name, who=who, at=at, way=way)

    def add_and_sign(self, box: Box, who: Identity, *, at: datetime, way: Way = RIGHT, page: int = PAGE) -> Sheet:
        """What an arrival stamp does: a new field, signed in the same revision."""
        number, value, shown = self.size, self.size + 1, self.size + 2
        body = widget(box).replace(b"/P 3 0 R", b"/P %d 0 R" % page)
        body = entry(body, b"/V %d 0 R/AP<</N %d 0 R>>" % (value, shown))
        objects = {number: way.field(body), **self.with_annotations(number, page=page), **self.with_fields(number)}
        return self.with_signature(objects, value=value, shown=shown, text=box.name, who=who, at=at, way=way)

    def with_signature(
        self,
        objects: Mapping[int, bytes],
        *,
        value: int,
        shown: int,
        text: str,
        who: Identity,
        at: datetime,
        way: Way,
    ) -> Sheet:
        drawn = way.shown if way.shown is not None else appearance(text)
        own = {value: way.dictionary(signature_dictionary(at, way)), shown: drawn}
        after = self.later({**objects, **own, **(way.objects or {})})
        return replace(after, data=fill(after.data, who, way=way))

    def with_annotations(self, *numbers: int, page: int = PAGE) -> dict[int, bytes]:
        """The page with more annotations at the end of its list."""
        return {page: _grown(self.bodies[page], b"/Annots", numbers)}

    def with_fields(self, *numbers: int) -> dict[int, bytes]:
        """The form with more fields at the end of its list."""
        return {FORM: _grown(self.bodies[FORM], b"/Fields", numbers)}

    def replaced(self, number: int, old: bytes, new: bytes) -> dict[int, bytes]:
        """The body of `number` with one thing in it replaced."""
        body = self.bodies[number]
        if old not in body:
            raise ValueError(f"object {number} holds no {old!r}")
        return {number: body.replace(old, new, 1)}

    def with_entry(self, number: int, entries: bytes) -> dict[int, bytes]:
        """The dictionary of `number` with more in it."""
        return {number: entry(self.bodies[number], entries)}


def entry(body: bytes, entries: bytes) -> bytes:
    """A dictionary's bytes with more entries at its end."""
    if not body.endswith(b">>"):
        raise ValueError("not a dictionary")
    return body[:-2] + entries + b">>"


def appearance(
    text: str, *, size: tuple[float, float] = (160, 80), colour: bytes = b"0 0 1", more: bytes = b""
) -> bytes:
    """A drawn stamp with its frame and a text."""
    width, height = size
    frame = b"%s RG %s rg 1 1 %g %g re S " % (colour, colour, width - 2, height - 2)
    words = b"BT /F1 9 Tf 6 %g Td (%s) Tj ET" % (height / 2, text.encode())
    font = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    head = b"/Type/XObject/Subtype/Form/BBox%s" % serialise([0, 0, width, height]) + font
    return stream(frame + words, head + more)


def cover(text: str, *, size: tuple[float, float]) -> bytes:
    """Opaque white with a text where the signed sum stands below it."""
    width, height = size
    sheet = b"1 1 1 rg 0 0 %g %g re f " % (width, height)
    words = b"0 g BT /F1 12 Tf 2 %g Td (%s) Tj ET" % (height * 0.62, text.encode())
    font = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    head = b"/Type/XObject/Subtype/Form/BBox%s" % serialise([0, 0, width, height]) + font
    return stream(sheet + words, head)


def _grown(body: bytes, key: bytes, numbers: Iterable[int]) -> bytes:
    more = b"".join(b" %d 0 R" % number for number in numbers)
    place = re.compile(re.escape(key) + rb" ?\[([^\]]*)\]")
    return place.sub(lambda hit: key + b"[" + (hit[1] + more).strip() + b"]", body)


def _packed(objects: Mapping[int, bytes]) -> tuple[int, ...]:
    """What may stand in an object stream: no streams, and no signature with its hole."""
    return tuple(
        number for number, body in sorted(objects.items()) if b"stream\n" not in body and b"/ByteRange" not in body
    )


def object_stream(objects: Mapping[int, bytes]) -> bytes:
    """These bodies, packed."""
    places, content = [], b""
    for number, body in objects.items():
        places.append(b"%d %d" % (number, len(content)))
        content += body + b" "
    head = b" ".join(places) + b" "
    raw = zlib.compress(head + content)
    return stream(raw, b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(objects), len(head)))


def _write(data: bytes, objects: Mapping[int, bytes], *, separator: bytes) -> tuple[bytes, dict[int, Entry]]:
    out, entries = bytearray(data), {}
    for number, body in objects.items():
        out += separator
        entries[number] = Entry(kind=1, one=len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return bytes(out), entries


def with_table(data: bytes, entries: Mapping[int, Entry], trailer: bytes) -> tuple[bytes, int]:
    """`data`, a cross-reference table and its trailer; and the table's offset."""
    out = bytearray(data + (b"xref\n" if entries else b"xref\n0 0\n"))
    for number, item in sorted(entries.items()):
        mark = b"n" if item.kind == 1 else b"f"
        out += b"%d 1\n%010d %05d %s \n" % (number, item.one if item.kind == 1 else 0, item.two, mark)
    return bytes(out + b"trailer\n<<%s>>\n" % trailer), len(data)


def with_stream(data: bytes, entries: Mapping[int, Entry], trailer: bytes, *, number: int) -> tuple[bytes, int]:
    """`data` and a cross-reference stream under this number; and its offset."""
    start = len(data)
    rows = {**entries, number: Entry(kind=1, one=start)}
    index = b" ".join(b"%d 1" % one for one in sorted(rows))
    raw = b"".join(
        bytes([item.kind]) + item.one.to_bytes(4, "big") + item.two.to_bytes(2, "big")
        for _, item in sorted(rows.items())
    )
    head = b"/Type/XRef/W[1 4 2]/Index[%s]/Size %d%s" % (index, number + 1, trailer)
    return data + b"%d 0 obj\n%s\nendobj\n" % (number, stream(raw, head)), start


def _with_hybrid(data: bytes, entries: Mapping[int, Entry], trailer: bytes, *, section: int) -> tuple[bytes, int]:
    """The hidden objects and their container in a stream; older readers find them free in the table."""
    hidden = {number: item for number, item in entries.items() if item.kind == 2}
    containers = {item.one for item in hidden.values()}
    only = {**hidden, **{number: entries[number] for number in containers}}
    seen = {number: item for number, item in entries.items() if number not in only}
    free = dict.fromkeys(only, Entry(kind=0, one=0))
    data, beside = with_stream(data, only, ROOT, number=section)
    return with_table(data, {**seen, **free}, trailer + b"/Size %d/XRefStm %d" % (section + 1, beside))
