"""A real Chromium and a local server for the signer's tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.signer import local_server
from tests.signer.local_server import MODULES, Office
from tests.support import programs

PLAIN_HOST = "plain.example"
"""Reaches the same server by a name that is not loopback: no secure context."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Started and ended with each file: while Playwright runs, this process cannot run an event loop of its own."""
    with sync_playwright() as playwright:
        flags = [*programs.CHROMIUM_FLAGS, f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=programs.chromium(), args=flags)
        yield browser
        browser.close()


@pytest.fixture
def office() -> Iterator[Office]:
    """A fresh local server."""
    with local_server.running() as office:
        yield office


@dataclass
class Tab:
    """A page and all that the browser complained about on it."""

    page: Page
    office: Office
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, *, host: str = "127.0.0.1") -> Page:
        self.page.goto(f"http://{host}:{self.office.port}{path}")
        return self.page

    def run(self, body: str, argument: Any = None) -> Any:
        """Evaluate `async (m, a) => …` in the page; `m(name)` imports a signer module."""
        load = f"(name) => import('{MODULES}' + name)"
        return self.page.evaluate(f"(a) => (async (m, a) => {{ {body} }})({load}, a)", argument)


def new_tab(chromium: Browser, office: Office) -> Tab:
    """A page in a context of its own that remembers every console message and page error."""
    page = chromium.new_context(locale="vi-VN").new_page()
    page.set_default_timeout(20_000)
    tab = Tab(page, office)
    page.on("console", lambda message: tab.complaints.append(message.text))
    page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    return tab


@pytest.fixture
def tab(chromium: Browser, office: Office) -> Iterator[Tab]:
    """A fresh page; the test fails on any complaint of the browser that it does not take away itself."""
    tab = new_tab(chromium, office)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


@pytest.fixture(scope="module")
def workshop(chromium: Browser) -> Iterator[Tab]:
    """An empty page with a server, for the whole file: the modules are loaded once."""
    with local_server.running() as office:
        office.page("/empty", "<body></body>")
        tab = new_tab(chromium, office)
        tab.open("/empty")
        yield tab
        tab.page.context.close()


@pytest.fixture
def bench(workshop: Tab) -> Iterator[Tab]:
    """The shared empty page, on which modules are called directly."""
    yield workshop
    assert workshop.complaints == []


@pytest.fixture
def fresh_bench(bench: Tab) -> Tab:
    """The same for tests that put themselves between the modules and WebCrypto."""
    bench.open("/empty")
    return bench
