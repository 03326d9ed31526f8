"""Rows of the desk, and the acts that are ticked there for several of them at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from workflow.domain.bulk import KINDS, Act
from workflow.domain.outgoing import Action, State, Urgency
from workflow.store import desk
from workflow.web import bulk_words, cosign_words
from workflow.web.clocks import Clock
from workflow.web.document_view import machine_words
from workflow.web.format import moment
from workflow.web.i18n import N_, _
from workflow.web.labels import label

_BULK = {str(act): act for act in (Act.NUMBER_AND_SEAL, Act.ISSUE)}
"""Acts on many that are ticked on the desk too; the others stand in the list."""


MANY = {State.SIGNED: Act.NUMBER_AND_SEAL, State.SEALED: Act.ISSUE}
"""From which state a clerk's row can be ticked for which of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the desk. `tick` is the purpose it can be ticked for together with others, or empty."""

    row: Any
    word: str
    tone: str
    clock: Clock
    waited: str
    step: str
    address: str
    tick: str
    why: tuple[str, str] | None
    agreed: bool = False
    """Read and agreed with; ticked for the signature from the start."""
    beside: str = ""
    """How signing before the signer is called here (`cosign_words`)."""

    @property
    def value(self) -> str:
        """How its box names it: acts on many ask for the version that was seen."""
        return f"{self.row.id}:{self.row.version}" if self.tick in _BULK else str(self.row.id)


@dataclass(frozen=True, slots=True)
class Batch:
    """A button over the rows: for what they are ticked, its words, how many can be, where it leads."""

    purpose: str
    words: str
    count: int
    address: str
    act: str = ""


_URGENT_FIRST = tuple(Urgency)


def rank(row: Any) -> tuple[int, bool]:
    """The urgent before others; among those what came back to be mended: somebody waits for it already."""
    return -_URGENT_FIRST.index(row.urgency), row.state != State.RETURNED


def why_back(back: desk.Back | None) -> tuple[str, str] | None:
    """What was done, by whom and when; their words."""
    if back is None:
        return None
    told = f"{label(Action(back.action))} · {back.who or _('the machine')}, {moment(back.at)}"
    return told, machine_words(back.remark)


def ticked_at_most(entries: list[Entry]) -> list[Entry]:
    """Without boxes beyond what one act on many takes: the first ones are its own."""
    counts: Counter[str] = Counter()
    made = []
    for entry in entries:
        counts[entry.tick] += 1
        full = entry.tick in _BULK and counts[entry.tick] > KINDS[_BULK[entry.tick]].most
        made.append(replace(entry, tick="") if full else entry)
    return made


def tickable(entries: list[Entry]) -> list[Batch]:
    """What can be done to several papers in one act."""
    beside = cosign_words.ticked(entry.beside for entry in entries if entry.tick == "cosign")
    buttons = [
        Batch("leader", N_("Sign the ticked ones"), 0, "/sign"),
        Batch("cosign", beside, 0, "/sign/cosign"),
        Batch("number_and_seal", bulk_words.ACTS[Act.NUMBER_AND_SEAL].button, 0, "/bulk/new", "number_and_seal"),
        Batch("number", N_("Sign the ticked numbers"), 0, "/sign/number"),
        Batch("seal", N_("Seal the ticked ones"), 0, "/sign/seal"),
        Batch("issue", bulk_words.ACTS[Act.ISSUE].button, 0, "/bulk/new", "issue"),
    ]
    counts = Counter(entry.tick for entry in entries)
    return [replace(one, words=_(one.words), count=counts[one.purpose]) for one in buttons if counts[one.purpose]]
