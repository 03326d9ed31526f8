"""The dossier (hồ sơ công việc) and the yearly file plan: states, actions, who may do what (Decree 30/2020, 28–31).

Whoever handles work opens a dossier, collects what belongs to it, takes out drafts and duplicates, fixes its
retention anew and closes it (Art. 29); the clerk hands closed ones to the archive.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain import incoming, outgoing
from workflow.domain.people import Role
from workflow.domain.steps import Step


class State(StrEnum):
    """Where a dossier is."""

    OPEN = "open"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    """Handed to the archive (nộp lưu): nothing changes any more."""
    CANCELLED = "cancelled"
    """Opened by mistake, and empty."""


class Action(StrEnum):
    """What people do to a dossier."""

    OPEN = "open"
    CHANGE = "change"
    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"
    CLOSE = "close"
    REOPEN = "reopen"
    KEEP = "keep"
    """Longer in the unit than the term, with written consent (Art. 31.3d)."""
    TRANSFER = "transfer"
    CANCEL = "cancel"
    HAND_OVER = "hand_over"
    """Its maker leaves a post: another goes on with it."""


class PlanState(StrEnum):
    """Where a year's file plan is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class PlanAction(StrEnum):
    """What people do to a file plan."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    REVISE = "revise"
    """Approved already, and to be changed: it is approved anew."""


# predicates that a Step may need; services work them out from data
IN_CHARGE = "dossier_in_charge"
"""Its maker, the head of its unit, the agency's clerk."""
NO_DRAFTS = "dossier_without_drafts"
NO_OPEN_WORK = "dossier_without_open_work"
NO_DUPLICATES = "dossier_without_duplicates"
EMPTY = "dossier_empty"
FOR_ARCHIVE = "dossier_for_archive"
HAS_ENTRIES = "plan_has_entries"

_WORKING = (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY)
_CLEAN = (NO_DRAFTS, NO_OPEN_WORK, NO_DUPLICATES)


def _handling() -> tuple[Step[State, Action], ...]:
    rows: list[Step[State, Action]] = []
    for role in _WORKING:
        rows += [
            Step(Action.ADD, State.OPEN, State.OPEN, role),
            Step(Action.CLOSE, State.OPEN, State.CLOSED, role, (IN_CHARGE, *_CLEAN)),
            Step(Action.CHANGE, State.OPEN, State.OPEN, role, (IN_CHARGE,)),
            Step(Action.MOVE, State.OPEN, State.OPEN, role, (IN_CHARGE,)),
            Step(Action.REMOVE, State.OPEN, State.OPEN, role, (IN_CHARGE,)),
            Step(Action.REOPEN, State.CLOSED, State.OPEN, role, (IN_CHARGE,), reason=True),
            Step(Action.KEEP, State.CLOSED, State.CLOSED, role, (IN_CHARGE, FOR_ARCHIVE), reason=True),
        ]
    return tuple(rows)


STEPS: tuple[Step[State, Action], ...] = (
    *_handling(),
    Step(Action.TRANSFER, State.CLOSED, State.TRANSFERRED, Role.CLERK, (FOR_ARCHIVE, NO_DRAFTS, NO_OPEN_WORK)),
    Step(Action.CANCEL, State.OPEN, State.CANCELLED, Role.CLERK, (EMPTY,), reason=True),
    Step(Action.HAND_OVER, State.OPEN, State.OPEN, Role.ADMIN, reason=True),
)
"""Only the clerk cancels: who sees the whole agency's documents learns nothing from "it is not empty"."""

PLAN_STEPS: tuple[Step[PlanState, PlanAction], ...] = (
    Step(PlanAction.EDIT, PlanState.DRAFT, PlanState.DRAFT, Role.CLERK),
    Step(PlanAction.SUBMIT, PlanState.DRAFT, PlanState.SUBMITTED, Role.CLERK, (HAS_ENTRIES,)),
    Step(PlanAction.WITHDRAW, PlanState.SUBMITTED, PlanState.DRAFT, Role.CLERK),
    Step(PlanAction.APPROVE, PlanState.SUBMITTED, PlanState.APPROVED, Role.LEADER),
    Step(PlanAction.RETURN, PlanState.SUBMITTED, PlanState.DRAFT, Role.LEADER, reason=True),
    Step(PlanAction.REVISE, PlanState.APPROVED, PlanState.DRAFT, Role.CLERK, reason=True),
)
"""The head approves at the start of each year (Art. 28). Only the head: a deputy is none."""


class Kind(StrEnum):
    """Of a document in a dossier."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Inside:
    """A document as the checks before closing see it. `files`: hashes of what it consists of."""

    kind: Kind
    id: int
    state: str
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Findings:
    """What has to be settled before a dossier is closed: keys of documents, in the order they stand in it."""

    drafts: tuple[tuple[Kind, int], ...] = ()
    open_work: tuple[tuple[Kind, int], ...] = ()
    duplicates: tuple[tuple[Kind, int], ...] = ()

    def facts(self, *, duplicates_kept: bool = False) -> frozenset[str]:
        """The predicates that hold. `duplicates_kept`: somebody looked and wants both."""
        true = {
            NO_DRAFTS: not self.drafts,
            NO_OPEN_WORK: not self.open_work,
            NO_DUPLICATES: duplicates_kept or not self.duplicates,
        }
        return frozenset(name for name, holds in true.items() if holds)


def findings(documents: Iterable[Inside]) -> Findings:
    """Drafts and cancelled papers, work that is not done, and documents that share a file with another one."""
    found = tuple(documents)
    seen = Counter(file for one in found for file in one.files)
    return Findings(
        drafts=tuple((one.kind, one.id) for one in found if _is_draft(one)),
        open_work=tuple((one.kind, one.id) for one in found if _is_open(one)),
        duplicates=tuple((one.kind, one.id) for one in found if any(seen[file] > 1 for file in one.files)),
    )


def _is_draft(one: Inside) -> bool:
    return one.kind is Kind.OUTGOING and one.state in {*outgoing.BEFORE_SIGNING, outgoing.State.CANCELLED}


def _is_open(one: Inside) -> bool:
    if one.kind is Kind.OUTGOING:
        return one.state in outgoing.AFTER_SIGNATURE
    return one.state not in incoming.CLOSED


LONGEST_NOTATION = 20
"""Annex VI: FileNotation."""

_NOTATION = re.compile(r"(\d{2,4})\.([^\W\d_][\w-]{0,14})")


def notation(ordinal: int, group: str) -> str:
    """Number and symbol of a dossier: `01.TCCB`, the number in its group and the group's letters."""
    return f"{ordinal:02d}.{group}"


def split_notation(text: str) -> tuple[int, str] | None:
    """(number, group) of `01.TCCB`; None for anything else."""
    found = _NOTATION.fullmatch(text)
    return (int(found[1]), found[2]) if found and len(text) <= LONGEST_NOTATION else None


def of_year(title: str, before: int, year: int) -> str:
    """A title of the file plan of one year as it stands in another's: `… năm 2026` names the new year there."""
    return re.sub(rf"\b(năm|Năm|NĂM) {before}\b", rf"\1 {year}", title)


def next_notation(taken: Iterable[str], group: str) -> str:
    """The first number of a group above all that are taken: numbers of dossiers are not given twice."""
    numbers = [found[0] for text in taken if (found := split_notation(text)) and found[1] == group]
    return notation(max(numbers, default=0) + 1, group)


def file_code(organisation: str, year: int, text: str) -> str:
    """The identifier of a dossier: organisation, year of the file plan, notation (Annex VI, FileCode)."""
    return f"{organisation}.{year}.{text}"
