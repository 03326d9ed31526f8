"""The tolerant reader: each leniency by a file that needs it, and what two readers would see differently."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from signing.errors import NeedsCare
from signing.pdf.tolerant.document import TolerantFile, read_file
from signing.pdf.tolerant.notes import Leniency, OutOfBounds
from signing.pdf.tolerant.reach import Readings, reach, two_readings
from signing.testing.attacks.suite import make_all
from signing.testing.paper import (
    CATALOG,
    CONTENT,
    FIRST_FIELD,
    FORM,
    PAGE,
    PAGES,
    Box,
    append,
    blank,
    stream,
    write,
)

BOX = Box("leader", (10.0, 20.0, 110.0, 60.0))
GOOD = blank(BOX)
TABLE = GOOD.index(b"xref\n")


def _page(entry: bytes) -> bytes:
    body = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R/Annots[6 0 R]"
        + entry
        + b">>"
    )
    return blank(BOX, replace={PAGE: body})


def _start(number: int) -> bytes:
    return GOOD.replace(b"startxref\n%d" % TABLE, b"startxref\n%d" % number)


def _row(num: int, change: Callable[[bytes], bytes]) -> bytes:
    """The row of an object in the table of the good file, changed."""
    found = re.search(rb"\n%d 1\n(\d{10} \d{5} [nf] \n)" % num, GOOD)
    assert found is not None
    return GOOD[: found.start(1)] + change(found[1]) + GOOD[found.end(1) :]


def _moved(by: int) -> Callable[[bytes], bytes]:
    return lambda row: b"%010d%s" % (int(row[:10]) + by, row[10:])


def _before_table(rubbish: bytes) -> bytes:
    tail = GOOD[TABLE:].replace(b"startxref\n%d" % TABLE, b"startxref\n%d" % (TABLE + len(rubbish)))
    return GOOD[:TABLE] + rubbish + tail


def _numbered_from_one() -> bytes:
    rows = re.findall(rb"\d{10} \d{5} [nf] \n", GOOD)
    return GOOD[:TABLE] + b"xref\n1 %d\n" % len(rows) + b"".join(rows) + GOOD[GOOD.index(b"trailer") :]


def _again(**how: Any) -> bytes:
    out = io.BytesIO()
    pikepdf.open(io.BytesIO(GOOD)).save(out, **how)
    return out.getvalue()


def _packed(index: int) -> bytes:
    """Catalog and pages in an object stream, plain; the section looks for the pages at `index`."""
    inner = b"1 0 2 29 <</Type/Catalog/Pages 2 0 R>>\n<</Type/Pages/Kids[]/Count 0>>"
    body = b"%PDF-1.7\n"
    holder = len(body)
    body += b"3 0 obj\n<</Type/ObjStm/N 2/First 9/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        len(inner),
        inner,
    )
    rows = bytes([0, 0, 0, 0, 2, 0, 3, 0, 2, 0, 3, index, 1, 0, holder, 0, 1, 0, len(body), 0])
    head = b"4 0 obj\n<</Type/XRef/Size 5/W[1 2 1]/Root 1 0 R/Length 20>>\nstream\n%s\nendstream\nendobj\n" % rows
    return body + head + b"startxref\n%d\n%%%%EOF\n" % len(body)


NEEDS: dict[Leniency, Callable[[], bytes]] = {
    Leniency.HEADER_LATE: lambda: b"\r\n" + GOOD,
    Leniency.WHITE_SPACE_AFTER_EOF: lambda: GOOD + b" \n\0",
    Leniency.EOF_MARK_MISSING: lambda: GOOD.removesuffix(b"%%EOF\n"),
    Leniency.STARTXREF_MISSES: lambda: _start(TABLE + 5),
    Leniency.PREVIOUS_ZERO: lambda: GOOD.replace(b"/Size 7", b"/Prev 0/Size 7"),
    Leniency.LINEARIZED: lambda: _again(linearize=True),
    Leniency.HYBRID: lambda: make_all()["layout/hybrid-same"],
    Leniency.XREF_FORM: lambda: GOOD.replace(b" n \n", b" n\n"),
    Leniency.XREF_FIRST_NUMBER: _numbered_from_one,
    Leniency.XREF_DOUBLED: lambda: _row(CONTENT, lambda row: row + b"4 1\n" + row),
    Leniency.SIZE_WRONG: lambda: GOOD.replace(b"/Size 7", b"/Size 6"),
    Leniency.OFFSET_MISSES: lambda: _row(CONTENT, _moved(-1)),
    Leniency.OFFSET_WRONG: lambda: _row(CONTENT, _moved(12)),
    Leniency.GENERATION_DIFFERS: lambda: _row(CONTENT, lambda row: row.replace(b" 00000 ", b" 00001 ")),
    Leniency.FREED_REFERENCE: lambda: _row(CONTENT, lambda row: row.replace(b"n", b"f")),
    Leniency.DANGLING_REFERENCE: lambda: _page(b"/Metadata 99 0 R"),
    Leniency.UNNAMED_OBJECT: lambda: _before_table(b"70 0 obj\n<<>>\nendobj\n"),
    Leniency.UNEXPLAINED_BYTES: lambda: _before_table(b"/Document<</MCID 6>>BDC\n"),
    Leniency.COMPRESSED_INDEX: lambda: _packed(0),
    Leniency.STREAM_LENGTH: lambda: blank(BOX, replace={CONTENT: b"<<>>\nstream\n0 0 m\nendstream"}),
    Leniency.STREAM_KEYWORD: lambda: blank(BOX, replace={CONTENT: b"<</Length 5>>\nstream\r0 0 m\nendstream"}),
    Leniency.END_MISSING: lambda: GOOD.replace(b"\nendobj\n5 0 obj", b"\n\n\n\n\n\n\n\n5 0 obj"),
    Leniency.DUPLICATE_KEY: lambda: _page(b"/Type/Page"),
    Leniency.ODD_NAME: lambda: _page(b"/A#G 1"),
    Leniency.ODD_NUMBER: lambda: _page(b"/UserUnit --1"),
    Leniency.ODD_STRING: lambda: _page(b"/ID<4G>"),
    Leniency.ODD_TOKEN: lambda: _page(b"/A nul"),
    Leniency.PAGE_TREE: lambda: blank(BOX, replace={PAGES: b"<</Type/Pages/Kids[3 0 R null]/Count 1>>"}),
    Leniency.FIELD_TREE: lambda: blank(BOX, replace={FORM: b"<</Fields[6 0 R null]>>"}),
    Leniency.ENCRYPTED: lambda: _again(encryption=pikepdf.Encryption(owner="o", user="", R=6)),
}


def _read(data: bytes) -> tuple[TolerantFile, Readings]:
    file = read_file(data)
    readings = two_readings(file, reach(file.last))
    file.last.pages()
    file.last.signature_fields()
    return file, readings


def test_every_leniency_has_its_file() -> None:
    """The list is closed: none without a file that needs it."""
    assert set(NEEDS) == set(Leniency)


@pytest.mark.parametrize("leniency", Leniency)
def test_leniency_is_noted_when_it_is_needed(leniency: Leniency) -> None:
    """The file is read, and the note says what was forgiven."""
    file, _ = _read(NEEDS[leniency]())
    assert leniency in file.notes.found
    assert any(line.startswith(leniency) for line in file.notes.lines())


def test_good_file_needs_none() -> None:
    """The twin of all of them."""
    file, readings = _read(append(GOOD, {CONTENT: stream(b"0 0 m")}))
    assert (file.notes.found, readings) == ({}, Readings())


DIFFER: dict[str, tuple[bytes, str]] = {
    "an object that no table names": (
        _before_table(b"4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n"),
        "unnamed",
    ),
    "a freed object that still stands there": (NEEDS[Leniency.FREED_REFERENCE](), "unnamed_object 4"),
    "a trailer that no chain reads": (_before_table(b"trailer\n<</Root 9 0 R>>\n"), "catalog"),
    "a second header": (_before_table(b"%PDF-1.4\n"), "second_header"),
    "one key with two values": (_page(b"/Rotate 0/Rotate 90"), "key Rotate"),
    "two rows for one number": (_row(CONTENT, lambda row: row + b"4 1\n0000000009 00000 n \n"), "listed_twice"),
    "a stream that goes on behind its length": (
        blank(BOX, replace={CONTENT: b"<</Length 3>>\nstream\n0 0 m 9 9 l\nendstream"}),
        "stream_length",
    ),
    "a reference to another generation": (_page(b"/Metadata 4 7 R"), "generation"),
    "a catalog for readers of hybrid files only": (make_all()["structure/hybrid-hides-the-form"], "hybrid"),
}


@pytest.mark.parametrize("defect", DIFFER)
def test_two_readers_would_see_two_documents(defect: str) -> None:
    """What is used and read in two ways is named."""
    data, named = DIFFER[defect]
    assert any(item.startswith(named) for item in _read(data)[1].differ), _read(data)[1]


SAME: dict[str, bytes] = {
    "an unnamed object that nothing uses": _before_table(b"70 0 obj\n<<>>\nendobj\n"),
    "an unnamed copy of the same object": _before_table(b"4 0 obj\n" + stream(b"0 0 100 100 re S") + b"\nendobj\n"),
    "an unnamed object that a later revision replaced": append(
        _before_table(b"4 0 obj\n<<>>\nendobj\n"), {CONTENT: stream(b"0 0 m")}
    ),
    "the same value twice": _page(b"/Rotate 0/Rotate 0"),
}  # fmt: skip


@pytest.mark.parametrize("twin", SAME)
def test_what_does_not_matter_is_no_difference(twin: str) -> None:
    """The good twins."""
    assert _read(SAME[twin])[1].differ == ()


HOPELESS: dict[str, bytes] = {
    "no table at all": GOOD.replace(b"xref\n0 1", b"nope\n0 1"),
    "a page tree that contains itself": blank(BOX, replace={PAGES: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}),
    "a password is needed": _again(encryption=pikepdf.Encryption(owner="o", user="u")),
    "no catalog": blank(BOX, replace={CATALOG: b"7"}),
}


@pytest.mark.parametrize("defect", HOPELESS)
def test_what_is_not_on_the_list_is_not_read(defect: str) -> None:
    """`NeedsCare`, and no guess."""
    with pytest.raises(NeedsCare):
        _read(HOPELESS[defect])[0].last.signature_fields()


@pytest.mark.parametrize(
    "data",
    [
        GOOD.replace(b"/Size 7", b"/Prev %d/Size 7" % TABLE),
        blank(BOX, replace={9: b"[" * 500 + b"]" * 500, PAGE: b"<</Type/Page/Parent 2 0 R/A 9 0 R>>"}),
        blank(BOX, replace={FORM: b"<</Fields[" + b"6 0 R " * 20_000 + b"]>>"}),
        write(b"%PDF-1.7\n", {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Kids[]>>"}, b"/Root 1 0 R")
        + b"startxref\n9\n%%EOF\n" * 2000,
    ],
    ids=["sections in a ring", "deep nesting", "twenty thousand fields", "two thousand tails"],
)
def test_too_much_is_said_as_such(data: bytes) -> None:
    """Bombs end in `resource_limit`, with what it was."""
    with pytest.raises(OutOfBounds) as refused:
        _read(data)
    assert refused.value.code == "resource_limit"
    assert refused.value.details["of"]


def test_fields_of_every_layout() -> None:
    """A widget apart from its field, a value above its widget, names from the parents."""
    field = b"<</FT/Sig/T(signer)/Kids[7 0 R]/V 8 0 R>>"
    widget = b"<</Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[10 20 110 60]/P 3 0 R>>"
    value = b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 1 2 3]/Contents<00>>>"
    top = b"<</T(office)/Kids[6 0 R]>>"
    data = blank(BOX, replace={FIRST_FIELD: field, 7: widget, 8: value, 9: top, FORM: b"<</Fields[9 0 R]>>"})
    (found,) = read_file(data).last.signature_fields()
    assert (found.name, found.visible, found.rect) == ("office.signer", True, (10.0, 20.0, 110.0, 60.0))
    assert found.value is not None
    assert found.value["Type"] == "Sig"
