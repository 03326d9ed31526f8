"""People at browsers: who sits there, what they press by its word, and all that their browser complained about."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect, sync_playwright

from tests.support import programs
from tests.support.browser import COOKIE, open_session
from tests.support.live import Town
from workflow.web.i18n import CATALOGUES

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDTHS = {1280: DESK, 390: PHONE}
FASTER = "Autofocus processing was blocked because a document already has a focused element."
"""A key was pressed before the page's first frame: whoever did is where the page would have put them."""
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


def vi(text: str, **values: object) -> str:
    """The Vietnamese of one of our texts, as pages show it."""
    known = CATALOGUES["vi"].texts.get(("", text), text)
    return known % values if values else known


@contextmanager
def chromium() -> Iterator[Browser]:
    """While it runs, this thread can run no event loop of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=programs.chromium(),
            args=[*programs.CHROMIUM_FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield browser
        browser.close()


@dataclass(slots=True)
class Seat:
    """One browser of its own. Texts are given in English and looked for in Vietnamese."""

    town: Town
    page: Page
    told: list[str] = field(default_factory=list)
    """Console messages, page errors and requests that wanted to leave the host."""
    refusals: list[int] = field(default_factory=list)
    """Statuses of refused requests, which browsers note on the console too."""

    def go(self, path: str) -> Seat:
        """Open a page of the service."""
        self.page.goto(self.town.base + path)
        return self

    def wide(self, width: int) -> Seat:
        """Go on at a width; where it is that already, the browser is not asked."""
        if self.page.viewport_size != WIDTHS[width]:
            self.page.set_viewport_size(WIDTHS[width])
        return self

    def button(self, text: str) -> Locator:
        """A button that may be pressed, by its word (a key cap may follow)."""
        name = re.compile(rf"^{re.escape(vi(text))}( F\d+)?( \(.*\))?$")
        return self.page.get_by_role("button", name=name)

    def press(self, text: str) -> Seat:
        """Press a button."""
        self.button(text).first.click()
        return self

    def follow(self, text: str) -> Seat:
        """Follow a link by its word."""
        self.page.get_by_role("link", name=re.compile(rf"^{re.escape(vi(text))}( F\d+)?$")).first.click()
        return self

    def reads(self, text: str, **values: object) -> Seat:
        """The page says so."""
        expect(self.page.locator("main")).to_contain_text(vi(text, **values))
        return self

    def confirm_it_is_me(self) -> Seat:
        """The second factor, in the demo one press."""
        if "/step-up" in self.page.url:
            self.press("Demo: confirm")
        return self

    def choose_key(self, file: dict[str, Any], password: str) -> Seat:
        """Choose the key file, type its password, submit."""
        self.page.set_input_files("[data-key-file]", file)
        self.page.fill("[data-key-password]", password)
        self.page.locator(".key-form button[type=submit]").click()
        return self


@dataclass(slots=True)
class Seats:
    """All browsers of one test."""

    town: Town
    browser: Browser
    taken: list[Seat] = field(default_factory=list)

    def stranger(self, *, width: int = 1280, language: str = "vi") -> Seat:
        """A browser of nobody."""
        context = self.browser.new_context(
            base_url=self.town.base,
            locale={"vi": "vi-VN", "en": "en-GB"}[language],
            viewport=WIDTHS[width],
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.set_default_timeout(15_000)
        seat = Seat(self.town, context.new_page())
        _listen(seat)
        self.taken.append(seat)
        return seat

    def of(self, name: str, *, width: int = 1280, stepped_up: bool = True, language: str = "vi") -> Seat:
        """A browser in which somebody of the office is logged in."""
        seat = self.stranger(width=width, language=language)
        post = self.town.office.posts[name]
        secret = open_session(
            self.town.engine, post.person_id, post_id=post.id, now=self.town.clock(), stepped_up=stepped_up
        )
        seat.page.context.add_cookies([{"name": COOKIE, "value": secret, "url": self.town.base}])
        return seat

    def close(self) -> None:
        """Everybody goes home; with TRINHKY_SHOTS set to a folder, what they saw last is kept there."""
        for number, seat in enumerate(self.taken):
            if folder := os.environ.get("TRINHKY_SHOTS"):
                seat.page.screenshot(path=f"{folder}/last-{number}.png", full_page=True)
            seat.page.context.close()

    def assert_quiet(self) -> None:
        """No console message, nothing that left the host, no accident on the server."""
        told = [line for seat in self.taken for line in seat.told]
        assert told == [], told
        assert self.town.accidents == [], self.town.accidents


def _listen(seat: Seat) -> None:
    def heard(message: ConsoleMessage) -> None:
        if refused := REFUSED.search(message.text):
            seat.refusals.append(int(refused[1]))
        elif message.text != FASTER:
            seat.told.append(f"{seat.page.url}: {message.text}")

    def asked(request: Any) -> None:
        if not request.url.startswith((f"{seat.town.base}/", "data:", "blob:")):
            seat.told.append(f"{seat.page.url} asked for {request.url}")

    seat.page.on("console", heard)
    seat.page.on("pageerror", lambda error: seat.told.append(f"{seat.page.url}: {error}"))
    seat.page.context.on("request", asked)
