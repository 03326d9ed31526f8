"""channels

Revision 0026: by which ways messages go. What stands in the outbox already keeps its one way.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("sort", sa.String(20), nullable=True))
        batch.add_column(sa.Column("copy_of", KEY, nullable=True))
        batch.add_column(sa.Column("spread_at", MOMENT, nullable=True))
        batch.drop_constraint(op.f("ck_outbox_state"), type_="check")
    op.execute("UPDATE outbox SET sort = 'notice', spread_at = created_at")
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("sort", existing_type=sa.String(20), nullable=False)
        batch.create_check_constraint(op.f("ck_outbox_state"), "state IN ('waiting', 'sent', 'failed', 'bounced')")
        batch.create_foreign_key(
            op.f("fk_outbox_copy_of_outbox"), "outbox", ["copy_of"], ["id"], ondelete="CASCADE"
        )
    op.create_index(op.f("ix_outbox_copy_of"), "outbox", ["copy_of"])
    for name, where in (
        ("ix_outbox_unspread", "spread_at IS NULL"),
        ("ix_outbox_undelivered", "(state = 'failed' OR state = 'bounced') AND error <> 'no_mail_server'"),
    ):
        op.create_index(name, "outbox", ["id"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "notice_choice",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("by_sms", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_choice_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "report_reader",
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_reader_unit_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_reader_person_id_person")),
        sa.PrimaryKeyConstraint("unit_id", "person_id", name=op.f("pk_report_reader")),
    )
    op.create_index(op.f("ix_report_reader_person_id"), "report_reader", ["person_id"])
    op.create_table(
        "channel_health",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel_health")),
    )
