"""What auditors look at, as it is read otherwise: printed, on a phone, aloud."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from tests.support import audited
from tests.support.live import Town
from tests.support.seats import Seats

pytestmark = pytest.mark.browser

PAGES = (
    "/reports?period=2026-10", "/reports/board?period=2026-10", "/reports/board?period=2026-10&agency={commune}",
    "/reports/board/units/{economy}?period=2026-10&agency={commune}",
    "/reports/board/people/{leader}?period=2026-10&agency={commune}", "/reports/board/compare?period=2026-10",
    "/reports/months", "/reports/months/2026-10", "/reports/months/2026-10/documents?count=sign_counted",
    "/reports/months/2026-10/bundle?count=sign_counted", "/reports/signs", "/reports/signs/seal_without_leader",
    "/reports/unsigned", "/reports/indicators", "/inspections",
)  # fmt: skip
TALL = {"width": 703, "height": 1000}
"""What A4 leaves between margins of 12 mm, in CSS pixels."""
ALOUD = """() => {
    const main = document.querySelector('main'), found = [];
    const text = (id) => (document.getElementById(id) || { textContent: '' }).textContent.trim();
    const tell = (what, one) => found.push(`${what}: ${one.outerHTML.slice(0, 140)}`);
    for (const one of main.querySelectorAll('svg')) {
        if (one.closest('[aria-hidden=true]')) continue;
        const named = (one.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
        const said = one.getAttribute('aria-label') || (named.length && named.every(text));
        if (one.getAttribute('role') !== 'img' || !said) tell('a picture without words', one);
        if (one.closest('figure, .stack') && (named.length !== 2 || !one.querySelector('title + desc')))
            tell('a chart without title and description', one);
    }
    for (const one of main.querySelectorAll('table')) {
        if (!one.caption || !one.caption.textContent.trim()) tell('a table without caption', one);
        for (const head of one.querySelectorAll('th')) {
            if (!['col', 'row'].includes(head.scope)) tell('a heading of nothing', head);
            if (!head.textContent.trim()) tell('an empty heading', head);
        }
        if (one.matches('.cards')) for (const cell of one.querySelectorAll('tbody td, tfoot td'))
            if (cell.textContent.trim() && !cell.dataset.label && !cell.querySelector('a.btn, button, form'))
                tell('a number that nothing names on a phone', cell);
    }
    const levels = [...main.querySelectorAll('h1, h2, h3, h4')].map((one) => +one.tagName[1]);
    if (levels.filter((one) => one === 1).length !== 1 || levels.some((one, at) => at && one > levels[at - 1] + 1))
        found.push(`headings: ${levels}`);
    const charts = main.querySelectorAll('figure.chart, svg.stack').length;
    if (charts && !main.querySelector('table')) found.push('charts without their table');
    return found;
}"""
TOO_WIDE = """(width) => [...document.querySelectorAll('main *')].filter((one) => {
    const place = one.getBoundingClientRect();
    return place.width && place.right > width + 1 && !one.closest('.visually-hidden') && !one.closest('svg *');
}).slice(0, 3).map((one) => `wider than ${width}: ${one.outerHTML.slice(0, 140)}`)"""
LEFT_OVER = """() => ['button', 'textarea', 'input', 'select', '.tabs', '.exports', '.btn', '.phone-bar', '.top']
    .flatMap((name) => [...document.querySelectorAll(name)].filter((one) => one.getClientRects().length)
        .slice(0, 1).map((one) => `printed: ${one.outerHTML.slice(0, 140)}`))"""


def test_figures_printed_on_a_phone_and_aloud(people: Seats, town: Town, tmp_path: Path) -> None:
    """Pictures have words and tables, headings say of what, nothing is cut off or printed to be pressed."""
    audited.a_month(town.papers, tmp_path)
    keys = {**town.office.units, "leader": town.office.posts["leader"].person_id}
    auditor = people.of("inspector")
    found: list[tuple[str, str]] = []
    for address in PAGES:
        page = auditor.go(address.format(**keys)).page
        troubles = page.evaluate(ALOUD)
        auditor.wide(390)
        troubles += page.evaluate(TOO_WIDE, 390)
        page.emulate_media(media="print")
        page.set_viewport_size(TALL)
        troubles += page.evaluate(TOO_WIDE, TALL["width"]) + page.evaluate(LEFT_OVER)
        if "agency=" in address:
            troubles += printed(page.pdf(prefer_css_page_size=True))
        page.emulate_media(media="screen")
        auditor.wide(1280)
        found += [(address, one) for one in troubles]
    assert not found, "\n".join(f"{address}: {one}" for address, one in found)


def printed(data: bytes) -> list[str]:
    """On A4 upright, with the figures, by no more sheets than somebody would carry."""
    with pdfium.PdfDocument(data) as document:
        words = re.sub(r"\s+", " ", " ".join(one.get_textpage().get_text_bounded() for one in document))
        sizes = {tuple(round(side) for side in one.get_size()) for one in document}
        sheets = len(document)
    wrong = [] if sizes == {(595, 842)} and sheets <= 4 else [f"{sheets} sheets of {sizes}"]
    return wrong + [f"not printed: {one}" for one in ("Tỷ lệ ký số", "50,00 %") if one not in words]
