"""What a file is and what to be careful about, found by opening it."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import docx
import pikepdf
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from signing.jail import Limits
from signing.testing import Authority, Profile, Subject
from signing.testing.messages import message
from signing.testing.paper import Box, blank, sign
from tests.support.papers import letter
from workflow.adapters.inspecting import inspect_in_jail
from workflow.adapters.inspection import inspect
from workflow.domain.file_warnings import FileFacts, FileKind, Showing

NOW = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)


def look(data: bytes, filename: str = "") -> FileFacts:
    """Without the jail, which has its own tests."""
    return FileFacts.from_json(inspect(data, {"filename": filename}).json)


def pdf(change: Callable[[Any], None] = lambda _pdf: None, **options: Any) -> bytes:
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    change(made)
    stream = io.BytesIO()
    made.save(stream, **options)
    return stream.getvalue()


def script(made: Any) -> Any:
    return made.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def annotation(made: Any, **entries: Any) -> None:
    made.pages[0].Annots = Array([made.make_indirect(Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries))])


def opens_with(**action: Any) -> Callable[[Any], None]:
    def change(made: Any) -> None:
        made.Root.OpenAction = made.make_indirect(Dictionary(**action))

    return change


def embedded(made: Any) -> None:
    made.attachments["a.exe"] = b"MZ"


def page_runs(made: Any) -> None:
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("http://192.0.2.1/")))


def xfa(made: Any) -> None:
    made.Root.AcroForm = Dictionary(Fields=[], XFA=made.make_stream(b"<xdp/>"))


def names_tree(made: Any) -> None:
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script(made)])))


def chained(made: Any) -> None:
    jump = Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]))
    jump.Next = Dictionary(S=Name.URI, URI=String("http://192.0.2.1/"))
    made.Root.OpenAction = jump


def media(made: Any) -> None:
    annotation(made, Subtype=Name.RichMedia)


def submits(made: Any) -> None:
    annotation(made, Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F=String("http://192.0.2.1/")))


ACTIVE_PDFS = {
    "open": (opens_with(S=Name.JavaScript, JS=String("1")), "javascript"),
    "launch": (opens_with(S=Name.Launch, F=String("cmd.exe")), "launch"),
    "opens an address": (opens_with(S=Name.URI, URI=String("http://192.0.2.1/")), "starts_itself"),
    "after a jump": (chained, "starts_itself"),
    "page": (page_runs, "starts_itself"),
    "names": (names_tree, "javascript"),
    "file inside": (embedded, "embedded_file"),
    "xfa": (xfa, "xfa"),
    "media": (media, "rich_media"),
    "submit": (submits, "submit_form"),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "object streams"])
@pytest.mark.parametrize("name", ACTIVE_PDFS)
def test_what_a_pdf_does_is_found_also_when_packed(name: str, packed: bool) -> None:
    """Scripts, actions that start by themselves, files and media inside, whether the objects lie open or packed."""
    change, what = ACTIVE_PDFS[name]
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    found = look(pdf(change, object_stream_mode=mode), "a.pdf")
    assert (found.kind, found.quarantined, found.warnings) == (FileKind.PDF, True, ("active_content",))
    assert what in found.active
    assert found.showing is Showing.PDF_PAGES


def test_names_written_in_hex_hide_nothing() -> None:
    """`/J#61vaScript` is JavaScript."""
    data = pdf(ACTIVE_PDFS["open"][0], object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = data.replace(b"/S /JavaScript", b"/S /#4aavaScript", 1).replace(b"/JS", b"/#4aS", 1)
    assert hidden != data
    assert "javascript" in look(hidden).active


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "object streams"])
def test_a_script_of_an_older_revision_is_found(packed: bool) -> None:
    """A later revision replaces the catalogue: "view the signed version" would still run it."""
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    data = pdf(ACTIVE_PDFS["open"][0], object_stream_mode=mode)
    with pikepdf.open(io.BytesIO(data)) as made:
        number, pages = made.Root.objgen[0], made.Root.Pages.objgen[0]
        size = int(made.trailer.Size)
    start = data.rindex(b"startxref") + 10
    before = data[start:].split()[0].decode()
    body = f"{number} 0 obj\n<< /Type /Catalog /Pages {pages} 0 R >>\nendobj\n"
    table = f"xref\n{number} 1\n{len(data):010d} 00000 n \ntrailer\n"
    rest = f"<< /Size {size} /Root {number} 0 R /Prev {before} >>\nstartxref\n{len(data) + len(body)}\n%%EOF\n"
    later = data + (body + table + rest).encode()
    with pikepdf.open(io.BytesIO(later)) as made:
        assert "/OpenAction" not in made.Root
    assert look(later).active == ("javascript",)


def plain_form(made: Any) -> None:
    annotation(made, Subtype=Name.Widget, FT=Name.Tx, T=String("name"))
    made.Root.AcroForm = Dictionary(Fields=made.pages[0].Annots, NeedAppearances=True)


def linked(made: Any) -> None:
    annotation(made, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://dichvucong.example/")))
    made.Root.OpenAction = Array([made.pages[0].obj, Name.XYZ, 0, 0, 0])
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit])))


def written_about(made: Any) -> None:
    made.docinfo[Name.Title] = "How /JavaScript and /Launch work"


@pytest.mark.parametrize("change", [plain_form, linked, written_about])
def test_what_only_looks_active_is_left_alone(change: Callable[[Any], None]) -> None:
    """A form without scripts, a link, a jump to the first page, words about scripts."""
    found = look(pdf(change), "a.pdf")
    assert (found.warnings, found.active, found.pages) == ((), (), 1)
    assert not found.quarantined


def test_signed_and_issued_papers_are_nothing_special() -> None:
    """A signed PDF, our own letter, with their names in capitals or Vietnamese."""
    root = Authority.root(Subject(common_name="Gốc"), now=NOW)
    person = root.issue(Subject(common_name="Lan"), Profile.PERSON, now=NOW)
    signed = sign(blank(Box("Signature1", (50, 50, 200, 120))), "Signature1", person, at=NOW)
    for data in (signed, letter()):
        assert look(data, "Báo cáo số 12.signed.PDF").warnings == ()


def test_passwords_of_a_pdf() -> None:
    """With a password to open it nothing can be shown; with one for its author only, everything can."""
    locked = look(pdf(encryption=pikepdf.Encryption(user="x", owner="y")))
    assert (locked.warnings, locked.showing) == (("encrypted",), Showing.NOTHING)
    held = look(pdf(ACTIVE_PDFS["open"][0], encryption=pikepdf.Encryption(user="", owner="y")))
    assert held.warnings == ("active_content", "restricted")


def test_a_pdf_that_is_cut_off_or_too_long() -> None:
    """Both are said; neither raises."""
    assert look(letter()[:300]).warnings == ("unreadable",)
    many = pikepdf.new()
    page = many.make_indirect(Dictionary(Type=Name.Page, MediaBox=[0, 0, 9, 9], Parent=many.Root.Pages))
    many.Root.Pages = many.make_indirect(Dictionary(Type=Name.Pages, Count=2001, Kids=Array([page] * 2001)))
    stream = io.BytesIO()
    many.save(stream)
    found = look(stream.getvalue())
    assert (found.pages, found.warnings, found.quarantined) == (2001, ("too_many_pages",), False)


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="http://192.0.2.1/x.dotm" TargetMode="External"/></Relationships>'
)
WORDS = b'<w:document xmlns:w="w"><w:body><w:p>%s</w:p></w:body></w:document>'
SPLIT_DDE = WORDS % b"".join(b"<w:r><w:instrText>%s</w:instrText></w:r>" % one for one in (b"DD", b"EAU", b"TO c:\\x"))


def office(**parts: bytes) -> bytes:
    given = {"[Content_Types].xml": b"<Types/>", "word/document.xml": WORDS % b"", **parts}
    return zipped(given)


def real_docx() -> bytes:
    made = docx.Document()
    made.add_paragraph("Kính gửi")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def odf(kind: str = "text", **parts: bytes) -> bytes:
    media = f"application/vnd.oasis.opendocument.{kind}".encode()
    content = b'<office:document-content xmlns:office="o"><office:scripts/></office:document-content>'
    return zipped({"mimetype": media, "content.xml": content, **parts})


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACRO_TYPES = b'<Types><Override PartName="/a" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
LISTENER = b'<o:c xmlns:o="o" xmlns:s="s"><s:event-listener s:language="ooo:script"/></o:c>'
MANIFEST = b'<m:manifest xmlns:m="m"><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>'
ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("data", "media", "active"),
    [
        (real_docx(), WORD, ()),
        (office(), WORD, ()),
        (office(**{"word/vbaProject.bin": b"x"}), WORD, ("macros",)),
        (office(**{"[Content_Types].xml": MACRO_TYPES}), WORD, ("macros",)),
        (office(**{"word/_rels/settings.xml.rels": RELATIONS % b"attachedTemplate"}), WORD, ("external_template",)),
        (office(**{"word/_rels/document.xml.rels": RELATIONS % b"oleObject"}), WORD, ("external_part",)),
        (office(**{"word/_rels/document.xml.rels": RELATIONS % b"hyperlink"}), WORD, ()),
        (office(**{"word/embeddings/oleObject1.bin": b"x"}), WORD, ("ole_object",)),
        (office(**{"word/activeX/activeX1.xml": b"<a/>"}), WORD, ("activex",)),
        (office(**{"word/document.xml": SPLIT_DDE}), WORD, ("dde",)),
        (office(**{"word/document.xml": ENTITY}), WORD, ("entities",)),
        (odf(), "application/vnd.oasis.opendocument.text", ()),
        (odf("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet", ()),
        (odf(**{"Basic/Standard/Module1.xml": b"<a/>"}), "application/vnd.oasis.opendocument.text", ("macros",)),
        (odf(**{"content.xml": LISTENER}), "application/vnd.oasis.opendocument.text", ("macros",)),
        (b"{\\rtf1 Xin chao}", "application/rtf", ()),
        (b"{\\rtf1{\\object\\objocx{\\*\\objdata 01}}}", "application/rtf", ("activex", "ole_object")),
        (b"{\\rtf1{\\*\\template http://192.0.2.1/a}}", "application/rtf", ("external_template",)),
    ],
)  # fmt: skip
def test_office_files_are_told_apart_and_their_macros_found(data: bytes, media: str, active: tuple[str, ...]) -> None:
    """Every office file is quarantined and cannot be shown; what is active in it is named."""
    found = look(data)
    assert (found.kind, found.media_type, found.active) == (FileKind.OFFICE, media, active)
    assert "office_file" in found.warnings
    assert ("active_content" in found.warnings) == bool(active)
    assert found.showing is Showing.NOTHING


def compound(*names: str, streams: dict[str, bytes] | None = None) -> bytes:
    """A compound file of 512-byte sectors: the table, the directory, then the streams one after the other."""
    held = {name: data.ljust(4096, b"\0") for name, data in (streams or {}).items()}
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0), *((name, 1, 0, 0) for name in names)]
    rows = -(-(len(entries) + len(held)) // 4)
    place = 1 + rows
    for name, data in held.items():
        entries.append((name, 2, place, len(data)))
        place += len(data) // 512
    fat = [0xFFFFFFFD, *range(2, rows + 1), 0xFFFFFFFE]
    for data in held.values():
        fat += [*range(len(fat) + 1, len(fat) + len(data) // 512), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    rooms = b""
    for name, kind, start, size in entries:
        written = name.encode("utf-16-le")
        rooms += (written + b"\0\0").ljust(64, b"\0") + struct.pack("<HBB12x16x20xIQ", len(written) + 2, kind, 1, start, size)
    return head + struct.pack("<128I", *fat) + rooms.ljust(rows * 512, b"\0") + b"".join(held.values())


LOCKED_DOC = bytes(10) + struct.pack("<H", 0x0100)
SHEETS = struct.pack("<HH", 0x809, 0) + struct.pack("<HHIBB", 0x85, 6, 0, 0, 1)
LOCKED_XLS = struct.pack("<HH", 0x809, 0) + struct.pack("<HH", 0x2F, 4) + bytes(4)


@pytest.mark.parametrize(
    ("data", "kind", "media", "warnings"),
    [
        (compound("x", streams={"WordDocument": b"x"}), "office", "application/msword", {"office_file"}),
        (compound("Macros", "VBA", streams={"WordDocument": b"x"}), "office", "application/msword", {"office_file", "active_content"}),
        (compound(streams={"WordDocument": LOCKED_DOC}), "office", "application/msword", {"office_file", "encrypted"}),
        (compound(streams={"Workbook": SHEETS}), "office", "application/vnd.ms-excel", {"office_file", "active_content"}),
        (compound(streams={"Workbook": LOCKED_XLS}), "office", "application/vnd.ms-excel", {"office_file", "encrypted"}),
        (compound("PowerPoint Document"), "office", "application/vnd.ms-powerpoint", {"office_file"}),
        (compound("EncryptedPackage", "EncryptionInfo"), "office", "application/x-ole-storage", {"office_file", "encrypted"}),
        (compound("__properties_version1.0"), "email", "application/vnd.ms-outlook", {"archive"}),
        (compound()[:600], "office", "application/x-ole-storage", {"office_file", "unreadable"}),
    ],
)  # fmt: skip
def test_old_office_files(data: bytes, kind: str, media: str, warnings: set[str]) -> None:
    """Word, Excel and PowerPoint of before 2007, encrypted new ones, Outlook messages."""
    found = look(data)
    assert (found.kind, found.media_type, set(found.warnings)) == (kind, media, warnings)


def test_a_loop_in_a_compound_file_ends() -> None:
    """The directory's chain points at itself."""
    data = bytearray(compound("Macros"))
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    assert "unreadable" in look(bytes(data)).warnings or look(bytes(data)).kind is FileKind.OFFICE


def overlapping(count: int = 40) -> bytes:
    """Every directory entry names the same bytes."""
    data = zipped({f"{number:03}": b"\0" * 1000 for number in range(count)})
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", data, end + 16)[0]
    directory = bytearray(data[start:end])
    at = 0
    while at < len(directory):
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        directory[at + 42 : at + 46] = bytes(4)
        at += 46 + name + extra + comment
    return data[:start] + bytes(directory) + data[end:]


def locked_zip() -> bytes:
    data = bytearray(zipped({"a.pdf": b"x" * 50}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def tarred(names: tuple[str, ...], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    return stream.getvalue()


def many_entries() -> bytes:
    data = zipped({"a": b""})
    end = data.rindex(b"PK\x05\x06")
    return data[: end + 10] + struct.pack("<H", 60_000) + data[end + 12 :]


RAR5 = b"Rar!\x1a\x07\x01\x00"
RAR5_FILE = bytes([0, 0, 0, 0, 17, 2, 1, 3, 0, 5, 0, 0, 0, 5]) + b"a.exe" + bytes([2, 1, 0])
RAR5_LOCKED = bytes([0, 0, 0, 0, 3, 4, 0, 0])
RAR4 = b"Rar!\x1a\x07\x00" + struct.pack("<HBHH6x", 0, 0x73, 0, 13)
RAR4_FILE = struct.pack("<HBHHIIBIIBBHI", 0, 0x74, 0x8004, 37, 0, 0, 0, 0, 0, 20, 0x30, 5, 0) + b"a.exe"
SEVEN = b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(4) + struct.pack("<QQI", 0, 6, 0)


@pytest.mark.parametrize(
    ("data", "media", "warnings"),
    [
        (zipped({"a.pdf": b"x"}), "application/zip", {"archive"}),
        (zipped({"a.zip": zipped({"b": b""})}), "application/zip", {"archive", "nested_archive"}),
        (zipped({"a.dat": zipped({"b": b""})}), "application/zip", {"archive", "nested_archive"}),
        (zipped({"a.pdf.exe": b"MZ"}), "application/zip", {"archive", "executable"}),
        (zipped({"a.dat": b"MZ"}), "application/zip", {"archive", "executable"}),
        (locked_zip(), "application/zip", {"archive", "encrypted"}),
        (zipped({"a": b"\0" * 120_000_000}), "application/zip", {"archive", "archive_bomb"}),
        (overlapping(), "application/zip", {"archive", "archive_bomb"}),
        (many_entries(), "application/zip", {"archive", "archive_bomb"}),
        (zipped({"a.pdf": b"x" * 99})[:60], "application/zip", {"archive", "unreadable"}),
        (tarred(("a.pdf", "b.js")), "application/x-tar", {"archive", "executable"}),
        (gzip.compress(tarred(("a.zip",))), "application/gzip", {"archive", "nested_archive"}),
        (gzip.compress(b"\0" * 70_000_000, 9), "application/gzip", {"archive", "archive_bomb"}),
        (bz2.compress(b"words"), "application/x-bzip2", {"archive"}),
        (lzma.compress(tarred(("a.pdf",))), "application/x-xz", {"archive"}),
        (RAR5 + RAR5_FILE, "application/vnd.rar", {"archive", "executable", "encrypted"}),
        (RAR5 + RAR5_LOCKED, "application/vnd.rar", {"archive", "encrypted"}),
        (RAR4 + RAR4_FILE, "application/vnd.rar", {"archive", "executable", "encrypted"}),
        (SEVEN + b"\x06\xf1\x07\x01\0\0", "application/x-7z-compressed", {"archive", "encrypted"}),
        (SEVEN + bytes(6), "application/x-7z-compressed", {"archive"}),
        (SEVEN, "application/x-7z-compressed", {"archive", "unreadable"}),
    ],
    ids=lambda value: "" if isinstance(value, bytes | str) else "+".join(sorted(value)),
)  # fmt: skip
def test_archives(data: bytes, media: str, warnings: set[str]) -> None:
    """What is in them is named, and what they would do to whoever unpacks them."""
    found = look(data)
    assert (found.kind, found.media_type, set(found.warnings)) == (FileKind.ARCHIVE, media, warnings)
    assert found.showing is Showing.NOTHING


def test_an_archive_says_what_is_in_it() -> None:
    """The first hundred names, and how many there are."""
    found = look(zipped({f"{number}.pdf": b"" for number in range(150)}))
    assert (found.entries, len(found.names), found.names[0]) == (150, 100, "0.pdf")


def picture(kind: str, size: tuple[int, int] = (30, 20), **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 210, 220)).save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP"])
def test_pictures(kind: str) -> None:
    """Each kind by its first bytes; shown as page images; cut off it is unreadable."""
    data = picture(kind)
    found = look(data, f"scan.{kind.lower()}")
    assert (found.kind, found.media_type, found.pages, found.warnings) == (FileKind.IMAGE, f"image/{kind.lower()}", 1, ())
    assert found.showing is Showing.IMAGE_PAGES
    assert "unreadable" in look(data[: len(data) // 2]).warnings


def identity() -> Any:
    root = Authority.root(Subject(common_name="Gốc"), now=NOW)
    return root.issue(Subject(common_name="Lan"), Profile.PERSON, now=NOW)


def attached(identity: Any, content: bytes) -> bytes:
    """A signature with its content inside."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(identity.certificate, identity.key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def test_signatures_and_what_they_carry() -> None:
    """A detached signature is harmless; one that carries an office file or a locked message is what it carries."""
    lan = identity()
    detached = look(message(lan, b"danh sach"), "ds.xlsx.p7s")
    assert (detached.kind, detached.warnings) == (FileKind.SIGNATURE, ())
    carried = look(attached(lan, office(**{"word/vbaProject.bin": b"x"})), "cv.docx.p7m")
    assert (carried.kind, carried.warnings) == (FileKind.SIGNATURE, ("active_content", "office_file"))
    enveloped = b"\x30\x16\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x09\x30\x07\x02\x01\x00\x31\x00\x30\x00"
    assert look(enveloped, "thu.p7m").warnings == ("encrypted",)


MAIL = (
    b"From: a@example.vn\r\nTo: b@example.vn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="q"\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nchao\r\n'
    b'--q\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="a.js"\r\n\r\n1\r\n'
    b"--q--\r\n"
)


@pytest.mark.parametrize(
    ("data", "kind", "warnings"),
    [
        (MAIL, "email", {"archive", "executable"}),
        (b"From: a@example.vn\nSubject: x\n\nchao\n", "email", set()),
        ("Kính gửi: Ủy ban nhân dân xã\n".encode(), "text", set()),
        ("\ufeffSố;Ngày\n1;2\n".encode("utf-16"), "text", set()),
        ("Cộng hòa".encode("cp1258", "replace"), "text", set()),
        (b"<?xml version='1.0'?><edXML/>", "xml", set()),
        (b"<?xml version='1.0' encoding='utf-16'?><a>", "xml", {"unreadable"}),
        (ENTITY, "xml", {"active_content"}),
        (b"<!DOCTYPE html><html><body>x</body></html>", "html", {"web_page"}),
        (b"<html><script>1</script></html>", "html", {"web_page", "active_content"}),
        (b"<p>x<img src=x onerror = 'a()'>", "html", {"web_page", "active_content"}),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image", {"web_page"}),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image", {"web_page", "active_content"}),
        (b"#!/bin/sh\necho\n", "executable", {"executable"}),
        (b"MZ\x90\0" + bytes(60), "executable", {"executable"}),
        (b"\x7fELF" + bytes(60), "executable", {"executable"}),
        (zipped({"META-INF/MANIFEST.MF": b""}), "executable", {"executable"}),
        (random.Random(5).randbytes(500), "unknown", {"unknown_kind"}),
        (b"\0\0\0\x18ftypheic" + bytes(40), "unknown", {"unknown_kind"}),
    ],
)
def test_letters_programs_and_what_nobody_knows(data: bytes, kind: str, warnings: set[str]) -> None:
    """Text in old and new encodings, pages, mails, programs; what is on no list is quarantined."""
    found = look(data)
    assert (found.kind, set(found.warnings)) == (kind, warnings)


@pytest.mark.parametrize(
    "data",
    [
        letter() + zipped({"a.exe": b"MZ"}),
        picture("JPEG") + zipped({"a.exe": b"MZ"}),
        picture("PNG") + b"Rar!\x1a\x07\x00" + bytes(50),
        picture("PNG") + letter(),
        picture("PNG") + b"<html><script>1</script></html>",
        b"GIF89a/*" + b" " * 40 + letter(),
        b"<html><!--\n" + letter(),
        b"GIF89a=1;<script>alert(1)</script>" + picture("GIF"),
    ],
    ids=["pdf+zip", "jpeg+zip", "png+rar", "png+pdf", "png+html", "gif+pdf", "html+pdf", "gif with script"],
)
def test_two_kinds_at_once(data: bytes) -> None:
    """What two programs would take for two different files."""
    found = look(data)
    assert "polyglot" in found.warnings
    assert found.quarantined


def test_a_few_bytes_before_a_pdf_are_no_second_kind() -> None:
    """Printers put a line before it; viewers pass it over."""
    found = look(b"\x1b%-12345X@PJL JOB\n" + letter(), "a.pdf")
    assert (found.kind, found.warnings) == (FileKind.PDF, ())


@pytest.mark.parametrize(
    ("filename", "warnings"),
    [
        ("cv.pdf", set()),
        ("1234_UBND-KT.signed.PDF", set()),
        ("cv.docx.pdf", set()),
        ("không đuôi", set()),
        ("Quyết định 12.5.2026", set()),
        ("cv.docx", {"mismatched_name"}),
        ("cv.pdf.exe", {"double_extension", "executable", "mismatched_name"}),
        ("cv.pdf          .scr", {"double_extension", "executable", "mismatched_name"}),
        ("cv\u202efdp.exe", {"double_extension", "executable", "mismatched_name"}),
        ("cv\u202e.pdf", {"double_extension"}),
    ],
)
def test_names_are_held_against_what_the_file_is(filename: str, warnings: set[str]) -> None:
    """Of one PDF."""
    assert set(look(letter(), filename).warnings) == warnings


@pytest.mark.parametrize("seed", [letter(), real_docx(), compound("Macros", streams={"Workbook": SHEETS}), picture("TIFF"),
                                  RAR5 + RAR5_FILE, SEVEN + bytes(6), MAIL, gzip.compress(tarred(("a",)))])  # fmt: skip
def test_broken_files_have_an_answer(seed: bytes) -> None:
    """Bytes changed at random: always an answer that can be stored, never a traceback."""
    chance = random.Random(seed[:16].hex())
    for _turn in range(40):
        data = bytearray(seed)
        for _byte in range(chance.randrange(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        found = look(bytes(data[: chance.randrange(len(data) // 2, len(data) + 1)]))
        assert FileFacts.from_json(found.to_json()) == found


def test_in_the_jail_a_file_that_costs_too_much_is_unreadable() -> None:
    """The usual way in, and an object stream of 60 kB that unpacks to 250 MB: quarantined, and no harm done."""
    assert inspect_in_jail(letter(), filename="a.pdf").warnings == ()
    with pikepdf.new() as made:
        made.add_blank_page()
        bomb = made.make_stream(zlib.compress(zlib.compress(b" " * 250_000_000, 1), 9))
        bomb.Filter, bomb.Type = Array([Name.FlateDecode, Name.FlateDecode]), Name.ObjStm
        bomb.N, bomb.First = 0, 0
        made.Root.Bomb = bomb
        stream = io.BytesIO()
        made.save(stream, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    found = inspect_in_jail(stream.getvalue(), filename="a.pdf", limits=Limits(memory=400 * 1024 * 1024))
    assert found.warnings == ("unreadable",)
    assert found.quarantined
