"""What the database says about itself; read by `trinhky serve`, `trinhky doctor` and `/readyz`."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from workflow.store import certificates
from workflow.store.append_only import GROWING, KEPT
from workflow.store.models import Certificate, Person, Setting, TrustRoot, Unit
from workflow.store.session import unit_of_work

DEMO_MARK = "demo"
"""The `setting` row that says: everything in here is made up, and everybody may log in as anybody."""
DEMO_KIND = "demo"


def is_demo(engine: Engine) -> bool:
    """The database is marked as a demo's."""
    with unit_of_work(engine) as uow:
        return uow.session.get(Setting, DEMO_MARK) is not None


def demo_roots(engine: Engine) -> list[str]:
    """Labels of made-up trust roots that are still believed."""
    query = select(TrustRoot.label).where(TrustRoot.kind == DEMO_KIND, TrustRoot.retired_at.is_(None))
    with unit_of_work(engine) as uow:
        return sorted(uow.session.scalars(query))


def roots(engine: Engine) -> list[tuple[str, bytes]]:
    """Label and certificate of every root that is believed."""
    with unit_of_work(engine) as uow:
        return [(row.label, row.der) for row in certificates.roots(uow.session)]


def stamping_roots(engine: Engine) -> list[str]:
    """Labels of the roots that are believed for timestamps."""
    with unit_of_work(engine) as uow:
        return [row.label for row in certificates.roots(uow.session) if "tsa" in row.purposes]


def newest_lists(engine: Engine, now: dt.datetime) -> list[tuple[str, dt.datetime, dt.datetime | None, bytes]]:
    """(authority, published, next one due, the list) of every authority's newest revocation list."""
    with unit_of_work(engine) as uow:
        found = certificates.newest_crls(uow.session, until=now)
        return sorted(
            ((row.issuer_name, row.this_update, row.next_update, row.der) for row in found),
            key=lambda row: row[:2],
        )


def enrolled(engine: Engine) -> list[tuple[bytes, bytes]]:
    """Certificate and chain of everybody who may sign or seal."""
    query = select(Certificate.der, Certificate.chain).where(Certificate.status == "confirmed")
    with unit_of_work(engine) as uow:
        return [(der, chain) for der, chain in uow.session.execute(query)]


def certificates_ending(engine: Engine, before: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """Owner and last moment of the enrolled certificates that end before a moment."""
    query = (
        select(func.coalesce(Person.full_name, Unit.name), Certificate.not_after)
        .outerjoin(Person, Person.id == Certificate.person_id)
        .outerjoin(Unit, Unit.id == Certificate.agency_id)
        .where(Certificate.status == "confirmed", Certificate.not_after < before)
        .order_by(Certificate.not_after, Certificate.id)
    )
    with unit_of_work(engine) as uow:
        return [(owner, ends) for owner, ends in uow.session.execute(query)]


def agencies_sealing_here(engine: Engine) -> list[str]:
    """Agencies whose head allowed a key held by the server."""
    query = select(Unit.name).where(Unit.server_seal.is_(True), Unit.valid_to.is_(None)).order_by(Unit.id)
    with unit_of_work(engine) as uow:
        return list(uow.session.scalars(query))


def role_that_owns_tables(engine: Engine) -> str | None:
    """The connecting role, where it owns a table or is a superuser: it could switch the triggers off that keep
    history append-only. SQLite has no roles."""
    if engine.dialect.name != "postgresql":
        return None
    query = text(
        "SELECT current_user WHERE EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema()"
        " AND pg_has_role(current_user, tableowner, 'USAGE'))"
    )
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def rights_too_wide(engine: Engine) -> list[str]:
    """What the connecting role may do and need not: change or empty what only grows, make objects of its own."""
    if engine.dialect.name != "postgresql":
        return []
    found = []
    with engine.connect() as connection:
        for table in (*GROWING, *KEPT):
            verbs = "UPDATE, DELETE, TRUNCATE" if table in GROWING else "DELETE, TRUNCATE"
            query = text("SELECT has_table_privilege(:table, :verbs)")
            if connection.scalar(query, {"table": table, "verbs": verbs}):
                found.append(table)
        if connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")):
            found.append("CREATE")
    return found


def tables(engine: Engine) -> int:
    """How many tables there are; 0 before the first migration."""
    with engine.connect() as connection:
        return len(inspect(connection).get_table_names())


def clock(engine: Engine) -> dt.datetime | None:
    """The database server's time; None where the database has no clock of its own."""
    if engine.dialect.name != "postgresql":
        return None
    with engine.connect() as connection:
        moment: dt.datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return moment


def database_answers(engine: Engine) -> bool:
    """Whether a connection can be had and our tables are there."""
    try:
        with engine.connect() as connection:
            connection.execute(select(Setting.name).limit(1)).all()
    except SQLAlchemyError:
        return False
    return True
