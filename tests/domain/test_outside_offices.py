"""Offices outside: what is one name, what may be a code, what two entries are as one; rows of a sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from workflow.adapters.xlsx_export import LONGEST
from workflow.domain.dispatch import ALIASES_LENGTH, MOST_ALIASES, NAME_LENGTH, file_copy_names
from workflow.domain.errors import BadInput
from workflow.domain.imports.headings import Kind
from workflow.domain.imports.outside import Entry, changes, judge, place, read_office, wished
from workflow.domain.imports.problems import Fault
from workflow.domain.imports.reading import Row
from workflow.domain.outside_offices import Office, demand_few, is_code, key_of, merged, split_names, tidy


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sở Nội vụ", " sở  NỘI VỤ ", True),
        ("UBND xã Tân An", "UBND xã Tấn An", False),
        ("Đảng ủy", "\u0110a\u0309ng u\u0309y", True),
    ],
)
def test_what_is_one_name(one: str, other: str, same: bool) -> None:
    """Case and space do not count, accents do, however they are encoded."""
    assert (key_of(one) == key_of(other)) is same


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("H49.64.33", True), ("000.00.01.H01", True), ("H37", True), ("", False), ("h49.64", False),
        ("H49..64", False), (".H49", False), ("A" * 35, True), ("A" * 36, False),
    ],
)  # fmt: skip
def test_codes(code: str, good: bool) -> None:
    """Groups of capitals and digits, at most 35 characters (Decision 20/2020/QĐ-TTg)."""
    assert is_code(code) is good


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "office_name"),
        ({"code": "H49-64"}, "office_code"),
        ({"email": "so noi vu"}, "office_email"),
        ({"channel": "mail"}, "office_mail_needed"),
        ({"channel": "post"}, "office_address_needed"),
        ({"aliases": ("x" * 301,)}, "office_name_long"),
    ],
)
def test_what_is_refused(given: dict[str, object], code: str) -> None:
    """Each with a code of its own."""
    with pytest.raises(BadInput, match=code):
        tidy(Office(**{"name": "Sở Nội vụ", **given}))  # type: ignore[arg-type]


def test_names_are_few() -> None:
    """A hundred, for whichever door; all of them fit into one cell of a sheet."""
    many = Office(name="Sở Nội vụ", aliases=tuple(f"Tên {number}" for number in range(101)))
    with pytest.raises(BadInput, match="office_aliases"):
        demand_few(many)
    demand_few(replace(many, aliases=many.aliases[1:]))
    longest = ("x" * NAME_LENGTH for _each in range(MOST_ALIASES))
    assert len("; ".join(longest)) <= ALIASES_LENGTH <= LONGEST


def test_tidied_and_merged() -> None:
    """The name is no other name of itself; what is empty is filled in, every name stays known once."""
    stays = tidy(
        Office(name=" Sở  Nội vụ ", short_name="SNV", aliases=("sở nội vụ", "Sở Nội Vụ tỉnh"), code="h49.1")
    )
    assert (stays.name, stays.aliases, stays.code) == ("Sở Nội vụ", ("Sở Nội Vụ tỉnh",), "H49.1")
    goes = Office(name="Sở NV", aliases=("snv",), code="H49.2", address="1 Lê Lợi", channel="post", note="cổng sau")
    one = merged(stays, goes)
    assert one.aliases == ("Sở Nội Vụ tỉnh", "Sở NV")
    assert (one.code, one.address, one.channel, one.note) == ("H49.1", "1 Lê Lợi", "post", "cổng sau")
    assert split_names("A; B\na ;; ") == ("a", "B")
    assert merged(stays, Office(name="Sở A; Sở B")).aliases == ("Sở Nội Vụ tỉnh", "Sở A", "Sở B"), (
        "as a sheet has them"
    )
    assert tidy(replace(stays, aliases=("X; Y", "x"))).aliases == ("x", "Y")


def row(number: int, **cells: str) -> Row:
    """A row of a sheet."""
    return Row(Kind.OUTSIDE, number, cells)


def judged(one: Row) -> dict[str, Any]:
    """What a row says of an office that is not in the catalogue yet."""
    content = read_office(one)
    judge(one, wished(content, one.cells, None).office)
    return content


def test_rows_of_a_sheet() -> None:
    """The office's words become ours; each fault stands at its cell; names of two rows or two entries are seen."""
    good = row(
        2, name="Sở Tài chính", aliases="STC cũ; Sở TC", code="h49.3", channel="Bưu điện", address="2 Lê Lợi"
    )
    content = judged(good)
    assert (good.problems, content["code"], content["channel"]) == ([], "H49.3", "post")
    bad = [
        row(3, name="", code="?"), row(4, name="B", channel="bồ câu"), row(5, name="C", channel="thư điện tử"),
        row(6, name="D", channel="bưu điện"), row(7, name="E", email="x"),
        row(8, name="F", aliases=";".join(f"Tên {number}" for number in range(101))),
    ]  # fmt: skip
    found = [[(one.field, one.fault) for one in item.problems] for item in bad if judged(item) is not None]
    assert found == [
        [("name", Fault.MISSING), ("code", Fault.CODE_SHAPE)], [("channel", Fault.CHANNEL_UNKNOWN)],
        [("email", Fault.MAIL_NEEDED)], [("address", Fault.ADDRESS_NEEDED)], [("email", Fault.EMAIL_SHAPE)],
        [("aliases", Fault.NAMES_MANY)],
    ]  # fmt: skip
    rows = [(one, read_office(one)) for one in (row(2, name="A", aliases="B"), row(3, name="b"), row(4, name="C"))]
    place(rows, {"a": 1, "c": 2, "b": 9})
    assert [[one.fault for one in item.problems] for item, _content in rows] == [
        [Fault.NAME_TAKEN], [Fault.TWICE_IN_FILE], [],
    ]  # fmt: skip


STANDING = Entry(
    Office(
        name="Sở Nội vụ", short_name="SNV", aliases=("Ban Tổ chức",), code="H49.1", address="1 Lê Lợi\nphường 1",
        email="snv@example.gov.vn", channel="mail", note="giữ",
    ),
    ended=True,
)  # fmt: skip


def changed(**cells: str) -> dict[str, list[str]]:
    """What a row with just these columns makes of `STANDING`."""
    one = row(2, **cells)
    wish = wished(read_office(one), one.cells, STANDING)
    judge(one, wish.office)
    assert one.problems == []
    return changes(STANDING, wish)


def test_a_row_changes_only_what_the_sheet_has_a_column_for() -> None:
    """Name and address alone leave all else, also that it is out of use; an empty cell of a column empties; an
    entry found by another name keeps the one it had; what stays counts for what a way to send needs.
    """
    assert changed(name="Sở Nội vụ", address="1 Lê Lợi phường 1") == {}
    assert changed(name="Sở Nội vụ", address="2 Lê Lợi") == {"address": ["1 Lê Lợi\nphường 1", "2 Lê Lợi"]}
    assert changed(name="Sở Nội vụ", channel="thư điện tử") == {}
    assert changed(name="Sở Nội vụ", note="", code="", ended="") == {
        "note": ["giữ", ""], "code": ["H49.1", ""], "ended": ["yes", ""],
    }  # fmt: skip
    assert changed(name="Sở Nội vụ", aliases="Sở NV") == {"aliases": ["Ban Tổ chức", "Sở NV"]}
    assert changed(name="SNV") == {
        "name": ["Sở Nội vụ", "SNV"],
        "aliases": ["Ban Tổ chức", "Ban Tổ chức; Sở Nội vụ"],
    }
    without = row(2, name="Sở Nội vụ", email="")
    judge(without, wished(read_office(without), without.cells, STANDING).office)
    assert [(one.field, one.fault) for one in without.problems] == [("email", Fault.MAIL_NEEDED)]


def test_two_rows_of_one_entry() -> None:
    """Found by two of its names they would undo each other."""
    rows = [(one, read_office(one)) for one in (row(2, name="A"), row(3, name="SNV"), row(4, name="Sở Nội vụ"))]
    place(rows, {"snv": 1, "sở nội vụ": 1})
    assert [[one.fault for one in item.problems] for item, _content in rows] == [[], [], [Fault.TWICE_IN_FILE]]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Như trên;\nLưu: VT, Phòng Kinh tế.", True),
        ("- Lưu: VT, phòng kinh tế (2b)", True),
        ("Phòng Kinh tế\nLưu: VT", False),
        ("Lưu: VT, Phòng Kinh tế và Hạ tầng", False),
        ("Lưu VT; Phòng Kinh tế", True),
        ("", False),
    ],
)
def test_who_the_file_copy_names(text: str, named: bool) -> None:
    """Only the line that begins with Lưu counts."""
    assert file_copy_names(text, "Phòng Kinh tế") is named
