"""Two roles of PostgreSQL: the owner migrates, the web serves. The web owns nothing and can alter nothing.

The web's role may read everything, add to what grows, change what has a state, and delete only rows that have run
out. On tables that only grow it has neither UPDATE nor DELETE: the triggers there are a second lock, and whoever
may switch triggers off, the owner, is not who serves.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, inspect, text

from workflow.domain.errors import BadInput
from workflow.store.append_only import GROWING, KEPT
from workflow.store.session import make_engine

OWNER, WEB = "trinhky_owner", "trinhky_web"
"""The names unless others are given."""

DELETABLE = frozenset(
    {
        "key_minimum",
        "asking",
        "calendar_day",
        "co_signer",
        "blob",
        "bulk_item",
        "bulk_run",
        "bundle_order",
        "correction",
        "device_day",
        "dossier_document",
        "evidence_place",
        "evidence_watch",
        "import_row",
        "invitation",
        "job_run",
        "login_delay",
        "login_session",
        "look",
        "number_look",
        "outbox",
        "outside_office_name",
        "passkey",
        "phone_code",
        "plan_entry",
        "planned_box",
        "push_device",
        "recipient",
        "recipient_group_member",
        "reply",
        "report_reader",
        "saved_view",
        "scan_page",
        "signing_ticket",
        "trust_flip",
        "unit_copy",
    }
)
"""What acts of people or the night take away: counts, marks, used-up links, moved fields, old runs over many
documents, proof bundles that were asked for, what was taken out of a dossier, a file plan or a group, an office's
other names, what a draft was to correct or whom it was to reach, days of the calendar, who reads a unit's reports,
devices and the days of logins on them, codes for telephones, a report that is counted anew, pages of a scan once
read, whom a draft no longer asks to sign before its signer, tickets for signing elsewhere, looks at documents
and at personal numbers when their time is over."""

READ_ONLY = frozenset({"alembic_version"})

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def setup_sql(*, owner: str = OWNER, web: str = WEB) -> str:
    """What a superuser runs once in the database: both roles, without passwords, and who may connect and create.

    Running it again changes nothing.
    """
    _demand_names(owner, web)
    lines = [
        f"-- run as a superuser in the database of the service; then: \\password {owner}  and  \\password {web}"
    ]
    for role in (owner, web):
        make = f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        lines.append(f"DO $$ BEGIN IF to_regrole('{role}') IS NULL THEN {make}; END IF; END $$;")
    for statement in (
        "REVOKE ALL ON DATABASE %I FROM PUBLIC",
        f"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO {owner}",
        f"GRANT CONNECT ON DATABASE %I TO {web}",
    ):
        lines.append(f"DO $$ BEGIN EXECUTE format('{statement}', current_database()); END $$;")
    lines += [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {owner};",
        f"GRANT USAGE ON SCHEMA public TO {web};",
    ]
    return "\n".join(lines) + "\n"


def grant(url: str, *, web: str = WEB) -> bool:
    """Give the web's role what it needs of each table and nothing else, as the owner; False where there is no such
    role, or the database has none.
    """
    _demand_names(web)
    engine = make_engine(url)
    try:
        if engine.dialect.name != "postgresql":
            return False
        with engine.begin() as connection:
            if connection.scalar(text("SELECT to_regrole(:web)"), {"web": web}) is None:
                return False
            for statement in _grants(connection, web):
                connection.execute(text(statement))
        return True
    finally:
        engine.dispose()


def _grants(connection: Connection, web: str) -> list[str]:
    made = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {web}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {web}",
    ]
    tables = inspect(connection).get_table_names()
    return made + [f"GRANT {', '.join(rights(table))} ON {table} TO {web}" for table in sorted(tables)]


def rights(table: str) -> tuple[str, ...]:
    """What the web may do with a table."""
    if table in READ_ONLY:
        return ("SELECT",)
    if table in GROWING:
        return "SELECT", "INSERT"
    if table in DELETABLE and table not in KEPT:
        return "SELECT", "INSERT", "UPDATE", "DELETE"
    return "SELECT", "INSERT", "UPDATE"


def _demand_names(*roles: str) -> None:
    for role in roles:
        if not _NAME.fullmatch(role):
            raise BadInput("role_name", role=role)
