"""A stranger drops a file on the page, waits for a turn, reads the result, and cuts out what the leader saw."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Download, expect

from tests.support import held_files as held
from tests.support.live import Town
from tests.support.seats import Seat, Seats, vi
from workflow.services.checking import PUBLIC
from workflow.store.models import Setting
from workflow.store.session import unit_of_work
from workflow.web.check_gate import TURNS

pytestmark = pytest.mark.browser

DROP = """([name, text]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, { type: 'application/pdf' }));
    const area = document.querySelector('[data-drop]');
    for (const kind of ['dragenter', 'dragover', 'drop']) {
        area.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
    }
}"""


def test_a_stranger_checks_a_file(people: Seats, town: Town) -> None:
    """The service is busy at first: the page comes back by itself with the file it holds."""
    allow_strangers(town)
    row, data = held.issued(town.papers)
    seat = people.stranger(width=1280)
    queue = town.app.extensions[TURNS]
    queue.patience = 0.05
    guest = queue.enter("verify:192.0.2.1", member=False)
    seat.go("/login").follow("Check signatures")
    seat.page.wait_for_load_state()  # a person sees the page before they drop anything on it
    seat.page.evaluate(DROP, ["cv.pdf", base64.b64encode(data).decode()])
    expect(seat.page.locator("[data-status]")).to_contain_text(
        vi("Other files are being checked. Yours is sent again by itself. Before yours:")
    )
    queue.leave(guest)
    expect(seat.page.locator("h1")).to_have_text(vi("Result of a signature check"))
    expect(seat.page.locator("h1")).to_be_focused()
    seat.reads("This is the paper that was issued here under this number.").reads(row.symbol or "")
    assert cut(seat, "article.signature [data-slice]") == held.earlier(town.papers, row.id, "signed")
    assert cut(seat, ".timeline tr.last [data-slice]") == data
    with seat.page.expect_download() as going:
        seat.press("Report as PDF")
    assert content(going.value).startswith(b"%PDF")
    assert going.value.suggested_filename == "ket-qua-kiem-tra-cv.pdf"
    posted = [one.path for one in town.asked if one.method == "POST"]
    assert posted == ["/verify", "/verify", "/verify/report.pdf"]
    seat.follow("Check another file").reads("You have a file")
    assert set(seat.refusals) == {503}


def test_without_scripts_by_keyboard(people: Seats, town: Town) -> None:
    """The form is sent as any other; how many bytes the signer saw is told, and nothing can be pressed in vain."""
    allow_strangers(town)
    with people.browser.new_context(base_url=town.base, java_script_enabled=False, locale="vi-VN") as context:
        page = context.new_page()
        page.goto("/verify")
        page.set_input_files("#f-file", {"name": "la.pdf", "mimeType": "", "buffer": held.foreign()})
        page.focus("#f-file")
        for _step in range(2):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(vi("Result of a signature check"))
        expect(page.locator("[data-slice]").first).to_be_hidden()
        expect(page.locator(".seen")).to_contain_text("byte")


def allow_strangers(town: Town) -> None:
    """As the administrator does on a page with tests of its own."""
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        uow.add(Setting(name=PUBLIC, value={"allowed": True, "megabytes": 10}))
        uow.commit()


def cut(seat: Seat, button: str) -> bytes:
    """What a button saves, made from the file in the tab."""
    with seat.page.expect_download() as going:
        seat.page.locator(button).first.click()
    return content(going.value)


def content(download: Download) -> bytes:
    """The bytes that were saved."""
    return Path(download.path()).read_bytes()
