"""opinions

Revision 0012, after 0011: who is asked about a draft and what they say, and the submission slips that went with it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _opinion_request()
    _slip_words()
    _submission_slip()
    _opinion()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _opinion_request() -> None:
    op.create_table(
        "opinion_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("post_id", KEY, nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", KEY, nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')",
            name=op.f("ck_opinion_request_withdrawn_with_reason"),
        ),
        sa.CheckConstraint(
            "kind <> 'initials' OR unit_id IS NOT NULL", name=op.f("ck_opinion_request_units_initial")
        ),
        sa.CheckConstraint("kind IN ('opinion', 'initials')", name=op.f("ck_opinion_request_kind")),
        sa.CheckConstraint(
            "(person_id IS NULL) = (post_id IS NULL)", name=op.f("ck_opinion_request_person_in_a_post")
        ),
        sa.CheckConstraint(
            "(unit_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_opinion_request_one_addressee")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_opinion_request_agency_id_unit")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_opinion_request_asked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_opinion_request_document_id_outgoing")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opinion_request_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_opinion_request_post_id_post")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_opinion_request_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["person.id"], name=op.f("fk_opinion_request_withdrawn_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_request")),
    )
    for column in ("document_id", "person_id", "post_id", "unit_id"):
        op.create_index(op.f(f"ix_opinion_request_{column}"), "opinion_request", [column])


def _slip_words() -> None:
    op.create_table(
        "slip_words",
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_slip_words_document_id_outgoing")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_slip_words")),
    )


def _submission_slip() -> None:
    op.create_table(
        "submission_slip",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_submission_slip_by_id_person")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_submission_slip_document_id_outgoing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_slip")),
        sa.UniqueConstraint("document_id", "ordinal", name=op.f("uq_submission_slip_document_id_ordinal")),
    )


def _opinion() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", KEY, nullable=False),
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("in_place_of_id", KEY, nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_ordinal", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('agree', 'agree_with_remarks', 'disagree', 'no_opinion')", name=op.f("ck_opinion_verdict")
        ),
        sa.ForeignKeyConstraint(["in_place_of_id"], ["person.id"], name=op.f("fk_opinion_in_place_of_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opinion_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_opinion_post_id_post")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["opinion_request.id"], name=op.f("fk_opinion_request_id_opinion_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("request_id", "ordinal", name=op.f("uq_opinion_request_id_ordinal")),
    )


SQLITE = (
    "CREATE TRIGGER tr_opinion_update BEFORE UPDATE ON opinion BEGIN SELECT RAISE(ABORT, 'opinion is append-only'); END",
    "CREATE TRIGGER tr_opinion_delete BEFORE DELETE ON opinion BEGIN SELECT RAISE(ABORT, 'opinion is append-only'); END",
    "CREATE TRIGGER tr_opinion_replace BEFORE INSERT ON opinion WHEN EXISTS (SELECT 1 FROM opinion WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM opinion WHERE request_id = NEW.request_id AND ordinal = NEW.ordinal) BEGIN SELECT RAISE(ABORT, 'opinion is append-only'); END",
    "CREATE TRIGGER tr_submission_slip_update BEFORE UPDATE ON submission_slip BEGIN SELECT RAISE(ABORT, 'submission_slip is append-only'); END",
    "CREATE TRIGGER tr_submission_slip_delete BEFORE DELETE ON submission_slip BEGIN SELECT RAISE(ABORT, 'submission_slip is append-only'); END",
    "CREATE TRIGGER tr_submission_slip_replace BEFORE INSERT ON submission_slip WHEN EXISTS (SELECT 1 FROM submission_slip WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM submission_slip WHERE document_id = NEW.document_id AND ordinal = NEW.ordinal) BEGIN SELECT RAISE(ABORT, 'submission_slip is append-only'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER tr_opinion_update BEFORE UPDATE ON opinion FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_opinion_delete BEFORE DELETE ON opinion FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_opinion_truncate BEFORE TRUNCATE ON opinion FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_submission_slip_update BEFORE UPDATE ON submission_slip FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_submission_slip_delete BEFORE DELETE ON submission_slip FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_submission_slip_truncate BEFORE TRUNCATE ON submission_slip FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
)
