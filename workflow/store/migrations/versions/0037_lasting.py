"""lasting

Revision 0037: how far each sealed attachment is proven by itself, with its longer files; and that a file is stamped
again before its last timestamp ends. What was issued before waits like everything else, the newest first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DUE = sa.text("next_at IS NOT NULL")
NINETY_DAYS_BEFORE = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', until, '-90 days')",
    "postgresql": "until - interval '90 days'",
}


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _documents()
    _attachments()
    _files()
    op.execute(
        "INSERT INTO attachment_proof "
        "(seal_id, sha256, state, since, next_at, tries, reason, authority, renewals, rests) "
        "SELECT attachment_seal.id, attachment_seal.sha256, 'waiting', issued_at, issued_at, 0, '', '', 0, '' "
        "FROM attachment_seal JOIN outgoing ON outgoing.id = attachment_seal.document_id "
        "WHERE outgoing.state IN ('issued', 'filed') AND NOT outgoing.secret "
        "AND attachment_seal.withdrawn_at IS NULL"
    )


def _documents() -> None:
    op.add_column("document_proof", sa.Column("renewed_at", MOMENT, nullable=True))
    with op.batch_alter_table("document_proof") as batch:
        batch.add_column(sa.Column("renewals", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("rests", sa.String(200), nullable=True))
    op.execute("UPDATE document_proof SET renewals = 0, rests = ''")
    with op.batch_alter_table("document_proof") as batch:
        batch.alter_column("renewals", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("rests", existing_type=sa.String(200), nullable=False)
        batch.create_check_constraint(
            op.f("ck_document_proof_renewed_has_time"), "(renewals > 0) = (renewed_at IS NOT NULL)"
        )
    before = NINETY_DAYS_BEFORE[op.get_bind().dialect.name]
    rows = sa.table("document_proof", sa.column("next_at"), sa.column("state"), sa.column("until"))
    lasting = (rows.c.state == "lasting") & rows.c.until.is_not(None)
    op.execute(sa.update(rows).where(lasting).values(next_at=sa.text(before)))


def _attachments() -> None:
    op.create_table(
        "attachment_proof",
        sa.Column("seal_id", KEY, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("stamped_at", MOMENT, nullable=True),
        sa.Column("authority", sa.String(200), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("lasting_at", MOMENT, nullable=True),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("renewed_at", MOMENT, nullable=True),
        sa.Column("rests", sa.String(200), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'stamped', 'lasting')", name=op.f("ck_attachment_proof_state")),
        sa.CheckConstraint(
            "(state = 'waiting') = (stamped_at IS NULL)", name=op.f("ck_attachment_proof_stamped_has_time")
        ),
        sa.CheckConstraint(
            "(state = 'lasting') = (lasting_at IS NOT NULL)", name=op.f("ck_attachment_proof_lasting_has_time")
        ),
        sa.CheckConstraint(
            "(renewals > 0) = (renewed_at IS NOT NULL)", name=op.f("ck_attachment_proof_renewed_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["seal_id"], ["attachment_seal.id"], name=op.f("fk_attachment_proof_seal_id_attachment_seal")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_attachment_proof_sha256_blob")),
        sa.PrimaryKeyConstraint("seal_id", name=op.f("pk_attachment_proof")),
    )
    op.create_index(
        "ix_attachment_proof_due", "attachment_proof", ["state", "next_at"], sqlite_where=DUE, postgresql_where=DUE
    )


def _files() -> None:
    op.create_table(
        "attachment_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("seal_id", KEY, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('stamped', 'lasting', 'renewed')", name=op.f("ck_attachment_file_kind")),
        sa.ForeignKeyConstraint(
            ["seal_id"], ["attachment_seal.id"], name=op.f("fk_attachment_file_seal_id_attachment_seal")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_attachment_file_sha256_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_file")),
    )
    op.create_index("ix_attachment_file_seal", "attachment_file", ["seal_id", "id"])
    op.create_index(op.f("ix_attachment_file_sha256"), "attachment_file", ["sha256"])
