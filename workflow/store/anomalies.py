"""The rows that signs of irregularity are found in, by ranges of indexes; as many queries for one as for all.

Nothing here judges: `domain.anomalies` does. Secret papers have no signs, as who reads the lists need not know of
them; nothing of theirs is signed here (a constraint), so that the rows of signatures need no condition for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.outgoing import Medium
from workflow.domain.permissions import Scope
from workflow.store.models import (
    AbsenceEnd,
    AbsenceRow,
    AnomalyRemark,
    DeviceDay,
    Extension,
    FileVersion,
    Incoming,
    IncomingHistory,
    Look,
    Outgoing,
    Person,
    PostRow,
    Reply,
    Signature,
    SigningSession,
    Unit,
)

Rows = Sequence[Row[*tuple[Any, ...]]]
INK = str(Medium.INK)
ANSWERED = "answered"


def signed(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """Leaders' signatures of acts begun in a span: with the act's browser, the paper's pages, and when its signer
    had first opened it."""
    opened = (
        select(func.min(Look.first_at))
        .where(
            Look.document_id == Signature.document_id, Look.person_id == Signature.person_id,
            Look.first_at <= Signature.received_at,
        )
        .correlate(Signature)
        .scalar_subquery()
    )  # fmt: skip
    act = SigningSession
    query = (
        select(
            Signature.id, Outgoing.agency_id, Signature.document_id, Signature.person_id, Signature.received_at,
            Outgoing.pages, act.device_hash, opened.label("opened"), Outgoing.created_at,
        )
        .select_from(PostRow)
        .join(act, and_(act.person_id == PostRow.person_id, act.post_id == PostRow.id))
        .join(Signature, Signature.act_id == act.id)
        .join(Outgoing, Outgoing.id == Signature.document_id)
        .where(
            PostRow.agency_id.in_(scope.agency_ids), Outgoing.agency_id.in_(scope.agency_ids),
            act.created_at >= start, act.created_at < end, Signature.purpose == "leader",
            Signature.withdrawn_at.is_(None),
        )
        .order_by(Signature.id)
    )  # fmt: skip
    return session.execute(query).all()


def on_older_papers(
    scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime, before: dt.datetime
) -> int:
    """How many of the signatures of `signed` are on papers made before a moment."""
    query = (
        select(func.count(Signature.id))
        .select_from(SigningSession)
        .join(Signature, Signature.act_id == SigningSession.id)
        .join(Outgoing, Outgoing.id == Signature.document_id)
        .where(
            Outgoing.agency_id.in_(scope.agency_ids), SigningSession.created_at >= start,
            SigningSession.created_at < end, Signature.purpose == "leader", Signature.withdrawn_at.is_(None),
            Outgoing.created_at < before,
        )
    )  # fmt: skip
    return session.scalar(query) or 0


def logins_on(session: Session, devices: Collection[str], *, first: dt.date, last: dt.date) -> Rows:
    """(device, person, day) of who logged in on some devices, which the caller found within a scope."""
    query = select(DeviceDay.device_hash, DeviceDay.person_id, DeviceDay.day).where(
        DeviceDay.device_hash.in_(sorted(devices)), DeviceDay.day >= first, DeviceDay.day <= last
    )
    return session.execute(query).all()


def closed(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """Incoming documents with a term that ended without a reply."""
    replied = exists().where(Reply.incoming_id == Incoming.id, Reply.kind == "answer")
    closer = (
        select(IncomingHistory.person_id)
        .where(IncomingHistory.incoming_id == Incoming.id, IncomingHistory.to_state == "done")
        .order_by(IncomingHistory.ordinal.desc())
        .limit(1)
        .correlate(Incoming)
        .scalar_subquery()
    )
    query = select(
        Incoming.id, Incoming.agency_id, Incoming.done_at, Incoming.due_at, Incoming.result, closer.label("closer")
    ).where(
        Incoming.agency_id.in_(scope.agency_ids), Incoming.done_at >= start, Incoming.done_at < end,
        Incoming.due_at.is_not(None), Incoming.due_at >= Incoming.done_at, Incoming.result != ANSWERED, ~replied,
        Incoming.secret.is_(False),
    )  # fmt: skip
    return session.execute(query).all()


def extended_late(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """Requests for more time, made in a span, that were asked or granted after the moment that they move."""
    row = Extension
    granted = and_(row.state == "granted", row.decided_at > row.due_before)
    query = (
        select(
            row.id, row.incoming_id, Incoming.agency_id, row.due_before, row.asked_at, row.state, row.decided_at,
            row.asked_by_id, row.decided_by_id,
        )
        .join(Incoming, Incoming.id == row.incoming_id)
        .where(
            row.asked_at >= start, row.asked_at < end, row.state.in_(("asked", "granted")),
            or_(row.asked_at > row.due_before, granted), Incoming.agency_id.in_(scope.agency_ids),
            Incoming.secret.is_(False),
        )
    )  # fmt: skip
    return session.execute(query).all()


def registered(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """When arrivals that were registered in a span had come."""
    query = select(
        Incoming.id, Incoming.agency_id, Incoming.arrived_at, Incoming.registered_at, Incoming.registered_by_id
    ).where(
        Incoming.agency_id.in_(scope.agency_ids), Incoming.registered_at >= start, Incoming.registered_at < end,
        Incoming.number.is_not(None), Incoming.registered_at > Incoming.arrived_at,
        Incoming.secret.is_(False),
    )  # fmt: skip
    return session.execute(query).all()


def exemptions(session: Session, *, start: dt.datetime, end: dt.datetime, reason: str) -> Rows:
    """(agency, exempt, issued) of every agency: a norm of the province is made of all; no row leaves the service
    but those of the reader's own scope."""
    if not reason:
        raise ValueError("say why every agency is read")
    agencies = select(Unit.id).where(Unit.kind == "agency")
    query = (
        select(Outgoing.agency_id, func.count(Outgoing.exempt_by_id).label("exempt"), func.count().label("whole"))
        .where(
            Outgoing.agency_id.in_(agencies), Outgoing.issued_at >= start, Outgoing.issued_at < end,
            Outgoing.secret.is_(False),
        )
        .group_by(Outgoing.agency_id)
    )  # fmt: skip
    return session.execute(query).all()


def doubtful(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """Issued papers that are exempt, or that bear a seal and no leader's signature that passed.

    Of ink: where day or scan is missing, or the signer had left their desk on that day (`away`; `back`: when they
    came back earlier).
    """
    leader, seal = aliased(Signature), aliased(Signature)
    scanned = exists().where(FileVersion.document_id == Outgoing.id, FileVersion.kind == "scan")
    away, back = AbsenceRow, AbsenceEnd
    stands = Outgoing.leader_verdict == "passed", leader.id.is_not(None)
    ink = or_(Outgoing.signed_on.is_(None), ~scanned, away.id.is_not(None))
    doubt = or_(and_(Outgoing.medium == INK, ink), and_(Outgoing.medium != INK, ~and_(*stands)))
    query = (
        select(
            Outgoing.id, Outgoing.agency_id, Outgoing.issued_at, Outgoing.exempt_by_id, Outgoing.medium,
            Outgoing.signer_id, seal.person_id.label("sealer"), Outgoing.leader_verdict,
            leader.id.label("signature"), Outgoing.signed_on, scanned.label("scanned"), away.id.label("away"),
            back.at.label("back"),
        )
        .outerjoin(leader, _live(leader, "leader"))
        .outerjoin(seal, _live(seal, "seal"))
        .outerjoin(
            away,
            and_(
                Outgoing.medium == INK, away.post_id == Outgoing.signer_post_id,
                away.first_day <= Outgoing.signed_on, away.last_day >= Outgoing.signed_on,
            ),
        )
        .outerjoin(back, back.absence_id == away.id)
        .where(
            Outgoing.agency_id.in_(scope.agency_ids), Outgoing.issued_at >= start, Outgoing.issued_at < end,
            Outgoing.secret.is_(False), or_(Outgoing.exempt_by_id.is_not(None), and_(seal.id.is_not(None), doubt)),
        )
    )  # fmt: skip
    return session.execute(query).all()


def _live(row: Any, purpose: str) -> Any:
    return and_(row.document_id == Outgoing.id, row.field == purpose, row.withdrawn_at.is_(None))


def remarks(scope: Scope, session: Session, *, since: dt.datetime) -> Rows:
    """What was said about signs of these agencies since a moment, oldest first, with who said it."""
    row = AnomalyRemark
    query = (
        select(row.id, row.agency_id, row.sign, row.item, row.kind, row.words, row.at, Person.full_name)
        .join(Person, Person.id == row.person_id)
        .where(row.agency_id.in_(scope.agency_ids), row.at >= since)
        .order_by(row.id)
    )
    return session.execute(query).all()


def said_by(session: Session, agency_id: int, sign: str, item: int, *, person_id: int) -> int:
    """How often somebody said something about a sign that the caller has found."""
    row = AnomalyRemark
    query = select(func.count()).where(
        row.agency_id == agency_id, row.sign == sign, row.item == item, row.person_id == person_id
    )
    return session.scalar(query) or 0


def agencies_of(session: Session, person_id: int) -> tuple[int, ...]:
    """Where somebody holds or held a post: what is said about them is theirs to see."""
    return tuple(sorted(set(session.scalars(select(PostRow.agency_id).where(PostRow.person_id == person_id)))))
