"""`trinhky migrate`: bring the database to the newest shape."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from workflow.services.installation import seed_reference
from workflow.store import migrate
from workflow.store import roles as roles_of
from workflow.store.session import make_engine, unit_of_work


@click.command("migrate")
@click.option("--database", metavar="URL", help="Instead of TRINHKY_DATABASE_URL.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 where a revision is pending.")
@click.option("--roles", is_flag=True, help="Print the SQL that makes PostgreSQL's two roles, for a superuser.")
@click.option("--owner-role", default=roles_of.OWNER, show_default=True, help="Who migrates.")
@click.option("--web-role", default=roles_of.WEB, show_default=True, help="Who serves; granted what it needs.")
@click.option("--draft", metavar="WORDS", help="For developers: write a revision from changed models.")
def command(
    database: str | None, check: bool, roles: bool, owner_role: str, web_role: str, draft: str | None
) -> None:
    """Bring the database to the newest shape; nothing happens where it has it already.

    On PostgreSQL, as the owner of the tables, it also gives the web's role its rights, new tables included.
    """
    if roles:
        click.echo(roles_of.setup_sql(owner=owner_role, web=web_role), nl=False)
        return
    if draft:
        with tempfile.TemporaryDirectory() as folder:
            written = migrate.draft(f"sqlite:///{Path(folder, 'empty.db')}", draft)
        click.echo(f"written: {written}")
        return
    url = database or os.environ.get("TRINHKY_DATABASE_URL")
    if not url:
        raise click.ClickException("set TRINHKY_DATABASE_URL or give --database")
    before, newest = migrate.current(url), migrate.head()
    if check:
        click.echo(f"at {before}, newest {newest}")
        raise SystemExit(0 if before == newest else 1)
    bring_up(url)
    click.echo(f"already at {newest}" if before == newest else f"migrated from {before} to {newest}")
    if roles_of.grant(url, web=web_role):
        click.echo(f"{web_role} may serve: it owns no table and cannot change what only grows")


def bring_up(url: str) -> None:
    """The newest shape, and what every installation starts with: document types and the calendar's known days."""
    migrate.upgrade(url)
    engine = make_engine(url)
    with unit_of_work(engine) as uow:
        seed_reference(uow)
        uow.commit()
    engine.dispose()
