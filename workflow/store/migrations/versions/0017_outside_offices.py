"""outside offices

Revision 0017: an agency's catalogue of offices outside the installation, with every name they are known by; copies
and members of groups name their entry. Units inside the agency that a document goes to, and when they first saw it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _outside_office()
    _outside_office_name()
    _unit_copy()
    _dispatch()
    with op.batch_alter_table("recipient_group_member") as batch:
        batch.add_column(sa.Column("office_id", KEY, nullable=True))
        batch.create_foreign_key(
            op.f("fk_recipient_group_member_office_id_outside_office"), "outside_office", ["office_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_recipient_group_member_one_of_both"), "agency_id IS NULL OR office_id IS NULL"
        )
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(
            op.f("ck_import_run_kind"), "kind IN ('outgoing', 'incoming', 'units', 'people', 'outside')"
        )


def _outside_office() -> None:
    op.create_table(
        "outside_office",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("short_name", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", KEY, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", KEY, nullable=True),
        sa.CheckConstraint("channel IN ('', 'post', 'hand', 'mail')", name=op.f("ck_outside_office_channel")),
        sa.CheckConstraint("channel <> 'mail' OR email <> ''", name=op.f("ck_outside_office_mail_has_email")),
        sa.CheckConstraint("channel <> 'post' OR address <> ''", name=op.f("ck_outside_office_post_has_address")),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR ended_at IS NOT NULL", name=op.f("ck_outside_office_merged_has_ended")
        ),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_outside_office_not_itself")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_outside_office_agency_id_unit")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["outside_office.id"], name=op.f("fk_outside_office_merged_into_id_outside_office")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_outside_office_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_office")),
    )
    op.create_index(op.f("ix_outside_office_agency_id"), "outside_office", ["agency_id"])


def _outside_office_name() -> None:
    op.create_table(
        "outside_office_name",
        sa.Column("id", KEY, nullable=False),
        sa.Column("office_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("alias", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["outside_office.id"], name=op.f("fk_outside_office_name_office_id_outside_office")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_outside_office_name_agency_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_office_name")),
        sa.UniqueConstraint("agency_id", "key", name=op.f("uq_outside_office_name_agency_id_key")),
    )
    op.create_index(op.f("ix_outside_office_name_office_id"), "outside_office_name", ["office_id"])


def _unit_copy() -> None:
    op.create_table(
        "unit_copy",
        sa.Column("id", KEY, nullable=False),
        sa.Column("outgoing_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", KEY, nullable=True),
        sa.CheckConstraint(
            "seen_at IS NULL OR given_at IS NOT NULL", name=op.f("ck_unit_copy_seen_after_given")
        ),
        sa.CheckConstraint(
            "(seen_at IS NULL) = (seen_by_id IS NULL)", name=op.f("ck_unit_copy_seen_by_somebody")
        ),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_unit_copy_outgoing_id_outgoing")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_copy_unit_id_unit")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["person.id"], name=op.f("fk_unit_copy_seen_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_copy")),
        sa.UniqueConstraint("outgoing_id", "unit_id", name=op.f("uq_unit_copy_outgoing_id_unit_id")),
    )  # fmt: skip
    op.create_index("ix_unit_copy_unit", "unit_copy", ["unit_id", "given_at"])


def _dispatch() -> None:
    with op.batch_alter_table("dispatch") as batch:
        batch.add_column(sa.Column("office_id", KEY, nullable=True))
        for name, length in (("wanted_channel", 10), ("address", 500), ("email", 200)):
            batch.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        batch.create_foreign_key(
            op.f("fk_dispatch_office_id_outside_office"), "outside_office", ["office_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_dispatch_wanted_channel"), "wanted_channel IN ('', 'post', 'hand', 'mail')"
        )
    with op.batch_alter_table("dispatch") as batch:
        for name in ("wanted_channel", "address", "email"):
            batch.alter_column(name, server_default=None)
        batch.create_index(op.f("ix_dispatch_office_id"), ["office_id"])
