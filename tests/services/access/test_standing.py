"""What a review says of a past day is what the program itself answered on that day."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import fields

import pytest
from sqlalchemy import select

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.absences import Acts
from workflow.domain.access import ABILITIES
from workflow.domain.errors import Conflict, NotFound, NotPermitted, WorkflowError
from workflow.domain.people import Role
from workflow.domain.permissions import Permission, Scope, figures_scope, open_in_place, scope_of
from workflow.services import absences, people, sealing
from workflow.services.access import reaching, reviewing
from workflow.services.access.standing import digest, standing
from workflow.services.journal import verify_subject
from workflow.services.people import Appointment
from workflow.services.units import Letterhead, change_unit
from workflow.store import absences as absence_store
from workflow.store import accounts, documents
from workflow.store import people as people_store
from workflow.store.models import AccessReview, Account, PostRow, Unit
from workflow.store.session import UnitOfWork, unit_of_work

DAY = dt.timedelta(days=1)
MORNING, EARLY = dt.timedelta(hours=-4), dt.timedelta(hours=-11)
ROLES = (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.DEPUTY, Role.INSPECTOR)


def _wide(office: Office) -> Scope:
    return figures_scope(office.posts["admin"], agencies_below=(office.units["far"],))


def _scope(uow: UnitOfWork, post) -> Scope:  # type: ignore[no-untyped-def]
    """As a request makes it for a login in this post."""
    units = people_store.units_below(uow.session, post.unit_id) if post.role is Role.UNIT_HEAD else ()
    agencies = people_store.agencies_below(uow.session, post.agency_id) if post.role is Role.INSPECTOR else ()
    return scope_of(post, units_below=units, agencies_below=agencies)


def _live(office: Office, papers: list[int], now: dt.datetime) -> set[tuple[int, int, str]]:
    """(document, post, way) of everybody who reads it at this moment, asked as a request asks."""
    found = set()
    today = now.astimezone(dt.timezone(dt.timedelta(hours=7))).date()
    with unit_of_work(office.engine) as uow:
        for account in uow.session.scalars(select(Account).where(Account.active)).all():
            posts = [(post, post.id, "post") for post, _unit in accounts.posts_held(
                uow.session, account.person_id, today)]  # fmt: skip
            for desk in absence_store.desks_for(uow.session, account.person_id, today=today):
                assert open_in_place(Permission.READ_DOCUMENT, reading_only=desk.row.acts == "reading")
                own = accounts.post_of(desk.post, in_office=desk.is_office)
                posts.append((own, desk.row.deputy_post_id, "desk"))
            for post, key, way in posts:
                for paper in papers:
                    try:
                        documents.find(_scope(uow, post), uow.session, paper)
                    except NotFound:
                        continue
                    found.add((paper, key, way))
    return found


def _act(office: Office, draw: random.Random, now: dt.datetime) -> str:
    """One thing that an administrator does; what the rules refuse does not happen."""
    admin, scope, today = office.actor("admin"), _wide(office), now.date()
    with unit_of_work(office.engine) as uow:
        posts = uow.session.scalars(select(PostRow).where(PostRow.agency_id == office.units["commune"])).all()
        post = draw.choice([one for one in posts if one.person_id != admin.person_id])
        units = [office.units[name] for name in ("economy", "culture", "office", "commune")]
        kind = draw.choice(["give", "give", "end", "end", "close", "open", "leave", "office"])
        try:
            if kind == "give":
                first = today + draw.choice([-3, 0, 2]) * DAY
                role = draw.choice(ROLES)
                last = first + 300 * DAY if role is Role.INSPECTOR else None
                made = Appointment(unit_id=draw.choice(units), role=role, title="Thử", valid_from=first,
                                   valid_to=last, decree="1/QĐ")  # fmt: skip
                people.appoint(uow, admin, scope, person_id=post.person_id, post=made, now=now)
            elif kind == "end":
                last = today + draw.choice([-2, -1, 0, 3]) * DAY
                people.end_post(uow, admin, scope, post_id=post.id, last_day=last, decree="2/QĐ", now=now)
            elif kind == "close":
                people.deactivate(uow, admin, scope, person_id=post.person_id, reason="thử", now=now)
            elif kind == "open":
                closed = uow.session.scalars(select(Account.person_id).where(Account.active.is_(False))).first()
                people.reactivate(uow, admin, scope, person_id=closed or 0, reason="thử", now=now)
            elif kind == "leave":
                absences.set_for(uow, admin, scope, post_id=post.id, deputy_post_id=draw.choice(posts).id,
                                 first_day=today, last_day=today + draw.choice([0, 2]) * DAY,
                                 acts=draw.choice(list(Acts)), reason="thử", now=now)  # fmt: skip
            else:
                unit = uow.session.get_one(Unit, office.units["economy"])
                values = {one.name: getattr(unit, one.name) for one in fields(Letterhead)}
                letterhead = Letterhead(**{**values, "is_office": not unit.is_office})
                change_unit(uow, admin, scope, unit_id=unit.id, letterhead=letterhead, reason="thử", now=now)
            uow.commit()
        except WorkflowError:
            return ""
    return kind


def test_a_review_says_what_the_program_answered_on_that_day(office: Office) -> None:
    """Random posts, ends put on record late, closed accounts, desks looked after: for each past day the same."""
    draw, seen, done = random.Random(1), {}, Counter[str]()
    papers = add_issued(office, issued_row(office), issued_row(office, unit="culture"))
    for step in range(1, 13):
        noon = NOON + step * DAY
        reads = _live(office, papers, noon + EARLY)
        done.update(_act(office, draw, noon + MORNING) for _ in range(5))
        seen[noon.date()] = reads | _live(office, papers, noon)
    assert min(done[kind] for kind in ("give", "end", "close", "leave")) > 0, done
    later, admin, scope = NOON + 20 * DAY, office.actor("admin"), _wide(office)
    with unit_of_work(office.engine) as uow:
        codes = {paper: documents.one(uow.session, paper, reason="a test").code for paper in papers}
        for day, reads in seen.items():
            said = set()
            for paper, code in codes.items():
                asked = reaching.find(uow, admin, scope, words=code, agency_id=office.units["commune"])
                for one in reaching.reachers(uow, admin, scope, asked, day=day, now=later):
                    if one.open:
                        said.add((paper, one.post.id, one.way))
            assert said == reads, (day, said ^ reads)


def test_every_permission_has_one_plain_word() -> None:
    """No permission stands under two words or under none."""
    counted = Counter(one for group in ABILITIES.values() for one in group)
    assert counted == Counter(Permission)


def test_a_review_is_put_on_record_for_the_list_that_was_seen(office: Office) -> None:
    """With its next day; not for another list, a coming day, a withdrawal without a word, or a foreign agency."""
    admin, scope, here = office.actor("admin"), _wide(office), office.units["commune"]
    day, clerk = NOON.date(), office.posts["clerk"].id
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        sealing.allow_server_seal(uow, office.actor("leader"), allowed=True, reason="thử", now=NOON)
        uow.commit()
    with unit_of_work(office.engine) as uow:
        found = standing(uow, admin, scope, agency_id=here, day=day, now=NOON)
        before = standing(uow, admin, scope, agency_id=here, day=day - DAY, now=NOON)
        assert [one.server_seal for one in found if one.post.id == clerk] == [True]
        assert not any(one.server_seal for one in before), "allowed only since today"
        with pytest.raises(NotPermitted):
            standing(uow, office.actor("leader"), scope, agency_id=here, day=day, now=NOON)
        assert standing(uow, office.actor("far_admin"), figures_scope(
            office.posts["far_admin"], agencies_below=()), agency_id=here, day=day, now=NOON) == []  # fmt: skip
        given = {"agency_id": here, "day": day, "seen": digest(found), "withdraw": [clerk], "remark": "đã nghỉ"}
        for wrong, code in (
            ({"seen": digest(before)}, "access_changed"), ({"remark": " "}, "access_remark"),
            ({"day": day + DAY}, "access_future"), ({"withdraw": [10**6]}, "access_changed"),
        ):  # fmt: skip
            with pytest.raises((Conflict, WorkflowError)) as refused:
                reviewing.review(uow, admin, scope, now=NOON, **{**given, **wrong})
            assert refused.value.code == code
        assert reviewing.due(uow, scope, agency_id=here, today=day).late
        reviewing.review(uow, admin, scope, now=NOON, **given)
        uow.commit()
        row = uow.session.scalars(select(AccessReview)).one()
        assert (row.withdraw, row.posts, row.next_due) == ([clerk], len(found), day + 183 * DAY)
        assert not reviewing.due(uow, scope, agency_id=here, today=row.next_due).late
        assert reviewing.due(uow, scope, agency_id=here, today=row.next_due + DAY).late
        assert verify_subject(uow, f"access:{here}").holds
