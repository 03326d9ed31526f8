"""attachments looked after

Revision 0020, after 0019: seals on attachments are judged again like signatures, and counted when trust shall change.
An attachment's words are found by its content when its scan was read. Documents with attachments, and arrivals with
spreadsheets, wait for their words; a report of a change of trust that is still open is counted anew where seals stand.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"])
    op.add_column("attachment_seal", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    _attachment_verdict()
    op.add_column("trust_change", sa.Column("last_seal_id", KEY, nullable=False, server_default="0"))
    with op.batch_alter_table("trust_flip") as batch:
        batch.add_column(sa.Column("attachment_seal_id", KEY, nullable=True))
        batch.create_foreign_key(
            op.f("fk_trust_flip_attachment_seal_id_attachment_seal"),
            "attachment_seal",
            ["attachment_seal_id"],
            ["id"],
        )
        batch.drop_constraint(op.f("ck_trust_flip_about_one"), type_="check")
        batch.create_check_constraint(op.f("ck_trust_flip_about_one"), ABOUT_ONE)
    op.execute(WAIT)
    op.execute(COUNT_ANEW)


def _attachment_verdict() -> None:
    op.create_table(
        "attachment_verdict",
        sa.Column("id", KEY, nullable=False),
        sa.Column("seal_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusion", sa.String(length=15), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("trust_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "conclusion IN ('passed', 'indeterminate', 'failed')", name=op.f("ck_attachment_verdict_conclusion")
        ),
        sa.ForeignKeyConstraint(
            ["seal_id"], ["attachment_seal.id"], name=op.f("fk_attachment_verdict_seal_id_attachment_seal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_verdict")),
    )
    op.create_index("ix_attachment_verdict_seal", "attachment_verdict", ["seal_id", "id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


REFUSE = "BEGIN SELECT RAISE(ABORT, 'attachment_verdict is append-only'); END"
SQLITE = (
    f"CREATE TRIGGER tr_attachment_verdict_update BEFORE UPDATE ON attachment_verdict {REFUSE}",
    f"CREATE TRIGGER tr_attachment_verdict_delete BEFORE DELETE ON attachment_verdict {REFUSE}",
    "CREATE TRIGGER tr_attachment_verdict_replace BEFORE INSERT ON attachment_verdict "  # noqa: S608  our own words
    "WHEN EXISTS (SELECT 1 FROM attachment_verdict WHERE id = NEW.id) " + REFUSE,
)
POSTGRESQL = (
    "CREATE TRIGGER tr_attachment_verdict_update BEFORE UPDATE ON attachment_verdict "
    "FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_attachment_verdict_delete BEFORE DELETE ON attachment_verdict "
    "FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_attachment_verdict_truncate BEFORE TRUNCATE ON attachment_verdict "
    "FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
)

ABOUT_ONE = (
    "CASE WHEN signature_id IS NULL THEN 0 ELSE 1 END + CASE WHEN intake_id IS NULL THEN 0 ELSE 1 END "
    "+ CASE WHEN attachment_seal_id IS NULL THEN 0 ELSE 1 END = 1 AND (intake_id IS NULL) <> (document_id IS NULL)"
)

WAIT = """
UPDATE search_text SET waiting = true, taken_until = NULL WHERE
  (kind = 'out' AND document_id IN (SELECT document_id FROM attachment WHERE removed_at IS NULL))
  OR (kind = 'in' AND document_id IN (SELECT incoming_id FROM incoming_file WHERE media_type IN (
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.oasis.opendocument.spreadsheet')))
"""

COUNT_ANEW = """
UPDATE trust_change SET counted_digest = '' WHERE state IN ('counting', 'waiting')
  AND EXISTS (SELECT 1 FROM attachment_seal WHERE withdrawn_at IS NULL)
"""
