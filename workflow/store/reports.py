"""Stored reports, and the stock they are made of: documents open at a moment, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, Select, case, cast, func, or_, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.outgoing import Action
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.documents import PAGE, within
from workflow.store.incoming import within as within_incoming
from workflow.store.models import History, Incoming, Journal, Outgoing, PostRow, Report, Unit
from workflow.store.report_names import PIECE

_STOCK = (
    Outgoing.id,
    Outgoing.agency_id,
    Outgoing.unit_id,
    Outgoing.drafter_id,
    Outgoing.state,
    Outgoing.signer_id,
    Outgoing.state_since,
    Outgoing.step_due_at,
    Outgoing.due_at,
    Outgoing.signed_at,
    Outgoing.urgency,
    Outgoing.secret,
)
_TERMS_TAGS = tuple(f"document:outgoing:{act}" for act in (Action.CREATE, Action.REVISE, Action.RECORD_INK))


_PREFIX = "outgoing:"


def _moved(cut_off: dt.datetime) -> Select[str]:
    """Subjects of documents that anything happened to after the cut-off, found by the journal's dates."""
    return select(Journal.subject).where(Journal.at > cut_off, Journal.subject.startswith(_PREFIX)).distinct()


def moved_keys(cut_off: dt.datetime) -> Select[int]:
    """The same as keys of documents."""
    key = cast(func.substr(Journal.subject, len(_PREFIX) + 1), BigInteger)
    return select(key).where(Journal.at > cut_off, Journal.subject.startswith(_PREFIX)).distinct()


def open_now(session: Session, *, reason: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every open document of the whole installation, for a job. `reason` stands in the caller's code."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    return session.execute(select(*_STOCK).where(Outgoing.closed_at.is_(None))).all()


def moved_since(session: Session, cut_off: dt.datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of documents that were there at the cut-off and moved after it, open or closed by now."""
    query = select(*_STOCK).where(Outgoing.id.in_(moved_keys(cut_off)), Outgoing.created_at <= cut_off)
    return session.execute(query).all()


def moves_until(session: Session, cut_off: dt.datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Their history up to the cut-off, oldest first: (document, at, action, from, to)."""
    query = (
        select(History.document_id, History.at, History.action, History.from_state, History.to_state)
        .where(History.document_id.in_(moved_keys(cut_off)), History.at <= cut_off)
        .order_by(History.document_id, History.ordinal)
    )
    return session.execute(query).all()


def terms_until(session: Session, cut_off: dt.datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """What their journal said until then of signer, due moment and urgency: (subject, body), oldest first."""
    query = (
        select(Journal.subject, Journal.body)
        .where(Journal.subject.in_(_moved(cut_off)), Journal.at <= cut_off, Journal.tag.in_(_TERMS_TAGS))
        .order_by(Journal.subject, Journal.ordinal)
    )
    return session.execute(query).all()


def units_on(session: Session, day: dt.date) -> Sequence[Unit]:
    """Every unit that exists on a day."""
    query = select(Unit).where(Unit.valid_from <= day, or_(Unit.valid_to.is_(None), Unit.valid_to >= day))
    return session.scalars(query.order_by(Unit.id)).all()


def heads_on(session: Session, day: dt.date) -> Sequence[Row[*tuple[Any, ...]]]:
    """(unit, person) for whoever heads a unit on a day: leaders and unit heads. A unit's report cannot be muted."""
    query = (
        select(PostRow.unit_id, PostRow.person_id, PostRow.role, PostRow.agency_id)
        .where(
            PostRow.role.in_((str(Role.LEADER), str(Role.UNIT_HEAD))),
            PostRow.valid_from <= day,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
        )
        .order_by(PostRow.id)
    )
    return session.execute(query).all()


def find(scope: Scope, session: Session, report_id: int) -> Report:
    """A stored report of a unit in scope, or `NotFound`."""
    query = select(Report).where(Report.id == report_id, Report.agency_id.in_(scope.agency_ids))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("report_not_found")
    return found


def stored(session: Session, unit_id: int, period: str, *, reason: str) -> Report | None:
    """A unit's report of a period, for a job. `reason` stands in the caller's code."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    query = select(Report).where(Report.kind == "unsigned", Report.unit_id == unit_id, Report.period == period)
    return session.scalars(query).one_or_none()


def latest_of_each(scope: Scope, session: Session, kind: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest report of every unit in scope: (report, unit's name, kind of unit)."""
    newest = (
        select(Report.unit_id, func.max(Report.period).label("period"))
        .where(Report.kind == kind, Report.agency_id.in_(scope.agency_ids))
        .group_by(Report.unit_id)
        .subquery()
    )
    query = (
        select(Report, Unit.name, Unit.kind)
        .join(newest, (newest.c.unit_id == Report.unit_id) & (newest.c.period == Report.period))
        .join(Unit, Unit.id == Report.unit_id)
        .where(Report.kind == kind)
    )
    return session.execute(query.order_by(Report.agency_id, Unit.kind, Unit.id)).all()


def of_unit(
    scope: Scope, session: Session, unit_id: int, *, kind: str, limit: int = PAGE, before: str = "",
    since: dt.datetime | None = None, until: dt.datetime | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """A unit's reports, the latest first, with their totals (`arrivals`: None in an old one). `before`: older than
    this period; `since` and `until`: with a cut-off between two moments."""
    body = Report.body
    query = select(
        Report.id,
        Report.period,
        Report.cut_off,
        Report.digest,
        body["unsigned"]["total"].as_integer().label("unsigned"),
        body["overdue"]["total"].as_integer().label("overdue"),
        body["incoming"]["overdue"]["total"].as_integer().label("arrivals"),
    ).where(Report.unit_id == unit_id, Report.kind == kind, Report.agency_id.in_(scope.agency_ids))
    if before:
        query = query.where(Report.period < before)
    if since is not None:
        query = query.where(Report.cut_off >= since)
    if until is not None:
        query = query.where(Report.cut_off < until)
    return session.execute(query.order_by(Report.period.desc()).limit(limit)).all()


def latest(scope: Scope, session: Session, unit_id: int, *, kind: str, period: str = "") -> Report:
    """A unit's newest report, or that of a period; `NotFound` for a foreign unit as for one without."""
    query = select(Report).where(
        Report.unit_id == unit_id, Report.kind == kind, Report.agency_id.in_(scope.agency_ids)
    )
    if period:
        query = query.where(Report.period == period)
    found = session.scalars(query.order_by(Report.period.desc()).limit(1)).first()
    if found is None:
        raise NotFound("report_not_found")
    return found


def unit_named(session: Session, unit_id: int) -> str:
    """A unit's name."""
    return session.scalars(select(Unit.name).where(Unit.id == unit_id)).one()


def arrivals_in(reader: Scope, session: Session, keys: Collection[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """The same of incoming documents."""
    readable = within_incoming(reader)
    query = select(
        Incoming.id,
        Incoming.number,
        Incoming.year,
        Incoming.symbol,
        case((readable, Incoming.subject), else_="").label("subject"),
        case((readable, 1), else_=0).label("readable"),
    ).where(Incoming.id.in_(sorted(keys)))
    return {row.id: row for row in session.execute(query)}


def opens_all(reader: Scope, session: Session, *, outgoing: Collection[int], incoming: Collection[int]) -> bool:
    """Whether a reader may open every one of these documents, in pieces that every database takes."""
    for table, reach, keys in (
        (Outgoing, within(reader), sorted(outgoing)), (Incoming, within_incoming(reader), sorted(incoming)),
    ):  # fmt: skip
        for start in range(0, len(keys), PIECE):
            piece = keys[start : start + PIECE]
            query = select(func.count()).select_from(table).where(table.id.in_(piece), reach)
            if session.scalar(query) != len(piece):
                return False
    return True


def documents_in(reader: Scope, session: Session, keys: Collection[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """What a list shows of documents named in a report; the subject only where the reader may open them."""
    readable = within(reader)
    query = select(
        Outgoing.id,
        Outgoing.code,
        Outgoing.symbol,
        Outgoing.type_code,
        Outgoing.state,
        case((readable, Outgoing.subject), else_="").label("subject"),
        case((readable, 1), else_=0).label("readable"),
    ).where(Outgoing.id.in_(sorted(keys)))
    return {row.id: row for row in session.execute(query)}
