"""Queries for incoming documents. Every one for people's work takes a `Scope` first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.locking import locked, under_lock
from workflow.store.models import (
    Blob,
    DeadlineRule,
    Explanation,
    Extension,
    Incoming,
    IncomingFile,
    IncomingHistory,
    IncomingPart,
    Intake,
    Outgoing,
    Pause,
    Person,
    Register,
    Reply,
    Unit,
)


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition that a scope puts on incoming documents; false where the scope is empty.

    Whole agencies reach all that arrives there; units and persons what they were given a part of, as long as it was
    not taken back; a person in the agency of the post in which they act.
    """
    reach: list[ColumnElement[bool]] = []
    agencies = tuple(sorted({*scope.agency_ids, *scope.office_of}))
    if agencies:
        reach.append(Incoming.agency_id.in_(agencies))
    taken: list[ColumnElement[bool]] = []
    if scope.unit_ids:
        taken.append(IncomingPart.unit_id.in_(scope.unit_ids))
    if scope.own is not None:
        person, agency = scope.own
        taken.append((IncomingPart.person_id == person) & (IncomingPart.agency_id == agency))
    if taken:
        parts = select(IncomingPart.incoming_id).where(or_(*taken), IncomingPart.state != "ended")
        reach.append(Incoming.id.in_(parts))
    if not reach:
        return false()
    whole = reach[0] if len(reach) == 1 else or_(*reach)
    return and_(whole, Incoming.secret.is_(False)) if scope.no_secrets else whole


def find(scope: Scope, session: Session, incoming_id: int) -> Incoming:
    """The document, or `NotFound`: the same for a foreign one and for none."""
    found = session.scalars(select(Incoming).where(Incoming.id == incoming_id, within(scope))).one_or_none()
    if found is None:
        raise NotFound("incoming_not_found")
    return found


def lock(scope: Scope, session: Session, incoming_id: int, *, version: int | None) -> Incoming:
    """The document under its row lock, checked against the version the actor saw.

    Raises `NotFound`, or `Conflict("stale")` with the present state and version.
    """
    query = select(Incoming).where(Incoming.id == incoming_id, within(scope))
    return locked(session, under_lock(query), lacking="incoming_not_found", version=version)


def for_jobs(session: Session, incoming_id: int, *, reason: str) -> Incoming:
    """The only way round a scope, for jobs and what the sender does; `reason` stands in the caller's code."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    found = session.get(Incoming, incoming_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("incoming_not_found")
    return found


def once(session: Session, agency_id: int, *, once_key: str) -> Incoming | None:
    """The document that one form, delivery or file made in an agency."""
    query = select(Incoming).where(Incoming.agency_id == agency_id, Incoming.once_key == once_key)
    return session.scalars(query).one_or_none()


def follow_verdict(session: Session, intake_id: int, *, conclusion: str, reason: str) -> None:
    """A received file was judged anew: what waits to be registered says so; a register entry stays as it was.

    Without a scope: `reason` stands in the caller's code.
    """
    if not reason:
        raise ValueError("a job says why it writes without a scope")
    papers = select(IncomingFile.incoming_id).where(
        IncomingFile.intake_id == intake_id, IncomingFile.kind == "main"
    )
    waiting = Incoming.id.in_(papers) & Incoming.number.is_(None)
    session.execute(update(Incoming).where(waiting).values(conclusion=conclusion))


def alike(
    scope: Scope, session: Session, *, agency_id: int, symbol_key: str, issued_on: dt.date | None,
    issuer_folded: str, without: int | None = None, limit: int = 5,
) -> Sequence[Incoming]:  # fmt: skip
    """Papers of an agency with the same issuer, number and date, the newest first."""
    query = select(Incoming).where(
        within(scope),
        Incoming.agency_id == agency_id,
        Incoming.symbol_key == symbol_key,
        Incoming.issued_on == issued_on if issued_on else Incoming.issued_on.is_(None),
        Incoming.issuer_folded == issuer_folded,
        Incoming.id != (without or 0),
    )
    return session.scalars(query.order_by(Incoming.id.desc()).limit(limit)).all()


def files_of(session: Session, incoming_id: int) -> Sequence[Row[IncomingFile, Intake | None]]:
    """(file, intake) of a document in the order they came."""
    query = (
        select(IncomingFile, Intake)
        .outerjoin(Intake, Intake.id == IncomingFile.intake_id)
        .where(IncomingFile.incoming_id == incoming_id)
        .order_by(IncomingFile.ordinal)
    )
    return session.execute(query).all()


def files_within(scope: Scope, session: Session, ids: Sequence[int]) -> Sequence[Row[IncomingFile, int]]:
    """(file, bytes) of these documents as far as they are in scope; nobody reads what its sender took back."""
    query = (
        select(IncomingFile, Blob.size)
        .join(Incoming, Incoming.id == IncomingFile.incoming_id)
        .join(Blob, Blob.sha256 == IncomingFile.sha256)
        .where(IncomingFile.incoming_id.in_(ids), Incoming.state != "recalled", within(scope))
    )
    return session.execute(query.order_by(IncomingFile.incoming_id, IncomingFile.ordinal)).all()


def file_of(scope: Scope, session: Session, incoming_id: int, *, ordinal: int) -> IncomingFile:
    """One file of a document in scope, or `NotFound`; nobody reads what its sender took back (Art. 18.4b)."""
    query = (
        select(IncomingFile)
        .join(Incoming, Incoming.id == IncomingFile.incoming_id)
        .where(
            IncomingFile.incoming_id == incoming_id,
            IncomingFile.ordinal == ordinal,
            Incoming.state != "recalled",
            within(scope),
        )
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("file_not_found")
    return found


def next_ordinal(session: Session, table: type[IncomingHistory] | type[IncomingFile], incoming_id: int) -> int:
    """The next ordinal of a document's own list; safe under the document's row lock."""
    return (session.scalar(select(func.max(table.ordinal)).where(table.incoming_id == incoming_id)) or 0) + 1


def history_of(session: Session, incoming_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every line of a document's history with the names of those who acted, oldest first."""
    query = (
        select(IncomingHistory, Person.full_name)
        .outerjoin(Person, Person.id == IncomingHistory.person_id)
        .where(IncomingHistory.incoming_id == incoming_id)
        .order_by(IncomingHistory.ordinal)
    )
    return session.execute(query).all()


def last_history(session: Session, incoming_id: int) -> IncomingHistory | None:
    """The newest line: its `to_state` is the document's state."""
    query = select(IncomingHistory).where(IncomingHistory.incoming_id == incoming_id)
    return session.scalars(query.order_by(IncomingHistory.ordinal.desc()).limit(1)).one_or_none()


def live_parts(session: Session, incoming_id: int) -> Sequence[IncomingPart]:
    """Recipients that stand, the lead first."""
    query = select(IncomingPart).where(IncomingPart.incoming_id == incoming_id, IncomingPart.state != "ended")
    return session.scalars(query.order_by(IncomingPart.part != "lead", IncomingPart.part, IncomingPart.id)).all()


def parts_of(session: Session, incoming_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(part, unit's name, person's name) of every recipient there ever was, in the order they were given."""
    person = aliased(Person)
    query = (
        select(IncomingPart, Unit.name.label("unit"), person.full_name.label("person"))
        .join(Unit, Unit.id == IncomingPart.unit_id)
        .outerjoin(person, person.id == IncomingPart.person_id)
        .where(IncomingPart.incoming_id == incoming_id)
        .order_by(IncomingPart.id)
    )
    return session.execute(query).all()


def open_pause(session: Session, incoming_id: int) -> Pause | None:
    """The pause that a document is in."""
    query = select(Pause).where(Pause.incoming_id == incoming_id, Pause.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def pauses_of(session: Session, incoming_id: int) -> Sequence[Pause]:
    """Every time the clock stood still, oldest first."""
    return session.scalars(select(Pause).where(Pause.incoming_id == incoming_id).order_by(Pause.id)).all()


def asked_extension(session: Session, incoming_id: int) -> Extension | None:
    """The extension that waits for a decision."""
    query = select(Extension).where(Extension.incoming_id == incoming_id, Extension.state == "asked")
    return session.scalars(query).one_or_none()


def explanation_states(session: Session, incoming_id: int) -> Sequence[Row[int, str]]:
    """(person, state) of every explanation demanded for a document."""
    query = select(Explanation.person_id, Explanation.state).where(Explanation.incoming_id == incoming_id)
    return session.execute(query).all()


def replies_of(session: Session, incoming_id: int) -> Sequence[Reply]:
    """Outgoing documents linked as answers or apologies."""
    return session.scalars(select(Reply).where(Reply.incoming_id == incoming_id).order_by(Reply.id)).all()


def arrival_register(session: Session, agency_id: int, *, secret: bool) -> Register | None:
    """The register in which an agency enters what arrives."""
    query = select(Register).where(
        Register.agency_id == agency_id,
        Register.direction == "in",
        Register.active.is_(True),
        Register.secret.is_(secret),
    )
    return session.scalars(query.order_by(Register.id).limit(1)).one_or_none()


def apology_of(session: Session, incoming_id: int) -> int | None:
    """The letter of apology that was drafted for a document and not cancelled."""
    query = (
        select(Reply.outgoing_id)
        .join(Outgoing, Outgoing.id == Reply.outgoing_id)
        .where(Reply.incoming_id == incoming_id, Reply.kind == "apology", Outgoing.state != "cancelled")
        .order_by(Reply.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def every_rule(session: Session, agency_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(rule, unit's name) of all terms an agency ever kept, those in force first."""
    query = (
        select(DeadlineRule, Unit.name.label("unit"))
        .outerjoin(Unit, Unit.id == DeadlineRule.unit_id)
        .where(DeadlineRule.agency_id == agency_id)
        .order_by(DeadlineRule.active.desc(), DeadlineRule.id)
    )
    return session.execute(query).all()


def rule_of(session: Session, agency_id: int, rule_id: int) -> DeadlineRule:
    """One of an agency's own terms, or `NotFound`."""
    query = select(DeadlineRule).where(DeadlineRule.agency_id == agency_id, DeadlineRule.id == rule_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("rule_not_found")
    return found


def deadline_rules(session: Session, agency_id: int) -> Sequence[DeadlineRule]:
    """An agency's own terms that hold now."""
    query = select(DeadlineRule).where(DeadlineRule.agency_id == agency_id, DeadlineRule.active.is_(True))
    return session.scalars(query.order_by(DeadlineRule.id)).all()
