"""Every page, with data, empty and in trouble, in both languages, on a desk and on a phone.

A browser opens each condition of a page once, those of one route in turn in one language and the other; what it
does not open is asked for without one. `make soak` opens each in both. With TRINHKY_SHOTS, screenshots go there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from html5lib.html5parser import ParseError
from playwright.sync_api import Page, Response

from tests.support import counts, held_files
from tests.support.browser import parse_strictly
from tests.support.live import as_upload
from tests.support.seats import WIDTHS
from tests.sweep.conftest import LANGUAGES, Rounds
from tests.sweep.pages import NO_PAGES, PAGES
from tests.sweep.shown import Shown
from tests.web.documents.test_own_box_page import handwritten

pytestmark = [pytest.mark.browser, pytest.mark.soak]

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


def in_a_browser(pages: list[Shown]) -> dict[Shown, tuple[str, ...]]:
    """In which languages a browser opens each: those of one route take turns, the first in Vietnamese; one that is
    alone in both. What says 403 or 404 is one page each, whoever asked for what."""
    turns: dict[object, list[Shown]] = {}
    for shown in pages:
        turns.setdefault(shown.status if shown.status in PLAIN else shown.rule, []).append(shown)
    found: dict[Shown, tuple[str, ...]] = {}
    for key, own in turns.items():
        few = own[:2] if key in PLAIN else own
        found |= {one: (LANGUAGES[place % 2],) if len(few) > 1 else LANGUAGES for place, one in enumerate(few)}
    return dict.fromkeys(pages, LANGUAGES) if counts.SOAK else found


PLAIN = (403, 404)
BY_HAND = {"/sign/sessions/<session>/<int:document_id>/box"}
"""What a tab of its own has to be led to has a test of its own below."""
OPENED = in_a_browser(PAGES)
FIRST = {shown.rule: shown for shown in reversed(PAGES)}


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_page(rounds: Rounds, shown: Shown) -> None:
    """Valid, accessible, no wider than its window, silent, and nothing from another host."""
    opened_in = OPENED.get(shown, ())
    found = [trouble for language in opened_in for trouble in seen(rounds, shown, language=language)]
    if not shown.submit and (counts.SOAK or shown.status not in PLAIN):
        for language in (one for one in LANGUAGES if one not in opened_in):
            answer = rounds.asked(shown.who, shown.path, language)
            found += spoilt(shown, answer.status_code, answer.text, language=language)
    assert found == []
    assert rounds.town.accidents == []


def test_every_route_is_opened_in_both_languages() -> None:
    """And every condition that is more than a refusal, in one at least."""
    for rule in {shown.rule for shown in PAGES} - BY_HAND:
        own = [shown for shown in PAGES if shown.rule == rule and shown.status not in PLAIN]
        assert {language for shown in own for language in OPENED[shown]} == set(LANGUAGES), rule


def spoilt(shown: Shown, status: int, page: str, *, language: str) -> Iterator[str]:
    """Everything wrong with an answer."""
    if status != shown.status:
        yield f"{language}: status {status}"
    if f'<html lang="{language}"' not in page:
        yield f"{language}: another language"
    yield from (f"{language}: {line}" for line in invalid(page))


def seen(rounds: Rounds, shown: Shown, *, language: str) -> Iterator[str]:
    """Everything wrong with one page in one language, as a browser shows it."""
    seat = rounds.seat(shown.who, language).wide(1280)
    seat.told.clear()
    answer = opened(seat.page, rounds.town.base + rounds.path(shown.path), submit=shown.submit)
    yield from spoilt(shown, answer.status, answer.text(), language=language)
    for width in WIDTHS:
        seat.wide(width)
        if "/view" in shown.rule:
            seat.page.wait_for_timeout(600)  # pdf.js draws anew for the width
        looked = [*seat.page.evaluate(TOO_WIDE)]
        once = (language == "vi") == (list(WIDTHS).index(width) == PAGES.index(shown) % 2)
        if once or (FIRST[shown.rule] is shown and language == "vi"):
            # each route at both widths, each condition at one; colours, the slowest to look at, once
            looked += seat.page.evaluate(RUN_AXE, {"tags": TAGS, "contrast": once and language == "vi"})
        yield from (f"{language} {width}: {line}" for line in looked)
        keep(seat.page, f"{shown.name} {language} {width}")
    yield from seat.told


def test_lists_on_a_screen_enlarged_to_200_per_cent(rounds: Rounds) -> None:
    """1280 px of which half is left: nothing runs over the edge, in the longer language."""
    seat, found = rounds.seat("clerk", "en").wide(1280), []
    seat.page.set_viewport_size({"width": 640, "height": 400})
    for path in ("/desk", "/outgoing", "/incoming", "/register", "/copies", "/dossiers", "/reports/months"):
        seat.page.goto(rounds.town.base + path)
        found += [f"{path}: {line}" for line in seat.page.evaluate(TOO_WIDE)]
    assert found == []


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


def test_the_box_that_another_program_drew(rounds: Rounds) -> None:
    """Reached by bringing a file with a line of ink in the box of its signature."""
    document, papers = rounds.town.papers.awaiting(), rounds.town.papers
    with ThreadPoolExecutor(1) as beside:  # the browser's loop runs in this thread
        signed = beside.submit(handwritten, papers, document).result()
    seat, found = rounds.seat("leader", "vi"), []
    seat.go(f"/sign/leader/elsewhere?documents={document}").confirm_it_is_me()
    seat.page.set_input_files("#f-files", as_upload("đã ký.pdf", signed))  # type: ignore[arg-type]
    seat.page.locator("form:has(#f-files) button[type=submit]").click()
    address = seat.page.locator("main a[href$='/box']").get_attribute("href")
    for language in LANGUAGES:
        seat = rounds.seat("leader", language)
        seat.told.clear()
        answer = opened(seat.page, f"{rounds.town.base}{address}", submit=False)
        found += [*invalid(answer.text()), *([] if f'<html lang="{language}"' in answer.text() else [language])]
        for width in WIDTHS:
            seat.wide(width)
            found += [*seat.page.evaluate(TOO_WIDE), *seat.page.evaluate(RUN_AXE, {"tags": TAGS, "contrast": True})]
            keep(seat.page, f"own box {language} {width}")
        found += seat.told
    assert found == []


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
