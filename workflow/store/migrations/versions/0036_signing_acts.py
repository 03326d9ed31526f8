"""signing acts

Revision 0036: one act of signing is one thing. It names by which way it is signed and how much its owner alone
controls the key, and keeps its manifest; signatures name their act. Those of before keep what was true of them:
key files in the browser, and the key on the server.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
MEDIUM, ORGANISATIONAL = 3, 1


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.add_column("certificate", sa.Column("held", sa.JSON(), nullable=False, server_default="{}"))
    _sessions()
    op.add_column("signature", sa.Column("control", sa.Integer(), nullable=False, server_default=str(MEDIUM)))
    signature = sa.table("signature", sa.column("control"), sa.column("key_holder"))
    on_server = signature.c.key_holder == "server_seal"
    op.execute(signature.update().where(on_server).values(control=ORGANISATIONAL))
    with op.batch_alter_table("signature") as batch:
        batch.add_column(sa.Column("act_id", KEY, nullable=True))
        batch.create_foreign_key(op.f("fk_signature_act_id_signing_session"), "signing_session", ["act_id"], ["id"])
    op.create_index(op.f("ix_signature_act_id"), "signature", ["act_id"])
    _undefault("certificate", "held", sa.JSON())
    _undefault("signature", "control", sa.Integer())


def _sessions() -> None:
    added = (
        ("key_holder", sa.String(20), "pkcs12_browser"), ("control", sa.Integer(), str(MEDIUM)),
        ("nonce", sa.String(64), ""), ("manifest", sa.JSON(), "{}"), ("manifest_code", sa.String(10), ""),
    )  # fmt: skip
    for name, kind, default in added:
        op.add_column("signing_session", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("signing_session", sa.Column("fixed_at", MOMENT, nullable=True))
    acts = sa.table("signing_session", *map(sa.column, ("key_holder", "control", "login_session_id")))
    by_server = acts.update().where(acts.c.login_session_id.is_(None))
    op.execute(by_server.values(key_holder="server_seal", control=ORGANISATIONAL))
    for name, kind, _default in added:
        _undefault("signing_session", name, kind)


def _undefault(table: str, name: str, kind: sa.types.TypeEngine[Any]) -> None:
    with op.batch_alter_table(table) as batch:
        batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
