"""What a PDF can do by itself is found, and what only looks like it is left alone."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from signing.testing import Authority, Profile, Subject
from signing.testing.paper import Box, blank, sign
from tests.support.odd_files import (
    look,
)
from tests.support.papers import letter
from workflow.domain.file_warnings import FileKind, Showing

NOW = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)


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
