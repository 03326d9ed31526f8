"""What a recount finds: lawful acts become adjustments with their cause, everything else is drift and is told."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable, Iterator, KeysView
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

from signing.testing import Revoked
from tests.services.test_signing_road import Road
from tests.services.test_signing_road import road as road  # the office with keys
from tests.support import months
from tests.support.arrivals import Arrivals
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.freezing import Broken, Cause, share_of_a_night
from workflow.domain.incoming import Result
from workflow.domain.indicators import Facts, Key, Place, Population
from workflow.domain.periods import parse
from workflow.domain.permissions import figures_scope
from workflow.services.figures import closing, recounting
from workflow.services.incoming import deadlines, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.verification.rechecking import recheck
from workflow.store.append_only import postgresql_statements, sqlite_statements
from workflow.store.models import FigureAdjustment, FigureDrift, Outbox
from workflow.store.session import unit_of_work

NOVEMBER = parse("2026-11")
CLOSED = dt.datetime(2026, 12, 2, 23, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@contextmanager
def unguarded(engine: Engine, table: str) -> Iterator[None]:
    """As somebody who may alter the tables, and puts the triggers back."""
    made = sqlite_statements(table) if engine.dialect.name == "sqlite" else postgresql_statements(table)
    with engine.begin() as connection:
        for statement in made:
            name = statement.split()[2]
            where = "" if engine.dialect.name == "sqlite" else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER {name}{where}"))
    yield
    with engine.begin() as connection:
        for statement in made:
            connection.exec_driver_sql(statement)


def behind_our_back(engine: Engine, statement: str, **given: object) -> None:
    """A change that no act tells of."""
    with engine.begin() as connection:
        assert connection.execute(text(statement), given).rowcount == 1


def drifts(engine: Engine) -> list[FigureDrift]:
    """What stands."""
    with unit_of_work(engine) as uow:
        query = select(FigureDrift).where(FigureDrift.gone_at.is_(None)).order_by(FigureDrift.id)
        return list(uow.session.scalars(query))


def close(office: Office) -> None:
    """November, on the third working day of December."""
    months.close(office.engine, office.units["commune"], NOVEMBER, now=CLOSED)


def finished(office: Office) -> tuple[Arrivals, int]:
    """One document finished in November, in time."""
    road = Arrivals(office)
    made = road.in_progress(due=DueChoice(day=dt.date(2026, 11, 27)))
    road.do("specialist", working.finish, incoming_id=made.id, version=None, result=Result.SETTLED, words="Xong")
    return road, made.id


def test_what_is_closed_is_neither_changed_nor_closed_again(office: Office) -> None:
    """Not by a second closing, not by SQL: the tables only grow."""
    add_issued(office, issued_row(office))
    close(office)
    with pytest.raises(Conflict, match="month_closed"):
        close(office)
    for statement in (
        "UPDATE frozen_month SET digest = 'x'", "DELETE FROM unit_month", "UPDATE unit_month SET number = 7",
        "DELETE FROM frozen_month",
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="append-only"), office.engine.begin() as connection:
            connection.execute(text(statement))


def test_an_administrator_closes_by_hand_with_a_reason(office: Office) -> None:
    """Only what is over, only their own agency's, once; the reason stands with it."""
    scope = figures_scope(office.posts["admin"], agencies_below=())
    given = {"period": "2026-10", "reason": "Báo cáo sớm theo yêu cầu của tỉnh", "now": NOON}
    with unit_of_work(office.engine) as uow:
        wrong: tuple[tuple[dict[str, str], type[Exception]], ...] = (
            ({"reason": " "}, BadInput), ({"period": "2026-11"}, Refused), ({"period": "2026-Q3"}, Refused),
        )  # fmt: skip
        for change, refused in wrong:
            with pytest.raises(refused):
                closing.close_by_hand(uow, office.actor("admin"), scope, **{**given, **change})
        with pytest.raises(NotPermitted):
            closing.close_by_hand(uow, office.actor("leader"), scope, **given)
        row = closing.close_by_hand(uow, office.actor("admin"), scope, **given)
        uow.commit()
        assert (row.closed_by_id, row.reason) == (office.posts["admin"].person_id, given["reason"])
        with pytest.raises(Conflict, match="month_closed"):
            closing.close_by_hand(uow, office.actor("admin"), scope, **given)


def test_a_reopened_document_is_an_adjustment_with_its_cause(office: Office) -> None:
    """The closed figure stays; beside it stands what it is now, and why. A second night finds nothing new."""
    road, key = finished(office)
    close(office)
    road.now = CLOSED + DAY
    road.do("leader", working.act, incoming_id=key, version=None, action="reopen", remark="Trả lời chưa đủ")
    months.recount(office.engine, now=road.now + DAY)
    _row, frozen, corrected = months.closed(office.engine, office.units["commune"], "2026-11")
    economy, handler = office.units["economy"], office.posts["specialist"].person_id
    assert frozen[Population.FINISHED, key] == Place(economy, handler, "before")
    assert (Population.FINISHED, key) not in corrected
    assert (Population.OPEN, key) in corrected
    with unit_of_work(office.engine) as uow:
        rows = list(uow.session.scalars(select(FigureAdjustment)))
    assert {(row.population, row.cause) for row in rows} == {("finished", Cause.REOPENED), ("open", Cause.REOPENED)}
    assert {row.acted_at for row in rows} == {road.now}
    assert drifts(office.engine) == []
    again = months.recount(office.engine, now=road.now + 2 * DAY)
    assert [(one.adjustments, one.drifts) for one in again.values()] == [(0, 0)]


def test_a_later_deadline_changes_nothing_of_what_was_overdue(office: Office) -> None:
    """Overdue when November ended. The leader moves one date before the month is closed and another one after: each
    counts as it stood when the month ended, at the closing and in every recount."""
    road = Arrivals(office)
    due = DueChoice(day=dt.date(2026, 11, 25))
    early, late = (road.in_progress(due=due).id for _n in range(2))
    later = {"version": None, "choice": DueChoice(day=dt.date(2026, 12, 25)), "remark": "Chờ hướng dẫn"}
    road.now = CLOSED - DAY
    road.do("leader", deadlines.set_due, incoming_id=early, **later)
    close(office)
    road.now = CLOSED + DAY
    road.do("leader", deadlines.set_due, incoming_id=late, **later)
    months.recount(office.engine, now=road.now + DAY)
    _row, frozen, corrected = months.closed(office.engine, office.units["commune"], "2026-11")
    for facts in (frozen, corrected):
        assert [facts[Population.OPEN, key].value for key in (early, late)] == ["overdue"] * 2
    with unit_of_work(office.engine) as uow:
        assert list(uow.session.scalars(select(FigureAdjustment))) == []
    assert drifts(office.engine) == []


def test_a_verdict_that_changes_is_an_adjustment(road: Road) -> None:
    """Signed and issued in November, revoked with a date before it, told in December."""
    document_id = road.awaiting()
    assert road.sign("leader", "leader", road.keys.held["leader"], document_id).conclusion == "passed"
    office = road.office
    with office.engine.begin() as connection:  # issued on paper, as far as this row says
        connection.execute(
            text(
                "UPDATE outgoing SET state='issued', numbered_at=:at, number=1, year=2026, sealed_at=:at,"
                " issued_at=:at, closed_at=:at WHERE id=:id"
            ),
            {
                "at": NOON.replace(tzinfo=None) if office.engine.dialect.name == "sqlite" else NOON,
                "id": document_id,
            },
        )
    close(office)
    leader = road.keys.held["leader"].certificate.serial_number
    road.keys.publish(at=CLOSED + DAY, revoked=(Revoked(serial=leader, at=NOON - DAY),))
    road.now = CLOSED + 2 * DAY
    assert road.do(recheck, "clerk", document_id=document_id, blobs=road.blobs).changed == 1
    months.recount(office.engine, now=CLOSED + 3 * DAY)
    _row, frozen, corrected = months.closed(office.engine, office.units["commune"], "2026-11")
    values = [facts[Population.ISSUED, document_id].value for facts in (frozen, corrected)]
    assert values == ["passed.missing", "failed.missing"]
    kinds = [facts[Population.LEADER_KIND, document_id].value for facts in (frozen, corrected)]
    assert kinds == ["dedicated.alone", "dedicated.failed"]  # as the root of its chain was listed
    with unit_of_work(office.engine) as uow:
        found = list(uow.session.scalars(select(FigureAdjustment)))
        assert {row.cause for row in found} == {Cause.VERDICT}
        assert {row.population for row in found} == {"issued", "signed_as", "leader_kind"}
    assert drifts(office.engine) == []


@pytest.mark.parametrize(
    ("change", "population", "found"),
    [
        ("UPDATE outgoing SET leader_verdict = 'failed' WHERE id = :out", "issued", "failed.passed"),
        ("UPDATE outgoing SET medium = 'ink' WHERE id = :out", "issued", "ink"),
        ("UPDATE incoming SET due_at = '2026-11-01 10:00:00+00' WHERE id = :came", "finished", "late"),
    ],
)
def test_a_document_changed_behind_our_back_is_drift(
    office: Office, change: str, population: str, found: str
) -> None:
    """Nothing in the journal tells of it: found that night, told once to whoever administers the agency."""
    _road, came = finished(office)
    (out,) = add_issued(office, issued_row(office))
    close(office)
    if office.engine.dialect.name == "sqlite":
        change = change.replace("+00'", ".000000'")
    behind_our_back(office.engine, change, **({"out": out} if ":out" in change else {"came": came}))
    for night in (1, 2):
        (came_out,) = months.recount(office.engine, now=CLOSED + night * DAY).values()
        number = 1 if population == "finished" else 4  # as issued, by capacity, by either certificate
        assert (came_out.adjustments, came_out.drifts, came_out.new) == (0, number, number if night == 1 else 0)
    row = next(one for one in drifts(office.engine) if one.population == population)
    assert row.item == (out if population == "issued" else came)
    assert row.found.endswith(f":{found}")
    with unit_of_work(office.engine) as uow:
        told = list(uow.session.scalars(select(Outbox).where(Outbox.code == "figures_drift")))
    assert [one.person_id for one in told] == [office.posts["admin"].person_id]
    assert told[0].link == f"/reports/months/2026-11?agency={office.units['commune']}"


def test_a_deleted_document_and_one_put_back(office: Office) -> None:
    """A row that is not issued any more is missed; when it is as it was, the drift is gone and stays on record."""
    (out,) = add_issued(office, issued_row(office))
    close(office)
    moved = "UPDATE outgoing SET agency_id = :agency WHERE id = :out"
    behind_our_back(office.engine, moved, agency=office.units["far"], out=out)
    months.recount(office.engine, now=CLOSED + DAY)
    (row,) = (one for one in drifts(office.engine) if one.population == "issued")
    assert (row.expected.split(":")[-1], row.found) == ("passed.passed", "")
    behind_our_back(office.engine, moved, agency=office.units["commune"], out=out)
    months.recount(office.engine, now=CLOSED + 2 * DAY)
    assert drifts(office.engine) == []
    with unit_of_work(office.engine) as uow:
        assert {one.gone_at for one in uow.session.scalars(select(FigureDrift))} == {CLOSED + 2 * DAY}


def test_a_closed_figure_changed_by_a_superuser_is_found(office: Office) -> None:
    """The rows, the list, the list with its digest, the adjustments: each with its name."""
    road, key = finished(office)
    add_issued(office, issued_row(office))
    close(office)
    road.now = CLOSED + DAY
    road.do("leader", working.act, incoming_id=key, version=None, action="reopen", remark="Trả lời chưa đủ")
    months.recount(office.engine, now=CLOSED + 2 * DAY)
    assert drifts(office.engine) == []
    forged = zlib.compress(b'{"facts":[]}')
    for table, statement, given, broken in (
        ("unit_month", "UPDATE unit_month SET number = 9 WHERE population = 'issued'", {}, {Broken.FIGURES}),
        ("figure_adjustment", "UPDATE figure_adjustment SET cause = 'post' WHERE ordinal = 1", {},
         {Broken.FIGURES, Broken.ADJUSTMENTS}),
        ("frozen_month", "UPDATE frozen_month SET digest = :digest", {"digest": "0" * 64},
         {Broken.FIGURES, Broken.ADJUSTMENTS, Broken.JOURNAL, Broken.CONTENT}),
        ("frozen_month", "UPDATE frozen_month SET body = :body", {"body": forged},
         {Broken.FIGURES, Broken.ADJUSTMENTS, Broken.JOURNAL, Broken.CONTENT}),
    ):  # fmt: skip
        with unguarded(office.engine, table):
            behind_our_back(office.engine, statement, **given)
        months.recount(office.engine, now=CLOSED + 3 * DAY)
        assert {one.broken for one in drifts(office.engine)} == set(map(str, broken))


class Meanwhile(dict[Key, Place]):
    """Facts that, when they are compared, have something else done first: once, with no transaction open."""

    def __init__(self, facts: Facts, act: Callable[[], object]) -> None:
        super().__init__(facts)
        self.acts = [act]

    def keys(self) -> KeysView[Key]:
        while self.acts:
            self.acts.pop()()
        return super().keys()


def other_day(office: Office) -> None:
    """The administrator chooses another day of closing: a line in the same chain."""
    scope = figures_scope(office.posts["admin"], agencies_below=())
    with unit_of_work(office.engine) as uow:
        closing.change_day(uow, office.actor("admin"), scope, day=5, seen=3, reason="Quy chế", now=CLOSED + 2 * DAY)
        uow.commit()


@pytest.mark.parametrize("by", ["recount", "day"])
def test_what_is_written_meanwhile_is_waited_for_by_nobody(office: Office, by: str) -> None:
    """The comparison holds no lock: another act goes through in the middle of it, and the month is left for the
    next night, which finds it whole."""
    road, key = finished(office)
    close(office)
    road.now = CLOSED + DAY
    road.do("leader", working.act, incoming_id=key, version=None, action="reopen", remark="Trả lời chưa đủ")
    now = road.now + DAY
    act = (lambda: months.recount(office.engine, now=now)) if by == "recount" else (lambda: other_day(office))
    facts = Meanwhile(months.month_of(office, "2026-11", now=now), act)
    with unit_of_work(office.engine) as uow:
        (one,) = recounting.due(uow)
        came = recounting.recount(uow, frozen_id=one.id, found=facts, counted_at=now, now=now)
        uow.commit()
    assert facts.acts == []
    assert (came.moved, came.adjustments, came.drifts) == (True, 0, 0)
    with unit_of_work(office.engine) as uow:
        assert len(uow.session.scalars(select(FigureAdjustment)).all()) == (2 if by == "recount" else 0)
    (again,) = months.recount(office.engine, now=now + DAY).values()
    assert (again.moved, again.adjustments, again.drifts) == (False, 0 if by == "recount" else 2, 0)


def test_old_months_come_round() -> None:
    """Whatever their number, within four weeks."""
    for older in (0, 1, 27, 28, 29, 300):
        assert share_of_a_night(older) * 28 >= older
