"""Opinions on a draft and initials on its text: who asks, who answers, and when a draft may go to its signer.

An opinion (lấy ý kiến) is advice: people and units of the agency are asked at once, and nothing waits for them.
Initials (ký nháy) of a coordinating unit are more: the draft names the unit, and its head puts their name to the
text before it goes to the format check and the signer (Decree 30/2020/NĐ-CP, Art. 10 and 12 leave the way to the
agency's working regulation). Both belong to the very text they were given on: another file voids initials.

The grid of a request that follows from this table stands in `docs/opinions-grid.txt`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain import outgoing, steps
from workflow.domain.people import Role
from workflow.domain.steps import Step


class Kind(StrEnum):
    """What is asked for."""

    OPINION = "opinion"
    INITIALS = "initials"


class Verdict(StrEnum):
    """What is answered. For initials the first two are the initials; the third refuses them."""

    AGREE = "agree"
    AGREE_WITH_REMARKS = "agree_with_remarks"
    DISAGREE = "disagree"
    NONE = "no_opinion"


class State(StrEnum):
    """Where a request is. It follows from its answers and the present file, and is stored nowhere."""

    NEW = "new"
    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    """Initials were refused on the present text: the unit may still give them."""
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What people do with a request."""

    ASK = "ask"
    ANSWER = "answer"
    WITHDRAW = "withdraw"


STILL_DRAFTED = "still_drafted"
"""In a state from which opinions are asked for."""
BEFORE_SIGNATURE = "before_signature"
OWN_PAPER = "own_paper"
"""The actor drafted it, or heads the unit that did."""
ASKED_OF_ME = "asked_of_me"
"""The actor is the person asked, or heads the unit asked, or looks after such a desk."""
HAS_TEXT = "has_text"
"""There is a file to read: of secret papers none is kept, their opinions go round on paper."""

ASKED_IN = frozenset({outgoing.State.DRAFT, outgoing.State.RETURNED, outgoing.State.IN_REVIEW})
"""A draft is asked about while its words can still change."""
ANSWERED_IN = frozenset(outgoing.BEFORE_SIGNING)
"""Until the signature an answer can still be read by who decides; afterwards nobody waits for it."""

_D, _H, _C, _L, _P = Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY
ASKING = (_D, _H, _C)
ANSWERING = (_D, _H, _C, _L, _P)
"""Whoever has a desk can be asked."""


def _withdrawing() -> tuple[Step[State, Action], ...]:
    """Also what was answered: a coordinating unit that initialled an earlier text must not hold the next one."""
    return tuple(
        Step(Action.WITHDRAW, state, State.WITHDRAWN, role, (OWN_PAPER, BEFORE_SIGNATURE), reason=True)
        for role in ASKING
        for state in (State.OPEN, State.ANSWERED, State.DECLINED)
    )


STEPS: tuple[Step[State, Action], ...] = (
    *(Step(Action.ASK, State.NEW, State.OPEN, role, (OWN_PAPER, STILL_DRAFTED, HAS_TEXT)) for role in ASKING),
    *(
        Step(Action.ANSWER, state, State.ANSWERED, role, (ASKED_OF_ME, BEFORE_SIGNATURE))
        for role in ANSWERING
        for state in (State.OPEN, State.DECLINED)
    ),
    *_withdrawing(),
)

INITIALLED = frozenset({Verdict.AGREE, Verdict.AGREE_WITH_REMARKS})
WORDED = frozenset({Verdict.AGREE_WITH_REMARKS, Verdict.DISAGREE})
"""These say nothing without words."""
VERDICTS: dict[Kind, tuple[Verdict, ...]] = {
    Kind.OPINION: tuple(Verdict),
    Kind.INITIALS: (Verdict.AGREE, Verdict.AGREE_WITH_REMARKS, Verdict.DISAGREE),
}
"""A coordinating unit has an opinion: its head initials the text or says why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said, and the text that it was said of: the file, and what was attached (`attachments.text_key`)."""

    verdict: Verdict
    text: str


def state_of(kind: Kind, *, withdrawn: bool, last: Answer | None, present: str | None) -> State:
    """Where a request is, by its last answer and the present text.

    An opinion that was given stays given, with the version it belongs to beside it; initials hold for the text
    that they were put to, so that on another file the request is open again.
    """
    if withdrawn:
        return State.WITHDRAWN
    if last is None or (kind is Kind.INITIALS and last.text != present):
        return State.OPEN
    if kind is Kind.INITIALS and last.verdict not in INITIALLED:
        return State.DECLINED
    return State.ANSWERED


def all_initialled(states: Iterable[State]) -> bool:
    """Whether no coordinating unit is still missing: the fact that the outgoing machine asks for.

    `states`: of the requests for initials of one document. A withdrawn one holds nobody up, so the drafter always
    has a way on.
    """
    return all(state in {State.ANSWERED, State.WITHDRAWN} for state in states)


def is_late(state: State, due_on: dt.date | None, today: dt.date) -> bool:
    """Whether the day passed that was given for the answer. It is shown as not answered; it may still come."""
    return state in {State.OPEN, State.DECLINED} and due_on is not None and due_on < today


def grid() -> str:
    """The whole product State × Action × Role of a request as text: one table a role, `.` where nobody may."""
    return steps.grid(STEPS, State, Action)
