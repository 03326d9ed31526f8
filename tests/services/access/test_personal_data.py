"""Numbers uncovered with a purpose, one file about a person, erasure by two people; the journal holds after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.errors import NotPermitted, WorkflowError
from workflow.domain.people import Actor, Post, Role
from workflow.domain.permissions import figures_scope
from workflow.domain.personal_data import AFTERWARDS, ANY_TIME, KEPT, Class, Number
from workflow.services import notice_choices, people
from workflow.services.access import personal
from workflow.services.journal import verify_subject
from workflow.services.people import Appointment
from workflow.store import personal as store
from workflow.store.models import (
    Account,
    Erasure,
    Journal,
    LoginSession,
    NoticeChoice,
    NumberLook,
    Outbox,
    Outgoing,
    Person,
    PostRow,
    SavedView,
)
from workflow.store.session import UnitOfWork, unit_of_work

PHONE, DAY = "84912345678", dt.timedelta(days=1)


@pytest.fixture
def second(office: Office) -> Actor:
    """Another administrator of the commune: the chief of office."""
    with unit_of_work(office.engine) as uow:
        post = people.appoint(
            uow, office.actor("admin"), figures_scope(office.posts["admin"], agencies_below=()),
            person_id=office.posts["chief"].person_id, now=NOON,
            post=Appointment(unit_id=office.units["commune"], role=Role.ADMIN, title="Quản trị",
                             valid_from=NOON.date(), decree="1/QĐ"),
        )  # fmt: skip
        uow.commit()
    chief = office.posts["chief"]
    return Actor(
        chief.person_id, post, Role.ADMIN, office.units["commune"], office.units["commune"], "Trịnh Xuân Hòa"
    )


def _fill(office: Office, name: str) -> int:
    """A telephone, a saved list, a message and a login of somebody."""
    person = office.posts[name].person_id
    with unit_of_work(office.engine) as uow:
        notice_choices.keep(uow, office.actor(name), muted_digest=False, phone=PHONE, by_sms=False,
                            pushed=frozenset(), now=NOON)  # fmt: skip
        account = uow.session.scalars(select(Account).where(Account.person_id == person)).one()
        account.password_hash, account.totp_secret = "h" * 20, "s" * 20
        uow.add(SavedView(person_id=person, page="outgoing", name="Của tôi", query="?q=1"))
        uow.add(LoginSession(id_hash=name.ljust(64, "0"), account_id=account.id, created_at=NOON, seen_at=NOON,
                             address="10.0.0.9", browser="Firefox"))  # fmt: skip
        uow.add(Outbox(once_key=f"m{name}", channel="mail", address="x@example.gov.vn", subject="Chào", body="b",
                       person_id=person, created_at=NOON, next_at=NOON, state="sent"))  # fmt: skip
        uow.commit()
    return person


def _bodies(uow: UnitOfWork) -> str:
    return "\n".join(uow.session.scalars(select(Journal.body).where(Journal.subject.like("person:%"))))


def test_a_number_is_written_down_before_it_is_shown(office: Office) -> None:
    """With purpose, in the log and in the journal, which hold no number; not without a purpose, by others, afar."""
    person = _fill(office, "clerk")
    admin, scope = office.actor("admin"), figures_scope(office.posts["admin"], agencies_below=())
    far = figures_scope(office.posts["far_admin"], agencies_below=())
    given = {"person_id": person, "kind": Number.PHONE, "purpose": "gọi gấp", "now": NOON}
    with unit_of_work(office.engine) as uow:
        for actor, where, change, code in (
            (admin, scope, {"purpose": " "}, "purpose_needed"),
            (admin, scope, {"kind": Number.REMOTE_ACCOUNT}, "number_none"),
            (office.actor("leader"), scope, {}, "no_permission"),
            (office.actor("far_admin"), far, {}, "person_not_found"),
        ):
            with pytest.raises(WorkflowError) as refused:
                personal.uncover(uow, actor, where, **{**given, **change})
            assert refused.value.code == code
        assert uow.session.scalar(select(func.count()).select_from(NumberLook)) == 0
        assert personal.uncover(uow, admin, scope, **given) == [PHONE]
        uow.commit()
        held = personal.export_for(uow, admin, scope, person_id=person, purpose="theo đơn", now=NOON)
        uow.commit()
        looks = uow.session.scalars(select(NumberLook).order_by(NumberLook.id)).all()
        assert [(row.kind, row.purpose, row.person_id, row.about_id) for row in looks] == [
            ("phone", "gọi gấp", admin.person_id, person), ("export", "theo đơn", admin.person_id, person),
        ]  # fmt: skip
        assert held[Class.PHONE][1][0][0] == PHONE
        assert "subject" not in held[Class.MESSAGES][0]
        assert not {"code", "symbol"} & set(held[Class.DOCUMENTS][0])
        assert not any("s" * 20 in str(lines) or "h" * 20 in str(lines) for _n, lines, _c in held.values())
        assert set(held) == set(Class)
        assert PHONE not in _bodies(uow)
        assert "gọi gấp" in _bodies(uow)
        assert verify_subject(uow, f"person:{person}").holds


def test_an_erasure_needs_a_second_administrator_and_leaves_the_records(office: Office, second: Actor) -> None:
    """Of somebody in post only what is a convenience; of somebody who left all that is no record. What was erased
    stands in no entry, and every chain holds."""
    admin, scope = office.actor("admin"), figures_scope(office.posts["admin"], agencies_below=())
    add_issued(office, issued_row(office))
    stays, left = _fill(office, "clerk"), _fill(office, "specialist")
    with unit_of_work(office.engine) as uow:
        people.end_post(uow, admin, scope, post_id=office.posts["specialist"].id, last_day=NOON.date() - DAY,
                        decree="2/QĐ", now=NOON)  # fmt: skip
        before = uow.session.scalars(select(Journal.digest).order_by(Journal.id)).all()
        uow.commit()
    with unit_of_work(office.engine) as uow:
        personal.ask_own(uow, office.actor("clerk"), reason="đổi số", now=NOON)
        personal.ask_for(uow, admin, scope, person_id=left, reason="đã nghỉ việc", now=NOON)
        uow.commit()
    with unit_of_work(office.engine) as uow:
        for actor, about, done, code in (
            (admin, left, True, "erasure_second_person"), (second, left, False, "reason_needed"),
            (second, office.posts["head"].person_id, True, "erasure_not_found"),
            (office.actor("leader"), left, True, "no_permission"),
        ):  # fmt: skip
            with pytest.raises(WorkflowError) as refused:
                personal.decide(uow, actor, scope, person_id=about, done=done, remark="", now=NOON)
            assert refused.value.code == code
        with pytest.raises(WorkflowError) as refused:
            personal.ask_for(uow, admin, scope, person_id=left, reason="lại", now=NOON)
        assert refused.value.code == "erasure_asked_already"
    with unit_of_work(office.engine) as uow:
        here = personal.decide(uow, second, scope, person_id=stays, done=True, remark="", now=NOON)
        there = personal.decide(uow, second, scope, person_id=left, done=True, remark="đã kiểm tra", now=NOON)
        uow.commit()
        assert set(here) == set(map(str, ANY_TIME))
        assert set(there) == set(map(str, ANY_TIME | AFTERWARDS))
        assert {name: here[name] for name in ("email", "phone", "views")} == {"email": 1, "phone": 1, "views": 1}
        session = uow.session
        assert {one.email for one in session.scalars(select(Person).where(Person.id.in_((stays, left))))} == {""}
        assert set(session.scalars(select(NoticeChoice.phone))) == {""}
        assert session.scalars(select(SavedView.id)).all() == []
        assert session.scalars(select(Outbox.person_id).where(Outbox.once_key.like("m%"))).all() == [stays]
        clerk, gone = (
            session.scalars(select(Account).where(Account.person_id == one)).one() for one in (stays, left)
        )
        assert (clerk.active, clerk.username, clerk.totp_secret) == (True, "clerk", "s" * 20)
        assert (gone.active, gone.username, gone.totp_secret) == (False, f"erased-{gone.id}", "")
        login = session.scalars(select(LoginSession).where(LoginSession.account_id == gone.id)).one()
        assert (login.address, login.browser) == ("", "")
        assert login.ended_at is not None
        assert session.get_one(Person, left).full_name == office.names["specialist"]
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 1
        assert session.scalar(select(func.count()).select_from(PostRow).where(PostRow.person_id == left)) == 1
        assert {row.decision for row in session.scalars(select(Erasure))} == {"done"}
        assert session.scalars(select(Journal.digest).order_by(Journal.id)).all()[: len(before)] == before
        for subject in (f"person:{stays}", f"person:{left}", f"account:{gone.id}"):
            assert verify_subject(uow, subject).holds
        told = list(session.scalars(select(Journal.body).where(Journal.tag == "person:erasure:done")))
        assert len(told) == 2
        assert not any(word in body for body in told for word in (PHONE, "specialist@", "10.0.0.9"))


def test_what_was_sent_to_an_erased_number_goes_and_the_closing_is_told(office: Office, second: Actor) -> None:
    """Copies that name nobody, too; a review of an earlier day still finds the account open then."""
    admin, scope = office.actor("admin"), figures_scope(office.posts["admin"], agencies_below=())
    left = _fill(office, "specialist")
    with unit_of_work(office.engine) as uow:
        people.end_post(uow, admin, scope, post_id=office.posts["specialist"].id, last_day=NOON.date() - DAY,
                        decree="2/QĐ", now=NOON)  # fmt: skip
        uow.add(Outbox(once_key="copy", channel="sms", address=PHONE, subject="Đôn đốc", body="b", created_at=NOON,
                       next_at=NOON))  # fmt: skip
        personal.ask_for(uow, admin, scope, person_id=left, reason="đã nghỉ việc", now=NOON)
        personal.decide(uow, second, scope, person_id=left, done=True, remark="", now=NOON)
        uow.commit()
        assert uow.session.scalars(select(Outbox.id).where(Outbox.address == PHONE)).all() == []
        account = uow.session.scalars(select(Account.id).where(Account.person_id == left)).one()
        told = select(Journal.tag).where(Journal.subject == f"account:{account}")
        assert "account:record:closed" in uow.session.scalars(told).all()


def test_each_class_is_erased_or_kept_for_a_reason() -> None:
    """None is forgotten, none is both."""
    assert frozenset(Class) == ANY_TIME | AFTERWARDS | KEPT
    assert not ANY_TIME & AFTERWARDS


def test_only_the_last_agency_and_the_top_one_take_what_is_held_about_who_left(office: Office) -> None:
    """Far first, then here, then gone: the far administrator is told why not; ours and the top one may. While
    somebody is in post here, the far one may not either."""
    person = office.posts["far_drafter"].person_id
    here = figures_scope(office.posts["admin"], agencies_below=())
    far = figures_scope(office.posts["far_admin"], agencies_below=())
    ours, theirs = office.actor("admin"), office.actor("far_admin")
    top = replace(theirs, at_top=True)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        day = NOON.date()
        uow.session.get_one(PostRow, office.posts["far_drafter"].id).valid_to = day - 9 * DAY
        last = PostRow(person_id=person, unit_id=office.units["economy"], agency_id=office.units["commune"],
                       role="drafter", title="Chuyên viên", valid_from=day - 8 * DAY)  # fmt: skip
        uow.add(last)
        uow.flush()
        key = last.id
        uow.commit()
    _fill(office, "far_drafter")
    given = {"person_id": person, "now": NOON}
    for ended, code in ((None, "account_wider"), (NOON.date() - DAY, "personal_last_agency")):
        with unit_of_work(office.engine) as uow:
            uow.begin_write()
            uow.session.get_one(PostRow, key).valid_to = ended
            uow.commit()
        with unit_of_work(office.engine) as uow:
            for act in (
                lambda uow=uow: personal.export_for(uow, theirs, far, purpose="theo đơn", **given),
                lambda uow=uow: personal.uncover(uow, theirs, far, kind=Number.PHONE, purpose="gọi", **given),
                lambda uow=uow: personal.ask_for(uow, theirs, far, reason="đã nghỉ", **given),
            ):
                with pytest.raises(NotPermitted) as refused:
                    act()
                assert refused.value.code == code
            assert uow.session.scalar(select(func.count()).select_from(NumberLook)) == 0
            assert personal.export_for(uow, ours, here, purpose="theo đơn", **given)[Class.PHONE][1]
    with unit_of_work(office.engine) as uow:
        assert personal.export_for(uow, top, far, purpose="theo đơn", **given)[Class.PHONE][1]
        assert uow.session.get_one(PostRow, key).agency_id == office.units["commune"]


def test_looks_and_reasons_go_with_the_person(office: Office) -> None:
    """Of who left for another agency the former one sees what its own people looked at, and nothing of the other's:
    neither purposes and addresses nor why an erasure was asked for. The new one sees all of it."""
    person, far = office.posts["far_clerk"].person_id, office.units["far"]
    left = PostRow(person_id=person, unit_id=office.units["commune"], agency_id=office.units["commune"],
                   role="specialist", title="Chuyên viên", valid_from=dt.date(2020, 1, 1),
                   valid_to=dt.date(2021, 1, 1))  # fmt: skip
    ours, theirs = office.posts["admin"], office.posts["far_admin"]
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.add(left)
        uow.flush()
        key = left.id
        for who, agency, purpose in ((ours, office.units["commune"], "ours"), (theirs, far, "theirs")):
            uow.add(NumberLook(at=NOON, person_id=who.person_id, post_id=who.id, agency_id=agency, about_id=person,
                               kind="phone", purpose=purpose, address="10.9.8.7"))  # fmt: skip
        uow.add(Erasure(person_id=person, asked_by_id=theirs.person_id, asked_at=NOON, reason="theirs"))
        uow.commit()

    def seen(by: Post) -> tuple[set[str], int]:
        scope = figures_scope(by, agencies_below=())
        with unit_of_work(office.engine) as uow:
            looks = store.number_looks(scope, uow.session, today=NOON.date())
            return {row[0].purpose for row in looks}, len(store.erasures(scope, uow.session, today=NOON.date()))

    assert seen(ours) == ({"ours"}, 0)
    assert seen(theirs) == ({"ours", "theirs"}, 1)
    with unit_of_work(office.engine) as uow:  # gone from there too, by the day after: it stays the last one
        uow.begin_write()
        uow.session.get_one(PostRow, office.posts["far_clerk"].id).valid_to = NOON.date() - DAY
        uow.commit()
    assert (seen(ours)[0], seen(theirs)[0]) == ({"ours"}, {"ours", "theirs"})
    with unit_of_work(office.engine) as uow:  # both ended on one day: the one put on record last
        uow.begin_write()
        row = uow.session.get_one(PostRow, key)
        row.valid_from, row.valid_to = NOON.date() - 9 * DAY, NOON.date() - DAY
        uow.commit()
        assert store.last_agency(uow.session, person).id == office.units["commune"]
    assert (seen(ours), seen(theirs)) == (({"ours", "theirs"}, 1), ({"theirs"}, 0))


def test_the_journal_holds_no_address_that_would_have_to_be_erased(office: Office) -> None:
    """Entered and corrected: masked in every entry; that only the address changed is told all the same."""
    admin, scope = office.actor("admin"), figures_scope(office.posts["admin"], agencies_below=())
    first = Appointment(unit_id=office.units["economy"], role=Role.DRAFTER, title="Chuyên viên",
                        valid_from=NOON.date(), decree="1/QĐ")  # fmt: skip
    with unit_of_work(office.engine) as uow:
        person = people.enter_person(uow, admin, scope, full_name="Lò Thị Én", email="lo.en.rieng@vnn.example",
                                     first_post=first, now=NOON)  # fmt: skip
        people.change_person(uow, admin, scope, person_id=person, full_name="Lò Thị Én",
                             email="len.khac@vnn.example", reason="sửa", now=NOON)  # fmt: skip
        uow.commit()
        rows = uow.session.scalars(select(Journal).where(Journal.subject == f"person:{person}")).all()
        assert "person:record:changed" in {row.tag for row in rows}
        told = " ".join(row.body for row in rows)
        assert "l•••@vnn.example" in told
        assert not any(word in told for word in ("lo.en.rieng", "len.khac"))
        assert verify_subject(uow, f"person:{person}").holds
