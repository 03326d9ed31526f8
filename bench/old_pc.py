"""The list and the registration page on an old PC: CPU slowed down 4 times, 1366×768, nothing in the cache.

*Usable* is when the page has loaded with all its scripts (the load event); the limit is 1.5 s and 200 kB. The
server runs on the same machine, unslowed: what is measured is the page, not the network.
"""

from __future__ import annotations

import datetime as dt
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.harness import Measured, interleave
from bench.office import AGENCIES, Clerk, build
from bench.server import serving
from tests.support.programs import CHROMIUM_FLAGS, chromium

SLOWED = 4
SECONDS, BYTES = 1.5, 200_000
DOCUMENTS = 10_000
PAGES = {"list": "/incoming", "arrivals": "/incoming/arrivals", "registration": "/incoming/{arrived}/register",
         "outgoing": "/outgoing"}  # fmt: skip

_LOADED = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const parts = performance.getEntriesByType("resource");
  const bytes = [page, ...parts].reduce((sum, one) => sum + one.transferSize, 0);
  return {seconds: page.loadEventEnd / 1000, bytes, requests: parts.length + 1, status: page.responseStatus};
}"""


def measure(runs: int) -> Measured:
    """Seed, serve, open each page in a new context of a slowed browser."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-old-pc-")))
        url = f"sqlite:///{folder / 'trinhky.db'}"
        print(f"seeding {DOCUMENTS} documents", file=sys.stderr)
        clerk = build(url, documents=DOCUMENTS, incoming=DOCUMENTS, now=dt.datetime.now(dt.UTC))
        environ = {
            "TRINHKY_DATABASE_URL": url,
            "TRINHKY_BLOB_URL": str(folder / "blobs"),
            "TRINHKY_SECRET_KEY": secrets.token_urlsafe(48),
            "TRINHKY_BASE_URL": "http://127.0.0.1",
        }
        real = stack.enter_context(serving("wsgi:app", environ, log=folder / "web.log"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        stack.callback(browser.close)
        seen: dict[str, dict[str, Any]] = {}
        paths = {name: path.format(arrived=AGENCIES) for name, path in PAGES.items()}

        def opened(name: str) -> float:
            seen[name] = _open(browser, clerk, f"http://127.0.0.1:{real.port}{paths[name]}")
            return float(seen[name]["seconds"])

        figures = interleave({name: lambda name=name: opened(name) for name in PAGES}, runs)  # type: ignore[misc]
        facts: dict[str, Any] = {"browser": browser.version, "slowed": SLOWED, "documents": DOCUMENTS}
        facts |= {f"{name}_kB": round(found["bytes"] / 1000, 1) for name, found in seen.items()}
        facts |= {f"{name}_requests": found["requests"] for name, found in seen.items()}
        broken = tuple(f"{name} answered {one['status']}" for name, one in seen.items() if one["status"] != 200)
    for name, found in seen.items():
        figures[f"{name}_bytes"] = [float(found["bytes"])] * runs
    figures["limit"], figures["limit_bytes"] = [SECONDS] * runs, [float(BYTES)] * runs
    ratios = {f"{name}_over_limit": (name, "limit") for name in PAGES}
    ratios |= {f"{name}_bytes_over_limit": (f"{name}_bytes", "limit_bytes") for name in PAGES}
    return Measured(
        figures=figures, ratios=ratios, goals=dict.fromkeys(ratios, ("<=", 1)), facts=facts, broken=broken
    )


def _open(browser: Browser, clerk: Clerk, address: str) -> dict[str, Any]:
    """One page as the first of a browser that has nothing in its cache."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    try:
        context.add_cookies([{"name": "trinhky", "value": clerk.cookie, "url": address}])
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.goto(address, wait_until="load")
        page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
        found: dict[str, Any] = page.evaluate(_LOADED)
        return found
    finally:
        context.close()
