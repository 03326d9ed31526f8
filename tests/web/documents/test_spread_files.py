"""Files of a spread draft: sent with the table and looked at first, or its Word file filled for each row."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import pytest

from signing import prepare as making
from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.support.spread import HEAD, made_of, send
from tests.web.documents.test_bulk_pages import run_through
from workflow.adapters import office
from workflow.adapters.office import filling
from workflow.domain.errors import BadInput
from workflow.domain.outgoing import Action
from workflow.services.documents import files
from workflow.web.views import bulk_steps


def test_a_broken_file_is_found_in_the_dry_run_and_nothing_is_made(client: Browser, papers: Papers) -> None:
    """It calls itself a PDF; each file is looked at once, in as many requests as it takes; the good row says why it
    waits, and a mended table can be chosen without another word."""
    source = papers.format_check(subject="Giấy mời họp")
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    rows = [HEAD, *([f"Thôn {place}", f"Giấy mời thôn {place}", f"{place}.pdf"] for place in (1, 2))]
    _status, address = send(client, source, rows, "1.pdf", "2.pdf", bad=["2.pdf"])
    page = run_through(client, address)
    assert "0 documents done; 2 not done" in page
    for words in ("This file is no PDF", "nothing is made while another one has a fault", "Choose a mended table"):
        assert words in page, words
    assert made_of(papers, source) == []
    assert send(client, source, rows, "1.pdf", "2.pdf", form="mended")[0] == 303


def test_a_request_looks_at_files_for_a_second_and_no_longer(
    client: Browser, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no time at all each request looks at one, then makes one; none is looked at twice."""
    monkeypatch.setattr(bulk_steps, "ENOUGH", 0.0)
    source = papers.format_check(subject="Giấy mời họp")
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    rows = [HEAD, *([f"Thôn {place}", f"Giấy mời thôn {place}", f"{place}.pdf"] for place in (1, 2))]
    _status, address = send(client, source, rows, "1.pdf", "2.pdf")
    for said, words in (
        ({}, "Files looked at so far: 1 of 2"),
        ({}, "All 2 rows of the table are without fault"),
        ({"make": "yes"}, "Looked after so far: 1 of 2"),
        ({}, "2 documents done."),
    ):
        client.post(f"{address}/go-on", data=said)
        assert words in client.get(address).text, words


def word(*paragraphs: Sequence[str]) -> bytes:
    """A Word file; each text of a paragraph is a run of its own."""
    made = docx.Document()
    for runs in paragraphs:
        line = made.add_paragraph()
        for run in runs:
            line.add_run(run)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def texts(data: bytes) -> list[str]:
    """Of the paragraphs."""
    return [line.text for line in docx.Document(io.BytesIO(data)).paragraphs]


def test_placeholders_are_found_and_filled_however_word_cut_them() -> None:
    """Whole, over two runs, over three; words with signs of markup stay words."""
    data = word(["Kính gửi: {{Ông bà}}, ", "{{Th", "ôn}}"], ["Số tiền ", "{", "{ Tiền }", "} đồng", "."])
    assert office.placeholders(data) == ("Ông bà", "Thôn", "Tiền")
    values = {"Ông bà": "Lò <b> & {{x}}", "Thôn": "Pắc Ngà", "Tiền": "12.500"}
    assert texts(filling.filled(data, values)) == ["Kính gửi: Lò <b> & {{x}}, Pắc Ngà", "Số tiền 12.500 đồng."]


def test_letters_written_as_numbers_are_read_and_stay() -> None:
    """As programs write them that know ASCII only; notes at the foot are parts of the paper too."""
    xml = "<w:p><w:r><w:t>H&#7885; &#123;&#123;Tên&#125;&#125; &amp;c</w:t></w:r></w:p>"
    assert "Họ Pắc &amp;c" in filling.fill(xml, {"Tên": "Pắc"})
    assert all(filling._PARTS.fullmatch(f"word/{name}.xml") for name in ("footnotes", "endnotes", "header2"))


@pytest.mark.parametrize("paragraphs", [(["{{Thôn"], ["}}"]), (["Thôn}} "],)])
def test_a_placeholder_that_is_not_whole_is_refused(paragraphs: tuple[list[str], ...]) -> None:
    """Not printed as it stands."""
    with pytest.raises(BadInput, match="office_placeholder"):
        office.placeholders(word(*paragraphs))


@pytest.mark.tools("soffice")
def test_the_rows_of_a_table_stand_in_the_files(client: Browser, papers: Papers) -> None:
    """The draft's own Word file, printed once for each row; a row that lacks a word is named before."""
    source = papers.draft(file=False)
    papers.do(
        files.upload_draft, "drafter", document_id=source, version=1, data=word(["Kính gửi: {{Tên}}"]),
        filename="mời.docx", blobs=papers.blobs,
    )  # fmt: skip
    papers.act("drafter", source, Action.SUBMIT)
    papers.act("head", source, Action.APPROVE)
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    head = ["Nơi nhận", "Trích yếu", "Tên"]
    assert send(client, source, [head, ["Thôn Một", "Giấy mời", ""]])[0] == 422
    status, address = send(client, source, [head, ["Thôn Một", "Giấy mời", "Nguyễn Văn Ứng"]])
    assert status == 303
    assert "1 document done" in run_through(client, address)
    [made] = made_of(papers, source)
    assert made.pages == 1
    lines = making.read_pages_in_jail(papers.blobs.get(made.file_sha256 or ""), pages=[1]).lines[1]
    assert "Kính gửi: Nguyễn Văn Ứng" in " ".join(line.text for line in lines)
