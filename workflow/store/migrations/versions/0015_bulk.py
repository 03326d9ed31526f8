"""bulk

Revision 0015, after 0011: runs over many documents, and what came of each document.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _bulk_run()
    _bulk_item()


def _bulk_run() -> None:
    op.create_table(
        "bulk_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("source_id", KEY, nullable=True),
        sa.Column("again_of_id", KEY, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_bulk_run_finished")),
        sa.CheckConstraint("state IN ('running', 'done')", name=op.f("ck_bulk_run_state")),
        sa.ForeignKeyConstraint(["again_of_id"], ["bulk_run.id"], name=op.f("fk_bulk_run_again_of_id_bulk_run")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bulk_run_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_bulk_run_post_id_post")),
        sa.ForeignKeyConstraint(["source_id"], ["outgoing.id"], name=op.f("fk_bulk_run_source_id_outgoing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
        sa.UniqueConstraint("person_id", "once_key", name=op.f("uq_bulk_run_person_id_once_key")),
    )
    op.create_index("ix_bulk_run_person", "bulk_run", ["person_id", "post_id", "id"])


def _bulk_item() -> None:
    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outgoing_id", KEY, nullable=True),
        sa.Column("incoming_id", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outgoing_id IS NULL OR incoming_id IS NULL", name=op.f("ck_bulk_item_one_document")),
        sa.CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name=op.f("ck_bulk_item_finished")),
        sa.CheckConstraint("state IN ('waiting', 'done', 'refused')", name=op.f("ck_bulk_item_state")),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_run.id"], name=op.f("fk_bulk_item_bulk_id_bulk_run")),
        sa.ForeignKeyConstraint(["file_sha256"], ["blob.sha256"], name=op.f("fk_bulk_item_file_sha256_blob")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_bulk_item_incoming_id_incoming")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_bulk_item_outgoing_id_outgoing")),
        sa.PrimaryKeyConstraint("bulk_id", "place", name=op.f("pk_bulk_item")),
    )
    op.create_index("ix_bulk_item_state", "bulk_item", ["bulk_id", "state", "place"])
