"""push devices

Revision 0035: browsers that take notices, and telephones that are proven by a code before anything else goes there.
Numbers that were written down before are not proven.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.add_column("notice_choice", sa.Column("proven_at", MOMENT, nullable=True))
    with op.batch_alter_table("notice_choice") as batch:
        batch.add_column(sa.Column("pushed", sa.String(60), nullable=True))
    op.execute("UPDATE notice_choice SET pushed = ''")
    with op.batch_alter_table("notice_choice") as batch:
        batch.alter_column("pushed", existing_type=sa.String(60), nullable=False)
    op.create_table(
        "phone_code",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("once_key", sa.String(120), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_phone_code_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_phone_code")),
    )
    op.create_table(
        "push_device",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("session_id", KEY, nullable=False),
        sa.Column("mark_hash", sa.String(64), nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False),
        sa.Column("endpoint_hash", sa.String(64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(65), nullable=False),
        sa.Column("secret", sa.LargeBinary(16), nullable=False),
        sa.Column("sender", sa.String(100), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_push_device_person_id_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["login_session.id"], name=op.f("fk_push_device_session_id_login_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_device")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_device_endpoint_hash")),
        sa.UniqueConstraint("mark_hash", name=op.f("uq_push_device_mark_hash")),
    )  # fmt: skip
    op.create_index(op.f("ix_push_device_person_id"), "push_device", ["person_id"])
    op.create_index(op.f("ix_push_device_session_id"), "push_device", ["session_id"])
