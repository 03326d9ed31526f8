"""Copies of a paper that arrived: asked for, approved on a telephone, numbered together, sealed in an act that is
broken off and gone on with, and with a remote key; at a desk's and a telephone's width, in both languages.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import select

from tests.support import live
from tests.support.copied import arrived, numbered, recognised, row
from tests.support.live import Town, as_upload
from tests.support.remote_services import SmartCa, Telephone, running
from tests.support.seats import Seat, Seats
from workflow.domain.copies import Form
from workflow.domain.key_holders import KeyHolder
from workflow.store import certificates
from workflow.store.models import CopyItem, SigningSession
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

PASSWORD = "mở khóa 2026"


@pytest.fixture(scope="module")
def telephone() -> Iterator[Telephone]:
    """A SmartCA."""
    with running(SmartCa()) as made:
        yield made


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path, telephone: Telephone) -> Iterator[Town]:
    """A town that is connected to it."""
    with live.running(sqlite_template, tmp_path, remote_signing=json.dumps([telephone.setting])) as made:
        yield made


def looked(seat: Seat, name: str) -> Seat:
    """Nothing is wider than the screen; with TRINHKY_SHOTS set to a folder, the page is kept there."""
    seat.page.wait_for_load_state("networkidle")
    size = seat.page.viewport_size
    assert size is not None
    assert seat.page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    if folder := os.environ.get("TRINHKY_SHOTS"):
        seat.page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
    return seat


def test_from_the_scan_to_the_register(people: Seats, town: Town, chromium: Browser, tmp_path: Path) -> None:
    """A scan that tesseract read; the head approves with a thumb; the page is closed after the first of two seals:
    the rest is sealed as it was prepared, and the register can be taken away."""
    arrival, data = arrived(town.papers), recognised(tmp_path)
    clerk = people.of("clerk", width=1280)
    for place, way in enumerate(("true_copy:digital", "recopy:digital")):
        clerk.go(f"/incoming/{arrival}").follow("Make a copy")
        clerk.page.locator(f'input[name="way"][value="{way}"]').check()
        scan = as_upload("quet.pdf", data, "application/pdf")
        clerk.page.set_input_files("#f-scan", scan)
        if not place:
            looked(clerk, "1-new")
        clerk.press("Submit to the signer of the copy").reads("The copy waits for its signer.")
    looked(clerk, "2-asked")
    head = people.of("leader", width=390)
    head.go("/desk").page.locator('a[href="/copies?state=asked"]').first.click()
    for tick in head.page.get_by_role("checkbox").all():
        tick.check()
    looked(head, "3-approve").press("Approve the ticked copies")
    looked(head.reads("%(done)s of %(total)s copies approved", done=2, total=2), "4-approved")
    clerk.go("/desk")
    looked(clerk, "5-desk").page.locator('a[href="/copies?state=approved"]').first.click()
    for tick in clerk.page.get_by_role("checkbox").all():
        tick.check()
    clerk.press("Number the ticked copies")
    looked(clerk.reads("%(done)s of %(total)s copies numbered", done=2, total=2), "6-numbered")
    clerk.page.locator('main a[href^="/sign/copy"]').first.click()
    looked(clerk, "7-seal")
    _broken_off(clerk, town)
    clerk.wide(390).go("/desk")
    looked(clerk, "8-broken-off").page.locator('main a[href^="/sign/acts/"]').first.click()
    looked(clerk, "9-go-on")
    file = {"name": "k.p12", "mimeType": "application/x-pkcs12",
            "buffer": town.papers.keys.held["commune"].pkcs12(PASSWORD)}  # fmt: skip
    clerk.choose_key(file, PASSWORD)
    clerk.page.wait_for_url("**/copies?state=done")
    looked(clerk, "10-register-phone")
    looked(clerk.wide(1280), "11-register")
    with clerk.page.expect_download() as download:
        clerk.page.locator('a[href*="export.csv"]').click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    symbols = sorted(line[0] for line in csv.reader(io.StringIO(text), delimiter=";"))
    assert symbols[:2] == ["01/SY-UBND", "02/SL-UBND"]
    with unit_of_work(town.engine) as uow:
        (act,) = uow.session.scalars(select(SigningSession)).all()
        assert sorted(uow.session.scalars(select(CopyItem.status))) == ["done", "done"]
    assert (act.purpose, len(act.manifest["documents"]), act.ended_at is not None) == ("copy", 2, True)


def _broken_off(clerk: Seat, town: Town) -> None:
    """The server hears of the first seal only, the page of none; then the page is closed."""
    sent = 0

    def once(route: Route) -> None:
        nonlocal sent
        sent += 1
        if sent == 1:
            body = json.loads(route.request.post_data or "{}")
            route.fetch(post_data=json.dumps(body | {"items": body["items"][:1]}))
        route.abort()

    clerk.page.route("**/sign/copy/finish", once)
    file = {"name": "k.p12", "mimeType": "application/x-pkcs12",
            "buffer": town.papers.keys.held["commune"].pkcs12(PASSWORD)}  # fmt: skip
    clerk.choose_key(file, PASSWORD)
    expect(clerk.page.locator("[data-errors]").first).not_to_be_empty()
    clerk.page.unroute("**/sign/copy/finish")
    clerk.told.clear()
    clerk.refusals.clear()


@pytest.mark.parametrize(("width", "language"), [(390, "vi"), (1280, "en")])
def test_with_a_remote_key(
    people: Seats, town: Town, telephone: Telephone, chromium: Browser, width: int, language: str
) -> None:
    """From the register to the telephone and back, one approval for three; the page may be left meanwhile."""
    arrival, papers = arrived(town.papers), town.papers
    chosen = [numbered(papers, incoming_id=arrival, form=form, pages="1") for form in Form]
    telephone.identity = papers.keys.held["commune"]
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        found = certificates.live(uow.session, telephone.identity.fingerprint)
        assert found is not None
        found.holder = KeyHolder.REMOTE_REST
        found.held = {"provider": telephone.name, "account": telephone.account,
                      "credential": f"{telephone.identity.serial:x}"}  # fmt: skip
        uow.commit()
    clerk = people.of("clerk", width=width, language=language)
    clerk.go("/copies?state=numbered")
    for tick in clerk.page.get_by_role("checkbox").all():
        tick.check()
    looked(clerk, "20-numbered").page.locator("#together-seal button").click()
    looked(clerk, "21-which-key").page.locator('main a[href^="/sign/copy/remote"]').first.click()
    looked(clerk, "22-remote").page.locator('form[action="/sign/copy/remote"] button').click()
    expect(clerk.page.locator("[data-waiting^=waiting]")).to_be_visible()
    assert clerk.page.locator(".code").inner_text() in telephone.latest.words
    looked_at = clerk.page.url
    if folder := os.environ.get("TRINHKY_SHOTS"):
        clerk.page.screenshot(path=f"{folder}/23-waiting-{width}.png", full_page=True)
    looked(clerk.go(f"/copies/{chosen[0]}"), "24-copy-waits")
    telephone.approve()
    clerk.page.goto(looked_at)
    expect(clerk.page.locator(".signed-files .status.good")).to_have_count(3)
    looked(clerk, "25-sealed").page.locator('main a[href="/copies?state=done"]').click()
    looked(clerk, "26-done").page.locator("main tbody a").first.click()
    looked(clerk, "27-copy")
    assert {(row(papers, one).state, row(papers, one).key_holder) for one in chosen} == {("done", "remote_rest")}
