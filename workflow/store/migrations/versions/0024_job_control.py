"""job control

Revision 0024: an administrator may pause a job, have it run or tried, and ask a running one to stop; a slow one says
how far it is. Lines of the ledger are periods of a schedule, asked runs and dry runs. What jobs ask every few minutes
is found by indexes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "job_control",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("paused_by_id", KEY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(paused_at IS NULL) = (paused_by_id IS NULL)", name=op.f("ck_job_control_paused")),
        sa.ForeignKeyConstraint(["paused_by_id"], ["person.id"], name=op.f("fk_job_control_paused_by_id_person")),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_control")),
    )
    with op.batch_alter_table("job_run") as batch:
        batch.add_column(sa.Column("kind", sa.String(10), nullable=False, server_default="period"))
        batch.add_column(sa.Column("asked_by_id", KEY, nullable=True))
        batch.add_column(sa.Column("doing", sa.String(40), nullable=False, server_default=""))
        batch.add_column(sa.Column("done_steps", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("all_steps", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("told_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("stop_asked_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("stop_asked_by_id", KEY, nullable=True))
    with op.batch_alter_table("job_run") as batch:
        batch.alter_column("kind", existing_type=sa.String(10), server_default=None)
        batch.alter_column("doing", existing_type=sa.String(40), server_default=None)
        batch.drop_constraint(op.f("ck_job_run_state"), type_="check")
        batch.create_check_constraint(
            op.f("ck_job_run_state"), "state IN ('waiting', 'running', 'done', 'failed', 'missed', 'stopped')"
        )
        batch.create_check_constraint(op.f("ck_job_run_kind"), "kind IN ('period', 'asked', 'dry')")
        batch.create_check_constraint(op.f("ck_job_run_asked"), "(kind = 'period') = (asked_by_id IS NULL)")
        batch.create_foreign_key(op.f("fk_job_run_asked_by_id_person"), "person", ["asked_by_id"], ["id"])
        batch.create_foreign_key(op.f("fk_job_run_stop_asked_by_id_person"), "person", ["stop_asked_by_id"], ["id"])
    op.create_index(op.f("ix_job_run_job_id"), "job_run", ["job", "id"])
    op.create_index("ix_job_run_open", "job_run", ["job"], sqlite_where=OPEN, postgresql_where=OPEN)
    _flat_in_documents()


def _flat_in_documents() -> None:
    """What jobs ask every few minutes must not read every document there is."""
    op.create_index("ix_incoming_late", "incoming", ["due_at"])
    op.create_index("ix_incoming_part_late", "incoming_part", ["due_at"])
    pending = sa.text("status = 'pending'")
    op.create_index(
        "ix_signing_item_pending", "signing_item", ["id"], sqlite_where=pending, postgresql_where=pending
    )
