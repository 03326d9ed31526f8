"""anchors

Revision 0032: the ends of all chains of the journal under one root, its timestamps, and what complete passes found.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

# The tables that only grow and their keys as they stood on that day; `store.append_only` makes the same triggers for
# a database without migrations.
GROWING = {
    "anchor": (("number",), ("period", "part"), ("previous",)),
    "anchor_leaf": (("place", "anchor"),),
    "anchor_place": (("place",), ("subject",)),
    "anchor_token": (("id",),),
    "audit_run": (("id",),),
}


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _anchors()
    _leaves()
    _beside()
    for table, keys in GROWING.items():
        for statement in _triggers(table, keys, op.get_bind().dialect.name):
            op.execute(statement)


def _anchors() -> None:
    op.create_table(
        "anchor",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("more", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_anchor")),
        sa.UniqueConstraint("period", "part", name=op.f("uq_anchor_period_part")),
        sa.UniqueConstraint("previous", name=op.f("uq_anchor_previous")),
    )
    op.create_index(op.f("ix_anchor_at"), "anchor", ["at"])


def _leaves() -> None:
    op.create_table(
        "anchor_place",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_anchor_place")),
        sa.UniqueConstraint("subject", name=op.f("uq_anchor_place_subject")),
    )
    op.create_table(
        "anchor_leaf",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("anchor", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["anchor"], ["anchor.number"], name=op.f("fk_anchor_leaf_anchor_anchor")),
        sa.ForeignKeyConstraint(["place"], ["anchor_place.place"], name=op.f("fk_anchor_leaf_place_anchor_place")),
        sa.PrimaryKeyConstraint("place", "anchor", name=op.f("pk_anchor_leaf")),
    )
    op.create_index(op.f("ix_anchor_leaf_anchor"), "anchor_leaf", ["anchor"])
    op.create_table(
        "anchor_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_anchor_node")),
    )


def _beside() -> None:
    op.create_table(
        "anchor_token",
        sa.Column("id", KEY, nullable=False),
        sa.Column("anchor", sa.BigInteger(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("stamped_at", MOMENT, nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["anchor"], ["anchor.number"], name=op.f("fk_anchor_token_anchor_anchor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor_token")),
    )
    op.create_index(op.f("ix_anchor_token_anchor"), "anchor_token", ["anchor"])
    op.create_table(
        "audit_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=False),
        sa.Column("chains", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("anchors", sa.BigInteger(), nullable=False),
        sa.Column("open_entries", sa.BigInteger(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.CheckConstraint("state IN ('done', 'flawed')", name=op.f("ck_audit_run_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_run")),
    )


def _triggers(table: str, keys: tuple[tuple[str, ...], ...], dialect: str) -> list[str]:
    head = f"CREATE TRIGGER tr_{table}_"
    if dialect == "postgresql":
        refuse = "EXECUTE FUNCTION trinhky_refuse()"
        return [
            f"{head}update BEFORE UPDATE ON {table} FOR EACH ROW {refuse}",
            f"{head}delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
            f"{head}truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    same = [" AND ".join(f"{name} = NEW.{name}" for name in key) for key in keys]
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {one})" for one in same)  # noqa: S608  our own names
    return [
        f"{head}update BEFORE UPDATE ON {table} {refuse}",
        f"{head}delete BEFORE DELETE ON {table} {refuse}",
        f"{head}replace BEFORE INSERT ON {table} WHEN {taken} {refuse}",
    ]
