"""incoming edges

Revision 0006, after 0005: a part repeats its document's agency and arrival number, so that lists of a unit or a
person by number are read along an index; requests for more time travel between agencies.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LEAD = sa.text("part = 'lead' AND state <> 'ended'")
OPEN = sa.text("ended_at IS NULL")
ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _incoming_part()
    _extension_request()


def _incoming_part() -> None:
    op.drop_index("ix_incoming_part_person", "incoming_part")
    for name in ("uq_incoming_part_lead", "ix_incoming_part_open", "ix_incoming_part_mine"):
        op.drop_index(name, "incoming_part")  # those over some rows only: a copied table would lose the condition
    with op.batch_alter_table("incoming_part") as batch:
        batch.add_column(sa.Column("agency_id", KEY, nullable=True))
        batch.add_column(sa.Column("year", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_incoming_part_agency_id_unit"), "unit", ["agency_id"], ["id"])
    for column in ("agency_id", "year", "number"):
        document = f"SELECT incoming.{column} FROM incoming WHERE incoming.id = incoming_part.incoming_id"  # noqa: S608
        op.execute(f"UPDATE incoming_part SET {column} = ({document})")  # noqa: S608  our own names
    with op.batch_alter_table("incoming_part") as batch:
        batch.alter_column("agency_id", existing_type=KEY, nullable=False)
    create = op.create_index
    create("uq_incoming_part_lead", "incoming_part", ["incoming_id"], unique=True, sqlite_where=LEAD,
           postgresql_where=LEAD)  # fmt: skip
    create("ix_incoming_part_open", "incoming_part", ["unit_id", "due_at", "id"], sqlite_where=OPEN,
           postgresql_where=OPEN)  # fmt: skip
    create("ix_incoming_part_mine", "incoming_part", ["person_id", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    create("ix_incoming_part_person", "incoming_part", ["person_id", "agency_id", "incoming_id"])
    create("ix_incoming_part_unit_number", "incoming_part", ["unit_id", "year", "number", "incoming_id"])
    create(
        "ix_incoming_part_person_number", "incoming_part",
        ["person_id", "agency_id", "year", "number", "incoming_id"],
    )  # fmt: skip


def _extension_request() -> None:
    op.create_table(
        "extension_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("delivery_id", KEY, nullable=False),
        sa.Column("extension_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'withdrawn', 'lapsed')", name=op.f("ck_extension_request_state")
        ),
        sa.CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name=op.f("ck_extension_request_ended_has_date")),
        sa.CheckConstraint(
            "(state = 'granted') = (granted_on IS NOT NULL)", name=op.f("ck_extension_request_granted_has_day")
        ),
        sa.CheckConstraint("state <> 'refused' OR answer <> ''", name=op.f("ck_extension_request_refused_has_reason")),
        sa.CheckConstraint("wanted_on > due_on", name=op.f("ck_extension_request_later")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_extension_request_delivery_id_delivery")),
        sa.ForeignKeyConstraint(
            ["extension_id"], ["incoming_extension.id"], name=op.f("fk_extension_request_extension_id_incoming_extension")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_extension_request_asked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_extension_request_answered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
        sa.UniqueConstraint("extension_id", name=op.f("uq_extension_request_extension_id")),
    )  # fmt: skip
    op.create_index("ix_extension_request_delivery", "extension_request", ["delivery_id", "id"])
    op.create_index("uq_extension_request_asked", "extension_request", ["delivery_id"], unique=True,
                    sqlite_where=ASKED, postgresql_where=ASKED)  # fmt: skip
