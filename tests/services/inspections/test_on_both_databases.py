"""What the database is asked about inspections, on SQLite and PostgreSQL: reach, logins, looks, populations."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import DatabaseError

from tests.support import engines
from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import MORNING, open_session
from tests.support.inspecting import Teams
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office, build
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted
from workflow.domain.inspections import Look, Standing
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Scope, inspection_scope
from workflow.services.inspections import finding, promising, reading, sampling, visiting
from workflow.services.inspections.sampling import Wanted
from workflow.services.journal import verify_subject
from workflow.store import accounts, documents, incoming, incoming_list, inspection_work, inspections
from workflow.store.inspection_work import Narrowed
from workflow.store.models import Finding, Journal, LoginSession, Outgoing, PostRow
from workflow.store.session import unit_of_work

TODAY = dt.date(2026, 11, 23)


def reader(teams: Teams, name: str, inspection_id: int) -> tuple[Actor, Scope]:
    """A member who reads in the inspection, and what that reaches."""
    with unit_of_work(teams.office.engine) as uow:
        agencies, units = inspections.reach(uow.session, inspection_id)
    actor = replace(teams.actor(name), role=Role.INSPECTOR, inspection_id=inspection_id)
    return actor, inspection_scope(agencies=agencies, units=units, until=None)


def test_from_founding_to_the_last_look(office: Office, engine: Engine) -> None:
    """A part and an agency: who is what to it, what is reached, noted, drawn, found and promised."""
    teams, arrivals = Teams(office), Arrivals(office)
    teams.below()
    inside, dark, theirs, culture = add_issued(
        office, issued_row(office), issued_row(office, secret=True), issued_row(office, unit="far_office"),
        issued_row(office, unit="culture"),
    )  # fmt: skip
    led = arrivals.directed()
    arrived = arrivals.registered(clerk="far_clerk")
    hidden = arrivals.registered(clerk="far_clerk", facts=replace(LETTER, secret=True, symbol="9/M"))
    row = teams.found("economy", "far", head="chief")
    actor, scope = reader(teams, "chief", row.id)
    with unit_of_work(engine) as uow:
        found = uow.session.scalars(select(Outgoing.id).where(documents.within(scope)).order_by(Outgoing.id)).all()
        assert found == [inside, theirs]
        assert {one.id for one in incoming_list.page(scope, uow.session, wanted=incoming_list.Filter())} == {
            led.id, arrived.id,
        }  # fmt: skip
        for key in (dark, culture):
            with pytest.raises(NotFound):
                documents.find(scope, uow.session, key)
        with pytest.raises(NotFound):
            documents.lock(scope, uow.session, inside, version=None)
        with pytest.raises(NotFound):
            incoming.find(scope, uow.session, hidden.id)
        for name, mine in (
            ("admin", {Standing.FOUNDER}), ("chief", {Standing.MEMBER, Standing.HEAD}), ("head", {Standing.UNIT}),
            ("leader", {Standing.UNIT}), ("far_leader", {Standing.UNIT}), ("drafter", set()), ("far_admin", set()),
        ):  # fmt: skip
            one = teams.actor(name)
            assert inspections.standings(one, uow.session, row, today=TODAY) == mine, name
            assert [found.id for found, *_rest in inspections.listed(one, uow.session, today=TODAY)] == (
                [row.id] if mine else []
            ), name
    assert _note(engine, actor, scope, f"outgoing:{inside}") == office.units["economy"]
    assert _note(engine, actor, scope, f"incoming:{arrived.id}") == office.units["far"]
    assert _note(engine, actor, scope, f"outgoing:{culture}") is None
    with unit_of_work(engine) as uow:
        assert len(inspections.looks(uow.session, row.id, under_ids=frozenset({office.units["far"]}))) == 1
        assert verify_subject(uow, f"inspection:{row.id}").holds
        uow.begin_write()
        with pytest.raises(DatabaseError):
            uow.session.execute(text("UPDATE inspection_look SET page = 'x'"))
    drawn_found_and_promised(teams, row.id, actor, scope, theirs)


def drawn_found_and_promised(teams: Teams, inspection_id: int, actor: Actor, scope: Scope, theirs: int) -> None:
    """Populations of both kinds by their units; a finding and its answer; a promise; what adds up."""
    office, engine = teams.office, teams.office.engine
    for kind, codes in (("outgoing", 2), ("incoming", 2)):
        units = office.units["economy"], office.units["far"]
        wanted = Wanted(kind=kind, unit_ids=units, first=dt.date(2026, 11, 1), last=dt.date(2026, 11, 30), size=1,
                        per_unit=True, seed="1")  # fmt: skip
        with unit_of_work(engine) as uow:
            sample = sampling.take(
                uow, actor, scope, inspection_id=inspection_id, wanted=wanted, now=NOON.replace(day=29)
            )
            uow.commit()
            items = [(one.place, one.unit_id) for one, _unit in inspection_work.items(uow.session, sample.id)]
        assert (sample.population, items) == (codes, [(1, office.units["economy"]), (2, office.units["far"])]), kind
    own = teams.actor("chief")
    with unit_of_work(engine) as uow, pytest.raises(NotPermitted, match="inspection_enter_first"):
        sampling.take(uow, own, office.scope("chief"), inspection_id=inspection_id, wanted=wanted, now=NOON)
    facts = finding.Facts(unit_id=office.units["far"], documents=f"outgoing:{theirs}", wrong="Sai", basis="Điều 5",
                          demand="Sửa", due_on=dt.date(2026, 11, 30))  # fmt: skip
    with unit_of_work(engine) as uow:
        noted = finding.note(uow, actor, scope, inspection_id=inspection_id, facts=facts, now=MORNING)
        uow.commit()
    given = finding.Answer(version=1, answer="Đã sửa")
    teams.do("far_leader", finding.answer, inspection_id=inspection_id, finding_id=noted.id, given=given)
    with pytest.raises(Conflict):
        teams.do("far_leader", finding.answer, inspection_id=inspection_id, finding_id=noted.id, given=given)
    promise = teams.do("head", promising.promise, inspection_id=inspection_id, unit_id=office.units["economy"],
                       kind="commitment", words="Ký số 100 %", due_on=dt.date(2026, 12, 1))  # fmt: skip
    teams.do(
        "head",
        promising.say,
        inspection_id=inspection_id,
        commitment_id=promise.id,
        version=1,
        state="done",
        reason="",
    )
    teams.do(
        "chief", visiting.inspected, inspection_id=inspection_id, unit_id=office.units["far"], inspected_on=TODAY
    )
    with unit_of_work(engine) as uow:
        assert inspection_work.standing(uow.session, inspection_id, today=TODAY).corrected == 1
        tallies = inspection_work.tallies(uow.session, inspection_id)
        assert [(one.done, one.whole) for one in tallies.values()] == [(1, 1), (0, 0), (1, 2)]
        for sort in inspection_work.SORTS:
            late = Narrowed(late_on=TODAY, unit_id=office.units["far"], under_ids=frozenset({office.units["far"]}))
            assert inspection_work.findings(uow.session, inspection_id, wanted=late, sort=sort) == []
            assert len(inspection_work.commitments(uow.session, inspection_id, wanted=Narrowed(), sort=sort)) == 1


def _note(engine: Engine, actor: Actor, scope: Scope, subject: str) -> int | None:
    """The unit under which a look is on record."""
    with unit_of_work(engine) as uow:
        member = inspections.members_of(uow.session, actor.inspection_id or 0)[0][0].id
        assert reading.note_look(uow, actor, scope, member_id=member, kind=Look.FILE, subject=subject,
                                 page=subject, now=NOON)  # fmt: skip
        uow.commit()
    with unit_of_work(engine) as uow:
        soon = NOON + dt.timedelta(seconds=30)
        again = reading.note_look(uow, actor, scope, member_id=member, kind=Look.FILE, subject=subject,
                                  page=subject, now=soon)  # fmt: skip
        assert not again
        body = uow.session.scalars(select(Journal.body).order_by(Journal.id.desc()).limit(1)).one()
        under: int | None = json.loads(body)["facts"]["under"]
        return under


def test_a_login_reads_in_one_from_its_first_day_to_its_last(office: Office, engine: Engine) -> None:
    """One query for every request: role, until when; nothing before, after, in another post, or for a program."""
    teams = Teams(office)
    row = teams.found("economy", head="chief")
    post = office.posts["chief"]
    secret = open_session(engine, post.person_id, post_id=post.id, now=MORNING)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    with unit_of_work(engine) as uow:
        uow.begin_write()
        member = inspections.members_of(uow.session, row.id)[0][0]
        uow.session.execute(update(LoginSession).values(inspection_member_id=member.id))
        uow.commit()
        for day, role in (
            (TODAY - dt.timedelta(days=1), Role.UNIT_HEAD), (TODAY, Role.INSPECTOR),
            (dt.date(2026, 12, 4), Role.INSPECTOR), (dt.date(2026, 12, 5), Role.UNIT_HEAD),
        ):  # fmt: skip
            login = accounts.login_by_cookie(uow.session, digest, now=MORNING, today=day)
            assert login is not None
            assert login.post is not None
            assert (login.post.role, login.inspection_id) == (role, row.id if role is Role.INSPECTOR else None), day
            assert login.inspected_until == (dt.date(2026, 12, 4) if login.inspection_id else None)
        uow.begin_write()
        uow.session.execute(update(LoginSession).values(post_id=office.posts["drafter"].id))
        uow.commit()
        login = accounts.login_by_cookie(uow.session, digest, now=MORNING, today=TODAY)
        assert login is not None
        assert (login.post, login.inspection_id) == (None, None)


def test_nobody_inspects_or_accepts_their_own(sqlite_url: str) -> None:
    """Whoever has any post in an inspected unit is not taken in; who is of the team answers for no unit, though
    they lead its agency; and who answered, and came to head the team afterwards, accepts nothing."""
    with engines.lent(sqlite_url) as engine:
        office = build(engine)
        teams = Teams(office)
        with unit_of_work(engine) as uow:
            uow.begin_write()
            uow.add(PostRow(person_id=office.posts["specialist"].person_id, unit_id=office.units["economy"],
                            agency_id=office.units["commune"], role=Role.DRAFTER, title="Chuyên viên",
                            valid_from=TODAY))  # fmt: skip
            uow.commit()
        with pytest.raises(BadInput, match="inspection_own_unit"):
            teams.found("economy", head="specialist")
        row = teams.found("economy", head="deputy")
        facts = finding.Facts(unit_id=office.units["economy"], documents="", wrong="Sai", basis="Điều 5",
                              demand="Sửa", due_on=dt.date(2026, 11, 30))  # fmt: skip
        noted = teams.do("deputy", partial(finding.note, scope=office.scope("deputy")), inspection_id=row.id,
                         facts=facts)  # fmt: skip
        asked = {"inspection_id": row.id, "finding_id": noted.id}
        given = finding.Answer(version=1, answer="Đã sửa")
        with pytest.raises(NotPermitted, match="inspection_act"):
            teams.do("deputy", finding.answer, given=given, **asked)
        teams.do("head", finding.answer, given=given, **asked)
        with unit_of_work(engine) as uow:
            uow.begin_write()
            answered = uow.session.get_one(Finding, noted.id)
            answered.answered_by_id = office.posts["deputy"].person_id
            uow.commit()
        with pytest.raises(NotPermitted, match="finding_own_answer"):
            teams.do("deputy", finding.decide, version=2, remark="", **asked)
        teams.do("deputy", finding.decide, version=2, remark="Để người khác trả lời", **asked)
