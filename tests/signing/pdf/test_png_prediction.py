"""Rows of PNG prediction, undone alike for both readers."""

from __future__ import annotations

import pytest

from signing.errors import NeedsCare
from signing.pdf.objects import PdfDict
from signing.pdf.prediction import unpredict

ROWS = {
    0: ([0, 1, 2, 3], [0, 5, 5, 5]),
    1: ([1, 1, 1, 1], [1, 5, 0, 0]),
    2: ([2, 1, 2, 3], [2, 4, 3, 2]),
    3: ([3, 1, 2, 2], [3, 5, 2, 1]),
    4: ([4, 1, 1, 1], [4, 4, 0, 0]),
}
"""Two rows of three columns each; unfolded they read 1 2 3 / 5 5 5 (RFC 2083, 6)."""


def asked(columns: int = 3) -> PdfDict:
    """Decode parameters of a cross-reference stream."""
    return PdfDict({"Predictor": 12, "Columns": columns})


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_each_kind_of_row(kind: int) -> None:
    """None, Sub, Up, Average, Paeth."""
    first, second = ROWS[kind]
    assert unpredict(bytes(first + second), asked(), widest=64) == bytes([1, 2, 3, 5, 5, 5])


@pytest.mark.parametrize("data", [bytes([5, 1, 2, 3]), bytes([255, 1, 2, 3]), bytes([0, 1, 2])])
def test_what_no_writer_makes_is_left_open(data: bytes) -> None:
    """A sixth kind, or a row cut short: viewers differ in what they make of it."""
    with pytest.raises(NeedsCare):
        unpredict(data, asked(), widest=64)


def test_rows_are_no_wider_than_the_reader_takes() -> None:
    """The bound is the caller's."""
    row = bytes([0]) + bytes(65)
    assert unpredict(row, asked(65), widest=4096) == bytes(65)
    with pytest.raises(NeedsCare):
        unpredict(row, asked(65), widest=64)
