"""cancelled lines

Revision 0022: a cancelled number keeps the line that it had in the register. Of those cancelled before, what their
document says today is kept; from here on it does not change any more.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER tr_register_number_key" + ("" if sqlite else " ON register_number"))
    op.add_column("register_number", sa.Column("entry", sa.JSON(), nullable=True))
    _fill()
    op.execute(SQLITE if sqlite else POSTGRESQL)


def _fill() -> None:
    rows = op.get_bind().execute(
        sa.text(
            "SELECT register_number.id, outgoing.type_code, outgoing.subject, outgoing.recipients, outgoing.medium, "
            "outgoing.secret, unit.name, drafter.full_name, signer.full_name "
            "FROM register_number JOIN outgoing ON outgoing.id = register_number.document_id "
            "JOIN unit ON unit.id = outgoing.unit_id JOIN person drafter ON drafter.id = outgoing.drafter_id "
            "LEFT JOIN person signer ON signer.id = outgoing.signer_id "
            "WHERE register_number.status = 'cancelled' ORDER BY register_number.id"
        )
    )
    numbers = sa.table("register_number", sa.column("id", KEY), sa.column("entry", sa.JSON()))
    for key, type_code, subject, recipients, medium, secret, unit, drafter, signer in rows.all():
        entry = {
            "type_code": type_code, "subject": "" if secret else subject, "recipients": recipients,
            "medium": medium, "secret": bool(secret), "unit_name": unit, "drafter": drafter, "signer": signer or "",
        }  # fmt: skip
        op.get_bind().execute(numbers.update().where(numbers.c.id == key).values(entry=entry))


_CHANGED = (
    "NEW.id <> OLD.id OR NEW.register_id <> OLD.register_id OR NEW.year <> OLD.year OR NEW.number <> OLD.number "
    "OR (OLD.document_id IS NOT NULL AND (NEW.document_id IS NULL OR NEW.document_id <> OLD.document_id)) "
    "OR (OLD.status = 'cancelled' AND (NEW.status <> 'cancelled' OR NEW.reason <> OLD.reason "
    "OR COALESCE(CAST(NEW.entry AS TEXT), '') <> COALESCE(CAST(OLD.entry AS TEXT), '') "
    "OR (OLD.document_id IS NULL AND NEW.document_id IS NOT NULL))) "
    "OR (OLD.status = 'used' AND NEW.status = 'held')"
)
_TAKEN = (
    "EXISTS (SELECT 1 FROM register_number WHERE document_id = NEW.document_id AND status = 'used' "
    "AND NEW.status = 'used' AND id <> OLD.id)"
)
SQLITE = (
    f"CREATE TRIGGER tr_register_number_key BEFORE UPDATE ON register_number WHEN {_CHANGED} OR {_TAKEN} "
    "BEGIN SELECT RAISE(ABORT, 'register_number is append-only'); END"
)
POSTGRESQL = (
    "CREATE TRIGGER tr_register_number_key BEFORE UPDATE ON register_number FOR EACH ROW WHEN "
    f"({_CHANGED}) EXECUTE FUNCTION trinhky_refuse()"
)
