"""Why a document is not signed, in the reader's words: the reason now, and what was recorded with its moments."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.backlog import Open
from workflow.domain.outgoing import State
from workflow.domain.permissions import Permission
from workflow.domain.unsigned_reasons import PLAIN, REASON_OF, Obstacle, Reason
from workflow.services.report_reasons import reasons
from workflow.services.report_texts import Words
from workflow.store import obstacles as store
from workflow.store.models import Outgoing
from workflow.web.context import Current
from workflow.web.i18n import N_, _
from workflow.web.verdict_words import HOLDERS

DEVICES = {"pc": N_("on a computer"), "phone": N_("on a phone")}

HELP = {
    Reason.PIN_FAILED: N_("Check Vietnamese typing and Caps Lock; most tokens lock after three wrong PINs."),
    Reason.KEY_LOCKED: N_("Its issuer unlocks it; until then sign with another key."),
    Reason.DEVICE_CANNOT_SIGN: N_("Sign on a computer, or with a key that works on this device."),
    Reason.AGENT_MISSING: N_("Start or install the signing program on that computer, then try again."),
    Reason.EXPIRED_CHOSEN: N_("Choose the key file of a certificate that is valid."),
    Reason.CERTIFICATE_EXPIRED: N_("Have it renewed and enrol the new one."),
    Reason.NO_CERTIFICATE: N_("Enrol a certificate; a second person confirms it."),
    Reason.KEY_FILE_UNREADABLE: N_("Export the key file anew, with key and certificate in it."),
    Reason.REVOCATION_UNREACHABLE: N_("The system asks again by itself."),
    Reason.PROVISIONAL: N_("The system asks again by itself."),
    Reason.SIGNER_AWAY: N_("A mandate lets somebody sign instead."),
}
"""What helps, where something does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something recorded: what, when first and last, how often, with what and on what. `who`: of whom, where the
    reader may know."""

    document: int
    what: str
    first: dt.datetime
    last: dt.datetime
    times: int
    around: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Of one document. `reason` is empty where it does not wait for its signer."""

    reason: str
    help: str
    entries: tuple[Entry, ...]
    mine: bool


def entry(row: Any, say: Words, *, who: str = "") -> Entry:
    """A recorded row in words."""
    around = [_(words) for words in (HOLDERS.get(row.holder), DEVICES.get(row.device)) if words]
    return Entry(
        document=row.document_id, what=say.of(REASON_OF[Obstacle(row.kind)]), first=row.first_at, last=row.last_at,
        times=row.times, around=", ".join(around), who=who,
    )  # fmt: skip


def why_not_signed(here: Current, document: Outgoing) -> Why | None:
    """For whoever may open the document, while it waits for its signer or the clerk; what exactly was met, how
    often and on what is shown to who it is about, and to whoever reads the reports that count it."""
    if document.closed_at is not None or document.state not in {State.AWAITING_SIGNATURE, State.NUMBERED}:
        return None
    return _all(here, [document])[document.id]


def answers_not_signed(here: Current, incoming_id: int) -> list[tuple[Outgoing, Why]]:
    """Documents that answer an incoming one and are not signed, for whoever explains why it is late: facts to lean
    on, never the words of who explains."""
    found = store.answers_unsigned(here.scope, here.uow.session, incoming_id)
    told = _all(here, found) if found else {}
    return [(one, why) for one in found if (why := told[one.id]) is not None]


def _all(here: Current, documents: Sequence[Outgoing]) -> dict[int, Why | None]:
    say, me = Words(here.locale), here.person.person_id
    reports = here.may(Permission.SEE_REPORTS)
    entries: defaultdict[int, list[Entry]] = defaultdict(list)
    mine = set()
    for row in store.of_documents(here.scope, here.uow.session, [one.id for one in documents]):
        if row.person_id == me:
            mine.add(row.document_id)
        if row.person_id == me or reports:
            entries[row.document_id].append(entry(row, say, who="" if row.person_id == me else row.person))
    found = reasons_now(here, documents)

    def why(document: Outgoing) -> Why | None:
        key, reason = document.id, found.get(document.id)
        if reason in PLAIN and document.signer_id == me:
            reason = None
        if reason is None and not entries[key]:
            return None
        return Why(
            reason=say.of(reason) if reason else "", help=_(HELP[reason]) if reason in HELP else "",
            entries=tuple(entries[key]), mine=key in mine,
        )  # fmt: skip

    return {one.id: why(one) for one in documents}


def reasons_now(here: Current, documents: Iterable[Outgoing]) -> Mapping[int, Reason]:
    """Why some documents, found within the reader's scope, are not signed now."""
    found = [
        Open(
            document=one.id, agency=one.agency_id, unit=one.unit_id, state=State(one.state), drafter=one.drafter_id,
            signer=one.signer_id, since=one.state_since, due=one.step_due_at, secret=one.secret,
        )
        for one in documents
        if one.closed_at is None
    ]  # fmt: skip
    return reasons(here.uow, found, cut_off=here.now, only=True)


def entries_of(here: Current, rows: Collection[Any]) -> list[Entry]:
    """What is recorded of the reader."""
    say = Words(here.locale)
    return [entry(row, say) for row in rows]
