"""A register of a former system: a dry run that explains each bad row, the good ones once, numbers that go on."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.former import FAULTS, HEAD, YEAR, good_line, thousand, workbook
from tests.support.office import NOON, Office
from tests.support.years import register_of
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.domain.imports.headings import Kind
from workflow.services.imports import looking, taking
from workflow.services.imports.looking import Upload
from workflow.store import imported
from workflow.store import imports as store
from workflow.store import office as office_store
from workflow.store.models import ImportedEntry, ImportRow, ImportRun, Outgoing, Register, Series
from workflow.store.session import unit_of_work


def look(office: Office, data: bytes, *, who: str = "clerk", **more: Any) -> int:
    """The dry run; the import's key."""
    upload = Upload(**({"kind": Kind.OUTGOING, "data": data, "filename": "so-2025.xlsx", "year": YEAR} | more))
    with unit_of_work(office.engine) as uow:
        made = looking.look(uow, office.actor(who), office.scope(who), upload=upload, now=NOON)
        uow.commit()
    return made


def take(office: Office, import_id: int, *, who: str = "clerk") -> int:
    """Every batch; how many there were."""
    batches = 0
    while True:
        with unit_of_work(office.engine) as uow:
            done = taking.take_next(
                uow, office.actor(who), office.scope(who), import_id=import_id, kinds=tuple(Kind), now=NOON
            )
            uow.commit()
        batches += 1
        if not done:
            return batches


def states(office: Office, import_id: int) -> dict[str, int]:
    """State → rows."""
    with unit_of_work(office.engine) as uow:
        return store.counts(uow.session, [import_id])[import_id]


def last_number(office: Office, register: int, year: int = YEAR) -> int:
    """Where the series stands."""
    with unit_of_work(office.engine) as uow:
        row = uow.session.get(Series, (register, year))
        return row.last_number if row else 0


def test_a_thousand_lines_with_thirty_faults(office: Office) -> None:
    """970 are taken in, 30 are explained, each where its fault is; a second time nothing is taken in; mended rows
    come in later; the next number goes on after the last one."""
    assert len({fault for _column, _cell, fault in FAULTS.values()}) >= 12
    register = register_of(office, "qd")
    first = look(office, thousand(), register_id=register)
    with unit_of_work(office.engine) as uow:
        run = uow.session.get_one(ImportRun, first)
        bad = store.rows(uow.session, first, states=["bad"])
        assert {row.row_no - 4: row.problems[0]["fault"] for row in bad} == {
            line: fault for line, (_column, _cell, fault) in FAULTS.items()
        }
        assert [row.row_no for row in bad if len(row.problems) != 1] == []
        assert run.gaps[0] == [11, 11]
        assert len(run.gaps) == 30
        assert uow.session.scalars(select(ImportedEntry.id)).all() == []
    assert states(office, first) == {"ready": 970, "bad": 30}
    assert take(office, first) == 11
    assert states(office, first) == {"done": 970, "bad": 30}
    assert last_number(office, register) == 1000
    second = look(office, thousand(), register_id=register)
    assert states(office, second) == {"known": 970, "bad": 30}
    take(office, second)
    mended = look(office, workbook([HEAD, good_line(11), good_line(12)]), register_id=register)
    assert states(office, mended) == {"ready": 1, "known": 1}
    take(office, mended)
    with unit_of_work(office.engine) as uow:
        totals = imported.totals(office.scope("clerk"), uow.session, register_id=register, year=YEAR)
        assert (totals.used, totals.imported, totals.missing) == (971, 971, 29)
        assert office_store.lock_series(uow.session, register, YEAR).last_number == 1000
        assert uow.session.scalars(select(Outgoing.id)).all() == []


HEADINGS = ["STT", "Số ký hiệu", "Ngày văn bản", "Trích yếu", "Người ký"]


def test_what_became_wrong_since_is_refused_and_the_rest_goes_on(office: Office) -> None:
    """A number that somebody brought in meanwhile; a line that says another thing is a fault next time."""
    register = register_of(office, "qd")
    early = look(office, workbook([HEADINGS, *(good_line(n)[:5] for n in (1, 2, 3))]), register_id=register)
    line = good_line(2)[:5]
    line[4] = "Một người khác"
    late = look(office, workbook([HEADINGS, line, good_line(4)[:5]]), register_id=register)
    take(office, early)
    take(office, late)
    assert states(office, late) == {"refused": 1, "done": 1}
    with unit_of_work(office.engine) as uow:
        (row,) = store.rows(uow.session, late, states=["refused"])
        assert row.problems[0]["facts"]["code"] == "import_number_taken"
    again = look(office, workbook([HEADINGS, line]), register_id=register)
    with unit_of_work(office.engine) as uow:
        (row,) = store.rows(uow.session, again)
        assert row.problems[0]["fault"] == "number_taken"


def test_who_may_bring_in_a_register(office: Office) -> None:
    """The clerk of the agency only; foreign, secret and closed registers are refused; so are foreign imports."""
    data, register = workbook([HEADINGS, good_line(1)[:5]]), register_of(office, "qd")
    mine = look(office, data, register_id=register)
    for who in ("drafter", "leader", "admin", "inspector"):
        with pytest.raises(NotPermitted):
            look(office, data, register_id=register, who=who)
    for key in (register_of(office, "qd", "far"), register_of(office, "mat"), register_of(office, "den"), 0):
        with pytest.raises(NotFound, match="register_not_found"):
            look(office, data, register_id=key)
    with pytest.raises(NotFound, match="import_not_found"):
        take(office, mine, who="far_clerk")
    with pytest.raises(BadInput, match="import_year"):
        look(office, data, register_id=register, year=2027)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        office_store.lock_series(uow.session, register, YEAR).closed_at = NOON
        uow.commit()
    with pytest.raises(Refused, match="series_closed"):
        look(office, data, register_id=register)
    with pytest.raises(Refused, match="series_closed"):
        take(office, mine)


def faults(office: Office, import_id: int) -> list[list[str]]:
    """What is wrong with each row."""
    with unit_of_work(office.engine) as uow:
        return [[one["fault"] for one in row.problems] for row in store.rows(uow.session, import_id)]


def test_a_slip_does_not_spoil_the_numbers_of_the_running_year(office: Office) -> None:
    """Far above the ones before it, or of six digits: a fault. A number with a suffix does not move the series.
    In a year that is over a gap may be as long as it was, but no number is held any more."""
    register = register_of(office, "qd")
    said = ("1/QĐ-UBND", "2/QĐ-UBND", "50a/QĐ-UBND", "250/QĐ-UBND", "999999/QĐ-UBND")
    lines = [[n, symbol, "05/02/2026", "Quyết định: x", "A"] for n, symbol in enumerate(said)]
    mine = look(office, workbook([HEADINGS, *lines]), register_id=register, year=2026)
    assert faults(office, mine) == [[], [], [], ["number_jumps"], ["number_too_large"]]
    take(office, mine)
    assert last_number(office, register, 2026) == 2
    held = [*good_line(301)[:11], "đang giữ", "chờ", ""]
    assert faults(office, look(office, workbook([HEAD, good_line(300), held]), register_id=register)) == [
        [], ["held_past"],
    ]  # fmt: skip


def test_of_a_secret_row_only_its_number_is_kept(office: Office) -> None:
    """Neither its cells nor what else was wrong with them; very long cells of other rows are cut."""
    register = register_of(office, "qd")
    secret, formula, long = good_line(1), good_line(2), good_line(3)
    secret[3], secret[7], secret[13] = "Quyết định: KÍN", "KÍN", "Tuyệt mật"
    formula[3], formula[13] = "Quyết định: KÍN", "Mật"
    long[10] = "x" * 6000
    data = workbook([HEAD, secret, formula, long], formulas=[(2, 13)])
    mine = look(office, data, register_id=register)
    assert faults(office, mine) == [["secret"], ["formula"], ["too_long"]]
    with unit_of_work(office.engine) as uow:
        rows = store.rows(uow.session, mine)
        assert [(row.cells, row.content) for row in rows[:2]] == [([], {"number": 1}), ([], {"number": 2})]
        assert "KÍN" not in str([row.problems for row in rows])
        assert len(rows[2].cells[10]) == looking.LONGEST_CELL


def test_a_register_that_became_secret_takes_nothing_in(office: Office) -> None:
    """It is looked at again with every batch."""
    register = register_of(office, "qd")
    mine = look(office, workbook([HEADINGS, good_line(1)[:5]]), register_id=register)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Register, register).secret = True
        uow.commit()
    with pytest.raises(NotFound, match="register_not_found"):
        take(office, mine)
    assert last_number(office, register) == 0


def test_a_discarded_sheet_is_forgotten(office: Office) -> None:
    """Nothing of it can be taken in any more; what was begun cannot be discarded."""
    register = register_of(office, "qd")
    mine = look(office, workbook([HEADINGS, good_line(1)[:5]]), register_id=register)
    taken = look(office, workbook([HEADINGS, good_line(1)[:5]]), register_id=register)
    take(office, taken)
    for key, code in ((mine, ""), (taken, "import_begun")):
        with unit_of_work(office.engine) as uow:
            given = {"import_id": key, "kinds": tuple(Kind), "now": NOON}
            if code:
                with pytest.raises(Refused, match=code):
                    taking.discard(uow, office.actor("clerk"), office.scope("clerk"), **given)
            else:
                taking.discard(uow, office.actor("clerk"), office.scope("clerk"), **given)
                uow.commit()
    with pytest.raises(Refused, match="import_discarded"):
        take(office, mine)
    with unit_of_work(office.engine) as uow:
        assert uow.session.scalars(select(ImportRow.row_no).where(ImportRow.import_id == mine)).all() == []


def test_arrivals_come_with_what_became_of_them(office: Office) -> None:
    """Number, issuer, limit, progress and answer; held and cancelled numbers; dates that cannot be."""
    head = [
        "Số đến",
        "Ngày đến",
        "Cơ quan ban hành",
        "Số ký hiệu",
        "Ngày văn bản",
        "Tên loại, trích yếu",
        "Hạn xử lý",
        "Tiến độ",
    ]
    rows = [
        [
            1,
            "05/01/2025",
            "Sở Nội vụ",
            "12/SNV-TCBC",
            "31/12/2024",
            "Công văn: v/v biên chế",
            "20/01/2025",
            "Hoàn thành",
        ],
        [2, "04/01/2025", "Sở Nội vụ", "13/SNV", "05/01/2025", "v/v khác", "", ""],
        ["3a", "06/01/2025", "Huyện ủy", "", "", "Thông tri số 5", "", ""],
    ]
    register = register_of(office, "den")
    mine = look(office, workbook([head, *rows]), kind=Kind.INCOMING, register_id=register)
    take(office, mine)
    with unit_of_work(office.engine) as uow:
        lines = imported.entries(office.scope("clerk"), uow.session, register_id=register, year=YEAR)
        assert [(one.number, one.suffix, one.type_name, one.subject) for one in lines] == [
            (1, "", "Công văn", "v/v biên chế"), (3, "a", "", "Thông tri số 5"),
        ]  # fmt: skip
        assert (lines[0].time_limit, lines[0].progress) == ("20/01/2025", "Hoàn thành")
        (bad,) = store.rows(uow.session, mine, states=["bad"])
        assert bad.problems[0] == {"field": "date", "fault": "date_order", "facts": {"before": "04/01/2025"}}
        assert uow.session.get_one(Register, register).direction == "in"
    assert Counter(states(office, mine)) == {"done": 2, "bad": 1}
