"""What a file is and what to be careful about, found by opening it."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import random
import zlib
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from pikepdf import Array, Name

from signing.jail import Limits
from signing.testing import Authority, Profile, Subject
from signing.testing.messages import message
from tests.support.odd_files import (
    MAIL,
    RAR5,
    RAR5_FILE,
    SEVEN,
    SHEETS,
    compound,
    look,
    office,
    picture,
    real_docx,
    tarred,
    zipped,
)
from tests.support.papers import letter
from workflow.adapters.inspecting import inspect_in_jail
from workflow.domain.file_warnings import FileFacts, FileKind, Showing

ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


NOW = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP"])
def test_pictures(kind: str) -> None:
    """Each kind by its first bytes; shown as page images; cut off it is unreadable."""
    data = picture(kind)
    found = look(data, f"scan.{kind.lower()}")
    assert (found.kind, found.media_type, found.pages, found.warnings) == (
        FileKind.IMAGE,
        f"image/{kind.lower()}",
        1,
        (),
    )
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
    document = attached(lan, office())
    assert look(document, "cv.docx.p7m").warnings == ("office_file",)
    enveloped = b"\x30\x16\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x09\x30\x07\x02\x01\x00\x31\x00\x30\x00"
    assert look(enveloped, "thu.p7m").warnings == ("encrypted",)


@pytest.mark.parametrize(
    ("data", "kind", "warnings"),
    [
        (b"", "text", {"unreadable"}),
        (MAIL, "email", {"archive", "executable"}),
        (b"From: a@example.vn\nSubject: x\n\nchao\n", "email", {"archive"}),
        (b"Content-Type: text/html\n\n<script>", "email", {"archive"}),
        (b"%FDF-1.2\n1 0 obj", "unknown", {"unknown_kind"}),
        (b"<?xml version='1.0'?><x:xdp xmlns:x='x'/>", "xml", {"active_content"}),
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
        letter() + zipped({"a.exe": b"MZ"}) + b"\n%%EOF\n",
        picture("JPEG") + zipped({"a.exe": b"MZ"}),
        picture("PNG") + b"Rar!\x1a\x07\x00" + bytes(50),
        picture("PNG") + letter(),
        picture("PNG") + b"<html><script>1</script></html>",
        b"GIF89a/*" + b" " * 40 + letter(),
        b"<html><!--\n" + letter(),
        b"GIF89a=1;<script>alert(1)</script>" + picture("GIF"),
    ],
    ids=[
        "pdf+zip",
        "pdf+zip+end",
        "jpeg+zip",
        "png+rar",
        "png+pdf",
        "png+html",
        "gif+pdf",
        "html+pdf",
        "gif with script",
    ],
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


@pytest.mark.parametrize(
    "seed",
    [letter(), real_docx(), compound("Macros", streams={"Workbook": SHEETS}), picture("TIFF"), RAR5 + RAR5_FILE,
     SEVEN + bytes(6), MAIL, gzip.compress(tarred(("a",)))],
    ids=["pdf", "docx", "ole", "tiff", "rar", "7z", "mail", "tar.gz"],
)  # fmt: skip
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
