"""What is late is read along the indexes of open work: nothing of what was settled in years before is looked at."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from tests.support.office import NOON, Office
from workflow.domain.escalation import Kind
from workflow.store import escalation as store
from workflow.store.models import Escalation, Explanation, Incoming, IncomingPart, Outgoing
from workflow.store.session import unit_of_work

SETTLED = 4000
OPEN = 40
INDEXES = {
    Kind.OUTGOING: ("ix_outgoing_open",),
    Kind.INCOMING: ("ix_incoming_open",),
    Kind.PART: ("ix_incoming_part_open",),
    Kind.EXPLANATION: ("ix_incoming_explanation_owed", "ix_incoming_explanation_open"),
}  # fmt: skip
"""Partial indexes over open work alone; where there are two, the database chooses."""
HOUR = dt.timedelta(hours=1)


def fill(office: Office) -> None:
    """Much that is settled, little that is open and late."""
    person, unit, agency = office.posts["drafter"].person_id, office.units["economy"], office.units["commune"]
    post = office.posts["drafter"].id
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        out, came = [], []
        for n in range(SETTLED + OPEN):
            at = NOON - (n % 900) * 24 * HOUR - HOUR
            settled = n >= OPEN
            common = {"agency_id": agency, "subject": f"V/v {n}", "subject_folded": "", "state_since": at,
                      "closed_at": at if settled else None, "id": n + 1}  # fmt: skip
            out.append(common | {
                "code": f"C{n}", "unit_id": unit, "type_code": "letter", "created_at": at, "drafter_id": person,
                "drafter_post_id": post, "state": "cancelled" if settled else "in_review", "step_due_at": at,
            })  # fmt: skip
            came.append(common | {
                "source": "paper", "state": "returned" if settled else "arrived", "arrived_at": at,
                "step_due_at": at,
            })  # fmt: skip
        uow.session.execute(insert(Outgoing), out)
        uow.session.execute(insert(Incoming), came)
        parts = [
            {"incoming_id": row["id"], "agency_id": agency, "part": "coordinate", "unit_id": unit, "given_at": NOON,
             "state": "done" if row["closed_at"] else "open", "ended_at": row["closed_at"],
             "due_at": row["step_due_at"]}
            for row in came
        ]  # fmt: skip
        owed = [
            {"incoming_id": row["id"], "lateness": "x", "missed_at": NOON, "person_id": person, "unit_id": unit,
             "held_by": "clerk", "demanded_at": NOON, "due_at": row["step_due_at"], "given_at": row["closed_at"],
             "state": "accepted" if row["closed_at"] else "owed", "cause": "objective" if row["closed_at"] else ""}
            for row in came
        ]  # fmt: skip
        uow.session.execute(insert(IncomingPart), parts)
        uow.session.execute(insert(Explanation), owed)
        uow.commit()
    with office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def plan_of(session: Session, query: Any) -> str:
    """How the database would answer."""
    words = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    made = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return "\n".join(str(row) for row in session.execute(text(f"{words} {str(made).replace(':', chr(92) + ':')}")))


def test_late_work_is_read_along_open_work(engine: Engine, office: Office) -> None:
    """Each kind by its partial index, on rows the database knows; pages go on without a gap, the oldest first; what
    the leader was told of is left out."""
    fill(office)
    with unit_of_work(engine) as uow:
        for kind, indexes in INDEXES.items():
            plan = plan_of(uow.session, store.late(kind, due=NOON))
            assert any(index in plan for index in indexes), (kind, plan)
            rows = store.page(uow.session, kind, due=NOON, reason="test")
            assert len(rows) == OPEN
            assert all((a.due_at, a.id) < (b.due_at, b.id) for a, b in pairwise(rows))
            after = rows[9].due_at, rows[9].id
            assert [row.id for row in store.page(uow.session, kind, due=NOON, reason="test", after=after)] == [
                row.id for row in rows[10:]
            ]
            uow.begin_write()
            first = rows[0]
            told = {
                "kind": str(kind), "item_id": first.id, "step": first.step, "due_at": first.due_at,
                "level": "leader", "told_at": NOON, "persons": [1], "silence": "", "incoming_id": 1,
            }  # fmt: skip
            assert len(store.write_once(uow.session, [told])) == 1
            other = told | {"due_at": NOON}
            assert store.write_once(uow.session, [told, other]) == {(first.id, first.step, NOON, "leader")}
            left = store.page(uow.session, kind, due=NOON, reason="test")
            assert [row.id for row in left] == [row.id for row in rows[1:]]
            uow.commit()
        assert uow.session.query(Escalation).count() == 2 * len(INDEXES)


def test_a_job_says_why(engine: Engine) -> None:
    """Reading past every scope has a reason in the caller's code."""
    with unit_of_work(engine) as uow:
        with pytest.raises(ValueError, match="why"):
            store.page(uow.session, Kind.PART, due=NOON, reason="")
        with pytest.raises(ValueError, match="why"):
            store.still(uow.session, Kind.PART, [1], reason="")
