"""mandates

Revision 0007: who may sign for whom as dated mandates that are only added and ended, who looks after whose desk, and
by which right each signature was given.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _mandate()
    _mandate_end()
    _absence()
    _absence_end()
    op.add_column("outgoing", sa.Column("authority", sa.JSON(), nullable=True))
    with op.batch_alter_table("signature") as batch:
        batch.add_column(sa.Column("mandate_id", KEY, nullable=True))
        batch.add_column(sa.Column("authority", sa.JSON(), nullable=True))
        batch.create_foreign_key(op.f("fk_signature_mandate_id_mandate"), "mandate", ["mandate_id"], ["id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _mandate() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("source_post_id", KEY, nullable=True),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("type_codes", sa.JSON(), nullable=False),
        sa.Column("unit_ids", sa.JSON(), nullable=False),
        sa.Column("organs", sa.JSON(), nullable=False),
        sa.Column("content", sa.String(length=500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("legal_symbol", sa.String(length=60), nullable=False),
        sa.Column("legal_day", sa.Date(), nullable=False),
        sa.Column("legal_title", sa.String(length=300), nullable=False),
        sa.Column("legal_document_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", KEY, nullable=False),
        sa.CheckConstraint(
            "capacity IN ('head', 'tm', 'kt', 'tl', 'tuq', 'q')", name=op.f("ck_mandate_capacity")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_mandate_dates")),
        sa.CheckConstraint("capacity <> 'tuq' OR valid_to IS NOT NULL", name=op.f("ck_mandate_tuq_ends")),
        sa.CheckConstraint("parent_id IS NULL OR capacity = 'tl'", name=op.f("ck_mandate_only_orders_pass")),
        sa.CheckConstraint(
            "(capacity IN ('kt', 'tl', 'tuq')) = (source_post_id IS NOT NULL)", name=op.f("ck_mandate_source")
        ),
        sa.CheckConstraint("legal_symbol <> ''", name=op.f("ck_mandate_legal_basis")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_mandate_agency_id_unit")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_mandate_granted_by_id_person")),
        sa.ForeignKeyConstraint(
            ["legal_document_id"], ["outgoing.id"], name=op.f("fk_mandate_legal_document_id_outgoing")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["mandate.id"], name=op.f("fk_mandate_parent_id_mandate")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_mandate_post_id_post")),
        sa.ForeignKeyConstraint(["source_post_id"], ["post.id"], name=op.f("fk_mandate_source_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )  # fmt: skip
    for column in ("agency_id", "post_id", "source_post_id"):
        op.create_index(op.f(f"ix_mandate_{column}"), "mandate", [column])


def _mandate_end() -> None:
    op.create_table(
        "mandate_end",
        sa.Column("mandate_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_mandate_end_by_id_person")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_mandate_end_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("mandate_id", name=op.f("pk_mandate_end")),
    )


def _absence() -> None:
    op.create_table(
        "absence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("deputy_post_id", KEY, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("acts", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", KEY, nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absence_dates")),
        sa.CheckConstraint("acts IN ('reading', 'processing')", name=op.f("ck_absence_acts")),
        sa.CheckConstraint("post_id <> deputy_post_id", name=op.f("ck_absence_two_posts")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_absence_agency_id_unit")),
        sa.ForeignKeyConstraint(["deputy_post_id"], ["post.id"], name=op.f("fk_absence_deputy_post_id_post")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_absence_made_by_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_absence_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    for column in ("agency_id", "post_id", "deputy_post_id"):
        op.create_index(op.f(f"ix_absence_{column}"), "absence", [column])


def _absence_end() -> None:
    op.create_table(
        "absence_end",
        sa.Column("absence_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["absence_id"], ["absence.id"], name=op.f("fk_absence_end_absence_id_absence")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_absence_end_by_id_person")),
        sa.PrimaryKeyConstraint("absence_id", name=op.f("pk_absence_end")),
    )


SQLITE = (
    "CREATE TRIGGER tr_absence_update BEFORE UPDATE ON absence BEGIN SELECT RAISE(ABORT, 'absence is append-only'); END",
    "CREATE TRIGGER tr_absence_delete BEFORE DELETE ON absence BEGIN SELECT RAISE(ABORT, 'absence is append-only'); END",
    "CREATE TRIGGER tr_absence_replace BEFORE INSERT ON absence WHEN EXISTS (SELECT 1 FROM absence WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'absence is append-only'); END",
    "CREATE TRIGGER tr_absence_end_update BEFORE UPDATE ON absence_end BEGIN SELECT RAISE(ABORT, 'absence_end is append-only'); END",
    "CREATE TRIGGER tr_absence_end_delete BEFORE DELETE ON absence_end BEGIN SELECT RAISE(ABORT, 'absence_end is append-only'); END",
    "CREATE TRIGGER tr_absence_end_replace BEFORE INSERT ON absence_end WHEN EXISTS (SELECT 1 FROM absence_end WHERE absence_id = NEW.absence_id) BEGIN SELECT RAISE(ABORT, 'absence_end is append-only'); END",
    "CREATE TRIGGER tr_mandate_update BEFORE UPDATE ON mandate BEGIN SELECT RAISE(ABORT, 'mandate is append-only'); END",
    "CREATE TRIGGER tr_mandate_delete BEFORE DELETE ON mandate BEGIN SELECT RAISE(ABORT, 'mandate is append-only'); END",
    "CREATE TRIGGER tr_mandate_replace BEFORE INSERT ON mandate WHEN EXISTS (SELECT 1 FROM mandate WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'mandate is append-only'); END",
    "CREATE TRIGGER tr_mandate_end_update BEFORE UPDATE ON mandate_end BEGIN SELECT RAISE(ABORT, 'mandate_end is append-only'); END",
    "CREATE TRIGGER tr_mandate_end_delete BEFORE DELETE ON mandate_end BEGIN SELECT RAISE(ABORT, 'mandate_end is append-only'); END",
    "CREATE TRIGGER tr_mandate_end_replace BEFORE INSERT ON mandate_end WHEN EXISTS (SELECT 1 FROM mandate_end WHERE mandate_id = NEW.mandate_id) BEGIN SELECT RAISE(ABORT, 'mandate_end is append-only'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER tr_absence_update BEFORE UPDATE ON absence FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_absence_delete BEFORE DELETE ON absence FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_absence_truncate BEFORE TRUNCATE ON absence FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_absence_end_update BEFORE UPDATE ON absence_end FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_absence_end_delete BEFORE DELETE ON absence_end FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_absence_end_truncate BEFORE TRUNCATE ON absence_end FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_mandate_update BEFORE UPDATE ON mandate FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_mandate_delete BEFORE DELETE ON mandate FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_mandate_truncate BEFORE TRUNCATE ON mandate FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_mandate_end_update BEFORE UPDATE ON mandate_end FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_mandate_end_delete BEFORE DELETE ON mandate_end FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_mandate_end_truncate BEFORE TRUNCATE ON mandate_end FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
)
