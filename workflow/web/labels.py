"""One name for one thing: the words for every state, action, role, capacity and urgency.

The English word is the message id, the enumeration's name its context; the Vietnamese ones are the office's own
and stand in `translations/vi/labels.po`.
"""

from __future__ import annotations

from enum import StrEnum

from workflow.domain.outgoing import Action, Medium, State, Urgency
from workflow.domain.people import Capacity, Role, UnitKind
from workflow.web.i18n import pgettext

LABELS: dict[type[StrEnum], dict[str, str]] = {
    State: {
        State.DRAFT: "Draft",
        State.RETURNED: "Returned",
        State.IN_REVIEW: "In review",
        State.FORMAT_CHECK: "Format check",
        State.AWAITING_SIGNATURE: "Awaiting signature",
        State.SIGNED: "Signed, to be numbered",
        State.NUMBERED: "Numbered",
        State.SEALED: "Sealed",
        State.ISSUED: "Issued",
        State.FILED: "Filed",
        State.CANCELLED: "Cancelled",
    },
    Action: {
        Action.CREATE: "Create",
        Action.REVISE: "Revise",
        Action.SUBMIT: "Submit",
        Action.APPROVE: "Approve",
        Action.SKIP_REVIEW: "Skip review",
        Action.CONFIRM_FORMAT: "Confirm format",
        Action.RETURN: "Return",
        Action.WITHDRAW: "Withdraw",
        Action.REJECT: "Reject",
        Action.SIGN: "Sign",
        Action.RECORD_INK: "Record ink signature",
        Action.WITHDRAW_SIGNATURE: "Withdraw signature",
        Action.NUMBER: "Number",
        Action.SIGN_NUMBER: "Sign number",
        Action.ATTACH_SCAN: "Attach scan",
        Action.SEAL: "Seal",
        Action.ISSUE: "Issue",
        Action.FILE: "File",
        Action.CANCEL: "Cancel draft",
        Action.REQUEST_EXEMPTION: "Request exemption",
        Action.APPROVE_EXEMPTION: "Approve exemption",
    },
    Role: {
        Role.DRAFTER: "Drafter",
        Role.UNIT_HEAD: "Unit head",
        Role.CLERK: "Clerk",
        Role.LEADER: "Leader",
        Role.DEPUTY: "Deputy leader",
        Role.ADMIN: "Administrator",
        Role.INSPECTOR: "Inspector",
        Role.SYSTEM: "System",
    },
    Capacity: {
        Capacity.HEAD: "Head",
        Capacity.TM: "On behalf of the collective (TM.)",
        Capacity.KT: "Deputy for the head (KT.)",
        Capacity.TL: "By order (TL.)",
        Capacity.TUQ: "By authorisation (TUQ.)",
        Capacity.Q: "Acting head (Q.)",
    },
    Urgency: {
        Urgency.NORMAL: "Ordinary",
        Urgency.URGENT: "Urgent",
        Urgency.VERY_URGENT: "Very urgent",
        Urgency.FLASH: "Flash",
    },
    Medium: {Medium.DIGITAL: "Digital", Medium.INK: "In ink"},
    UnitKind: {UnitKind.AGENCY: "Agency", UnitKind.PART: "Part of an agency"},
}


KINDS = {kind.__name__.lower(): kind for kind in LABELS}


def word(kind: str, value: str) -> str:
    """The same for a stored word: `word("role", row.role)`."""
    return label(KINDS[kind](value))


def label(member: StrEnum) -> str:
    """The word for a member of an enumeration, in the reader's language."""
    kind = type(member)
    return pgettext(kind.__name__.lower(), LABELS[kind][member])
