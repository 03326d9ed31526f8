"""drafting

Revision 0013: an office's own templates, the words that drafts are set from, remarks on versions of a draft.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _draft_template()
    _draft_text()
    _draft_comment()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _draft_template() -> None:
    op.create_table(
        "draft_template",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("type_code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by_id", KEY, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_draft_template_ended_by")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_draft_template_agency_id_unit")),
        sa.ForeignKeyConstraint(
            ["type_code"], ["document_type.code"], name=op.f("fk_draft_template_type_code_document_type")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_draft_template_added_by_id_person")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_draft_template_ended_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_template")),
    )
    op.create_index("ix_draft_template_agency", "draft_template", ["agency_id", "type_code", "id"])


def _draft_text() -> None:
    op.create_table(
        "draft_text",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("written_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_draft_text_document_id_outgoing")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_draft_text_written_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_text")),
        sa.UniqueConstraint("document_id", "ordinal", name=op.f("uq_draft_text_document_id_ordinal")),
    )


def _draft_comment() -> None:
    op.create_table(
        "draft_comment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by_id", KEY, nullable=True),
        sa.CheckConstraint("page IS NULL OR page > 0", name=op.f("ck_draft_comment_page")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_draft_comment_settled_by")
        ),
        sa.CheckConstraint("parent_id IS NULL OR settled_at IS NULL", name=op.f("ck_draft_comment_threads_settle")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_draft_comment_document_id_outgoing")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["draft_comment.id"], name=op.f("fk_draft_comment_parent_id_draft_comment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_comment_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_draft_comment_post_id_post")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_draft_comment_settled_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_comment")),
    )
    op.create_index("ix_draft_comment_document", "draft_comment", ["document_id", "id"])
    unsettled = sa.text("parent_id IS NULL AND settled_at IS NULL")
    op.create_index(
        "ix_draft_comment_open",
        "draft_comment",
        ["document_id"],
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )


# The triggers as they stood on that day; `store.append_only` makes the same for a database without migrations.
SQLITE = (
    "CREATE TRIGGER tr_draft_text_update BEFORE UPDATE ON draft_text "
    "BEGIN SELECT RAISE(ABORT, 'draft_text is append-only'); END",
    "CREATE TRIGGER tr_draft_text_delete BEFORE DELETE ON draft_text "
    "BEGIN SELECT RAISE(ABORT, 'draft_text is append-only'); END",
    "CREATE TRIGGER tr_draft_text_replace BEFORE INSERT ON draft_text "
    "WHEN EXISTS (SELECT 1 FROM draft_text WHERE id = NEW.id) "
    "OR EXISTS (SELECT 1 FROM draft_text WHERE document_id = NEW.document_id AND ordinal = NEW.ordinal) "
    "BEGIN SELECT RAISE(ABORT, 'draft_text is append-only'); END",
)

POSTGRESQL = (
    "CREATE TRIGGER tr_draft_text_update BEFORE UPDATE ON draft_text "
    "FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_draft_text_delete BEFORE DELETE ON draft_text "
    "FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_draft_text_truncate BEFORE TRUNCATE ON draft_text "
    "FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
)
