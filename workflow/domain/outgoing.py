"""The outgoing document: its states, actions and the one table that says who may do what (Decree 30/2020, 10–19).

The full State × Action × Role grid that follows from this table stands in `docs/outgoing-grid.txt`, where a clerk
can read it; a test compares the two.
"""

from __future__ import annotations

from enum import StrEnum

from workflow.domain import steps
from workflow.domain.people import Role
from workflow.domain.steps import Step


class State(StrEnum):
    """Where a document is. The order is the straight road."""

    DRAFT = "draft"
    RETURNED = "returned"
    IN_REVIEW = "in_review"
    FORMAT_CHECK = "format_check"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"
    NUMBERED = "numbered"
    SEALED = "sealed"
    ISSUED = "issued"
    FILED = "filed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What people do to a document."""

    CREATE = "create"
    REVISE = "revise"
    SUBMIT = "submit"
    APPROVE = "approve"
    SKIP_REVIEW = "skip_review"
    CONFIRM_FORMAT = "confirm_format"
    RETURN = "return"
    WITHDRAW = "withdraw"
    REJECT = "reject"
    CO_SIGN = "co_sign"
    """Somebody signs beside the named signer, or puts their initials to the text (`cosigning`)."""
    WITHDRAW_CO_SIGN = "withdraw_co_sign"
    DECLINE = "decline"
    """They do not sign: the draft goes back with their reason."""
    SIGN = "sign"
    RECORD_INK = "record_ink"
    WITHDRAW_SIGNATURE = "withdraw_signature"
    NUMBER = "number"
    GIVE_UP_NUMBER = "give_up_number"
    """The number is wrong: it is cancelled, and the document takes another."""
    SIGN_NUMBER = "sign_number"
    ATTACH_SCAN = "attach_scan"
    SEAL = "seal"
    ISSUE = "issue"
    FILE = "file"
    CANCEL = "cancel"
    REQUEST_EXEMPTION = "request_exemption"
    APPROVE_EXEMPTION = "approve_exemption"
    REFUSE_EXEMPTION = "refuse_exemption"
    HAND_OVER = "hand_over"
    HAND_TO_DEPUTY = "hand_to_deputy"
    """The head leaves one document to a deputy, who signs for them (KT., Art. 13.1)."""
    LOSE_SIGNER = "lose_signer"
    """The signer left: the draft names them, so it goes back to its drafter."""


class Medium(StrEnum):
    """How the leader signed. Ink counts in the denominator of the signature rate, never in the numerator."""

    DIGITAL = "digital"
    INK = "ink"


class Urgency(StrEnum):
    """Annex I: khẩn, thượng khẩn, hỏa tốc."""

    NORMAL = "normal"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    FLASH = "flash"


MARKS = {Urgency.URGENT: "Khẩn", Urgency.VERY_URGENT: "Thượng khẩn", Urgency.FLASH: "Hỏa tốc"}
"""Stamps of Annex I, cell 10b; Vietnamese on every paper and in what offices write to each other."""

CLOSED = frozenset({State.ISSUED, State.FILED, State.CANCELLED})
"""Nothing waits for anybody any more (filing is housekeeping and has no clock)."""

BEFORE_SIGNING = (State.DRAFT, State.RETURNED, State.IN_REVIEW, State.FORMAT_CHECK, State.AWAITING_SIGNATURE)
"""What somebody leaves behind when their post ends."""

AFTER_SIGNATURE_ROAD = (State.SIGNED, State.NUMBERED, State.SEALED)
AFTER_SIGNATURE = frozenset(AFTER_SIGNATURE_ROAD)
"""The clock of Art. 18.1 runs: issue on the day of signature, at the latest on the next working day."""

INITIALLING = frozenset({Action.APPROVE, Action.CONFIRM_FORMAT})
"""Acts by which somebody's initials come to stand on the slip."""

# predicates that a Step may need; services work them out from data
OWN_DRAFT = "own_draft"
HAS_FILE = "has_file"
HAS_SIGNER = "has_signer"
DESIGNATED_SIGNER = "designated_signer"
ALL_COSIGNED = "all_cosigned"
"""Everybody who is to sign before the named signer has; true where nobody is (`cosigning`)."""
COSIGNERS_TURN = "cosigners_turn"
"""The person is to sign beside the named signer, and everybody of an earlier turn has."""
LAST_COSIGNED = "last_cosigned"
"""The newest signature that stands beside the named signer's is theirs: no other one was put on top of it."""
SIGNATURE_GIVEN = "signature_given"
NUMBER_ON_PAPER = "number_on_paper"
NUMBER_NOT_YET_ON_PAPER = "number_not_yet_on_paper"
SEAL_GIVEN = "seal_given"
ATTACHMENTS_SEALED = "attachments_sealed"
"""Every attached file that bears a seal of its own has it (`attachments`); true where nothing is attached."""
SCAN_ATTACHED = "scan_attached"
INK = "signed_in_ink"
DIGITAL = "signed_digitally"
LATEST_ACT = "latest_act"
"""Who acts brought it to where it stands, and nobody else acted last. An act that leaves it there, such as deciding
on an exemption, gives nobody the step before to take back."""
EXEMPTION_ASKED = "exemption_asked"
CONTENT_HELD_HERE = "content_held_here"
"""Not a state secret: of those only the facts are entered here, so that there is nothing to scan or to seal."""
ALL_INITIALLED = "all_initialled"
"""The head of every coordinating unit that the draft names has initialled the present text (`opinions`)."""
REVIEWER = "reviewer"
"""Heads the drafting unit, or one above it in the agency, and did not write the draft: nobody reviews their own."""
REVIEWER_AWAY = "reviewer_away"
"""Nobody who could review is there: every head of the drafting unit is away on record today (`absences`) or no
longer in post. The unit's head answers to the agency's (Art. 12.1), so its leaders decide meanwhile."""
HEAD_AWAY = "head_away"
"""The same of the agency's head: a deputy decides."""
SIGNER_OR_AWAY = "signer_or_away"
"""The named signer; or anybody who leads with them while they are away: the draft goes back, so that another signer
can be named. Nobody signs what names somebody else (Art. 13)."""
STANDING_IN = frozenset({REVIEWER_AWAY, HEAD_AWAY, SIGNER_OR_AWAY})
"""What opens a step to somebody in the absence of who takes it otherwise."""
NOT_SPREAD = "not_spread"
"""No document that a table made of it stands (`bulk`): it was the pattern of those and does not become one more."""
SECRET_ON_PAPER = "secret_on_paper"  # noqa: S105  a fact's name: registered here by metadata only

_D, _H, _C, _L, _P = Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY


def _drafting() -> tuple[Step[State, Action], ...]:
    rows: list[Step[State, Action]] = []
    for role in (_D, _H, _C):  # unit heads and clerks draft too
        for state in (State.DRAFT, State.RETURNED):
            rows += [
                Step(Action.SUBMIT, state, State.IN_REVIEW, role, (OWN_DRAFT, HAS_FILE, HAS_SIGNER)),
                Step(Action.REVISE, state, state, role, (OWN_DRAFT,)),
                Step(Action.CANCEL, state, State.CANCELLED, role, (OWN_DRAFT,), reason=True),
            ]
        rows.append(Step(Action.WITHDRAW, State.IN_REVIEW, State.DRAFT, role, (OWN_DRAFT,), reason=True))
    return tuple(rows)


def _reviewing() -> tuple[Step[State, Action], ...]:
    """The unit's head; while all of them are away the agency's leaders, who take back what they approved, too."""
    rows: list[Step[State, Action]] = []
    for role, needs in ((_H, (REVIEWER,)), (_L, (REVIEWER_AWAY,)), (_P, (REVIEWER_AWAY,))):
        rows += [
            Step(Action.APPROVE, State.IN_REVIEW, State.FORMAT_CHECK, role, (*needs, ALL_INITIALLED)),
            Step(Action.RETURN, State.IN_REVIEW, State.RETURNED, role, needs, reason=True),
            Step(Action.WITHDRAW, State.FORMAT_CHECK, State.IN_REVIEW, role, (LATEST_ACT,), reason=True),
        ]
    return tuple(rows)


def _signing() -> tuple[Step[State, Action], ...]:
    waiting, signer = State.AWAITING_SIGNATURE, (DESIGNATED_SIGNER,)
    rows: list[Step[State, Action]] = []
    for role in (_L, _P, _H):  # unit heads sign TL. and TUQ.
        back = signer if role is _H else (SIGNER_OR_AWAY,)
        rows += [
            Step(Action.SIGN, waiting, State.SIGNED, role, (DESIGNATED_SIGNER, ALL_COSIGNED, SIGNATURE_GIVEN)),
            Step(Action.RETURN, waiting, State.RETURNED, role, back, reason=True),
            Step(Action.REJECT, waiting, State.RETURNED, role, signer, reason=True),
            Step(
                Action.WITHDRAW_SIGNATURE,
                State.SIGNED,
                waiting,
                role,
                (DESIGNATED_SIGNER, DIGITAL),
                reason=True,
            ),
        ]
    for role in (_L, _P, _H, _C):
        rows += [
            Step(Action.CO_SIGN, waiting, waiting, role, (COSIGNERS_TURN, SIGNATURE_GIVEN)),
            Step(Action.WITHDRAW_CO_SIGN, waiting, waiting, role, (LAST_COSIGNED,), reason=True),
            Step(Action.DECLINE, waiting, State.RETURNED, role, (COSIGNERS_TURN,), reason=True),
        ]
    rows.append(Step(Action.HAND_TO_DEPUTY, waiting, waiting, _L, (*signer, CONTENT_HELD_HERE)))
    return tuple(rows)


def _exempting() -> tuple[Step[State, Action], ...]:
    waiting = (State.RETURNED, State.FORMAT_CHECK, State.AWAITING_SIGNATURE, *AFTER_SIGNATURE_ROAD)
    asked: list[Step[State, Action]] = [
        Step(Action.REQUEST_EXEMPTION, state, state, _C, (), reason=True)
        for state in (State.FORMAT_CHECK, State.AWAITING_SIGNATURE, State.SIGNED, State.NUMBERED)
    ]
    decided: list[Step[State, Action]] = [
        Step(action, state, state, role, (EXEMPTION_ASKED, *needs), reason=action is Action.REFUSE_EXEMPTION)
        for action in (Action.APPROVE_EXEMPTION, Action.REFUSE_EXEMPTION)
        for role, needs in ((_L, ()), (_P, (HEAD_AWAY,)))
        for state in waiting
    ]
    return (*asked, *decided)


STEPS: tuple[Step[State, Action], ...] = (
    *_drafting(),
    Step(Action.SKIP_REVIEW, State.IN_REVIEW, State.FORMAT_CHECK, Role.SYSTEM),
    *_reviewing(),
    Step(
        Action.CONFIRM_FORMAT,
        State.FORMAT_CHECK,
        State.AWAITING_SIGNATURE,
        _C,
        (HAS_FILE, HAS_SIGNER, ALL_INITIALLED, NOT_SPREAD),
    ),
    Step(Action.RETURN, State.FORMAT_CHECK, State.RETURNED, _C, reason=True),
    *_signing(),
    Step(Action.WITHDRAW, State.AWAITING_SIGNATURE, State.FORMAT_CHECK, _C, (LATEST_ACT,), reason=True),
    Step(Action.RECORD_INK, State.AWAITING_SIGNATURE, State.SIGNED, _C, reason=True),
    Step(Action.NUMBER, State.SIGNED, State.NUMBERED, _C),
    Step(Action.RETURN, State.SIGNED, State.RETURNED, _C, reason=True),
    Step(Action.SIGN_NUMBER, State.NUMBERED, State.NUMBERED, _C, (DIGITAL, NUMBER_NOT_YET_ON_PAPER)),
    Step(Action.ATTACH_SCAN, State.NUMBERED, State.NUMBERED, _C, (INK, CONTENT_HELD_HERE)),
    Step(
        Action.SEAL,
        State.NUMBERED,
        State.SEALED,
        _C,
        (CONTENT_HELD_HERE, NUMBER_ON_PAPER, ATTACHMENTS_SEALED, SEAL_GIVEN),
    ),
    *(
        Step(Action.GIVE_UP_NUMBER, state, State.SIGNED, _C, reason=True)
        for state in (State.NUMBERED, State.SEALED)
    ),
    Step(Action.ISSUE, State.SEALED, State.ISSUED, _C, (ATTACHMENTS_SEALED,)),
    Step(Action.ISSUE, State.NUMBERED, State.ISSUED, _C, (SECRET_ON_PAPER,)),
    Step(Action.FILE, State.ISSUED, State.FILED, _C),
    Step(Action.FILE, State.ISSUED, State.FILED, _D, (OWN_DRAFT,)),
    Step(Action.WITHDRAW, State.FILED, State.ISSUED, _C, (LATEST_ACT,), reason=True),
    Step(Action.WITHDRAW, State.FILED, State.ISSUED, _D, (OWN_DRAFT, LATEST_ACT), reason=True),
    *_exempting(),
    *(Step(Action.HAND_OVER, state, state, Role.ADMIN, reason=True) for state in BEFORE_SIGNING),
    *(Step(Action.LOSE_SIGNER, state, State.RETURNED, Role.ADMIN, reason=True) for state in BEFORE_SIGNING[2:]),
)


def holder_role(state: State) -> Role | None:
    """Whose desk a document lies on. DRAFT and RETURNED: its drafter; AWAITING_SIGNATURE: its signer."""
    return _HOLDERS.get(state)


_HOLDERS = {
    State.DRAFT: Role.DRAFTER,
    State.RETURNED: Role.DRAFTER,
    State.IN_REVIEW: Role.UNIT_HEAD,
    State.FORMAT_CHECK: Role.CLERK,
    State.AWAITING_SIGNATURE: Role.LEADER,
    State.SIGNED: Role.CLERK,
    State.NUMBERED: Role.CLERK,
    State.SEALED: Role.CLERK,
    State.ISSUED: Role.CLERK,
}


def grid() -> str:
    """The whole product State × Action × Role as text: one table a role, `.` where nobody may."""
    return steps.grid(STEPS, State, Action)
