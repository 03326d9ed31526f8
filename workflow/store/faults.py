"""What an error says to those who read ledgers: never what a statement was given or what a row holds."""

from __future__ import annotations

from sqlalchemy.exc import DataError, DBAPIError, StatementError


def error_words(error: BaseException) -> str:
    """Its kind and what it says. Of a database's error only the first line: those after it quote the row
    (PostgreSQL's DETAIL) and the statement; of a value that the database could not read not even that."""
    name = type(error).__name__
    if not isinstance(error, StatementError):
        return f"{name}: {error}"
    cause = error.orig
    if cause is None or isinstance(error, DataError):
        return name if cause is None else f"{name}: {type(cause).__name__}"
    if not isinstance(error, DBAPIError):  # a value that its column's type could not take
        return f"{name}: {type(cause).__name__}"
    said = str(cause).strip().splitlines()
    return f"{name}: {said[0]}" if said else f"{name}: {type(cause).__name__}"
