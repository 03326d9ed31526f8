"""One furnished town and one Chromium for all pages; one browser context for each person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession
from werkzeug.test import TestResponse

from tests.support import live, seats
from tests.support.browser import Clock
from tests.support.live import Town
from tests.support.seats import Seat, Seats
from tests.sweep.far_keys import SERVICES
from tests.sweep.furnished import furnish
from tests.sweep.undelivered import WAYS
from workflow.config import project_folder

ASKED = {"vi": "vi-VN", "en": "en-GB"}
LANGUAGES = ("vi", "en")
AXE = project_folder() / ".setup" / "npm" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(slots=True)
class Rounds:
    """Who walks through the pages, and the places they may ask for."""

    town: Town
    people: Seats
    places: dict[str, object]
    axe: str
    _seats: dict[str, Seat] = field(default_factory=dict)
    _speaks: dict[str, tuple[CDPSession, str]] = field(default_factory=dict)

    def path(self, path: str) -> str:
        """With its places filled in."""
        return path.format(**self.places)

    def seat(self, who: str, language: str) -> Seat:
        """The browser of one person; from now on it asks for this language."""
        seat, (settings, spoken) = self._sitting(who), self._speaks[who]
        if spoken != language:
            names = {"userAgent": seat.page.evaluate("navigator.userAgent"), "acceptLanguage": ASKED[language]}
            settings.send("Emulation.setUserAgentOverride", names)
            self._speaks[who] = (settings, language)
        return seat

    def _sitting(self, who: str) -> Seat:
        """Opened once."""
        if who not in self._seats:
            made = self.people.of(who) if who else self.people.stranger()
            made.page.add_init_script(self.axe)
            self._seats[who] = made
            self._speaks[who] = (made.page.context.new_cdp_session(made.page), "vi")
            if who == "begun":
                made.go("/account/factors").page.locator("form[action$=totp] button").click()
        return self._seats[who]

    def asked(self, who: str, path: str, language: str) -> TestResponse:
        """What the service answers to one person in one language; nothing is drawn."""
        client = self.town.app.test_client()
        for cookie in self._sitting(who).page.context.cookies():
            client.set_cookie(cookie["name"], cookie["value"], domain="127.0.0.1")
        spoken = {"Accept-Language": ASKED[language]}
        return client.get(self.path(path), base_url=self.town.base, headers=spoken, follow_redirects=True)


@pytest.fixture(scope="module")
def axe() -> str:
    """The checker, put into every page; it comes with the other files from npm."""
    if not AXE.exists():
        pytest.skip("npm was out of reach: no axe-core")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def rounds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, axe: str) -> Iterator[Rounds]:
    """The clock stands, so that no second factor grows old on a slow machine."""
    with live.running(sqlite_template, tmp_path_factory.mktemp("sweep"), clock=Clock(), **WAYS, **SERVICES) as town:
        places = furnish(town)
        with seats.chromium() as browser:
            made = Rounds(town, Seats(town, browser), places, axe)
            yield made
            made.people.close()
