"""Reports of tables as PDF."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pypdfium2 as pdfium
import pytest

from workflow.adapters.render import Column, Section, Side, TableReport, render_report
from workflow.domain.errors import BadInput

NOW = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
COLUMNS = (Column("TT", 1, Side.CENTER), Column("Trích yếu", 6), Column("Quá hạn", 2, Side.RIGHT))


def pages(pdf: bytes) -> list[str]:
    document = pdfium.PdfDocument(pdf)
    texts = [unicodedata.normalize("NFC", page.get_textpage().get_text_bounded()) for page in document]
    document.close()
    return texts


@pytest.mark.parametrize("wide", [False, True])
def test_headings_repeat_on_every_page(wide: bool) -> None:
    """A long table goes on over pages, each with the column headings and its number."""
    rows = tuple((str(n), f"Báo cáo #strong[{n}]", "3 ngày") for n in range(1, 120))
    report = TableReport(
        unit="UBND xã Bình Minh",
        title="Văn bản chờ ký và quá hạn",
        subtitles=("Số liệu tính đến 23/11/2026",),
        sections=(Section("Quá hạn", COLUMNS, rows), Section("Chờ ký", COLUMNS, (), "Không có.")),
        footer="Trình Ký",
        wide=wide,
    )
    texts = pages(render_report(report, made_at=NOW))
    assert len(texts) > 2
    assert all("Trích yếu" in text for text in texts[:-1])
    assert f"{len(texts)}/{len(texts)}" in texts[-1]
    assert "Không có." in texts[-1]
    assert "#strong[7]" in "".join(texts)


def test_a_row_of_another_width_is_refused() -> None:
    """A cell too many would shift all that follow."""
    report = TableReport(unit="A", title="B", sections=(Section("C", COLUMNS, (("1", "2"),)),))
    with pytest.raises(BadInput, match="row_width"):
        render_report(report, made_at=NOW)
