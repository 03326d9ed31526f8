"""Personal tokens: made by their owner, shown once, listed, revoked."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, select

from tests.support.browser import Browser, Clock
from tests.support.office import Office
from workflow.domain.errors import BadInput, Refused
from workflow.services import tokens
from workflow.store.models import ApiToken, Journal
from workflow.store.session import unit_of_work

FORM = {"label": "Trục liên thông", "days": "30"}


def made(client: Browser) -> str:
    """Make a token through the page and read it off."""
    answer = client.post("/account/tokens/new", data=FORM)
    assert answer.status_code == 200
    found = re.search(r'value="(trinhky_[\w-]{40,})"', answer.text)
    assert found is not None
    return found[1]


def me(client: Browser, token: str) -> int:
    """Ask the API who this is."""
    return client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_is_shown_once_and_works(client: Browser, engine: Engine) -> None:
    """In the post it was made in; only its hash is kept, and the journal knows of it."""
    token = made(client.login("clerk"))
    assert token not in client.get("/account/tokens").text
    assert FORM["label"] in client.get("/account/tokens").text
    assert me(client, token) == 200
    with unit_of_work(engine) as uow:
        row = uow.session.scalars(select(ApiToken)).one()
        tags = set(uow.session.scalars(select(Journal.tag)))
    assert token not in row.token_hash
    assert (row.expires_at - row.created_at).days == 30
    assert "account:token:made" in tags


def test_a_revoked_token_stops_at_once(client: Browser, engine: Engine) -> None:
    """Revoking twice is not an error."""
    token = made(client.login("clerk"))
    with unit_of_work(engine) as uow:
        key = uow.session.scalars(select(ApiToken.id)).one()
    for _time in range(2):
        assert client.post(f"/account/tokens/{key}/revoke").status_code == 303
    assert me(client, token) == 401


def test_nobody_revokes_anothers(client: Browser, engine: Engine) -> None:
    """404, and the token goes on working."""
    token = made(client.login("clerk"))
    with unit_of_work(engine) as uow:
        key = uow.session.scalars(select(ApiToken.id)).one()
    assert client.login("leader").post(f"/account/tokens/{key}/revoke").status_code == 404
    assert me(client, token) == 200


def test_making_one_needs_a_fresh_factor(client: Browser, clock: Clock) -> None:
    """A forgotten open browser must not give birth to a year of access."""
    client.login("clerk")
    clock.advance(minutes=6)
    assert client.get("/account/tokens/new").status_code == 302
    assert client.post("/account/tokens/new", data=FORM).status_code == 403


@pytest.mark.parametrize("wrong", [{"label": ""}, {"days": "31"}, {"days": "x"}, {"label": "a\x00b"}])
def test_a_wrong_form_says_so(client: Browser, wrong: dict[str, str]) -> None:
    """Beside its field."""
    answer = client.login("clerk").post("/account/tokens/new", data=FORM | wrong)
    assert answer.status_code == 422
    assert f'id="e-{next(iter(wrong))}"' in answer.text


@pytest.mark.parametrize("days", [0, 366])
def test_the_service_holds_the_limit_too(office: Office, engine: Engine, clock: Clock, days: int) -> None:
    """Whatever a form lets through."""
    with unit_of_work(engine) as uow, pytest.raises(BadInput, match="token_days"):
        tokens.make_token(uow, office.actor("clerk"), label="x", days=days, now=clock())


def test_there_is_a_limit_to_how_many(office: Office, engine: Engine, clock: Clock) -> None:
    """Nobody keeps an eye on hundreds."""
    with unit_of_work(engine) as uow:
        for _number in range(tokens.MOST):
            tokens.make_token(uow, office.actor("clerk"), label="x", days=7, now=clock())
        with pytest.raises(Refused, match="too_many_tokens"):
            tokens.make_token(uow, office.actor("clerk"), label="x", days=7, now=clock())
