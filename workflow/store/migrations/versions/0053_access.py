"""access

Revision 0053: access reviews, looks at personal numbers, erasures.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.store.append_only import postgresql_statements, sqlite_statements

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _fk(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _access_review()
    _number_look()
    _erasure()
    op.create_index("ix_look_person", "look", ["person_id", "id"])
    op.create_index("ix_look_day", "look", ["day"])
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[op.get_bind().dialect.name]
    for statement in statements("access_review"):
        op.execute(statement)


def _access_review() -> None:
    op.create_table(
        "access_review",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", KEY, nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("withdraw", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=False),
        _fk("access_review", "agency_id", "unit"),
        _fk("access_review", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review")),
    )
    op.create_index("ix_access_review_agency", "access_review", ["agency_id", "id"])


def _number_look() -> None:
    op.create_table(
        "number_look",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=True),
        sa.Column("agency_id", KEY, nullable=True),
        sa.Column("about_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        _fk("number_look", "about_id", "person"),
        _fk("number_look", "agency_id", "unit"),
        _fk("number_look", "person_id", "person"),
        _fk("number_look", "post_id", "post"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_look")),
    )
    op.create_index("ix_number_look_about", "number_look", ["about_id", "id"])
    op.create_index("ix_number_look_agency", "number_look", ["agency_id", "id"])
    op.create_index("ix_number_look_at", "number_look", ["at"])


def _erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("asked_by_id", KEY, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (decision = '')", name=op.f("ck_erasure_decided")),
        sa.CheckConstraint("(decided_by_id IS NULL) = (decision = '')", name=op.f("ck_erasure_decided_by")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id <> asked_by_id AND decided_by_id <> person_id)",
            name=op.f("ck_erasure_second_person"),
        ),
        sa.CheckConstraint("decision IN ('', 'done', 'refused')", name=op.f("ck_erasure_decision")),
        _fk("erasure", "asked_by_id", "person"),
        _fk("erasure", "decided_by_id", "person"),
        _fk("erasure", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    where = sa.text("decision = ''")
    op.create_index(
        "uq_erasure_open", "erasure", ["person_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
