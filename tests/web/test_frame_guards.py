"""Guards: deny by default, and what a person without the right, the login or the factor sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask
from sqlalchemy import Engine

from tests.support.browser import Browser, Clock
from workflow.config import Settings
from workflow.domain.permissions import Permission
from workflow.web import guards
from workflow.web.app import create_app
from workflow.web.guards import allows, signed_in


def _three_pages(app: Flask) -> None:
    bp = Blueprint("try", __name__)
    bp.get("/try/people")(allows(Permission.MANAGE_PEOPLE)(_people))
    bp.route("/try/sign", methods=["GET", "POST"])(allows(Permission.SIGN, step_up=True)(_sign))
    bp.get("/try/own")(signed_in("a test")(_own))
    app.register_blueprint(bp)
    guards.seal(app)


@pytest.fixture
def more() -> Callable[[Flask], None]:
    """Three pages of our own."""
    return _three_pages


def _people() -> str:
    return "<!doctype html><title>people</title>"


def _sign() -> str:
    return "<!doctype html><title>sign</title>"


def _own() -> str:
    return "<!doctype html><title>own</title>"


def test_an_unmarked_view_keeps_the_application_from_starting(settings: Settings, engine: Engine) -> None:
    """A view that says nothing is named in the refusal."""
    app = create_app(settings, engine=engine)
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match=r"GET /forgotten \(forgotten\)"):
        guards.seal(app)


def test_strangers_are_led_to_the_login_and_back(client: Browser) -> None:
    """A page asked for without login leads to the login page, which remembers the page."""
    answer = client.get("/try/own?a=1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=/try/own?a%3D1"


def test_a_program_gets_401(client: Browser) -> None:
    """JSON callers get a problem document, not a redirect."""
    answer = client.get("/try/own", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "not_logged_in"


def test_a_role_without_the_permission_is_refused(client: Browser) -> None:
    """A drafter does not manage people."""
    answer = client.login("drafter").get("/try/people")
    assert answer.status_code == 403


def test_a_role_with_the_permission_passes(client: Browser) -> None:
    """An administrator manages people."""
    assert client.login("admin").get("/try/people").status_code == 200


def test_a_leader_without_second_factor_is_not_in(client: Browser) -> None:
    """The password alone opens nothing to a post that needs a second factor."""
    answer = client.login("leader", stepped_up=False).get("/try/own")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/factors")


def test_a_drafter_needs_no_second_factor(client: Browser) -> None:
    """Posts that neither sign nor seal nor administer come in by password."""
    assert client.login("drafter", stepped_up=False).get("/try/own").status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(4.9, 200), (5.1, 302)])
def test_a_step_up_lasts_five_minutes(client: Browser, clock: Clock, minutes: float, status: int) -> None:
    """A signing page opens while the factor is fresh and asks again after."""
    client.login("leader")
    clock.advance(minutes=minutes)
    assert client.get("/try/sign").status_code == status


def test_a_stale_step_up_on_a_form_says_what_to_do(client: Browser, clock: Clock) -> None:
    """A form sent with a stale factor is not lost: it waits on the page that asks for the factor."""
    client.login("leader")
    clock.advance(minutes=6)
    answer = client.post("/try/sign", data={"remark": "đồng ý"})
    assert answer.status_code == 403
    assert "đồng ý" in answer.text
    assert 'action="/try/sign" data-resume' in answer.text
