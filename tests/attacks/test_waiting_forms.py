"""Forms that wait for the second factor: what goes on is what was typed, by whom it was typed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from flask import Flask
from marshmallow import Schema
from sqlalchemy import Engine, select

from tests.attacks.crowd import another
from tests.support.browser import Browser, Clock
from tests.support.office import Office
from tests.support.step_up import SECRET, carried, stale
from workflow.store.models import Person, Unit
from workflow.store.session import unit_of_work
from workflow.web.resuming import AGAIN
from workflow.web.schemas.accounts import StepUp


@pytest.fixture
def admin(client: Browser, engine: Engine, clock: Clock) -> Browser:
    """Whoever has to give the second factor anew."""
    return stale(client, engine, clock)


def test_a_unit_is_not_called_by_the_one_time_code(admin: Browser, clock: Clock, office: Office) -> None:
    """A form with a field `code` of its own: the identifier goes on as typed, the phone's code stays apart."""
    typed = {
        "kind": "part", "code": "H49.07.01", "name": "Phòng Ngoại vụ", "parent_id": office.units["commune"],
        "valid_from": clock().date().isoformat(), "abbreviation": "NV", "decree": "12/NQ-HĐND",
    }  # fmt: skip
    asked = admin.post("/admin/units/new", data=typed)
    assert carried(asked.text)["code"] == "H49.07.01"
    body = {**carried(asked.text), "step_up_code": pyotp.TOTP(SECRET).at(clock())}
    assert admin.post("/step-up?next=/admin/units/new", data=body).status_code == 307
    made = admin.post("/admin/units/new", data=body)  # what a browser sends at a 307
    assert made.status_code == 303, made.text
    with unit_of_work(admin.engine) as uow:
        assert uow.session.scalars(select(Unit.code).where(Unit.name == "Phòng Ngoại vụ")).one() == "H49.07.01"


def _schemas(kind: type[Schema]) -> Iterator[type[Schema]]:
    for below in kind.__subclasses__():
        yield below
        yield from _schemas(below)


def test_no_other_form_has_a_field_of_the_page_between(app: Flask) -> None:
    """One body holds the fields of both: a name that both use would fill the one with the other's value."""
    own = {*StepUp().fields, AGAIN, "csrf_token"}
    ours = [kind for kind in _schemas(Schema) if kind.__module__.startswith("workflow.web") and kind is not StepUp]
    assert len(ours) > 10
    assert [kind.__name__ for kind in ours if own & set(kind._declared_fields)] == []


def test_a_form_kept_by_one_is_not_sent_by_another(
    app: Flask, admin: Browser, clock: Clock, office: Office, engine: Engine
) -> None:
    """The page with the kept form, taken to somebody else's browser: their right counts, and the form's token."""
    address = f"/admin/people/{office.posts['drafter'].person_id}/change"
    asked = admin.post(address, data={"full_name": "Kẻ Lạ", "email": "", "reason": "x"})
    body = {**carried(asked.text), "step_up_code": pyotp.TOTP(SECRET).at(clock())}
    clerk = another(app, admin).login("clerk")
    assert clerk.post(f"/step-up?next={address}", data=body, csrf=False).status_code == 400
    assert clerk.post(address, data=body, csrf=False).status_code in {400, 403}
    assert clerk.post(address, data=body).status_code in {403, 404}
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Person.id).where(Person.full_name == "Kẻ Lạ")).all() == []


@pytest.mark.parametrize("address", ["//evil.example/x", "/\\evil.example", "https://evil.example", "/a\r\nX: y"])
def test_what_was_typed_goes_to_no_other_host(admin: Browser, clock: Clock, address: str) -> None:
    """307 would hand the body, names and all, to whoever the address names."""
    body = {"full_name": "Kín", AGAIN: "yes", "step_up_code": pyotp.TOTP(SECRET).at(clock())}
    on = admin.post("/step-up", query_string={"next": address}, data=body)
    assert (on.status_code, on.headers["Location"]) == (307, "/")
