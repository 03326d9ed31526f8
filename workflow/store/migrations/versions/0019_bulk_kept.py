"""bulk kept

Revision 0019: runs over many documents are cleared after a time. They are found by their day, and the run that was
tried again from an old one by that one. What somebody asked others is listed, so it is found by who asked.
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_index(op.f("ix_bulk_run_again_of_id"), "bulk_run", ["again_of_id"])
    op.create_index(op.f("ix_bulk_run_created_at"), "bulk_run", ["created_at"])
    op.create_index(op.f("ix_opinion_request_asked_by_id"), "opinion_request", ["asked_by_id"])
