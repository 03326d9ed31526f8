"""remarks

Revision 0055: what was said about a sign of irregularity is only added to.
"""

from __future__ import annotations

from alembic import op

from workflow.store.append_only import postgresql_statements, sqlite_statements

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[op.get_bind().dialect.name]
    for statement in statements("anomaly_remark"):
        op.execute(statement)
