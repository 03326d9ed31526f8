"""The job `monthly_reports`: drafted once a month for whom the agency named, gone on with where it was cut off."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.support import months
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.errors import Refused
from workflow.domain.people import Actor
from workflow.domain.periods import parse
from workflow.services.documents import writing
from workflow.services.figures import upward
from workflow.store.models import Outgoing, PostRow
from workflow.store.session import unit_of_work

JOB = job("monthly_reports")


@pytest.fixture
def closed(tools: Tools, office: Office) -> Office:
    """October is closed; the clerk is to draft its report for the leader, in the far agency nobody is."""
    add_issued(office, issued_row(office, issued_at=NOON - dt.timedelta(days=40)))
    for agency in ("commune", "far"):
        months.close(tools.engine, office.units[agency], parse("2026-10"), now=NOON - dt.timedelta(days=10))
    with unit_of_work(tools.engine) as uow:
        plan = upward.Plan(
            drafter=office.posts["clerk"].id, signer=office.posts["leader"].id, recipients="Sở Nội vụ"
        )
        upward.plan_report(uow, Actor.of(office.posts["admin"]), plan=plan, reason="Quy chế", now=NOON)
        uow.commit()
    return office


def reports(tools: Tools) -> list[Outgoing]:
    with unit_of_work(tools.engine) as uow:
        return list(uow.session.scalars(select(Outgoing).where(Outgoing.type_code == "report")))


def test_it_lies_on_one_desk_once(tools: Tools, closed: Office) -> None:
    """Each morning is run; one draft with its words, held by its drafter, told in the figures' chain."""
    for day in ("2026-11-12", "2026-11-13"):
        assert run_period(tools, JOB, day) is Outcome.DONE
    (row,) = reports(tools)
    assert (row.drafter_id, row.holder_id) == (closed.posts["clerk"].person_id,) * 2
    assert (row.file_sha256 is not None, row.signer_id) == (True, closed.posts["leader"].person_id)
    with unit_of_work(tools.engine) as uow:
        assert upward.drafted(uow, closed.units["commune"], "2026-10") == [row.id]


def test_what_was_opened_and_not_written_is_written_next_time(
    tools: Tools, closed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off between the two units of work: the same draft gets its words."""
    with monkeypatch.context() as cut:
        cut.setattr(writing, "write", _refused)
        assert run_period(tools, JOB, "2026-11-12") is Outcome.DONE
    (row,) = reports(tools)
    assert row.file_sha256 is None
    assert run_period(tools, JOB, "2026-11-13") is Outcome.DONE
    (again,) = reports(tools)
    assert (again.id, again.file_sha256 is not None) == (row.id, True)


def _refused(*_given: object, **_named: object) -> None:
    raise Refused("stale")


def test_nobody_drafts_where_the_drafter_left(tools: Tools, closed: Office) -> None:
    """Until the agency names another one."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        mine = PostRow.id == closed.posts["clerk"].id
        uow.session.execute(update(PostRow).where(mine).values(valid_to=(NOON - dt.timedelta(days=30)).date()))
        uow.commit()
    assert run_period(tools, JOB, "2026-11-12") is Outcome.DONE
    assert reports(tools) == []


def test_a_quarter_is_drafted_once_its_months_are_closed(tools: Tools, closed: Office) -> None:
    """For who asked for longer periods; not while a month of it is open; each once, and each month where all are
    wanted."""
    agency = closed.units["commune"]
    with unit_of_work(tools.engine) as uow:
        before = upward.plan_of(uow, agency)
        upward.plan_report(uow, Actor.of(closed.posts["admin"]), plan=replace(before, often="all"), reason="Quý",
                           now=NOON)  # fmt: skip
        uow.commit()
    assert run_period(tools, JOB, "2026-11-12") is Outcome.DONE
    with unit_of_work(tools.engine) as uow:
        assert [one.period for one in upward.to_draft(uow, "2026-12", day=NOON.date())] == []
    for month in ("2026-11", "2026-12"):
        months.close(tools.engine, agency, parse(month), now=NOON + dt.timedelta(days=60))
    with unit_of_work(tools.engine) as uow:
        found = [one.period for one in upward.to_draft(uow, "2026-12", day=NOON.date())]
    assert found == ["2026-12", "2026-Q4", "2026-H2", "2026"]
    (row,) = reports(tools)
    assert "tháng 10" in row.subject
