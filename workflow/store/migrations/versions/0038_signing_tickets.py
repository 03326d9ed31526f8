"""signing tickets

Revision 0038: one-time addresses by which a program on the signer's computer fetches a file and brings it back.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "signing_ticket",
        sa.Column("id", KEY, nullable=False),
        sa.Column("ticket_hash", sa.String(64), nullable=False),
        sa.Column("session_id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("way", sa.String(5), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("file_sha256", sa.String(64), nullable=True),
        sa.CheckConstraint("way IN ('fetch', 'bring')", name=op.f("ck_signing_ticket_way")),
        sa.CheckConstraint(
            "file_sha256 IS NULL OR (way = 'bring' AND used_at IS NOT NULL)", name=op.f("ck_signing_ticket_brought")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["signing_session.id"], name=op.f("fk_signing_ticket_session_id_signing_session")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_signing_ticket_document_id_outgoing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_ticket")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_signing_ticket_ticket_hash")),
    )
    op.create_index("ix_signing_ticket_session_id", "signing_ticket", ["session_id", "document_id"])
    op.create_index("ix_signing_ticket_expires_at", "signing_ticket", ["expires_at"])
