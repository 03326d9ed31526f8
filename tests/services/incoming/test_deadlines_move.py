"""Pauses, extensions, and what a changed calendar, a unit's Saturdays or a term moves, on both databases."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.support.arrivals import Arrivals
from tests.support.office import NOON
from tests.support.statements import statements
from workflow.domain.errors import BadInput, Conflict, Missing, Refused
from workflow.domain.incoming import Part, Result
from workflow.domain.terms import Measure, Term
from workflow.services import calendar, journal, saturdays
from workflow.services.calendar import DayRule
from workflow.services.incoming import deadlines, extending, overdue, pausing, routing, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.recalculating import What
from workflow.store import incoming as store
from workflow.store.models import Incoming, IncomingPart, Journal, Outbox, Unit
from workflow.store.overdue import Narrow
from workflow.store.session import unit_of_work

TEN = DueChoice(term=Term(Measure.WORKING_DAYS, 10))
TUESDAY = dt.datetime(2026, 12, 8, 10, tzinfo=dt.UTC)
"""Ten working days after Monday 23 November; the 24th is a holiday."""
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
STORM = dt.date(2026, 11, 27)
OFF = DayRule(working=False, name_vi="Nghỉ phòng chống bão", decree="Công điện 01/CĐ-UBND")


def row(arrivals: Arrivals, key: int) -> Incoming:
    """The document as it stands."""
    with unit_of_work(arrivals.office.engine) as uow:
        return uow.session.get_one(Incoming, key)


def parts(arrivals: Arrivals, key: int) -> dict[str, IncomingPart]:
    """Its live parts by kind."""
    with unit_of_work(arrivals.office.engine) as uow:
        return {part.part: part for part in store.live_parts(uow.session, key)}


def whole(arrivals: Arrivals, key: int) -> None:
    """The journal's chain holds and ends where the row says."""
    with unit_of_work(arrivals.office.engine) as uow:
        report = journal.verify_subject(uow, f"incoming:{key}")
        found = uow.session.get_one(Incoming, key)
        count = len(uow.session.scalars(select(Journal).where(Journal.subject == f"incoming:{key}")).all())
    assert report.holds
    assert found.chain_length == count


def test_a_pause_moves_every_due_moment_by_the_office_time_it_stood(arrivals: Arrivals) -> None:
    """Wednesday 12:05 to Thursday 12:05 is a working day, for the document and for each part with a date."""
    found = arrivals.in_progress(due=TEN)
    part = parts(arrivals, found.id)["coordinate"]
    found = arrivals.do(
        "culture_head", deadlines.set_internal_due, incoming_id=found.id, version=found.version, part_id=part.id,
        day=dt.date(2026, 12, 2),
    )  # fmt: skip
    arrivals.now = dt.datetime(2026, 11, 25, 5, tzinfo=dt.UTC)
    found = arrivals.do("head", pausing.pause, incoming_id=found.id, version=found.version, remark="Chờ Sở")
    assert (found.step_due_at, found.due_at) == (None, TUESDAY)
    with pytest.raises(Missing, match="running"):
        arrivals.do("head", pausing.pause, incoming_id=found.id, version=found.version, remark="Chờ nữa")
    arrivals.now = dt.datetime(2026, 11, 26, 5, tzinfo=dt.UTC)
    found = arrivals.do("clerk", pausing.resume, incoming_id=found.id, version=found.version)
    assert (found.due_at, found.step_due_at) == (TUESDAY + DAY, TUESDAY + DAY)
    assert parts(arrivals, found.id)["coordinate"].due_at == dt.datetime(2026, 12, 3, 10, tzinfo=dt.UTC)
    whole(arrivals, found.id)


def test_done_while_it_stood_still_ends_the_pause(arrivals: Arrivals) -> None:
    """The last stretch belongs to the other office, and the due date counts the time that the clock stood."""
    found = arrivals.in_progress(due=TEN)
    arrivals.now = dt.datetime(2026, 12, 8, 5, tzinfo=dt.UTC)
    found = arrivals.do("head", pausing.pause, incoming_id=found.id, version=found.version, remark="Chờ Sở")
    found = arrivals.do(
        "specialist", working.finish, incoming_id=found.id, version=found.version, result=Result.SETTLED,
        words="Sở đã trả lời", later=2 * DAY,
    )  # fmt: skip
    assert found.paused_since is None
    assert found.due_at is not None
    assert found.done_at is not None
    assert found.done_at <= found.due_at
    with unit_of_work(arrivals.office.engine) as uow:
        assert [line.held_by for line, _name in store.history_of(uow.session, found.id)][-1] == "outside"
        assert store.open_pause(uow.session, found.id) is None


def test_what_is_overdue_is_not_paused(arrivals: Arrivals) -> None:
    """Lateness stays lateness."""
    found = arrivals.in_progress(due=TEN)
    arrivals.now = TUESDAY + HOUR
    with pytest.raises(Refused, match="pause_when_overdue"):
        arrivals.do("head", pausing.pause, incoming_id=found.id, version=found.version, remark="Chờ Sở")


def test_an_extension_that_another_office_gave_on_paper(arrivals: Arrivals) -> None:
    """The paper is named, nobody is written to; earlier pauses do not move the new date again."""
    found = arrivals.in_progress(due=TEN)
    found = arrivals.do("head", pausing.pause, incoming_id=found.id, version=found.version, remark="Chờ")
    found = arrivals.do("head", pausing.resume, incoming_id=found.id, version=found.version, later=3 * DAY)
    given: dict[str, Any] = {"until": dt.date(2026, 12, 18), "remark": "Chờ số liệu", "between": True}
    found = arrivals.do("specialist", extending.ask, incoming_id=found.id, version=found.version, **given)
    with pytest.raises(Missing, match="no_extension_asked"):
        arrivals.do("head", extending.ask, incoming_id=found.id, version=found.version, **given)
    found = arrivals.do(
        "leader", extending.grant, incoming_id=found.id, version=found.version, remark="Công văn 12/SNV-VP"
    )
    assert found.due_at == dt.datetime(2026, 12, 18, 10, tzinfo=dt.UTC)
    assert (found.extensions, found.first_due_at) == (1, TUESDAY)
    with unit_of_work(arrivals.office.engine) as uow:
        assert list(uow.session.scalars(select(Outbox).where(Outbox.unit_id.is_not(None)))) == []


def test_an_earlier_due_date_takes_the_parts_along(arrivals: Arrivals) -> None:
    """No part is ever due after its document, and no deadline is a decision of its own."""
    found = arrivals.in_progress(due=TEN)
    lead = parts(arrivals, found.id)["lead"]
    found = arrivals.do(
        "head", deadlines.set_internal_due, incoming_id=found.id, version=found.version, part_id=lead.id,
        day=dt.date(2026, 12, 4),
    )  # fmt: skip
    with pytest.raises(BadInput, match="due_after_document"):
        arrivals.do(
            "head", deadlines.set_internal_due, incoming_id=found.id, version=found.version, part_id=lead.id,
            day=dt.date(2026, 12, 9),
        )  # fmt: skip
    sooner = DueChoice(day=dt.date(2026, 11, 30))
    found = arrivals.do("leader", deadlines.set_due, incoming_id=found.id, version=found.version, choice=sooner)
    assert parts(arrivals, found.id)["lead"].due_at == found.due_at == dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)
    none = deadlines.NO_DEADLINE
    found = arrivals.do("leader", deadlines.set_due, incoming_id=found.id, version=found.version, choice=none)
    assert (found.due_kind, found.due_at) == ("none", None)


def test_a_changed_holiday_moves_open_documents_and_no_closed_one(arrivals: Arrivals) -> None:
    """Must be shown 6: the preview names what flips, saving writes it with an entry each, closed ones stay."""
    office = arrivals.office
    work, lying = arrivals.in_progress(due=TEN), arrivals.assigned(due=DueChoice(day=dt.date(2026, 12, 4)))
    done = arrivals.in_progress(due=TEN)
    done = arrivals.do(
        "specialist", working.finish, incoming_id=done.id, version=done.version, result=Result.SETTLED, words="Xong"
    )
    free = arrivals.in_progress(due=deadlines.NO_DEADLINE)
    part = parts(arrivals, work.id)["coordinate"]
    arrivals.do(
        "culture_head", deadlines.set_internal_due, incoming_id=work.id, version=work.version, part_id=part.id,
        day=STORM,
    )  # fmt: skip
    before = {key: row(arrivals, key) for key in (work.id, lying.id, done.id, free.id)}
    admin = office.actor("admin")
    with unit_of_work(office.engine) as uow:
        flips = calendar.preview(uow, admin, STORM, rule=OFF, now=arrivals.now)
    assert {(flip.document, flip.what, flip.before, flip.after) for flip in flips} == {
        (work.id, What.DUE, TUESDAY, TUESDAY + DAY),
        (
            work.id,
            What.PART,
            dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC),
        ),
    }
    assert row(arrivals, work.id).due_at == TUESDAY
    with unit_of_work(office.engine) as uow:
        moved = calendar.change_day(uow, admin, STORM, rule=OFF, reason="Bão số 9", seen="", now=arrivals.now)
        uow.commit()
    assert moved == 1
    after = row(arrivals, work.id)
    assert (after.due_at, after.step_due_at, after.first_due_at) == (TUESDAY + DAY,) * 3
    assert after.version == before[work.id].version
    assert parts(arrivals, work.id)["coordinate"].due_at == dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)
    for key in (lying.id, done.id, free.id):
        assert row(arrivals, key).due_at == before[key].due_at
        assert row(arrivals, key).chain_length == before[key].chain_length
    with unit_of_work(office.engine) as uow:
        entries = uow.session.scalars(select(Journal).where(Journal.tag == "document:incoming:recalculated")).all()
    (entry,) = entries
    facts = json.loads(entry.body)["facts"]
    assert entry.subject == f"incoming:{work.id}"
    assert facts["due"] == {"before": "2026-12-08T10:00:00.000000Z", "after": "2026-12-09T10:00:00.000000Z"}
    assert facts["because"]["decree"] == OFF.decree
    assert [one["part"] for one in facts["parts"]] == [part.id]
    whole(arrivals, work.id)
    found = arrivals.do(
        "specialist",
        working.finish,
        incoming_id=work.id,
        version=after.version,
        result=Result.SETTLED,
        words="Xong",
    )
    assert found.done_at is not None
    whole(arrivals, work.id)


def test_a_units_saturdays_move_its_own_documents_only(arrivals: Arrivals) -> None:
    """The lead unit's hours count; another unit's documents, and a stale page, move nothing."""
    office = arrivals.office
    found = arrivals.in_progress(due=TEN)
    waiting = arrivals.submitted()
    waiting = arrivals.do("leader", deadlines.set_due, incoming_id=waiting.id, version=waiting.version, choice=TEN)
    given = {"unit_id": office.units["economy"], "hours": "07:30-11:30"}
    scope = office.scope("leader")
    with unit_of_work(office.engine) as uow:
        flips = saturdays.preview(uow, office.actor("admin"), scope, now=arrivals.now, **given)
    sooner = dt.datetime(2026, 12, 5, 4, 30, tzinfo=dt.UTC)
    assert [(flip.document, flip.after) for flip in flips] == [(found.id, sooner)]
    with unit_of_work(office.engine) as uow, pytest.raises(Conflict, match="saturday_changed"):
        saturdays.change(uow, office.actor("admin"), scope, reason="Mở", seen="x", now=arrivals.now, **given)
    with unit_of_work(office.engine) as uow:
        saturdays.change(uow, office.actor("admin"), scope, reason="Mở", seen="", now=arrivals.now, **given)
        uow.commit()
    assert row(arrivals, found.id).due_at == sooner
    assert row(arrivals, waiting.id).due_at == TUESDAY
    whole(arrivals, found.id)
    with unit_of_work(office.engine) as uow:
        stored = uow.session.get_one(Unit, office.units["economy"]).saturday
    with unit_of_work(office.engine) as uow, pytest.raises(Refused, match="saturday_same"):
        saturdays.change(uow, office.actor("admin"), scope, reason="Mở", seen=stored, now=arrivals.now, **given)
    directed = arrivals.direction()
    again = row(arrivals, waiting.id)
    moved = arrivals.do("leader", routing.direct, incoming_id=again.id, version=again.version, direction=directed)
    assert moved.due_at == sooner


def many(arrivals: Arrivals, model: Incoming, *, first: int, count: int) -> None:
    """Copies of a document with its lead part, straight into the tables."""
    columns = [column.name for column in Incoming.__table__.columns if column.name not in {"id", "once_key"}]
    values = {name: getattr(model, name) for name in columns}
    with unit_of_work(arrivals.office.engine) as uow:
        uow.begin_write()
        rows = [{**values, "number": first + n, "chain_length": 0, "chain_head": ""} for n in range(count)]
        ids = list(uow.session.scalars(insert(Incoming).returning(Incoming.id), rows))
        unit = model.lead_unit_id
        uow.session.execute(
            insert(IncomingPart),
            [
                {"incoming_id": key, "agency_id": model.agency_id, "part": Part.LEAD, "unit_id": unit,
                 "state": "in_progress", "given_at": NOON,
                 "due_at": dt.datetime(2026, 12, 4, 10, tzinfo=dt.UTC)}
                for key in ids
            ],
        )  # fmt: skip
        uow.commit()


def test_as_many_queries_for_ten_as_for_a_thousand(arrivals: Arrivals) -> None:
    """The preview, the change (in batches), what is overdue, next week and the job's look for lateness."""
    office = arrivals.office
    found = arrivals.in_progress(due=TEN)
    counts = []
    later = TUESDAY + DAY
    looks = {
        "preview": lambda uow: calendar.preview(uow, office.actor("admin"), STORM, rule=OFF, now=arrivals.now),
        "overdue": lambda uow: overdue.overdue_now(uow, office.scope("leader"), now=later, narrow=Narrow()),
        "unexplained": lambda uow: overdue.unexplained(uow, now=later, limit=200),
    }
    for count in (9, 990):
        many(arrivals, found, first=2 + sum(one["rows"] for one in counts), count=count)
        took = {"rows": count}
        for name, look in looks.items():
            with unit_of_work(office.engine) as uow, statements(office.engine) as sent:
                look(uow)
            took[name] = len(sent)
        counts.append(took)
    assert {**counts[0], "rows": 0} == {**counts[1], "rows": 0}
    with unit_of_work(office.engine) as uow, statements(office.engine) as sent:
        moved = calendar.change_day(
            uow, office.actor("admin"), STORM, rule=OFF, reason="Bão", seen="", now=arrivals.now
        )
        uow.commit()
    assert moved == 1000
    assert len(sent) < 30
