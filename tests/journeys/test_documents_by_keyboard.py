"""Lists, ticks, planned boxes and the viewer without a mouse, under the strict policy, with a silent console."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.live import Town, as_upload
from tests.support.seats import Seats, vi
from workflow.domain.people import Capacity

pytestmark = pytest.mark.browser

TYPED = Path(__file__).parents[1] / "assets" / "drafts" / "official-letter.pdf"
"""A draft with block, number and date typed, number, day and month left blank."""


def test_rows_are_walked_and_opened_by_arrows_and_enter(people: Seats, town: Town) -> None:
    """Down, down, Enter opens the second row; F9 takes its first action."""
    town.papers.format_check(subject="Văn bản thứ nhất")
    second = town.papers.format_check(subject="Văn bản thứ hai")
    clerk = people.of("clerk").go("/outgoing?sort=oldest")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown", "Enter"):
        clerk.page.keyboard.press(key)
    clerk.page.wait_for_url(f"**/outgoing/{second}")
    clerk.page.keyboard.press("F9")
    clerk.page.wait_for_url("**done=confirm_format")
    assert town.papers.row(second).state == "awaiting_signature"


def test_ticking_all_counts_them_and_leads_to_one_signing_page(people: Seats, town: Town) -> None:
    """The leader ticks everything with the space bar and goes on with F9."""
    for subject in ("Một", "Hai", "Ba"):
        town.papers.awaiting(subject=subject)
    leader = people.of("leader").go("/desk")
    tick_all = leader.page.locator("input[data-tick-all]")
    tick_all.focus()
    leader.page.keyboard.press("Space")
    expect(leader.page.locator("[data-count]")).to_have_text("3")
    leader.page.keyboard.press("F9")
    leader.page.wait_for_url(re.compile(r"/sign\?documents=\d+&documents=\d+&documents=\d+"))
    leader.confirm_it_is_me()
    expect(leader.page.locator("form[data-sign]")).to_have_count(1)


def test_boxes_move_by_arrow_keys_and_stay_on_the_page(people: Seats, town: Town) -> None:
    """Arrows move, Shift resizes, the edge stops; what is saved is what was shown."""
    document_id = town.papers.draft()
    drafter = people.of("drafter").go(f"/outgoing/{document_id}/plan")
    left, width = drafter.page.locator("#leader-left"), drafter.page.locator("#leader-width")
    before, size = float(left.input_value()), float(width.input_value())
    box = drafter.page.locator("button.plan-box.leader")
    box.focus()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowLeft"):
        drafter.page.keyboard.press(key)
    assert float(left.input_value()) == pytest.approx(before - 2)
    assert float(width.input_value()) == pytest.approx(size - 1)
    for _ in range(300):
        drafter.page.keyboard.press("ArrowRight")
    assert float(left.input_value()) + float(width.input_value()) <= 210.1
    saved = float(left.input_value())
    drafter.press("Save the places").reads("The places are saved.")
    assert float(left.input_value()) == saved


def test_the_blanks_of_a_typed_line_are_shown_until_it_is_drawn_whole(people: Seats, town: Town) -> None:
    """Three blanks in an open box with a name for screen readers; the other choice closes it."""
    document_id = town.papers.draft(file=False, signer="deputy", capacity=Capacity.KT)
    drafter = people.of("drafter").go(f"/outgoing/{document_id}/edit")
    drafter.page.set_input_files("#f-file", as_upload("cv.pdf", TYPED.read_bytes(), "application/pdf"))
    drafter.page.keyboard.press("F9")
    drafter.page.wait_for_url("**/plan?new=1")
    box = drafter.page.locator("button.plan-box.number")
    expect(box.locator(".plan-gap")).to_have_count(3)
    expect(box).to_have_accessible_name(vi("Number and date"))
    drafter.page.select_option("#number-drawn", "whole")
    expect(box.locator(".plan-gap")).to_have_count(0)
    expect(box).to_have_text(vi("Number and date"))


def test_the_viewer_draws_pages_and_finds_words_without_accents(people: Seats, town: Town) -> None:
    """pdf.js under its own policy: a canvas, text to select, `chi dao` found in `chỉ đạo`."""
    document_id = town.papers.draft()
    drafter = people.of("drafter").go(f"/outgoing/{document_id}/files/2/view")
    expect(drafter.page.locator(".pdf-page canvas")).to_have_count(1)
    expect(drafter.page.locator(".text-layer span").first).to_be_attached()
    drafter.page.fill("#find", "chi dao cua tinh")
    drafter.page.keyboard.press("Enter")
    expect(drafter.page.locator("[data-found]")).to_have_text(re.compile(r"\d+"))
    drafter.page.fill("#find", "không có chữ này")
    drafter.page.keyboard.press("Enter")
    expect(drafter.page.locator("[data-found]")).not_to_have_text(re.compile(r"\d+"))


def test_what_was_typed_survives_a_reload(people: Seats, town: Town) -> None:
    """A half-written draft is still there after the page was loaded again."""
    drafter = people.of("drafter").go("/outgoing/new")
    drafter.page.fill("#f-subject", "Viết dở")
    drafter.page.reload()
    expect(drafter.page.locator("#f-subject")).to_have_value("Viết dở")
