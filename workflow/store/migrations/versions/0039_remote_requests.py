"""remote requests

Revision 0039: approvals asked of remote signing services, each a part of an act of signing or the proof of an
enrolment.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LIVE = "state IN ('ready', 'asking', 'waiting', 'approved')"
OPEN = "state IN ('queued', 'ready', 'asking', 'waiting', 'approved')"


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table("remote_request", *_columns(), *_constraints())
    for name, columns, unique, where in (
        ("uq_remote_request_live", ["act_id"], True, LIVE), ("ix_remote_request_open", ["id"], False, OPEN),
    ):  # fmt: skip
        op.create_index(
            name, "remote_request", columns, unique=unique, sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )  # fmt: skip
    op.create_index("ix_remote_request_person", "remote_request", ["person_id", "id"])


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("act_id", KEY, nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("login_session_id", KEY, nullable=True),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("provider", sa.String(30), nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("credential", sa.String(200), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("trouble", sa.String(60), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("claimed_until", MOMENT, nullable=True),
    )


def _constraints() -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint(
            "state IN ('queued', 'ready', 'asking', 'waiting', 'approved', 'done', 'refused', 'expired', "
            "'cancelled', 'unreachable', 'failed')",
            name=op.f("ck_remote_request_state"),
        ),
        sa.CheckConstraint("(kind = 'sign') = (act_id IS NOT NULL)", name=op.f("ck_remote_request_of_an_act")),
        sa.CheckConstraint("kind IN ('sign', 'enrol')", name=op.f("ck_remote_request_kind")),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state NOT IN ('queued', 'ready', 'asking', 'waiting', 'approved'))",
            name=op.f("ck_remote_request_ended"),
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["signing_session.id"], name=op.f("fk_remote_request_act_id_signing_session")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_remote_request_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_remote_request_post_id_post")),
        sa.ForeignKeyConstraint(
            ["login_session_id"],
            ["login_session.id"],
            name=op.f("fk_remote_request_login_session_id_login_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remote_request")),
        sa.UniqueConstraint("name", name=op.f("uq_remote_request_name")),
        sa.UniqueConstraint("act_id", "part", name=op.f("uq_remote_request_act_id_part")),
    )
