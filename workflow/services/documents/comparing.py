"""The clerk's comparison (Decree 30/2020 Art. 12.2): typed words that contradict the register need an answer.

Either the paper goes back to be corrected, or the clerk says that it stays as typed; that stands in the history.
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import Refused
from workflow.domain.outgoing import Action, Medium, State
from workflow.services.documents.moves import Move
from workflow.services.documents.remarks import CONTRADICTS, Remark, Typed, remarks
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

ACCEPTED = "typed_accepted:"
"""A history line's remark begins so; the codes of what stays as typed follow, with blanks between them."""

BEFORE = frozenset({State.DRAFT, State.RETURNED, State.IN_REVIEW, State.FORMAT_CHECK})
"""Whoever comes back here is compared anew."""


def open_questions(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> tuple[Remark, ...]:
    """What contradicts the register and was not accepted at the format check; none on paper signed in ink."""
    if document.medium != Medium.DIGITAL or document.file_sha256 is None:
        return ()
    before = _accepted_before(uow, document)
    return tuple(
        one for one in remarks(uow, document, now=now) if one.code in CONTRADICTS and one.code not in before
    )


def compared(uow: UnitOfWork, document: Outgoing, *, accepted: bool, now: dt.datetime) -> Move:
    """What the history keeps of the comparison: nothing where all agrees.

    Raises `Refused("typed_differs")` with what differs, unless the clerk has accepted it.
    """
    found = open_questions(uow, document, now=now)
    if not found:
        return Move()
    if not accepted:
        raise Refused("typed_differs", differences="; ".join(map(_pair, found)))
    codes = " ".join(one.code for one in found)
    kept = [{"code": str(one.code), **one.words} for one in found]
    return Move(remark=f"{ACCEPTED} {codes}", journal={"stays_as_typed": kept})


def accepted_codes(remark: str) -> tuple[Typed, ...]:
    """What a remark of ours accepts; nothing for words that people wrote."""
    words = remark.removeprefix(ACCEPTED).split()
    if not remark.startswith(ACCEPTED) or not set(words) <= set(Typed):
        return ()
    return tuple(Typed(word) for word in words)


def _accepted_before(uow: UnitOfWork, document: Outgoing) -> tuple[Typed, ...]:
    """At the format check that the present file went through; a paper that is checked anew has none yet."""
    lines = [line for line, _name in store.history_of(uow.session, document.id)]
    for line in reversed(lines):
        if line.action == Action.CONFIRM_FORMAT:
            return accepted_codes(line.remark)
        if line.to_state in BEFORE:
            return ()
    return ()


def _pair(one: Remark) -> str:
    """The same in every language: “UBND-VP” ≠ “UBND-KT”."""
    return f"“{one.words['typed']}” ≠ “{one.words['expected']}”"
