"""Certificates as their pages show them: state, control, why one is stopped, and what a second person looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.certificates import THRESHOLDS, Stop
from workflow.domain.errors import Refused
from workflow.domain.key_holders import ALSO, KeyHolder, best_control
from workflow.domain.permissions import Permission
from workflow.services.signing.looking import Look, Past, look
from workflow.services.signing.revoked import LIVE
from workflow.store import certificate_list
from workflow.store.models import Certificate
from workflow.web import format
from workflow.web.context import current
from workflow.web.errors import explain
from workflow.web.i18n import N_, _
from workflow.web.verdict_words import HOLDERS, control_word
from workflow.web.views.desk import days_left

STATUSES = {
    "pending": (N_("waits for confirmation"), "warn"),
    "confirmed": (N_("confirmed"), "good"),
    "retired": (N_("stopped"), "plain"),
    "refused": (N_("refused"), "bad"),
}
WARNINGS = {
    "name_differs": N_("The certificate names somebody else than its owner here."),
    "organisation_differs": N_("The certificate does not name the unit of its owner."),
}
STOPS: dict[Stop, str] = {
    Stop.RENEWED: N_("Another certificate took its place"),
    Stop.POST_ENDED: N_("Its owner signs here no more"),
    Stop.BROKEN: N_("The key cannot be used any more (broken, locked, password forgotten)"),
    Stop.LOST: N_("The key is lost"),
    Stop.COPIED: N_("Somebody else may have, know or have copied the key"),
    Stop.MISTAKEN: N_("It was enrolled by mistake"),
}
"""The answers to why a certificate is stopped, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A certificate that ends soon, in how many days, and whether its successor waits for confirmation."""

    row: Certificate
    days: int
    waiting: bool


@dataclass(frozen=True, slots=True)
class Stopping:
    """What follows where one's own (or the agency's) certificate is stopped: documents that wait for its owner's
    signature, and whether another certificate can give it."""

    waiting: int
    others: bool


def shown(row: Certificate, revoked: dt.datetime | None) -> dict[str, Any]:
    """One certificate for a page."""
    here = current()
    word, tone = STATUSES[row.status]
    if row.status == "confirmed" and row.not_after <= here.now:
        word, tone = N_("expired"), "bad"
    text = _(word)
    if revoked is not None:
        text, tone = _("revoked on %(day)s", day=format.day(revoked)), "bad"
    live = row.status in LIVE
    also = str(row.proof.get(ALSO, ""))
    return {
        "row": row,
        "word": text,
        "revoked": revoked is not None,
        "tone": tone,
        "live": live,
        "left": days_left(row.not_after, here.now) if live and row.not_after > here.now and not revoked else None,
        "warnings": [_(WARNINGS.get(code, code)) for code in row.warnings],
        "holder": _(HOLDERS.get(row.holder, row.holder)),
        "also": places_words(also.split()),
        "control": control_word(best_control(row.holder, also=also)),
        "why": stop_words(row.stopped_why),
    }


def stop_words(why: str) -> str:
    """Why it was stopped; nothing where nobody was asked."""
    return _(STOPS[Stop(why)]) if why in set(Stop) else ""


def places_words(places: Sequence[str]) -> str:
    """Where else a key lay, in one go."""
    return ", ".join(_(HOLDERS.get(one, one)) for one in places)


def ends(rows: Sequence[Certificate], gone: Mapping[int, dt.datetime]) -> Renewal | None:
    """What is to be renewed: the one that lasts longest ends soon. A newer one may wait for its second person."""
    here = current()
    live = [row for row in rows if row.status in LIVE and row.not_after > here.now and row.id not in gone]
    last = max((row for row in live if row.status == "confirmed"), key=lambda row: row.not_after, default=None)
    if last is None or last.not_after > here.now + dt.timedelta(days=THRESHOLDS[0]):
        return None
    waiting = any(row.status == "pending" and row.not_after > last.not_after for row in live)
    return Renewal(last, (last.not_after - here.now).days, waiting)


def stopping(rows: Sequence[Certificate], gone: Mapping[int, dt.datetime], *, agency: bool) -> dict[int, Stopping]:
    """Of each certificate in use: what follows if it is stopped now."""
    here = current()
    live = [row for row in rows if row.status in LIVE]
    if not live:
        return {}
    waiting = certificate_list.waiting(
        here.scope, here.uow.session, person_id=None if agency else here.person.person_id
    )
    usable = {row.id for row in live if _usable(row, gone, here.now)}
    return {row.id: Stopping(waiting, bool(usable - {row.id})) for row in live}


def left_after(rows: Sequence[Certificate], gone: Mapping[int, dt.datetime], *, agency: bool) -> Stopping:
    """What is left now that one of these was stopped."""
    here = current()
    waiting = certificate_list.waiting(
        here.scope, here.uow.session, person_id=None if agency else here.person.person_id
    )
    return Stopping(waiting, any(_usable(row, gone, here.now) for row in rows))


def _usable(row: Certificate, gone: Mapping[int, dt.datetime], now: dt.datetime) -> bool:
    return row.status == "confirmed" and row.not_before <= now < row.not_after and row.id not in gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One enrolment that waits for its second person. `refused`: why its key may not be confirmed, in words."""

    shown: dict[str, Any]
    owner: str
    look: Look
    past: list[tuple[str, str, bool]]
    places: str
    refused: str


def card(row: Certificate, owner: str, revoked: dt.datetime | None) -> Card:
    """What the second person looks at."""
    here = current()
    found = look(here.uow, here.actor, here.figures_scope, row, owner=owner, now=here.now)
    refused = explain(Refused(found.refused)) if found.refused else None
    return Card(
        shown=shown(row, revoked), owner=owner, look=found,
        past=[(*_past(one), one.notable) for one in found.past], places=places_words(found.places),
        refused=f"{refused.title} {refused.next}" if refused else "",
    )  # fmt: skip


def _past(one: Past) -> tuple[str, str]:
    """(whose, as what, since when; how it ended and why)."""
    outside = _("somebody outside the agencies you look after")
    whose = _("the same owner") if one.same_owner else one.owner or outside
    place = _(HOLDERS.get(one.of.place, one.of.place))
    since = _("%(whose)s · %(place)s · enrolled on %(day)s", whose=whose, place=place,
              day=format.day(one.of.enrolled_at))  # fmt: skip
    end = _(STATUSES[one.of.status][0])
    if one.of.ended_at is not None:
        end = _("stopped on %(day)s", day=format.day(one.of.ended_at))
        end += f": {stop_words(one.of.why) or _('nobody wrote down why')}"
    if one.of.revoked:
        end += f" · {_('revoked')}"
    return since, end


def place_of(row: Certificate, *, paper: str, remote: str) -> str:
    """The answer to where the key lies that a certificate came by."""
    holder = KeyHolder(row.holder)
    if holder in {KeyHolder.MOBILE_PKI, KeyHolder.REMOTE_CSC, KeyHolder.REMOTE_REST}:
        return remote
    return paper if holder is KeyHolder.UPLOADED else str(holder)


def may_decide() -> bool:
    """Whether whoever looks at the list is its second person, or only reads it."""
    return current().may(Permission.CONFIRM_CERTIFICATE)
