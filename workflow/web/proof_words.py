"""How far an issued file is proven by itself, in words: for its page and for the cards of its signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from signing.fetch import FetchReason
from workflow.domain.proofs import Proof
from workflow.store import proofs as store
from workflow.store.models import Proven
from workflow.web import format
from workflow.web.context import Current
from workflow.web.i18n import N_, _, ngettext
from workflow.web.verdict_words import reason_words

NO_ANSWER = N_("the timestamp authority gave no answer")
WHY: dict[str, str] = {
    "stamp_rejected": N_("the timestamp authority refused"),
    "stamp_unreadable": N_("the answer of the timestamp authority is not a timestamp"),
    "stamp_wrong_imprint": N_("the timestamp authority stamped something else"),
    "stamp_wrong_nonce": N_("the timestamp authority answered another question"),
    "stamp_wrong_time": N_("the clock of the timestamp authority differs from this system's"),
    "stamp_not_signed": N_("the signature of the timestamp does not hold"),
    "stamp_wrong_purpose": N_("the certificate of the timestamp authority is not for timestamps alone"),
    "stamp_not_trusted": N_("the timestamp authority leads to no root that is listed for timestamps"),
    "stamp_revoked": N_("the certificate of the timestamp authority is revoked"),
    "revocation_not_fresh": N_("no revocation list from after the timestamp is here yet"),
    "revocation_unknown": N_("a revocation list about a certificate or about the timestamp authority is missing"),
    "evidence_too_large": N_("the revocation lists are too large to be put into the file"),
    "evidence_incomplete": N_("the file would still not prove itself"),
    "evidence_unreadable": N_("the evidence that the file carries cannot be read"),
    "stamp_no_longer": N_("a timestamp given now would hold no longer than the last one"),
    "stamp_harms": N_("a signature would be judged worse with it"),
    "too_large": N_("the answer of the timestamp authority is too large"),
    "blob_missing": N_("the stored file is missing"),
    "blob_damaged": N_("the stored file is damaged"),
}
"""Why a try came to nothing, as the second half of a sentence; other reasons are the verifier's."""

ENDED = "stamp_ended"
"""Why nothing more is tried: what there was to prove with is over."""

_NO_ANSWER = frozenset(str(one) for one in FetchReason) - WHY.keys()


@dataclass(frozen=True, slots=True)
class Shown:
    """`badge` for the cards; `sentences` once, below them."""

    badge: str
    tone: str
    sentences: tuple[str, ...]


def shown(here: Current, document_id: int) -> Shown | None:
    """Of a document that was found; None where nothing is to be proven, before it is issued and on paper."""
    return of(here, store.of(here.uow.session, document_id))


def in_lists(here: Current, rows: Iterable[Any]) -> dict[int, tuple[str, str]]:
    """Document → (word, tone), for those of a list that were issued: one query, none where nothing was."""
    issued = [row.id for row in rows if row.issued_at is not None]
    found = store.of_documents(here.uow.session, issued) if issued else {}
    return {key: brief(row) for key, row in found.items()}


def brief(row: Any) -> tuple[str, str]:
    """One state in a few words: the page of the document says the rest."""
    if row.next_at is None and row.reason == ENDED:
        return _("The last timestamp has ended"), "warn"
    if row.state == Proof.WAITING or row.stamped_at is None:
        if row.tries:
            return _("No timestamp yet, tried %(n)s×", n=row.tries), "warn"
        return _("No timestamp yet"), "wait"
    if row.lasting_at is None:
        return _("With a timestamp"), "plain"
    return _("Enough evidence for the long term"), "good"


def of(here: Current, row: Proven | None) -> Shown | None:
    """The same of a file whose row is at hand."""
    return None if row is None else told(row, configured=bool(here.settings.tsa_url), now=here.now)


def told(row: Proven, *, configured: bool, now: dt.datetime) -> Shown:
    """One row in words."""
    if row.state == Proof.WAITING or row.stamped_at is None:
        return Shown(_("No timestamp yet"), "wait", (_waiting(row, configured=configured, now=now),))
    stamped = _("Timestamp of %(moment)s.", moment=format.moment(row.stamped_at, zone=True))
    authority = _("The last one is given by %(name)s and holds until %(day)s.", name=row.authority,
                  day=_day(row.until))  # fmt: skip
    badge = _("Timestamp of %(moment)s", moment=format.moment(row.stamped_at))
    if row.lasting_at is None:
        return Shown(badge, "good", (f"{stamped} {authority}", _evidence(row, configured=configured, now=now)))
    lasting = _(
        "Enough evidence for the long term since %(moment)s: the file itself proves that its signatures were "
        "valid.",
        moment=format.moment(row.lasting_at),
    )
    ended = row.next_at is None and row.reason == ENDED
    badge = _("The last timestamp has ended") if ended else _("Enough evidence for the long term")
    sentences = (f"{stamped} {authority}", lasting, *_again(row, configured=configured, now=now))
    return Shown(badge, "warn" if ended else "good", sentences)


def _again(row: Proven, *, configured: bool, now: dt.datetime) -> Iterator[str]:
    """How often it was stamped again, and what comes next."""
    if row.renewed_at is not None:
        yield ngettext(
            "Stamped again %(n)s time, at %(moment)s.", "Stamped again %(n)s times, last at %(moment)s.",
            row.renewals, moment=format.moment(row.renewed_at),
        )  # fmt: skip
    if row.next_at is None:
        if row.reason == ENDED:
            yield _("No other timestamp came before it ended: from now on the file alone proves nothing.")
    elif row.tries:
        text = _("It is to be stamped again, and was not yet: %(why)s.", why=why(row.reason))
        yield " ".join((text, _next(row, now)))
    elif configured:
        yield _("It is stamped again from %(day)s on.", day=_day(row.next_at))
    else:
        yield _("It is to be stamped again from %(day)s on, and this system has no timestamp authority.",
                day=_day(row.next_at))  # fmt: skip


def _waiting(row: Proven, *, configured: bool, now: dt.datetime) -> str:
    if not configured:
        return _("No timestamp yet: this system has no timestamp authority.")
    if not row.tries:
        return _("No timestamp yet: it is asked for in the next minutes.")
    return " ".join((_("No timestamp yet: %(why)s.", why=why(row.reason)), _next(row, now)))


def _evidence(row: Proven, *, configured: bool, now: dt.datetime) -> str:
    if not configured:
        return _("The evidence for the long term is not in the file yet: this system has no timestamp authority.")
    if not row.tries:
        text = _("The evidence for the long term follows when newer revocation lists are here.")
    else:
        text = _("The evidence for the long term is not in the file yet: %(why)s.", why=why(row.reason))
    return " ".join((text, _next(row, now)))


def _next(row: Proven, now: dt.datetime) -> str:
    if row.next_at is None or row.next_at <= now:
        return _("Next try in the next minutes.")
    return _("Next try at %(moment)s.", moment=format.moment(row.next_at))


def why(reason: str) -> str:
    """A reason as the second half of a sentence."""
    if reason in WHY:
        return _(WHY[reason])
    if reason in _NO_ANSWER:
        return f"{_(NO_ANSWER)} ({reason})"
    words = reason_words(reason).rstrip(".")
    return words[:1].lower() + words[1:]


def _day(moment: dt.datetime | None) -> str:
    return "–" if moment is None else format.day(moment)
