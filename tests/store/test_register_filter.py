"""A register's year narrowed: each filter by what the lines say, on both databases, page by page and in one go."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from tests.support.years import import_run, register_of
from workflow.domain.permissions import Scope
from workflow.domain.text import fold
from workflow.store import register_book
from workflow.store.models import ImportedEntry, Outgoing, RegisterNumber
from workflow.store.register_filter import LineState, Wanted
from workflow.store.session import unit_of_work

MARCH = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
EVENING = dt.datetime(2026, 3, 2, 18, 0, tzinfo=dt.UTC)
"""The third of March at the office."""
NEXT_YEAR = dt.datetime(2027, 1, 5, 2, 0, tzinfo=dt.UTC)
LAN = "Nguyễn Thị Lan"


@pytest.fixture
def register(office: Office) -> int:
    """1 and 2 (cancelled) of a former system; 3 issued; 4 numbered only; 5 secret; 6 held; 7 cancelled, its
    document has no number now; 8 and 9 of December, numbered in January, 9 with a signature of January too; 10
    cancelled with its document, a line as it stands today."""
    register = register_of(office)
    rows = [
        _row(office, 3, MARCH, subject="Phòng chống bão số 9"),
        _row(office, 4, EVENING, type_code="decision", signer="deputy", subject="Khen thưởng sau bão",
             state="sealed", issued_at=None, closed_at=None),
        _row(office, 5, NOON, subject="Bão trong tài liệu mật", secret=True),
        _row(office, 7, NOON, subject="Chuyện khác", number=None, numbered_at=None, sealed_at=None, symbol="",
             state="signed", issued_at=None, closed_at=None),
        _row(office, 8, NEXT_YEAR, subject="Giấy tháng Chạp", signed_on=dt.date(2026, 12, 30)),
        _row(office, 9, NEXT_YEAR, subject="Giấy cuối năm", signed_at=NEXT_YEAR),
        _row(office, 10, NOON, subject="Hủy cả văn bản"),
    ]  # fmt: skip
    keys = dict(zip((3, 4, 5, 7, 8, 9, 10), add_issued(office, *rows), strict=True))
    entry = {"type_code": "decision", "subject": "Ứng phó bão", "signer": "Lê Văn Cũ", "secret": False}
    told: dict[int, dict[str, Any]] = {
        6: {"status": "held", "reason": "chờ tờ trình về bão"},
        7: {"status": "cancelled", "reason": "nhầm loại", "entry": entry},
        10: {"status": "cancelled", "reason": "nhầm sổ"},
    }
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for number in range(3, 11):
            uow.add(
                RegisterNumber(
                    register_id=register, year=2026, number=number, document_id=keys.get(number), drawn_at=NOON,
                    symbol="" if number == 6 else f"{number:02d}/UBND-KT", **told.get(number, {}),
                )
            )  # fmt: skip
        uow.add(run := import_run(office, register))
        uow.flush()
        for number, status, subject in ((1, "used", "Bão lụt năm cũ"), (2, "cancelled", "")):
            uow.add(
                ImportedEntry(
                    register_id=register, year=2026, number=number, symbol=f"{number:02d}/UBND-VP", status=status,
                    reason="viết nhầm" if status == "cancelled" else "", document_date=dt.date(2026, 1, 4 + number),
                    type_name="Công văn", subject=subject, signer="Lê Văn Cũ", import_id=run.id, row_no=number,
                )
            )  # fmt: skip
        uow.commit()
    return register


def _row(office: Office, place: int, at: dt.datetime, *, subject: str, **changes: Any) -> dict[str, Any]:
    given = {"number": place, "symbol": f"{place:02d}/UBND-KT", "numbered_at": at, "year": 2026} | changes
    row = issued_row(office, subject=subject, subject_folded=fold(subject), signer=given.pop("signer", "leader"))
    signed = {"signed_at": at - dt.timedelta(hours=2), "signed_on": None}
    return row | signed | given | ({"year": None} if given["number"] is None else {})


DAYS: dict[str, tuple[dict[str, dt.date], list[int]]] = {
    "one day at the office": ({"first_day": dt.date(2026, 3, 3), "last_day": dt.date(2026, 3, 3)}, [4]),
    "from": ({"first_day": dt.date(2026, 11, 1)}, [5, 8, 9]),
    "until": ({"last_day": dt.date(2026, 3, 2)}, [1, 2, 3]),
    "of December": ({"first_day": dt.date(2026, 12, 30), "last_day": dt.date(2026, 12, 30)}, [8]),
    "the last day": ({"first_day": dt.date(2026, 12, 31)}, [9]),
    "another year": ({"first_day": dt.date(2027, 1, 1)}, []),
}
FILTERS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "nothing": ({}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    "number": ({"number": 4}, [4]),
    "symbol": ({"symbol": "04/UB"}, [4]),
    "a former symbol": ({"symbol": "01/UBND-VP"}, [1]),
    "a sign of patterns is a letter": ({"symbol": "0_/"}, []),
    "words, not of what is secret": ({"words": "bao"}, [1, 3, 4, 6, 7]),
    "words of the line as it was, not of its document now": ({"words": "chuyen khac"}, []),
    "a reason of a former system": ({"words": "viet nham"}, [2]),
    "type": ({"type_code": "decision"}, [4, 7]),
    "a type's name in a former system": ({"type_code": "letter"}, [1, 2, 3, 5, 8, 9, 10]),
    "signer": ({"signer": LAN}, [3, 5, 8, 9, 10]),
    "a signer of former lines": ({"signer": "Lê Văn Cũ"}, [1, 2, 7]),
    "issued": ({"state": LineState.ISSUED}, [1, 3, 5, 8, 9]),
    "not issued yet": ({"state": LineState.UNISSUED}, [4]),
    "held": ({"state": LineState.HELD}, [6]),
    "cancelled": ({"state": LineState.CANCELLED}, [2, 7, 10]),
    "several": ({"words": "bao", "state": LineState.ISSUED, "signer": LAN}, [3]),
    **DAYS,
}


@pytest.mark.parametrize("name", FILTERS)
def test_lines_are_narrowed(engine: Engine, office: Office, register: int, name: str) -> None:
    """Page by page as in one go; nobody else finds anything."""
    given, expected = FILTERS[name]
    span: dict[str, Any] = {"register_id": register, "year": 2026, "wanted": Wanted(**given)}
    with unit_of_work(engine) as uow:
        scope = office.scope("clerk")
        assert [row.number for row in register_book.lines(scope, uow.session, **span)] == expected
        seen: list[int] = []
        while rows := register_book.lines(scope, uow.session, **span, after=max(seen, default=0), limit=2):
            seen += [row.number for row in rows]
        assert seen == expected
        assert register_book.lines(office.scope("far_clerk"), uow.session, **span) == []


def test_signers_are_those_of_the_year(engine: Engine, office: Office, register: int) -> None:
    """Each once, a former system's too; nobody of another year, nobody for a neighbour."""
    with unit_of_work(engine) as uow:
        deputy = uow.session.get_one(Outgoing, 2).signer_id
        assert deputy == office.posts["deputy"].person_id
        found = register_book.signers(office.scope("clerk"), uow.session, register_id=register, year=2026)
        assert {LAN, "Lê Văn Cũ"} < set(found)
        assert len(found) == 3
        assert register_book.signers(office.scope("clerk"), uow.session, register_id=register, year=2025) == []
        assert register_book.signers(Scope(), uow.session, register_id=register, year=2026) == []
