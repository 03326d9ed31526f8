"""copies

Revision 0046: certified copies, who may sign them, their series of numbers, the signing of digital ones.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "copy_series",
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_copy_series_last_number")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_copy_series_agency_id_unit")),
        sa.PrimaryKeyConstraint("agency_id", "year", name=op.f("pk_copy_series")),
    )
    op.create_table(
        "copy_signer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("named_by_id", KEY, nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_copy_signer_agency_id_unit")),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_copy_signer_named_by_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_copy_signer_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_signer")),
    )
    op.create_index("ix_copy_signer_agency", "copy_signer", ["agency_id", "id"])
    op.create_index(
        "uq_copy_signer_live",
        "copy_signer",
        ["post_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table("certified_copy", *_columns(), *_conditions(), *_references())
    op.create_index("ix_certified_copy_agency", "certified_copy", ["agency_id", "id"])
    op.create_index("ix_certified_copy_incoming", "certified_copy", ["incoming_id"])
    op.create_index("ix_certified_copy_outgoing", "certified_copy", ["outgoing_id"])
    op.create_index("ix_certified_copy_sealed", "certified_copy", ["sealed_sha256"])
    op.create_index("ix_certified_copy_signer", "certified_copy", ["signer_id", "id"])
    _items()


def _items() -> None:
    op.create_table(
        "copy_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("session_id", KEY, nullable=False),
        sa.Column("copy_id", KEY, nullable=False),
        sa.Column("document_version", sa.Integer(), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("prepared_sha256", sa.String(length=64), nullable=False),
        sa.Column("to_be_signed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_sha256", sa.String(length=64), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('prepared', 'pending', 'done', 'superseded')", name=op.f("ck_copy_item_status")
        ),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["certified_copy.id"], name=op.f("fk_copy_item_copy_id_certified_copy")
        ),
        sa.ForeignKeyConstraint(["result_sha256"], ["blob.sha256"], name=op.f("fk_copy_item_result_sha256_blob")),
        sa.ForeignKeyConstraint(
            ["prepared_sha256"], ["blob.sha256"], name=op.f("fk_copy_item_prepared_sha256_blob")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["signing_session.id"], name=op.f("fk_copy_item_session_id_signing_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_item")),
        sa.UniqueConstraint("session_id", "copy_id", name=op.f("uq_copy_item_session_id_copy_id")),
    )
    op.create_index(
        "uq_copy_item_live",
        "copy_item",
        ["copy_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('prepared', 'pending')"),
        postgresql_where=sa.text("status IN ('prepared', 'pending')"),
    )


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("source_medium", sa.String(length=8), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("outgoing_id", KEY, nullable=True),
        sa.Column("incoming_id", KEY, nullable=True),
        sa.Column("source_issuer", sa.String(length=200), nullable=False),
        sa.Column("source_symbol", sa.String(length=60), nullable=False),
        sa.Column("source_dated", sa.Date(), nullable=True),
        sa.Column("source_type", sa.String(length=20), nullable=True),
        sa.Column("source_subject", sa.String(length=500), nullable=False),
        sa.Column("source_folded", sa.String(length=600), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("chosen", sa.String(length=200), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Double(), nullable=False),
        sa.Column("bottom", sa.Double(), nullable=False),
        sa.Column("right", sa.Double(), nullable=False),
        sa.Column("top", sa.Double(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("signer_id", KEY, nullable=False),
        sa.Column("signer_post_id", KEY, nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("symbol", sa.String(length=60), nullable=False),
        sa.Column("numbered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("numbered_by_id", KEY, nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", KEY, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("sealed_sha256", sa.String(length=64), nullable=True),
        sa.Column("certificate_id", KEY, nullable=True),
        sa.Column("key_holder", sa.String(length=20), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conclusion", sa.String(length=15), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("trust_digest", sa.String(length=64), nullable=False),
    ]


def _conditions() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint("(number IS NULL) = (symbol = '')", name=op.f("ck_certified_copy_number_has_symbol")),
        sa.CheckConstraint("form IN ('true_copy', 'recopy', 'extract')", name=op.f("ck_certified_copy_form")),
        sa.CheckConstraint(
            "medium IN ('digital', 'paper') AND source_medium IN ('digital', 'paper')",
            name=op.f("ck_certified_copy_medium"),
        ),
        sa.CheckConstraint(
            "state <> 'done' OR done_at IS NOT NULL", name=op.f("ck_certified_copy_done_has_moment")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR medium <> 'digital' OR sealed_sha256 IS NOT NULL",
            name=op.f("ck_certified_copy_digital_is_sealed"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'numbered', 'done', 'declined', 'cancelled')",
            name=op.f("ck_certified_copy_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'cancelled') OR (closed_at IS NOT NULL AND reason <> '')",
            name=op.f("ck_certified_copy_closed_has_reason"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('numbered', 'done') OR number IS NOT NULL",
            name=op.f("ck_certified_copy_numbered_has_number"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (numbered_at IS NULL)", name=op.f("ck_certified_copy_number_has_moment")
        ),
        sa.CheckConstraint(
            "(outgoing_id IS NULL) <> (incoming_id IS NULL)", name=op.f("ck_certified_copy_one_source")
        ),
    ]


def _references() -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_certified_copy_agency_id_unit")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_certified_copy_asked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certified_copy_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_certified_copy_closed_by_id_person")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_certified_copy_done_by_id_person")),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_certified_copy_incoming_id_incoming")
        ),
        sa.ForeignKeyConstraint(
            ["numbered_by_id"], ["person.id"], name=op.f("fk_certified_copy_numbered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"], ["outgoing.id"], name=op.f("fk_certified_copy_outgoing_id_outgoing")
        ),
        sa.ForeignKeyConstraint(
            ["sealed_sha256"], ["blob.sha256"], name=op.f("fk_certified_copy_sealed_sha256_blob")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_certified_copy_sha256_blob")),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("fk_certified_copy_signer_id_person")),
        sa.ForeignKeyConstraint(
            ["signer_post_id"], ["post.id"], name=op.f("fk_certified_copy_signer_post_id_post")
        ),
        sa.ForeignKeyConstraint(
            ["source_sha256"], ["blob.sha256"], name=op.f("fk_certified_copy_source_sha256_blob")
        ),
        sa.ForeignKeyConstraint(
            ["source_type"], ["document_type.code"], name=op.f("fk_certified_copy_source_type_document_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certified_copy")),
        sa.UniqueConstraint("agency_id", "year", "number", name=op.f("uq_certified_copy_agency_id_year_number")),
    ]
