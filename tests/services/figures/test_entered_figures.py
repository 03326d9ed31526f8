"""Figures that people enter: the founding documents' other numbers, with target, closing, correction and source."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.support import months
from tests.support.acceptance import ENTERED, ON_ROWS, Given, table
from tests.support.months import DAY, columns_of, month_of
from tests.support.office import NOON, Office
from workflow.domain.entered import Shape, met, of_fact, read, shape_of
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, WorkflowError
from workflow.domain.freezing import Cause
from workflow.domain.indicators import Better, Place, Population
from workflow.domain.periods import month, parse
from workflow.domain.permissions import Scope, figures_scope
from workflow.services.figures import entering, targets
from workflow.services.figures import months as pages
from workflow.services.figures.entering import Entry, Meaning
from workflow.store.models import FigureAdjustment, Journal
from workflow.store.session import unit_of_work

ROOT = Path(__file__).parents[3]


def scope(office: Office, who: str = "admin") -> Scope:
    """Whose figures they may see."""
    return figures_scope(office.posts[who], agencies_below=())


def defined(office: Office, one: Given) -> int:
    """Its indicator."""
    wanted = Meaning(name=one.name, about=f"Theo bài báo, AT-{one.at}", shape=one.shape, parts=one.parts,
                     better=one.better, decimals=one.decimals)  # fmt: skip
    with unit_of_work(office.engine) as uow:
        row = entering.define(uow, office.actor("admin"), scope(office), wanted=wanted, now=NOON)
        uow.commit()
        return row.id


def entered(office: Office, indicator: int, period: str, figure: str, *, unit: str = "commune") -> int:
    """A figure; its line."""
    wanted = Entry(indicator_id=indicator, unit_id=office.units[unit], period=period, figure=figure,
                   source="Báo cáo 12/BC-UBND", link="https://baocao.example/12")  # fmt: skip
    with unit_of_work(office.engine) as uow:
        row = entering.enter(uow, office.actor("admin"), scope(office), wanted=wanted, now=NOON)
        uow.commit()
        return row.id


def aimed(office: Office, indicator: str, goal: str, *, unit: str = "commune", **more: str) -> None:
    """A target from 2020 on."""
    given = {"first_month": "2020-01", "reason": "Kế hoạch năm", **more}
    with unit_of_work(office.engine) as uow:
        seen = targets.store.newest_target(scope(office), uow.session)
        wanted = targets.Wanted(unit_id=office.units[unit], indicator=indicator, goal=goal, seen=seen, **given)
        targets.set_target(uow, office.actor("admin"), scope(office), wanted=wanted, now=NOON)
        uow.commit()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_other_number_of_the_founding_documents(office: Office) -> None:
    """AT-03 to 07 and 12 to 18: entered, held against their targets, closed, read again from what was closed."""
    keys = {one.name: (defined(office, one), one) for one in ENTERED}
    for key, one in keys.values():
        entered(office, key, one.period, one.figure)
        if one.goal:
            aimed(office, f"entered:{key}", one.goal)
    ends = {month(parse(one.period).last).key for one in ENTERED}
    read_back: dict[int, str] = {}
    for name in sorted(ends):
        if parse(name).is_over(NOON):
            months.close(office.engine, office.units["commune"], parse(name), now=NOON)
            facts = months.closed(office.engine, office.units["commune"], name)[1]
        else:
            facts = month_of(office, name)
        found = [of_fact(place.value) for (what, _key), place in facts.items() if what is Population.ENTERED]
        assert columns_of(facts)["entered"] == len(found)
        read_back |= dict(found)
    for key, one in keys.values():
        figure = read(shape_of(read_back[key]), read_back[key])
        assert figure.amount(one.decimals) == one.expected, one
        assert figure.unclassified == one.unclassified
        with unit_of_work(office.engine) as uow:
            goals = targets.goals(uow, office.units["commune"], month=month(parse(one.period).last).key)
        goal = goals.get((office.units["commune"], f"entered:{key}"))
        assert met(figure.amount(one.decimals), goal, one.better) is one.met, one
    rank = read(Shape.RANK, read_back[keys["Xếp hạng PARINDEX"][0]])
    assert rank.previous == 8
    assert all(one.adjustments == one.drifts == 0 for one in months.recount(office.engine, now=NOON).values())


def test_the_printed_table_says_which_is_which() -> None:
    """All eighteen, and the document is the table."""
    assert {*ON_ROWS, *(one.at for one in ENTERED)} == {f"{number:02d}" for number in range(1, 19)}
    assert (ROOT / "docs" / "acceptance.md").read_text(encoding="utf-8") == table()
    rows = (Path(__file__).parent / "test_months_of_the_founding_documents.py").read_text(encoding="utf-8")
    assert all(f"def {name}(" in rows for name in ON_ROWS.values())


def test_a_correction_of_a_closed_month_is_an_adjustment(office: Office) -> None:
    """The old figure, its source and the reason stay; nobody changes a row; twice from one page is refused."""
    key = defined(office, ENTERED[0])
    line = entered(office, key, "2026-10", "39/133", unit="economy")
    agency = office.units["commune"]
    months.close(office.engine, agency, parse("2026-10"), now=NOON)
    given = {"line": line, "seen": line, "figure": "40/133", "source": "Báo cáo 15/BC-UBND", "reason": "Sót 1"}
    with unit_of_work(office.engine) as uow:
        entering.correct(uow, office.actor("admin"), scope(office), **given, now=NOON + DAY)
        uow.commit()
    with unit_of_work(office.engine) as uow, pytest.raises(Conflict):
        entering.correct(uow, office.actor("admin"), scope(office), **given, now=NOON + DAY)
    with pytest.raises(Conflict, match="figure_there"):
        entered(office, key, "2026-10", "41/133", unit="economy")
    (came,) = months.recount(office.engine, now=NOON + 2 * DAY).values()
    assert (came.adjustments, came.drifts) == (1, 0)
    _row, frozen, corrected = months.closed(office.engine, agency, "2026-10")
    place = Place(office.units["economy"], None, f"{key}:m:39/133")
    assert frozen[Population.ENTERED, line] == place
    assert corrected[Population.ENTERED, line].value == f"{key}:m:40/133"
    with unit_of_work(office.engine) as uow:
        assert [one.cause for one in uow.session.scalars(select(FigureAdjustment))] == [Cause.ENTERED]
        told = list(uow.session.scalars(select(Journal.tag).where(Journal.subject == f"entered:{line}")))
    assert told == ["figures:entry:entered", "figures:entry:corrected"]
    with pytest.raises(DatabaseError), office.engine.begin() as connection:
        connection.execute(text("UPDATE entered_figure SET figure = '133/133'"))


def test_a_target_holds_for_what_is_below_and_for_its_time(office: Office) -> None:
    """The unit's own, else the agency's; the newest that covers the month; taken away; by administrators only."""
    commune, economy = office.units["commune"], office.units["economy"]
    aimed(office, "on_time_docs", "98")
    aimed(office, "on_time_docs", "99,5", unit="economy", first_month="2026-10", last_month="2026-11")
    aimed(office, "late_docs", "1")

    def goal(unit: int, key: str, name: str = "on_time_docs") -> str:
        with unit_of_work(office.engine) as uow:
            return str(targets.goals(uow, commune, month=key).get((unit, name), ""))

    assert [goal(economy, key) for key in ("2026-09", "2026-10", "2026-12")] == ["98", "99.5", "98"]
    assert (goal(commune, "2026-10"), goal(office.units["culture"], "2026-10")) == ("98", "98")
    aimed(office, "on_time_docs", "", first_month="2026-12")
    assert (goal(commune, "2026-11"), goal(commune, "2026-12")) == ("98", "")
    assert met(targets.Decimal("0.5"), targets.Decimal(goal(commune, "2026-10", "late_docs")), Better.LOWER)
    for change, refused in (
        ({"goal": "nhiều"}, BadInput), ({"reason": " "}, BadInput), ({"first_month": "2026-Q1"}, BadInput),
        ({"goal": "100,5"}, BadInput), ({"indicator": "entered:99"}, NotFound), ({"unit": "far"}, NotFound),
    ):  # fmt: skip
        with pytest.raises(refused):
            aimed(office, **{"indicator": "late_docs", "goal": "2", **change})
    wanted = targets.Wanted(
        unit_id=commune, indicator="late_docs", goal="2", first_month="2026-01", reason="x", seen=0
    )
    for who, refused in (("admin", Conflict), ("leader", NotPermitted)):
        with unit_of_work(office.engine) as uow, pytest.raises(refused):
            targets.set_target(uow, office.actor(who), scope(office, who), wanted=wanted, now=NOON)


def test_a_sheet_is_looked_through_before_it_is_taken(office: Office) -> None:
    """Good rows are entered with their source; each other one says why not; taken again it changes nothing."""
    defined(office, ENTERED[0])
    name = ENTERED[0].name
    rows = [
        [name, "Phòng Kinh tế", "2026-10", "3/4", "BC 1"], [name, "Phòng Kinh tế", "2026-10", "4/4", "BC 1"],
        ["?", "Phòng Kinh tế", "2026-10", "3/4", "BC 1"], [name, "?", "2026-10", "3/4", "BC 1"],
        [name, "Phòng Kinh tế", "2026-09", "5/4", "BC 1"], [name, "Phòng Kinh tế", "2026-09", "3/4", ""],
        [name, "Phòng Kinh tế", "2027", "3/4", "BC 1"],
    ]  # fmt: skip
    with unit_of_work(office.engine) as uow:
        shown = entering.preview(uow, office.actor("admin"), scope(office), rows=rows, now=NOON)
        codes = [one.wrong.code if isinstance(one.wrong, WorkflowError) else "" for one in shown]
    assert codes == [
        "", "figure_there", "figures_row_indicator", "figures_row_unit", "figure_parts", "figure_source",
        "figure_too_early",
    ]  # fmt: skip
    for expected in ((1, 6), (0, 7)):
        with unit_of_work(office.engine) as uow:
            assert entering.take(uow, office.actor("admin"), scope(office), rows=rows, now=NOON) == expected
            uow.commit()
    assert columns_of(month_of(office, "2026-10"))["entered"] == 1


@pytest.mark.parametrize(
    ("shape", "words", "code"),
    [
        (Shape.SHARE, "5/4", "figure_parts"), (Shape.SHARE, "a/4", "figure_unreadable"),
        (Shape.PARTS, "3+2/4", "figure_parts"), (Shape.PARTS, "3/4", "figure_unreadable"),
        (Shape.RANK, "16/15", "figure_rank"), (Shape.RANK, "0", "figure_rank"),
        (Shape.VALUE, "1.23456", "figure_unreadable"), (Shape.VALUE, "nhiều", "figure_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_figure(shape: Shape, words: str, code: str) -> None:
    """Refused with what is wrong."""
    with pytest.raises(BadInput, match=code):
        read(shape, words)


def test_values_are_read_as_people_write_them() -> None:
    """With a comma too; and nothing of nothing is no percentage."""
    assert read(Shape.VALUE, "97,75").text() == "97.75"
    assert read(Shape.RANK, "7/63~8").text() == "r7/63~8"
    assert read(Shape.SHARE, "0/0").amount(2) is None
    assert dt.date(2024, 5, 3) == parse("2024-01-01..2024-05-03").last


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_free_spans_that_end_in_one_month_both_stand_there(office: Office) -> None:
    """Neither hides the other: as entered, as closed, and when one of them was corrected since."""
    key = defined(office, ENTERED[0])
    first = entered(office, key, "2026-10-01..2026-10-10", "39/133")
    entered(office, key, "2026-10-11..2026-10-20", "50/60")
    agency = office.units["commune"]
    months.close(office.engine, agency, parse("2026-10"), now=NOON)
    with unit_of_work(office.engine) as uow:
        entering.correct(
            uow, office.actor("admin"), scope(office), line=first, seen=first, figure="40/133", source="Báo cáo 15",
            reason="Sót 1", now=NOON + DAY,
        )  # fmt: skip
        uow.commit()
    months.recount(office.engine, now=NOON + 2 * DAY)
    with unit_of_work(office.engine) as uow:
        page = pages.of_month(
            uow,
            office.actor("leader"),
            scope(office, "leader"),
            key="2026-10",
            agency_id=agency,
            now=NOON + 2 * DAY,
        )
    assert sorted((one.frozen, one.now) for one in page.entered) == [("39/133", "40/133"), ("50/60", "50/60")]


def test_what_is_no_sheet_is_refused() -> None:
    """A field longer than any that a sheet has."""
    with pytest.raises(BadInput, match="figures_sheet"):
        entering.rows_of("x" * 140_000)
