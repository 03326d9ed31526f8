"""The page of the documents list as a clerk gets it, and its JSON, against a bare Flask "hello" on the same server.

100,000 documents on SQLite; 50 rows, the full frame, session, permissions, CSRF, Vietnamese. Figures are CPU
seconds of the server per request, from /proc. Besides: the list of incoming documents, two searches (`rare`: one
document, `broad`: a word of every third one) and the page of a document, each with 1,000 and with 100,000 documents
of either kind; the ratio of the two says how they grow.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.harness import Measured, interleave
from bench.office import Clerk, build
from bench.server import Server, serving

DOCUMENTS, FEW = 100_000, 1_000
ROWS = 50
HELLOS, PAGES, LISTS, OTHERS = 1500, 300, 500, 100
"""Requests a round: enough that the kernel's clock ticks of 10 ms do not matter."""

HTML, JSON, HELLO = "/outgoing", "/api/v1/documents", "/"
OTHER_PAGES = {
    "incoming": "/incoming",
    "search_rare": "/search?q=800%2FSNV-TCBC",
    "search_broad": "/search?q=r%C3%A0+so%C3%A1t",
    "document": "",
}
"""Name → address; the document is the newest that the list shows."""


def measure(runs: int) -> Measured:
    """Seed, start both servers, look that the answers are whole, measure."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-list-")))
        real, clerk = _office(stack, folder / "many", DOCUMENTS)
        small, small_clerk = _office(stack, folder / "few", FEW)
        bare = stack.enter_context(serving("bench.hello:app", {}, log=folder / "hello.log"))
        browser = _browser(real, clerk)
        program = {"Authorization": f"Bearer {clerk.token}"}
        facts, broken = _look(real, browser, program)
        print(f"measuring: {facts}", file=sys.stderr)
        sides: dict[str, Callable[[], float]] = {
            "hello": lambda: bare.spend(HELLO, {}, requests=HELLOS),
            "html": lambda: real.spend(HTML, browser, requests=PAGES),
            "json": lambda: real.spend(JSON, program, requests=LISTS),
        }
        others = {"100k": (real, browser), "1k": (small, _browser(small, small_clerk))}
        pages = [name for name in OTHER_PAGES if all(_shown(*other, name) for other in others.values())]
        for size, (server, headers) in others.items():
            sides |= {f"{name}_{size}": _spending(server, headers, name) for name in pages}
        figures = interleave(sides, runs)
    growth = {f"{name}_100k_over_1k": (f"{name}_100k", f"{name}_1k") for name in pages}
    return Measured(
        figures=figures,
        ratios={"html_over_hello": ("html", "hello"), "json_over_hello": ("json", "hello"), **growth},
        goals={"html_over_hello": ("<=", 8), "json_over_hello": ("<=", 4)},
        facts={**facts, "not_measured": [name for name in OTHER_PAGES if name not in pages]},
        broken=broken,
    )


def _office(stack: ExitStack, folder: Path, documents: int) -> tuple[Server, Clerk]:
    """A server over as many documents of either kind."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'trinhky.db'}"
    print(f"seeding {documents} documents of either kind", file=sys.stderr)
    clerk = build(url, documents=documents, incoming=documents, now=dt.datetime.now(dt.UTC))
    environ = {
        "TRINHKY_DATABASE_URL": url,
        "TRINHKY_BLOB_URL": str(folder / "blobs"),
        "TRINHKY_SECRET_KEY": secrets.token_urlsafe(48),
        "TRINHKY_BASE_URL": "http://127.0.0.1",
    }
    return stack.enter_context(serving("wsgi:app", environ, log=folder / "web.log")), clerk


def _address(server: Server, headers: dict[str, str], name: str) -> str:
    if OTHER_PAGES[name]:
        return OTHER_PAGES[name]
    page, _cookies = server.read(HTML, headers)
    found = re.search(r'href="(/outgoing/\d+)"', page.decode())
    return found.group(1) if found else HTML


def _shown(server: Server, headers: dict[str, str], name: str) -> bool:
    """Whether this version has the page at all."""
    try:
        server.read(_address(server, headers, name), headers)
    except RuntimeError as error:
        print(f"{name}: {error}"[:200], file=sys.stderr)
        return False
    return True


def _spending(server: Server, headers: dict[str, str], name: str) -> Callable[[], float]:
    address = _address(server, headers, name)
    return lambda: server.spend(address, headers, requests=OTHERS)


def _browser(real: Server, clerk: Clerk) -> dict[str, str]:
    """What the clerk's browser sends: its session, and the cookie of forms that the first page sets."""
    headers = {"Cookie": f"trinhky={clerk.cookie}", "Accept": "text/html", "Accept-Language": "vi"}
    _body, cookies = real.read(HTML, headers)
    kept = [f"trinhky={clerk.cookie}", *(cookie.partition(";")[0] for cookie in cookies)]
    return {**headers, "Cookie": "; ".join(kept)}


def _look(real: Server, browser: dict[str, str], program: dict[str, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Rows and bytes of both answers, and whether anything of the full page is missing."""
    page, _cookies = real.read(HTML, browser)
    listed, _cookies = real.read(JSON, program)
    text = page.decode()
    rows = len(set(re.findall(r'href="/outgoing/(\d+)"', text)))
    items = len(json.loads(listed)["items"])
    wanted = {
        f"only {rows} rows in the page": rows >= ROWS,
        f"only {items} rows in the JSON": items >= ROWS,
        "the page is not in Vietnamese": '<html lang="vi"' in text,
        "the page has no CSRF token": 'name="csrf_token" value="' in text,
        "the page has no frame": "</nav>" in text and "</html>" in text,
    }
    facts = {
        "documents": DOCUMENTS, "html_rows": rows, "html_bytes": len(page), "json_rows": items,
        "json_bytes": len(listed),
    }  # fmt: skip
    return facts, tuple(sentence for sentence, true in wanted.items() if not true)
