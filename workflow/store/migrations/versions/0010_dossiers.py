"""dossiers

Revision 0010, after 0005: retention, file plans, dossiers with documents and history, hand-overs to the archive.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _retention_rule()
    _archive_transfer()
    _file_plan()
    _plan_entry()
    _dossier()
    _dossier_indexes()
    _dossier_document()
    _dossier_history()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _retention_rule() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("id", KEY, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(years BETWEEN 1 AND 70 OR years = 1000)", name=op.f("ck_retention_rule_years")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
        sa.UniqueConstraint("title", name=op.f("uq_retention_rule_title")),
    )


def _archive_transfer() -> None:
    op.create_table(
        "archive_transfer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_archive_transfer_number")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_archive_transfer_agency_id_unit")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_archive_transfer_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_transfer")),
        sa.UniqueConstraint("agency_id", "year", "number", name=op.f("uq_archive_transfer_agency_id_year_number")),
    )


def _file_plan() -> None:
    op.create_table(
        "file_plan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digital_term", sa.String(length=12), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", KEY, nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_at IS NOT NULL)", name=op.f("ck_file_plan_approved_has_date")
        ),
        sa.CheckConstraint("digital_term IN ('general', 'digital')", name=op.f("ck_file_plan_digital_term")),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'approved')", name=op.f("ck_file_plan_state")),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_file_plan_approved_has_person")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_file_plan_agency_id_unit")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_file_plan_approved_by_id_person")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_file_plan_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_plan")),
        sa.UniqueConstraint("agency_id", "year", name=op.f("uq_file_plan_agency_id_year")),
    )


def _plan_entry() -> None:
    op.create_table(
        "plan_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("plan_id", KEY, nullable=False),
        sa.Column("notation", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("maker_id", KEY, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(years BETWEEN 1 AND 70 OR years = 1000)", name=op.f("ck_plan_entry_years")),
        sa.ForeignKeyConstraint(["maker_id"], ["person.id"], name=op.f("fk_plan_entry_maker_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["file_plan.id"], name=op.f("fk_plan_entry_plan_id_file_plan")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_plan_entry_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_entry")),
        sa.UniqueConstraint("plan_id", "notation", name=op.f("uq_plan_entry_plan_id_notation")),
    )


def _dossier() -> None:
    op.create_table(
        "dossier",
        sa.Column("id", KEY, nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("maker_id", KEY, nullable=False),
        sa.Column("entry_id", KEY, nullable=True),
        sa.Column("outside_reason", sa.String(length=500), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("notation", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_folded", sa.String(length=500), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("own_years", sa.Integer(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("consent", sa.String(length=300), nullable=False),
        sa.Column("transfer_id", KEY, nullable=True),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (outside_reason <> '')", name=op.f("ck_dossier_outside_has_reason")
        ),
        sa.CheckConstraint("(kept_until IS NULL) = (consent = '')", name=op.f("ck_dossier_kept_has_consent")),
        sa.CheckConstraint(
            "(state = 'transferred') = (transfer_id IS NOT NULL)", name=op.f("ck_dossier_transferred_has_list")
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'transferred')) = (ended_on IS NOT NULL)", name=op.f("ck_dossier_closed_has_end")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'transferred', 'cancelled')", name=op.f("ck_dossier_state")
        ),
        sa.CheckConstraint("term IN ('general', 'construction', 'digital')", name=op.f("ck_dossier_term")),
        sa.CheckConstraint("(own_years BETWEEN 1 AND 70 OR own_years = 1000)", name=op.f("ck_dossier_own_years")),
        sa.CheckConstraint("(years BETWEEN 1 AND 70 OR years = 1000)", name=op.f("ck_dossier_years")),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_dossier_dates")),
        sa.CheckConstraint("kept_until IS NULL OR due_on IS NOT NULL", name=op.f("ck_dossier_kept_was_due")),
        sa.CheckConstraint("years >= own_years", name=op.f("ck_dossier_longest")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_dossier_agency_id_unit")),
        sa.ForeignKeyConstraint(["entry_id"], ["plan_entry.id"], name=op.f("fk_dossier_entry_id_plan_entry")),
        sa.ForeignKeyConstraint(["maker_id"], ["person.id"], name=op.f("fk_dossier_maker_id_person")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["archive_transfer.id"], name=op.f("fk_dossier_transfer_id_archive_transfer")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dossier_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("maker_id", "once_key", name=op.f("uq_dossier_maker_id_once_key")),
    )


def _dossier_indexes() -> None:
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_agency", ["agency_id", "id"], unique=False)
        batch_op.create_index("ix_dossier_maker", ["maker_id", "state", "id"], unique=False)
        batch_op.create_index("ix_dossier_transfer", ["transfer_id"], unique=False)
        batch_op.create_index("ix_dossier_unit", ["unit_id", "id"], unique=False)
        batch_op.create_index(
            "ix_dossier_waits",
            ["agency_id", "due_on", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'closed' AND due_on IS NOT NULL"),
            postgresql_where=sa.text("state = 'closed' AND due_on IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_dossier_entry",
            ["entry_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.create_index(
            "uq_dossier_notation",
            ["agency_id", "year", "notation"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )


def _dossier_document() -> None:
    op.create_table(
        "dossier_document",
        sa.Column("id", KEY, nullable=False),
        sa.Column("dossier_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("outgoing_id", KEY, nullable=True),
        sa.Column("incoming_id", KEY, nullable=True),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", KEY, nullable=True),
        sa.CheckConstraint(
            "(outgoing_id IS NULL) <> (incoming_id IS NULL)", name=op.f("ck_dossier_document_one_document")
        ),
        sa.CheckConstraint(
            "years IS NULL OR (years BETWEEN 1 AND 70 OR years = 1000)", name=op.f("ck_dossier_document_years")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_dossier_document_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_document_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_dossier_document_incoming_id_incoming")
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"], ["outgoing.id"], name=op.f("fk_dossier_document_outgoing_id_outgoing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_document")),
        sa.UniqueConstraint("dossier_id", "incoming_id", name=op.f("uq_dossier_document_dossier_id_incoming_id")),
        sa.UniqueConstraint("dossier_id", "ordinal", name=op.f("uq_dossier_document_dossier_id_ordinal")),
        sa.UniqueConstraint("dossier_id", "outgoing_id", name=op.f("uq_dossier_document_dossier_id_outgoing_id")),
    )
    with op.batch_alter_table("dossier_document", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_document_incoming", ["incoming_id"], unique=False)
        batch_op.create_index("ix_dossier_document_outgoing", ["outgoing_id"], unique=False)


def _dossier_history() -> None:
    op.create_table(
        "dossier_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("dossier_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("from_state", sa.String(length=12), nullable=False),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("post_id", KEY, nullable=True),
        sa.Column("outgoing_id", KEY, nullable=True),
        sa.Column("incoming_id", KEY, nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_history_dossier_id_dossier")),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_dossier_history_incoming_id_incoming")
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"], ["outgoing.id"], name=op.f("fk_dossier_history_outgoing_id_outgoing")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dossier_history_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_dossier_history_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_history")),
        sa.UniqueConstraint("dossier_id", "ordinal", name=op.f("uq_dossier_history_dossier_id_ordinal")),
    )


SQLITE = (
    "CREATE TRIGGER tr_archive_transfer_update BEFORE UPDATE ON archive_transfer BEGIN SELECT RAISE(ABORT, 'archive_transfer is append-only'); END",
    "CREATE TRIGGER tr_archive_transfer_delete BEFORE DELETE ON archive_transfer BEGIN SELECT RAISE(ABORT, 'archive_transfer is append-only'); END",
    "CREATE TRIGGER tr_archive_transfer_replace BEFORE INSERT ON archive_transfer WHEN EXISTS (SELECT 1 FROM archive_transfer WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM archive_transfer WHERE agency_id = NEW.agency_id AND year = NEW.year AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'archive_transfer is append-only'); END",
    "CREATE TRIGGER tr_dossier_history_update BEFORE UPDATE ON dossier_history BEGIN SELECT RAISE(ABORT, 'dossier_history is append-only'); END",
    "CREATE TRIGGER tr_dossier_history_delete BEFORE DELETE ON dossier_history BEGIN SELECT RAISE(ABORT, 'dossier_history is append-only'); END",
    "CREATE TRIGGER tr_dossier_history_replace BEFORE INSERT ON dossier_history WHEN EXISTS (SELECT 1 FROM dossier_history WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM dossier_history WHERE dossier_id = NEW.dossier_id AND ordinal = NEW.ordinal) BEGIN SELECT RAISE(ABORT, 'dossier_history is append-only'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER tr_archive_transfer_update BEFORE UPDATE ON archive_transfer FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_archive_transfer_delete BEFORE DELETE ON archive_transfer FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_archive_transfer_truncate BEFORE TRUNCATE ON archive_transfer FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_dossier_history_update BEFORE UPDATE ON dossier_history FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_dossier_history_delete BEFORE DELETE ON dossier_history FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_dossier_history_truncate BEFORE TRUNCATE ON dossier_history FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
)
