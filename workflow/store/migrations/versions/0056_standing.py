"""standing

Revision 0056: posts of inspectors end.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

POST = sa.table(
    "post",
    sa.column("id"), sa.column("role", sa.String), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date),
)  # fmt: skip
LONGEST = dt.timedelta(days=366)


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _end_inspectors(dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date())


def _end_inspectors(today: dt.date) -> None:
    """Inspectors' posts without a last day, or with a later one, end 366 days after today (or their first day)."""
    here = op.get_bind()
    running = sa.or_(POST.c.valid_to.is_(None), POST.c.valid_to > today + LONGEST)
    found = sa.select(POST.c.id, POST.c.valid_from, POST.c.valid_to).where(POST.c.role == "inspector", running)
    for row in here.execute(found).all():
        last = max(today, row.valid_from) + LONGEST
        if row.valid_to is None or row.valid_to > last:
            here.execute(sa.update(POST).where(POST.c.id == row.id).values(valid_to=last))
