"""anomalies

Revision 0049: on which device somebody logged in and signed, and what was said about signs of irregularity.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    for table in ("login_session", "signing_session"):
        op.add_column(table, sa.Column("device_hash", sa.String(64), nullable=False, server_default=""))
    op.create_index("ix_incoming_extension_asked_at", "incoming_extension", ["asked_at"])
    op.create_table(
        "device_day",
        sa.Column("id", KEY, nullable=False),
        sa.Column("device_hash", sa.String(64), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_device_day_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_day")),
        sa.UniqueConstraint(
            "device_hash", "day", "person_id", name=op.f("uq_device_day_device_hash_day_person_id")
        ),
    )
    op.create_table(
        "anomaly_remark",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("sign", sa.String(30), nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('reviewed', 'comment')", name=op.f("ck_anomaly_remark_kind")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_anomaly_remark_agency_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_anomaly_remark_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anomaly_remark")),
    )
    op.create_index("ix_anomaly_remark_item", "anomaly_remark", ["agency_id", "sign", "item"])
