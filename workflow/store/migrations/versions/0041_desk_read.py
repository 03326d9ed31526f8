"""reading at the desk

Revision 0041: remarks pinned to a spot of a page, and agreement of a signer with what a slip proposes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STANDING = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "pinned_remark",
        sa.Column("comment_id", KEY, nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.CheckConstraint("x >= 0 AND y >= 0", name=op.f("ck_pinned_remark_on_the_page")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["draft_comment.id"], name=op.f("fk_pinned_remark_comment_id_draft_comment")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_pinned_remark")),
    )
    op.create_table(
        "proposal_agreement",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("slip", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=True),
        sa.Column("agreed_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_proposal_agreement_document_id_outgoing")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_agreement_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_proposal_agreement_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_agreement")),
    )
    op.create_index("ix_proposal_agreement_document", "proposal_agreement", ["document_id", "id"])
    op.create_index(
        "uq_proposal_agreement_standing", "proposal_agreement", ["document_id", "version", "person_id"],
        unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
    )  # fmt: skip
