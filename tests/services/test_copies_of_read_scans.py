"""A scan that a program for reading scans went through is one still: its picture is copied, its words are not."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import ImageChops

from tests.support.copied import READ, arrived, asked, numbered, read_over, recognised, row, scan, seal
from tests.support.papers import Papers
from workflow.domain.copies import Form, Medium
from workflow.domain.errors import BadInput
from workflow.services.copies.files import pages_of, scanned_pages
from workflow.store.session import unit_of_work


def words_in(data: bytes) -> str:
    """What can be searched and copied out of a file."""
    return "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data)).strip()


def looks_alike(one: bytes, other: bytes) -> bool:
    """Whether their first pages look the same."""
    seen = [pdfium.PdfDocument(data)[0].render(scale=1.5).to_pil().convert("RGB") for data in (one, other)]
    return ImageChops.difference(*seen).getbbox() is None


def test_what_tesseract_read_is_copied_and_sealed(papers: Papers, tmp_path: Path) -> None:
    """Its own PDF, from the scan to the seal: the copy looks like it and holds none of its words."""
    read = recognised(tmp_path)
    assert "Nơi nhận" in words_in(read)
    copy_id = numbered(papers, scan=read)
    made = papers.blobs.get(row(papers, copy_id).sha256)
    assert (words_in(made), looks_alike(made, read)) == ("", True)
    assert seal(papers, copy_id).conclusion == "passed"


@pytest.mark.parametrize(("made", "code"), [({"dpi": 150}, "copy_dpi"), ({"colour": False}, "copy_grey")])
def test_what_tesseract_read_of_a_poor_scan_is_poor(
    papers: Papers, tmp_path: Path, made: dict[str, object], code: str
) -> None:
    """The rule is about the picture, whoever read it."""
    with pytest.raises(BadInput, match=code):
        asked(papers, scan=recognised(tmp_path, **made))  # type: ignore[arg-type]


@pytest.mark.parametrize("how", READ)
def test_unseen_words_wherever_programs_lay_them(papers: Papers, how: str) -> None:
    """In front of the picture or behind it, in a form or in one within another; on each page that is extracted."""
    data = read_over(how)
    (page,) = scanned_pages(data)
    assert page.others == page.unseen > 0
    assert "99" in words_in(data)
    for form, target in ((Form.TRUE_COPY, Medium.DIGITAL), (Form.EXTRACT, Medium.DIGITAL)):
        with unit_of_work(papers.office.engine) as uow:
            made = pages_of(uow, data, form, source=Medium.PAPER, target=target, wanted="1", agency="Ủy ban")
        assert (words_in(made.data), looks_alike(made.data, scan())) == ("", True)


def test_a_read_scan_of_the_register_is_taken_as_it_lies(papers: Papers, tmp_path: Path) -> None:
    """Asked for twice, once with the words and once without: one copy."""
    arrival = arrived(papers)
    first = asked(papers, incoming_id=arrival, scan=recognised(tmp_path))
    assert asked(papers, incoming_id=arrival) == first
