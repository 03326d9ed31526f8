"""Words with their boxes, and plain text, out of PDFs by different producers."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from signing.jail import Jail, TaskRefused
from tests.support.scans import scanned
from workflow.adapters import words
from workflow.adapters.glyphs import Glyph, printed_words
from workflow.adapters.render import Size, number_stamp

DRAFTS = Path(__file__).parents[1] / "assets" / "drafts"
PDF = number_stamp(Size(200, 100), "Số: 312/BC-UBND", made_at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC))

MOTTO = "Cộng hòa xã hội chủ nghĩa Việt Nam Độc lập Tự do Hạnh phúc Ủy ban nhân dân tỉnh"
OLD_FONT = "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp Tù do H¹nh phóc Uû ban nh©n d©n tØnh NghÖ An"
"""What a font of the TCVN3 kind leaves in a file."""


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    own = Jail(parallel=2)
    yield own
    own.close()


def page_of(pdf: bytes, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = words.words(pdf, {}).json["read"][number - 1]
    return found


def draft(name: str) -> bytes:
    return (DRAFTS / f"{name}.pdf").read_bytes()


def glyphs(text: str, *, step: float = 6.0, start: float = 50.0, wide: float = 6.0) -> list[Glyph]:
    """Letters side by side; a blank moves on without a glyph."""
    return [
        Glyph(letter, start + at * step, 97, start + at * step + wide, 110, 100, 12, False)
        for at, letter in enumerate(text)
        if letter != "_"
    ]


def test_in_the_jail(jail: Jail) -> None:
    """Words, sizes and boxes in points."""
    result = jail.run("workflow.adapters.words:words", PDF).json
    (page,) = result["read"]
    assert (result["pages"], page["width"], page["height"], page["kind"]) == (1, 200, 100, "text")
    assert [word[0] for word in page["words"]] == ["Số:", "312/BC-UBND"]
    (_, x0, y0, x1, y1, size, bold) = page["words"][0]
    assert 0 <= x0 < x1 <= 200
    assert 0 <= y0 < y1 <= 100
    assert 6 < size < 20
    assert bold is False


@pytest.mark.parametrize("name", ["official-letter", "decision", "notice", "invitation"])
def test_three_producers(name: str) -> None:
    """LibreOffice, Chromium and typst: the motto is found as words, bold, on one height."""
    page = page_of(draft(name))
    motto = [word for word in page["words"] if word[0] in {"CỘNG", "HÒA", "NGHĨA"} and word[6]]
    assert page["kind"] == "text"
    assert len(motto) == 3
    assert max(word[2] for word in motto) - min(word[2] for word in motto) < 1


def test_the_page_as_shown() -> None:
    """A turned page with a crop box: the boxes lie where the words are seen."""
    pdf = pikepdf.open(io.BytesIO(PDF))
    pdf.pages[0].Rotate = 180
    stream = io.BytesIO()
    pdf.save(stream)
    upright, turned = page_of(PDF), page_of(stream.getvalue())
    assert turned["words"] == []  # upside down is for the OCR
    pdf.pages[0].Rotate = 0
    pdf.pages[0].CropBox = pikepdf.Array([5, 10, 200, 100])
    stream = io.BytesIO()
    pdf.save(stream)
    cropped = page_of(stream.getvalue())
    assert (cropped["width"], cropped["height"]) == (195, 90)
    assert cropped["words"][0][1] == pytest.approx(upright["words"][0][1] - 5, abs=0.2)
    assert cropped["words"][0][2] == pytest.approx(upright["words"][0][2] - 10, abs=0.2)


def test_what_a_signature_field_shows_is_read() -> None:
    """A clerk's number is put on by an annotation; the file stays as it is."""
    pdf = pikepdf.open(io.BytesIO(PDF))
    page = pdf.pages[0]
    form = pdf.make_stream(
        page.Contents.read_bytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, 200, 100],
        Resources=page.Resources,
    )
    page.Contents = pdf.make_stream(b"")
    widget = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Sig,
        T="Signature1",
        F=4,
        Rect=[0, 0, 200, 100],
        AP=pikepdf.Dictionary(N=form),
    )
    page.Annots = pdf.make_indirect([pdf.make_indirect(widget)])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[page.Annots[0]], SigFlags=3)
    stream = io.BytesIO()
    pdf.save(stream)
    assert "312/BC-UBND" in [word[0] for word in page_of(stream.getvalue())["words"]]


def test_kinds_of_pages() -> None:
    """A scan has no words; text of lost letters is rubbish; an empty page is blank."""
    assert page_of(scanned(draft("notice"), dpi=60))["kind"] == "picture"
    empty = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(empty)
    assert page_of(empty.getvalue())["kind"] == "blank"
    assert not words.is_language(OLD_FONT.split())
    assert words.is_language(MOTTO.split())


def test_plain_text_and_its_limits(jail: Jail) -> None:
    """NFC, cut where it becomes too long, and it says so."""
    whole = jail.run("workflow.adapters.words:text", draft("decision")).json
    assert not whole["cut"]
    assert "QUYẾT ĐỊNH" in whole["texts"][0]
    assert unicodedata.is_normalized("NFC", whole["texts"][0])
    short = jail.run("workflow.adapters.words:text", draft("decision"), arguments={"max_characters": 50}).json
    assert (short["cut"], len(short["texts"][0])) == (True, 50)


def test_bad_files_are_refused(jail: Jail) -> None:
    """Junk, and more pages than allowed."""
    with pytest.raises(TaskRefused, match="pdf_unreadable"):
        jail.run("workflow.adapters.words:words", b"no pdf")
    with pytest.raises(TaskRefused, match="too_many_pages"):
        jail.run("workflow.adapters.words:words", draft("decision"), arguments={"max_pages": 0})


def test_spaces_come_from_gaps() -> None:
    """Letters set one by one, in any order, without a blank in the file."""
    letters = glyphs("Số_15/BC")
    assert [word.text for word in printed_words(reversed(letters))] == ["Số", "15/BC"]


def test_spaced_letters_are_one_word() -> None:
    """A title with room between all letters."""
    assert [word.text for word in printed_words(glyphs("THÔNG_BÁO", step=9))] == ["THÔNG", "BÁO"]


def test_a_letter_printed_twice_counts_once() -> None:
    """Bold by printing again a little beside."""
    double = [*glyphs("BÁO"), *glyphs("BÁO", start=50.4)]
    assert [word.text for word in printed_words(double)] == ["BÁO"]
