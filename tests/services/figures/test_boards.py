"""Boards: months put together, units rolled up as they stood, the worst first; as many queries at any size."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, insert

from tests.support import boards, months
from tests.support.arrivals import Arrivals
from tests.support.boards import board, signed, signed_before
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, SINCE, Office
from tests.support.statements import statements
from workflow.domain.boards import NATURES, Way, change, populations_of
from workflow.domain.errors import NotFound
from workflow.domain.incoming import Result
from workflow.domain.indicators import COUNTS, INDICATORS, Population, indicator
from workflow.domain.periods import parse
from workflow.domain.permissions import figures_scope
from workflow.services import units as service
from workflow.services.figures import boards as service_boards
from workflow.services.figures import months as month_figures
from workflow.services.figures import targets
from workflow.services.figures.board_targets import Part, Targets, targets_of
from workflow.services.figures.boards import Board
from workflow.services.figures.months import State
from workflow.services.incoming import working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.units import Letterhead
from workflow.store.models import FrozenMonth, Unit, UnitMonth
from workflow.store.session import unit_of_work

SEPTEMBER, OCTOBER = (NOON - dt.timedelta(days=one) for one in (70, 40))
DAY = dt.timedelta(days=1)
INK = {"medium": "ink", "leader_verdict": ""}
MOST = 12
"""Queries of a board."""


@pytest.fixture
def filled(office: Office, engine: Engine) -> Office:
    """September and October closed, a document finished in October reopened since; November runs."""
    add_issued(
        office, *(issued_row(office, issued_at=SEPTEMBER) for _n in range(4)),
        issued_row(office, issued_at=SEPTEMBER, signer="deputy", **INK),
        *(issued_row(office, issued_at=OCTOBER) for _n in range(3)),
        issued_row(office, issued_at=OCTOBER, unit="culture", seal_verdict=""),
        issued_row(office, issued_at=OCTOBER, unit="office", secret=True),
        issued_row(office), issued_row(office, unit="culture", signer="deputy", **INK),
        issued_row(office, unit="far_office", **INK),
    )  # fmt: skip
    road = Arrivals(office)
    road.now = OCTOBER
    made = [
        road.in_progress(due=DueChoice(day=(OCTOBER + n * DAY).date()), facts=months.dated(OCTOBER)) for n in (3, 4)
    ]
    for one in made:
        road.do("specialist", working.finish, incoming_id=one.id, version=None, result=Result.SETTLED, words="Xong")
    for key in ("2026-09", "2026-10"):
        for agency in ("commune", "far"):
            months.close(engine, office.units[agency], parse(key), now=NOON - 10 * DAY)
    road.now = NOON - 5 * DAY
    road.do("leader", working.act, incoming_id=made[0].id, version=None, action="reopen", remark="Chưa đủ")
    months.recount(engine, now=NOON - DAY)
    return office


def test_every_population_is_added_up_or_stands() -> None:
    """A new one has to be told apart: a stock that is added up month by month misleads."""
    assert NATURES.keys() == set(Population)


def test_a_month_says_what_its_own_page_says(filled: Office, engine: Engine) -> None:
    """Closed with its adjustments, and open: in whole, by unit, by signer; on both databases."""
    scope = figures_scope(filled.posts["leader"], agencies_below=())
    for key, state in (("2026-10", State.CLOSED), ("2026-11", State.RUNNING)):
        made = board(filled, key)
        with unit_of_work(engine) as uow:
            page = month_figures.of_month(
                uow, filled.actor("leader"), scope, key=key, agency_id=filled.units["commune"], now=NOON
            )
        counted = populations_of(INDICATORS) | service_boards.STOCK
        shown = [name for name in COUNTS if COUNTS[name].population in counted]
        assert {name: made.total.figures[name] for name in shown} == {name: page.total.now[name] for name in shown}
        lines = {line.id: line.now for line in page.units}
        for row in made.rows:
            assert all(row.figures[name] == lines.get(row.id, {}).get(name, 0) for name in shown), row.name
        assert {row.id: signed(row) for row in made.people} == {
            line.id: (line.now["fully_signed"], line.now["sign_counted"]) for line in page.people
        }
        assert made.states[key] is state
        assert made.total.trend[-1].figures == made.total.figures
    assert board(filled, "2026-10").total.figures["finished"] == 1, "the reopened one is an adjustment"


def test_a_quarter_adds_up_what_happened_and_keeps_what_stands(filled: Office) -> None:
    """Q4 is October and November; what is open is what is open now; rates come from the counts. A unit and a person
    each have a board of their own."""
    made = board(filled, "2026-Q4", against="2026-Q3")
    assert signed(made.total) == (4, 6)
    assert signed_before(made.total) == (4, 5)
    assert made.total.figures["open"] == board(filled, "2026-11").total.figures["open"] == 1
    assert made.total.figures["leaders"] == 2
    moves = change(indicator("sign_rate_docs"), made.total.figures, made.total.before or {})
    assert moves is not None
    assert (str(moves.points), moves.way) == ("-13.33", Way.WORSE)
    assert [row.name for row in made.rows if row.figures["sign_counted"]] == [
        "Phòng Văn hóa – Xã hội",
        "Phòng Kinh tế",
    ]
    year = board(filled, "2026")
    assert signed(year.total) == (8, 11)
    assert [one.key for one in year.missing] == [f"2026-{n:02}" for n in range(1, 9)]
    assert [point.state for point in year.total.trend][-3:] == [State.CLOSED, State.CLOSED, State.RUNNING]
    assert year.total.trend[0].figures is None
    _people_and_units(filled)


def _people_and_units(filled: Office) -> None:
    """A deputy's ink is the deputy's; a unit has its own signers; who signed nothing there is nobody there."""
    deputy = board(filled, "2026-11", person="deputy", by="sign_rate_leader")
    assert (deputy.total.figures["leader_signed"], deputy.total.figures["sign_counted"]) == (0, 1)
    assert [row.name for row in deputy.rows] == ["Phòng Văn hóa – Xã hội"]
    assert [row.name for row in board(filled, "2026-11", unit="culture").people] == ["Đặng Quốc Việt"]
    for stranger in ("far_leader", "drafter"):
        with pytest.raises(NotFound):
            board(filled, "2026-11", person=stranger)
    with pytest.raises(NotFound):
        board(filled, "2026-11", unit="far_office")
    with pytest.raises(NotFound):
        board(filled, "2026-11", agency="far")


def test_units_stand_where_they_stood_then(office: Office, engine: Engine) -> None:
    """One team moves from the economy to the culture office, two merge, one is divided: October keeps the old tree,
    November has the new one and compares with those it came from."""
    for name, parent in (("Tổ A", "economy"), ("Tổ B", "culture"), ("Tổ C", "culture"), ("Tổ D", "office")):
        boards.add_unit(office, name, parent)
    for name, parent in (("Tổ A mới", "culture"), ("Tổ BC", "culture"), ("Tổ D1", "office"), ("Tổ D2", "office")):
        boards.add_unit(office, name, parent, first=boards.MOVED)
    boards.hand_on(office, "Tổ A", "Tổ A mới")
    boards.hand_on(office, "Tổ B", "Tổ BC")
    boards.hand_on(office, "Tổ C", "Tổ BC")
    boards.hand_on(office, "Tổ D", "Tổ D1", "Tổ D2")
    then = {"economy": 1, "Tổ A": 2, "Tổ B": 1, "Tổ C": 3, "Tổ D": 1}
    now = {"economy": 1, "Tổ A mới": 1, "Tổ BC": 2, "Tổ D1": 1}
    add_issued(
        office,
        *(issued_row(office, issued_at=OCTOBER, unit=unit) for unit, count in then.items() for _n in range(count)),
        issued_row(office, issued_at=OCTOBER, unit="Tổ A", **INK),
        *(issued_row(office, unit=unit) for unit, count in now.items() for _n in range(count)),
    )
    months.close(engine, office.units["commune"], parse("2026-10"), now=NOON - 10 * DAY)
    name = {key: one for one, key in office.units.items()}

    october = board(office, "2026-10")
    rows = {name[row.id]: row for row in october.rows if not row.direct}
    assert signed(rows["economy"]) == (3, 4)
    assert rows["economy"].own is not None
    assert rows["economy"].own["sign_counted"] == 1
    assert [(name[row.id], row.depth) for row in october.rows][:2] == [("economy", 0), ("Tổ A", 1)]
    assert signed(rows["culture"]) == (4, 4)
    assert not {"Tổ A mới", "Tổ BC", "Tổ D1"} & rows.keys()
    for made in (october, board(office, "2026-11")):
        assert sum(row.figures["issued"] for row in made.rows if not row.depth) == made.total.figures["issued"]

    november = {name[row.id]: row for row in board(office, "2026-11").rows if not row.direct}
    assert not {"Tổ A", "Tổ B", "Tổ C", "Tổ D"} & november.keys()
    assert (signed(november["economy"]), signed_before(november["economy"])) == ((1, 1), (3, 4))
    assert (signed(november["culture"]), signed_before(november["culture"])) == ((3, 3), (4, 4))
    assert (signed_before(november["Tổ A mới"]), november["Tổ A mới"].formerly) == ((2, 3), ("Tổ A",))
    assert (signed_before(november["Tổ BC"]), november["Tổ BC"].formerly) == ((4, 4), ("Tổ B", "Tổ C"))
    assert (november["Tổ D1"].before, november["Tổ D1"].divided) == (None, True)
    culture = office.units["culture"]
    letterhead = Letterhead(name="Phòng Văn hóa", abbreviation="VH", place="Đồng Tâm", superior="", head_title="")
    with unit_of_work(engine) as uow:
        service.change_unit(
            uow, office.actor("admin"), figures_scope(office.posts["admin"], agencies_below=()), unit_id=culture,
            letterhead=letterhead, reason="Đổi tên", now=NOON,
        )  # fmt: skip
        uow.commit()
    named = [
        {row.id: (row.name, row.now_called) for row in board(office, key).rows} for key in ("2026-10", "2026-11")
    ]
    assert named[0][culture] == ("Phòng Văn hóa – Xã hội", "Phòng Văn hóa")
    assert named[1][culture] == ("Phòng Văn hóa", "")
    trend = november["Tổ BC"].trend
    assert [point.figures and point.figures["issued"] for point in trend[-2:]] == [4, 2]


def test_agencies_with_those_below_them_as_they_stood(office: Office, engine: Engine) -> None:
    """A district that ended in October has its communes' figures in October, and is gone in November."""
    boards.add_unit(office, "Huyện", "commune", kind="agency", last=dt.date(2026, 10, 31))
    boards.add_unit(office, "Xã cũ", "Huyện", kind="agency", last=dt.date(2026, 10, 31))
    boards.add_unit(office, "Xã mới", "commune", kind="agency", first=boards.MOVED)
    boards.hand_on(office, "Xã cũ", "Xã mới")
    below = tuple(office.units[one] for one in ("Huyện", "Xã cũ", "Xã mới"))
    rows = [
        issued_row(office, issued_at=at) | {"agency_id": office.units[one], "unit_id": office.units[one]}
        for one, at in (("Huyện", OCTOBER), ("Xã cũ", OCTOBER), ("Xã cũ", OCTOBER), ("Xã mới", NOON))
    ]
    add_issued(office, *rows)
    for one in ("commune", "Huyện", "Xã cũ"):
        months.close(engine, office.units[one], parse("2026-10"), now=NOON - 10 * DAY)
    october = board(office, "2026-10", who="inspector", agency="", below=below)
    assert {row.name: row.figures["issued"] for row in october.rows} == {
        "Ủy ban nhân dân xã Đồng Tâm": 0,
        "Huyện": 1,
        "Xã cũ": 2,
    }
    assert [(row.name, row.figures["issued"]) for row in october.groups] == [("Huyện", 3)]
    november = board(office, "2026-11", who="inspector", agency="", below=below)
    assert not november.groups
    found = {row.name: (row.figures["issued"], row.before and row.before["issued"]) for row in november.rows}
    assert found == {"Ủy ban nhân dân xã Đồng Tâm": (0, 0), "Xã mới": (1, 2)}
    assert (october.total.figures["issued"], november.total.before and november.total.before["issued"]) == (3, 3)


def _targets(office: Office, made: Board) -> Targets:
    with unit_of_work(office.engine) as uow:
        return targets_of(uow, made)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_row_is_held_against_its_target_by_its_own_figures(office: Office, engine: Engine) -> None:
    """The same unit stands on a board as the whole and as what is directly with it, an agency alone and with those
    below it: none is judged by another's figures."""
    boards.add_unit(office, "Huyện", "commune", kind="agency")
    boards.add_unit(office, "Xã", "Huyện", kind="agency")
    add_issued(
        office, *(issued_row(office) for _n in range(3)), issued_row(office, unit="commune", **INK),
        *(issued_row(office, **more) | {"agency_id": office.units[one], "unit_id": office.units[one]}
          for one, more in (("Huyện", {}), ("Xã", INK))),
    )  # fmt: skip
    scope = figures_scope(office.posts["admin"], agencies_below=())
    wanted = targets.Wanted(
        unit_id=office.units["commune"], indicator="sign_rate_docs", goal="70", first_month="2020-01",
        reason="Kế hoạch", seen=0,
    )  # fmt: skip
    with unit_of_work(engine) as uow:
        targets.set_target(uow, office.actor("admin"), scope, wanted=wanted, now=NOON)
        uow.commit()
    commune, economy = office.units["commune"], office.units["economy"]
    one = _targets(office, board(office, "2026-11"))
    parts = (Part.TOTAL, commune), (Part.ROW, economy), (Part.DIRECT, commune)
    assert [one[part]["sign_rate_docs"].met for part in parts] == [True, True, False], "75 %, 100 %, 0 %"
    below = office.units["Huyện"], office.units["Xã"]
    many = _targets(office, board(office, "2026-11", who="inspector", agency="", below=below))
    parts = (Part.ROW, commune), (Part.ROW, below[0]), (Part.GROUP, below[0]), (Part.ROW, below[1])
    assert [many[part]["sign_rate_docs"].met for part in parts] == [True, True, False, False]


def test_as_many_queries_with_three_agencies_as_with_sixty(filled: Office, engine: Engine) -> None:
    """Of the province and of one agency, a month, a quarter and a year: never more than twelve."""
    taken: list[list[int]] = []
    below: tuple[int, ...] = (filled.units["far"],)
    for count in (1, 57):
        below += _agencies(filled, count, start=len(below))
        taken.append([])
        for period in ("2026-11", "2026-10", "2026-Q4", "2026"):
            for agency in ("", "commune"):
                with statements(engine) as sent:
                    made = board(filled, period, who="inspector", agency=agency, below=below)
                taken[-1].append(len(sent))
                assert agency or len(made.rows) == len(below) + 1
    assert taken[0] == taken[1]
    assert max(taken[1]) <= MOST, taken


def _agencies(office: Office, count: int, *, start: int) -> tuple[int, ...]:
    """Agencies with twelve closed months of documents."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        units = [
            Unit(code=f"H97.{start + n}", name=f"Xã {start + n}", abbreviation="UBND", kind="agency",
                 valid_from=SINCE, parent_id=office.units["commune"])
            for n in range(count)
        ]  # fmt: skip
        uow.add(*units)
        uow.flush()
        for unit in units:
            unit.agency_id = unit.id
        uow.flush()
        closed = [
            FrozenMonth(agency_id=unit.id, month=key, cut_off=NOON, definition="2026-11", things=1, body=b"",
                        digest="0" * 64)
            for unit in units for key in ("2026-08", "2026-09", "2026-10")
        ]  # fmt: skip
        uow.add(*closed)
        uow.flush()
        uow.session.execute(
            insert(UnitMonth),
            [{"frozen_id": one.id, "unit_id": one.agency_id, "population": "issued", "value": value, "number": 3}
             for one in closed for value in ("passed.passed", "ink")],
        )  # fmt: skip
        uow.commit()
        return tuple(unit.id for unit in units)


def test_a_month_that_is_over_and_not_closed_is_counted_and_said(office: Office, engine: Engine) -> None:
    """One agency closed October, its neighbour did not yet: that one's is counted live; an older one is missing."""
    add_issued(
        office, issued_row(office, issued_at=OCTOBER), issued_row(office, issued_at=OCTOBER, unit="far_office")
    )
    months.close(engine, office.units["commune"], parse("2026-10"), now=NOON - 10 * DAY)
    below = (office.units["far"],)
    made = board(office, "2026-10", who="inspector", agency="", below=below)
    assert (made.total.figures["issued"], made.states["2026-10"], made.missing) == (2, State.OVER, ())
    with statements(engine) as sent:
        far = board(office, "2026-11", who="inspector", agency="far", below=below)
    assert len(sent) <= MOST + 7, "two months are open, each with all that rates are made of"
    assert far.total.before is not None
    assert far.total.before["issued"] == 1
    later = NOON + 40 * DAY
    made = board(office, "2026-10", who="inspector", agency="", below=below, now=later)
    assert (made.total.figures["issued"], [one.key for one in made.missing]) == (1, ["2026-10"])
    rows = {row.id: [one.key for one in row.missing] for row in made.rows}
    assert rows == {office.units["commune"]: [], office.units["far"]: ["2026-10"]}
    with pytest.raises(NotFound):
        board(office, "2027-03", now=later)
