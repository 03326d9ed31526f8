"""The clerk's morning: files dropped, three registered by keyboard, one declined, a paper with scan and stamp."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.support import held_files
from tests.support.arrivals import LETTER
from tests.support.live import Town, as_upload
from tests.support.papers import letter
from tests.support.seats import Seat, Seats, vi
from tests.sweep.arrived import put_read
from workflow.services.incoming.arriving import Facts
from workflow.store import arrivals as queue
from workflow.store import incoming as store
from workflow.store.models import Incoming
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

MOST_KEYS = 10
"""Keystrokes for an ordinary document."""

COUNT_KEYS = """addEventListener('keydown', () => {
    sessionStorage.setItem('keys', Number(sessionStorage.getItem('keys') ?? 0) + 1);
}, true)"""

WHERE = """() => {
    const place = (name) => document.querySelector(name).getBoundingClientRect();
    const [box, sheet] = [place('.read-box'), place('.sheet-of-paper')];
    return [(box.x - sheet.x) / sheet.width, (box.y - sheet.y) / sheet.height];
}"""
"""Where the frame stands on its page, in shares of it."""

DROP = """async (files) => {
    const carried = new DataTransfer();
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
        carried.items.add(new File([bytes], name));
    }
    document.querySelector('[data-drop]').dispatchEvent(
        new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def drop(seat: Seat, *files: tuple[str, bytes]) -> None:
    """Let files fall onto the page."""
    seat.page.evaluate(DROP, [[name, base64.b64encode(data).decode()] for name, data in files])


def keys(seat: Seat) -> int:
    """How many were pressed since the last question."""
    return int(seat.page.evaluate("() => { const n = sessionStorage.getItem('keys') ?? 0;"
                                  "sessionStorage.setItem('keys', 0); return n; }"))  # fmt: skip


def waiting(town: Town) -> list[Incoming]:
    """The queue in its order."""
    scope = town.office.scope("clerk")
    with unit_of_work(town.engine) as uow:
        rows = queue.queue(scope, uow.session, wanted=queue.Waiting())
        return [store.find(scope, uow.session, row.id) for row in rows]


def one(town: Town, incoming_id: int) -> Incoming:
    """As it stands."""
    with unit_of_work(town.engine) as uow:
        return store.find(town.office.scope("clerk"), uow.session, incoming_id)


def test_a_morning_at_the_clerks_table(people: Seats, town: Town) -> None:
    """One bad file stops no other; ordinary ones take a few keys each; nothing needs the mouse but the dropping."""
    clerk = people.of("clerk").go("/incoming/arrivals")
    page = clerk.page
    page.add_init_script(COUNT_KEYS)
    given = [(f"cv {number}.pdf", letter(f"V/v việc {number}")) for number in range(3)]
    drop(clerk, *given, ("rong.pdf", b""), ("la.pdf", held_files.foreign()), ("cv 0 (2).pdf", given[0][1]))
    again = page.get_by_role("link", name=vi("Show the queue"))
    expect(again).to_be_focused()
    expect(page.locator(".sent li")).to_have_count(6)
    expect(page.locator(".sent .refused")).to_contain_text("0 byte")
    rows = waiting(town)
    assert len(rows) == 4
    letters, strange = [row for row in rows if row.conclusion == "unsigned"], rows[-1]
    for number, row in enumerate(letters):
        put_read(town, row, facts=Facts(**{**_as_given(LETTER), "symbol": f"{412 + number}/SNV-TCBC"}))
    page.keyboard.press("Enter")
    expect(page.locator(".sent li")).to_have_count(0)
    expect(page.locator(".arrivals tbody tr")).to_have_count(4)
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    _register_three(clerk, town, [row.id for row in letters])
    _decline(clerk, town, strange.id)
    _paper(clerk, town)


def _as_given(facts: Facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in Facts.__slots__}


def _register_three(clerk: Seat, town: Town, letters: list[int]) -> None:
    """Enter; a correction and Enter; a deadline and Enter."""
    page = clerk.page
    page.wait_for_url(f"**/incoming/{letters[0]}/register")
    expect(page.locator(".read-box")).to_have_count(1)  # the cursor stands in the first field that is not certain
    expect(page.locator("#f-symbol")).to_be_focused()
    keys(clerk)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incoming/{letters[1]}/register?done={letters[0]}")
    counts = [keys(clerk)]
    expect(page.locator("#f-symbol")).to_be_focused()
    for key in ("Home", "Delete", "9", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/incoming/{letters[2]}/register?done={letters[1]}")
    counts.append(keys(clerk))
    page.locator("#f-signer").focus()
    for key in ("Tab", "Tab", "ArrowDown", "ArrowDown", "ArrowDown", "Tab", "5", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(re.compile(rf"done={letters[2]}"))
    counts.append(keys(clerk))
    assert counts == [1, 4, 8]
    assert max(counts) <= MOST_KEYS
    found = [one(town, key) for key in letters]
    assert [row.number for row in found] == [1, 2, 3]
    assert found[1].symbol == "913/SNV-TCBC"
    assert found[2].due_term["amount"] == 5
    clerk.reads("Registered: arrival number %(number)s.", number=3)


def _decline(clerk: Seat, town: Town, strange: int) -> None:
    """F4, the reason, Enter on the button; the queue is empty then."""
    page = clerk.page
    page.wait_for_url(f"**/incoming/{strange}/register?done=*")
    expect(page.locator("#f-verdict_reason")).to_be_focused()
    page.keyboard.press("F4")
    page.keyboard.press("Tab")
    page.keyboard.type("Không rõ nơi gửi")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incoming/arrivals?done={strange}")
    clerk.reads("Everything that arrived has been received.")
    assert one(town, strange).state == "returned"


def _paper(clerk: Seat, town: Town) -> None:
    """Written down by keyboard, its scan added, its stamp printed."""
    page = clerk.page
    page.keyboard.press("F4")
    page.wait_for_url("**/incoming/new")
    for words, tabs in (("UBND tỉnh", 1), ("77/UBND-NC", 1), ("20/11/2026", 2), ("Về trực lễ", 0)):
        page.keyboard.type(words)
        for _time in range(tabs):
            page.keyboard.press("Tab")
    clerk.press("Register and add the scan")
    page.wait_for_url(re.compile(r"/incoming/(\d+)/files\?done="))
    incoming_id = int(re.findall(r"/incoming/(\d+)/", page.url)[0])
    page.set_input_files("#f-file", as_upload("quet.pdf", letter("V/v trực lễ"), "application/pdf"))
    page.keyboard.press("F9")
    clerk.reads("The file was added.")
    expect(page.locator(".sheet-of-paper img")).to_have_count(1)
    with page.expect_download() as saved:
        clerk.follow("Arrival stamp")
    assert saved.value.suggested_filename == "den-4-2026.pdf"
    assert one(town, incoming_id).medium == "paper"


def test_typing_survives_a_colleague_on_a_phone(people: Seats, town: Town) -> None:
    """Two windows on one document: the slower one loses nothing; a field shows its place on the page."""
    clerk = people.of("clerk", width=390).go("/incoming/arrivals")
    clerk.page.set_input_files("#f-files", as_upload("cv.pdf", letter(), "application/pdf"))
    clerk.press("Take them in")
    expect(clerk.page.get_by_role("link", name=vi("Show the queue"))).to_be_focused()
    (row,) = waiting(town)
    clerk.go(f"/incoming/{row.id}/register")
    clerk.page.fill("#f-issuer", "Nơi tôi gõ")
    clerk.page.fill("#f-subject", "Câu tôi gõ")
    put_read(town, row)
    clerk.page.locator("#f-subject").press("Enter")
    expect(clerk.page.locator(".alert-danger")).to_be_visible()
    expect(clerk.page.locator("#f-subject")).to_have_value("Câu tôi gõ")
    clerk.reads(LETTER.subject)
    clerk.page.locator("#f-symbol").focus()
    left, top = clerk.page.evaluate(WHERE)
    assert 0.1 < left < 0.2
    assert 0.1 < top < 0.2
    clerk.page.locator("#f-subject").press("Enter")
    clerk.page.wait_for_url("**/incoming/arrivals?done=*")
    assert one(town, row.id).subject == "Câu tôi gõ"
