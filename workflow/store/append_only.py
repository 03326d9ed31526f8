"""Tables that only grow: the database itself refuses to change, delete, empty or replace their rows.

The triggers stand in the database, so they hold for any connection. SQLite's REPLACE deletes the row it replaces
without firing triggers for that DELETE (unless a connection asks for it), so a row whose key is taken is refused
before it goes in. What remains is whoever may alter the tables: the owner on PostgreSQL, which the service
refuses to run as, and whoever may write the file of a SQLite database.
"""

from __future__ import annotations

from sqlalchemy import Table, event

from workflow.store.base import Base
from workflow.store.ddl import ddl

GROWING = {
    "absence": (("id",),),
    "absence_end": (("absence_id",),),
    "access_review": (("id",),),
    "anchor": (("number",), ("period", "part"), ("previous",)),
    "anchor_leaf": (("place", "anchor"),),
    "anchor_place": (("place",), ("subject",)),
    "anchor_token": (("id",),),
    "anomaly_remark": (("id",),),
    "archive_transfer": (("id",), ("agency_id", "year", "number")),
    "attachment_verdict": (("id",),),
    "audit_run": (("id",),),
    "copy_verdict": (("id",),),
    "delivery_status": (("id",),),
    "dossier_history": (("id",), ("dossier_id", "ordinal")),
    "draft_text": (("id",), ("document_id", "ordinal")),
    "entered_figure": (("id",), ("replaces_id",)),
    "entered_indicator": (("id",),),
    "figure_adjustment": (("id",), ("frozen_id", "ordinal")),
    "figure_target": (("id",),),
    "frozen_month": (("id",), ("agency_id", "month")),
    "history": (("id",), ("document_id", "ordinal")),
    "imported_entry": (("id",), ("register_id", "year", "number", "suffix")),
    "incoming_history": (("id",), ("incoming_id", "ordinal")),
    "inspection_look": (("id",),),
    "inspection_sample": (("id",),),
    "inspection_sample_item": (("id",), ("sample_id", "place")),
    "intake_verdict": (("id",),),
    "journal": (("id",), ("subject", "ordinal")),
    "mandate": (("id",),),
    "mandate_end": (("mandate_id",),),
    "opinion": (("id",), ("request_id", "ordinal")),
    "standing_look": (("id",),),
    "submission_slip": (("id",), ("document_id", "ordinal")),
    "unit_month": (("id",),),
    "verdict": (("id",),),
}
"""No UPDATE, no DELETE. Each with its keys."""

KEPT = {"register_number": (("id",), ("register_id", "year", "number"))}
"""No DELETE: a number that was drawn stays in the register, under the key it was drawn with."""

MOVED = (
    "NEW.id <> OLD.id OR NEW.register_id <> OLD.register_id OR NEW.year <> OLD.year OR NEW.number <> OLD.number "
    "OR (OLD.document_id IS NOT NULL AND (NEW.document_id IS NULL OR NEW.document_id <> OLD.document_id)) "
    "OR (OLD.status = 'cancelled' AND (NEW.status <> 'cancelled' OR NEW.reason <> OLD.reason "
    "OR COALESCE(CAST(NEW.entry AS TEXT), '') <> COALESCE(CAST(OLD.entry AS TEXT), '') "
    "OR (OLD.document_id IS NULL AND NEW.document_id IS NOT NULL))) "
    "OR (OLD.status = 'used' AND NEW.status = 'held')"
)
"""A drawn number would become another one, or another document's; a cancelled one would be given
again, or its line would read otherwise."""

IN_USE = "document_id = NEW.document_id AND status = 'used' AND NEW.status = 'used'"
"""The document has a number in use already."""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION trinhky_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def sqlite_statements(table: str) -> list[str]:
    """The triggers of one table for SQLite."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    keys = (GROWING | KEPT)[table]
    verbs = ("UPDATE", "DELETE") if table in GROWING else ("DELETE",)
    made = [f"CREATE TRIGGER tr_{table}_{verb.lower()} BEFORE {verb} ON {table} {refuse}" for verb in verbs]
    same = [*map(_same, keys), *([IN_USE] if table in KEPT else [])]
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {one})" for one in same)  # noqa: S608  our own names
    made.append(f"CREATE TRIGGER tr_{table}_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}")
    if table in KEPT:
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {IN_USE} AND id <> OLD.id)"  # noqa: S608
        made.append(f"CREATE TRIGGER tr_{table}_key BEFORE UPDATE ON {table} WHEN {MOVED} OR {taken} {refuse}")
    return made


def postgresql_statements(table: str) -> list[str]:
    """The same for PostgreSQL, which has no REPLACE but TRUNCATE."""
    verbs = ("UPDATE", "DELETE") if table in GROWING else ("DELETE",)
    refuse = "EXECUTE FUNCTION trinhky_refuse()"
    made = [
        f"CREATE TRIGGER tr_{table}_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {refuse}" for verb in verbs
    ]
    made.append(f"CREATE TRIGGER tr_{table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    if table in KEPT:
        made.append(f"CREATE TRIGGER tr_{table}_key BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({MOVED}) {refuse}")
    return made


def _same(key: tuple[str, ...]) -> str:
    return " AND ".join(f"{name} = NEW.{name}" for name in key)


def _guard(table: Table) -> None:
    function = ddl(POSTGRESQL_FUNCTION.replace("%", "%%"))
    event.listen(table, "after_create", function.execute_if(dialect="postgresql"))
    for dialect, statements in (("sqlite", sqlite_statements), ("postgresql", postgresql_statements)):
        for statement in statements(table.name):
            event.listen(table, "after_create", ddl(statement).execute_if(dialect=dialect))


def guard_all() -> None:
    """Hang the triggers on the metadata, so that `create_all` makes what the migrations make."""
    for name in (*GROWING, *KEPT):
        _guard(Base.metadata.tables[name])
