"""Sheets of former systems: a register of a thousand lines with thirty faults, and others."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import xlsxwriter

HEAD = (
    "STT", "SỐ, KÝ HIỆU", "Ngày, tháng, năm văn bản", "Tên loại và trích yếu nội dung (3)", "Người ký", "Nơi nhận",
    "Nơi lưu", "Số bản", "Ngày gửi", "Ký nhận", "Ghi chú", "Trạng thái", "Lý do hủy", "Độ mật",
)  # fmt: skip
YEAR = 2025

Cell = str | int | float | dt.date | None


def workbook(rows: Sequence[Sequence[Cell]], *, formulas: Sequence[tuple[int, int]] = ()) -> bytes:
    """An XLSX as another program writes it: days as days, some cells computed."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Sổ")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if (number, column) in formulas:
                sheet.write_formula(number, column, '="0"&"1/QĐ-UBND"', value=cell)
            elif isinstance(cell, dt.date):
                sheet.write_datetime(number, column, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, cell)
    book.close()
    return stream.getvalue()


def good_line(number: int) -> list[Cell]:
    """A line without a fault; every tenth is written another way that is right too."""
    day = dt.date(YEAR, 1, 2) + dt.timedelta(days=number * 360 // 1000)
    wordings: tuple[Cell, ...] = (
        day,
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year}",
        (day - dt.date(1899, 12, 30)).days,
    )
    symbol = f"{number:02d}/Q\u00d0 - UBND" if number % 10 == 3 else f"{number:02d}/QĐ-UBND"
    subject = f"Quyết định: Về việc phê duyệt lần thứ {number}"
    copies: Cell = 3 if number % 2 else "điện tử"
    secrecy = "Thường" if number % 7 == 0 else ""
    return [
        number, symbol, wordings[number % 4], subject, "Lê Văn Cũ", "Sở Tài chính; Lưu: VT", "Phòng Kinh tế",
        copies, day, "", "", "", "", secrecy,
    ]  # fmt: skip


FAULTS: dict[int, tuple[int, Cell, str]] = {
    # line: (column, what stands there, fault)
    11: (1, "", "missing"), 32: (1, "QĐ-UBND", "symbol_unreadable"), 53: (1, "không số", "symbol_unreadable"),
    74: (1, "00/QĐ-UBND", "number_zero"), 95: (1, "94/QĐ-UBND", "twice_in_file"),
    116: (1, "116/2024/QĐ-UBND", "symbol_other_year"), 137: (1, "136/QĐ-UBND", "twice_in_file"),
    158: (2, "", "missing"), 179: (2, "31/02/2025", "date_unreadable"), 200: (2, "hôm qua", "date_unreadable"),
    221: (2, "05/02/25", "date_short_year"), 242: (2, "05/02/2024", "date_other_year"),
    263: (2, dt.date(2026, 2, 5), "date_other_year"), 284: (2, "#N/A", "cell_error"), 305: (3, "", "missing"),
    326: (3, "Quyết định: " + "x" * 2100, "too_long"), 347: (4, "", "missing"),
    368: (4, "Lê Văn\x01 Cũ", "control_character"), 389: (4, "L" * 201, "too_long"),
    410: (7, "vài bản", "copies_unreadable"), 431: (8, dt.date(2025, 1, 1), "date_order"),
    452: (8, dt.date(2027, 1, 1), "date_future"), 473: (11, "mất", "status_unknown"),
    494: (11, "Hủy", "reason_missing"), 515: (11, "đang giữ", "reason_missing"), 536: (13, "Mật", "secret"),
    557: (13, "Tối mật", "secret"), 578: (1, "01/QĐ-UBND", "formula"), 599: (2, "2025-13-01", "date_unreadable"),
    620: (1, "620", "symbol_unreadable"),
}  # fmt: skip
"""Thirty lines of the thousand, and what is wrong with each."""


def thousand() -> bytes:
    """The sheet: two lines of titles, headings, (1) (2) (3)…, a thousand lines."""
    lines = [good_line(number) for number in range(1, 1001)]
    for number, (column, cell, _fault) in FAULTS.items():
        lines[number - 1][column] = cell
    top: list[list[Cell]] = [["ỦY BAN NHÂN DÂN XÃ"], ["SỔ VĂN BẢN ĐI NĂM 2025"], list(HEAD)]
    top.append([f"({n})" for n in range(1, len(HEAD) + 1)])
    formulas = [(line + 3, column) for line, (column, _cell, fault) in FAULTS.items() if fault == "formula"]
    return workbook([*top, *lines], formulas=formulas)
