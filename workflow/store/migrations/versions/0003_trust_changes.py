"""trust changes

Revision 0003, after 0002: changes of the listed roots are proposed, counted and decided by a second person; a root
has a scope; one that was retired may be listed anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state IN ('counting', 'waiting')")
LIVE = sa.text("retired_at IS NULL")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _roots()
    _changes()
    _flips()


def _roots() -> None:
    """Roots that stand are believed everywhere, as they were."""
    with op.batch_alter_table("trust_root") as batch:
        batch.add_column(sa.Column("scope", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("confirmed_by_id", KEY, nullable=True))
        batch.drop_constraint(op.f("uq_trust_root_sha256"), type_="unique")
        batch.create_foreign_key(
            op.f("fk_trust_root_confirmed_by_id_person"), "person", ["confirmed_by_id"], ["id"]
        )
    op.execute("UPDATE trust_root SET scope = '[]'")
    with op.batch_alter_table("trust_root") as batch:
        batch.alter_column("scope", existing_type=sa.JSON(), nullable=False)
    op.create_index(
        "uq_trust_root_live", "trust_root", ["sha256"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )


def _changes() -> None:
    op.create_table(
        "trust_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("root_id", KEY, nullable=True),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", KEY, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_digest", sa.String(length=64), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_signature_id", KEY, nullable=False),
        sa.Column("last_intake_id", KEY, nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("flips", sa.Integer(), nullable=False),
        *_rules(),
        sa.ForeignKeyConstraint(["root_id"], ["trust_root.id"], name=op.f("fk_trust_change_root_id_trust_root")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_trust_change_proposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_trust_change_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_change")),
    )
    op.create_index(
        "uq_trust_change_open", "trust_change", ["subject"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )


def _rules() -> list[sa.CheckConstraint]:
    """The second person is another one, and only what was counted can be done."""
    return [
        sa.CheckConstraint("kind IN ('add', 'retire', 'amend', 'policy')", name=op.f("ck_trust_change_kind")),
        sa.CheckConstraint(
            "state IN ('counting', 'waiting', 'done', 'refused', 'withdrawn')", name=op.f("ck_trust_change_state")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_trust_change_second_person")
        ),
        sa.CheckConstraint(
            "state NOT IN ('done', 'refused') OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_trust_change_decided"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('waiting', 'done') OR counted_at IS NOT NULL", name=op.f("ck_trust_change_counted")
        ),
    ]


def _flips() -> None:
    op.create_table(
        "trust_flip",
        sa.Column("id", KEY, nullable=False),
        sa.Column("change_id", KEY, nullable=False),
        sa.Column("document_id", KEY, nullable=True),
        sa.Column("signature_id", KEY, nullable=True),
        sa.Column("intake_id", KEY, nullable=True),
        sa.Column("before_conclusion", sa.String(length=15), nullable=False),
        sa.Column("before_reason", sa.String(length=60), nullable=False),
        sa.Column("after_conclusion", sa.String(length=15), nullable=False),
        sa.Column("after_reason", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["trust_change.id"], name=op.f("fk_trust_flip_change_id_trust_change")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_trust_flip_document_id_outgoing")),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_trust_flip_signature_id_signature")
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_trust_flip_intake_id_intake")),
        sa.CheckConstraint(
            "(signature_id IS NULL) <> (intake_id IS NULL) AND (signature_id IS NULL) = (document_id IS NULL)",
            name=op.f("ck_trust_flip_about_one"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_flip")),
    )
    op.create_index("uq_trust_flip_signature", "trust_flip", ["change_id", "signature_id"], unique=True)
