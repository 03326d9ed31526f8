"""A clerk makes many documents of one approved draft: table and PDFs chosen, lines looked at, go on, results."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.support.former import workbook
from tests.support.live import Town, as_upload
from tests.support.papers import letter
from tests.support.seats import Seat, Seats
from workflow.store.models import Outgoing, Spread
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = ["Nơi nhận", "Trích yếu", "Tệp"]
COUNT = 4


def choose(seat: Seat, *, broken: int = 0) -> None:
    """The table, and its PDFs all at once; `broken`: which of them is none inside."""
    rows = [HEAD, *([f"Thôn {n}", f"Giấy mời thôn {n}", f"{n}.pdf"] for n in range(1, COUNT + 1))]
    pdfs = [
        (f"{n}.pdf", b"%PDF-1.7 nothing" if n == broken else letter(f"Giấy mời {n}")) for n in range(1, COUNT + 1)
    ]
    table = as_upload("bảng.xlsx", workbook(rows), SHEET)
    seat.page.set_input_files("#f-table", table)
    seat.page.set_input_files(
        "#f-files", [{"name": name, "mimeType": "application/pdf", "buffer": data} for name, data in pdfs]
    )
    seat.page.keyboard.press("F9")
    seat.page.wait_for_url(re.compile(r"/bulk/\d+$"))


def made(town: Town, source: int) -> list[str]:
    """Subjects of the documents of the draft, in the order made."""
    with unit_of_work(town.engine) as uow:
        query = select(Outgoing.subject).join(Spread, Spread.outgoing_id == Outgoing.id)
        return list(uow.session.scalars(query.where(Spread.source_id == source).order_by(Outgoing.id)))


def test_a_clerk_spreads_a_draft_over_a_table(people: Seats, town: Town) -> None:
    """From the draft's page; a broken file is named after a look at each, and nothing is made; the mended table's
    lines are seen before one says go on; each document opens with its paper; another set asks to be confirmed."""
    source = town.papers.format_check(subject="Giấy mời họp")
    seat = people.of("clerk").go(f"/outgoing/{source}").follow("Make many documents of this draft")
    choose(seat, broken=3)
    main = seat.page.locator("main")
    expect(seat.page.locator("tbody tr .status.bad")).to_have_count(COUNT, timeout=60_000)
    seat.reads("This file is no PDF that can be signed. Export it anew.")
    assert made(town, source) == []
    seat.follow("Choose a mended table")
    choose(seat)
    expect(seat.page.locator("button[name=make][value=yes]")).to_be_visible(timeout=60_000)
    expect(main).to_contain_text("Dòng 3: Giấy mời thôn 2 · Thôn 2")
    assert made(town, source) == []
    seat.page.keyboard.press("F9")
    expect(seat.page.locator("tbody tr .status.good")).to_have_count(COUNT, timeout=60_000)
    expect(main).to_contain_text(f"Đã xong {COUNT} văn bản")
    assert made(town, source) == [f"Giấy mời thôn {n}" for n in range(1, COUNT + 1)]
    results = seat.page.url
    seat.page.get_by_role("link", name="Giấy mời thôn 2").click()
    expect(seat.page.locator("h1")).to_contain_text("Giấy mời thôn 2")
    expect(seat.page.locator(".paper img").first).to_be_visible()
    seat.page.goto(results)
    seat.follow("the draft")
    seat.reads("Documents were made of this draft by a table; it goes no further itself.")
    seat.wide(390).follow("Make many documents of this draft")
    expect(main).to_contain_text(f"Đã tách {COUNT} văn bản từ dự thảo này, gần nhất ngày")
    expect(seat.page.locator("input[name=again][required]")).to_be_visible()
