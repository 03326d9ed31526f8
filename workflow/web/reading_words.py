"""What pages say of the reading of a file: how it stands, and what it says otherwise than the register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.services.incoming import differences
from workflow.services.incoming.being_read import SLOW
from workflow.store import reading as store
from workflow.store.models import Incoming
from workflow.web import arrival_forms as forms
from workflow.web.arrival_words import CONFIDENCE
from workflow.web.context import Current
from workflow.web.i18n import N_, _

WAITING = N_("The file is still being read; what it says will appear here by itself. You need not wait for it.")
SLOW_WORDS = N_(
    "Reading this file takes longer than usual. Please go on by hand; what is read later will be shown to you."
)
READ = N_("The file was read. Fields that you had not filled hold what it says; please compare them.")
PARTLY = N_("Not every page of the file could be read; please compare what was read, and type the rest.")
NOTHING = N_("Nothing could be read from the file; please type the facts.")
TROUBLES = {
    "lost": N_("The file is missing or damaged, so it was not read; please tell the administrator."),
    "ocr_failed": N_("The scan could not be read; please type the facts."),
    "ocr_missing": N_("It is a scan, and no text recognition is installed here; please type the facts."),
    "pdf_encrypted": N_("The file opens only with a password, so it was not read; please type the facts."),
    "too_heavy": N_("The file is too heavy to be read; please type the facts."),
    "too_many_pages": N_("The file has too many pages to be read; please type the facts."),
}
"""Why nothing was read; a code that is not here has the general words."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How the reading of a document's file stands.

    `state`: of `Incoming.reading`, or `slow`. `ordinal`: which file of the document it is about.
    """

    state: str
    words: str
    ordinal: int

    @property
    def done(self) -> str:
        """What a page that waited says when it was read."""
        return _(READ)

    @property
    def open(self) -> bool:
        """More may come: a page asks again."""
        return self.state in {"waiting", "slow"}


@dataclass(frozen=True, slots=True)
class Told:
    """One difference for the page. `typed` and `read` are words, `value` what the form sends back."""

    name: str
    title: str
    typed: str
    read: str
    value: str
    word: str
    tone: str
    page: int
    box: str


def stand(here: Current, document: Incoming) -> Stand:
    """How it stands with a document that was found within reach."""
    row = store.of_document(here.uow.session, document.id)
    if row is None:
        return Stand(document.reading, _(NOTHING) if document.reading == "unreadable" else "", 1)
    state = state_of(document.reading, row.asked_at, now=here.now)
    nothing = TROUBLES.get(row.trouble, NOTHING)
    words = {"waiting": WAITING, "slow": SLOW_WORDS, "unreadable": nothing}.get(state, "")
    if state == "read" and row.trouble:
        words = PARTLY
    return Stand(state, _(words) if words else "", row.ordinal)


def state_of(reading: str, asked_at: dt.datetime, *, now: dt.datetime) -> str:
    """`slow` where a clerk should not wait for it."""
    return "slow" if reading == "waiting" and now - asked_at > SLOW else reading


def differing(document: Incoming) -> list[Told]:
    """What its file says otherwise, for whoever may answer that."""
    labels = forms.labels()
    found = []
    for one in differences.open_ones(document):
        word, tone = CONFIDENCE.get(one.confidence, CONFIDENCE["unsure"])
        found.append(
            Told(
                name=one.name, title=labels[one.name], typed=forms.readable(one.name, one.typed),
                read=_readable(one.name, one.read), value=one.read, word=_(word), tone=tone, page=one.page,
                box=" ".join(f"{edge:.1f}" for edge in one.box),
            )
        )  # fmt: skip
    return found


def _readable(name: str, value: str) -> str:
    """A value from a file may be one that nobody has a word for."""
    try:
        return forms.readable(name, value)
    except ValueError:
        return value
