"""signing obstacles

Revision 0042: what stood in the way of a signature, recorded as it happens. Nothing is known of what happened
before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "signing_obstacle",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("counted_from", MOMENT, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(30), nullable=False),
        sa.Column("device", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_signing_obstacle_document_id_outgoing")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signing_obstacle_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_signing_obstacle_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_obstacle")),
        sa.UniqueConstraint(
            "document_id", "person_id", "day", "kind", "counted_from",
            name=op.f("uq_signing_obstacle_document_id_person_id_day_kind_counted_from"),
        ),
    )  # fmt: skip
    op.create_index("ix_signing_obstacle_person", "signing_obstacle", ["person_id", "id"])
    op.create_index("ix_signing_obstacle_last", "signing_obstacle", ["last_at"])
