"""Where the fields of a type of document stood last in an agency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.store.models import RememberedBox

KEY = ("agency_id", "type_code", "name")


def boxes(session: Session, agency_id: int, type_code: str) -> Sequence[RememberedBox]:
    """Everything that is remembered for a type in an agency."""
    query = select(RememberedBox).where(RememberedBox.agency_id == agency_id, RememberedBox.type_code == type_code)
    return session.scalars(query).all()


def put(session: Session, values: dict[str, Any]) -> None:
    """Instead of what was remembered of the same field; of two at once the later one stays."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    new = {name: value for name, value in values.items() if name not in KEY}
    session.execute(insert(RememberedBox).values(**values).on_conflict_do_update(index_elements=KEY, set_=new))
