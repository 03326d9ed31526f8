"""`trinhky create-admin`: the first administrator, or a new one where none can log in."""

from __future__ import annotations

import datetime as dt

import click

from workflow.commands.serve import settings_or_sentence
from workflow.services.first_admin import FirstAgency, create_admin
from workflow.services.people import propose_username
from workflow.store.session import make_engine, unit_of_work


@click.command("create-admin")
@click.option("--name", "full_name", prompt="Full name", help="As it is shown to others.")
@click.option("--username", help="Login name; default: made from the name, like lan.nt.")
@click.option("--agency", "code", prompt="Code of the agency", help="The agency's identifier, e.g. H57.12.")
@click.option("--agency-name", default="", help="Needed where the agency is not entered yet.")
@click.option("--agency-abbreviation", default="", help="As in document symbols; default: the code.")
def command(full_name: str, username: str | None, code: str, agency_name: str, agency_abbreviation: str) -> None:
    """Make an administrator and print the one-time link by which they choose their password."""
    settings = settings_or_sentence()
    engine = make_engine(settings.database_url)
    agency = FirstAgency(code=code, name=agency_name, abbreviation=agency_abbreviation)
    try:
        with unit_of_work(engine) as uow:
            link = create_admin(
                uow,
                full_name=full_name,
                username=username or propose_username(full_name),
                agency=agency,
                now=dt.datetime.now(dt.UTC),
            )
            uow.commit()
    finally:
        engine.dispose()
    click.echo(f"login name: {link.username}")
    click.echo(
        f"one-time link, until {link.expires_at:%d/%m/%Y %H:%M} UTC: {settings.base_url}/invitation/{link.secret}"
    )
