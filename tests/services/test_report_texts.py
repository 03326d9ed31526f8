"""The papers of the morning report call states, roles and holders what the screens call them."""

from __future__ import annotations

import pytest

from workflow.domain import incoming
from workflow.domain.incoming import Holder
from workflow.domain.outgoing import CLOSED, State, holder_role
from workflow.services.report_texts import LABELLED, REASONS, Words
from workflow.web.i18n import CATALOGUES
from workflow.web.labels import LABELS, context_of


@pytest.mark.parametrize(("_feature", "context", "kind", "words"), LABELLED)
def test_labels_are_those_of_the_screens(_feature: str, context: str, kind: type, words: dict[str, str]) -> None:
    """Same English, same Vietnamese, from the file that has it."""
    assert context_of(kind) == context
    for value, text in words.items():
        member = kind(value)
        assert LABELS[kind][member] == text
        assert Words("vi").of(member) == CATALOGUES["vi"].texts[context, text]
        assert Words("en").of(member) == text


def test_everything_that_a_report_can_list_has_a_word() -> None:
    """Every open state, whoever it waits for, every reason."""
    say = Words("vi")
    waiting = [state for state in State if state not in CLOSED]
    arrived = [state for state in incoming.State if state not in incoming.CLOSED]
    roles = [role for state in waiting if (role := holder_role(state))]
    for member in (*waiting, *arrived, *roles, *Holder, *REASONS):
        assert say.of(member) not in {"", str(member)}
        assert not say.of(member).isascii()
