"""Attachments in the reader's words: what each is, whether it bears its seal, what the verifier says of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain import attachments as rules
from workflow.domain.attachments import Kind
from workflow.domain.errors import Refused
from workflow.domain.outgoing import STEPS, Action, State
from workflow.domain.permissions import Permission
from workflow.domain.steps import require, step_for
from workflow.services.documents.moves import true_facts
from workflow.store import attachments as store
from workflow.store.models import Attachment, Outgoing
from workflow.web import proof_words
from workflow.web.context import Current
from workflow.web.document_view import Check, check
from workflow.web.i18n import N_, _
from workflow.web.page_images import page_sizes
from workflow.web.proof_words import Shown
from workflow.web.storage import blobs
from workflow.web.verdict_words import Told, conclusion_words, told

KINDS = {Kind.PDF: N_("PDF"), Kind.SHEET: N_("Spreadsheet")}

Sizes = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One attachment. `word`, `tone`: of its seal. `sealed`: a seal stands on it."""

    row: Attachment
    kind: str
    word: str
    tone: str
    sealed: bool
    sha256: str
    first: bool = False
    last: bool = False
    elsewhere: str = ""
    """Where its reader has it, if not under the document."""
    proof: Shown | None = None
    """How far its file is proven, once it was issued."""

    @property
    def address(self) -> str:
        """Its page."""
        return self.elsewhere or f"/outgoing/{self.row.document_id}/attachments/{self.row.id}"

    @property
    def is_paper(self) -> bool:
        """It has pages to look at."""
        return self.row.kind == Kind.PDF


def lines(here: Current, document: Outgoing) -> list[Line]:
    """What is attached to a document that the reader has found."""
    held = store.with_seals(here.uow.session, document.id)
    return [_line(here, one, first=one is held[0], last=one is held[-1]) for one in held]


def line_of(here: Current, held: store.Held) -> Line:
    """One of them by itself."""
    return _line(here, held, first=False, last=False)


def _line(here: Current, held: store.Held, *, first: bool, last: bool) -> Line:
    row = held.row
    word, tone = _seal_words(held)
    return Line(
        row, _(KINDS[Kind(row.kind)]), word, tone, held.seal is not None, held.sha256, first=first, last=last,
        proof=proof_words.of(here, held.proof),
    )  # fmt: skip


def _seal_words(held: store.Held) -> tuple[str, str]:
    if Kind(held.row.kind) not in rules.SEALED:
        return _("Goes along without a seal"), "plain"
    if held.verdict is None:
        return _("Not sealed yet"), "wait"
    word, tone = conclusion_words(held.verdict.conclusion)
    return _("Sealed: %(verdict)s", verdict=word), tone


def verdict(held: store.Held) -> Told | None:
    """What the verifier says of the seal today."""
    said = held.verdict
    if said is None:
        return None
    return told(said.body, field=rules.FIELD, conclusion=said.conclusion, reason=said.reason)


@dataclass(frozen=True, slots=True)
class Checked:
    """Every answer about a seal, the first one first, and when it was last asked for."""

    checks: tuple[Check, ...]
    looked_at: dt.datetime | None


def checked(here: Current, held: store.Held) -> Checked | None:
    """How the answer about the seal went over time."""
    seal = held.seal
    if seal is None:
        return None
    first = check(seal.received_at, "sealing", seal.conclusion, "")
    later = store.later_verdicts(here.uow.session, seal)
    answers = (first, *(check(one.at, "recheck", one.conclusion, one.cause) for one in later))
    return Checked(answers, seal.checked_at)


def change_words(changes: rules.Changes) -> tuple[str, ...]:
    """What became of them, a line each."""
    return (
        *(_("added: %(name)s", name=name) for name in changes.added),
        *(_("taken off: %(name)s", name=name) for name in changes.taken_off),
        *(_("renamed: %(before)s → %(after)s", before=one, after=other) for one, other in changes.renamed),
        *((_("in another order"),) if changes.ordered else ()),
    )


def may_change(here: Current, document: Outgoing) -> bool:
    """Whether the reader attaches and takes off: the drafter, while the text may change."""
    if document.secret or not here.may(Permission.DRAFT_DOCUMENT):
        return False
    try:
        step = step_for(STEPS, State(document.state), Action.REVISE, role=here.actor.role)
        require(step, true_facts(here.uow, here.actor, document, step=step))
    except Refused:
        return False
    return True


def sizes(here: Current, line: Line) -> Sizes:
    """Page sizes; none of what is only given as a download."""
    return page_sizes(here.uow, blobs(), line.sha256) if line.is_paper else ()
