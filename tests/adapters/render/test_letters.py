"""Whole documents: their words, and empty places exactly where the boxes say."""

from __future__ import annotations

import datetime as dt
import time
import unicodedata
from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from signing.prepare.rewriting import rewrite
from workflow.adapters.render import (
    Box,
    Letter,
    Part,
    PartKind,
    Rendered,
    Table,
    proposed_boxes,
    render_letter,
    seal_box,
)

NOW = dt.datetime(2026, 11, 22, 9, 59, 49, tzinfo=dt.UTC)
TEXT = (
    "Thực hiện Kế hoạch số 7201/KH-UBND ngày 15 tháng 01 năm 2026, Ủy ban nhân dân xã đã triển khai đồng bộ "
    "các nhiệm vụ, giải pháp về cải cách hành chính và chuyển đổi số trên địa bàn; kết quả như sau."
)
OFFICIAL_LETTER = Letter(
    parent="Ủy ban nhân dân tỉnh Hà Sơn",
    agency="Sở Nông nghiệp và Môi trường",
    subject="V/v tăng cường ký số văn bản điện tử",
    addressees=("Văn phòng Ủy ban nhân dân tỉnh", "Các sở, ban, ngành"),
    parts=(Part(TEXT), Part('#panic("x") *đậm* $x$ @a <b> \\ [/* ')),
    recipients=("Như trên;", "Lưu: VT, KT."),
    urgency="Khẩn",
)
DECISION = Letter(
    parent="Xã Bình Minh",
    agency="Ủy ban nhân dân",
    title="Quyết định",
    subject="Về việc kiện toàn Ban Chỉ đạo chuyển đổi số",
    parts=(
        Part("Căn cứ Luật Tổ chức chính quyền địa phương;", PartKind.BASIS),
        Part("QUYẾT ĐỊNH:", PartKind.CENTRE),
        Part(TEXT, PartKind.ARTICLE, "Điều 1."),
    ),
    recipients=("Như Điều 1;",),
)
REPORT = Letter(
    parent="Xã Bình Minh",
    agency="Ủy ban nhân dân",
    title="Báo cáo",
    subject="Kết quả 6 tháng đầu năm 2026",
    parts=(
        *(part for _ in range(6) for part in (Part("Tình hình", PartKind.HEADING), Part(TEXT), Part(TEXT))),
        Table(("TT", "Nội dung"), tuple((str(n), "Văn bản đi") for n in range(30)), (1, 6)),
    ),
    recipients=("UBND tỉnh;", "Lưu: VT."),
)


def text_in(document: pdfium.PdfDocument, box: Box) -> str:
    page = document[box.page - 1].get_textpage()
    return page.get_text_bounded(left=box.x0, bottom=box.y0, right=box.x1, top=box.y1).strip()


def all_text(rendered: Rendered) -> str:
    document = pdfium.PdfDocument(rendered.pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize(
    ("letter", "pages"), [(OFFICIAL_LETTER, 1), (DECISION, 1), (REPORT, 3)], ids=["cv", "qd", "bc"]
)
def test_the_places_of_number_date_and_signers_are_empty(letter: Letter, pages: int) -> None:
    """No words inside the boxes of number, date, leader and look-up code, and boxes inside the page."""
    rendered = render_letter(letter, made_at=NOW)
    document = pdfium.PdfDocument(rendered.pdf)
    assert len(document) == pages
    assert set(rendered.boxes) == {"number", "date", "leader", "seal", "lookup"}
    assert rendered.boxes["leader"].page == pages
    width, height = document[0].get_size()
    for name, box in rendered.boxes.items():
        assert 0 <= box.x0 < box.x1 <= width
        assert 0 <= box.y0 < box.y1 <= height
        if name != "seal":
            assert text_in(document, box) == ""
    document.close()


def test_boxes_follow_the_words() -> None:
    """A three-line agency name pushes the number down; a longer body the signer, in one process after another."""
    short = render_letter(DECISION, made_at=NOW).boxes
    tall = render_letter(OFFICIAL_LETTER, made_at=NOW).boxes
    assert tall["number"].y0 < short["number"].y0
    assert render_letter(DECISION, made_at=NOW).boxes == short


def test_words_are_printed_as_they_are() -> None:
    """Markup in a subject or paragraph is text; agency, addressees, urgency and recipients are there."""
    text = all_text(render_letter(OFFICIAL_LETTER, made_at=NOW))
    for words in (
        "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
        "Độc lập - Tự do - Hạnh phúc",
        "- Các sở, ban, ngành",
        "KHẨN",
        '#panic("x") *đậm* $x$ @a <b> \\ [/*',
        "- Lưu: VT, KT.",
    ):
        assert words in text
    decision = all_text(render_letter(DECISION, made_at=NOW))
    for words in ("QUYẾT ĐỊNH Về việc kiện toàn", "Điều 1. Thực hiện"):
        assert words in decision


def test_several_addressees_stand_below_each_other() -> None:
    """Each on its line with a dash, a semicolon at the end and a full stop at the last (Decree 30/2020, Annex I,
    cell 9a), whatever stops the names bring; one alone stays on the line."""
    three = replace(OFFICIAL_LETTER, addressees=("Sở Nội vụ;", "Các sở, ban, ngành", "Các thôn."))
    text = all_text(render_letter(three, made_at=NOW))
    assert "Kính gửi: - Sở Nội vụ; - Các sở, ban, ngành; - Các thôn. Thực hiện" in text
    one = replace(OFFICIAL_LETTER, addressees=("Sở Nội vụ",))
    assert "Kính gửi: Sở Nội vụ Thực hiện" in all_text(render_letter(one, made_at=NOW))


@pytest.mark.parametrize(
    ("agency", "lines"),
    [
        ("Ủy ban nhân dân xã Đồng Tâm", "ỦY BAN NHÂN DÂN | XÃ ĐỒNG TÂM"),
        ("Ủy ban nhân dân phường Hà Huy Tập", "ỦY BAN NHÂN DÂN | PHƯỜNG HÀ HUY TẬP"),
        ("Sở Nội vụ tỉnh Lâm Giang", "SỞ NỘI VỤ TỈNH LÂM GIANG"),
        ("Sở Nông nghiệp và Môi trường", "SỞ NÔNG NGHIỆP VÀ MÔI | TRƯỜNG"),
    ],
)
def test_the_name_of_a_place_is_not_torn(agency: str, lines: str) -> None:
    """A long issuer breaks before `XÃ ĐỒNG TÂM`, not within it; other names break where the line is full."""
    rendered = render_letter(replace(DECISION, parent="", agency=agency), made_at=NOW)
    document = pdfium.PdfDocument(rendered.pdf)
    number = rendered.boxes["number"]
    head = document[0].get_textpage().get_text_bounded(left=80, bottom=number.y1, right=number.x1, top=842)
    document.close()
    found = [" ".join(line.split()) for line in unicodedata.normalize("NFC", head).splitlines() if line.strip()]
    assert " | ".join(found) == lines


def test_the_signers_page_holds_words_of_the_document() -> None:
    """The last part goes over with the signer: no page holds a signature alone."""
    for count in range(18, 28):
        letter = Letter(agency="UBND", subject="V/v thử", parts=(Part(TEXT),) * (count // 3), recipients=("Lưu.",))
        rendered = render_letter(letter, made_at=NOW)
        document = pdfium.PdfDocument(rendered.pdf)
        assert "Thực hiện" in document[rendered.boxes["leader"].page - 1].get_textpage().get_text_bounded()
        document.close()


def test_our_letters_are_good_drafts() -> None:
    """The normaliser takes them as they are: it leaves out nothing that is seen."""
    pdf = render_letter(REPORT, made_at=NOW).pdf
    normalised, sizes, removed = rewrite(pdf, max_pages=10)
    assert len(sizes) == 3
    assert set(removed) <= {"metadata", "structure"}
    before, after = pdfium.PdfDocument(pdf), pdfium.PdfDocument(normalised)
    for old, new in zip(before, after, strict=True):
        assert old.get_textpage().get_text_bounded() == new.get_textpage().get_text_bounded()
    before.close()
    after.close()


def test_the_seal_covers_a_third_of_the_handwriting() -> None:
    """Its right edge lies a third into the handwriting, its middle at the same height."""
    leader = Box(1, 300, 100, 500, 220)
    seal = seal_box(leader, 90)
    assert seal.x1 == pytest.approx(345 + 110 / 3)
    assert (seal.y0 + seal.y1) / 2 == pytest.approx(160)
    assert seal.size.width == pytest.approx(seal.size.height) == pytest.approx(90)


def test_proposed_boxes_lie_on_their_pages() -> None:
    """Number, date and look-up code on page 1, the signer on the last page, all inside A4."""
    boxes = proposed_boxes(3)
    assert {name: box.page for name, box in boxes.items()} == {
        "number": 1,
        "date": 1,
        "leader": 3,
        "seal": 3,
        "lookup": 1,
    }
    for box in boxes.values():
        assert 0 <= box.x0 < box.x1 <= 595.3
        assert 0 <= box.y0 < box.y1 <= 841.9


def test_a_warm_letter_takes_milliseconds() -> None:
    """Hundreds of them are made for the demo: the fastest of twenty stays far below a tenth of a second."""
    times = []
    for number in range(20):
        letter = Letter(agency="UBND", subject=f"V/v thử {number}", parts=(Part(TEXT),) * 6, recipients=("Lưu.",))
        start = time.perf_counter()
        render_letter(letter, made_at=NOW)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_fractions_of_a_second_do_no_harm() -> None:
    """Real clocks have them, and typst takes whole seconds only."""
    assert render_letter(OFFICIAL_LETTER, made_at=NOW.replace(microsecond=1)).pdf.startswith(b"%PDF-")
