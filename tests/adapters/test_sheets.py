"""Sheets that people upload: cells as words, formulas named, hostile files refused whole."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from tests.support.former import workbook
from tests.support.odd_files import compound
from workflow.adapters.csv_export import to_csv
from workflow.adapters.sheets import read_sheet
from workflow.domain.errors import BadInput

DAY = dt.date(2025, 2, 5)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one more part."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def test_a_workbook_gives_words_in_their_places() -> None:
    """Whole numbers without a point, days as 2025-02-05, rows from the sheet's first; formulas are named."""
    sheet = read_sheet(workbook([[], ["Số", 15, 1.5, DAY, "  Đề  án "], ["=1+1", 7]], formulas=[(2, 1)]))
    assert sheet.rows[1] == ("Số", "15", "1.5", "2025-02-05", "  Đề  án ")
    assert sheet.rows[2][:2] == ("=1+1", "7")
    assert sheet.formulas == {(2, 1)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_as_it_was_written(encoding: str, delimiter: str) -> None:
    """With and without a byte order mark, whatever separates its cells; separators within quotes are words."""
    lines = [["Số", "Trích yếu"], ["01", f'"a; b, c{delimiter} d"']]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    assert read_sheet(text.encode(encoding)).rows == (("Số", "Trích yếu"), ("01", f"a; b, c{delimiter} d"))


def test_our_own_csv_comes_back_without_its_apostrophes() -> None:
    """What kept a spreadsheet from computing is no part of the words, however often they go out and in."""
    row = ("+84 24 3936 2020", "Sở Y tế;-Thanh tra", "a,=1", "'Tis", "- gạch đầu dòng")
    cells: tuple[str, ...] = row
    for _round in range(3):
        cells = read_sheet(to_csv(("a", "b", "c", "d", "e"), [cells])).rows[1]
    assert cells == row


def test_hostile_and_broken_files_are_refused() -> None:
    """Each with its own word; nothing of them is read."""
    good = workbook([["Số"], ["01"]])
    bomb = with_part(good, "xl/media/a.bin", b"\0" * 200_000_000)
    cases = {
        "sheet_encrypted": [compound(streams={"EncryptionInfo": b"x", "EncryptedPackage": b"x"})],
        "sheet_bomb": [bomb],
        "sheet_active": [with_part(good, name, b"x") for name in ("xl/vbaProject.bin", "xl/embeddings/a.bin")],
        "sheet_unreadable": [good[:-300], good.replace(b"xl/workbook.xml", b"xl/workbooo.xml")],
        "sheet_kind": [b"%PDF-1.7\n", b"MZ" + b"\0" * 60, with_part(b"", "a.txt", b"x")],
        "sheet_encoding": ["Số".encode("cp1258", "replace") + b"\xc3\x28"],
    }  # fmt: skip
    for code, files in cases.items():
        for data in files:
            with pytest.raises(BadInput) as refused:
                read_sheet(data)
            assert refused.value.code == code
    with pytest.raises(BadInput) as refused:  # one long word, said many times, in a small file
        read_sheet(workbook([["x" * 32_000] * 26] * 10))
    assert (refused.value.code, refused.value.details) == ("sheet_too_wordy", {"limit": 8})
    with pytest.raises(BadInput) as refused:
        read_sheet(workbook([["Số"], *[[str(n)] for n in range(60)]]), max_rows=20)
    assert (refused.value.code, refused.value.details) == ("sheet_too_long", {"limit": 20})
