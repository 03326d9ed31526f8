"""attachments

Revision 0016, after 0015: files of their own that go with outgoing documents, and their seals. A signature and an
opinion know what was attached; an act of signing may hold several files of one document.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _attachment()
    _attachment_seal()
    for table in ("outgoing", "opinion"):
        op.add_column(table, sa.Column("attached_digest", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("outgoing", sa.Column("attached_now", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("blob") as batch:  # office files have long media types
        batch.alter_column(
            "media_type", existing_type=sa.String(length=60), type_=sa.String(length=100), existing_nullable=False
        )
    with op.batch_alter_table("signing_item") as batch:
        batch.drop_constraint(op.f("uq_signing_item_session_id_document_id"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_signing_item_session_id_document_id_field"), ["session_id", "document_id", "field"]
        )


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        *(sa.Column(side, sa.Double(), nullable=False) for side in ("left", "bottom", "right", "top")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", KEY, nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", KEY, nullable=True),
        sa.CheckConstraint("kind IN ('pdf', 'sheet')", name=op.f("ck_attachment_kind")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_attachment_named")),
        sa.CheckConstraint(
            "removed_at IS NULL OR removed_by_id IS NOT NULL", name=op.f("ck_attachment_removed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_attachment_added_by_id_person")),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_attachment_document_id_outgoing")),
        sa.ForeignKeyConstraint(
            ["original_sha256"], ["blob.sha256"], name=op.f("fk_attachment_original_sha256_blob")
        ),
        sa.ForeignKeyConstraint(["removed_by_id"], ["person.id"], name=op.f("fk_attachment_removed_by_id_person")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_attachment_sha256_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_document_id"), "attachment", ["document_id"])


def _attachment_seal() -> None:
    op.create_table(
        "attachment_seal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("attachment_id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("certificate_id", KEY, nullable=False),
        sa.Column("key_holder", sa.String(length=20), nullable=False),
        sa.Column("symbol", sa.String(length=40), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("conclusion", sa.String(length=15), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("trust_digest", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "conclusion IN ('passed', 'indeterminate', 'failed')", name=op.f("ck_attachment_seal_conclusion")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.{key}"], name=op.f(f"fk_attachment_seal_{column}_{table}"))
            for column, table, key in (
                ("attachment_id", "attachment", "id"), ("document_id", "outgoing", "id"),
                ("person_id", "person", "id"), ("post_id", "post", "id"),
                ("certificate_id", "certificate", "id"), ("sha256", "blob", "sha256"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_seal")),
    )  # fmt: skip
    op.create_index("ix_attachment_seal_document", "attachment_seal", ["document_id", "id"])
    op.create_index(op.f("ix_attachment_seal_sha256"), "attachment_seal", ["sha256"])
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_attachment_seal_standing", "attachment_seal", ["attachment_id"], unique=True, sqlite_where=standing,
        postgresql_where=standing,
    )  # fmt: skip
