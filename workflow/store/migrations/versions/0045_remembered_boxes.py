"""remembered boxes

Revision 0045: where an agency put the fields of its last draft of a type.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "remembered_box",
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("type_code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("on_last", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.Double(), nullable=False)
            for name in ("left", "bottom", "right", "top", "width", "height")
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_remembered_box_agency_id_unit")),
        sa.ForeignKeyConstraint(
            ["type_code"], ["document_type.code"], name=op.f("fk_remembered_box_type_code_document_type")
        ),
        sa.PrimaryKeyConstraint("agency_id", "type_code", "name", name=op.f("pk_remembered_box")),
    )
