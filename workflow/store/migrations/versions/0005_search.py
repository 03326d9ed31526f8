"""search

Revision 0005, after 0004: full-text search. Every document gets its row at once, the oldest first, and waits for the
job that writes its words (`index_texts`; `trinhky search rebuild` does it while you wait).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(TSVECTOR(), "postgresql")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _search_text()
    _file_text()
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(FILL.format(issued=_day("issued_at", sqlite), created=_day("created_at", sqlite),
                           arrived=_day("arrived_at", sqlite)))  # fmt: skip
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def _day(column: str, sqlite: bool) -> str:
    """The day of a moment in the offices' zone, UTC+7."""
    return f"date({column}, '+7 hours')" if sqlite else f"CAST({column} AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)"


def _search_text() -> None:
    op.create_table(
        "search_text",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('in', 'out')", name=op.f("ck_search_text_kind")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_search_text_agency_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_text")),
        sa.UniqueConstraint("kind", "document_id", name=op.f("uq_search_text_kind_document_id")),
    )
    waiting = sa.text("waiting")
    op.create_index("ix_search_text_waiting", "search_text", ["id"], sqlite_where=waiting, postgresql_where=waiting)


def _file_text() -> None:
    op.create_table(
        "file_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('read', 'empty', 'unreadable', 'lost')", name=op.f("ck_file_text_state")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_text")),
    )  # fmt: skip


FILL = """
INSERT INTO search_text (kind, document_id, agency_id, day, text, words, folded, tags, waiting)
SELECT kind, document_id, agency_id, day, '', '', '', '', true FROM (
  SELECT 'out' AS kind, id AS document_id, agency_id, COALESCE({issued}, {created}) AS day, created_at AS came
    FROM outgoing
  UNION ALL
  SELECT 'in', id, agency_id, COALESCE(issued_on, {arrived}), arrived_at FROM incoming
) AS known ORDER BY came, kind, document_id
"""

DELETED = (
    "INSERT INTO search_fts(search_fts, rowid, words, folded, tags) "
    "VALUES ('delete', OLD.id, OLD.words, OLD.folded, OLD.tags);"
)
ADDED = "INSERT INTO search_fts(rowid, words, folded, tags) VALUES (NEW.id, NEW.words, NEW.folded, NEW.tags);"
SQLITE = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(words, folded, tags, content='search_text', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER tr_search_text_insert AFTER INSERT ON search_text BEGIN {ADDED} END",
    f"CREATE TRIGGER tr_search_text_delete AFTER DELETE ON search_text BEGIN {DELETED} END",
    "CREATE TRIGGER tr_search_text_update AFTER UPDATE OF words, folded, tags ON search_text "
    f"BEGIN {DELETED} {ADDED} END",
    "INSERT INTO search_fts(search_fts) VALUES ('rebuild')",
)
POSTGRESQL = ("CREATE INDEX ix_search_text_words ON search_text USING gin (words) WITH (fastupdate = off)",)
