"""A form that meets the second factor: asked for in place, nothing typed is lost, no foreign form gets on."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy import Engine, select

from tests.support.browser import Browser, Clock
from tests.support.office import Office
from tests.support.step_up import SECRET, carried, stale
from workflow.store.models import Person
from workflow.store.session import unit_of_work


@pytest.fixture
def admin(client: Browser, engine: Engine, clock: Clock) -> Browser:
    """Whoever has to give the second factor anew."""
    return stale(client, engine, clock)


def test_what_was_typed_goes_on_after_the_code(
    admin: Browser, engine: Engine, clock: Clock, office: Office
) -> None:
    """403 with the code's field in place; the right code sends the form once more, with every value."""
    address = f"/admin/people/{office.posts['drafter'].person_id}/change"
    typed = {"full_name": "Đỗ Thị <Mơ>", "email": "mo@example.gov.vn", "reason": "Cải chính hộ tịch"}
    asked = admin.post(address, data=typed)
    assert asked.status_code == 403
    kept = carried(asked.text)
    assert kept["full_name"] == "Đỗ Thị <Mơ>"
    wrong = admin.post(f"/step-up?next={address}", data={**kept, "step_up_code": "000000"})
    assert (wrong.status_code, carried(wrong.text)["full_name"]) == (422, "Đỗ Thị <Mơ>")
    code = pyotp.TOTP(SECRET).at(clock())
    right = {**carried(wrong.text), "step_up_code": code}
    on = admin.post(f"/step-up?next={address}", data=right)
    assert (on.status_code, on.headers["Location"]) == (307, address)
    assert admin.post(address, data=right).status_code == 303  # what a browser sends at a 307
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Person.email).where(Person.full_name == "Đỗ Thị <Mơ>")).one()


def test_a_form_without_the_mark_is_answered_by_its_page(admin: Browser, clock: Clock) -> None:
    """Who came by a link is led to the page, not to an act."""
    code = pyotp.TOTP(SECRET).at(clock())
    answer = admin.post("/step-up?next=/admin/people/new", data={"step_up_code": code})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/people/new")


def test_the_page_gives_no_token_to_a_form_that_had_none(admin: Browser) -> None:
    """A form that another site wrote cannot win one by being asked for the factor."""
    asked = admin.post("/admin/people/new", data={"full_name": "Kẻ lạ"}, csrf=False)
    assert asked.status_code == 403
    assert carried(asked.text)["csrf_token"] == ""
    assert admin.post("/step-up?next=/admin/people/new", data=carried(asked.text), csrf=False).status_code == 400


def test_a_script_is_told_in_json(admin: Browser) -> None:
    """A program gets the code of the refusal, no page."""
    answer = admin.post("/admin/people/new", json={}, headers={"Accept": "application/json"})
    assert (answer.status_code, (answer.json or {})["code"]) == (403, "step_up_needed")


def test_without_a_factor_the_way_to_one_is_shown(client: Browser, office: Office) -> None:
    """A head of a unit who has none yet sets one up in another window and goes on here."""
    answer = client.login("head", stepped_up=False).post("/certificates/enrol", data={"for": "own"})
    assert answer.status_code == 403
    assert 'href="/account/factors" target="_blank"' in answer.text
    assert 'action="/certificates/enrol" data-resume>' in answer.text
    assert office.posts["head"].id
