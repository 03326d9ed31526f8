"""Units, posts and logins as both databases answer."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, select

from tests.support.browser import MORNING, open_session
from tests.support.office import Office, build
from workflow.domain.errors import NotFound
from workflow.domain.permissions import NOTHING, Scope
from workflow.services.logins import digest
from workflow.store import accounts, people
from workflow.store.models import Account, PostRow, Unit
from workflow.store.session import unit_of_work

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def office(engine: Engine) -> Office:
    """The small province."""
    return build(engine)


def test_units_below_stay_inside_the_agency(engine: Engine, office: Office) -> None:
    """A part's parts belong to its head; an agency under an agency does not."""
    with unit_of_work(engine) as uow:
        commune = office.units["commune"]
        uow.begin_write()
        below = Unit(code="H99.01.99", name="Trung tâm", abbreviation="TT", kind="agency", parent_id=commune,
                     valid_from=TODAY)  # fmt: skip
        uow.add(below)
        uow.flush()
        below.agency_id = below.id
        team = Unit(code="H99.01.02.1", name="Tổ", abbreviation="T", kind="part", parent_id=office.units["economy"],
                    agency_id=commune, valid_from=TODAY)  # fmt: skip
        uow.add(team)
        uow.flush()
        assert people.units_below(uow.session, office.units["economy"]) == (team.id,)
        assert below.id not in people.units_below(uow.session, commune)
        assert people.agencies_below(uow.session, commune) == (below.id,)
        assert people.agencies_below(uow.session, office.units["far"]) == ()


def test_an_empty_scope_sees_nobody(engine: Engine, office: Office) -> None:
    """Nothing is the default."""
    with unit_of_work(engine) as uow:
        assert people.people(NOTHING, uow.session) == []
        assert list(people.units(NOTHING, uow.session)) == []
        with pytest.raises(NotFound):
            people.person(NOTHING, uow.session, office.posts["leader"].person_id)
        with pytest.raises(NotFound):
            people.post(NOTHING, uow.session, office.posts["leader"].id)
        with pytest.raises(NotFound):
            people.unit(NOTHING, uow.session, office.units["commune"])


def test_the_list_holds_one_line_a_post(engine: Engine, office: Office) -> None:
    """Everybody of the scope, with the state of their account."""
    scope = Scope(agency_ids=(office.units["commune"],))
    with unit_of_work(engine) as uow:
        rows = people.people(scope, uow.session)
    assert {row.full_name for row in rows} == {
        name for key, name in office.names.items() if not key.startswith("far")
    }
    assert {row.account for row in rows} == {"invited"}


@pytest.mark.parametrize("later", [dt.timedelta(minutes=31), dt.timedelta(hours=13)])
def test_a_login_is_found_until_it_is_over(engine: Engine, office: Office, later: dt.timedelta) -> None:
    """By the hash of its cookie, with the post; idle or old ones are gone."""
    post = office.posts["clerk"]
    secret = open_session(engine, post.person_id, post_id=post.id, now=MORNING)
    with unit_of_work(engine) as uow:
        found = accounts.login_by_cookie(uow.session, digest(secret), now=MORNING, today=TODAY)
        assert found is not None
        assert (found.post, found.full_name, found.posts_held) == (post, office.names["clerk"], 1)
        assert (found.has_factor, found.notices, found.demo) == (False, 0, False)
        assert accounts.login_by_cookie(uow.session, digest(secret), now=MORNING + later, today=TODAY) is None
        assert accounts.login_by_cookie(uow.session, secret, now=MORNING, today=TODAY) is None


def test_a_post_outside_its_dates_is_not_held(engine: Engine, office: Office) -> None:
    """The login stays, the post is gone."""
    post = office.posts["clerk"]
    secret = open_session(engine, post.person_id, post_id=post.id, now=MORNING)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(PostRow, post.id).valid_to = TODAY - dt.timedelta(days=1)
        uow.commit()
        found = accounts.login_by_cookie(uow.session, digest(secret), now=MORNING, today=TODAY)
    assert found is not None
    assert (found.post, found.posts_held) == (None, 0)


def test_failures_are_counted_and_forgotten(engine: Engine, office: Office) -> None:
    """A pause of an hour starts the count anew."""
    hour = dt.timedelta(hours=1)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for minutes in (0, 1, 2):
            now = MORNING + dt.timedelta(minutes=minutes)
            accounts.count_failure(uow.session, "account:x", now=now, forget_before=now - hour)
        assert accounts.failures_of(uow.session, "account:x")[0] == 3
        now = MORNING + dt.timedelta(hours=2)
        accounts.count_failure(uow.session, "account:x", now=now, forget_before=now - hour)
        assert accounts.failures_of(uow.session, "account:x") == (1, now)
        accounts.forget_failures(uow.session, "account:x")
        assert accounts.failures_of(uow.session, "account:x") == (0, None)


def test_ending_sessions_spares_one(engine: Engine, office: Office) -> None:
    """All of an account's but the present one."""
    post = office.posts["clerk"]
    for _number in range(3):
        open_session(engine, post.person_id, post_id=post.id, now=MORNING)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        account = uow.session.scalars(select(Account).where(Account.person_id == post.person_id)).one()
        live = accounts.live_sessions(uow.session, account.id, MORNING)
        assert accounts.end_sessions(uow.session, account.id, now=MORNING, because="test", but=live[0].id) == 2
        uow.session.expire_all()
        assert [row.id for row in accounts.live_sessions(uow.session, account.id, MORNING)] == [live[0].id]


def test_posts_elsewhere_are_seen(engine: Engine, office: Office) -> None:
    """A post in an agency out of reach makes an account not ours alone."""
    scope = Scope(agency_ids=(office.units["commune"],))
    with unit_of_work(engine) as uow:
        assert people.posts_elsewhere(scope, uow.session, office.posts["leader"].person_id, TODAY) == 0
        assert people.posts_elsewhere(scope, uow.session, office.posts["far_leader"].person_id, TODAY) == 1
