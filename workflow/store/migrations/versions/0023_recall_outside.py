"""recall outside

Revision 0023: a copy that left by post, by hand or by mail keeps since when its document is recalled or replaced, when
its recipient was told, and when it came back. What was recalled or replaced before has its moment in the journal;
whether anybody outside was told of it nobody wrote down.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TO_TELL = "recalled_at IS NOT NULL AND told_on IS NULL AND back_on IS NULL"


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    with op.batch_alter_table("dispatch") as batch:
        batch.add_column(sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("told_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("told_how", sa.String(length=300), server_default="", nullable=False))
        batch.add_column(sa.Column("back_on", sa.Date(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_dispatch_told_of_recall"), "recalled_at IS NOT NULL OR (told_on IS NULL AND back_on IS NULL)"
        )
        batch.create_check_constraint(op.f("ck_dispatch_told_has_how"), "told_on IS NULL OR told_how <> ''")
    op.create_index(
        "ix_dispatch_to_tell", "dispatch", ["outgoing_id"], sqlite_where=sa.text(TO_TELL),
        postgresql_where=sa.text(TO_TELL),
    )  # fmt: skip
    op.execute(
        "UPDATE dispatch SET recalled_at = (SELECT min(journal.at) FROM journal"
        " WHERE journal.subject = 'outgoing:' || CAST(dispatch.outgoing_id AS varchar(20))"
        " AND (journal.tag = 'document:outgoing:recall_asked' OR (journal.tag = 'document:outgoing:corrected'"
        """ AND journal.body LIKE '%"kind":"replace"%')))"""
    )
