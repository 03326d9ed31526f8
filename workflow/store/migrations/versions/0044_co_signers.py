"""co-signers

Revision 0044: people who sign a document beside its named signer, and their signatures.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PURPOSES = "purpose IN ('leader', 'cosigner', 'initials', 'number', 'seal')"


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "co_signer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(30), nullable=False),
        sa.CheckConstraint("part IN ('cosigner', 'initials')", name=op.f("ck_co_signer_part")),
        sa.CheckConstraint("turn BETWEEN 1 AND 8", name=op.f("ck_co_signer_turn")),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_co_signer_document_id_outgoing")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_co_signer_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_co_signer_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_signer")),
        sa.UniqueConstraint("document_id", "field", name=op.f("uq_co_signer_document_id_field")),
        sa.UniqueConstraint("document_id", "post_id", name=op.f("uq_co_signer_document_id_post_id")),
    )
    op.create_index(op.f("ix_co_signer_person_id"), "co_signer", ["person_id"])
    op.create_index(op.f("ix_co_signer_post_id"), "co_signer", ["post_id"])
    with op.batch_alter_table("signature") as batch:
        batch.drop_constraint(op.f("ck_signature_purpose"), type_="check")
        batch.create_check_constraint(op.f("ck_signature_purpose"), PURPOSES)
