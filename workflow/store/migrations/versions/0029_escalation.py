"""escalation

Revision 0029: what was told of lateness, one row for each level of each missed due moment.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CHECKS = {
    "kind": "kind IN ('outgoing', 'incoming', 'part', 'explanation')",
    "level": "level IN ('early', 'holder', 'head', 'leader')",
    "silence": "silence IN ('', 'vacant', 'same', 'unread')",
    "one_document": "(outgoing_id IS NULL) <> (incoming_id IS NULL)",
}


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "escalation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("outgoing_id", KEY, nullable=True),
        sa.Column("incoming_id", KEY, nullable=True),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("silence", sa.String(10), nullable=False),
        *(sa.CheckConstraint(words, name=op.f(f"ck_escalation_{name}")) for name, words in CHECKS.items()),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_escalation_outgoing_id_outgoing")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_escalation_incoming_id_incoming")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint(
            "kind", "item_id", "step", "due_at", "level", name=op.f("uq_escalation_kind_item_id_step_due_at_level")
        ),
    )
    op.create_index(op.f("ix_escalation_outgoing_id"), "escalation", ["outgoing_id"])
    op.create_index(op.f("ix_escalation_incoming_id"), "escalation", ["incoming_id"])
