"""copy proofs

Revision 0051: certified copies are judged again and get timestamps as documents do; tickets open copies, too.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

from workflow.store.append_only import postgresql_statements, sqlite_statements

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HEADING = {"true_copy": "SAO Y", "recopy": "SAO LỤC", "extract": "TRÍCH SAO"}
OFFICE = dt.timezone(dt.timedelta(hours=7))


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.add_column("certified_copy", sa.Column("shown", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("certified_copy") as batch:
        batch.alter_column("shown", existing_type=sa.Text(), server_default=None)
        batch.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index("ix_certified_copy_checked", ["checked_at", "id"])
    op.create_table(
        "copy_verdict",
        sa.Column("id", KEY, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusion", sa.String(length=15), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("trust_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "conclusion IN ('passed', 'indeterminate', 'failed')", name=op.f("ck_copy_verdict_conclusion")
        ),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["certified_copy.id"], name=op.f("fk_copy_verdict_copy_id_certified_copy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_verdict")),
    )
    op.create_index("ix_copy_verdict_copy", "copy_verdict", ["copy_id", "id"])
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[op.get_bind().dialect.name]
    for statement in statements("copy_verdict"):
        op.execute(statement)
    _proofs()
    _tickets()
    _those_that_stand()


def _proofs() -> None:
    op.create_table(
        "copy_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('stamped', 'lasting', 'renewed')", name=op.f("ck_copy_file_kind")),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["certified_copy.id"], name=op.f("fk_copy_file_copy_id_certified_copy")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_copy_file_sha256_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_file")),
    )
    op.create_index("ix_copy_file_copy", "copy_file", ["copy_id", "id"])
    op.create_index("ix_copy_file_sha256", "copy_file", ["sha256"])
    op.create_table(
        "copy_proof",
        sa.Column("copy_id", KEY, autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lasting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rests", sa.String(length=200), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'stamped', 'lasting')", name=op.f("ck_copy_proof_state")),
        sa.CheckConstraint(
            "(state = 'waiting') = (stamped_at IS NULL)", name=op.f("ck_copy_proof_stamped_has_time")
        ),
        sa.CheckConstraint(
            "(state = 'lasting') = (lasting_at IS NOT NULL)", name=op.f("ck_copy_proof_lasting_has_time")
        ),
        sa.CheckConstraint(
            "(renewals > 0) = (renewed_at IS NOT NULL)", name=op.f("ck_copy_proof_renewed_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["certified_copy.id"], name=op.f("fk_copy_proof_copy_id_certified_copy")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_copy_proof_sha256_blob")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_copy_proof")),
    )
    due = sa.text("next_at IS NOT NULL")
    op.create_index("ix_copy_proof_due", "copy_proof", ["state", "next_at"], sqlite_where=due, postgresql_where=due)


def _tickets() -> None:
    """A ticket opens a file of a document or of a copy, and of one of them."""
    with op.batch_alter_table("signing_ticket") as batch:
        batch.alter_column("document_id", existing_type=KEY, nullable=True)
        batch.add_column(sa.Column("copy_id", KEY, nullable=True))
        batch.create_foreign_key(
            op.f("fk_signing_ticket_copy_id_certified_copy"), "certified_copy", ["copy_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_signing_ticket_one_paper"), "(document_id IS NULL) <> (copy_id IS NULL)"
        )


def _those_that_stand() -> None:
    """What copies that were sealed before show, and their place in the queue for a timestamp."""
    bind = op.get_bind()
    sealed = bind.execute(
        sa.text(
            "SELECT c.id, c.form, c.claimed_at, c.done_at, c.sealed_sha256, c.state, COALESCE((SELECT o.name FROM organ o "
            "WHERE o.agency_id = c.agency_id AND o.active ORDER BY o.id LIMIT 1), u.name) AS issuer FROM certified_copy c "
            "JOIN unit u ON u.id = c.agency_id WHERE c.sealed_sha256 IS NOT NULL"
        ).columns(claimed_at=sa.DateTime(timezone=True), done_at=sa.DateTime(timezone=True))
    ).all()  # fmt: skip
    for row in sealed:
        bind.execute(
            sa.text("UPDATE certified_copy SET shown = :shown WHERE id = :id"), {"shown": _shown(row), "id": row.id}
        )
        if row.state == "done":
            bind.execute(
                sa.text(
                    "INSERT INTO copy_proof (copy_id, sha256, state, since, next_at, tries, reason, authority, "
                    "renewals, rests) VALUES (:id, :file, 'waiting', :at, :at, 0, '', '', 0, '')"
                ).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True))),
                {"id": row.id, "file": row.sealed_sha256, "at": row.done_at},
            )


def _shown(row: Any) -> str:
    claimed = row.claimed_at if row.claimed_at.tzinfo else row.claimed_at.replace(tzinfo=dt.UTC)
    time = claimed.astimezone(OFFICE).isoformat(timespec="seconds")
    return " ".join((HEADING[row.form], *row.issuer.split(), f"Thời gian ký: {time}"))
