"""The full-text index over `search_text`, hung on the metadata so that `create_all` makes what the migrations make.

SQLite: an FTS5 table that holds no text of its own and follows `search_text` by triggers. Its tokenizer must not
fold: `remove_diacritics` knows no đ. PostgreSQL: a GIN index over the vector that we write ourselves, so that both
databases cut words alike; no extension is needed. Its list of pending entries is off: searches would read it all.
"""

from __future__ import annotations

from sqlalchemy import event

from workflow.store.base import Base
from workflow.store.ddl import ddl

_COLUMNS = "words, folded, tags"
_OLD = (
    "INSERT INTO search_fts(search_fts, rowid, words, folded, tags) "
    "VALUES ('delete', OLD.id, OLD.words, OLD.folded, OLD.tags);"
)
_NEW = "INSERT INTO search_fts(rowid, words, folded, tags) VALUES (NEW.id, NEW.words, NEW.folded, NEW.tags);"

SQLITE = (
    f"CREATE VIRTUAL TABLE search_fts USING fts5({_COLUMNS}, content='search_text', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER tr_search_text_insert AFTER INSERT ON search_text BEGIN {_NEW} END",
    f"CREATE TRIGGER tr_search_text_delete AFTER DELETE ON search_text BEGIN {_OLD} END",
    f"CREATE TRIGGER tr_search_text_update AFTER UPDATE OF {_COLUMNS} ON search_text BEGIN {_OLD} {_NEW} END",
)
POSTGRESQL = ("CREATE INDEX ix_search_text_words ON search_text USING gin (words) WITH (fastupdate = off)",)


def hang() -> None:
    """Once, when the models are loaded."""
    table = Base.metadata.tables["search_text"]
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        for statement in statements:
            event.listen(table, "after_create", ddl(statement).execute_if(dialect=dialect))
