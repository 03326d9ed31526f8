"""overdue indexes

Revision 0054: what is overdue in a province, parts that are, accepted explanations that may owe an apology, and
documents that were reopened, each by an index of those alone; not every document that ever was late is read for them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")
OPEN_PART = sa.text("ended_at IS NULL")
REOPENED = sa.text("from_state IN ('done', 'filed') AND to_state NOT IN ('done', 'filed')")
OURS = sa.text("state = 'accepted' AND cause = 'subjective'")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_index("ix_incoming_overdue", "incoming", ["due_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_incoming_explanation_ours", "incoming_explanation", ["decided_at"], sqlite_where=OURS,
        postgresql_where=OURS,
    )  # fmt: skip
    op.create_index(
        "ix_incoming_part_overdue", "incoming_part", ["agency_id", "due_at", "id"], sqlite_where=OPEN_PART,
        postgresql_where=OPEN_PART,
    )  # fmt: skip
    op.create_index(
        "ix_incoming_history_reopened", "incoming_history", ["at", "incoming_id"], sqlite_where=REOPENED,
        postgresql_where=REOPENED,
    )  # fmt: skip
