"""ticket fields

Revision 0047: an act may hold several files of one document; a ticket names its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

NAME = sa.String(40)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup. Until now the field was the purpose of the act."""
    op.add_column("signing_ticket", sa.Column("field", NAME, nullable=True))
    op.execute(
        "UPDATE signing_ticket SET field = "
        "(SELECT purpose FROM signing_session WHERE signing_session.id = signing_ticket.session_id)"
    )
    with op.batch_alter_table("signing_ticket") as batch:
        batch.alter_column("field", existing_type=NAME, nullable=False)
