"""entered figures

Revision 0048: indicators whose figures people enter with their source, and targets; of which kind the certificates
of an issued document are. For what was signed before it is read from the verdicts that stand.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from workflow.store.append_only import postgresql_statements, sqlite_statements

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 500
ISSUED = [
    "agency_id", "issued_at", "id", "unit_id", "signer_id", "secret", "exempt_by_id", "medium", "leader_verdict",
    "seal_verdict",
]  # fmt: skip


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, nullable=False)


def _key(table: str, column: str, other: str, *, nullable: bool = False) -> tuple[sa.schema.SchemaItem, ...]:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.Column(column, ID, nullable=nullable), sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _kinds()
    _indicators()
    _figures()
    _targets()
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[op.get_bind().dialect.name]
    for table in ("entered_indicator", "entered_figure", "figure_target"):
        for statement in statements(table):
            op.execute(statement)


def _kinds() -> None:
    for name in ("leader_kind", "seal_kind"):
        op.add_column("outgoing", sa.Column(name, sa.String(length=15), nullable=False, server_default=""))
    after = 0
    while rows := _signed(after):
        for row in rows:
            kind = _kind(row.body, row.field)
            column = sa.column(f"{row.purpose}_kind", sa.String())
            table = sa.table("outgoing", sa.column("id", ID), column)
            op.execute(table.update().where(table.c.id == row.document_id).values({column.name: kind}))
        after = rows[-1].id
    op.drop_index("ix_outgoing_issued", table_name="outgoing")
    op.create_index("ix_outgoing_issued", "outgoing", [*ISSUED, "capacity", "leader_kind", "seal_kind"])


def _signed(after: int) -> list[Any]:
    query = sa.text(
        "SELECT signature.id, signature.document_id, signature.purpose, signature.field, verdict.body "
        "FROM signature JOIN verdict ON verdict.signature_id = signature.id "
        "WHERE signature.id > :after AND signature.withdrawn_at IS NULL "
        "AND signature.purpose IN ('leader', 'seal') AND verdict.occasion IN ('signing', 'sealing') "
        "ORDER BY signature.id LIMIT :most"
    )
    return list(op.get_bind().execute(query, {"after": after, "most": AT_ONCE}))


def _kind(body: str, field: str) -> str:
    try:
        found = [one for one in json.loads(body)["signatures"] if one["field"] == field]
        return str(found[0]["signature_kind"])[:15]
    except (ValueError, KeyError, IndexError, TypeError):
        return "unknown"


def _indicators() -> None:
    table = "entered_indicator"
    op.create_table(
        table,
        _id(),
        *_key(table, "agency_id", "unit"),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("about_en", sa.String(length=1000), nullable=False),
        sa.Column("shape", sa.String(length=10), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("better", sa.String(length=10), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        *_key(table, "made_by_id", "person"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("shape IN ('share', 'parts', 'value', 'rank')", name=op.f(f"ck_{table}_shape")),
        sa.CheckConstraint("better IN ('higher', 'lower', 'neither')", name=op.f(f"ck_{table}_better")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_agency", table, ["agency_id", "id"])


def _figures() -> None:
    table = "entered_figure"
    first = sa.text("replaces_id IS NULL")
    op.create_table(
        table,
        _id(),
        *_key(table, "agency_id", "unit"),
        *_key(table, "indicator_id", "entered_indicator"),
        *_key(table, "unit_id", "unit"),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("by_file", sa.Boolean(), nullable=False),
        *_key(table, "entered_by_id", "person"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        *_key(table, "replaces_id", "entered_figure", nullable=True),
        *_key(table, "first_id", "entered_figure", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("replaces_id", name=op.f(f"uq_{table}_replaces_id")),
    )
    op.create_index(f"uq_{table}_first", table, ["indicator_id", "unit_id", "period"], unique=True,
                    sqlite_where=first, postgresql_where=first)  # fmt: skip
    op.create_index(f"ix_{table}_ends", table, ["agency_id", "ends", "id"])
    op.create_index(f"ix_{table}_first", table, ["first_id", "id"])


def _targets() -> None:
    table = "figure_target"
    op.create_table(
        table,
        _id(),
        *_key(table, "agency_id", "unit"),
        *_key(table, "unit_id", "unit"),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("goal", sa.String(length=20), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        *_key(table, "set_by_id", "person"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_agency", table, ["agency_id", "indicator", "id"])
