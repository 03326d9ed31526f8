"""known keys

Revision 0058: an enrolment says which public key it is about, and why it was stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CERTIFICATE = sa.table(
    "certificate", sa.column("id", KEY), sa.column("der", sa.LargeBinary), sa.column("public_key", sa.String)
)
BATCH = 500


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    for name, length in (("public_key", 64), ("stopped_why", 15)):
        op.add_column("certificate", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    after = 0
    while rows := _some(after):
        for row in rows:
            found = CERTIFICATE.update().where(CERTIFICATE.c.id == row.id)
            op.execute(found.values(public_key=_public_key(row.der)))
        after = rows[-1].id
    op.create_index("ix_certificate_public_key", "certificate", ["public_key"])


def _some(after: int) -> Sequence[Any]:
    query = sa.select(CERTIFICATE.c.id, CERTIFICATE.c.der).where(CERTIFICATE.c.id > after)
    return op.get_bind().execute(query.order_by(CERTIFICATE.c.id).limit(BATCH)).all()


def _public_key(der: bytes) -> str:
    """SHA-256 of the SubjectPublicKeyInfo (RFC 5280, 4.1): the sixth part of what is signed, after the version. Empty
    where it cannot be read."""
    try:
        at, _end = _inside(der, _inside(der, 0)[0])
        parts = 5 + (der[at] == 0xA0)
        for _part in range(parts):
            at = _inside(der, at)[1]
        found = der[at : _inside(der, at)[1]]
    except IndexError:
        return ""
    return hashlib.sha256(found).hexdigest() if found[:1] == b"\x30" else ""


def _inside(der: bytes, at: int) -> tuple[int, int]:
    """(where the content of the element at `at` begins, where the next element is)."""
    first, start = der[at + 1], at + 2
    if first < 0x80:
        return start, start + first
    start += first & 0x7F
    return start, start + int.from_bytes(der[at + 2 : start])
