"""The SQL of the rates says what the domain says, from the index, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from sqlalchemy import select, text

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from tests.support.statements import statements
from workflow.domain.periods import month
from workflow.domain.permissions import NOTHING, Scope
from workflow.domain.rates import Basis, Check, IssuedDocument, Outcome, outcome
from workflow.services.rates import board
from workflow.store import rates as store
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

NOVEMBER = month(NOON.date())
STORED = {Check.PASSED: "passed", Check.INDETERMINATE: "indeterminate", Check.FAILED: "failed", Check.MISSING: ""}


def test_every_combination_of_facts_has_the_domains_outcome(office: Office) -> None:
    """Secret × exempt × ink × leader's verdict × seal's verdict, under each basis."""
    facts = list(itertools.product((False, True), (False, True), (False, True), Check, Check))
    approver = office.posts["leader"].person_id
    rows = [
        issued_row(
            office, secret=secret, exempt_by_id=approver if exempt else None, medium="ink" if ink else "digital",
            leader_verdict=STORED[leader], seal_verdict=STORED[seal],
        )
        for secret, exempt, ink, leader, seal in facts
    ]  # fmt: skip
    keys = add_issued(office, *rows)
    for basis in Basis:
        with unit_of_work(office.engine) as uow:
            found = dict(uow.session.execute(select(Outgoing.id, store.outcome(basis))).all())
        expected = {
            key: outcome(
                IssuedDocument(
                    id=key, signer=approver, leader=leader, seal=seal, ink=ink, exempt=exempt, secret=secret
                ),
                basis,
            )
            for key, (secret, exempt, ink, leader, seal) in zip(keys, facts, strict=True)
        }
        assert found == expected


def test_a_word_that_is_no_verdict_is_not_signed(office: Office) -> None:
    """Fail closed: only `passed` counts."""
    add_issued(office, issued_row(office, leader_verdict="OK"))
    with unit_of_work(office.engine) as uow:
        (row,) = store.tally(_commune(office), uow.session, start=NOVEMBER.start, end=NOVEMBER.end)
    assert (row.both, row.leader, row.seal) == (Outcome.INCOMPLETE, Outcome.INCOMPLETE, Outcome.SIGNED)


def test_the_period_ends_at_the_offices_midnight(office: Office) -> None:
    """23:59:59.999999 on 30 November counts in November, 00:00 in December."""
    last = dt.datetime(2026, 11, 30, 16, 59, 59, 999999, tzinfo=dt.UTC)
    tick = dt.timedelta(microseconds=1)
    inside = [NOVEMBER.start, last]
    add_issued(office, *(issued_row(office, issued_at=at) for at in (*inside, NOVEMBER.start - tick, last + tick)))
    with unit_of_work(office.engine) as uow:
        rows = store.tally(_commune(office), uow.session, start=NOVEMBER.start, end=NOVEMBER.end)
    assert sum(row.documents for row in rows) == 2


def test_nothing_in_scope_counts_nothing(office: Office) -> None:
    """The empty scope reaches nothing, a neighbour's reaches the neighbour's."""
    add_issued(office, issued_row(office), issued_row(office, unit="far_office"))
    with unit_of_work(office.engine) as uow:
        assert store.tally(NOTHING, uow.session, start=NOVEMBER.start, end=NOVEMBER.end) == []
        far = Scope(agency_ids=(office.units["far"],))
        (row,) = store.tally(far, uow.session, start=NOVEMBER.start, end=NOVEMBER.end)
    assert (row.agency_id, row.documents) == (office.units["far"], 1)


@pytest.mark.parametrize("wide", [False, True])
def test_the_number_of_queries_does_not_grow(office: Office, wide: bool) -> None:
    """Ten documents or a thousand: the same five queries."""
    scope = Scope(agency_ids=(office.units["commune"], office.units["far"]) if wide else (office.units["commune"],))
    counts = []
    for amount in (10, 990):
        units, signers = (
            itertools.cycle(("economy", "culture", "office")),
            itertools.cycle(("leader", "deputy", "head")),
        )
        add_issued(
            office, *(issued_row(office, unit=next(units), signer=next(signers)) for _document in range(amount))
        )
        with unit_of_work(office.engine) as uow, statements(office.engine) as sent:
            made = board(uow, office.actor("inspector"), scope, period=NOVEMBER, now=NOON)
        counts.append((len(sent), made.total.rate.denominator))
    assert counts == [(5, 10), (5, 1000)]


def test_the_range_index_answers(office: Office) -> None:
    """Figures come from (agency, issued), not from a scan of all documents."""
    long_ago = dt.datetime(2020, 5, 4, 3, tzinfo=dt.UTC)
    add_issued(office, *(issued_row(office) for _document in range(50)))
    add_issued(office, *(issued_row(office, issued_at=long_ago) for _document in range(450)))
    add_issued(office, *(issued_row(office, unit="far_office") for _document in range(450)))
    if office.engine.dialect.name == "postgresql":
        with office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE outgoing"))  # as it does by itself
    with unit_of_work(office.engine) as uow, statements(office.engine) as sent:
        store.tally(_commune(office), uow.session, start=NOVEMBER.start, end=NOVEMBER.end)
        plan = _plan(uow.session, sent[0], office)
    assert "ix_outgoing_issued" in plan


def _plan(session, statement: str, office: Office) -> str:  # type: ignore[no-untyped-def]
    """What the database would do. PostgreSQL prefers a scan for so few rows; here it may not."""
    connection = session.connection()
    values = {
        "agency_id": office.units["commune"], "start": NOVEMBER.start.astimezone(dt.UTC),
        "end": NOVEMBER.end.astimezone(dt.UTC),
    }  # fmt: skip
    query = text(
        "SELECT unit_id, count(*) FROM outgoing WHERE agency_id IN (:agency_id) AND issued_at >= :start"
        " AND issued_at < :end GROUP BY unit_id"
    )
    assert "outgoing.issued_at >=" in statement
    assert "outgoing.agency_id IN" in statement
    if connection.dialect.name == "sqlite":
        values |= {"start": "2026-10-31 17:00:00.000000", "end": "2026-11-30 17:00:00.000000"}
        return "\n".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query.text}"), values))
    connection.execute(text("ANALYZE outgoing"))  # as PostgreSQL does by itself
    for short_cut in ("seqscan", "bitmapscan"):
        connection.execute(text(f"SET LOCAL enable_{short_cut} = off"))
    return "\n".join(str(row) for row in connection.execute(text(f"EXPLAIN {query.text}"), values))


def _commune(office: Office) -> Scope:
    return Scope(agency_ids=(office.units["commune"],))
