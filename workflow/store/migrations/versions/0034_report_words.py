"""report words

Revision 0034: beside its keys a stored report keeps what they were called, so that its files come out the same; what
signings of a document came to is found by the document.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.add_column("report", sa.Column("words", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.create_index("ix_signing_item_document", "signing_item", ["document_id"])
