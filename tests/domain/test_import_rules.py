"""Headings that offices use, days as people write them, units in their order."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.imports.headings import FIELDS, Kind, find_head, guess, lacking, normal
from workflow.domain.imports.offices import Known, link, read_unit
from workflow.domain.imports.reading import Row, ShortYear, read_day
from workflow.domain.imports.registers import gaps, jumps


@pytest.mark.parametrize("kind", list(Kind))
def test_every_wording_is_one_field(kind: Kind) -> None:
    """Our own headings and the usual other ones are recognised, and none means two things."""
    for field in FIELDS[kind]:
        for words in (field.heading, *field.others):
            assert guess(kind, [words.upper()]) == {field.name: 0}, words
    assert guess(kind, [field.heading for field in FIELDS[kind]]) == {
        field.name: place for place, field in enumerate(FIELDS[kind])
    }


def test_headings_are_found_below_titles() -> None:
    """Without accents, with brackets and numbers; what lacks is told by its heading."""
    rows = [
        ["UBND XÃ ĐỒNG TÂM"],
        [],
        ["STT", "(1) SO, KY HIEU *", "Ngay van ban", "Trích  yếu (nội dung)", "Nguoi ky"],
    ]
    assert find_head(Kind.OUTGOING, rows) == (2, {"symbol": 1, "date": 2, "subject": 3, "signer": 4})
    assert lacking(Kind.OUTGOING, {"symbol": 1}) == [
        "Ngày tháng văn bản",
        "Tên loại và trích yếu nội dung",
        "Người ký",
    ]
    assert normal("1. Số, ký hiệu (văn bản)") == "so ky hieu"


@pytest.mark.parametrize(
    "words",
    ["05/02/2025", "5/2/2025", "5-2-2025", "05.02.2025", "2025-02-05", "2025-02-05 00:00:00", "45693",
     "ngày 05 tháng 02 năm 2025", "Ngày 5 tháng 2 năm 2025"],
)  # fmt: skip
def test_days_are_read(words: str) -> None:
    """As people, spreadsheets and documents write them."""
    assert read_day(words) == dt.date(2025, 2, 5)


@pytest.mark.parametrize(
    "words", ["31/02/2025", "2025/02/05", "hôm qua", "0", "123456789", "05/13/2025", "1/1/1800"]
)
def test_what_is_no_day_is_none(words: str) -> None:
    """Months first are never guessed."""
    with pytest.raises(ValueError):
        read_day(words)
    with pytest.raises(ShortYear):
        read_day("05/02/25")


def test_units_stand_after_the_one_above() -> None:
    """In whatever order the sheet has them; circles and units above with a fault are named."""
    said = {"name": "Tên", "abbreviation": "T", "kind": "Phòng", "from": "01/07/2025"}
    rows = [
        Row(Kind.UNITS, place, {**said, "code": code, "parent": parent})
        for place, (code, parent) in enumerate(
            (("C", "B"), ("B", "Ủy ban xã"), ("X", "Y"), ("Y", "X"), ("D", "Z"), ("E", "D"), ("B", "A")), 2
        )
    ]
    read = [(row, read_unit(row)) for row in rows]
    places = link(read, [Known(1, "A", "Ủy ban xã")], elsewhere=frozenset())
    assert places[:2] == [2, 1]
    assert [row.problems[0].fault if row.problems else "" for row in rows] == [
        "", "", "parent_circle", "parent_bad", "parent_unknown", "parent_bad", "twice_in_file",
    ]  # fmt: skip


def test_a_number_far_above_those_before_it_jumps() -> None:
    """Whatever the order of the rows; nothing goes on from a suffix or from a number that jumped itself."""
    rows = [(2500, ""), (251, ""), (250, ""), (300, "a"), (301, ""), (351, "a"), (352, ""), (2501, "")]
    assert jumps(rows, 249) == {(352, ""): 301, (2500, ""): 301, (2501, ""): 301}
    assert jumps([(50, ""), (100, "")], 0) == {}
    assert jumps([(51, "")], 0) == {(51, ""): 0}


def test_gaps_are_spans() -> None:
    """From 1 to the greatest number."""
    assert gaps([2, 3, 6, 9, 9]) == [(1, 1), (4, 5), (7, 8)]
    assert gaps([]) == []
