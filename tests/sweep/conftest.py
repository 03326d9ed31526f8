"""One furnished town and one Chromium for all pages; one browser context for each person and language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support import live, seats
from tests.support.browser import Clock
from tests.support.live import Town
from tests.support.seats import Seat, Seats
from tests.sweep.far_keys import SERVICES
from tests.sweep.furnished import furnish
from tests.sweep.undelivered import WAYS
from workflow.config import project_folder

AXE = project_folder() / ".setup" / "npm" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(slots=True)
class Rounds:
    """Who walks through the pages, and the places they may ask for."""

    town: Town
    people: Seats
    places: dict[str, object]
    axe: str
    _seats: dict[tuple[str, str], Seat] = field(default_factory=dict)

    def seat(self, who: str, language: str) -> Seat:
        """The browser of one person in one language, opened once."""
        key = (who, language)
        if key not in self._seats:
            made = self.people.of(who, language=language) if who else self.people.stranger(language=language)
            made.page.add_init_script(self.axe)
            self._seats[key] = made
            if who == "begun":
                made.go("/account/factors").page.locator("form[action$=totp] button").click()
        return self._seats[key]


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
