"""key minimums

Revision 0040: an agency may ask, by type of document, how well a leader alone must control the key that signs it.
No row: nothing is asked for.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "key_minimum",
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("type_code", sa.String(20), nullable=False),
        sa.Column("control", sa.Integer(), nullable=False),
        sa.CheckConstraint("control BETWEEN 2 AND 4", name=op.f("ck_key_minimum_control")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_key_minimum_agency_id_unit")),
        sa.ForeignKeyConstraint(
            ["type_code"], ["document_type.code"], name=op.f("fk_key_minimum_type_code_document_type")
        ),
        sa.PrimaryKeyConstraint("agency_id", "type_code", name=op.f("pk_key_minimum")),
    )
