"""numbers

Revision 0008: organs of an agency with their own registers, seal and head; numbers held for somebody until a day,
cancelled ones with who and when; closed years; the copies SY, TrS, SL as kinds with a register of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    _organs()
    _registers()
    _outgoing()
    _series()
    _register_number(sqlite)
    for statement in (*COPIES, *(SQLITE if sqlite else POSTGRESQL)):
        op.execute(statement)


def _organs() -> None:
    """One for each abbreviation that an agency's registers name, its usual one first."""
    op.create_table(
        "organ",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("abbreviation", sa.String(length=30), nullable=False),
        sa.Column("head_post_id", KEY, nullable=True),
        sa.Column("certificate_id", KEY, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_organ_agency_id_unit")),
        sa.ForeignKeyConstraint(["head_post_id"], ["post.id"], name=op.f("fk_organ_head_post_id_post")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_organ_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ")),
        sa.UniqueConstraint("agency_id", "code", name=op.f("uq_organ_agency_id_code")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_organ_certificate_id")),
    )
    op.execute(
        sa.text(
            "INSERT INTO organ (agency_id, code, name, abbreviation, active) "
            "SELECT register.agency_id, substr(register.organ, 1, 20), "
            "CASE WHEN register.organ = unit.abbreviation THEN unit.name ELSE register.organ END, "
            "register.organ, :yes FROM register JOIN unit ON unit.id = register.agency_id "
            "WHERE register.organ <> '' GROUP BY register.agency_id, register.organ, unit.abbreviation, unit.name "
            "ORDER BY register.agency_id, CASE WHEN register.organ = unit.abbreviation THEN 0 ELSE 1 END, "
            "min(register.id)"
        ).bindparams(yes=True)
    )


def _registers() -> None:
    """Each says whose it is; one without an abbreviation is the agency's first organ's."""
    with op.batch_alter_table("register") as batch:
        batch.add_column(sa.Column("organ_id", KEY, nullable=True))
        batch.create_foreign_key(op.f("fk_register_organ_id_organ"), "organ", ["organ_id"], ["id"])
    op.execute(
        "UPDATE register SET organ_id = COALESCE("
        "(SELECT id FROM organ WHERE organ.agency_id = register.agency_id "
        "AND organ.abbreviation = register.organ), "
        "(SELECT min(id) FROM organ WHERE organ.agency_id = register.agency_id))"
    )
    with op.batch_alter_table("register") as batch:
        batch.drop_column("organ")


def _outgoing() -> None:
    with op.batch_alter_table("outgoing") as batch:
        batch.add_column(sa.Column("organ_id", KEY, nullable=True))
        batch.add_column(sa.Column("signed_on", sa.Date(), nullable=True))
        batch.create_foreign_key(op.f("fk_outgoing_organ_id_organ"), "organ", ["organ_id"], ["id"])


def _series() -> None:
    with op.batch_alter_table("series") as batch:
        batch.add_column(sa.Column("closed_by_id", KEY, nullable=True))
        batch.add_column(sa.Column("closed_reason", sa.String(length=500), nullable=True))
        batch.create_foreign_key(op.f("fk_series_closed_by_id_person"), "person", ["closed_by_id"], ["id"])
    op.execute("UPDATE series SET closed_reason = ''")
    with op.batch_alter_table("series") as batch:
        batch.alter_column("closed_reason", existing_type=sa.String(length=500), nullable=False)


def _register_number(sqlite: bool) -> None:
    """SQLite builds the table anew, and with the old one its triggers go; PostgreSQL keeps them but one."""
    if not sqlite:
        op.execute("DROP TRIGGER tr_register_number_key ON register_number")
    with op.batch_alter_table("register_number") as batch:
        batch.add_column(sa.Column("symbol", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("held_for_id", KEY, nullable=True))
        batch.add_column(sa.Column("held_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("cancelled_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("cancelled_by_id", KEY, nullable=True))
        batch.drop_constraint(op.f("uq_register_number_document_id"), type_="unique")
        batch.create_check_constraint(
            op.f("ck_register_number_held_has_no_document"), "status <> 'held' OR document_id IS NULL"
        )
        for column in ("held_for_id", "cancelled_by_id"):
            batch.create_foreign_key(op.f(f"fk_register_number_{column}_person"), "person", [column], ["id"])
    op.execute(
        "UPDATE register_number SET symbol = "
        "COALESCE((SELECT symbol FROM outgoing WHERE outgoing.id = register_number.document_id), '')"
    )
    with op.batch_alter_table("register_number") as batch:
        batch.alter_column("symbol", existing_type=sa.String(length=40), nullable=False)
    for name, column, status in (
        ("uq_register_number_document", "document_id", "used"),
        ("ix_register_number_held", "held_until", "held"),
    ):
        only = sa.text(f"status = '{status}'")
        op.create_index(
            name,
            "register_number",
            [column],
            unique=name.startswith("uq"),
            sqlite_where=only,
            postgresql_where=only,
        )


_KINDS = (
    ("true_copy", "SY", "Sao y", "True copy"),
    ("extract", "TrS", "Trích sao", "Extract"),
    ("recopy", "SL", "Sao lục", "Copy of a true copy"),
)
COPIES = (
    *(
        "INSERT INTO document_type (code, abbreviation, name_vi, name_en, position, active) "  # noqa: S608  our own words
        f"SELECT '{code}', '{short}', '{vietnamese}', '{english}', max(position) + 1, true FROM document_type "
        f"HAVING count(*) > 0 AND count(CASE WHEN code = '{code}' THEN 1 END) = 0"
        for code, short, vietnamese, english in _KINDS
    ),
    "INSERT INTO register (agency_id, code, name, organ_id, type_codes, secret, active, direction) "
    "SELECT agency_id, 'sao', 'Sổ đăng ký bản sao', min(organ_id), '[\"true_copy\", \"extract\", \"recopy\"]', "
    "false, true, 'out' FROM register WHERE direction = 'out' GROUP BY agency_id "
    "HAVING count(CASE WHEN code = 'sao' THEN 1 END) = 0",
)
"""Where an office stands already; a new one gets both when it is set up."""

_CHANGED = (
    "NEW.id <> OLD.id OR NEW.register_id <> OLD.register_id OR NEW.year <> OLD.year OR NEW.number <> OLD.number "
    "OR (OLD.document_id IS NOT NULL AND (NEW.document_id IS NULL OR NEW.document_id <> OLD.document_id)) "
    "OR (OLD.status = 'cancelled' AND (NEW.status <> 'cancelled' OR NEW.reason <> OLD.reason "
    "OR (OLD.document_id IS NULL AND NEW.document_id IS NOT NULL))) "
    "OR (OLD.status = 'used' AND NEW.status = 'held')"
)
_IN_USE = "document_id = NEW.document_id AND status = 'used' AND NEW.status = 'used'"
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'register_number is append-only'); END"
SQLITE = (
    f"CREATE TRIGGER tr_register_number_delete BEFORE DELETE ON register_number {_REFUSE}",
    "CREATE TRIGGER tr_register_number_replace BEFORE INSERT ON register_number WHEN EXISTS (SELECT 1 FROM "  # noqa: S608  our own words
    "register_number WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM register_number WHERE register_id = "
    "NEW.register_id AND year = NEW.year AND number = NEW.number) OR EXISTS (SELECT 1 FROM register_number WHERE "
    f"{_IN_USE}) {_REFUSE}",
    f"CREATE TRIGGER tr_register_number_key BEFORE UPDATE ON register_number WHEN {_CHANGED} OR EXISTS "  # noqa: S608  our own words
    f"(SELECT 1 FROM register_number WHERE {_IN_USE} AND id <> OLD.id) {_REFUSE}",
)
POSTGRESQL = (
    "CREATE TRIGGER tr_register_number_key BEFORE UPDATE ON register_number FOR EACH ROW WHEN "
    f"({_CHANGED}) EXECUTE FUNCTION trinhky_refuse()",
)
