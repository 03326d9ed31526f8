"""corrections

Revision 0014: what corrects, amends or replaces an issued document stands in a table of its own, with the kind, the
day and the reason. What documents were said to replace until now moves there; at the receiver's it follows from the
two deliveries. What leaves by post, by hand or by mail has a line for each recipient; recipients
are grouped by name.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _correction()
    _dispatch()
    _groups()
    op.execute(
        "INSERT INTO correction (outgoing_id, earlier_id, kind, reason, made_at, made_by_id) "
        "SELECT id, replaces_id, 'replace', '', created_at, drafter_id FROM outgoing WHERE replaces_id IS NOT NULL"
    )
    with op.batch_alter_table("outgoing") as batch:
        batch.drop_constraint(op.f("fk_outgoing_replaces_id_outgoing"), type_="foreignkey")
        batch.drop_column("replaces_id")
    with op.batch_alter_table("incoming") as batch:
        batch.drop_index("ix_incoming_replaces")
        batch.drop_constraint(op.f("fk_incoming_replaces_id_incoming"), type_="foreignkey")
        batch.drop_column("replaces_id")


def _correction() -> None:
    op.create_table(
        "correction",
        sa.Column("outgoing_id", KEY, autoincrement=False, nullable=False),
        sa.Column("earlier_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.CheckConstraint("kind IN ('correct', 'amend', 'replace')", name=op.f("ck_correction_kind")),
        sa.CheckConstraint("outgoing_id <> earlier_id", name=op.f("ck_correction_not_itself")),
        sa.ForeignKeyConstraint(
            ["outgoing_id"], ["outgoing.id"], name=op.f("fk_correction_outgoing_id_outgoing")
        ),
        sa.ForeignKeyConstraint(["earlier_id"], ["outgoing.id"], name=op.f("fk_correction_earlier_id_outgoing")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_correction_made_by_id_person")),
        sa.PrimaryKeyConstraint("outgoing_id", name=op.f("pk_correction")),
    )  # fmt: skip
    op.create_index(op.f("ix_correction_earlier_id"), "correction", ["earlier_id"])


def _dispatch() -> None:
    op.create_table(
        "dispatch",
        sa.Column("id", KEY, nullable=False),
        sa.Column("outgoing_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("tracking", sa.String(length=100), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", KEY, nullable=True),
        sa.CheckConstraint("state IN ('to_send', 'sent', 'received', 'returned')", name=op.f("ck_dispatch_state")),
        sa.CheckConstraint("channel IN ('', 'post', 'hand', 'mail')", name=op.f("ck_dispatch_channel")),
        sa.CheckConstraint("(state = 'to_send') = (sent_on IS NULL)", name=op.f("ck_dispatch_sent_has_day")),
        sa.CheckConstraint("(state = 'to_send') = (channel = '')", name=op.f("ck_dispatch_sent_has_channel")),
        sa.CheckConstraint(
            "state <> 'received' OR received_on IS NOT NULL", name=op.f("ck_dispatch_received_has_day")
        ),
        sa.CheckConstraint("state <> 'returned' OR note <> ''", name=op.f("ck_dispatch_returned_has_reason")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_dispatch_outgoing_id_outgoing")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_dispatch_changed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
        sa.UniqueConstraint("outgoing_id", "name", name=op.f("uq_dispatch_outgoing_id_name")),
    )  # fmt: skip


def _groups() -> None:
    op.create_table(
        "recipient_group",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_recipient_group_agency_id_unit")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_recipient_group_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_group")),
        sa.UniqueConstraint("agency_id", "name", name=op.f("uq_recipient_group_agency_id_name")),
    )
    op.create_table(
        "recipient_group_member",
        sa.Column("id", KEY, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["recipient_group.id"], name=op.f("fk_recipient_group_member_group_id_recipient_group")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_recipient_group_member_agency_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_group_member")),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_recipient_group_member_group_id_name")),
    )
