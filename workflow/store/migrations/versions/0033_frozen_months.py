"""frozen months

Revision 0033: months are closed with their list and digest; adjustments, drift and recounts stand beside them. The
indexes let a month be counted from its own rows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.store.append_only import postgresql_statements, sqlite_statements

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LEFT_SIGNING = sa.text("from_state = 'awaiting_signature'")
UNACCEPTED = sa.text("state <> 'accepted'")


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, nullable=False)


def _key(table: str, column: str, other: str, *, nullable: bool = False) -> tuple[sa.schema.SchemaItem, ...]:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.Column(column, ID, nullable=nullable), sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _frozen()
    _adjustments()
    _recounts()
    _indexes()
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[op.get_bind().dialect.name]
    for table in ("frozen_month", "unit_month", "figure_adjustment"):
        for statement in statements(table):
            op.execute(statement)


def _frozen() -> None:
    op.create_table(
        "frozen_month",
        _id(),
        *_key("frozen_month", "agency_id", "unit"),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        sa.Column("definition", sa.String(length=20), nullable=False),
        sa.Column("things", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_key("frozen_month", "closed_by_id", "person", nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_month")),
        sa.UniqueConstraint("agency_id", "month", name=op.f("uq_frozen_month_agency_id_month")),
    )
    op.create_table(
        "unit_month",
        _id(),
        *_key("unit_month", "frozen_id", "frozen_month"),
        *_key("unit_month", "unit_id", "unit"),
        *_key("unit_month", "person_id", "person", nullable=True),
        sa.Column("population", sa.String(length=15), nullable=False),
        sa.Column("value", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_unit_month_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_month")),
    )
    op.create_index("ix_unit_month_frozen", "unit_month", ["frozen_id", "id"])


def _adjustments() -> None:
    table = "figure_adjustment"
    op.create_table(
        table,
        _id(),
        *_key(table, "frozen_id", "frozen_month"),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("population", sa.String(length=15), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        *_key(table, "unit_before", "unit", nullable=True),
        *_key(table, "person_before", "person", nullable=True),
        sa.Column("value_before", sa.String(length=30), nullable=False),
        *_key(table, "unit_after", "unit", nullable=True),
        *_key(table, "person_after", "person", nullable=True),
        sa.Column("value_after", sa.String(length=30), nullable=False),
        sa.Column("cause", sa.String(length=15), nullable=False),
        *_key(table, "journal_id", "journal"),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value_before <> '' OR value_after <> ''", name=op.f("ck_figure_adjustment_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_adjustment")),
        sa.UniqueConstraint("frozen_id", "ordinal", name=op.f("uq_figure_adjustment_frozen_id_ordinal")),
    )


def _recounts() -> None:
    op.create_table(
        "figure_drift",
        _id(),
        *_key("figure_drift", "frozen_id", "frozen_month"),
        sa.Column("population", sa.String(length=15), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("broken", sa.String(length=15), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_drift")),
    )
    op.create_index("ix_figure_drift_frozen", "figure_drift", ["frozen_id", "id"])
    op.create_table(
        "month_recount",
        *_key("month_recount", "frozen_id", "frozen_month"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adjustments", sa.Integer(), nullable=False),
        sa.Column("drifts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("frozen_id", name=op.f("pk_month_recount")),
    )
    op.create_index(op.f("ix_month_recount_at"), "month_recount", ["at"])


def _indexes() -> None:
    op.create_index(
        "ix_history_left_signing", "history", ["at", "document_id"], sqlite_where=LEFT_SIGNING,
        postgresql_where=LEFT_SIGNING,
    )  # fmt: skip
    op.create_index("ix_incoming_registered", "incoming", ["agency_id", "registered_at", "id"])
    op.create_index("ix_incoming_closed", "incoming", ["agency_id", "closed_at", "id"])
    for column in ("demanded_at", "given_at", "decided_at"):
        op.create_index(op.f(f"ix_incoming_explanation_{column}"), "incoming_explanation", [column])
    op.create_index(
        "ix_incoming_explanation_open", "incoming_explanation", ["demanded_at"], sqlite_where=UNACCEPTED,
        postgresql_where=UNACCEPTED,
    )  # fmt: skip
