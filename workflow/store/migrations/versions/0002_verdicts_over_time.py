"""Verdicts over time: files that came in, and what was found again later.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _received_files()
    _looked_at_again()

    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL if postgresql else SQLITE:
        op.execute(statement)


def _received_files() -> None:
    op.create_table(
        "intake",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("conclusion", sa.String(length=15), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "conclusion IN ('passed', 'indeterminate', 'failed', 'unsigned', 'malformed')",
            name=op.f("ck_intake_conclusion"),
        ),
        sa.CheckConstraint(
            "next_check_at IS NULL OR conclusion = 'indeterminate'", name=op.f("ck_intake_only_open_ones_wait")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_intake_agency_id_unit")),
        sa.ForeignKeyConstraint(["received_by_id"], ["person.id"], name=op.f("fk_intake_received_by_id_person")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_intake_sha256_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint(
            "agency_id", "sha256", "content_sha256", name=op.f("uq_intake_agency_id_sha256_content_sha256")
        ),
    )
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.create_index(
            "ix_intake_next_check",
            ["next_check_at", "id"],
            unique=False,
            sqlite_where=sa.text("next_check_at IS NOT NULL"),
            postgresql_where=sa.text("next_check_at IS NOT NULL"),
        )

    op.create_table(
        "intake_verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("intake_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occasion", sa.String(length=15), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusion", sa.String(length=15), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("trust_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "conclusion IN ('passed', 'indeterminate', 'failed', 'unsigned', 'malformed')",
            name=op.f("ck_intake_verdict_conclusion"),
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_intake_verdict_intake_id_intake")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_verdict")),
    )
    with op.batch_alter_table("intake_verdict", schema=None) as batch_op:
        batch_op.create_index("ix_intake_verdict_intake", ["intake_id", "id"], unique=False)


def _looked_at_again() -> None:
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_signature_checked",
            ["checked_at", "document_id"],
            unique=False,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cause", sa.String(length=60), server_default="", nullable=False))
    op.execute("UPDATE signature SET checked_at = received_at")


SQLITE = (
    "CREATE TRIGGER tr_intake_verdict_update BEFORE UPDATE ON intake_verdict BEGIN SELECT RAISE(ABORT, "
    "'intake_verdict is append-only'); END",
    "CREATE TRIGGER tr_intake_verdict_delete BEFORE DELETE ON intake_verdict BEGIN SELECT RAISE(ABORT, "
    "'intake_verdict is append-only'); END",
    "CREATE TRIGGER tr_intake_verdict_replace BEFORE INSERT ON intake_verdict WHEN EXISTS (SELECT 1 FROM "
    "intake_verdict WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'intake_verdict is append-only'); END",
)
"""What makes SQLite refuse to change what only grows."""

POSTGRESQL = (
    "CREATE TRIGGER tr_intake_verdict_update BEFORE UPDATE ON intake_verdict FOR EACH ROW EXECUTE FUNCTION "
    "trinhky_refuse()",
    "CREATE TRIGGER tr_intake_verdict_delete BEFORE DELETE ON intake_verdict FOR EACH ROW EXECUTE FUNCTION "
    "trinhky_refuse()",
    "CREATE TRIGGER tr_intake_verdict_truncate BEFORE TRUNCATE ON intake_verdict FOR EACH STATEMENT EXECUTE "
    "FUNCTION trinhky_refuse()",
)
"""The same for PostgreSQL."""
