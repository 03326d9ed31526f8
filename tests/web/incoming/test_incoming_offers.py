"""Every action of the incoming machine can be taken somewhere, and says in both languages what it does."""

from __future__ import annotations

import pytest
from flask import Flask

from workflow.domain import incoming
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.people import Role
from workflow.domain.permissions import ALLOWED, Permission
from workflow.web.i18n import CATALOGUES
from workflow.web.incoming_offers import (
    DONE_ELSEWHERE,
    FIRST_STEP,
    OFFERS,
    PAGES,
    QUIET,
    ROAD,
    SHOWN_WITHOUT,
    TONES,
    WAITS_FOR,
    WHY_NOT,
)
from workflow.web.labels import LABELS, context_of
from workflow.web.offers import Kind
from workflow.web.views.incoming_acts import HERE_TAKEN

NOT_YET = {Action.CHECK, Action.REGISTER, Action.CORRECT, Action.ATTACH}
"""Pages of arrivals."""
OF_DEADLINES = {
    Action.SET_DUE, Action.SET_INTERNAL_DUE, Action.PAUSE, Action.RESUME, Action.ASK_EXTENSION,
    Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION, Action.URGE, Action.DEMAND_EXPLANATION, Action.EXPLAIN,
    Action.ACCEPT_EXPLANATION, Action.RETURN_EXPLANATION,
}  # fmt: skip
OF_THE_EXCHANGE = {Action.AGREE_RECALL, Action.REFUSE_RECALL}


def test_every_action_has_a_button_a_label_and_words() -> None:
    """Or is the machine's, the sender's or the administrator's; nothing is missing in Vietnamese."""
    assert set(OFFERS) == set(Action)
    known = CATALOGUES["vi"].texts
    for action, offer in OFFERS.items():
        assert all(("", text) in known for text in (offer.button, offer.will, offer.done)), action
        assert (context_of(Action), LABELS[Action][action]) in known
        assert (offer.kind is Kind.MACHINE) == (action in DONE_ELSEWHERE)
    pressed = {action for action, offer in OFFERS.items() if offer.kind in {Kind.BUTTON, Kind.REMARK}}
    assert pressed == HERE_TAKEN
    assert set(PAGES) == {action for action, offer in OFFERS.items() if offer.kind is Kind.PAGE}


def test_who_may_step_may_act() -> None:
    """Every role of the table has the permission that the pages ask for; only machine and administrator do not."""
    roles = {step.role for step in STEPS} - {Role.SYSTEM, Role.ADMIN}
    assert roles <= ALLOWED[Permission.ACT_ON_INCOMING]
    people = {step.action for step in STEPS if step.role in roles}
    assert people == set(Action) - DONE_ELSEWHERE


def test_every_predicate_says_why_and_every_state_who_waits() -> None:
    """A button that cannot be pressed has a reason; a state has a tone and a sentence."""
    needs = {name for step in STEPS for name in step.needs}
    assert needs <= set(WHY_NOT)
    assert set(WHY_NOT) >= SHOWN_WITHOUT
    assert set(WAITS_FOR) == set(TONES) == set(State)
    assert set(ROAD) < set(State)
    assert set(FIRST_STEP) == set(incoming.OPEN_WORK) | incoming.BEFORE_REGISTER
    assert set(Action) > QUIET


def test_pages_that_are_offered_exist(app: Flask) -> None:
    """Here all but those of other parts, whose offers appear with their pages."""
    routes = app.url_map.bind("")
    there = set()
    for action, address in PAGES.items():
        with app.app_context():
            if routes.test(address.format(1), method="GET"):
                there.add(action)
    assert set(PAGES) - there <= NOT_YET | OF_DEADLINES | OF_THE_EXCHANGE


@pytest.mark.parametrize("action", sorted(set(Action) - DONE_ELSEWHERE))
def test_the_address_of_a_page_is_its_actions_name(action: Action) -> None:
    """So that a part which adds a page of that form is found without a line here."""
    if action in PAGES and action is not Action.CHECK:
        assert PAGES[action] == f"/incoming/{{}}/{action.replace('_', '-')}"
