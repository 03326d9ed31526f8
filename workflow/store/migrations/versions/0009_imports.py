"""imports

Revision 0009, after 0005: registers, units and people from former systems. A line of a register that came so has no
document; it is never changed and never taken away.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _import_run()
    _import_row()
    _imported_entry()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _import_run() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("register_id", KEY, nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('outgoing', 'incoming')) = (register_id IS NOT NULL AND year IS NOT NULL)",
            name=op.f("ck_import_run_register"),
        ),
        sa.CheckConstraint("kind IN ('outgoing', 'incoming', 'units', 'people')", name=op.f("ck_import_run_kind")),
        sa.CheckConstraint(
            "state IN ('checked', 'running', 'done', 'discarded')", name=op.f("ck_import_run_state")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_import_run_agency_id_unit")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_import_run_created_by_id_person")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_import_run_register_id_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_agency_id"), "import_run", ["agency_id"])


def _import_row() -> None:
    op.create_table(
        "import_row",
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('bad', 'ready', 'done', 'known', 'refused')", name=op.f("ck_import_row_state")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_import_row_import_id_import_run")),
        sa.PrimaryKeyConstraint("import_id", "row_no", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_state", "import_row", ["import_id", "state", "place"])


def _imported_entry() -> None:
    op.create_table(
        "imported_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("register_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("suffix", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("symbol", sa.String(length=60), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("type_name", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=2000), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("parties", sa.String(length=2000), nullable=False),
        sa.Column("keeper", sa.String(length=300), nullable=False),
        sa.Column("copies", sa.String(length=60), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(length=300), nullable=False),
        sa.Column("remarks", sa.String(length=1000), nullable=False),
        sa.Column("time_limit", sa.String(length=60), nullable=False),
        sa.Column("progress", sa.String(length=200), nullable=False),
        sa.Column("answers", sa.String(length=300), nullable=False),
        sa.Column("follow_up_remarks", sa.String(length=1000), nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.CheckConstraint("status = 'used' OR reason <> ''", name=op.f("ck_imported_entry_reason")),
        sa.CheckConstraint("status IN ('used', 'held', 'cancelled')", name=op.f("ck_imported_entry_status")),
        sa.CheckConstraint("number > 0", name=op.f("ck_imported_entry_positive")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_imported_entry_import_id_import_run")
        ),
        sa.ForeignKeyConstraint(
            ["register_id"], ["register.id"], name=op.f("fk_imported_entry_register_id_register")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_entry")),
        sa.UniqueConstraint(
            "register_id", "year", "number", "suffix", name=op.f("uq_imported_entry_register_id_year_number_suffix")
        ),
    )


TAKEN = (
    "EXISTS (SELECT 1 FROM imported_entry WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM imported_entry WHERE "
    "register_id = NEW.register_id AND year = NEW.year AND number = NEW.number AND suffix = NEW.suffix)"
)
REFUSE = "BEGIN SELECT RAISE(ABORT, 'imported_entry is append-only'); END"
SQLITE = (
    f"CREATE TRIGGER tr_imported_entry_update BEFORE UPDATE ON imported_entry {REFUSE}",
    f"CREATE TRIGGER tr_imported_entry_delete BEFORE DELETE ON imported_entry {REFUSE}",
    f"CREATE TRIGGER tr_imported_entry_replace BEFORE INSERT ON imported_entry WHEN {TAKEN} {REFUSE}",
)
POSTGRESQL = tuple(
    f"CREATE TRIGGER tr_imported_entry_{verb.lower()} BEFORE {verb} ON imported_entry FOR EACH {each} "
    "EXECUTE FUNCTION trinhky_refuse()"
    for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT"))
)
