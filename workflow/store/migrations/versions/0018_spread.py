"""spread

Revision 0018: which document was made of which approved draft, by which row of the table. What runs made until now is
taken over from their lines.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    spread = op.create_table(
        "spread",
        sa.Column("outgoing_id", KEY, autoincrement=False, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint("outgoing_id <> source_id", name=op.f("ck_spread_not_itself")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_spread_outgoing_id_outgoing")),
        sa.ForeignKeyConstraint(["source_id"], ["outgoing.id"], name=op.f("fk_spread_source_id_outgoing")),
        sa.PrimaryKeyConstraint("outgoing_id", name=op.f("pk_spread")),
    )
    op.create_index(op.f("ix_spread_source_id"), "spread", ["source_id", "outgoing_id"])
    made = op.get_bind().execute(
        sa.text(
            "SELECT bulk_item.outgoing_id, bulk_run.source_id, bulk_item.place, bulk_item.content "
            "FROM bulk_item JOIN bulk_run ON bulk_run.id = bulk_item.bulk_id "
            "WHERE bulk_run.source_id IS NOT NULL AND bulk_item.outgoing_id IS NOT NULL "
            "ORDER BY bulk_item.outgoing_id"
        )
    )
    rows = [
        {"outgoing_id": made_id, "source_id": source_id, "line": _line(content, place)}
        for made_id, source_id, place, content in made
    ]
    if rows:
        op.bulk_insert(spread, rows)


def _line(content: object, place: int) -> int:
    """The row of the table, whose first line holds the names of the columns; drivers give JSON as text or read."""
    told = json.loads(content) if isinstance(content, str) else content
    found = told.get("row") if isinstance(told, dict) else None
    return found if isinstance(found, int) else place + 1
