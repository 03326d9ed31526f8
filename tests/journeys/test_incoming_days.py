"""Incoming documents through the days of chief of office, leader (on a phone), unit head and handler."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.support.arrivals import LETTER, Arrivals
from tests.support.live import Town
from tests.support.seats import Seats, vi
from workflow.services.incoming import routing
from workflow.store.models import Incoming
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser


@pytest.fixture
def arrivals(town: Town) -> Arrivals:
    """Acts by short names, at the town's morning."""
    made = Arrivals(town.office)
    made.now = town.clock()
    return made


def step(words: str, subject: str = "") -> re.Pattern[str]:
    """The button of a row of the desk, which names its document for screen readers."""
    return re.compile(rf"^{re.escape(vi(words))} ?: ?{re.escape(subject)}")


def at(town: Town, document: Incoming) -> Incoming:
    """As it is now."""
    with unit_of_work(town.engine) as uow:
        return uow.session.get_one(Incoming, document.id)


def test_the_chief_of_office_proposes_by_keyboard(people: Seats, town: Town, arrivals: Arrivals) -> None:
    """From the desk's row to the leader: arrows, space and F9, a phrase with Enter."""
    found = arrivals.registered()
    arrivals.do("clerk", routing.submit, incoming_id=found.id, version=found.version)
    chief = people.of("chief").go("/desk")
    chief.page.get_by_role("link", name=step("Propose a direction")).click()
    keys, units = chief.page.keyboard, town.office.units
    chief.page.locator(f"input[name=lead][value='{units['economy']}']").focus()
    keys.press("Space")
    chief.page.locator(f"input[name=coordinate][value='{units['culture']}']").focus()
    keys.press("Space")
    chief.page.locator("[data-phrase]").first.focus()
    keys.press("Enter")
    expect(chief.page.locator("#f-words")).not_to_have_value("")
    chief.page.select_option("#f-term", "5")
    chief.page.locator(f"#to-{town.office.posts['leader'].id}").check()
    keys.press("F9")
    chief.reads("The proposal lies before the leader.")
    assert at(town, found).leader_id == town.office.posts["leader"].person_id


def test_the_leader_directs_three_on_a_phone(people: Seats, town: Town, arrivals: Arrivals) -> None:
    """One by one tap on the desk, one by choosing, one passed on to the deputy."""
    posts, units = town.office.posts, town.office.units
    first, second, third = (
        arrivals.registered(facts=replace(LETTER, subject=subject)) for subject in ("Một", "Hai", "Ba")
    )
    found = arrivals.do("clerk", routing.submit, incoming_id=first.id, version=first.version)
    arrivals.do("chief", routing.propose, incoming_id=first.id, version=found.version,
                direction=arrivals.direction(), leader_post_id=posts["leader"].id)  # fmt: skip
    for one in (second, third):
        arrivals.do(
            "clerk", routing.submit, incoming_id=one.id, version=one.version, leader_post_id=posts["leader"].id
        )
    leader = people.of("leader", width=390).go("/desk")
    leader.page.get_by_role("button", name=step("Agree with the proposal", "Một")).click()
    leader.page.wait_for_url("**/desk?done=**")
    assert at(town, first).lead_unit_id == units["economy"]
    leader.page.get_by_role("link", name=step("Give a direction", "Hai")).click()
    leader.page.locator(f"label:has(input[name=lead][value='{units['culture']}'])").click()
    leader.page.locator("[data-phrase]").nth(1).click()
    leader.press("Give a direction").reads("The direction is given.")
    assert at(town, second).lead_unit_id == units["culture"]
    leader.go(f"/incoming/{third.id}").follow("Pass to another leader")
    leader.page.locator(f"#to-{posts['deputy'].id}").check()
    leader.press("Pass to another leader").reads("Passed on.")
    deputy = people.of("deputy", width=390).go("/desk")
    expect(deputy.page.get_by_role("link", name=step("Give a direction", "Ba"))).to_be_visible()


def test_the_head_assigns_and_the_handler_finishes(people: Seats, town: Town, arrivals: Arrivals) -> None:
    """The head sees who has how much, the handler starts with F9 and says how it was settled."""
    found = arrivals.directed()
    head = people.of("head").go("/desk")
    head.page.get_by_role("link", name=step("Assign")).click()
    head.page.get_by_label("Ngô Thị Bích").check()
    head.page.keyboard.press("F9")
    head.reads("Assigned.")
    handler = people.of("specialist", width=390).go("/desk")
    handler.page.get_by_role("link", name=step("Start work")).click()
    handler.press("Start work").reads("Work has begun.").follow("Finish")
    handler.page.fill("#f-words", "Đã rà soát, báo cáo Sở")
    handler.press("Finish").reads("Finished.")
    assert (at(town, found).state, at(town, found).result) == ("done", "settled")
