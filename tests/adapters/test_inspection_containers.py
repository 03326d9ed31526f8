"""Office files and archives: told apart, and what is in them named without unpacking them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile

import pytest

from tests.support.odd_files import (
    RAR5,
    RAR5_FILE,
    SEVEN,
    SHEETS,
    WORDS,
    compound,
    look,
    odf,
    office,
    real_docx,
    tarred,
    zipped,
)
from workflow.domain.file_warnings import FileKind, Showing

RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="http://192.0.2.1/x.dotm" TargetMode="External"/></Relationships>'
)


SPLIT_DDE = WORDS % b"".join(
    b"<w:r><w:instrText>%s</w:instrText></w:r>" % one for one in (b"DD", b"EAU", b"TO c:\\x")
)


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACRO_TYPES = (
    b'<Types><Override PartName="/a" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)
LISTENER = b'<o:c xmlns:o="o" xmlns:s="s"><s:event-listener s:language="ooo:script"/></o:c>'
MANIFEST = b'<m:m xmlns:m="m"><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:m>'
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
def test_office_files_are_told_apart_and_their_macros_found(
    data: bytes, media: str, active: tuple[str, ...]
) -> None:
    """Every office file is quarantined; an active one is named, and not even pictured."""
    found = look(data)
    assert (found.kind, found.media_type, found.active) == (FileKind.OFFICE, media, active)
    assert "office_file" in found.warnings
    assert ("active_content" in found.warnings) == bool(active)
    printed = not active and media in {WORD, "application/vnd.oasis.opendocument.text"}
    assert found.showing is (Showing.OFFICE_PAGES if printed else Showing.NOTHING)


LOCKED_DOC = bytes(10) + struct.pack("<H", 0x0100)


LOCKED_XLS = struct.pack("<HH", 0x809, 0) + struct.pack("<HH", 0x2F, 4) + bytes(4)


@pytest.mark.parametrize(
    ("data", "kind", "media", "warnings"),
    [
        (compound("x", streams={"WordDocument": b"x"}), FileKind.OFFICE, "msword", set()),
        (compound("Macros", "VBA", streams={"WordDocument": b"x"}), FileKind.OFFICE, "msword", {"active_content"}),
        (compound(streams={"WordDocument": LOCKED_DOC}), FileKind.OFFICE, "msword", {"encrypted"}),
        (compound(streams={"Workbook": SHEETS}), FileKind.OFFICE, "vnd.ms-excel", {"active_content"}),
        (compound(streams={"Workbook": LOCKED_XLS}), FileKind.OFFICE, "vnd.ms-excel", {"encrypted"}),
        (compound("PowerPoint Document"), FileKind.OFFICE, "vnd.ms-powerpoint", set()),
        (compound("EncryptedPackage", "EncryptionInfo"), FileKind.OFFICE, "x-ole-storage", {"encrypted"}),
        (compound("__properties_version1.0"), FileKind.EMAIL, "vnd.ms-outlook", {"archive"}),
        (compound()[:600], FileKind.OFFICE, "x-ole-storage", {"unreadable"}),
    ],
)
def test_old_office_files(data: bytes, kind: FileKind, media: str, warnings: set[str]) -> None:
    """Word, Excel and PowerPoint of before 2007, encrypted new ones, Outlook messages."""
    found = look(data)
    wanted = warnings | ({"office_file"} if kind is FileKind.OFFICE else set())
    assert (found.kind, found.media_type, set(found.warnings)) == (kind, f"application/{media}", wanted)


def test_a_password_of_opendocument() -> None:
    """The manifest says which entries are locked."""
    found = look(odf(**{"content.xml": b"locked", "META-INF/manifest.xml": MANIFEST}))
    assert set(found.warnings) == {"office_file", "encrypted"}


def test_a_loop_in_a_compound_file_ends() -> None:
    """The directory's chain points at itself."""
    data = bytearray(compound("Macros"))
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    assert look(bytes(data)).kind is FileKind.OFFICE


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


def many_entries() -> bytes:
    data = zipped({"a": b""})
    end = data.rindex(b"PK\x05\x06")
    return data[: end + 10] + struct.pack("<H", 60_000) + data[end + 12 :]


RAR5_LOCKED = bytes([0, 0, 0, 0, 3, 4, 0, 0])
RAR4 = b"Rar!\x1a\x07\x00" + struct.pack("<HBHH6x", 0, 0x73, 0, 13)
RAR4_FILE = struct.pack("<HBHHIIBIIBBHI", 0, 0x74, 0x8004, 37, 0, 0, 0, 0, 0, 20, 0x30, 5, 0) + b"a.exe"


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
