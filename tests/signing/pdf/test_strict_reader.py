"""The strict reader: values with their places, revisions, and what it refuses to guess."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest

from signing import pdf
from signing.errors import BrokenInput, NeedsCare
from signing.pdf.filters import decode
from signing.pdf.lexer import Lexer
from signing.pdf.objects import HexString, LiteralString, Name, PdfDict, Ref, Stream
from signing.pdf.structure import check
from signing.testing.paper import CATALOG, CONTENT, PAGE, Box, append, blank, stream, write

BOX = Box("leader", (10.0, 20.0, 110.0, 60.0))

VALUES = [
    (b"true", True), (b" null ", None), (b"-12", -12), (b"+.5", 0.5), (b"4.", 4.0), (b"12 0 R", Ref(12, 0)),
    (b"/A#20B", Name("A B")), (b"/", Name("")), (b"<48 65 6>", b"He`"), (b"(a(b)\\)\\101\\\nc)", b"a(b))Ac"),
    (b"(a\r\nb\rc)", b"a\nb\nc"), (b"[1 2 0 R/X]", [1, Ref(2, 0), "X"]), (b"<</A<</B[]>>>>", {"A": {"B": []}}),
    (b"% remark\n7", 7),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), VALUES)
def test_values(raw: bytes, expected: object) -> None:
    """ISO 32000-2, 7.3, in the forms that writers use."""
    assert Lexer(raw).value() == expected


@pytest.mark.parametrize(
    "raw",
    [b"", b"--5", b"1e5", b"0x10", b"tru", b"<<1 2>>", b"<</A>>", b"<</A 1/A 2>>", b"[1", b"(a", b"<4G>", b">>",
     b"/A#0", b"/A#00", b"/#", b"]", b"[" * 100 + b"]" * 100, b"1" * 30,
     b"(" + rb"\n" * 500_000 + b")"],
)  # fmt: skip
def test_what_viewers_would_repair_is_refused(raw: bytes) -> None:
    """Two readers of one file must not see two files."""
    with pytest.raises(NeedsCare):
        Lexer(raw).value()


def test_strings_know_their_place() -> None:
    """The verifier compares these numbers with /ByteRange."""
    data = b"<</Contents <00ff> /M(x)>>"
    found = Lexer(data).value()
    assert isinstance(found["Contents"], HexString)
    assert isinstance(found["M"], LiteralString)
    assert data[found["Contents"].start : found["Contents"].end] == b"<00ff>"
    assert data[slice(*found.spans["M"])] == b"(x)"


@pytest.mark.parametrize("mode", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_reads_what_pikepdf_writes(mode: pikepdf.ObjectStreamMode) -> None:
    """Plain tables and compressed object streams give the same document."""
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(3):
        made.add_blank_page(page_size=(595, 842))
    made.save(out, object_stream_mode=mode)
    file = pdf.read(out.getvalue())
    check(file)
    assert [page.attribute("MediaBox") for page in file.pages()] == [[0, 0, 595, 842]] * 3
    assert file.revisions[0].end_of_line == len(out.getvalue())


def test_revisions_and_their_ends() -> None:
    """Each revision knows its bytes and its own objects; the older state stays readable."""
    first = blank(BOX)
    file = pdf.read(append(first, {CONTENT: stream(b"1 1 m"), 7: b"<</Type/Font>>"}))
    assert [item.end_of_line for item in file.revisions] == [len(first), len(file.data)]
    assert set(file.revisions[1].entries) == {CONTENT, 7}
    old, new = (file.at(number).get(Ref(CONTENT)) for number in (0, 1))
    assert isinstance(old, Stream)
    assert isinstance(new, Stream)
    assert (old.raw, new.raw) == (b"0 0 100 100 re S", b"1 1 m")
    assert (file.at(0).size, file.size) == (7, 8)


def test_fields_of_an_empty_form() -> None:
    """Name, place and no value."""
    (field,) = pdf.read(blank(BOX)).signature_fields()
    assert (field.name, field.rect, field.value, field.visible) == ("leader", BOX.rect, None, True)


def _with_object(number: int, body: bytes) -> bytes:
    return blank(BOX, replace={number: body})


def _compressed(entries: bytes) -> bytes:
    """A cross-reference stream with these raw entries."""
    body = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\n"
    head = b"2 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Root 1 0 R/Length %d>>\nstream\n" % len(entries)
    return body + head + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


STRUCTURES = {
    "encrypted": (write(b"%PDF-1.7\n", {1: b"<</Type/Catalog>>"}, b"/Root 1 0 R/Encrypt<<>>"), "encrypted"),
    "dangling reference": (_with_object(PAGE, b"<</Type/Page/Contents 99 0 R>>"), "dangling_reference"),
    "length too short": (_with_object(CONTENT, b"<</Length 3>>\nstream\n0 0 m 1 1 l\nendstream"), "stream_length"),
    "length too long": (_with_object(CONTENT, b"<</Length 99>>\nstream\n0 0 m\nendstream"), "stream_length"),
    "external stream": (
        _with_object(CONTENT, b"<</F(a.txt)/Length 0>>\nstream\n\nendstream"),
        "external_stream",
    ),
    "number in the object differs": (
        blank(BOX).replace(b"\n4 0 obj", b"\n9 0 obj"),
        "object_not_at_offset",
    ),
    "scripts": (_with_object(CATALOG, b"<</Type/Catalog/Pages 2 0 R/AA<<>>>>"), "active_content"),
    "white space after the end": (blank(BOX) + b"\n \n", "white_space_after_eof"),
    "bytes before the header": (b"GIF89a\n" + blank(BOX), "header_not_at_start"),
    "loop of sections": (
        blank(BOX).replace(b"/Size 7", b"/Size 7/Prev 999999"),
        "xref_order",
    ),
    "size smaller than its objects": (blank(BOX).replace(b"/Size 7", b"/Size 4"), "size"),
    "hybrid table": (blank(BOX).replace(b"/Size 7", b"/Size 7/XRefStm 9"), "hybrid_xref"),
    "section of unknown kind": (_compressed(b"\x05\0\0\0" * 3), "xref_syntax"),
    "section shorter than its size": (_compressed(b"\x01\0\x09\0"), "xref_syntax"),
}


@pytest.mark.parametrize("defect", STRUCTURES)
def test_structure_defects_need_care(defect: str) -> None:
    """Each with the code of its rule."""
    data, code = STRUCTURES[defect]
    with pytest.raises(NeedsCare) as refused:
        check(pdf.read(data))
    assert refused.value.code == code


def test_good_twin_of_structure_defects() -> None:
    """The same paper without a defect."""
    check(pdf.read(blank(BOX)))


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\nnothing"])
def test_what_is_no_pdf(data: bytes) -> None:
    """Malformed, not doubtful."""
    with pytest.raises(BrokenInput):
        pdf.read(data)


def test_bomb_is_bounded() -> None:
    """A stream that unfolds to more than the limit is left alone."""
    entries = PdfDict(Filter=Name("FlateDecode"))
    raw = zlib.compress(bytes(64 * 1024 * 1024), 9)
    with pytest.raises(NeedsCare, match="stream_too_large"):
        decode(Stream(entries, raw, 0, len(raw)))


def test_deep_page_tree_and_loops_end() -> None:
    """A page tree that refers to itself is refused, not followed."""
    loop = _with_object(2, b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    with pytest.raises(NeedsCare, match="page_tree"):
        pdf.read(loop).pages()
