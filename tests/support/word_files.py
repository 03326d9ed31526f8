"""Word files: a decision of two pages as an office writes it (Decree 30/2020, Appendix I), and hostile ones."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

CENTRE = WD_ALIGN_PARAGRAPH.CENTER
ROWS = (
    ("STT", "Họ và tên", "Thôn", "Số tiền (đồng)"),
    ("1", "Nguyễn Thị Hồng Nhung", "Đồng Sậy", "12.500.000"),
    ("2", "Đặng Văn Phước", "Yên Kỳ", "8.750.000"),
    ("3", "Lò Thị Ửng", "Pắc Ngà", "21.000.000"),
)
"""The table of the decision: its cells are looked for on the page."""
SUBJECT = "Về việc hỗ trợ các hộ bị thiệt hại do mưa lũ tại xã Đồng Tâm"


@cache
def decision(*, name: str = "Đào Thanh Bình", font: str = "Times New Roman") -> bytes:
    """Two pages: head in two cells, number and date left open, a table, the signer's block, a page number above."""
    made = docx.Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = font, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    _head(made)
    _line(made, "QUYẾT ĐỊNH", bold=True, before=12)
    _line(made, SUBJECT, bold=True)
    _line(made, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM", bold=True, before=12)
    _text(made, "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15 ngày 16 tháng 6 năm 2025;", italic=True)
    _text(made, "Theo đề nghị của Trưởng phòng Kinh tế.", italic=True)
    _line(made, "QUYẾT ĐỊNH:", bold=True, before=6)
    _text(made, "Điều 1. Hỗ trợ từ ngân sách xã cho các hộ có tên trong bảng sau đây:")
    _table(made)
    for number in range(2, 9):
        _text(
            made,
            f"Điều {number}. " + "Các cơ quan, đơn vị và các hộ có tên ở Điều 1 chịu trách nhiệm thi hành. " * 4,
        )
    _foot(made, name)
    return _bytes(made)


def _head(made: Any) -> None:
    left = (("UBND TỈNH LAM GIANG", False), ("ỦY BAN NHÂN DÂN", True), ("XÃ ĐỒNG TÂM", True),
            ("Số:        /QĐ-UBND", False))  # fmt: skip
    right = (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True), ("", False),
             ("Đồng Tâm, ngày      tháng      năm 2026", False))  # fmt: skip
    table = made.add_table(rows=1, cols=2)
    _widths(table, 66, 99)
    for cell, lines in zip(table.rows[0].cells, (left, right), strict=True):
        for place, (words, bold) in enumerate(lines):
            line = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            _run(line, words, bold=bold, italic="ngày" in words, size=13 if "Độc lập" in words else 12)
            line.alignment = CENTRE


def _table(made: Any) -> None:
    table = made.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    for place, row in enumerate(ROWS):
        cells = table.add_row().cells
        for cell, words in zip(cells, row, strict=True):
            _run(cell.paragraphs[0], words, bold=place == 0)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    _widths(table, 15, 65, 45, 40)


def _widths(table: Any, *millimetres: int) -> None:
    """In the grid and in the cells: Word goes by the one, others by the other."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)


def _foot(made: Any, name: str) -> None:
    table = made.add_table(rows=1, cols=2)
    recipients, signer = table.rows[0].cells
    _run(recipients.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    for words in ("- Như Điều 8;", "- UBND tỉnh (để b/c);", "- Lưu: VT, KT."):
        _run(recipients.add_paragraph(), words, size=11)
    _run(signer.paragraphs[0], "CHỦ TỊCH", bold=True)
    for _blank in range(4):
        signer.add_paragraph()
    _run(signer.add_paragraph(), name, bold=True)
    for line in signer.paragraphs:
        line.alignment = CENTRE
        line.paragraph_format.space_after = Pt(0)


def _line(made: Any, words: str, *, bold: bool = False, before: int = 0) -> None:
    line = made.add_paragraph()
    line.alignment = CENTRE
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(before), Pt(6)
    _run(line, words, bold=bold)


def _text(made: Any, words: str, *, italic: bool = False) -> None:
    line = made.add_paragraph()
    line.paragraph_format.first_line_indent = Mm(10)
    line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _run(line, words, italic=italic)


def _run(line: Any, words: str, *, bold: bool = False, italic: bool = False, size: int = 14) -> None:
    run = line.add_run(words)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    line.paragraph_format.space_after = Pt(2)


def _page_number(line: Any) -> None:
    line.alignment = CENTRE
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = line.add_run()
        element = OxmlElement("w:instrText" if code else "w:fldChar")
        if code:
            element.text = code
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def long_one(paragraphs: int) -> bytes:
    """Hundreds of pages: work for any reader."""
    return with_body(f"<w:p><w:r><w:t>{'Ủy ban nhân dân xã Đồng Tâm ' * 12}</w:t></w:r></w:p>" * paragraphs)


def altered(data: bytes | None = None, *, without: str = "", **parts: bytes) -> bytes:
    """The decision with parts put in the place of others, or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or decision())) as given, zipfile.ZipFile(stream, "w", 8) as made:
        held = {name: given.read(name) for name in given.namelist() if name != without} | parts
        for name, content in held.items():
            made.writestr(name, content)
    return stream.getvalue()


def with_body(xml: str) -> bytes:
    """The decision with this at the beginning of its text."""
    with zipfile.ZipFile(io.BytesIO(decision())) as given:
        before = given.read("word/document.xml")
    return altered(**{"word/document.xml": before.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)})


def with_relation(kind: str, target: str, *, mode: str = "External") -> bytes:
    """The decision with one more relation of its text."""
    name = "word/_rels/document.xml.rels"
    with zipfile.ZipFile(io.BytesIO(decision())) as given:
        before = given.read(name)
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    more = f'<Relationship Id="rId900" Type="{base}{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    return altered(**{name: before.replace(b"</Relationships>", more.encode())})


def _bytes(made: Any) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()
