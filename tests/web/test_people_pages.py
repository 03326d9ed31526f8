"""Administration of people through its pages."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from sqlalchemy import Engine, select

from tests.support.browser import Browser, Clock
from tests.support.office import Office
from workflow.store.models import Account, Journal, LoginSession, Passkey, Person, PostRow, Unit
from workflow.store.session import unit_of_work

FORM_PAGES = (
    "/admin", "/admin/people", "/admin/people?q=nguyen&when=all&sort=unit", "/admin/people?q=zzz",
    "/admin/people/new", "/admin/people/{leader}", "/admin/people/{admin}", "/admin/people/{leader}/change",
    "/admin/people/{leader}/posts/new", "/admin/posts/{leader_post}/end", "/admin/posts/{leader_post}/renew",
    "/admin/people/{leader}/account/invite", "/admin/people/{leader}/account/reset",
    "/admin/people/{leader}/account/factors", "/admin/people/{leader}/account/close",
    "/admin/people/{leader}/account/open", "/admin/units", "/admin/units?all=1", "/admin/units/new",
    "/admin/units/{economy}", "/admin/units/{economy}/change", "/admin/units/{economy}/dissolve",
)  # fmt: skip


@pytest.mark.parametrize("pattern", FORM_PAGES)
def test_pages_open_for_the_administrator(client: Browser, office: Office, pattern: str) -> None:
    """Every page of administration is valid HTML in both languages and refused to a drafter."""
    address = pattern.format(
        leader=office.posts["leader"].person_id, admin=office.posts["admin"].person_id,
        leader_post=office.posts["leader"].id, economy=office.units["economy"],
    )  # fmt: skip
    client.login("admin")
    for language in ("vi", "en"):
        answer = client.get(address, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
    assert client.login("drafter").get(address).status_code == 403


@pytest.mark.parametrize("pattern", [page for page in FORM_PAGES if "{" in page])
def test_foreign_and_missing_are_the_same(client: Browser, office: Office, pattern: str) -> None:
    """A neighbour's person, post or unit answers exactly like one that does not exist."""
    client.login("admin")
    foreign = pattern.format(
        leader=office.posts["far_leader"].person_id, admin=office.posts["far_admin"].person_id,
        leader_post=office.posts["far_leader"].id, economy=office.units["far_office"],
    )  # fmt: skip
    missing = pattern.format(leader=9999, admin=9999, leader_post=9999, economy=9999)
    first, second = client.get(foreign), client.get(missing)
    assert (first.status_code, second.status_code) == (404, 404)
    assert _without_tokens(first.text, foreign) == _without_tokens(second.text, missing)


def _without_tokens(page: str, address: str) -> str:
    page = page.replace(address, "HERE").replace(address.replace("/", "%2F"), "HERE")
    return re.sub(r'(value|content)="[^"]{60,}"', "", page)


def test_a_person_is_entered_invited_and_logs_in(
    client: Browser, office: Office, engine: Engine, clock: Clock
) -> None:
    """From the administrator's form to the first login, without mail."""
    client.login("admin")
    answer = client.post("/admin/people/new", data=_new_person(office))
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert "chau.tm" in client.get(f"{place}/account/invite").text
    page = client.post(f"{place}/account/invite", data={"username": "chau.tm"}).text
    link = re.search(r'value="http://127.0.0.1:8400(/invitation/[^"]+)"', page)
    assert link is not None
    client.logout()
    assert "chau.tm" in client.get(link[1]).text
    words = "con đường làng rợp bóng tre"
    assert client.post(link[1], data={"password": words, "again": words}).status_code == 303
    assert client.get(link[1]).status_code == 404
    entered = client.post("/login", data={"username": "chau.tm", "password": words})
    assert entered.status_code == 303
    assert "Trần Minh Châu" in client.get("/account").text
    with unit_of_work(engine) as uow:
        tags = set(uow.session.scalars(select(Journal.tag)))
    assert {"person:record:entered", "person:post:given", "account:link:invited", "account:password:set",
            "account:login:accepted"} <= tags  # fmt: skip


def test_errors_stand_in_the_order_of_the_form(client: Browser, office: Office) -> None:
    """The first field that is wrong comes first in the list above the form."""
    page = client.login("admin").post("/admin/people/new", data=_new_person(office, full_name="", title=""))
    listed = page.text.split('id="problems"')[1].split("</ul>")[0]
    assert 0 < listed.index('href="#f-full_name"') < listed.index('href="#f-title"')


def _new_person(office: Office, **changes: str) -> dict[str, str]:
    return {
        "full_name": "Trần Minh Châu", "email": "", "unit_id": str(office.units["economy"]), "role": "drafter",
        "title": "Chuyên viên", "valid_from": "2026-11-02", "valid_to": "", "decree": "QĐ 12/QĐ-UBND", **changes,
    }  # fmt: skip


def test_a_wrong_form_keeps_what_was_typed(client: Browser, office: Office) -> None:
    """A form with a mistake comes back with its fields filled and the mistake named beside its field."""
    client.login("admin")
    page = client.post("/admin/people/new", data=_new_person(office, valid_from="31/02/2026"))
    assert page.status_code == 422
    assert "Trần Minh Châu" in page.text
    assert 'href="#f-valid_from"' in page.text


def test_a_post_in_a_foreign_unit_is_not_given(client: Browser, office: Office) -> None:
    """The list of units offers one's own; another's id in the form is as good as none."""
    client.login("admin")
    answer = client.post("/admin/people/new", data=_new_person(office, unit_id=str(office.units["far_office"])))
    assert answer.status_code == 404


def test_ending_a_post_logs_its_holder_out(client: Browser, office: Office, engine: Engine) -> None:
    """Rights end with the post: the leader's open browser stops at once."""
    leader = office.posts["leader"]
    client.login("leader")
    client.login("admin")
    answer = client.post(f"/admin/posts/{leader.id}/end", data={"last_day": "23/11/2026", "decree": "QĐ 15"})
    assert answer.status_code == 303
    with unit_of_work(engine) as uow:
        ended = uow.session.scalars(
            select(LoginSession.ended_because).join(Account).where(Account.person_id == leader.person_id)
        ).all()
        assert uow.session.get_one(PostRow, leader.id).valid_to is not None
    assert ended == ["post_changed"]


def test_nobody_gives_themselves_a_post(client: Browser, office: Office) -> None:
    """An administrator cannot become the leader by their own hand."""
    me = office.posts["admin"].person_id
    data = {key: value for key, value in _new_person(office, role="leader").items() if key != "full_name"}
    answer = client.login("admin").post(f"/admin/people/{me}/posts/new", data=data)
    assert answer.status_code == 403


def test_an_account_with_a_post_elsewhere_is_not_ours(client: Browser, office: Office, engine: Engine) -> None:
    """Who also works for an agency out of reach keeps their account out of reach: no reset, no link."""
    leader, far = office.posts["leader"], office.units["far"]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(
            PostRow(person_id=leader.person_id, unit_id=far, agency_id=far, role="leader", title="Chủ tịch",
                    valid_from=leader.valid_from)
        )  # fmt: skip
        uow.commit()
    answer = client.login("admin").post(f"/admin/people/{leader.person_id}/account/reset", data={"reason": "quên"})
    assert answer.status_code == 403


def test_reset_ends_password_and_sessions(client: Browser, office: Office, engine: Engine) -> None:
    """After a reset the old password is gone and the link is shown once."""
    who = office.posts["drafter"].person_id
    client.login("drafter")
    page = client.login("admin").post(f"/admin/people/{who}/account/reset", data={"reason": "quên mật khẩu"})
    assert page.status_code == 200
    assert "/invitation/" in page.text
    with unit_of_work(engine) as uow:
        account = uow.session.scalars(select(Account).where(Account.person_id == who)).one()
        assert account.password_hash == ""
        live = select(LoginSession).where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
        assert uow.session.scalars(live).all() == []


def test_account_is_closed_and_opened(client: Browser, office: Office, engine: Engine) -> None:
    """A closed account lets nobody in; opening it again lets them in."""
    who = office.posts["drafter"].person_id
    client.login("admin").post(f"/admin/people/{who}/account/close", data={"reason": "nghỉ việc"})
    assert client.login("drafter").get("/account").status_code == 302
    client.login("admin").post(f"/admin/people/{who}/account/open", data={"reason": "trở lại"})
    assert client.login("drafter").get("/account").status_code == 200


def test_factors_are_removed(client: Browser, office: Office, engine: Engine) -> None:
    """A lost telephone: its factor and the passkeys are forgotten."""
    who = office.posts["clerk"].person_id
    with unit_of_work(engine) as uow:
        uow.begin_write()
        account = uow.session.scalars(select(Account).where(Account.person_id == who)).one()
        account.totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        uow.add(Passkey(account_id=account.id, credential_id=b"1", public_key=b"2", created_at=account.created_at))
        uow.commit()
    client.login("admin").post(f"/admin/people/{who}/account/factors", data={"reason": "mất điện thoại"})
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Account.totp_secret).where(Account.person_id == who)).one() == ""
        assert uow.session.scalars(select(Passkey)).all() == []


def test_a_unit_is_founded_changed_and_dissolved(client: Browser, office: Office, engine: Engine) -> None:
    """A unit's life: it stays in the books with its successor after the end."""
    client.login("admin")
    founded = client.post(
        "/admin/units/new",
        data={"code": "H99.01.09", "kind": "part", "parent_id": office.units["commune"], "name": "Phòng Thử",
              "abbreviation": "PT", "valid_from": "2026-01-01", "decree": "NQ 1"},
    )  # fmt: skip
    place = founded.headers["Location"]
    changed = {"name": "Phòng Thử nghiệm", "abbreviation": "PTN", "reason": "đổi tên"}
    assert client.post(f"{place}/change", data=changed).status_code == 303
    who = office.posts["drafter"].person_id
    post = {"unit_id": place.rpartition("/")[2], "role": "drafter", "title": "Chuyên viên",
            "valid_from": "2026-02-01", "decree": "QĐ 3"}  # fmt: skip
    assert client.post(f"/admin/people/{who}/posts/new", data=post).status_code == 303
    end = {"last_day": "2026-11-20", "decree": "NQ 2", "successor": str(office.units["economy"])}
    assert client.post(f"{place}/dissolve", data=end).status_code == 303
    assert "Phòng Kinh tế" in client.get(place).text
    assert "Phòng Thử nghiệm" not in client.get("/admin/units").text
    assert "Phòng Thử nghiệm" in client.get("/admin/units?all=1").text
    with unit_of_work(engine) as uow:
        row = uow.session.scalars(select(Unit).where(Unit.code == "H99.01.09")).one()
        assert (row.agency_id, str(row.valid_to)) == (office.units["commune"], "2026-11-20")
        ended = uow.session.scalars(select(PostRow).where(PostRow.unit_id == row.id)).one()
        told = uow.session.scalars(
            select(Journal.body).where(Journal.subject == f"person:{who}", Journal.tag == "person:post:ended")
        ).one()
        facts = json.loads(told)["facts"]
        assert (facts["of_post"], facts["last_day"], facts["decree"]) == (ended.id, str(ended.valid_to), "NQ 2")


def test_lists_are_taken_away_as_csv(client: Browser, office: Office, engine: Engine) -> None:
    """The CSV holds what the list shows, and no cell of it runs as a formula."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(Person, office.posts["drafter"].person_id).full_name = '=HYPERLINK("x")'
        uow.commit()
    answer = client.login("admin").get("/admin/people.csv")
    assert answer.mimetype == "text/csv"
    assert "Nguyễn Thị Lan" in answer.text
    assert "Cao Văn Xa" not in answer.text
    assert not re.search(r'(^|,)"?=HYPERLINK', answer.text, re.MULTILINE)
    assert client.get("/admin/units.csv").status_code == 200


def test_an_inspectors_post_ends_and_is_renewed(client: Browser, office: Office, engine: Engine) -> None:
    """No last day, or one too late, is refused beside its field; renewing moves it, with a reason on record."""
    client.login("admin")
    for last in ("", "04/11/2027"):
        page = client.post("/admin/people/new", data=_new_person(office, role="inspector", valid_to=last))
        assert page.status_code == 422
        assert 'href="#f-valid_to"' in page.text
    answer = client.post("/admin/people/new", data=_new_person(office, role="inspector", valid_to="03/11/2027"))
    person = int(answer.headers["Location"].rsplit("/", 1)[1])
    with unit_of_work(engine) as uow:
        post = uow.session.scalars(select(PostRow).where(PostRow.person_id == person)).one()
        assert post.valid_to == dt.date(2027, 11, 3)
    form = f"/admin/posts/{post.id}/renew"
    assert form in client.get(f"/admin/people/{person}").text
    for last, reason in (("03/11/2027", "QĐ 9"), ("25/11/2027", "QĐ 9"), ("24/11/2027", "")):
        assert client.post(form, data={"last_day": last, "reason": reason}).status_code == 422, last
    assert client.post(form, data={"last_day": "24/11/2027", "reason": "QĐ 9/QĐ-UBND"}).status_code == 303
    drafter = f"/admin/posts/{office.posts['drafter'].id}/renew"
    assert client.post(drafter, data={"last_day": "24/11/2027", "reason": "QĐ 9"}).status_code == 422
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(PostRow, post.id).valid_to == dt.date(2027, 11, 24)
        told = uow.session.scalars(select(Journal.body).where(Journal.tag == "person:post:renewed")).one()
    assert all(word in told for word in ('"2027-11-03"', '"2027-11-24"', "QĐ 9/QĐ-UBND"))
