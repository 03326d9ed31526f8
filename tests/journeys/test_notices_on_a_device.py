"""Notices turned on in a browser, one that comes, and what the page says where it cannot be.

A push service cannot be had on this machine, and Chromium without windows denies every notification: so
subscribing, the answer to the browser's question and showing are stood in for in the browser. The worker, its
registration under the page's policy, the `push` event with what our sender encrypted, and everything between page
and service are real.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from schedulers.jobs.outbox import deliver
from signing.webpush import SenderKey
from tests.support import gateway, live
from tests.support.live import Town
from tests.support.push_service import Device
from tests.support.seats import Seat, Seats
from tests.web.test_channel_pages import tell
from workflow.domain.channels import Sort
from workflow.services.channels import delivery

pytestmark = pytest.mark.browser

BROWSER = """({permission, answer, subscription}) => {
  let now = sessionStorage.getItem('held') ? 'granted' : permission;
  Object.defineProperty(Notification, 'permission', { get: () => now });
  Notification.requestPermission = async () => { globalThis.asked = true; now = answer; return answer; };
  let held = sessionStorage.getItem('held') ? made() : null;
  function made() {
    return {
      options: { applicationServerKey: Uint8Array.from(JSON.parse(sessionStorage.getItem('held'))).buffer },
      toJSON: () => subscription,
      unsubscribe: async () => { sessionStorage.removeItem('held'); held = null; return true; },
    };
  }
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async (options) => {
    if (!subscription) throw new DOMException('Registration failed', 'AbortError');
    sessionStorage.setItem('held', JSON.stringify([...options.applicationServerKey]));
    held = made();
    return held;
  };
}"""
WORKER = """() => {
  self.shown = []; self.opened = [];
  self.registration.showNotification = async (title, more) => { self.shown.push({ title, ...more }); };
  self.clients.openWindow = async (address) => { self.opened.push(address); };
}"""
SHOWN = """async () => {
  for (let tries = 0; tries < 200 && self.shown.length < 3; tries += 1) {
    await new Promise((go) => setTimeout(go, 20));
  }
  return self.shown;
}"""
CLICK = """() => {
  const click = new ExtendableEvent('notificationclick');
  Object.defineProperty(click, 'notification', { value: { data: self.shown.at(-1).data, close() {} } });
  self.dispatchEvent(click);
}"""


@pytest.fixture
def service() -> Iterator[gateway.Gateway]:
    with gateway.running(gateway.Gateway()) as found:
        yield found


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path) -> Iterator[Town]:
    """With a push service of the office's own, on this machine."""
    given = {"key": SenderKey.make(), "contact": "mailto:vt@example.gov.vn", "services": ["127.0.0.1"]}
    with live.running(
        sqlite_template, tmp_path, push=json.dumps(given | {"private": True, "subject": True})
    ) as made:
        yield made


def stand_in(seat: Seat, *, permission: str, answer: str = "granted", subscription: object = None) -> Seat:
    """What this browser would be told by its person and by a push service."""
    given = json.dumps({"permission": permission, "answer": answer, "subscription": subscription})
    seat.page.add_init_script(f"({BROWSER})({given})")
    return seat


def state(seat: Seat) -> str | None:
    expect(seat.page.locator("[data-push]")).to_have_attribute("data-now", re.compile(".+"))
    return seat.page.locator("[data-push]").get_attribute("data-now")


def test_turned_on_by_keyboard_a_notice_comes_and_opens_its_item(
    town: Town, people: Seats, service: gateway.Gateway
) -> None:
    """From the button to what the worker shows, and back to off."""
    device = Device()
    subscription = {"endpoint": f"http://127.0.0.1:{service.port}/d", "keys": device.keys()}
    seat = stand_in(people.of("drafter"), permission="default", subscription=subscription)
    seat.go("/account/notices")
    assert state(seat) == "off"
    seat.button("Turn on on this device").focus()
    seat.page.keyboard.press("Enter")
    seat.page.wait_for_url("**/account/notices?done=on")
    seat.reads("Notices are shown on this device from now on.")
    assert state(seat) == "on"
    (worker,) = seat.page.context.service_workers
    assert worker.url == f"{town.base}/push/worker.js"
    worker.evaluate(WORKER)

    tell(town.office, Sort.URGENT, now=town.clock())
    assert deliver(town.engine, delivery(town.settings), clock=town.clock) == {"sent": 1}
    plain = device.opened(service.asked[0].body).decode()
    for data in (plain, "not json", json.dumps({"title": "x", "link": "https://evil.example/"})):
        push_to(seat, data)
    first, second, third = worker.evaluate(SHOWN)
    assert first["title"] == "Nơi gửi đã thu hồi: Tin urgent"
    assert first["tag"] == json.loads(plain)["tag"]
    assert second["title"] == "Trình Ký"
    assert third["data"]["link"] == f"{town.base}/notices", "nothing but this service is opened"
    worker.evaluate("() => self.shown.length = 1")
    worker.evaluate(CLICK)
    assert worker.evaluate("() => self.opened") == [town.base + json.loads(plain)["link"]]

    seat.page.locator("form[data-turn-off] button").press("Enter")
    seat.page.wait_for_url("**/account/notices?done=device")
    assert state(seat) == "off"
    assert seat.page.evaluate("() => sessionStorage.getItem('held')") is None


def push_to(seat: Seat, data: str) -> None:
    """A `push` event, as a push service would bring it about."""
    session = seat.page.context.new_cdp_session(seat.page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not found:
        seat.page.wait_for_timeout(20)
    session.send(
        "ServiceWorker.deliverPushMessage", {"origin": seat.town.base, "registrationId": found[-1], "data": data}
    )
    session.detach()


def test_each_state_has_its_words(town: Town, people: Seats, chromium: Browser) -> None:
    """Blocked, the question closed, a push service that nobody reaches, inside another app, on an iPhone."""
    blocked = stand_in(people.of("drafter"), permission="denied").go("/account/notices")
    assert state(blocked) == "blocked"
    blocked.reads("This browser blocks notices from this site, so nothing can be turned on from here.")
    expect(blocked.button("Turn on on this device")).to_have_count(0)
    closed = stand_in(people.of("drafter", width=390), permission="default", answer="default").go(
        "/account/notices"
    )
    closed.press("Turn on on this device")
    closed.reads("The browser’s question was closed without an answer. Turn it on again and choose Allow.")
    failed = stand_in(people.of("drafter"), permission="default").go("/account/notices")
    failed.press("Turn on on this device")
    expect(failed.page.locator("[data-push]")).to_have_attribute("data-now", "failed")
    for agent, words in (
        ("Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit Zalo android/2412", "inside"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari", "apple"),
    ):
        seat = people.of("drafter")
        seat.page.add_init_script(
            f"Object.defineProperty(navigator, 'userAgent', {{ get: () => {json.dumps(agent)} }});"
            "delete globalThis.PushManager;"
        )
        assert state(seat.go("/account/notices")) == words
