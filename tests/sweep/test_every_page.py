"""Every page, with data, empty and in trouble, in both languages, on a desk and on a phone.

TRINHKY_SHOTS names a folder for screenshots; without it none is made.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from html5lib.html5parser import ParseError
from playwright.sync_api import Page, Response

from tests.support import held_files
from tests.support.browser import parse_strictly
from tests.support.live import as_upload
from tests.support.seats import WIDTHS
from tests.sweep.conftest import Rounds
from tests.sweep.pages import NO_PAGES, PAGES
from tests.sweep.shown import Shown

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async ({ tags, contrast }) => {
    const rules = { 'color-contrast': { enabled: contrast } };
    const found = await axe.run(document, { runOnly: tags, rules, resultTypes: ['violations'], preload: false });
    const shown = (nodes) => nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ');
    return found.violations.map(({ id, nodes }) => `${id}: ${shown(nodes)}`);
}"""
TOO_WIDE = """() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const outside = (one) => one.getBoundingClientRect().right > clientWidth + 1;
    const found = [...document.querySelectorAll('body *')].filter(outside).slice(0, 4);
    return [`${scrollWidth} px wide: ` + found.map((one) => one.outerHTML.slice(0, 120)).join(' | ')];
}"""


def test_every_get_route_is_in_the_table(rounds: Rounds) -> None:
    """Who adds a page adds it to the sweep; an address that is gone leaves it."""
    rules = {rule.rule for rule in rounds.town.app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert {shown.rule for shown in PAGES} | set(NO_PAGES) == rules


@pytest.mark.parametrize("rule", NO_PAGES)
def test_what_is_no_page(rounds: Rounds, rule: str) -> None:
    """Pictures, tables, PDFs and JSON say what they are."""
    who, path, kind = NO_PAGES[rule]
    answer = rounds.seat(who, "vi").page.request.get(rounds.town.base + path.format(**rounds.places))
    assert answer.headers["content-type"].partition(";")[0] == kind


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_page(rounds: Rounds, shown: Shown) -> None:
    """Valid, accessible, no wider than its window, silent, and nothing from another host."""
    found = [trouble for language in ("vi", "en") for trouble in troubles(rounds, shown, language=language)]
    assert found == []
    assert rounds.town.accidents == []


def troubles(rounds: Rounds, shown: Shown, *, language: str) -> Iterator[str]:
    """Everything wrong with one page in one language."""
    seat = rounds.seat(shown.who, language).wide(1280)
    seat.told.clear()
    answer = opened(seat.page, rounds.town.base + shown.path.format(**rounds.places), submit=shown.submit)
    if answer.status != shown.status:
        yield f"{language}: status {answer.status}"
    page = answer.text()
    if f'<html lang="{language}"' not in page:
        yield f"{language}: another language"
    yield from (f"{language}: {line}" for line in invalid(page))
    for width in WIDTHS:
        seat.wide(width)
        if "/view" in shown.rule:
            seat.page.wait_for_timeout(600)  # pdf.js draws anew for the width
        looked = [*seat.page.evaluate(TOO_WIDE)]
        if (language == "vi") == (list(WIDTHS).index(width) == PAGES.index(shown) % 2):
            # each page in both languages and at both widths; its colours, the slowest to look at, once
            looked += seat.page.evaluate(RUN_AXE, {"tags": TAGS, "contrast": language == "vi"})
        yield from (f"{language} {width}: {line}" for line in looked)
        keep(seat.page, f"{shown.name} {language} {width}")
    yield from seat.told


@pytest.mark.parametrize("language", ["vi", "en"])
def test_results_of_checks(rounds: Rounds, language: str) -> None:
    """Of a file that we issued and of one from elsewhere, with everything unfolded."""
    seat = rounds.seat("leader", language)
    row = rounds.town.papers.row(int(str(rounds.places["issued"])))
    files = {"issued": rounds.town.papers.blobs.get(row.file_sha256 or ""), "foreign": held_files.foreign()}
    for name, data in files.items():
        seat.wide(1280).go("/verify").page.set_input_files("#f-file", as_upload(f"{name}.pdf", data))  # type: ignore[arg-type]
        seat.told.clear()
        seat.page.click("form[data-check] button[type=submit]")
        seat.page.wait_for_selector(".check-result")
        for details in seat.page.locator("main details").all():
            details.evaluate("one => { one.open = true; }")
        found = []
        for width in WIDTHS:
            seat.wide(width)
            found += [*seat.page.evaluate(TOO_WIDE), *seat.page.evaluate(RUN_AXE, {"tags": TAGS, "contrast": True})]
            keep(seat.page, f"check {name} {language} {width}")
        assert [*found, *seat.told] == []


def opened(page: Page, address: str, *, submit: bool) -> Response:
    """Go there; where asked, send the page's first form past the browser's own checks."""
    answer = page.goto(address)
    if submit:
        with page.expect_navigation() as going:
            page.evaluate(
                "() => HTMLFormElement.prototype.submit.call(document.querySelector('main form[method=post]'))"
            )
        answer = going.value
    assert answer is not None
    return answer


def invalid(page: str) -> list[str]:
    """The first thing that html5lib does not take."""
    try:
        parse_strictly(page)
    except ParseError as error:
        return [f"HTML: {error}"]
    return []


def keep(page: Any, name: str) -> None:
    """A screenshot for whoever asked for it."""
    if folder := os.environ.get("TRINHKY_SHOTS"):
        target = Path(folder) / f"{re.sub(r'[^0-9a-z]+', '-', name.lower()).strip('-')[:120]}.png"
        page.screenshot(path=target, full_page=True)
