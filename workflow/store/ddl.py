"""Statements that are hung on tables, typed: what SQLAlchemy left untyped stands here once."""

from __future__ import annotations

from sqlalchemy import DDL
from sqlalchemy.schema import ExecutableDDLElement


def ddl(statement: str) -> ExecutableDDLElement:
    """A statement as the metadata takes it; a percent sign is written twice."""
    made: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]
    return made
