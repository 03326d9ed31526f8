"""A recalled or replaced document in words: its badge, what its page says, why its copies are not sent any more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.corrections import Kind
from workflow.domain.dispatch import DispatchState, Unsent
from workflow.domain.exchange import Status
from workflow.domain.outgoing import State
from workflow.services.exchange.recalling import ISSUED
from workflow.store import unit_copies
from workflow.store.fates import Fate, fate_of, fates
from workflow.store.models import Outgoing
from workflow.web.context import Current
from workflow.web.format import day
from workflow.web.i18n import N_, _, ngettext
from workflow.web.labels import label

BADGES = {
    Kind.RECALL: N_("Recalled"), Kind.REPLACE: N_("Replaced"),
    Kind.AMEND: N_("Amended"), Kind.CORRECT: N_("Corrected"),
}  # fmt: skip
TONES = {Kind.RECALL: "bad", Kind.REPLACE: "bad", Kind.AMEND: "warn", Kind.CORRECT: "warn"}
TONE = "bad"
UNSENT = {Kind.RECALL: Unsent.RECALLED, Kind.REPLACE: Unsent.REPLACED}
WAITS = {
    Kind.RECALL: N_("was issued and is recalled since; nothing is waiting"),
    Kind.REPLACE: N_("was issued and is replaced since; nothing is waiting"),
}
WHY = "a page of a document that the reader has found"


@dataclass(frozen=True, slots=True)
class Gone:
    """For the page of one document. `sentence` and `reason` are of a recall; a replacement has its mark already."""

    badge: str
    tone: str
    waits: str
    unsent: Unsent
    sentence: str = ""
    reason: str = ""


def badge(kind: Kind) -> str:
    """`Recalled`, `Replaced`, `Amended`, `Corrected`: beside the state that the document keeps."""
    return _(BADGES[kind])


def badges_of(here: Current, rows: Sequence[Any]) -> dict[int, str]:
    """Document → its badge, of rows of a list; nothing is asked where none of them is issued."""
    ids = [row.id for row in rows if row.state in _ISSUED]
    found: Mapping[int, Fate] = fates(here.scope, here.uow.session, ids) if ids else {}
    return {key: badge(fate.kind) for key, fate in found.items()}


_ISSUED = frozenset(str(state) for state in ISSUED)


def gone(
    here: Current, document: Outgoing, *, deliveries: Sequence[Any] = (), to_tell: int = 0
) -> Gone | None:  # fmt: skip
    """What the page of a document in scope says; None where it stands. `deliveries`: statuses of its recipients;
    `to_tell`: how many outside have a copy and do not know yet."""
    if State(document.state) not in ISSUED:
        return None
    fate = fate_of(here.uow.session, document.id, reason=WHY)
    if fate is None:
        return None
    unsent = UNSENT[fate.kind]
    if fate.kind is Kind.REPLACE:
        return Gone(badge(fate.kind), TONE, _(WAITS[fate.kind]), unsent)
    entry = unit_copies.recalled(here.uow.session, document.id)[document.id]
    said = _("Recalled from %(day)s on; it is not to be used any more.", day=day(fate.at))
    open_ones, kept = _standing(deliveries)
    answers = [
        ngettext("%(n)s recipient has not answered yet.", "%(n)s recipients have not answered yet.", open_ones)
        if open_ones
        else "",
        ngettext("%(n)s recipient keeps it.", "%(n)s recipients keep it.", kept) if kept else "",
        ngettext(
            "%(n)s office outside is still to be told.", "%(n)s offices outside are still to be told.", to_tell
        )
        if to_tell
        else "",
    ]
    waits = _("is recalled; offices outside have to be told") if to_tell else _(WAITS[fate.kind])
    waits = _("is recalled; recipients have to answer") if open_ones else waits
    sentence = " ".join(filter(None, (said, *answers)))
    return Gone(badge(fate.kind), TONE, waits, unsent, sentence, str(json.loads(entry.body)["facts"]["reason"]))


def _standing(deliveries: Sequence[Any]) -> tuple[int, int]:
    """(how many were asked and have not answered, how many said no)."""
    there = [one for one in deliveries if one.status not in {None, Status.RECALL_AGREED}]
    waiting = sum(one.pending for one in there)
    return waiting, len(there) - waiting


def copy_words(gone: Gone | None, state: str) -> str:
    """Why a copy that waits to be sent is not sent any more; empty where it is, or has left."""
    return label(gone.unsent) if gone is not None and state == DispatchState.TO_SEND else ""
