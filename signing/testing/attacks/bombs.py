"""What stops, floods or fools a parser: bombs, loops, polyglots, encrypted, truncated, not a PDF."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

from signing.prepare import der
from signing.testing.attacks import foreign
from signing.testing.attacks.case import UNREAD, Case, bad, either
from signing.testing.attacks.letter import TREE, draft, signed
from signing.testing.attacks.office import Office
from signing.testing.attacks.recipe import indefinite
from signing.testing.attacks.sheet import HEAD, Entry, Layout, Sheet, entry, with_table
from signing.testing.identity import Identity
from signing.testing.paper import CATALOG, FORM, PAGE, PAGES, Way, stream

MANY, DEEP, LARGE = 40_000, 100_000, 65
"""Fields, brackets, and the megabytes that something small unfolds to."""


def folded(start: bytes, *, filler: bytes = b" ") -> bytes:
    """Deflated `start` and `LARGE` megabytes of filler: one block, deflated once and repeated."""
    block = filler * (1 << 20)
    total = zlib.adler32(start)
    for _ in range(LARGE):
        total = zlib.adler32(block, total)
    return b"\x78\xda" + _block(start) + _block(block) * LARGE + b"\x03\0" + total.to_bytes(4, "big")


def _block(data: bytes) -> bytes:
    """Raw deflate that knows nothing of what stands before it (RFC 1951)."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush(zlib.Z_FULL_FLUSH)


def _packed(container: bytes) -> Sheet:
    """A draft whose structure tree stands in this object stream."""
    objects = {number: body for number, body in draft().bodies.items() if number != TREE} | {60: container}
    inside = {TREE: Entry(kind=2, one=60)}
    return Sheet.begin(objects, layout=Layout.STREAM, trailer=draft().trailer, listed=inside)


def _container(office: Office) -> bytes:
    """An object stream of 64 KB that unfolds to 64 MB."""
    inside = folded(b"%d 0 " % TREE + draft().bodies[TREE])
    packed = stream(inside, b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode")
    return signed(office, of=_packed(packed)).data


def _filters(office: Office) -> bytes:
    """The same, folded three times."""
    content = folded(b"%d 0 " % TREE + draft().bodies[TREE])
    for _ in range(2):
        content = zlib.compress(content, 9)
    packed = stream(content, b"/Type/ObjStm/N 1/First 5/Filter[/FlateDecode/FlateDecode/FlateDecode]")
    return signed(office, of=_packed(packed)).data


def _section(office: Office) -> bytes:
    """A cross-reference stream whose rows unfold without end."""
    sheet = signed(office)
    rows = folded(b"", filler=b"\0")
    head = b"/Type/XRef/W[1 4 2]/Size %d/Filter/FlateDecode%s/Prev %d" % (
        (LARGE << 20) // 7,
        sheet.trailer,
        sheet.last or 0,
    )
    body = b"%d 0 obj\n%s\nendobj\n" % (sheet.size, stream(rows, head))
    return sheet.data + body + b"startxref\n%d\n%%%%EOF\n" % len(sheet.data)


def _huge_size(office: Office) -> bytes:
    """A table that announces two thousand million objects."""
    sheet = signed(office)
    table = b"xref\n0 2000000000\ntrailer\n<<%s/Size 2000000000/Prev %d>>\n" % (sheet.trailer, sheet.last or 0)
    return sheet.data + table + b"startxref\n%d\n%%%%EOF\n" % len(sheet.data)


def _nested(office: Office) -> bytes:
    inner = b"/PieceInfo " + b"[" * DEEP + b"]" * DEEP
    return signed(office, of=draft(replace=draft().with_entry(PAGE, inner))).data


def _nested_open(office: Office) -> bytes:
    """Dictionaries that never close."""
    return signed(office).data + b"99 0 obj\n" + b"<</A" * DEEP


def _nested_message(office: Office) -> bytes:
    """A CMS of five thousand levels."""

    def message(identity: Identity, content: bytes) -> bytes:
        return b"\x30\x80" * 5000

    return signed(office, way=Way(message=message, reserved=24_000)).data


def _endless_message(office: Office) -> bytes:
    """A length that claims four thousand million bytes."""
    return signed(office, way=Way(message=lambda identity, content: b"\x30\x84\xff\xff\xff\xff\x06\x01\x2a")).data


def _signers(office: Office) -> bytes:
    """Thousands of empty signers."""

    def message(identity: Identity, content: bytes) -> bytes:
        infos = der.tlv(der.SET, b"\x30\x00" * 5000)
        body = der.sequence(der.integer(1), der.set_of(()), der.sequence(der.oid("1.2.840.113549.1.7.1")), infos)
        return indefinite(0x30, der.oid("1.2.840.113549.1.7.2") + der.explicit(0, body))

    return signed(office, way=Way(message=message, reserved=24_000)).data


def _prev_loop(office: Office) -> bytes:
    sheet = signed(office)
    data, start = with_table(sheet.data, {}, sheet.trailer + b"/Size %d/Prev %d" % (sheet.size, len(sheet.data)))
    return data + b"startxref\n%d\n%%%%EOF\n" % start


def _prev_circle(office: Office) -> bytes:
    """The first section names the last one as the one before it."""
    sheet = draft()
    loose = replace(sheet, data=sheet.data.replace(b"/Size ", b"/Prev 0000000000/Size ", 1))
    done = signed(office, of=loose)
    return done.data.replace(b"/Prev 0000000000", b"/Prev %010d" % (done.last or 0), 1)


def _pages_loop(office: Office) -> bytes:
    return signed(office, of=draft(replace=draft().replaced(PAGES, b"20 0 R]", b"20 0 R 2 0 R]"))).data


def _parent_loop(office: Office) -> bytes:
    """Every level of the page tree is its own parent."""
    return signed(office, of=draft(replace=draft().with_entry(PAGES, b"/Parent 2 0 R"))).data


def _fields_loop(office: Office) -> bytes:
    node = {60: b"<</T(a)/Parent 60 0 R/Kids[60 0 R]>>", FORM: b"<</Fields[6 0 R 7 0 R 8 0 R 60 0 R]/SigFlags 3>>"}
    return signed(office, of=draft(replace=node)).data


def _length_loop(office: Office) -> bytes:
    """A stream whose length is the stream."""
    body = b"<</Length 60 0 R>>\nstream\nx\nendstream"
    return signed(office, of=draft(replace={60: body})).data


def _container_loop(office: Office) -> bytes:
    """An object stream that says it stands in itself."""
    container = draft().size
    itself = {container: Entry(kind=2, one=container)}
    return signed(office, of=draft(layout=Layout.PACKED, listed=itself)).data


def _many_fields(office: Office) -> bytes:
    fields = {number: b"<</FT/Sig/T(f%d)>>" % number for number in range(100, 100 + MANY)}
    listed = b"6 0 R 7 0 R 8 0 R " + b" ".join(b"%d 0 R" % number for number in fields)
    return signed(office, of=draft(replace={**fields, FORM: b"<</Fields[%s]/SigFlags 3>>" % listed})).data


def _many_revisions(office: Office) -> bytes:
    data, last = bytearray(signed(office).data), signed(office).last or 0
    trailer, size = draft().trailer, signed(office).size
    for _ in range(2000):
        start = len(data)
        data += b"xref\ntrailer\n<<%s/Size %d/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, size, last, start)
        last = start
    return bytes(data)


def _long_name(office: Office) -> bytes:
    entries = b"/" + b"A" * 1_000_000 + b" 1"
    return signed(office, of=draft(replace=draft().with_entry(CATALOG, entries))).data


def _huge_number(office: Office) -> bytes:
    entries = b"/UserUnit " + b"9" * 100_000
    return signed(office, of=draft(replace=draft().with_entry(PAGE, entries))).data


# ------------------------------------------------------------------ two kinds of file at once, or none


def _zip(office: Office) -> bytes:
    """An archive behind the letter: both programs open it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("payload.txt"), "9 000 000")
    return signed(office).data + out.getvalue()


def _after(head: bytes) -> Callable[[Office], bytes]:
    """Something that another program takes for its own, then the letter."""
    return lambda office: (
        signed(office, of=Sheet.begin(draft().bodies, head=head + HEAD, trailer=draft().trailer)).data
    )


def _image(office: Office) -> bytes:
    """A PNG whose comment is the letter."""
    inner = signed(office).data
    chunk = b"tEXt" + inner
    body = struct.pack(">I", len(inner)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + body


def _inside(office: Office) -> bytes:
    """A whole signed letter as an attachment of one that nobody signed."""
    body = stream(signed(office).data, b"/Type/EmbeddedFile")
    names = b"/Names<</EmbeddedFiles<</Names[(a.pdf)<</Type/Filespec/F(a.pdf)/EF<</F 60 0 R>>>>]>>>>"
    return draft(replace={60: body, CATALOG: entry(draft().bodies[CATALOG], names)}).data


def _encrypted(office: Office) -> bytes:
    return foreign.encrypted().later({60: b"<</Note(1)>>"}).data


def _encrypted_signed(office: Office) -> bytes:
    """A trailer that calls the signed file encrypted, with keys that open nothing."""
    lock = b"<</Filter/Standard/V 5/R 6/Length 256/O(%s)/U(%s)/P -4>>" % (b"x" * 48, b"x" * 48)
    base = draft()
    locked = Sheet.begin({**base.bodies, 60: lock}, trailer=base.trailer + b"/Encrypt 60 0 R/ID[<00><00>]")
    return signed(office, of=locked).data


def _cut(part: Callable[[bytes], int]) -> Callable[[Office], bytes]:
    def make(office: Office) -> bytes:
        data = signed(office).data
        return data[: part(data)]

    return make


def _is(data: bytes) -> Callable[[Office], bytes]:
    return lambda office: data


def _without_tail(data: bytes) -> int:
    return data.rindex(b"startxref")


def _spoilt(office: Office) -> bytes:
    """Line ends turned by a transfer as text."""
    return signed(office).data.replace(b"\n", b"\r\n")


def _all_numbers_moved(office: Office) -> bytes:
    """Ten bytes before the header: every offset is wrong."""
    return b"X" * 10 + signed(office).data


def _zeros(office: Office) -> bytes:
    """A disk that lost its middle."""
    data = signed(office).data
    middle = len(data) // 2
    return data[: middle - 2000] + bytes(4000) + data[middle + 2000 :]


def _escaped_header(office: Office) -> bytes:
    return re.sub(rb"^%PDF-1.7", b"%FDP-1.7", signed(office).data)


_ONE = {"twin": "plain/one-signature", "verdicts": UNREAD}
_ANY = {"verdicts": ("unsigned", *UNREAD)}
_WORD = b"PK\x03\x04" + bytes(26) + b"word/document.xml"

CASES: tuple[Case, ...] = (
    either("bomb/object-stream", "64 KB that unfold to 64 MB", _container, twin="plain/one-signature"),
    either("bomb/filters-in-filters", "the same folded three times", _filters, twin="plain/one-signature"),
    bad("bomb/section", "a cross-reference stream that unfolds to 64 MB", _section, **_ONE),
    bad("bomb/huge-size", "a table that announces two thousand million objects", _huge_size, **_ONE),
    either("bomb/nested-arrays", "a hundred thousand arrays in each other", _nested, twin="plain/one-signature"),
    bad("bomb/nested-open", "a hundred thousand dictionaries that never close", _nested_open, **_ONE),
    bad("bomb/nested-message", "a CMS of five thousand levels", _nested_message, **_ONE),
    bad("bomb/endless-message", "a CMS that claims four thousand million bytes", _endless_message, **_ONE),
    bad("bomb/many-signers", "a CMS with five thousand signers", _signers, **_ONE),
    bad("bomb/prev-is-itself", "a section that stands before itself", _prev_loop, **_ONE),
    bad("bomb/prev-circle", "sections in a circle", _prev_circle, **_ONE),
    bad("bomb/page-tree-loop", "a page tree that holds itself", _pages_loop, **_ONE),
    either("bomb/parent-loop", "a page tree that is its own parent", _parent_loop, twin="plain/one-signature"),
    either("bomb/field-loop", "a field that is its own child", _fields_loop, twin="plain/one-signature"),
    either("bomb/length-loop", "a stream that is its own length", _length_loop, twin="plain/one-signature"),
    bad("bomb/container-loop", "an object stream that stands in itself", _container_loop, **_ONE),
    either("bomb/many-fields", "forty thousand fields", _many_fields, twin="plain/one-signature"),
    either("bomb/many-revisions", "two thousand empty revisions", _many_revisions, twin="plain/one-signature"),
    either("bomb/long-name", "a name of a million letters", _long_name, twin="plain/one-signature"),
    either("bomb/huge-number", "a number of a hundred thousand digits", _huge_number, twin="plain/one-signature"),
    bad("polyglot/archive-behind", "a ZIP archive behind the letter", _zip, **_ONE),
    bad(
        "polyglot/archive-before",
        "the head of a ZIP archive before the letter",
        _after(b"PK\x03\x04" + bytes(26)),
        **_ONE,
    ),
    bad(
        "polyglot/web-page-before",
        "a web page before the letter",
        _after(b"<html><script>alert(9)</script><!--\n"),
        **_ONE,
    ),
    bad(
        "polyglot/postscript-before",
        "a PostScript program before the letter",
        _after(b"%!PS\n(9 000 000) show\n"),
        **_ONE,
    ),
    bad("polyglot/image-around", "a picture whose comment is the letter", _image, **_ONE),
    bad("polyglot/letter-inside", "the signed letter attached to one that nobody signed", _inside, **_ANY),
    bad("unreadable/encrypted", "encrypted with an empty password", _encrypted, **_ANY),
    bad("unreadable/encrypted-signed", "encrypted with keys that open nothing", _encrypted_signed, **_ONE),
    bad("unreadable/cut-in-half", "the first half", _cut(lambda data: len(data) // 2), **_ONE),
    bad(
        "unreadable/cut-in-the-hole",
        "cut inside /Contents",
        _cut(lambda data: data.rindex(b"/Contents<") + 3000),
        **_ONE,
    ),
    bad("unreadable/cut-before-the-end", "without its last words", _cut(_without_tail), **_ONE),
    bad("unreadable/cut-in-the-end", "without its last three bytes", _cut(lambda data: len(data) - 3), **_ONE),
    bad("unreadable/transferred-as-text", "every line end is two bytes", _spoilt, **_ONE),
    bad("unreadable/moved", "ten bytes before the header", _all_numbers_moved, **_ONE),
    bad("unreadable/zeros", "four thousand zeros in its middle", _zeros, **_ONE),
    bad("unreadable/header-gone", "another header", _escaped_header, **_ONE),
    bad("unreadable/empty", "nothing at all", _is(b""), **_ANY),
    bad("unreadable/header-only", "a header, nothing else", _is(b"%PDF-1.7\n"), **_ANY),
    bad("unreadable/text", "a text", _is(b"Kinh gui"), **_ANY),
    bad("unreadable/word", "a word processor's file, renamed", _is(_WORD), **_ANY),
)
