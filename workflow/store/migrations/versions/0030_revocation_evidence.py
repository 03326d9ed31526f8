"""revocation evidence

Revision 0030: OCSP answers, the addresses that are asked for revocation evidence, how each authority stands, and the
days on which algorithms end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "ocsp_answer",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("issuer_name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("this_update", moment, nullable=False),
        sa.Column("next_update", moment, nullable=True),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_ocsp_answer")),
    )
    op.create_index("ix_ocsp_answer_about", "ocsp_answer", ["certificate_sha256", "this_update"])
    op.create_table(
        "evidence_place",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("issuer_name", sa.String(length=200), nullable=False),
        sa.Column("issuer_key_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("tried_at", moment, nullable=True),
        sa.Column("fetched_at", moment, nullable=True),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_evidence_place")),
    )
    op.create_table(
        "evidence_watch",
        sa.Column("issuer_name", sa.String(length=200), nullable=False),
        sa.Column("issuer_key_id", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.PrimaryKeyConstraint("issuer_name", "issuer_key_id", name=op.f("pk_evidence_watch")),
    )
    _sunsets(moment)


def _sunsets(moment: sa.DateTime) -> None:
    people = ("proposed_by_id", "confirmed_by_id", "removal_by_id", "removed_by_id")
    op.create_table(
        "algorithm_sunset",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("algorithm", sa.String(length=20), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("removal_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("removed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("removed_at", moment, nullable=True),
        sa.Column("counted_at", moment, nullable=True),
        sa.Column("concerned", sa.Integer(), nullable=False),
        sa.Column("proven", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name=op.f("ck_algorithm_sunset_second_person"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR removed_by_id IS NULL OR removed_by_id <> removal_by_id",
            name=op.f("ck_algorithm_sunset_second_person_removes"),
        ),
        *(
            sa.ForeignKeyConstraint([one], ["person.id"], name=op.f(f"fk_algorithm_sunset_{one}_person"))
            for one in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_algorithm_sunset")),
    )
