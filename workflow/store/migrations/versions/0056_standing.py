"""standing

Revision 0056: posts of inspectors end; their looks are on record.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from workflow.store.append_only import postgresql_statements, sqlite_statements

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
POST = sa.table(
    "post",
    sa.column("id"), sa.column("role", sa.String), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date),
)  # fmt: skip
LONGEST = dt.timedelta(days=366)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _end_inspectors(dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date())
    _standing_look()
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[op.get_bind().dialect.name]
    for statement in statements("standing_look"):
        op.execute(statement)


def _end_inspectors(today: dt.date) -> None:
    """Inspectors' posts without a last day, or with a later one, end 366 days after today (or their first day)."""
    here = op.get_bind()
    running = sa.or_(POST.c.valid_to.is_(None), POST.c.valid_to > today + LONGEST)
    found = sa.select(POST.c.id, POST.c.valid_from, POST.c.valid_to).where(POST.c.role == "inspector", running)
    for row in here.execute(found).all():
        last = max(today, row.valid_from) + LONGEST
        if row.valid_to is None or row.valid_to > last:
            here.execute(sa.update(POST).where(POST.c.id == row.id).values(valid_to=last))


def _standing_look() -> None:
    table = "standing_look"
    others = {"agency_id": "unit", "of_id": "unit", "person_id": "person", "post_id": "post"}
    op.create_table(
        table,
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("of_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=300), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))
            for name, other in others.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for name in ("agency", "of", "post"):
        op.create_index(f"ix_{table}_{name}", table, [f"{name}_id", "id"])
