"""Queries for outgoing documents. Every one for people's work takes a `Scope` first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.document_list import LISTED
from workflow.store.document_list import PAGE as PAGE
from workflow.store.document_list import SORTS as SORTS
from workflow.store.document_list import Filter as Filter
from workflow.store.document_list import count as count
from workflow.store.document_list import page as page
from workflow.store.locking import locked, under_lock
from workflow.store.models import (
    Blob,
    Certificate,
    CoSigner,
    FileVersion,
    History,
    Journal,
    Look,
    Outgoing,
    Person,
    PlannedBox,
    Signature,
    VerdictRow,
)
from workflow.store.prepared import Prepared


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition that a scope puts on documents; false where the scope is empty."""
    reach: list[ColumnElement[bool]] = []
    if scope.agency_ids:
        reach.append(Outgoing.agency_id.in_(scope.agency_ids))
    if scope.unit_ids:
        reach.append(Outgoing.unit_id.in_(scope.unit_ids))
    if scope.own is not None:
        person, agency = scope.own
        mine = or_(Outgoing.drafter_id == person, Outgoing.signer_id == person, cosigned_by(person))
        reach.append(and_(Outgoing.agency_id == agency, mine))
    if not reach:
        return false()
    whole = reach[0] if len(reach) == 1 else or_(*reach)
    return and_(whole, Outgoing.secret.is_(False)) if scope.no_secrets else whole


def _bound_reach() -> ColumnElement[bool]:
    """`within` of a scope that is given with each question, so that the question is made once."""
    agencies, units = (bindparam(name, expanding=True, type_=BigInteger) for name in ("agencies", "units"))
    agency, person = (bindparam(name, type_=BigInteger) for name in ("own_agency", "own_person"))
    return or_(
        Outgoing.agency_id.in_(agencies),
        Outgoing.unit_id.in_(units),
        and_(
            Outgoing.agency_id == agency,
            or_(Outgoing.drafter_id == person, Outgoing.signer_id == person, cosigned_by(person)),
        ),
    )


def cosigned_by(person: Any) -> ColumnElement[bool]:
    """Documents that name a person among those who sign beside their signer."""
    return Outgoing.id.in_(select(CoSigner.document_id).where(CoSigner.person_id == person))


_ONE = select(Outgoing).where(Outgoing.id == bindparam("document", type_=BigInteger), _bound_reach())
_LOCKED = under_lock(_ONE)
"""Made once: every act begins so."""
_ONE_OPEN = _ONE.where(Outgoing.secret.is_(False))


def _one_of(scope: Scope, document_id: int) -> dict[str, Any]:
    person, agency = scope.own or (None, None)
    return {
        "document": document_id, "agencies": scope.agency_ids, "units": scope.unit_ids, "own_agency": agency,
        "own_person": person,
    }  # fmt: skip


def find(scope: Scope, session: Session, document_id: int) -> Outgoing:
    """The document, or `NotFound`: the same for a foreign one and for none."""
    found = session.scalars(_ONE_OPEN if scope.no_secrets else _ONE, _one_of(scope, document_id)).one_or_none()
    if found is None:
        raise NotFound("document_not_found")
    return found


def lock(scope: Scope, session: Session, document_id: int, *, version: int | None) -> Outgoing:
    """The document under its row lock, checked against the version the actor saw.

    Raises `NotFound`, or `Conflict("stale")` with the present state and version.
    """
    if scope.no_secrets:  # a scope that only reads
        raise NotFound("document_not_found")
    given = _one_of(scope, document_id)
    return locked(session, _LOCKED, lacking="document_not_found", version=version, given=given)


_FILE_NOW = Prepared(
    select(Outgoing.__table__.c.file_sha256).where(
        Outgoing.__table__.c.id == bindparam("document", type_=BigInteger)
    )
)


def bears_file(session: Session, document_id: int) -> bool:
    """Whether there is a file for heavy work to be done on before an act, which finds the document in scope."""
    return any(row[0] is not None for row in _FILE_NOW.rows(session, {"document": document_id}))


def agency_of(session: Session, document_id: int) -> int:
    """Whose document it is; whoever asks has found it already."""
    return session.scalars(select(Outgoing.agency_id).where(Outgoing.id == document_id)).one()


def one(session: Session, document_id: int, *, reason: str) -> Outgoing:
    """A document for a job that only reads; `reason` as below."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    found = session.get(Outgoing, document_id)
    if found is None:
        raise NotFound("document_not_found")
    return found


def for_jobs(session: Session, document_id: int, *, reason: str) -> Outgoing:
    """The only way round a scope, for jobs; `reason` stands in the caller's code for the reader."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    found = session.get(Outgoing, document_id, with_for_update=True)
    if found is None:
        raise NotFound("document_not_found")
    return found


def waiting_for(
    scope: Scope, session: Session, *, role: Role, person_id: int, limit: int = 200
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What lies on one person's desk in one role, the most urgent clock first."""
    query = LISTED.where(within(scope), Outgoing.closed_at.is_(None), _desk(scope, role, person_id))
    return session.execute(query.order_by(Outgoing.step_due_at, Outgoing.id).limit(limit)).all()


def _desk(scope: Scope, role: Role, person_id: int) -> ColumnElement[bool]:
    mine = and_(Outgoing.drafter_id == person_id, Outgoing.state.in_(("draft", "returned")))
    to_sign = and_(Outgoing.signer_id == person_id, Outgoing.state == "awaiting_signature")
    to_sign = or_(and_(to_sign, Outgoing.id.not_in(unsigned_beside())), cosigns_now(person_id))
    if role in {Role.LEADER, Role.DEPUTY}:
        return to_sign
    if role is Role.UNIT_HEAD:
        others = Outgoing.unit_id.in_(scope.unit_ids), Outgoing.drafter_id != person_id
        return or_(and_(Outgoing.state == "in_review", *others), to_sign, mine)
    if role is Role.CLERK:
        states = ("format_check", "signed", "numbered", "sealed")
        return or_(Outgoing.state.in_(states), mine, cosigns_now(person_id))
    if role is Role.DRAFTER:
        return mine
    return false()


def unsigned_beside() -> Select[int]:
    """Documents that wait for somebody who signs before their named signer."""
    return select(CoSigner.document_id).where(~has_signed(CoSigner))


def cosigns_now(person_id: int) -> ColumnElement[bool]:
    """Documents on which it is a person's turn to sign beside the named signer (`domain.cosigning.at_turn`)."""
    before = aliased(CoSigner)
    earlier = exists().where(
        before.document_id == CoSigner.document_id, before.turn < CoSigner.turn, ~has_signed(before)
    )
    mine = select(CoSigner.document_id).where(CoSigner.person_id == person_id, ~has_signed(CoSigner), ~earlier)
    return and_(Outgoing.state == "awaiting_signature", Outgoing.id.in_(mine))


def has_signed(who: Any) -> ColumnElement[bool]:
    """Whether the signature of a row of `CoSigner` stands."""
    return exists().where(
        Signature.document_id == who.document_id, Signature.field == who.field, Signature.withdrawn_at.is_(None)
    )


def history_of(session: Session, document_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every line of a document's history with the names of those who acted, oldest first."""
    query = (
        select(History, Person.full_name)
        .outerjoin(Person, Person.id == History.person_id)
        .where(History.document_id == document_id)
        .order_by(History.ordinal)
    )
    return session.execute(query).all()


def files_of(session: Session, document_id: int) -> Sequence[FileVersion]:
    """Every file a document had, oldest first."""
    query = select(FileVersion).where(FileVersion.document_id == document_id).order_by(FileVersion.ordinal)
    return session.scalars(query).all()


def latest_file(session: Session, document_id: int, kind: str) -> FileVersion | None:
    """The newest file of a kind."""
    query = select(FileVersion).where(FileVersion.document_id == document_id, FileVersion.kind == kind)
    return session.scalars(query.order_by(FileVersion.ordinal.desc()).limit(1)).one_or_none()


def file_of(scope: Scope, session: Session, document_id: int, *, ordinal: int) -> FileVersion:
    """One file of a document in scope, or `NotFound`."""
    query = (
        select(FileVersion)
        .join(Outgoing, Outgoing.id == FileVersion.document_id)
        .where(FileVersion.document_id == document_id, FileVersion.ordinal == ordinal, within(scope))
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("file_not_found")
    return found


def boxes_of(session: Session, document_id: int) -> Sequence[PlannedBox]:
    """The planned fields, in reading order."""
    query = select(PlannedBox).where(PlannedBox.document_id == document_id)
    return session.scalars(query.order_by(PlannedBox.page, PlannedBox.top.desc(), PlannedBox.id)).all()


def signatures_of(session: Session, document_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Signatures with who made them, oldest first; withdrawn ones too."""
    query = (
        select(Signature, Person.full_name)
        .join(Person, Person.id == Signature.person_id)
        .where(Signature.document_id == document_id)
        .order_by(Signature.id)
    )
    return session.execute(query).all()


def verdicts_of(session: Session, document_id: int) -> Sequence[VerdictRow]:
    """Every stored verdict of a document, oldest first."""
    return session.scalars(
        select(VerdictRow).where(VerdictRow.document_id == document_id).order_by(VerdictRow.id)
    ).all()


def live_signature(session: Session, document_id: int, purpose: str) -> Signature | None:
    """The signature that stands in for a purpose, if it was not withdrawn."""
    query = select(Signature).where(
        Signature.document_id == document_id, Signature.purpose == purpose, Signature.withdrawn_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def last_history(session: Session, document_id: int) -> History | None:
    """The newest line: its `to_state` is the document's state."""
    query = select(History).where(History.document_id == document_id).order_by(History.ordinal.desc()).limit(1)
    return session.scalars(query).one_or_none()


def last_to(session: Session, document_id: int, action: str) -> int | None:
    """Who took an action on a document last; the caller holds its lock."""
    query = select(History.person_id).where(History.document_id == document_id, History.action == action)
    return session.scalars(query.order_by(History.ordinal.desc()).limit(1)).first()


def last_move(session: Session, document_id: int) -> History | None:
    """The newest line that changed where a document stands."""
    query = select(History).where(History.document_id == document_id, History.from_state != History.to_state)
    return session.scalars(query.order_by(History.ordinal.desc()).limit(1)).one_or_none()


def next_ordinal(table: type[History] | type[FileVersion], document_id: int) -> Any:
    """The next ordinal of a document's own list, worked out by the INSERT; safe under the document's row lock."""
    top = select(func.coalesce(func.max(table.ordinal), 0) + 1).where(table.document_id == document_id)
    return top.scalar_subquery()


def last_entry(session: Session, subject: str) -> Journal | None:
    """The newest journal entry of a subject."""
    query = select(Journal).where(Journal.subject == subject).order_by(Journal.ordinal.desc()).limit(1)
    return session.scalars(query).one_or_none()


def entries_of(session: Session, subject: str) -> Sequence[Journal]:
    """A subject's whole chain, oldest first."""
    return session.scalars(select(Journal).where(Journal.subject == subject).order_by(Journal.ordinal)).all()


def entries_of_many(session: Session, subjects: Collection[str]) -> Sequence[Journal]:
    """Several whole chains, one after the other."""
    query = select(Journal).where(Journal.subject.in_(sorted(subjects)))
    return session.scalars(query.order_by(Journal.subject, Journal.ordinal)).all()


def told_of(scope: Scope, session: Session, document_id: int, *, tag: str) -> Sequence[str]:
    """The journal's bodies of one tag about a document in scope, oldest first."""
    reached = select(Outgoing.id).where(Outgoing.id == document_id, within(scope)).exists()
    query = select(Journal.body).where(Journal.subject == f"outgoing:{document_id}", Journal.tag == tag, reached)
    return session.scalars(query.order_by(Journal.ordinal)).all()


def looked_before(session: Session, document_id: int, person_id: int, *, day: str) -> bool:
    """Whether this person already opened the document on this day."""
    query = select(Look.id).where(Look.document_id == document_id, Look.person_id == person_id, Look.day == day)
    return session.scalar(query) is not None


def record_look(session: Session, document_id: int, person_id: int, *, day: str, now: dt.datetime) -> None:
    """Note that this person opened the document today: with `seen_at`, the only write that reading may cause."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values = {"document_id": document_id, "person_id": person_id, "day": day, "first_at": now}
    session.execute(insert(Look).values(**values).on_conflict_do_nothing())


def opened_by(session: Session, drafter_id: int, *, once_key: str) -> Outgoing | None:
    """The draft that one form of a drafter opened; a key is unique for a drafter."""
    query = select(Outgoing).where(Outgoing.drafter_id == drafter_id, Outgoing.once_key == once_key)
    return session.scalars(query).one_or_none()


def twin_of(
    session: Session, *, drafter_id: int, type_code: str, subject: str, since: dt.datetime
) -> Outgoing | None:
    """A draft that the same person opened with the same words a moment ago: a form that was sent twice."""
    query = select(Outgoing).where(
        Outgoing.drafter_id == drafter_id,
        Outgoing.type_code == type_code,
        Outgoing.subject == subject,
        Outgoing.created_at >= since,
    )
    return session.scalars(query.order_by(Outgoing.id.desc()).limit(1)).one_or_none()


def uses_of_holder(session: Session, agency_id: int, *, holder: str, since: dt.datetime) -> int:
    """How many signatures one kind of key holder made for an agency since a moment."""
    query = (
        select(func.count())
        .select_from(Signature)
        .join(Outgoing, Outgoing.id == Signature.document_id)
        .where(Outgoing.agency_id == agency_id, Signature.key_holder == holder, Signature.received_at >= since)
    )
    return session.scalar(query) or 0


def receipts_of(session: Session, document_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Signatures that stand: field, when it came, size and hash of the file it made, its certificate's hash."""
    query = (
        select(Signature.field, Signature.received_at, Blob.size, Blob.sha256, Certificate.sha256.label("owner"))
        .join(Blob, Blob.sha256 == Signature.file_sha256)
        .join(Certificate, Certificate.id == Signature.certificate_id)
        .where(Signature.document_id == document_id, Signature.withdrawn_at.is_(None))
        .order_by(Signature.id)
    )
    return session.execute(query).all()
