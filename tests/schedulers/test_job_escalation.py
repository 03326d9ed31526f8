"""The job `escalation`: holder, head, leader, each once; who may not read is not told; one message a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from schedulers.job import Tools, Turn
from schedulers.rehearsal import rehearse
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.arrivals import LETTER, Arrivals
from tests.support.office import Office
from tests.support.statements import statements
from workflow.domain.absences import Acts
from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.channels import Sort
from workflow.domain.escalation import USUAL, Ladder, facts
from workflow.domain.notices import Kind
from workflow.services import absences
from workflow.services.documents import drafting
from workflow.services.escalation import telling
from workflow.services.incoming import explaining, pausing
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.explaining import Cause
from workflow.services.posting import Delivery, parcel
from workflow.store.models import (
    Escalation,
    Explanation,
    Incoming,
    IncomingPart,
    Outbox,
    Outgoing,
    PostRow,
    Setting,
)
from workflow.store.session import unit_of_work

JOB = job("escalation")
TUESDAY = "2026-12-01"
FRIDAY = DueChoice(day=dt.date(2026, 11, 27))


class Ticks:
    """The clock of a day, and what each tick told whom."""

    def __init__(self, tools: Tools, office: Office, clock: Hand) -> None:
        self.tools, self.office, self.clock = tools, office, clock
        self.names = {post.person_id: name for name, post in office.posts.items()}

    def at(self, when: str) -> dict[str, list[str]]:
        """Let the clock tick at a moment; who was told, with the lines of their message."""
        self.clock.now = dt.datetime.fromisoformat(when).replace(tzinfo=OFFICE_ZONE)
        last = self.last()
        assert run_period(self.tools, JOB, when) is Outcome.DONE
        return {
            self.names[note.person_id or 0]: [str(line["task"]) for line in note.params["lines"]]
            for note in self.notes()
            if note.id > last
        }

    def last(self) -> int:
        return max((note.id for note in self.notes()), default=0)

    def notes(self) -> list[Outbox]:
        """Messages of this job."""
        with unit_of_work(self.tools.engine) as uow:
            query = select(Outbox).where(Outbox.code.in_(("escalated", "explanation_chased")))
            return list(uow.session.scalars(query.order_by(Outbox.id)))

    def rows(self) -> list[tuple[str, str, str]]:
        """(kind, level, why nobody) in order."""
        with unit_of_work(self.tools.engine) as uow:
            rows = uow.session.scalars(select(Escalation).order_by(Escalation.id)).all()
            return [(row.kind, row.level, row.silence) for row in rows]

    def change(self, model: Any, key: int, **values: Any) -> None:
        """Set what a test needs to be otherwise."""
        with unit_of_work(self.tools.engine) as uow:
            uow.begin_write()
            row = uow.session.get_one(model, key)
            for name, value in values.items():
                setattr(row, name, value)
            uow.commit()


@pytest.fixture
def ticks(tools: Tools, office: Office, clock: Hand) -> Ticks:
    """Everybody in post."""
    return Ticks(tools, office, clock)


def test_holder_head_leader_each_once(ticks: Ticks, office: Office) -> None:
    """Due on Friday at 17:00: Monday 4 hours later, then 8, then 16; with every tick in between, the clock set back
    and the same period run again nothing is told twice; what is done is told no more."""
    found = Arrivals(office).in_progress(due=FRIDAY)
    Arrivals(office).in_progress(due=DueChoice(day=dt.date(2026, 12, 30)))
    told = {}
    for day in ("2026-11-27", "2026-11-28", "2026-11-30", TUESDAY, "2026-12-02"):
        for hour in ("07:45", "11:15", "12:15", "13:45", "16:45", "22:00"):
            told[f"{day}T{hour}"] = ticks.at(f"{day}T{hour}")
    assert {when: who for when, who in told.items() if who} == {
        "2026-11-30T13:45": {"specialist": ["handle"]},
        "2026-12-01T07:45": {"head": ["handle"]},
        "2026-12-02T07:45": {"leader": ["handle"]},
    }
    assert ticks.at("2026-11-30T14:00") == {}
    first, *others = ticks.notes()
    assert (first.link, first.sort, first.channel) == ("/desk", Sort.URGENT, "mail")
    assert parcel(first, Delivery(channels={}, secret="x" * 32)).kind == Kind.ESCALATED, "an SMS says so"
    (line,) = first.params["lines"]
    assert (line["link"], "who" in line) == (f"/incoming/{found.id}", False)
    assert {note.params["lines"][0]["who"] for note in others} == {office.names["specialist"]}


def test_another_due_moment_begins_anew_and_a_pause_is_quiet(ticks: Ticks, office: Office) -> None:
    """The pause is quiet; extended and missed again, the later due moment has its own levels."""
    arrivals = Arrivals(office)
    found = arrivals.in_progress(due=FRIDAY)
    given = {"incoming_id": found.id, "version": found.version}
    paused = arrivals.do("head", pausing.pause, **given, remark="Chờ Sở trả lời")
    assert ticks.at("2026-12-04T10:00") == {}
    arrivals.now = dt.datetime(2026, 12, 4, 8, tzinfo=dt.UTC)
    resumed = arrivals.do("head", pausing.resume, incoming_id=found.id, version=paused.version)
    assert resumed.due_at is not None
    assert ticks.at("2026-12-07T10:00") == {}
    seventh, eighth = (dt.datetime(2026, 12, day, 1, tzinfo=dt.UTC) for day in (7, 8))
    ticks.change(Incoming, found.id, due_at=seventh, step_due_at=seventh)
    assert ticks.at("2026-12-07T16:00") == {"specialist": ["handle"]}
    other = office.posts["drafter"].person_id
    ticks.change(Incoming, found.id, due_at=eighth, step_due_at=eighth, handler_id=other, holder_id=other)
    assert ticks.at("2026-12-08T08:30") == {}
    assert ticks.at("2026-12-08T16:00") == {"drafter": ["handle"]}


def test_thirty_are_one_message_and_a_secret_one_has_no_subject(ticks: Ticks, office: Office) -> None:
    """Twenty lines and how many more; of the secret paper only that it is one."""
    arrivals = Arrivals(office)
    for number in range(24):
        arrivals.in_progress(due=FRIDAY, facts=replace(LETTER, symbol=f"{number}/SNV"))
    secret = arrivals.in_progress(due=FRIDAY)
    ticks.change(Incoming, secret.id, secret=True)
    ticks.at("2026-11-30T14:00")
    (note,) = ticks.notes()
    assert (note.params["count"], len(note.params["lines"]), note.params["more"]) == (25, 20, 5)
    assert ticks.at("2026-12-01T08:00").keys() == {"head"}
    ticks.change(Incoming, secret.id, due_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
                 step_due_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC))  # fmt: skip
    ticks.at("2026-12-01T14:00")
    (line,) = ticks.notes()[-1].params["lines"]
    assert line["secret"] is True
    assert "subject" not in line
    assert LETTER.subject not in ticks.notes()[-1].body


def test_of_a_draft_on_the_clerks_table_the_office_s_head_hears_nothing(ticks: Ticks, office: Office) -> None:
    """The clerk's head may not read what another unit drafted: the level is noted, the leader is next. The head who
    reviews has nobody above but the leader. A draft without a day has no clock."""
    with unit_of_work(office.engine) as uow:
        made = [
            drafting.create(
                uow, office.actor("drafter"), now=ticks.clock.now,
                facts=drafting.DraftFacts(type_code="letter", subject=f"V/v {name}", recipients="Các thôn"),
            ).id
            for name in ("soát xét", "thể thức", "để nháp")
        ]  # fmt: skip
        uow.commit()
    moment = {"state_since": ticks.clock.now, "step_due_at": dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC)}
    for key, state in zip(made, ("in_review", "format_check", "draft"), strict=True):
        ticks.change(Outgoing, key, state=state, **moment)
    assert ticks.at("2026-11-30T14:00") == {"head": ["review"], "clerk": ["check_format"]}
    assert ticks.at("2026-12-01T08:00") == {}
    assert ticks.at("2026-12-02T08:00") == {"leader": ["review", "check_format"]}
    assert ticks.rows() == [
        ("outgoing", "holder", ""), ("outgoing", "holder", ""), ("outgoing", "head", "same"),
        ("outgoing", "head", "unread"), ("outgoing", "leader", ""), ("outgoing", "leader", ""),
    ]  # fmt: skip


def test_vacant_posts_deputies_and_coordinating_parts(ticks: Ticks, office: Office) -> None:
    """The specialist is away: the deputy at the desk hears, with the way to it. The unit has no head any more: the
    leader hears in that place, and not again. A coordinating unit's part has levels of its own."""
    arrivals = Arrivals(office)
    found = arrivals.in_progress(due=FRIDAY)
    with unit_of_work(office.engine) as uow:
        part = uow.session.scalars(select(IncomingPart).where(IncomingPart.part == "coordinate")).one()
        absences.set_own(
            uow, office.actor("specialist"), deputy_post_id=office.posts["drafter"].id, reason="Nghỉ phép",
            first_day=dt.date(2026, 11, 28), last_day=dt.date(2026, 12, 31), acts=Acts.READING,
            now=ticks.clock.now,
        )  # fmt: skip
        uow.commit()
    ticks.change(IncomingPart, part.id, due_at=found.due_at)
    ticks.change(PostRow, office.posts["head"].id, valid_to=dt.date(2026, 11, 29))
    assert ticks.at("2026-11-30T14:00") == {"drafter": ["handle"], "culture_head": ["coordinate"]}
    first = next(note for note in ticks.notes() if ticks.names[note.person_id or 0] == "drafter")
    assert first.params["lines"][0]["link"] == "/desk"
    assert ticks.at("2026-12-01T08:00") == {"leader": ["handle"]}
    assert ticks.at("2026-12-02T08:00") == {"leader": ["coordinate"]}
    assert ticks.rows()[-2:] == [("incoming", "leader", "same"), ("part", "leader", "")]


def test_an_agencys_own_hours(ticks: Ticks, office: Office) -> None:
    """A level that is switched off tells nobody; urgent documents are faster."""
    arrivals = Arrivals(office)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        own = replace(
            USUAL, normal=Ladder(holder=None, head=None, leader=6), urgent=Ladder(holder=1, head=2, leader=3)
        )
        uow.add(Setting(name=f"escalation:{office.units['commune']}", value=facts(own)))
        uow.commit()
    arrivals.in_progress(due=FRIDAY)
    urgent = arrivals.in_progress(due=FRIDAY)
    ticks.change(Incoming, urgent.id, urgency="urgent")
    assert ticks.at("2026-11-30T08:45") == {"specialist": ["handle"]}
    assert ticks.at("2026-11-30T10:45") == {"head": ["handle"]}
    assert ticks.at("2026-11-30T16:45") == {"leader": ["handle", "handle"]}


def test_explanations_are_chased_until_given(ticks: Ticks, office: Office, tools: Tools) -> None:
    """In the last half day, past its due, head, leader; given, nothing more; sent back, a clock of its own. Levels
    of documents that are switched off change nothing here."""
    arrivals = Arrivals(office)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        off = replace(USUAL, normal=Ladder(holder=None, head=None, leader=None))
        uow.add(Setting(name=f"escalation:{office.units['commune']}", value=facts(off)))
        uow.commit()
    found = arrivals.in_progress(due=FRIDAY)
    arrivals.now = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    with unit_of_work(office.engine) as uow:
        owed = explaining.demand_for_job(uow, incoming_id=found.id, now=arrivals.now)
        uow.commit()
    assert owed is not None  # until Wednesday 2 December, 17:00
    with unit_of_work(office.engine) as uow:
        absences.set_own(
            uow, office.actor("specialist"), deputy_post_id=office.posts["drafter"].id, reason="Đi họp",
            first_day=dt.date(2026, 12, 2), last_day=dt.date(2026, 12, 3), acts=Acts.READING, now=ticks.clock.now,
        )  # fmt: skip
        uow.commit()
    assert ticks.at("2026-12-02T11:15") == {}
    assert ticks.at("2026-12-02T13:15") == {"specialist": ["explain"]}
    assert ticks.at("2026-12-02T16:45") == {}
    assert ticks.at("2026-12-03T07:45") == {"specialist": ["explain"]}
    assert ticks.at("2026-12-04T07:45") == {"head": ["explain"]}
    assert {note.sort for note in ticks.notes()} == {Sort.EXPLANATION}
    assert [note.params["lines"][0]["link"] for note in ticks.notes()[1:]] == [
        f"/incoming/{found.id}/explain", f"/incoming/{found.id}",
    ]  # fmt: skip
    arrivals.now = dt.datetime(2026, 12, 4, 2, tzinfo=dt.UTC)
    given = arrivals.do("specialist", explaining.explain, incoming_id=found.id, version=None,
                        explanation_id=owed.id, cause=Cause.OBJECTIVE, words="Chờ Sở trả lời")  # fmt: skip
    assert ticks.at("2026-12-07T16:45") == {}
    arrivals.now = dt.datetime(2026, 12, 8, 2, tzinfo=dt.UTC)
    arrivals.do("leader", explaining.send_back, incoming_id=found.id, version=None, explanation_id=given.id,
                remark="Nêu rõ hơn")  # fmt: skip
    with unit_of_work(tools.engine) as uow:
        assert uow.session.get_one(Explanation, owed.id).due_at == dt.datetime(2026, 12, 10, 10, tzinfo=dt.UTC)
    assert ticks.at("2026-12-08T10:45") == {}
    assert ticks.at("2026-12-10T13:15") == {"specialist": ["explain"]}


def test_a_neighbour_hears_of_ones_own_only(ticks: Ticks, office: Office) -> None:
    """Each agency's people of its own papers; where an office has no head, the leader in that place. A dry run
    keeps nothing."""
    Arrivals(office).paper(clerk="far_clerk")
    Arrivals(office).paper()
    ticks.clock.now = dt.datetime(2026, 11, 26, 7, tzinfo=dt.UTC)
    with unit_of_work(ticks.tools.engine) as uow:
        turn = Turn(uow, ticks.tools, "2026-11-26T14:00:00", ticks.clock.now, ticks.clock.now)
        found = rehearse(JOB, turn)
    assert (found["counts"], ticks.notes(), ticks.rows()) == ({"told": 2, "nobody": 0, "messages": 2}, [], [])
    assert ticks.at("2026-11-26T14:00") == {"clerk": ["register"], "far_clerk": ["register"]}
    assert ticks.at("2026-11-27T08:00") == {"chief": ["register"], "far_leader": ["register"]}
    assert ticks.at("2026-11-30T08:00") == {"leader": ["register"]}
    assert ticks.rows()[-2:] == [("incoming", "leader", "same"), ("incoming", "leader", "")]


def test_with_nothing_late_five_queries(ticks: Ticks, office: Office) -> None:
    """However much is open; none but the calendar's at night."""
    Arrivals(office).in_progress(due=DueChoice(day=dt.date(2026, 12, 30)))
    for when, most in (("2026-11-23T13:30", 5), ("2026-11-23T23:30", 1)):
        with statements(ticks.tools.engine) as sent:
            ticks.at(when)
        asked = [one for one in sent if one.lstrip().startswith("SELECT") and "escalation" in one]
        assert len(asked) <= most
        assert len(asked) == (4 if most == 5 else 0)


def test_it_moved_on_while_the_run_read(ticks: Ticks, office: Office) -> None:
    """What somebody took a step with between reading and writing is told to nobody."""
    found, other = Arrivals(office).assigned(), Arrivals(office).assigned()
    now = dt.datetime(2026, 11, 27, 7, tzinfo=dt.UTC)

    def step(seen: int) -> bool:
        ticks.change(Incoming, found.id, state="in_progress")
        return seen < 0

    with unit_of_work(office.engine) as uow:
        done = telling.make(uow, period="2026-11-27T14:00", now=now, base_url="", watch=step)
        uow.commit()
    assert (done["told"], done["messages"]) == (1, 1)
    with unit_of_work(office.engine) as uow:
        assert list(uow.session.scalars(select(Escalation.item_id))) == [other.id]


def test_two_runs_at_once_tell_once(ticks: Ticks, office: Office) -> None:
    """One run reads, another one of a later period does all of it, the first one then writes: nothing is left."""
    Arrivals(office).in_progress(due=FRIDAY)
    now = dt.datetime(2026, 11, 30, 7, tzinfo=dt.UTC)

    def other(seen: int) -> bool:
        assert ticks.at("2026-11-30T14:00") == {"specialist": ["handle"]}
        return seen < 0

    with unit_of_work(office.engine) as uow:
        done = telling.make(uow, period="2026-11-30T13:45", now=now, base_url="", watch=other)
        uow.commit()
    assert (done["told"], done["messages"], len(ticks.notes())) == (0, 0, 1)
