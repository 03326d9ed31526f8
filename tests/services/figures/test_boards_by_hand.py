"""A small province by hand: what boards say is counted again from the rows, by other means.

Units merge in the middle of a month and an agency takes over from another; a deputy signs in two agencies;
documents lie over the end of a month, get more time, stand still, come back; a month nobody has closed. Nothing
here asks `store.month_facts` or `store.month_stands`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.support import boards, months
from tests.support.arrivals import Arrivals
from tests.support.boards import board
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.boards import Change, Way, change
from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.incoming import Part, Result
from workflow.domain.indicators import indicator
from workflow.domain.periods import parse
from workflow.domain.rates import quantile
from workflow.services.figures.months import State
from workflow.services.incoming import extending, pausing, routing, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.routing import Direction, To
from workflow.store.models import History, Incoming, Outgoing
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
MERGED = dt.date(2026, 10, 15)
LAST_EVENING = dt.datetime(2026, 10, 31, 23, 30, tzinfo=OFFICE_ZONE)
"""Still October in the office, and in UTC; half an hour later it is November there."""
MIDNIGHT = dt.datetime(2026, 11, 1, tzinfo=OFFICE_ZONE)


def _at(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=OFFICE_ZONE)


@pytest.fixture
def province(office: Office) -> Office:
    """Tổ B and Tổ C of the economy office become Tổ BC of the culture office on 15 October."""
    boards.add_unit(office, "Tổ B", "economy")
    boards.add_unit(office, "Tổ C", "economy")
    boards.add_unit(office, "Tổ BC", "culture", first=MERGED)
    boards.hand_on(office, "Tổ B", "Tổ BC", on=MERGED)
    boards.hand_on(office, "Tổ C", "Tổ BC", on=MERGED)
    ink = {"medium": "ink", "leader_verdict": ""}
    add_issued(
        office,
        *(issued_row(office, unit="Tổ B", issued_at=_at(9, day)) for day in (3, 17, 29)),
        issued_row(office, unit="Tổ B", issued_at=_at(10, 9)),
        issued_row(office, unit="Tổ C", issued_at=_at(10, 12)),
        issued_row(office, unit="Tổ C", issued_at=_at(10, 14), **ink),
        issued_row(office, unit="Tổ BC", issued_at=_at(10, 20), seal_verdict="failed"),
        issued_row(office, unit="Tổ BC", issued_at=LAST_EVENING),
        issued_row(office, unit="Tổ BC", issued_at=MIDNIGHT),
        issued_row(office, unit="culture", issued_at=_at(10, 21), secret=True),
        issued_row(office, unit="economy", issued_at=_at(11, 2), signer="deputy", capacity="kt"),
        issued_row(office, unit="far_office", issued_at=_at(11, 3), signer="deputy"),
        issued_row(office, unit="far_office", issued_at=_at(10, 7), **ink),
    )  # fmt: skip
    _signatures(office)
    return office


def _signatures(office: Office) -> None:
    """Each digital one was waited for; one came back and was signed again in the next month."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        papers = uow.session.scalars(
            select(Outgoing).where(Outgoing.medium == "digital").order_by(Outgoing.id)
        ).all()
        for place, paper in enumerate(papers, 1):
            at, minutes = paper.issued_at - DAY if paper.issued_at else NOON, place * place * 7
            lines = [(at, minutes)]
            if place == 1:
                lines = [*lines, (at + 40 * DAY, 3)]
            for ordinal, (when, took) in enumerate(lines, 1):
                uow.add(History(
                    document_id=paper.id, ordinal=ordinal, at=when, action="sign", from_state="awaiting_signature",
                    to_state="signed", person_id=paper.signer_id, post_id=paper.signer_post_id, held_minutes=took,
                ))  # fmt: skip
        uow.commit()


def _papers(office: Office, period: str, takes: Callable[[Any], bool] = lambda _row: True) -> list[Any]:
    """What was issued by the office's calendar."""
    one = parse(period)
    with unit_of_work(office.engine) as uow:
        rows = uow.session.execute(select(Outgoing.__table__)).all()
    return [row for row in rows if row.issued_at and takes(row)
            and one.first <= row.issued_at.astimezone(OFFICE_ZONE).date() <= one.last]  # fmt: skip


def _rate(rows: Collection[Any]) -> tuple[int, int]:
    counted = [row for row in rows if not row.secret and row.exempt_by_id is None]
    full = [
        row for row in counted if row.medium == "digital" and {row.leader_verdict, row.seal_verdict} == {"passed"}
    ]
    return len(full), len(counted)


def _waits(office: Office, period: str, takes: Callable[[Any, Any], bool]) -> tuple[int, int | None, int | None]:
    """How many, median, 90th percentile; of a document signed twice in a month the last."""
    one, last = parse(period), dict[tuple[int, int], int]()
    with unit_of_work(office.engine) as uow:
        papers = {row.id: row for row in uow.session.execute(select(Outgoing.__table__))}
        lines = uow.session.execute(select(History.__table__).order_by(History.id)).all()
    for line in lines:
        day = line.at.astimezone(OFFICE_ZONE).date()
        if line.action == "sign" and one.first <= day <= one.last and takes(papers[line.document_id], line):
            last[line.document_id, day.month] = line.held_minutes
    times = [dt.timedelta(minutes=minutes) for minutes in last.values()]
    half, most = quantile(times, 50), quantile(times, 90)
    return len(times), half and half // dt.timedelta(minutes=1), most and most // dt.timedelta(minutes=1)


def _of(row: Any) -> tuple[int, int | None, int | None] | None:
    return row.waited and (row.waited.number, row.waited.median, row.waited.p90)


def _close(office: Office, *keys: str, agencies: Collection[str] = ("commune", "far")) -> None:
    for key in keys:
        for agency in agencies:
            months.close(office.engine, office.units[agency], parse(key), now=NOON - 10 * DAY)


@pytest.mark.parametrize("closed", [(), ("2026-09", "2026-10")], ids=["live", "closed"])
def test_rates_and_times_are_those_of_the_rows(province: Office, closed: tuple[str, ...]) -> None:
    """Of all agencies, of one, of each unit as the tree stood, of each signer: closed and counted as one looks."""
    _close(province, *closed)
    units, below = province.units, (province.units["far"],)
    under = {
        "economy": ("economy", "Tổ B", "Tổ C"), "culture": ("culture", "Tổ BC"),
        **{one: (one,) for one in ("Tổ B", "Tổ C", "Tổ BC")},
    }  # fmt: skip
    periods = ["2026-10", "2026-11", "2026-Q4", *(["2026-09", "2026-H2"] if closed else [])]
    for period in periods:
        every = board(province, period, who="inspector", agency="", below=below)
        assert boards.signed(every.total) == _rate(_papers(province, period))
        assert _of(every.total) == _waits(province, period, lambda _paper, _line: True)
        for row in every.rows:
            assert boards.signed(row) == _rate(
                _papers(province, period, lambda one, key=row.id: one.agency_id == key)
            )
            assert _of(row) == _waits(province, period, lambda one, _line, key=row.id: one.agency_id == key)
        made = board(province, period, who="inspector", below=below)
        assert _of(made.total) == next(_of(row) for row in every.rows if row.id == units["commune"])
        rows = {row.id: row for row in made.rows if not row.direct}
        for name, parts in under.items():
            keys = {units[part] for part in parts}
            papers = _papers(province, period, lambda one, keys=keys: one.unit_id in keys)
            shown = rows.get(units[name])
            assert (boards.signed(shown) if shown else (0, 0)) == _rate(papers), (period, name)
            assert shown is None or _of(shown) == _waits(
                province, period, lambda one, _line, keys=keys: one.unit_id in keys
            )
        for row in made.people:
            mine = _papers(
                province, period, lambda one, key=row.id: (one.signer_id, one.agency_id) == (key, units["commune"])
            )
            assert row.figures["sign_counted"] == _rate(mine)[1]
    assert board(province, "2026-11", who="inspector", agency="", below=below).total.figures["issued"] == 3


def test_a_unit_that_took_over_in_the_middle_of_a_month(province: Office) -> None:
    """October has three units beside each other; November compares its one with all of October, and so does its
    trend."""
    _close(province, "2026-09", "2026-10")
    units = province.units
    october = {row.id: row for row in board(province, "2026-10").rows if not row.direct}
    numbers = [boards.signed(october[units[name]]) for name in ("Tổ B", "Tổ C", "Tổ BC")]
    assert numbers == [(1, 1), (1, 2), (1, 2)]
    (row,) = (one for one in board(province, "2026-11").rows if one.id == units["Tổ BC"])
    assert (boards.signed(row), boards.signed_before(row)) == ((1, 1), (3, 5))
    points = {point.period.key: point.figures for point in row.trend}
    was = {key: figures and (figures["fully_signed"], figures["sign_counted"]) for key, figures in points.items()}
    assert (was["2026-09"], was["2026-10"], was["2026-11"]) == ((3, 3), (3, 5), (1, 1))
    moved = change(indicator("sign_rate_docs"), row.figures, row.before or {})
    assert moved == Change(Decimal("40.00"), Way.BETTER)
    assert row.waited_before is not None
    assert row.waited_before.number == 6, (
        "all that was signed in October, the one of midnight and the one that came back too"
    )


def test_an_agency_that_took_over_has_the_others_months(office: Office) -> None:
    """Its trend shows what the one before it did and closed; a whole of agencies says whose month is not closed."""
    boards.add_unit(office, "Huyện", "commune", kind="agency", first=dt.date(2026, 9, 1))
    boards.add_unit(office, "Xã cũ", "Huyện", kind="agency", first=dt.date(2026, 9, 1), last=dt.date(2026, 10, 31))
    boards.add_unit(office, "Xã mới", "Huyện", kind="agency", first=boards.MOVED)
    boards.hand_on(office, "Xã cũ", "Xã mới")
    below = tuple(office.units[one] for one in ("Huyện", "Xã cũ", "Xã mới"))
    add_issued(
        office, *(issued_row(office, issued_at=at) | {"agency_id": office.units[one], "unit_id": office.units[one]}
                  for one, at in (("Xã cũ", _at(9, 9)), ("Xã cũ", _at(10, 9)), ("Xã mới", _at(11, 9)))),
    )  # fmt: skip
    for key, agencies in (("2026-09", ("commune", "Huyện")), ("2026-10", ("commune", "Huyện", "Xã cũ"))):
        _close(office, key, agencies=agencies)
    november = board(office, "2026-11", who="inspector", agency="", below=below)
    (new,) = (row for row in november.rows if row.id == office.units["Xã mới"])
    states = [(point.state, point.figures and point.figures["issued"], point.partial) for point in new.trend[-3:]]
    assert states == [(None, None, True), (State.CLOSED, 1, False), (State.RUNNING, 1, False)]
    (whole,) = (row for row in board(office, "2026-Q3", who="inspector", agency="", below=below).groups)
    assert (whole.name, [one.key for one in whole.missing]) == ("Huyện", ["2026-09"])
    assert [point.partial for point in whole.trend[-2:]] == [False, True]


def test_what_nobody_has_closed_is_not_nothing(province: Office) -> None:
    """The third quarter, of which only August is closed: what was issued then is what is known; what stood at its
    end is not known, nor is the quarter before; and a comparison with it says so."""
    _close(province, "2026-08")
    third = board(province, "2026-Q3")
    assert third.total.figures["issued"] == 0
    assert {"open", "unsigned", "leaders"}.isdisjoint(third.total.figures)
    assert [one.key for one in third.missing] == ["2026-07", "2026-09"]
    assert (third.total.before, [one.key for one in third.missing_before]) == (
        None,
        ["2026-04", "2026-05", "2026-06"],
    )
    fourth = board(province, "2026-Q4")
    assert fourth.total.before is not None
    assert fourth.total.before["issued"] == 0
    assert [one.key for one in fourth.missing_before] == ["2026-07", "2026-09"]
    assert fourth.total.figures["open"] == 0
    assert board(province, "2026-Q4", who="inspector", agency="", below=(province.units["far"],)).missing_before


@pytest.fixture
def work(office: Office) -> tuple[Office, dict[str, int]]:
    """Incoming documents of October, each with another fate; times are the office's."""
    road, units, made = Arrivals(office), office.units, dict[str, int]()

    def begin(name: str, day: int, due: int | None) -> dict[str, Any]:
        road.now = _at(10, day)
        choice = None if due is None else DueChoice(day=dt.date(2026, 10, 1) + due * DAY)
        made[name] = road.in_progress(facts=months.dated(road.now), due=choice).id
        return {"incoming_id": made[name], "version": None}

    def finish(given: dict[str, Any], at: dt.datetime) -> None:
        road.now = at
        road.do("specialist", working.finish, result=Result.SETTLED, words="Xong", **given)

    finish(begin("in time", 5, 20), _at(10, 19))
    finish(begin("on its day", 5, 20), _at(10, 21))
    finish(begin("late", 5, 14), _at(10, 20))
    extended = begin("extended", 6, 20)
    road.now = _at(10, 19)
    road.do("specialist", extending.ask, until=dt.date(2026, 11, 6), remark="Chờ Sở", **extended)
    road.do("leader", extending.grant, **extended)
    finish(extended, _at(11, 5))
    paused = begin("paused", 6, 20)
    road.now = _at(10, 16)
    road.do("head", pausing.pause, remark="Chờ công dân", **paused)
    road.now = _at(11, 4)
    road.do("head", pausing.resume, **paused)
    finish(paused, _at(11, 5))
    finish(begin("over the month's end", 8, 27), _at(11, 3))
    begin("never", 8, 28)
    moved = begin("given time when it was late", 8, 27)
    road.now = _at(11, 2)
    road.do("specialist", extending.ask, until=dt.date(2026, 11, 27), remark="Chờ", **moved)
    road.do("leader", extending.grant, **moved)
    finish(begin("reopened", 9, 27), _at(10, 20))
    road.now = _at(11, 3)
    road.do("leader", working.act, incoming_id=made["reopened"], version=None, action="reopen", remark="Chưa đủ")
    road.now = _at(10, 6)
    late = {"incoming_id": road.submitted(facts=months.dated(road.now)).id, "version": None}
    to = (To(part=Part.LEAD, unit_id=units["economy"]),
          To(part=Part.COORDINATE, unit_id=units["culture"], due=dt.date(2026, 10, 12)))  # fmt: skip
    direction = Direction(to=to, words="Phối hợp", due=DueChoice(day=dt.date(2026, 10, 23)))
    road.do("leader", routing.direct, direction=direction, **late)
    road.do("head", routing.assign, handler_post_id=office.posts["specialist"].id, **late)
    road.do("specialist", working.act, action="start", **late)
    finish(late, _at(10, 22))
    return office, made


def test_deadlines_pauses_and_ends_of_months(work: tuple[Office, dict[str, int]], engine: Engine) -> None:
    """October and November by hand, live, closed, and from the rows; the documents behind "late" and "overdue"."""
    office, made = work
    for closed in (False, True):
        if closed:
            _close(office, "2026-09", "2026-10")
        october, november = (board(office, key).total.figures for key in ("2026-10", "2026-11"))
        # in time, on its day, late, the one with a late part; the reopened one is open, and was due on the 28th
        assert _incoming(october) == {"finished": 4, "before": 2, "on": 1, "late": 1, "open": 6, "open_overdue": 4,
                                      "open_paused": 1, "open_in_due": 1, "open_undated": 0}  # fmt: skip
        # extended and paused in time, the one over the month's end late
        assert _incoming(november) == {"finished": 3, "before": 2, "on": 0, "late": 1, "open": 3, "open_overdue": 2,
                                       "open_paused": 0, "open_in_due": 1, "open_undated": 0}  # fmt: skip
        assert _incoming(board(office, "2026-Q4").total.figures) == {
            "finished": 7, "before": 4, "on": 1, "late": 2, "open": 3, "open_overdue": 2, "open_paused": 0,
            "open_in_due": 1, "open_undated": 0,
        }  # fmt: skip
        (economy,) = (row for row in board(office, "2026-10").rows if row.id == office.units["economy"])
        stopped = {"open": 5, "open_paused": 0}
        assert _incoming(economy.figures) == {**_incoming(october), **stopped}, "nobody has one that stands still"
        (holder,) = board(office, "2026-10").holders
        assert (holder.figures["finished"], holder.figures["late"], holder.figures["open_overdue"]) == (4, 1, 3)
    with unit_of_work(engine) as uow:
        rows = uow.session.execute(select(Incoming.__table__)).all()
    for key, figures in (("2026-10", october), ("2026-11", november)):
        one = parse(key)
        done = [row for row in rows if row.done_at and one.start <= row.done_at < one.end]
        late = [row for row in done if row.due_at and row.done_at > row.due_at]
        still = [
            row
            for row in rows
            if row.registered_at
            and row.registered_at < one.end
            and not (row.closed_at and row.closed_at < min(one.end, NOON))
            and row.id != made["reopened"]
        ]
        assert (len(done), len(late), len(still) + 1) == (figures["finished"], figures["late"], figures["open"]), (
            key
        )


def _incoming(figures: Any) -> dict[str, int]:
    names = (
        "finished",
        "before",
        "on",
        "late",
        "open",
        "open_overdue",
        "open_paused",
        "open_in_due",
        "open_undated",
    )
    return {name: figures[name] for name in names}
