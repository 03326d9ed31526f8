"""reading

Revision 0011, after 0005: papers that are read after they came. Scans that search found no text in are asked for
again: their row of `file_text` goes, and the job `index_texts` looks at them anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _scan_reading()
    _scan_page()
    _incoming_reading()
    op.execute(
        "UPDATE search_text SET waiting = true, taken_until = NULL WHERE (kind = 'in' AND document_id IN "
        "(SELECT incoming_id FROM incoming_file WHERE sha256 IN "
        "(SELECT sha256 FROM file_text WHERE state = 'empty'))) OR (kind = 'out' AND document_id IN "
        "(SELECT document_id FROM file_version WHERE sha256 IN "
        "(SELECT sha256 FROM file_text WHERE state = 'empty')))"
    )
    op.execute("DELETE FROM file_text WHERE state = 'empty'")


def _scan_reading() -> None:
    op.create_table(
        "scan_reading",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.String(length=12), nullable=False),
        sa.Column("trouble", sa.String(length=20), nullable=False),
        sa.Column("proposals", sa.JSON(), nullable=False),
        sa.Column("is_left", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "facts IN ('unasked', 'waiting', 'read', 'unreadable')", name=op.f("ck_scan_reading_facts")
        ),
        sa.CheckConstraint("facts <> 'waiting' OR is_left", name=op.f("ck_scan_reading_waiting_is_left")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_scan_reading")),
    )
    left = sa.text("is_left")
    op.create_index(
        "ix_scan_reading_left", "scan_reading", ["asked_at", "sha256"], sqlite_where=left, postgresql_where=left
    )


def _scan_page() -> None:
    op.create_table(
        "scan_page",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_scan_page_number")),
        sa.ForeignKeyConstraint(
            ["sha256"], ["scan_reading.sha256"], name=op.f("fk_scan_page_sha256_scan_reading")
        ),
        sa.PrimaryKeyConstraint("sha256", "number", name=op.f("pk_scan_page")),
    )  # fmt: skip


def _incoming_reading() -> None:
    op.create_table(
        "incoming_reading",
        sa.Column("incoming_id", KEY, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=20), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_reading_incoming_id_incoming")
        ),
        sa.PrimaryKeyConstraint("incoming_id", name=op.f("pk_incoming_reading")),
    )  # fmt: skip
    for column, name in (("sha256", "waiting"), ("incoming_id", "differs")):
        where = sa.text(name)
        op.create_index(
            f"ix_incoming_reading_{name}", "incoming_reading", [column], sqlite_where=where, postgresql_where=where
        )
