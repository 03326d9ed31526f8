"""The row of initials: who put their name to which text when, and whether it still holds for the present one.

Three kinds, as on paper: the drafting unit's head by approving, or a leader in their absence; the heads of
coordinating units; the format check.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain import opinions as rules
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Role
from workflow.store import opinions as store
from workflow.store import slips
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

DRAFTING, STANDING_IN, COORDINATING, FORMAT = "drafting", "standing_in", "coordinating", "format"
BY_ACTION = {Action.APPROVE: DRAFTING, Action.CONFIRM_FORMAT: FORMAT}
_BEFORE_REVIEW = frozenset({State.DRAFT, State.RETURNED, State.IN_REVIEW})
TAKEN_BACK = {
    DRAFTING: _BEFORE_REVIEW,
    STANDING_IN: _BEFORE_REVIEW,
    FORMAT: _BEFORE_REVIEW | {State.FORMAT_CHECK},
}
"""States whose entering takes the approval or the format check back: it is given again."""

UNASKED = ""
"""A document's text that nobody has asked for yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Initial:
    """One name in the row. `holds`: for the present text; an initial on an earlier one is void, and is shown so."""

    part: str
    unit: str
    name: str
    in_place_of: str
    at: dt.datetime
    version: int
    """The number of the draft it stands on, as everywhere: its place among the document's files. 0 without one."""
    holds: bool


def row_of(
    uow: UnitOfWork, document: Outgoing, asked: Sequence[store.Asked], *, present: str | None = UNASKED
) -> tuple[Initial, ...]:
    """Everybody who initialled, oldest first. `present`: what its text is now, None where it has none."""
    if present == UNASKED:
        present = store.present_text(uow.session, document.id)
    drafts = [one for one in slips.files(uow.session, document.id) if one.kind == "draft"]
    found = list(_by_acts(slips.lines(uow.session, document.id), drafts))
    for one in asked:
        if one.row.kind != Kind.INITIALS:
            continue
        for said in one.said:
            if Verdict(said.row.verdict) in rules.INITIALLED:
                found.append(
                    Initial(
                        part=COORDINATING, unit=one.unit, name=said.name, in_place_of=said.in_place_of,
                        at=said.row.at, version=said.row.file_ordinal,
                        holds=one.row.withdrawn_at is None and said.row.text == present,
                    )
                )  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.at))


def _by_acts(history: Sequence[slips.Line], drafts: Sequence[slips.File]) -> list[Initial]:
    """The last approval and the last format check, unless the paper came back after it."""
    found: dict[str, Initial] = {}
    for line in history:
        for part, states in TAKEN_BACK.items():
            if line.to_state in states and part in found:
                del found[part]
        part = BY_ACTION.get(Action(line.action), "")
        if part == DRAFTING and line.role in {Role.LEADER, Role.DEPUTY}:
            part = STANDING_IN
        if part:
            version = max((one.ordinal for one in drafts if one.added_at <= line.at), default=0)
            found[part] = Initial(
                part=part, unit="", name=line.name or "", in_place_of="", at=line.at, version=version, holds=True
            )
    return list(found.values())
