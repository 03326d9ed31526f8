"""Words of inspections: how one stands, what was looked at, what was done."""

from __future__ import annotations

import datetime as dt

from workflow.domain.inspections import CommitmentKind, CommitmentState, FindingState, Look
from workflow.domain.rates import percent
from workflow.store.models import Inspection
from workflow.web.i18n import N_, _, locale

LOOK_WORDS: dict[Look, str] = {
    Look.DOCUMENT: N_("Document page"),
    Look.FILE: N_("Opened file"),
    Look.LIST: N_("List"),
    Look.REGISTER: N_("Register"),
    Look.DOSSIER: N_("Dossier"),
    Look.REPORT: N_("Figures"),
    Look.EXPORT: N_("Taken away as a file"),
    Look.SEARCH: N_("Search"),
    Look.SAMPLE: N_("Sample"),
}

FINDING_WORDS: dict[FindingState, tuple[str, str]] = {
    FindingState.OPEN: (N_("to be corrected"), "wait"),
    FindingState.CORRECTED: (N_("corrected, to be accepted"), "warn"),
    FindingState.ACCEPTED: (N_("correction accepted"), "good"),
}

COMMITMENT_WORDS: dict[CommitmentState, tuple[str, str]] = {
    CommitmentState.OPEN: (N_("not told yet"), "wait"),
    CommitmentState.DONE: (N_("carried out"), "good"),
    CommitmentState.NOT_DONE: (N_("not carried out"), "bad"),
}

KIND_NAMES: dict[CommitmentKind, str] = {
    CommitmentKind.COMMITMENT: N_("commitment"),
    CommitmentKind.PLAN: N_("task of the plan"),
}

DONE = {
    "founded": N_("The inspection is on record with the head of its team."),
    "granted": N_("The member is in the team, for the days given."),
    "revoked": N_("The member is out of the team from now on."),
    "ended": N_("The inspection is ended. Its findings stay."),
    "visited": N_("The day of the inspection at the unit is on record."),
    "entered": N_("You read in this inspection now: its units, nothing secret, nothing to act on."),
    "drawn": N_("The sample is drawn."),
    "found": N_("The finding is on record; the unit sees it."),
    "answered": N_("The answer is on record; the head of the team decides on it."),
    "accepted": N_("The correction is accepted."),
    "returned": N_("The finding is open again; the unit sees why."),
    "promised": N_("The commitment is on record."),
    "told": N_("What came of it is on record."),
}

_SUBJECTS = {
    "outgoing": N_("outgoing document %(key)s"),
    "incoming": N_("incoming document %(key)s"),
    "dossier": N_("dossier %(key)s"),
}


def standing_of(row: Inspection, today: dt.date) -> tuple[str, str]:
    """How an inspection stands on a day, with its tone."""
    if row.ended_at is not None:
        return _("ended early"), "plain"
    if today > row.last_day:
        return _("over"), "plain"
    if today < row.first_day:
        return _("to come"), "plain"
    return _("running"), "wait"


def looked_at(subject: str) -> str:
    """What a look was at; empty for lists."""
    kind, _colon, key = subject.partition(":")
    return _(_SUBJECTS[kind], key=key) if kind in _SUBJECTS else ""


def rate(part: int, whole: int) -> str:
    """`76,92 %`, rounded half up to two decimals as the reports of offices have it; a dash where nothing counts."""
    found = percent(part, whole)
    if found is None:
        return "–"
    return f"{str(found).replace('.', ',') if locale() == 'vi' else found} %"
