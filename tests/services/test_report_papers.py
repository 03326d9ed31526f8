"""A unit with very much: lists are cut, and say how many there are."""

from __future__ import annotations

import datetime as dt

from workflow.domain.arrivals_backlog import Arrival
from workflow.domain.incoming import Holder, State
from workflow.services.report_arrivals import ArrivalStock
from workflow.services.report_bodies import Stock, body
from workflow.services.report_papers import ON_PAPER, layout
from workflow.services.report_tables import Paper, lists
from workflow.services.report_texts import Words
from workflow.services.report_words import LISTED
from workflow.web.morning_lines import SHOWN, chosen, steps

CUT_OFF = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
MANY = LISTED + 5


def _paper() -> Paper:
    late = [
        Arrival(
            document=number, agency=1, unit=2, state=State.DIRECTED, held_by=Holder.UNIT_HEAD, holder=7,
            since=CUT_OFF - dt.timedelta(days=3), due=CUT_OFF - dt.timedelta(days=1), own_due=None,
        )
        for number in range(1, MANY + 1)
    ]  # fmt: skip
    stock = Stock(cut_off=CUT_OFF, soon_until=CUT_OFF, items=(), arrivals=ArrivalStock(documents=tuple(late)))
    named = {
        "unit": "Phòng Kinh tế", "agency": "UBND xã", "superior": "", "place": "", "out": {},
        "units": {"2": "Phòng Kinh tế"}, "people": {"7": "Phạm Thị Hương Giang"},
        "in": {"1": {"number": "1/2026", "symbol": "9/SNV"}},
    }  # fmt: skip
    return Paper(unit_id=2, period="2026-11-23", cut_off=CUT_OFF, made_at=CUT_OFF, digest="0" * 64,
                 content=body(2, stock), words=named)  # fmt: skip


def test_long_lists_are_cut_and_say_so() -> None:
    """Page, paper and workbook each hold their number of lines; figures count all of them."""
    paper, say = _paper(), Words("vi")
    assert paper.content["incoming"]["overdue"]["total"] == MANY
    assert [(one.rest, one.overdue) for one in steps(paper.content)] == [("directed:unit_head:7", MANY)]
    shown = chosen(paper.content, "in-overdue:directed:unit_head:7").arrivals
    assert (len(shown.lines), shown.whole) == (SHOWN, MANY)
    (table,) = lists(paper, say)
    assert (len(table.rows), table.whole) == (LISTED, MANY)
    assert table.rows[0][1] == "1/2026 · 9/SNV"
    section = layout(paper, say).sections[-1]
    assert len(section.rows) == ON_PAPER
    assert section.empty == f"Chỉ in {ON_PAPER} dòng đầu trong tổng số {MANY} dòng."
