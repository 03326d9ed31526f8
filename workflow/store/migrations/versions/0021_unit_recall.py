"""unit recall

Revision 0021: a copy inside the agency keeps when its sender took it back, so that lists and registers find it. What
was recalled or replaced before has its moment in the journal.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    with op.batch_alter_table("unit_copy") as batch:
        batch.add_column(sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(
            op.f("ck_unit_copy_recalled_after_given"), "recalled_at IS NULL OR given_at IS NOT NULL"
        )
    op.execute(
        "UPDATE unit_copy SET recalled_at = (SELECT min(journal.at) FROM journal"
        " WHERE journal.subject = 'outgoing:' || CAST(unit_copy.outgoing_id AS varchar(20))"
        " AND (journal.tag = 'document:outgoing:recall_asked' OR (journal.tag = 'document:outgoing:corrected'"
        """ AND journal.body LIKE '%"kind":"replace"%'))) WHERE given_at IS NOT NULL"""
    )
