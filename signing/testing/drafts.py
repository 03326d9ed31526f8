"""Drafts written byte by byte: as other programs write them, and as somebody would who means harm."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R"
_TEXT = b"BT /F1 14 Tf 100 700 Td (Kinh gui) Tj ET"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def raw_pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """One revision with a plain table; object 1 is the catalog."""
    parts, offsets, at = [head], {}, len(head)
    for number in sorted(objects):
        offsets[number] = at
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, objects[number]))
        at += len(parts[-1])
    body = b"".join(parts)
    size = max(objects) + 1
    lines = [b"0000000000 65535 f \n"] + [
        b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00001 f \n"
        for number in range(1, size)
    ]
    table = b"xref\n0 %d\n" % size + b"".join(lines)
    tail = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(body))
    return body + table + tail


def plain(
    *, catalog: bytes = b"", page: bytes = b"", more: Mapping[int, bytes] | None = None, text: bytes = _TEXT
) -> bytes:
    """A sound one-page letter with room for additions; further objects from number 6."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: _PAGE + page + b">>",
        4: stream(text),
        5: _FONT,
    }
    return raw_pdf(objects | dict(more or {}))


def hybrid() -> bytes:
    """A hybrid-reference file (7.5.8.4) as word processors write it: an empty second table whose /XRefStm
    leads to the font in an object stream, which older readers do not find.
    """
    parts = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: _PAGE + b">>",
        4: stream(_TEXT),
        6: stream(b"5 0 " + _FONT, b"/Type/ObjStm/N 1/First 4"),
    }
    first = raw_pdf(parts, head=b"%PDF-1.5\n")
    table_at = first.rindex(b"xref\n0 ")
    hidden_at = len(first)
    rows = bytes((2, 0, 6, 0))
    hidden = b"7 0 obj\n" + stream(rows, b"/Type/XRef/Size 8/W[1 2 1]/Index[5 1]/Root 1 0 R") + b"\nendobj\n"
    second_at = hidden_at + len(hidden)
    return (
        first
        + hidden
        + b"xref\n0 0\ntrailer\n<</Size 8/Root 1 0 R/Prev %d/XRefStm %d>>\n" % (table_at, hidden_at)
        + b"startxref\n%d\n%%%%EOF\n" % second_at
    )


def libreoffice() -> bytes:
    """The way LibreOffice Writer exports: indirect lengths, page group, structure, outline, link, checksum."""
    text = zlib.compress(b"0.1 w\nq 0 0.028 595.275 841.861 re\nW* n\n" + _TEXT + b"\nQ")
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/XYZ null null 0]/ViewerPreferences<<"
        b"/DisplayDocTitle true>>/Lang(vi-VN)/MarkInfo<</Marked true>>/StructTreeRoot 8 0 R/Outlines 9 0 R>>",
        2: b"<</Type/Pages\n/Resources 7 0 R/MediaBox[0 0 595.303937007874 841.889763779528]"
        b"/Kids[3 0 R]\n/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/Resources 7 0 R/MediaBox[0 0 595.303937007874 841.889763779528]"
        b"/StructParents 0/Tabs/S/Group<</S/Transparency/CS/DeviceRGB/I true>>/Annots[10 0 R]"
        b"/Contents 4 0 R>>",
        4: b"<</Length 6 0 R/Filter/FlateDecode>>\nstream\n" + text + b"\nendstream",
        5: _FONT,
        6: b"%d" % len(text),
        7: b"<</Font<</F1 5 0 R>>/ProcSet[/PDF/Text]>>",
        8: b"<</Type/StructTreeRoot/ParentTree<</Nums[]>>/K[]>>",
        9: b"<</Type/Outlines>>",
        10: b"<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[100 600 200 612]/A<</Type/Action/S/URI"
        b"/URI(https://danang.gov.vn)>>>>",
        11: b"<</Creator<FEFF0057>/Producer(LibreOffice 7.4)/CreationDate(D:20261122090000+07'00')>>",
    }
    identity = b"/Info 11 0 R/ID[<AB><AB>]/DocChecksum /0123456789ABCDEF0123456789ABCDEF"
    return raw_pdf(objects, trailer=identity, head=b"%PDF-1.6\n%\xc3\xa4\xc3\xbc\xc3\xb6\xc3\x9f\n")


def form_field(rect: bytes, *, value: bytes = b"") -> bytes:
    """A letter with one text field."""
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/F 4/P 3 0 R/Rect[" + rect + b"]" + value + b">>"
    return plain(catalog=b"/AcroForm<</Fields[6 0 R]/DA(/F1 12 Tf)>>", page=b"/Annots[6 0 R]", more={6: field})


def annotated(annotation: bytes, *, more: Mapping[int, bytes] | None = None) -> bytes:
    """A letter with one annotation."""
    body = b"<</Type/Annot/Rect[100 100 200 200]" + annotation + b">>"
    return plain(page=b"/Annots[6 0 R]", more={6: body} | dict(more or {}))


def bomb(*, levels: int = 1, megabytes: int = 200) -> bytes:
    """A content stream that unfolds a thousandfold, per level."""
    content = zlib.compress(bytes(megabytes << 20), 9)
    for _ in range(levels - 1):
        content = zlib.compress(content, 9)
    names = b"[" + b"/FlateDecode " * levels + b"]"
    packed = stream(content, b"/Filter" + names)
    return raw_pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: _PAGE + b">>",
            4: packed,
            5: _FONT,
        }
    )


def nested(depth: int = 100_000) -> bytes:
    """Arrays in arrays."""
    return plain(page=b"/PieceInfo " + b"[" * depth + b"]" * depth)


def prev_loop() -> bytes:
    """A cross-reference section whose /Prev is itself."""
    sound = plain()
    at = sound.rindex(b"xref\n0 ")
    return sound.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Prev %d>>" % at)


def many_fields(count: int = 300_000) -> bytes:
    """More objects than any letter has."""
    more = dict.fromkeys(range(6, count), b"<<>>")
    return plain(more=more)


_JS = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
_LAYER = {6: b"<</Type/OCG/Name(a)>>"}
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("empty", lambda: b""),
    "docx renamed": ("not_pdf", lambda: b"PK\x03\x04" + bytes(200)),
    "text": ("not_pdf", lambda: b"Kinh gui"),
    "truncated": ("broken", lambda: plain()[:-150]),
    "head only": ("broken", lambda: b"%PDF-1.7\n"),
    "script on opening": ("javascript", lambda: plain(catalog=b"/OpenAction" + _JS)),
    "script by name": (
        "javascript",
        lambda: plain(catalog=b"/Names<</JavaScript<</Names[(a)" + _JS + b"]>>>>"),
    ),
    "script on a page": ("javascript", lambda: plain(page=b"/AA<</O " + _JS + b">>")),
    "script in a link": ("javascript", lambda: annotated(b"/Subtype/Link/A" + _JS)),
    "launch": ("active_content", lambda: annotated(b"/Subtype/Link/A<</S/Launch/F(cmd.exe)>>")),
    "submit form": ("active_content", lambda: annotated(b"/Subtype/Link/A<</S/SubmitForm/F(http://x)>>")),
    "film": ("active_content", lambda: annotated(b"/Subtype/RichMedia")),
    "page-wide field": ("page_wide_field", lambda: form_field(b"0 0 595 842")),
    "filled field": ("filled_form", lambda: form_field(b"100 100 200 120", value=b"/V(12)")),
    "xfa": ("xfa", lambda: plain(catalog=b"/AcroForm<</Fields[]/XFA(x)>>")),
    "signed": (
        "signed_already",
        lambda: plain(more={6: b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"}),
    ),
    "certified": ("signed_already", lambda: plain(catalog=b"/Perms<<>>")),
    "dangling font": ("dangling_reference", lambda: plain().replace(b"/F1 5 0 R", b"/F1 9 0 R")),
    "dangling deep": (
        "dangling_reference",
        lambda: plain(more={5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 9 0 R>>"}),
    ),
    "dangling behind a garbled tail": (
        "dangling_reference",
        lambda: plain().replace(b"/F1 5 0 R", b"/F1 9 0 R") + b"x garbage\n",
    ),
    "external stream": (
        "external_stream",
        lambda: plain(more={6: stream(b"", b"/F(http://x/y)")}),
    ),
    "hidden layer": (
        "hidden_layers",
        lambda: plain(catalog=b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>", more=_LAYER),
    ),
    "no pages": (
        "no_pages",
        lambda: raw_pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}),
    ),
    "tiny page": ("page_size", lambda: plain().replace(b"[0 0 595 842]", b"[0 0 59. 42.]")),
    "bomb": ("expands_too_much", bomb),
    "bomb in a bomb": ("expands_too_much", lambda: bomb(levels=2)),
    "three filters": ("expands_too_much", lambda: bomb(levels=3, megabytes=1)),
    "huge image": (
        "image_too_large",
        lambda: plain(more={6: stream(b"", b"/Subtype/Image/Width 100000/Height 100000")}),
    ),
    "too many objects": ("too_many_objects", lambda: many_fields(210_000)),
}
"""Name → (the code it must be refused with, how to make it)."""
