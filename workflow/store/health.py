"""What the database says about itself; read by `trinhky serve`, `trinhky doctor` and `/readyz`."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from workflow.store.models.office import Setting
from workflow.store.models.signing import TrustRoot
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
