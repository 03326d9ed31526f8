"""proofs

Revision 0031: how far each issued file is proven by itself, with timestamps and evidence. What was issued before
waits like everything else, the newest first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

DUE = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "document_proof",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lasting_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'stamped', 'lasting')", name=op.f("ck_document_proof_state")),
        sa.CheckConstraint(
            "(state = 'waiting') = (stamped_at IS NULL)", name=op.f("ck_document_proof_stamped_has_time")
        ),
        sa.CheckConstraint(
            "(state = 'lasting') = (lasting_at IS NOT NULL)", name=op.f("ck_document_proof_lasting_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_document_proof_document_id_outgoing")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_proof")),
    )
    op.create_index(
        "ix_document_proof_due", "document_proof", ["state", "next_at"], sqlite_where=DUE, postgresql_where=DUE
    )
    op.execute(
        "INSERT INTO document_proof (document_id, state, since, next_at, tries, reason, authority) "
        "SELECT id, 'waiting', issued_at, issued_at, 0, '', '' FROM outgoing "
        "WHERE state IN ('issued', 'filed') AND file_sha256 IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM signature WHERE signature.document_id = outgoing.id AND signature.withdrawn_at IS NULL)"
    )
