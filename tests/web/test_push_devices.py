"""Notices on devices, from the page to what a browser decrypts; and everything that turns one off."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update

from schedulers.jobs.outbox import deliver
from signing.webpush import SenderKey
from tests.support import gateway
from tests.support.browser import COOKIE, Browser, Clock
from tests.support.office import Office
from tests.support.push_service import Device
from tests.web.test_channel_pages import serve, tell
from workflow.config import Settings
from workflow.domain.channels import MOST_DEVICES, Sort
from workflow.services import housekeeping
from workflow.services.channels import delivery
from workflow.services.logins import digest
from workflow.services.passwords import make_hash
from workflow.store.backup import end_logins
from workflow.store.models import Account, ChannelHealth, LoginSession, Outbox, PushDevice
from workflow.store.session import unit_of_work

PAGE = "/account/notices"
ADD = f"{PAGE}/devices"
MARK = "trinhky_device"


def setting(key: str, **more: object) -> str:
    """A push service of the office's own, on this machine."""
    given = {"key": key, "contact": "mailto:vt@example.gov.vn", "services": ["127.0.0.1"], "private": True}
    return json.dumps(given | more)


@dataclass
class Push:
    """An installation with Web Push, its push service, and browsers behind that."""

    client: Browser
    settings: Settings
    service: gateway.Gateway
    engine: Engine
    clock: Clock
    office: Office
    browsers: dict[str, Device] = field(default_factory=dict)

    def turn_on(self, name: str, status: int = 204) -> Device:
        """In the client's browser."""
        browser = self.browsers[name] = Device()
        body = {"endpoint": f"http://127.0.0.1:{self.service.port}/{name}", **browser.keys()}
        answer = self.client.post(ADD, json=body, headers={"Accept": "application/json"})
        assert answer.status_code == status, answer.text
        return browser

    def tell(self, sort: Sort = Sort.URGENT, person: str = "drafter") -> dict[str, int]:
        """Something happens, and leaves."""
        self.clock.advance(minutes=1)
        happen_again(self.office, sort, person=person, now=self.clock.now)
        return deliver(self.engine, delivery(self.settings), clock=self.clock)

    def devices(self) -> int:
        """How many there are at all."""
        with unit_of_work(self.engine) as uow:
            return uow.session.scalar(select(func.count()).select_from(PushDevice)) or 0


def happen_again(office: Office, sort: Sort, *, person: str, now: dt.datetime) -> None:
    """The same cause tells once, so that of before is renamed."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for row in uow.session.scalars(select(Outbox).where(Outbox.once_key == f"{sort}:{person}:")):
            row.once_key = f"{row.once_key}:{row.id}"
        uow.commit()
    tell(office, sort, person=person, now=now)


@pytest.fixture
def push(
    app: Flask, client: Browser, settings: Settings, engine: Engine, clock: Clock, office: Office
) -> Iterator[Push]:
    with gateway.running(gateway.Gateway()) as service:
        made = replace(settings, push=setting(SenderKey.make(), subject=True))
        serve(app, made)
        yield Push(client.login("drafter"), made, service, engine, clock, office)


def test_what_was_turned_on_gets_what_was_chosen_and_is_listed_until_it_is_turned_off(push: Push) -> None:
    """Urgent and owed always, the rest as ticked; each device by its own keys; the page shows names, no address."""
    client = push.client
    assert 'data-key="' in client.get(PAGE).text
    phone = push.turn_on("phone")
    assert push.tell() == {"sent": 1}
    told = phone.read(push.service.asked[0])
    assert (push.service.asked[0].path, told["title"]) == ("/phone", "Nơi gửi đã thu hồi: Tin urgent")
    for sort in (Sort.DIGEST, Sort.REPORT, Sort.NOTICE):
        assert push.tell(sort) == {}
    assert push.tell(Sort.EXPLANATION) == {"sent": 1}
    assert client.post(PAGE, data={"push_digest": "true", "push_notice": "true"}).status_code == 303
    assert [push.tell(sort) for sort in (Sort.DIGEST, Sort.REPORT, Sort.NOTICE)] == [{"sent": 1}, {}, {"sent": 1}]
    client.delete_cookie(MARK)
    computer = push.turn_on("computer")
    push.service.asked.clear()
    assert push.tell() == {"sent": 2}
    bodies = {asked.path: asked for asked in push.service.asked}
    assert phone.read(bodies["/phone"])["title"] == computer.read(bodies["/computer"])["title"]
    page = client.get(PAGE).text
    assert page.count("/remove") == 2
    assert page.count("data-turn-off") == 1
    assert f"127.0.0.1:{push.service.port}" not in page
    with unit_of_work(push.engine) as uow:
        first = uow.session.scalars(select(PushDevice).order_by(PushDevice.id)).first()
        assert first is not None
        assert first.used_at == push.clock.now
    client.login("head")
    assert client.post(f"{ADD}/{first.id}/remove").status_code == 404
    client.login("drafter")
    assert client.post(f"{ADD}/{first.id}/remove").status_code == 303
    push.service.asked.clear()
    assert push.tell() == {"sent": 1}
    assert [asked.path for asked in push.service.asked] == ["/computer"]


def test_strange_addresses_and_keys_are_refused_and_a_person_has_only_so_many(push: Push) -> None:
    """What a script could send; turning the same browser on twice is one device."""
    good = {"endpoint": "http://127.0.0.1/x", **Device().keys()}
    for change in (
        {"endpoint": "https://evil.example/x"}, {"endpoint": 3}, {"p256dh": "AA"}, {"auth": ""}, {"more": "x"},
    ):  # fmt: skip
        assert push.client.post(ADD, json=good | change).status_code == 422, change
    assert push.client.post(ADD, data=b"[", content_type="application/json").status_code == 422
    assert push.client.post(ADD, json=good, csrf=False).status_code == 400
    for number in range(MOST_DEVICES):
        push.client.delete_cookie(MARK)
        push.turn_on(f"d{number}")
    push.turn_on("again")
    assert push.devices() == MOST_DEVICES
    push.client.delete_cookie(MARK)
    push.turn_on("more", 422)
    assert push.devices() == MOST_DEVICES
    push.client.logout()
    assert push.client.post(ADD, json=good).status_code == 401


def change_password(push: Push) -> None:
    with unit_of_work(push.engine) as uow:
        uow.begin_write()
        made = make_hash("mat khau cu cua toi")
        uow.session.execute(update(Account).values(password_hash=made))
        uow.commit()
    push.client.delete_cookie(COOKIE)
    push.client.login("drafter")
    form = {"old": "mat khau cu cua toi", "password": "mat khau moi cua toi", "again": "mat khau moi cua toi"}
    assert push.client.post("/account/password", data=form).status_code == 303


def close_account(push: Push) -> None:
    person = push.office.posts["drafter"].person_id
    push.client.login("admin")
    answer = push.client.post(f"/admin/people/{person}/account/close", data={"reason": "Nghỉ hưu"})
    assert answer.status_code == 303


def end_others(push: Push) -> None:
    push.client.login("drafter")
    assert push.client.post("/account/sessions/end-others").status_code == 303


def end_that_one(push: Push) -> None:
    with unit_of_work(push.engine) as uow:
        held = uow.session.scalars(select(PushDevice.session_id)).one()
    push.client.login("drafter")
    assert push.client.post(f"/account/sessions/{held}/end").status_code == 303


def log_in_here(push: Push, name: str) -> None:
    """By name and password, in the browser of the device."""
    with unit_of_work(push.engine) as uow:
        uow.begin_write()
        person = push.office.posts[name].person_id
        mine = (
            update(Account).where(Account.person_id == person).values(password_hash=make_hash("mat khau cua toi"))
        )
        username = uow.session.scalars(mine.returning(Account.username)).one()
        uow.commit()
    push.client.delete_cookie(COOKIE)
    assert push.client.get_cookie(MARK) is not None
    answer = push.client.post("/login", data={"username": username, "password": "mat khau cua toi"})
    assert answer.status_code == 303


def restore(push: Push) -> None:
    with unit_of_work(push.engine) as uow:
        uow.begin_write()
        end_logins(uow.session, now=push.clock.now)
        uow.commit()


def a_month_goes_by(push: Push) -> None:
    push.clock.advance(days=31)
    with unit_of_work(push.engine) as uow:
        cleared = housekeeping.clear_rows(uow, now=push.clock.now, frequent_jobs=())
        uow.commit()
    assert cleared["devices"] == 1


ENDS: dict[str, Callable[[Push], object]] = {
    "logged out there": lambda push: push.client.post("/logout"),
    "that login ended from another device": end_that_one,
    "all other logins ended": end_others,
    "another password": change_password,
    "the account closed": close_account,
    "somebody else at that browser": lambda push: log_in_here(push, "head"),
    "a restore": restore,
    "a month without a login": a_month_goes_by,
}


@pytest.mark.parametrize("end", ENDS)
def test_a_device_ends_and_nothing_that_waited_for_it_goes_there(push: Push, end: str) -> None:
    """Also what was queued already; the notice stays in the program."""
    push.turn_on("phone")
    push.service.statuses = [503]
    assert push.tell() == {"put_off": 1}
    push.service.asked.clear()
    ENDS[end](push)
    assert push.devices() == 0
    push.clock.advance(hours=1)
    with unit_of_work(push.engine) as uow:
        assert uow.session.scalars(select(Outbox.state).where(Outbox.channel == "push")).all() == []
    assert push.tell() == {}
    assert push.service.asked == []


def test_a_login_that_ran_out_ends_no_device_and_the_next_one_takes_it_over(push: Push) -> None:
    """Overnight a notice still comes; in the morning the device hangs on the new login, and ends with that."""
    push.turn_on("phone")
    push.clock.advance(hours=14)
    assert push.tell() == {"sent": 1}
    log_in_here(push, "drafter")
    with unit_of_work(push.engine) as uow:
        held, newest = uow.session.scalars(select(PushDevice.session_id)).one(), select(func.max(LoginSession.id))
        assert held == uow.session.scalar(newest)
        mark = uow.session.scalars(select(PushDevice.mark_hash)).one()
    cookie = push.client.get_cookie(MARK)
    assert cookie is not None
    assert mark == digest(cookie.value)
    assert push.tell() == {"sent": 1}


def test_a_browser_that_is_gone_is_removed_and_another_key_asks_to_turn_it_on_again(app: Flask, push: Push) -> None:
    """410 once: no second request; the way itself did not fail. With a new key nothing goes to the old devices."""
    push.turn_on("phone")
    push.service.statuses = [410]
    assert push.tell() == {"failed": 1}
    assert push.devices() == 0
    assert push.tell() == {}
    assert len(push.service.asked) == 1
    with unit_of_work(push.engine) as uow:
        assert uow.session.scalars(select(ChannelHealth.name).where(ChannelHealth.name == "push")).all() == []
        failed = uow.session.scalars(select(Outbox.error).where(Outbox.state == "failed")).all()
    assert failed == ["push_gone 410"]
    push.turn_on("phone")
    push.settings = replace(push.settings, push=setting(SenderKey.make()))
    serve(app, push.settings)
    assert push.tell() == {}
    page = push.client.get(PAGE).text
    assert "cần bật lại" in page
    assert 'data-known="yes"' not in page
    push.turn_on("phone")
    assert push.devices() == 1
    assert push.tell() == {"sent": 1}


def test_the_page_says_when_it_is_off_and_loads_no_script_for_it(app: Flask, push: Push) -> None:
    """Not set up, and set up in a way that nobody can read; the worker comes with headers of its own."""
    for wrong, words in (("", "chưa cấu hình kênh này"), ("{", "Hiện không đọc được cấu hình")):
        serve(app, replace(push.settings, push=wrong))
        page = push.client.get(PAGE).text
        assert words in page
        assert "push/device.js" not in page
        assert push.client.post(ADD, json={}).status_code == 404
    serve(app, push.settings)
    policy = push.client.get(PAGE).headers["Content-Security-Policy"]
    assert "worker-src localhost/push/worker.js;" in policy
    assert "trusted-types push" in policy
    worker = push.client.logout().get("/push/worker.js")
    assert (worker.status_code, worker.mimetype) == (200, "text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in worker.headers, "its scope is its own folder"
    assert worker.headers["Content-Security-Policy"].startswith("default-src 'none'")
