"""What the papers of the morning report say, in the language of whoever gets them: English here, Vietnamese in
`report_papers.po`; the words of states, roles and holders are those of the screens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.adapters.catalogues import VIETNAMESE, of_feature
from workflow.domain import incoming
from workflow.domain.backlog import Age
from workflow.domain.incoming import Holder
from workflow.domain.outgoing import State
from workflow.domain.people import Role
from workflow.domain.unsigned_reasons import Reason

CONTEXT = "report"
"""Of every text of ours in the catalogue."""

REASONS: dict[Reason, str] = {
    Reason.ON_PAPER: "Secret: to be signed on paper",
    Reason.PROVISIONAL: "Signed, revocation not decided yet",
    Reason.INITIALS: "Waits for initials of another unit",
    Reason.OPINIONS: "Waits for an opinion",
    Reason.BESIDE: "Waits for somebody who signs before the signer",
    Reason.SIGNER_AWAY: "Signer away, nobody may sign instead",
    Reason.NO_CERTIFICATE: "Signer has no valid certificate",
    Reason.CERTIFICATE_EXPIRED: "Signer's certificate has expired",
    Reason.EXPIRED_CHOSEN: "Tried with an expired certificate",
    Reason.CERTIFICATE_REVOKED: "Certificate revoked",
    Reason.CERTIFICATE_NOT_ENROLLED: "Tried with a certificate that is not confirmed here",
    Reason.KEY_LOCKED: "Key locked",
    Reason.PIN_FAILED: "Wrong PIN or password",
    Reason.KEY_FILE_UNREADABLE: "Key file cannot be read",
    Reason.DEVICE_CANNOT_SIGN: "Device cannot sign",
    Reason.AGENT_MISSING: "Signing program not found on the device",
    Reason.AGENT_FAILED: "Signing program failed",
    Reason.PROVIDER_UNREACHABLE: "Signing service did not answer",
    Reason.REVOCATION_UNREACHABLE: "Revocation could not be asked",
    Reason.NETWORK_LOST: "Connection lost while signing",
    Reason.TIMED_OUT: "Signing timed out",
    Reason.CANCELLED: "Signing cancelled",
    Reason.OTHER: "Something else went wrong while signing",
    Reason.ATTEMPT_FAILED: "Signing failed",
    Reason.ATTEMPT_DROPPED: "Signing begun and not finished",
    Reason.LOOKS_CLEARED: "Whether opened is not known any more",
    Reason.NOT_OPENED: "Not opened yet",
    Reason.OPENED: "Opened, not signed",
}

AGES: dict[Age, str] = {
    Age.WITHIN_A_DAY: "up to 1 working day",
    Age.TO_THREE_DAYS: "up to 3 working days",
    Age.TO_FIVE_DAYS: "up to 5 working days",
    Age.OLDER: "more than 5 working days",
}

WHEN = {"overdue": "Overdue", "soon": "Due soon", "": ""}


def _by_value(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(value): text for value, text in words.items()}


STATES: dict[State, str] = {
    State.DRAFT: "Draft",
    State.RETURNED: "Returned",
    State.IN_REVIEW: "In review",
    State.FORMAT_CHECK: "Format check",
    State.AWAITING_SIGNATURE: "Awaiting signature",
    State.SIGNED: "Signed, to be numbered",
    State.NUMBERED: "Numbered",
    State.SEALED: "Sealed",
}
ARRIVED: dict[incoming.State, str] = {
    incoming.State.ARRIVED: "Arrived",
    incoming.State.CHECKED: "Checked",
    incoming.State.ANOMALY: "Anomaly reported",
    incoming.State.REGISTERED: "Registered",
    incoming.State.SUBMITTED: "Awaiting direction",
    incoming.State.DIRECTED: "Directed",
    incoming.State.ASSIGNED: "Assigned",
    incoming.State.IN_PROGRESS: "In progress",
}
ROLES: dict[Role, str] = {
    Role.DRAFTER: "Drafter",
    Role.UNIT_HEAD: "Unit head",
    Role.CLERK: "Clerk",
    Role.LEADER: "Leader",
}
HOLDERS: dict[Holder, str] = {
    Holder.CLERK: "Clerk",
    Holder.OFFICE: "Chief of office",
    Holder.LEADER: "Leader",
    Holder.UNIT_HEAD: "Unit head",
    Holder.SPECIALIST: "Specialist",
    Holder.OUTSIDE: "Another office",
}
LABELLED: tuple[tuple[str, str, type[StrEnum], Mapping[str, str]], ...] = (
    ("labels", "state", State, _by_value(STATES)),
    ("incoming", "incoming_state", incoming.State, _by_value(ARRIVED)),
    ("labels", "role", Role, _by_value(ROLES)),
    ("incoming", "holder", Holder, _by_value(HOLDERS)),
)
"""File and context in the catalogue, the enumeration, its words by value: those of the screens."""

PLAIN = (
    "%(days)s d %(hours)s h",
    "%(hours)s h %(minutes)s min",
    "%(place)s, %(day)s/%(month)s/%(year)s",
    "By reason",
    "By signer and time waited",
    "By step and holder",
    "Coordinating parts",
    "Document",
    "Documents",
    "Due",
    "Due soon",
    "Due soon: by %(moment)s",
    "Explanations late",
    "Explanations owed",
    "Figure",
    "Figures as of %(moment)s",
    "Incoming",
    "Incoming documents",
    "Incoming due soon",
    "Incoming overdue",
    "Kind",
    "Late",
    "Made at %(moment)s",
    "No.",
    "Number",
    "Only the first %(shown)s of %(all)s stand here.",
    "Outgoing",
    "Outgoing documents",
    "Outgoing due soon",
    "Outgoing overdue",
    "Overdue",
    "Page",
    "Part of a document",
    "Parts due soon",
    "Parts overdue",
    "Person",
    "Reason",
    "Root of the journal no. %(anchor)s, %(moment)s: %(root)s",
    "SHA-256 of its content",
    "Secret document",
    "Signer",
    "Since",
    "State",
    "Step",
    "Subject",
    "Subjects and who owes explanations stand in the system only: this copy is also for those who may not open"
    " the documents.",
    "Summary",
    "This report was made for its cut-off and comes out the same whenever it is made again.",
    "Unit",
    "Unsigned, overdue and due soon",
    "Waited",
    "Waiting for a signature",
    "Waits for",
)
"""Headings and sentences."""


def texts() -> Iterator[str]:
    """Every text of ours, for the fence of translations."""
    yield from PLAIN
    yield from REASONS.values()
    yield from AGES.values()


@dataclass(frozen=True, slots=True)
class Words:
    """One language: `words("Signer")`, `words.of(Reason.OPENED)`."""

    language: str = VIETNAMESE

    def __call__(self, text: str, **values: object) -> str:
        """A text of ours with its values filled in."""
        known = of_feature("report_papers", self.language).texts.get((CONTEXT, text), text)
        return known % values if values else known

    def of(self, value: StrEnum) -> str:
        """A state, role or holder as the screens call it; a reason, an age."""
        if isinstance(value, Reason):
            return self(REASONS[value])
        if isinstance(value, Age):
            return self(AGES[value])
        for feature, context, kind, words in LABELLED:
            if isinstance(value, kind) and str(value) in words:
                text = words[str(value)]
                return of_feature(feature, self.language).texts.get((context, text), text)
        return str(value)
