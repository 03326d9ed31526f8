"""Revocation evidence asked for by the clock: what is due, what came, and whom to tell when it runs out.

Asking is `signing.fetch`'s, outside of every transaction. What came passes through the same door as a list from a
file, and beside that must be newer than what is here.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import signing
from signing.errors import FetchRefused
from signing.fetch import ContentKind, FetchSettings, fetch
from signing.fetch.content import ocsp_question
from workflow.domain.evidence import GOOD, SKEW, UNCHANGED, Came, Standing, again_at, refresh_at, standing
from workflow.domain.notices import Kind, Told
from workflow.domain.people import SYSTEM_ACTOR, Role
from workflow.services import outbox
from workflow.services.evidence_places import Place, named
from workflow.services.journal import local_day
from workflow.services.signing import trust
from workflow.services.trust_evidence import Ageing, Authority, Issuer, ageing
from workflow.store import evidence as store
from workflow.store import office
from workflow.store.models import EvidencePlace, EvidenceWatch
from workflow.store.session import UnitOfWork

PAGE = "/admin/trust#lists-title"
KINDS = {
    Standing.SOON: Kind.EVIDENCE_ENDS,
    Standing.STOPPED: Kind.EVIDENCE_STOPPED,
    Standing.FINE: Kind.EVIDENCE_BACK,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: one DER, or the reason why nothing."""

    der: bytes = b""
    reason: str = ""


def due(uow: UnitOfWork, settings: FetchSettings, *, now: dt.datetime) -> list[Place]:
    """Bring the list of addresses up to date and answer with those whose time has come, longest due first. One
    whose host is not listed is kept and shown, and never asked."""
    silent = [one.issuer for one in ageing(uow, now=now).authorities if one.lists_wait]
    found = {one.key: one for one in named(uow, settings, silent=silent, now=now)}
    rows = uow.compute(_never_asked, found, now)
    uow.begin_write()
    store.keep_places(uow.session, rows)
    waiting = [row for row in store.places(uow.session) if row.next_at <= now]
    waiting.sort(key=lambda row: (row.next_at, row.key))
    return [found[row.key] for row in waiting if settings.lists(found[row.key].host)]


def _never_asked(found: Mapping[str, Place], now: dt.datetime) -> dict[str, EvidencePlace]:
    return {key: one.row(now) for key, one in found.items()}


def ask(place: Place, settings: FetchSettings, *, at: dt.datetime) -> Answer:
    """Over the network; touches no database."""
    try:
        question = ocsp_question(place.subject, place.issuer) if place.subject else None
        found = fetch(place.url, place.kind, settings=settings, at=at, question=question)
    except FetchRefused as error:
        return Answer(reason=str(error.code))
    return Answer(found.items[0])


def take(uow: UnitOfWork, place: Place, answer: Answer, *, asked_at: dt.datetime, now: dt.datetime) -> str:
    """Keep what came, and note when to ask again; one unit of work an address. Answers with what became of it.

    What came is judged as of `now`; the next time is counted from the turn that asked (`asked_at`), or the turn an
    hour later would be some seconds too early.
    """
    policy = trust.policy(uow)
    came, published, following = _take(uow, place, answer, now=now)
    uow.begin_write()
    row = store.place(uow.session, place.key)
    if row is None:  # nothing names it any more
        return came
    row.tried_at, row.result = now, came
    if came not in GOOD:
        row.failures += 1
        row.next_at = again_at(asked_at, row.failures)
    else:
        row.failures, row.fetched_at = 0, now
        wanted = refresh_at(published, following, policy.max_answer_age) if published is not None else asked_at
        row.next_at = max(wanted, asked_at + UNCHANGED)
    uow.flush()
    return came


Taken = tuple[str, dt.datetime | None, dt.datetime | None]
"""(what became of it, when it was published, when its successor is due)."""


def _take(uow: UnitOfWork, place: Place, answer: Answer, *, now: dt.datetime) -> Taken:
    if answer.reason:
        return answer.reason, None, None
    return _take_list(uow, place, answer.der, now) if place.kind is ContentKind.CRL else _take_answer(
        uow, place, answer.der, now
    )  # fmt: skip


def _take_list(uow: UnitOfWork, place: Place, der: bytes, now: dt.datetime) -> Taken:
    try:
        facts = uow.compute(signing.parse_crl, der, place.issuer)
    except signing.SignatureRefused:
        return Came.WRONG_ISSUER, None, None
    except signing.SigningError:
        return Came.UNREADABLE, None, None
    newest = store.newest_of_series(uow.session, trust.series_of(facts))
    came = _compared(facts.this_update, facts.next_update, newest, now)
    if came is Came.NEW or (came is Came.OVERDUE and (newest is None or facts.this_update > newest)):
        source = f"{place.url}"[:200]
        trust.import_crl(uow, SYSTEM_ACTOR, der=der, issuer=place.issuer, source=source, now=now)
    return came, facts.this_update, facts.next_update


def _take_answer(uow: UnitOfWork, place: Place, der: bytes, now: dt.datetime) -> Taken:
    try:
        facts = uow.compute(signing.parse_ocsp, der, certificate=place.subject, issuer=place.issuer)
    except signing.SignatureRefused as error:
        return (Came.WRONG_SUBJECT if error.code == "ocsp_subject" else Came.WRONG_ISSUER), None, None
    except signing.SigningError:
        return Came.UNREADABLE, None, None
    if facts.status == "unknown":
        return Came.UNKNOWN, None, None
    about = uow.compute(signing.inspect_certificate, place.subject).sha256
    newest = store.newest_about(uow.session, about)
    came = _compared(facts.this_update, facts.next_update, newest, now)
    if came is Came.NEW:
        trust.import_answer(uow, SYSTEM_ACTOR, der=der, certificate=place.subject, issuer=place.issuer,
                            source=place.url[:200], now=now)  # fmt: skip
    return came, facts.this_update, facts.next_update


def _compared(
    published: dt.datetime, following: dt.datetime | None, newest: dt.datetime | None, now: dt.datetime
) -> Came:
    """One from the future would hide every true one until then; an older one, what was revoked since."""
    if published > now + SKEW:
        return Came.FUTURE
    if newest is not None and published < newest:
        return Came.OLDER
    if following is not None and following < now:
        return Came.OVERDUE
    return Came.UNCHANGED if published == newest else Came.NEW


def watch(uow: UnitOfWork, found: Ageing, *, now: dt.datetime) -> int:
    """Tell the administrators of the top agency about each authority whose evidence stands otherwise than when they
    were last told; how many messages that makes."""
    uow.begin_write()
    failing = _failing(store.places(uow.session), found)
    known = store.watches(uow.session)
    top = office.top_agency(uow.session, on=local_day(now))
    admins = office.holders(uow.session, role=Role.ADMIN, on=local_day(now), agency_id=top) if top else ()
    people = sorted({post.person_id for post in admins})
    told = 0
    for one in found.authorities:
        stands = standing(waits=one.waits, ends=one.ends, failing=one.issuer in failing, now=now)
        if _changed(uow, known, one, stands, now=now):
            told += sum(outbox.queue(uow, _note(one, stands, person, now=now), now=now) for person in people)
    uow.flush()
    store.unwatch(uow.session, known.keys() - {one.issuer for one in found.authorities})
    return told


def _changed(
    uow: UnitOfWork, known: Mapping[Issuer, EvidenceWatch], one: Authority, stands: Standing, *, now: dt.datetime
) -> bool:
    row = known.get(one.issuer)
    if row is None:
        name, key = one.issuer
        uow.add(EvidenceWatch(issuer_name=name, issuer_key_id=key, standing=str(stands), since=now))
        return stands is not Standing.FINE
    if row.standing == stands:
        return False
    row.standing, row.since = str(stands), now
    return True


def _failing(places: Iterable[EvidencePlace], found: Ageing) -> set[Issuer]:
    """Authorities of whose addresses none gave something good when it was last asked; also those without any."""
    good: Counter[Issuer] = Counter()
    for row in places:
        good[row.issuer_name, row.issuer_key_id] += row.fetched_at is not None and not row.failures
    return {one.issuer for one in found.authorities if not good[one.issuer]}


def _note(one: Authority, stands: Standing, person_id: int, *, now: dt.datetime) -> outbox.Note:
    facts: dict[str, object] = {"authority": one.name}
    if stands is not Standing.FINE:
        facts["stamps"] = one.stamps
    if stands is Standing.SOON:
        facts["until"] = one.ends
    elif stands is Standing.STOPPED:
        facts["count"] = one.certificates
    cause = f"evidence:{one.key_id[:16]}:{stands}:{now.isoformat()}:{person_id}:{one.name}"
    return outbox.Note(cause=cause, person_id=person_id, link=PAGE, what=Told.of(KINDS[stands], **facts))
