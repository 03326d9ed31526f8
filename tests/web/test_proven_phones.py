"""A telephone is proven by a code before anything else goes there: over a real gateway, through the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from schedulers.jobs.outbox import deliver
from tests.support import gateway
from tests.support.browser import Browser, Clock
from tests.support.office import Office
from tests.web.test_channel_pages import journal, serve, tell
from workflow.config import Settings
from workflow.domain.channels import Sort
from workflow.services import phones
from workflow.services.channels import delivery
from workflow.store.models import NoticeChoice, Outbox, PhoneCode
from workflow.store.session import unit_of_work

NUMBER = "84912345678"
FORM = {"by_sms": "true", "phone": "0912 345 678"}


@pytest.fixture
def sms() -> Iterator[gateway.Gateway]:
    with gateway.running(gateway.Gateway()) as found:
        yield found


@pytest.fixture
def told(settings: Settings, sms: gateway.Gateway, app: Flask) -> Settings:
    """An installation whose gateway lets no subject out."""
    body = {"to": "{to}", "text": "{text}"}
    made = replace(settings, sms=json.dumps({"url": sms.url, "private": True, "body": body}))
    serve(app, made)
    return made


def arrived(sms: gateway.Gateway) -> str:
    """The code of the latest text message."""
    found = re.search(r"\b\d{6}\b", sms.asked[-1].json["text"])
    assert found
    return found[0]


def ask(client: Browser) -> int:
    return client.post("/account/notices/phone/code").status_code


def answer(client: Browser, code: str) -> int:
    return client.post("/account/notices/phone/prove", data={"code": code}).status_code


def test_nothing_but_a_code_goes_to_a_number_before_its_code_came_back(
    client: Browser, told: Settings, sms: gateway.Gateway, engine: Engine, office: Office, clock: Clock
) -> None:
    """Urgent papers do not; after the code they do; another number begins anew. The database alone gives no code
    away, and nobody but its holder sees the number."""
    how, phone_page = delivery(told), "/account/notices"
    client.login("drafter")
    assert ask(client) == 422
    assert client.post(phone_page, data=FORM).status_code == 303
    assert "chưa xác nhận" in client.get(phone_page).text
    tell(office, Sort.URGENT, now=clock.now)
    assert deliver(engine, how, clock=clock) == {}
    assert ask(client) == 303
    assert deliver(engine, how, clock=clock) == {"sent": 1}
    assert sms.asked[0].json["to"] == NUMBER
    code = arrived(sms)
    with unit_of_work(engine) as uow:
        kept = [str(tuple(row)) for table in ("phone_code", "outbox", "journal")
                for row in uow.session.execute(text(f"SELECT * FROM {table}"))]  # fmt: skip
        once_key = uow.session.scalars(select(PhoneCode.once_key)).one()
    assert not [row for row in kept if code in row]
    assert phones.code_of(once_key, NUMBER, secret="another installation's key") != code
    assert answer(client, code.replace(code[0], str((int(code[0]) + 1) % 10))) == 422
    assert answer(client, f" {code[:3]} {code[3:]}") == 303
    page = client.get(phone_page).text
    assert "đã xác nhận" in page
    assert answer(client, code) == 422
    assert ask(client) == 422
    clock.advance(minutes=1)
    tell(office, Sort.EXPLANATION, now=clock.now)
    assert deliver(engine, how, clock=clock) == {"sent": 1}
    assert len(sms.asked) == 2
    seen = client.login("admin").get(f"/admin/people/{office.posts['drafter'].person_id}").text
    assert "••••••••678" in seen
    assert "đã xác nhận" in seen
    assert "345 678" not in seen
    assert NUMBER not in seen
    client.login("drafter").post(phone_page, data=FORM | {"phone": "0987 654 321"})
    assert "chưa xác nhận" in client.get(phone_page).text
    assert [fact["phone"] for fact in journal(engine, "person:phone:asked")] == ["••••••••678"]
    assert [fact["phone"] for fact in journal(engine, "person:phone:proven")] == ["••••••••678"]


def test_a_code_is_good_for_five_tries_and_ten_minutes_and_only_the_latest(
    client: Browser, told: Settings, sms: gateway.Gateway, engine: Engine, clock: Clock
) -> None:
    """The sixth try hears nothing, also with the right code; what could not leave in time does not leave at all."""
    how = delivery(told)
    client.login("drafter").post("/account/notices", data=FORM)
    ask(client)
    deliver(engine, how, clock=clock)
    code = arrived(sms)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert [answer(client, wrong) for _ in range(5)] == [422] * 5
    assert answer(client, code) == 422
    ask(client)
    deliver(engine, how, clock=clock)
    latest = arrived(sms)
    assert latest != code
    clock.advance(minutes=10)
    assert answer(client, latest) == 422
    ask(client)
    clock.advance(minutes=11)
    assert deliver(engine, how, clock=clock) == {"failed": 1}
    assert len(sms.asked) == 2
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(NoticeChoice.proven_at)).all() == [None]
        assert uow.session.scalars(select(Outbox.error).where(Outbox.state == "failed")).all() == ["code_too_late"]


def test_codes_are_counted_for_a_person_and_for_a_number(
    client: Browser, told: Settings, sms: gateway.Gateway, engine: Engine, clock: Clock
) -> None:
    """Four an hour; another person cannot have more of them sent to the same number; after the hour it goes on."""
    client.login("drafter").post("/account/notices", data=FORM)
    assert [ask(client) for _ in range(5)] == [303, 303, 303, 303, 429]
    assert deliver(engine, delivery(told), clock=clock) == {"sent": 1}, "only the latest leaves"
    client.login("head").post("/account/notices", data=FORM)
    assert ask(client) == 429
    client.post("/account/notices", data=FORM | {"phone": "0987 654 321"})
    assert ask(client) == 303
    clock.advance(minutes=61)
    client.login("drafter")
    assert ask(client) == 303
