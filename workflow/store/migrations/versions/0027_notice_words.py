"""notice words

Revision 0027: a notice keeps what happened, a code and its facts, beside the words it was mailed in. Those written
before have neither and are shown as they were written.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.add_column("outbox", sa.Column("code", sa.String(40), nullable=True))
    op.add_column("outbox", sa.Column("params", sa.JSON(), nullable=True))
