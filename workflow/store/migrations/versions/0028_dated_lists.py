"""dated lists

Revision 0028: the list of outgoing documents is narrowed by the day of creation and by urgency, along an index each.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PRESSING = sa.text("urgency <> 'normal'")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_index("ix_outgoing_created", "outgoing", ["agency_id", "created_at", "id"])
    op.create_index(
        "ix_outgoing_pressing", "outgoing", ["agency_id", "id"], sqlite_where=PRESSING, postgresql_where=PRESSING
    )
