"""The declarative base and the column types that every table shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = BigInteger().with_variant(Integer(), "sqlite")
"""Surrogate keys: 64 bit; SQLite auto-numbers only plain INTEGER."""

Sha256 = String(64)
"""A SHA-256 as 64 lower-case hex digits."""


class Instant(TypeDecorator[dt.datetime]):
    """An aware moment. Stored as UTC on every database and read back aware, so no naive time can leak in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone was about to be stored")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], dt.datetime | None] | None:
        """SQLite keeps text, and lists hold moments by the hundred: one step from text to aware moment."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _from_text(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(f"{text}+00:00")


class Base(DeclarativeBase):
    """Every table of ours. Enumerations are stored as their short words, never as numbers."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads this attribute as it is
        dt.datetime: Instant(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }
