"""Run by Alembic inside `workflow.store.migrate`, which hands over an open connection."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from workflow.store import models  # noqa: F401  fills the metadata
from workflow.store.base import Base, Instant


def render(kind: str, value: Any, _context: AutogenContext) -> str | Literal[False]:
    """Revisions name plain SQLAlchemy types, so that an old one never changes with our code."""
    if kind == "type" and isinstance(value, Instant):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=render,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    compare_server_default=True,
)
context.run_migrations()
