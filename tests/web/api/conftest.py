"""A caller of the API: `api("clerk").get("/documents")`, with a token made for that post."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from tests.support.browser import Clock
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.services.logins import digest
from workflow.store.models import Account, ApiToken
from workflow.store.session import unit_of_work

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with one token, or none."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: Any) -> TestResponse:
        """Read."""
        return self.client.get(PREFIX + path, query_string=query, headers=self.headers)

    def post(self, path: str, body: Any) -> TestResponse:
        """Act."""
        return self.client.post(PREFIX + path, json=body, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """The bearer token, in English."""
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Accept-Language": "en", **bearer}


Api = Callable[[str], Caller]


@pytest.fixture
def api(app: Flask, engine: Engine, office: Office, clock: Clock) -> Api:
    """`api("clerk")` calls as the clerk; `api("")` has no token."""
    app.test_client_class = FlaskClient

    def caller(name: str) -> Caller:
        return Caller(app.test_client(), token_for(engine, office, name, now=clock()) if name else "")

    return caller


def token_for(engine: Engine, office: Office, name: str, *, now: dt.datetime) -> str:
    """A token straight in the table; the page that makes them has tests of its own."""
    post, secret = office.posts[name], secrets.token_urlsafe(16)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        account = uow.session.scalars(select(Account.id).where(Account.person_id == post.person_id)).one()
        uow.add(
            ApiToken(
                token_hash=digest(secret), account_id=account, post_id=post.id, label="tests", created_at=now,
                expires_at=now + dt.timedelta(days=1),
            )
        )  # fmt: skip
        uow.commit()
    return secret


@pytest.fixture
def papers(office: Office, settings: Settings, clock: Clock) -> Papers:
    """Documents made by the services, in the blobs that the application reads."""
    return papers_of(office, open_blobs(settings.blob_url), now=clock())
