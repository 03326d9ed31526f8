"""Word files become PDF by the real LibreOffice in the jail; what is hostile is refused, for its own reason."""

from __future__ import annotations

import io
import time
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest

from signing.jail import host
from tests.support import odd_files, word_files
from tests.support.word_files import ROWS, SUBJECT, altered, decision, with_body, with_relation
from workflow.adapters import office
from workflow.domain.errors import BadInput

MILLIMETRE = 72 / 25.4
TYPES = "[Content_Types].xml"


@pytest.fixture(scope="module")
def printed() -> bytes:
    """The decision, printed once for all."""
    return office.to_pdf(decision(), accept=office.DRAFTS, draft=True)


def words(pdf: bytes, page: int) -> str:
    """What a page says, composed."""
    return unicodedata.normalize("NFC", pdfium.PdfDocument(pdf)[page - 1].get_textpage().get_text_bounded())


def place(pdf: bytes, text: str, *, page: int = 1) -> tuple[float, float]:
    """Left and lower edge of a text's first letter."""
    held = pdfium.PdfDocument(pdf)[page - 1].get_textpage()
    found = held.search(text, match_case=True, match_whole_word=False).get_next()
    assert found is not None, text
    left, bottom, _right, _top = held.get_charbox(found[0])
    return left, bottom


@pytest.mark.tools("soffice")
def test_a_decision_keeps_its_pages_and_its_letters(printed: bytes) -> None:
    """Two pages; every Vietnamese letter can be found; the page number stands on the second page only."""
    assert len(pdfium.PdfDocument(printed)) == 2
    first, second = words(printed, 1), words(printed, 2)
    for text in ("XÃ ĐỒNG TÂM", "Đồng Tâm, ngày", SUBJECT, *(cell for row in ROWS for cell in row)):
        assert text in first, text
    assert "Đào Thanh Bình" in second
    assert second.splitlines()[0].strip() == "2"
    left, bottom = place(printed, "2", page=2)
    assert bottom > 780
    assert left == pytest.approx((30 + 165 / 2) * MILLIMETRE, abs=5)


@pytest.mark.tools("soffice")
def test_its_letters_are_ours_and_embedded(printed: bytes) -> None:
    """Tinos stands for Times New Roman, whose metrics it has; nothing is left to the reader's machine."""
    fonts: dict[str, bool] = {}
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                fonts[str(font.BaseFont).partition("+")[2]] = "/FontFile2" in font.FontDescriptor
        assert "/AcroForm" not in pdf.Root
    assert set(fonts) == {"Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert all(fonts.values())


@pytest.mark.tools("soffice")
def test_cells_stand_where_the_table_puts_them(printed: bytes) -> None:
    """Columns of 15, 65, 45 and 40 mm, every row under the one before it."""
    places = [[place(printed, cell) for cell in row if len(cell) > 1] for row in ROWS[1:]]
    edges = [sorted(lefts) for lefts in zip(*[[left for left, _bottom in row] for row in places], strict=True)]
    assert all(column[-1] - column[0] < 3 for column in edges)
    names, villages, sums = (column[0] for column in edges)
    assert villages - names == pytest.approx(65 * MILLIMETRE, abs=3)
    assert sums - villages == pytest.approx(45 * MILLIMETRE, abs=3)
    heights = [row[0][1] for row in places]
    assert heights == sorted(heights, reverse=True)
    assert all(abs(bottom - row[0][1]) < 5 for row in places for _left, bottom in row)


BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
CODE = "<w:r><w:instrText>LINK Excel.Sheet</w:instrText></w:r>"


def body(code: str) -> bytes:
    """A field whose code is spread over three runs."""
    thirds = [code[:3], code[3:6], code[6:]]
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{one}</w:instrText></w:r>' for one in thirds)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return with_body(f"<w:p>{begin}{runs}{end}</w:p>")


def as_macro_file() -> bytes:
    """A .docm by another name."""
    with zipfile.ZipFile(io.BytesIO(decision())) as given:
        types = given.read(TYPES)
    old = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return altered(**{TYPES: types.replace(old, b"application/vnd.ms-word.document.macroEnabled.main+xml")})


def twice() -> bytes:
    """Two parts of one name: which of them is read?"""
    stream = io.BytesIO(decision())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(stream, "a") as made:
        made.writestr("word/document.xml", b"<w:document xmlns:w='w'/>")
    return stream.getvalue()


LAUGHS = b'<!DOCTYPE a [<!ENTITY x "ha">' + b"".join(
    b'<!ENTITY x%d "%s">' % (n, b"&x%d;" % (n - 1) * 10 if n else b"&x;" * 10) for n in range(9)
) + b"]><a>&x8;</a>"  # fmt: skip
DTD = b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>'
VML = '<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="file:///etc/passwd"/></w:pict></w:r></w:p>'
INSERTED = '<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>thêm</w:t></w:r></w:ins></w:p>'

HOSTILE: dict[str, tuple[Any, str]] = {
    "macros": (lambda: altered(**{"word/vbaProject.bin": b"x"}), "macros"),
    "a docm by another name": (as_macro_file, "macros"),
    "ribbon code": (lambda: altered(**{"customUI/customUI.xml": b"<a/>"}), "macros"),
    "an OLE object": (lambda: altered(**{"word/embeddings/oleObject1.bin": b"x"}), "objects"),
    "an embedded workbook": (lambda: altered(**{"word/embeddings/a.xlsx": b"x"}), "objects"),
    "a template from elsewhere": (lambda: with_relation("attachedTemplate", "http://192.0.2.1/a.dotm"), "template"),
    "a template beside it": (lambda: with_relation("attachedTemplate", "a.dotm", mode="Internal"), "template"),
    "a picture from elsewhere": (lambda: with_relation("image", "http://192.0.2.1/a.png"), "external"),
    "a file of the server": (lambda: with_relation("image", "file:///etc/passwd", mode="Internal"), "external"),
    "a picture by VML": (lambda: with_body(VML), "external"),
    "another document inside": (lambda: with_relation("aFChunk", "/a.html", mode="Internal"), "parts"),
    "a part of no document": (lambda: altered(**{"word/media/film.mp4": b"x"}), "parts"),
    "DDE": (lambda: body("DDEAUTO c:\\\\windows\\\\cmd.exe"), "fields"),
    "INCLUDEPICTURE": (lambda: body("INCLUDEPICTURE http://192.0.2.1/a.png"), "fields"),
    "a field that never ends": (lambda: with_body(f"<w:p>{BEGIN}{CODE}</w:p>"), "fields"),
    "INCLUDETEXT": (lambda: body("INCLUDETEXT /etc/passwd"), "fields"),
    "entities by the billion": (lambda: altered(**{"word/styles.xml": LAUGHS}), "entities"),
    "a DTD": (lambda: altered(**{"docProps/app.xml": DTD}), "entities"),
    "a zip bomb": (lambda: altered(**{"word/media/image1.png": b"\0" * 40_000_000}), "bomb"),
    "elements without end": (lambda: with_body("<w:p>" * 900 + "</w:p>" * 900), "bomb"),
    "a password": (lambda: odd_files.compound("EncryptedPackage", "EncryptionInfo"), "encrypted"),
    "a part twice": (twice, "unreadable"),
    "broken XML": (lambda: altered(**{"word/document.xml": b"<w:document"}), "unreadable"),
    "open changes": (lambda: with_body(INSERTED), "changes"),
    "Word of 1997": (lambda: odd_files.compound("x", streams={"WordDocument": b"x"}), "old"),
    "OpenDocument": (odd_files.odf, "old"),
    "another ZIP": (lambda: odd_files.zipped({"a.pdf": b"x"}), "kind"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_draft_may_hold_is_refused_for_its_own_reason(name: str) -> None:
    """Before LibreOffice sees it."""
    make, reason = HOSTILE[name]
    with pytest.raises(BadInput) as refused:
        office.to_pdf(make(), accept=office.DRAFTS, draft=True)
    assert refused.value.code == f"office_{reason}"


def test_links_and_open_changes_of_others_are_no_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain hyperlink stays in a draft; what is only shown may hold open changes."""
    monkeypatch.setenv("PATH", "")
    assert not office.available()
    linked = with_relation("hyperlink", "https://congbao.example/a")
    for data, draft in (
        (linked, True),
        (body('HYPERLINK "http://x/INCLUDETEXT"'), True),
        (with_body(INSERTED), False),
    ):
        with pytest.raises(BadInput, match="office_missing"):
            office.to_pdf(data, accept=office.DRAFTS, draft=draft)


@pytest.mark.tools("soffice")
def test_a_conversion_without_end_is_ended_with_all_its_children() -> None:
    """Its time is over: the jail kills it, and nothing of it is left."""
    within = replace(office.limits(office.library()), wall=2.5)
    began = time.monotonic()
    with pytest.raises(BadInput, match="office_heavy"):
        office.to_pdf(word_files.long_one(15_000), accept=office.DRAFTS, within=within)
    assert time.monotonic() - began < 10
    zygote = host._default._process
    assert zygote is not None
    assert Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children").read_text() == ""


def test_at_most_so_many_at_once() -> None:
    """Others' turns are waited for, not for ever."""
    for _turn in range(office.AT_ONCE):
        assert office._turns.acquire(blocking=False)
    try:
        with pytest.raises(BadInput, match="office_busy"):
            office.to_pdf(decision(), accept=office.DRAFTS, patience=0.01)
    finally:
        for _turn in range(office.AT_ONCE):
            office._turns.release()


@pytest.mark.tools("soffice")
@pytest.mark.parametrize("name", ["letter.odt", "letter.doc"])
def test_other_text_files_are_shown_where_nothing_speaks_against_it(name: str) -> None:
    """OpenDocument and Word of 1997 to 2003."""
    data = (Path(__file__).parents[1] / "assets" / "office" / name).read_bytes()
    assert "Ủy ban nhân dân xã Đồng Tâm" in words(office.to_pdf(data, accept=office.SHOWN), 1)
