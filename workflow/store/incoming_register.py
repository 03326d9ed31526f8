"""The register of arrivals and the follow-up register (Decree 30/2020/NĐ-CP, Annex IV)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.permissions import Scope
from workflow.store import imported
from workflow.store.models import Incoming, IncomingPart, Outgoing, Person, Register, Reply, Series, Unit
from workflow.store.register_filter import kept_by


def books(scope: Scope, session: Session) -> Sequence[Row[int, str, str]]:
    """(id, name, agency) of every register of arrivals of the agencies within reach."""
    query = (
        select(Register.id, Register.name, Unit.name)
        .join(Unit, Unit.id == Register.agency_id)
        .where(kept_by(scope), Register.direction == "in")
        .order_by(Register.agency_id, Register.secret, Register.id)
    )
    return session.execute(query).all()


def lines(
    scope: Scope, session: Session, *, register_id: int, year: int, after: int = 0, until: int | None = None,
    limit: int | None = None,
) -> list[Any]:  # fmt: skip
    """A register's documents of a year by arrival number, with lead unit, handler, and who received it.

    Lines that came from a former system stand among them as `ImportedEntry`.
    """
    handler, reader = aliased(Person), aliased(Person)
    query = (
        select(
            Incoming.id, Incoming.number, Incoming.arrived_at, Incoming.issuer, Incoming.symbol, Incoming.issued_on,
            Incoming.type_code, Incoming.subject, Incoming.secret, Incoming.state, Incoming.directed_at,
            Incoming.due_kind, Incoming.due_at, Incoming.paused_since, Incoming.done_at, Incoming.result,
            Incoming.result_words, Incoming.note, Incoming.medium, Incoming.copies, Unit.name.label("unit"),
            handler.full_name.label("handler"), IncomingPart.read_at.label("read_at"),
            reader.full_name.label("reader"),
        )
        .join(Register, Register.id == Incoming.register_id)
        .outerjoin(Unit, Unit.id == Incoming.lead_unit_id)
        .outerjoin(handler, handler.id == Incoming.handler_id)
        .outerjoin(
            IncomingPart,
            (IncomingPart.incoming_id == Incoming.id)
            & (IncomingPart.part == "lead")
            & (IncomingPart.state != "ended"),
        )
        .outerjoin(reader, reader.id == IncomingPart.read_by_id)
        .where(
            kept_by(scope), Incoming.register_id == register_id, Incoming.year == year,
            Incoming.number > after,
        )
        .order_by(Incoming.number)
    )  # fmt: skip
    if until is not None:
        query = query.where(Incoming.number <= until)
    if scope.no_secrets:
        query = query.where(Incoming.secret.is_(False))
    own = session.execute(query.limit(limit) if limit else query).all()
    brought = imported.entries(
        scope, session, register_id=register_id, year=year, after=after, until=until, limit=limit
    )
    return imported.in_order(own, brought, limit)


def replies(
    scope: Scope, session: Session, *, register_id: int, year: int, after: int, until: int
) -> dict[int, list[str]]:
    """Document → numbers and symbols of what answered it, for the numbers above `after` up to `until`."""
    query = (
        select(Incoming.id, Outgoing.symbol)
        .join(Reply, Reply.incoming_id == Incoming.id)
        .join(Outgoing, Outgoing.id == Reply.outgoing_id)
        .where(
            Incoming.agency_id.in_(scope.agency_ids), Incoming.register_id == register_id, Incoming.year == year,
            Incoming.number > after, Incoming.number <= until, Outgoing.symbol != "", Reply.kind == "answer",
        )
        .order_by(Reply.id)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for key, symbol in session.execute(query):
        found.setdefault(key, []).append(symbol)
    return found


def last_number(scope: Scope, session: Session, *, register_id: int, year: int) -> int:
    """The last arrival number of a register's year; 0 where there is none."""
    query = (
        select(Series.last_number)
        .join(Register, Register.id == Series.register_id)
        .where(Series.register_id == register_id, Series.year == year, kept_by(scope))
    )
    return session.scalar(query) or 0
