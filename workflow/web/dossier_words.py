"""The words of dossiers: retention, terms, states, what an action is called and what it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from workflow.domain.dossiers import Action, Kind, PlanAction, PlanState, State
from workflow.domain.numbering import number_text
from workflow.domain.retention import PERMANENT, HandOverTerm
from workflow.store.dossiers import Filed
from workflow.web.context import current
from workflow.web.i18n import N_, _, ngettext
from workflow.web.labels import word

TONES = {State.OPEN: "wait", State.CLOSED: "good", State.TRANSFERRED: "plain", State.CANCELLED: "plain"}
PLAN_TONES = {PlanState.DRAFT: "plain", PlanState.SUBMITTED: "wait", PlanState.APPROVED: "good"}

USUAL_YEARS = (PERMANENT, 70, 50, 20, 15, 10, 5, 3, 2, 1)
"""Offered beside what the retention table has."""

SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that leads to a form, and what comes of it."""

    button: str
    will: str
    done: str
    tone: str = "outline-primary"


OFFERS: dict[Action, Offer] = {
    Action.OPEN: Offer(
        N_("Open a dossier"), "", N_("The dossier is open. Put its documents in as they come."), "primary"
    ),
    Action.CHANGE: Offer(
        N_("Change what it says"), N_("Title, retention, term and maker; the history keeps who changed it."),
        N_("Changed."),
    ),
    Action.ADD: Offer("", "", N_("The document is in the dossier.")),
    Action.REMOVE: Offer("", "", N_("Taken out of the dossier. The document itself stays where it was.")),
    Action.MOVE: Offer("", "", N_("Moved.")),
    Action.CLOSE: Offer(
        N_("Close the dossier"), N_("The work has ended: retention is fixed anew and counts from this year."),
        N_("Closed. The clerk hands it to the archive in time."), "primary",
    ),
    Action.REOPEN: Offer(
        N_("Open it again"),
        N_("More belongs in it. The day for the archive is worked out anew at the next closing."),
        N_("It is open again."),
    ),
    Action.KEEP: Offer(
        N_("Keep it longer"),
        N_("With written consent a unit may keep it up to two years beyond its day (Decree 30/2020, Art. 31)."),
        N_("It stays in the unit until that day."),
    ),
    Action.TRANSFER: Offer("", "", N_("Handed to the archive.")),
    Action.CANCEL: Offer(
        N_("Cancel the dossier"), N_("It was opened by mistake and is empty. Its number is not given again."),
        N_("Cancelled."), "outline-danger",
    ),
}  # fmt: skip

PLAN_OFFERS: dict[PlanAction, Offer] = {
    PlanAction.SUBMIT: Offer(
        N_("Submit for approval"), N_("The head of the agency approves it; until then nothing can be changed."),
        N_("The file plan lies with the head."), "primary",
    ),
    PlanAction.WITHDRAW: Offer(N_("Take back"), N_("To go on writing it."), N_("Taken back; it can be changed.")),
    PlanAction.APPROVE: Offer(
        N_("Approve"), N_("Everybody opens the year's dossiers by it."), N_("The file plan is approved."), "primary"
    ),
    PlanAction.RETURN: Offer(
        N_("Return with a reason"), N_("The clerk reads your reason and changes it."), N_("Returned to the clerk."),
        "outline-danger",
    ),
    PlanAction.REVISE: Offer(
        N_("Revise it"), N_("It is a draft again and has to be approved anew; opened dossiers stay."),
        N_("It can be changed, and has to be approved anew."),
    ),
}  # fmt: skip


def years_words(years: int) -> str:
    """`Vĩnh viễn`, `20 năm`."""
    return _("permanent") if years == PERMANENT else ngettext("%(n)s year", "%(n)s years", years)


def years_choices(*more: int) -> list[tuple[str, str]]:
    """(value, words) for a select, the longest first."""
    return [(str(years), years_words(years)) for years in sorted({*USUAL_YEARS, *more}, reverse=True)]


_TERMS = {
    HandOverTerm.DIGITAL: N_("digital files: 60 days (Circular 05/2025)"),
    HandOverTerm.GENERAL: N_("one year (Decree 30/2020, Art. 30.2)"),
    HandOverTerm.CONSTRUCTION: N_("construction: 3 months from settlement (Art. 30.2)"),
}


def term_choices() -> list[tuple[str, str]]:
    """(value, words) of the terms for handing over."""
    return [(str(term), _(words)) for term, words in _TERMS.items()]


def term_words(term: str) -> str:
    """The words of a stored term."""
    return _(_TERMS[HandOverTerm(term)])


def due_words(due: dt.date | None, state: str) -> tuple[str, str]:
    """(words, tone) of the day by which a closed dossier goes to the archive."""
    if state != State.CLOSED:
        return "", "plain"
    if due is None:
        return _("stays in the unit"), "plain"
    left = (due - current().today).days
    day = due.strftime("%d/%m/%Y")
    if left < 0:
        return _("overdue since %(day)s", day=day), "bad"
    return _("by %(day)s", day=day), "warn" if dt.timedelta(days=left) <= SOON else "plain"


def document_name(one: Filed) -> str:
    """How a document is called in a dossier: its symbol, its arrival number, or nothing yet."""
    if one.symbol:
        return one.symbol
    if one.kind is Kind.INCOMING and one.number:
        return _("arrival %(number)s", number=number_text(one.number))
    return _("no number")


def state_words(one: Filed) -> str:
    """The word of a document's own state, whichever its kind."""
    return word("state" if one.kind is Kind.OUTGOING else "incoming_state", one.state)


def names_of(found: Iterable[tuple[Kind, int]], shown: Iterable[Filed]) -> list[Filed]:
    """The documents that a check names."""
    wanted = set(found)
    return [one for one in shown if (one.kind, one.id) in wanted]
