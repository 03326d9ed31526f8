"""What a team drew, found and was promised; of an inspection that the caller has found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.inspections import Listed, Tally
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming, people
from workflow.store.models import (
    Commitment,
    Finding,
    Incoming,
    Inspection,
    InspectionSample,
    InspectionSampleItem,
    InspectionUnit,
    Outgoing,
    Person,
    Register,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Findings by state; `late` of those still open."""

    findings: int
    open: int
    corrected: int
    accepted: int
    late: int


Own = frozenset[int] | None
"""Units that a reader answers for, of which alone the figures tell them; None: all."""


def standing(session: Session, inspection_id: int, *, today: dt.date, own: Own = None) -> Standing:
    """How many findings stand where."""
    state = Finding.state
    counts = [
        func.count(),
        *(func.sum(case((state == word, 1), else_=0)) for word in ("open", "corrected", "accepted")),
        func.sum(case(((state == "open") & (Finding.due_on < today), 1), else_=0)),
    ]
    mine = [] if own is None else [Finding.unit_id.in_(sorted(own))]
    row = session.execute(select(*counts).where(Finding.inspection_id == inspection_id, *mine)).one()
    return Standing(*(int(value or 0) for value in row))


def tallies(session: Session, inspection_id: int, *, own: Own = None) -> dict[str, Tally]:
    """`commitment`, `plan`: done of all; `units`: inspected of all."""
    done = func.sum(case((Commitment.state == "done", 1), else_=0))
    query = select(Commitment.kind, done, func.count()).where(Commitment.inspection_id == inspection_id)
    units = select(func.count(InspectionUnit.inspected_on), func.count()).where(
        InspectionUnit.inspection_id == inspection_id
    )
    if own is not None:
        query = query.where(Commitment.unit_id.in_(sorted(own)))
        units = units.where(InspectionUnit.unit_id.in_(sorted(own)))
    grouped = session.execute(query.group_by(Commitment.kind))
    made = {kind: Tally(int(some or 0), whole) for kind, some, whole in grouped}
    row = session.execute(units).one()
    none = Tally(0, 0)
    return {"commitment": none, "plan": none, **made, "units": Tally(row[0], row[1])}


@dataclass(frozen=True, slots=True)
class Covered:
    """Units of an inspection, as a population is told apart by them: agencies, and parts with what lies below."""

    agencies: frozenset[int]
    parts: Mapping[int, int]
    """A unit → the inspected part that it lies in."""


def covered(session: Session, inspection_id: int, unit_ids: Collection[int]) -> Covered:
    """Those of these units that the inspection names."""
    query = (
        select(Unit.id, Unit.kind)
        .join(InspectionUnit, InspectionUnit.unit_id == Unit.id)
        .where(InspectionUnit.inspection_id == inspection_id, Unit.id.in_(sorted(unit_ids)))
        .order_by(Unit.id)
    )
    agencies: set[int] = set()
    parts: dict[int, int] = {}
    for key, kind in session.execute(query):
        if kind == "agency":
            agencies.add(key)
        else:
            parts |= dict.fromkeys((key, *people.units_below(session, key)), key)
    return Covered(frozenset(agencies), parts)


def population(
    scope: Scope, session: Session, *, kind: str, of: Covered, start: dt.datetime, end: dt.datetime,
    cut_off: dt.datetime,
) -> list[Listed]:  # fmt: skip
    """Documents issued (by their look-up codes) or registered on arrival (agency, register, year, number) from
    `start` until before `end` and not after the cut-off, of the units, within the scope: so nothing secret."""
    if kind == "outgoing":
        query = select(Outgoing.code, Outgoing.id, Outgoing.agency_id, Outgoing.unit_id).where(
            documents.within(scope), or_(Outgoing.agency_id.in_(of.agencies), Outgoing.unit_id.in_(of.parts)),
            Outgoing.issued_at >= start, Outgoing.issued_at < end, Outgoing.issued_at <= cut_off,
        )  # fmt: skip
        return [Listed(code, key, _whose(of, agency, unit)) for code, key, agency, unit in session.execute(query)]
    agency_unit = aliased(Unit)
    arrived = (
        select(
            agency_unit.code, Register.code, Incoming.year, Incoming.number, Incoming.id, Incoming.agency_id,
            Incoming.lead_unit_id,
        )
        .join(Register, Register.id == Incoming.register_id)
        .join(agency_unit, agency_unit.id == Incoming.agency_id)
        .where(
            incoming.within(scope), or_(Incoming.agency_id.in_(of.agencies), Incoming.lead_unit_id.in_(of.parts)),
            Incoming.registered_at >= start, Incoming.registered_at < end, Incoming.registered_at <= cut_off,
        )
    )  # fmt: skip
    return [
        Listed(f"{of_agency}/{register}/{year}/{number}", key, _whose(of, agency, unit))
        for of_agency, register, year, number, key, agency, unit in session.execute(arrived)
    ]


def _whose(of: Covered, agency_id: int, unit_id: int | None) -> int:
    return agency_id if agency_id in of.agencies else of.parts[unit_id or 0]


def samples(session: Session, inspection_id: int) -> Sequence[Row[InspectionSample, str]]:
    """(sample, who drew it), the newest first."""
    query = (
        select(InspectionSample, Person.full_name)
        .join(Person, Person.id == InspectionSample.drawn_by_id)
        .where(InspectionSample.inspection_id == inspection_id)
        .order_by(InspectionSample.id.desc())
    )
    return session.execute(query).all()


def turns(found: Sequence[InspectionSample]) -> list[tuple[InspectionSample, int, int]]:
    """(sample, which one of its population, how many of it), the oldest first: whoever draws often may choose."""

    def population_of(one: InspectionSample) -> tuple[object, ...]:
        return one.kind, tuple(one.unit_ids), one.first, one.last

    asked = [population_of(one) for one in found]
    return [
        (one, asked[: place + 1].count(asked[place]), asked.count(asked[place])) for place, one in enumerate(found)
    ]


def sample(session: Session, inspection_id: int, sample_id: int) -> InspectionSample:
    """One of them, or `NotFound`."""
    found = session.get(InspectionSample, sample_id)
    if found is None or found.inspection_id != inspection_id:
        raise NotFound("inspection_sample_not_found")
    return found


def items(session: Session, sample_id: int) -> Sequence[Row[InspectionSampleItem, str]]:
    """(document, its unit) of a sample in the order in which they were drawn."""
    query = (
        select(InspectionSampleItem, Unit.name)
        .join(Unit, Unit.id == InspectionSampleItem.unit_id)
        .where(InspectionSampleItem.sample_id == sample_id)
        .order_by(InspectionSampleItem.place)
    )
    return session.execute(query).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a list of findings or commitments is narrowed to; `under_ids`: units that the reader answers for."""

    state: str = ""
    kind: str = ""
    unit_id: int | None = None
    late_on: dt.date | None = None
    under_ids: frozenset[int] | None = None


SORTS = ("number", "due", "unit")


def findings(
    session: Session, inspection_id: int, *, wanted: Narrowed, sort: str = "number"
) -> Sequence[Row[Finding, str]]:
    """(finding, unit) of an inspection: a team notes dozens, so the list is whole."""
    query = select(Finding, Unit.name).join(Unit, Unit.id == Finding.unit_id)
    query = query.where(Finding.inspection_id == inspection_id, *_narrowed(Finding, wanted))
    return session.execute(query.order_by(*_order(Finding, sort))).all()


def commitments(
    session: Session, inspection_id: int, *, wanted: Narrowed, sort: str = "number"
) -> Sequence[Row[Commitment, str]]:
    """(commitment, unit), likewise."""
    query = select(Commitment, Unit.name).join(Unit, Unit.id == Commitment.unit_id)
    query = query.where(Commitment.inspection_id == inspection_id, *_narrowed(Commitment, wanted))
    if wanted.kind:
        query = query.where(Commitment.kind == wanted.kind)
    return session.execute(query.order_by(*_order(Commitment, sort))).all()


def _narrowed(model: type[Finding] | type[Commitment], wanted: Narrowed) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.state:
        made.append(model.state == wanted.state)
    if wanted.unit_id is not None:
        made.append(model.unit_id == wanted.unit_id)
    if wanted.late_on is not None:
        made += [model.state == "open", model.due_on < wanted.late_on]
    if wanted.under_ids is not None:
        made.append(model.unit_id.in_(sorted(wanted.under_ids)))
    return made


def _order(model: type[Finding] | type[Commitment], sort: str) -> list[Any]:
    return [*{"due": (model.due_on,), "unit": (Unit.name,)}.get(sort, ()), model.number]


def finding(session: Session, inspection_id: int, finding_id: int) -> Finding:
    """One finding under the inspection's lock, read anew, or `NotFound`."""
    found = session.get(Finding, finding_id, populate_existing=True)
    if found is None or found.inspection_id != inspection_id:
        raise NotFound("finding_not_found")
    return found


def commitment(session: Session, inspection_id: int, commitment_id: int) -> Commitment:
    """One commitment, likewise."""
    found = session.get(Commitment, commitment_id, populate_existing=True)
    if found is None or found.inspection_id != inspection_id:
        raise NotFound("commitment_not_found")
    return found


def next_number(session: Session, inspection_id: int, model: type[Finding] | type[Commitment]) -> int:
    """The next number within an inspection, whose row is locked."""
    query = select(func.max(model.number)).where(model.inspection_id == inspection_id)
    return (session.scalar(query) or 0) + 1


def due_corrections(session: Session, *, until: dt.date, reason: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """(inspection, number, due, unit, kind, decision) of every open finding due up to a day, to be reminded of."""
    if not reason:
        raise ValueError("a query over everybody says why")
    query = (
        select(
            Finding.inspection_id, Finding.number, Finding.due_on, Finding.unit_id, Unit.kind,
            Inspection.decision_symbol,
        )
        .join(Unit, Unit.id == Finding.unit_id)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.state == "open", Finding.due_on <= until)
        .order_by(Finding.due_on, Finding.id)
    )  # fmt: skip
    return session.execute(query).all()
