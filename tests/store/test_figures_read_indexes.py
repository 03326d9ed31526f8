"""What a month's figures and the page of overdue papers ask reads a span of an index, never a whole past.

SQLite takes an index over some rows only where the question says so in the same words, and begins with the agency's
papers wherever it is let; so its plans are looked at.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine

from tests.support.statements import statements
from workflow.domain.permissions import Scope
from workflow.store import month_facts, month_stands, overdue
from workflow.store.session import make_engine, unit_of_work

FIRST, LAST = dt.datetime(2026, 11, 1, tzinfo=dt.UTC), dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
PROVINCE = Scope(agency_ids=tuple(range(1, 101)))
WANTED = {
    "issued": ("ix_outgoing_issued", "ix_verdict_document_id"),
    "signed": ("ix_history_left_signing",),
    "unsigned": ("ix_outgoing_agency_state", "ix_history_left_signing"),
    "explanations": ("MULTI-INDEX OR", "ix_incoming_explanation_ours", "ix_incoming_explanation_open"),
    "reopened": ("ix_incoming_history_reopened",),
    "open": ("closed_at=?", "closed_at>?"),
    "told": ("closed_at=?", "closed_at>?"),
    "months": ("ix_outgoing_agency_state", "ix_history_left_signing", "closed_at=?", "closed_at>?"),
    "overdue": ("due_at<?",),
    "parts": ("ix_incoming_part_overdue",),
}


def test_questions_of_a_province_begin_with_a_span(sqlite_url: str) -> None:
    """Each plan names the index that leads to the few rows that count."""
    engine = make_engine(sqlite_url)
    with statements(engine) as sent, unit_of_work(engine) as uow:
        session, nobody = uow.session, overdue.Narrow()
        month_facts.issued(PROVINCE, session, start=FIRST, end=LAST)
        month_facts.signed(PROVINCE, session, start=FIRST, end=LAST)
        month_stands.standing_at(PROVINCE, session, unsigned=[LAST], still_open=[])
        month_facts.explanations(PROVINCE, session, start=FIRST, end=LAST)
        month_stands.done_then(PROVINCE, session, at=LAST)
        month_stands.standing_at(PROVINCE, session, unsigned=[], still_open=[LAST])
        month_stands.told(PROVINCE, session, due_at=[LAST])
        month_stands.standing_at(PROVINCE, session, unsigned=[FIRST, LAST], still_open=[FIRST, LAST])
        overdue.overdue(PROVINCE, session, now=LAST, narrow=nobody, limit=200)
        overdue.parts_overdue(PROVINCE, session, now=LAST, narrow=nobody, limit=200)
    plans = dict(zip(WANTED, (_plan(engine, query) for query in sent), strict=True))
    engine.dispose()
    assert not any(
        whole in plans[name] for name in ("issued", "months") for whole in ("SCAN outgoing", "SCAN verdict")
    )
    lacking = [(name, word) for name, words in WANTED.items() for word in words if word not in plans[name]]
    assert lacking == [], plans


def _plan(engine: Engine, query: str) -> str:
    with engine.connect() as connection:
        blanks = (None,) * query.count("?")
        return "; ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", blanks))
