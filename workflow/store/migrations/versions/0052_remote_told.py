"""remote told

Revision 0052: whoever's page was closed when a remote request ended is told of it, once.
Requests that ended before are told of by nobody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
UNTOLD = sa.text("ended_at IS NOT NULL AND told_at IS NULL")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.add_column("remote_request", sa.Column("told_at", MOMENT, nullable=True))
    op.execute("UPDATE remote_request SET told_at = ended_at WHERE ended_at IS NOT NULL")
    op.create_index(
        "ix_remote_request_untold", "remote_request", ["ended_at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD
    )
