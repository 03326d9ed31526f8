"""Counting issued documents by outcome, and the lists behind the counts.

The outcome of a document is defined in `workflow.domain.rates.outcome`; the CASE here says the same in SQL, and a
test compares the two over every combination of facts. All figures come from one grouped query over the range
index (agency, issued), so the number of queries does not grow with documents, units or people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Case, ColumnElement, Row, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from workflow.domain.permissions import Scope
from workflow.domain.rates import Basis, Check, Outcome
from workflow.store.documents import PAGE, within
from workflow.store.models import Outgoing, Person, Unit

_CHECKS = {
    Basis.BOTH: (Outgoing.leader_verdict, Outgoing.seal_verdict),
    Basis.LEADER: (Outgoing.leader_verdict,),
    Basis.SEAL: (Outgoing.seal_verdict,),
}


def outcome(basis: Basis) -> Case[str]:
    """`domain.rates.outcome` in SQL. A word that is no verdict never counts as signed."""
    checks = _CHECKS[basis]
    return case(
        (Outgoing.secret, str(Outcome.SECRET)),
        (Outgoing.exempt_by_id.is_not(None), str(Outcome.EXEMPT)),
        (Outgoing.medium == "ink", str(Outcome.INK)),
        (or_(*(check == str(Check.FAILED) for check in checks)), str(Outcome.FAILED)),
        (or_(*(check == str(Check.INDETERMINATE) for check in checks)), str(Outcome.INDETERMINATE)),
        (and_(*(check == str(Check.PASSED) for check in checks)), str(Outcome.SIGNED)),
        else_=str(Outcome.INCOMPLETE),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """So many issued documents of a unit and a signer with the same outcomes."""

    agency_id: int
    unit_id: int
    signer_id: int
    both: Outcome
    leader: Outcome
    seal: Outcome
    documents: int

    def outcome(self, basis: Basis) -> Outcome:
        """The outcome under one basis."""
        return {Basis.BOTH: self.both, Basis.LEADER: self.leader, Basis.SEAL: self.seal}[basis]


def _issued(scope: Scope, start: dt.datetime, end: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return within(scope), Outgoing.issued_at >= start, Outgoing.issued_at < end


def tally(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> list[Tally]:
    """Everything issued from `start` until just before `end`, grouped. One query."""
    facts = (
        select(
            Outgoing.agency_id,
            Outgoing.unit_id,
            Outgoing.signer_id,
            outcome(Basis.BOTH).label("both_outcome"),
            outcome(Basis.LEADER).label("leader_outcome"),
            outcome(Basis.SEAL).label("seal_outcome"),
        )
        .where(*_issued(scope, start, end))
        .subquery()
    )
    query = select(*facts.c, func.count()).group_by(*facts.c)
    return [
        Tally(row[0], row[1], row[2], Outcome(row[3]), Outcome(row[4]), Outcome(row[5]), row[6])
        for row in session.execute(query)
    ]


def tally_by_slice(
    scope: Scope, session: Session, *, bounds: Sequence[dt.datetime], by_agency: bool
) -> list[tuple[int, int, Outcome, int]]:
    """For a trend: (place of the slice, unit or agency, outcome under both, documents). One query.

    Slice n runs from `bounds[n]` until just before `bounds[n + 1]`.
    """
    place = case(
        *((Outgoing.issued_at < end, number) for number, end in enumerate(bounds[1:-1])), else_=len(bounds) - 2
    )
    facts = (
        select(
            place.label("slice"),
            (Outgoing.agency_id if by_agency else Outgoing.unit_id).label("counted"),
            outcome(Basis.BOTH).label("both_outcome"),
        )
        .where(*_issued(scope, bounds[0], bounds[-1]))
        .subquery()
    )
    query = select(*facts.c, func.count()).group_by(*facts.c)
    return [(row[0], row[1], Outcome(row[2]), row[3]) for row in session.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Which issued documents a list shows: exactly those that one figure counted."""

    start: dt.datetime
    end: dt.datetime
    outcomes: Collection[Outcome]
    basis: Basis = Basis.BOTH
    agency_id: int | None = None
    unit_id: int | None = None
    signer_id: int | None = None


_Signer, _Agency = aliased(Person), aliased(Unit)


def documents(
    scope: Scope,
    session: Session,
    *,
    wanted: Counted,
    reader: Scope,
    after: tuple[dt.datetime, int] | None = None,
    limit: int | None = PAGE,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The documents behind a figure, the latest first, by keyset: up to `limit` + 1 rows.

    `scope` says whose figures, `reader` whose papers: `readable` tells whether the reader may open the document;
    where not, its subject stays empty, and of a secret document number and symbol as well.
    `after`: (issued_at, id) of the last row shown.
    """
    query = _list(reader, wanted.basis).where(*_issued(scope, wanted.start, wanted.end), *_narrowed(wanted))
    if after is not None:
        query = query.where(tuple_(Outgoing.issued_at, Outgoing.id) < tuple_(*after))
    query = query.order_by(Outgoing.issued_at.desc(), Outgoing.id.desc())
    return session.execute(query if limit is None else query.limit(limit + 1)).all()


def _list(reader: Scope, basis: Basis) -> Select[*tuple[Any, ...]]:
    readable = within(reader)
    return (
        select(
            Outgoing.id,
            Outgoing.code,
            case((or_(readable, Outgoing.secret.is_(False)), Outgoing.symbol), else_="").label("symbol"),
            Outgoing.number,
            Outgoing.year,
            Outgoing.type_code,
            case((readable, Outgoing.subject), else_="").label("subject"),
            case((readable, 1), else_=0).label("readable"),
            Outgoing.secret,
            Outgoing.medium,
            Outgoing.capacity,
            Outgoing.signed_at,
            Outgoing.issued_at,
            Outgoing.leader_verdict,
            Outgoing.seal_verdict,
            case((readable, Outgoing.exempt_reason), else_="").label("exempt_reason"),
            outcome(basis).label("outcome"),
            Outgoing.signer_id,
            _Signer.full_name.label("signer"),
            Outgoing.unit_id,
            Unit.name.label("unit_name"),
            Outgoing.agency_id,
            _Agency.name.label("agency_name"),
        )
        .join(Unit, Unit.id == Outgoing.unit_id)
        .join(_Agency, _Agency.id == Outgoing.agency_id)
        .join(_Signer, _Signer.id == Outgoing.signer_id)
    )


def _narrowed(wanted: Counted) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = [outcome(wanted.basis).in_(sorted(str(kind) for kind in wanted.outcomes))]
    for column, value in (
        (Outgoing.agency_id, wanted.agency_id),
        (Outgoing.unit_id, wanted.unit_id),
        (Outgoing.signer_id, wanted.signer_id),
    ):
        if value is not None:
            made.append(column == value)
    return made


def units_of(scope: Scope, session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every unit of the agencies in scope, dissolved ones too: their figures stay theirs."""
    query = select(
        Unit.id, Unit.name, Unit.abbreviation, Unit.kind, Unit.agency_id, Unit.valid_from, Unit.valid_to
    ).where(Unit.agency_id.in_(scope.agency_ids))
    return session.execute(query.order_by(Unit.id)).all()


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Full names by key."""
    if not person_ids:
        return {}
    query = select(Person.id, Person.full_name).where(Person.id.in_(sorted(person_ids)))
    return {row.id: row.full_name for row in session.execute(query)}
