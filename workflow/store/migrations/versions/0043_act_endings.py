"""act endings

Revision 0043: an act of signing has an end, told once; one that was broken off is found again by whoever signs.
Sessions of before were never begun as acts and have no end to tell.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("fixed_at IS NOT NULL AND ended_at IS NULL")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.add_column("signing_session", sa.Column("ended_at", MOMENT, nullable=True))
    op.create_index("ix_signing_session_person", "signing_session", ["person_id", "created_at"])
    op.create_index(
        "ix_signing_session_open", "signing_session", ["expires_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
