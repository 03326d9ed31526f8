"""inspections

Revision 0050: inspection teams with their units, looks, samples, findings and commitments.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.store.append_only import postgresql_statements, sqlite_statements

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
GROWING = ("inspection_look", "inspection_sample", "inspection_sample_item")


def _fk(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _inspection()
    _inspection_member()
    _inspection_unit()
    _inspection_look()
    _inspection_sample()
    _inspection_sample_item()
    _finding()
    _commitment()
    with op.batch_alter_table("login_session") as batch:
        batch.add_column(sa.Column("inspection_member_id", KEY, nullable=True))
        batch.create_foreign_key(
            op.f("fk_login_session_inspection_member_id_inspection_member"), "inspection_member",
            ["inspection_member_id"], ["id"],
        )  # fmt: skip
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[op.get_bind().dialect.name]
    for table in GROWING:
        for statement in statements(table):
            op.execute(statement)


def _inspection() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("decision_symbol", sa.String(length=60), nullable=False),
        sa.Column("decision_day", sa.Date(), nullable=False),
        sa.Column("decision_agency", sa.String(length=200), nullable=False),
        sa.Column("decision_id", KEY, nullable=True),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("founded_by_id", KEY, nullable=False),
        sa.Column("founded_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.Column("report_id", KEY, nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name=op.f("ck_inspection_end_has_reason")),
        sa.CheckConstraint("decision_symbol <> ''", name=op.f("ck_inspection_decision")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_inspection_dates")),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_inspection_period")),
        _fk("inspection", "agency_id", "unit"),
        _fk("inspection", "decision_id", "outgoing"),
        _fk("inspection", "founded_by_id", "person"),
        _fk("inspection", "report_id", "outgoing"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_index("ix_inspection_agency_id", "inspection", ["agency_id"])
    op.create_index("ix_inspection_founded_by_id", "inspection", ["founded_by_id"])


def _inspection_member() -> None:
    op.create_table(
        "inspection_member",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inspection_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("granted_by_id", KEY, nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("revoked_by_id", KEY, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoke_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoke_reason = '')", name=op.f("ck_inspection_member_revocation_has_reason")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_inspection_member_dates")),
        _fk("inspection_member", "granted_by_id", "person"),
        _fk("inspection_member", "inspection_id", "inspection"),
        _fk("inspection_member", "person_id", "person"),
        _fk("inspection_member", "post_id", "post"),
        _fk("inspection_member", "revoked_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_member")),
    )
    op.create_index("ix_inspection_member_inspection_id", "inspection_member", ["inspection_id"])
    op.create_index("ix_inspection_member_person_id", "inspection_member", ["person_id"])


def _inspection_unit() -> None:
    op.create_table(
        "inspection_unit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inspection_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        _fk("inspection_unit", "inspection_id", "inspection"),
        _fk("inspection_unit", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_unit")),
        sa.UniqueConstraint("inspection_id", "unit_id", name=op.f("uq_inspection_unit_inspection_id_unit_id")),
    )
    op.create_index("ix_inspection_unit_unit_id", "inspection_unit", ["unit_id"])


def _inspection_look() -> None:
    op.create_table(
        "inspection_look",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inspection_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=300), nullable=False),
        sa.Column("under_id", KEY, nullable=True),
        _fk("inspection_look", "inspection_id", "inspection"),
        _fk("inspection_look", "member_id", "inspection_member"),
        _fk("inspection_look", "under_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_look")),
    )
    op.create_index("ix_inspection_look_inspection", "inspection_look", ["inspection_id", "id"])
    op.create_index("ix_inspection_look_under", "inspection_look", ["under_id", "id"])


def _inspection_sample() -> None:
    op.create_table(
        "inspection_sample",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inspection_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit_ids", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("cut_off", MOMENT, nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("seed_drawn", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("per_unit", sa.Boolean(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("list_hash", sa.String(length=64), nullable=False),
        sa.Column("drawn_by_id", KEY, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('outgoing', 'incoming')", name=op.f("ck_inspection_sample_kind")),
        sa.CheckConstraint("size > 0", name=op.f("ck_inspection_sample_size")),
        _fk("inspection_sample", "drawn_by_id", "person"),
        _fk("inspection_sample", "inspection_id", "inspection"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_sample")),
    )
    op.create_index("ix_inspection_sample_inspection", "inspection_sample", ["inspection_id", "id"])


def _inspection_sample_item() -> None:
    op.create_table(
        "inspection_sample_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sample_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("sort_key", sa.String(length=64), nullable=False),
        _fk("inspection_sample_item", "sample_id", "inspection_sample"),
        _fk("inspection_sample_item", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_sample_item")),
        sa.UniqueConstraint("sample_id", "place", name=op.f("uq_inspection_sample_item_sample_id_place")),
    )


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inspection_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("noted_by_id", KEY, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("late_reason", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("accepted_by_id", KEY, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL)", name=op.f("ck_finding_accepted_has_date")
        ),
        sa.CheckConstraint("(state = 'open') OR (answer <> '')", name=op.f("ck_finding_corrected_has_answer")),
        sa.CheckConstraint("state IN ('open', 'corrected', 'accepted')", name=op.f("ck_finding_state")),
        _fk("finding", "accepted_by_id", "person"),
        _fk("finding", "answered_by_id", "person"),
        _fk("finding", "inspection_id", "inspection"),
        _fk("finding", "noted_by_id", "person"),
        _fk("finding", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_finding_inspection_id_number")),
    )
    op.create_index("ix_finding_due", "finding", ["due_on", "state"])
    op.create_index("ix_finding_unit", "finding", ["unit_id", "id"])


def _commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inspection_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("noted_by_id", KEY, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("told_by_id", KEY, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('commitment', 'plan')", name=op.f("ck_commitment_kind")),
        sa.CheckConstraint("state <> 'not_done' OR reason <> ''", name=op.f("ck_commitment_not_done_has_reason")),
        sa.CheckConstraint("state IN ('open', 'done', 'not_done')", name=op.f("ck_commitment_state")),
        _fk("commitment", "inspection_id", "inspection"),
        _fk("commitment", "noted_by_id", "person"),
        _fk("commitment", "told_by_id", "person"),
        _fk("commitment", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_commitment_inspection_id_number")),
    )
    op.create_index("ix_commitment_due", "commitment", ["due_on", "state"])
    op.create_index("ix_commitment_unit", "commitment", ["unit_id", "id"])
