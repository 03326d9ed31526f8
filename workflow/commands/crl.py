"""`trinhky crl`: revocation lists brought in by hand, beside those that the job `revocation` fetches."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from pathlib import Path

import click

from workflow.commands.serve import settings_or_sentence
from workflow.domain.errors import BadInput
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.signing.trust import import_crl
from workflow.store.session import make_engine, unit_of_work

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("crl")
def command() -> None:
    """Certificate revocation lists."""


@command.command("import")
@click.argument("crl", type=FILE)
@click.option("--issuer", required=True, type=FILE, help="Certificate of the authority that signed the list.")
def import_(crl: Path, issuer: Path) -> None:
    """Take in a list (DER or PEM) after checking that its issuer signed it. The same list twice is kept once."""
    engine = make_engine(settings_or_sentence().database_url)
    try:
        with unit_of_work(engine) as uow:
            row = import_crl(
                uow,
                SYSTEM_ACTOR,
                der=to_der(crl),
                issuer=to_der(issuer),
                source=f"file:{crl.name}",
                now=dt.datetime.now(dt.UTC),
            )
            uow.commit()
    finally:
        engine.dispose()
    until = f"{row.next_update:%d/%m/%Y %H:%M} UTC" if row.next_update else "not said"
    click.echo(f"{row.issuer_name}: number {row.number or 'none'}, {row.entries} revoked, next update {until}")


def to_der(path: Path) -> bytes:
    """The file as it is, or the first block of a PEM file."""
    content = path.read_bytes()
    if b"-----BEGIN" not in content:
        return content
    body = content.split(b"-----")[2]
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error as error:
        raise BadInput("pem_unreadable", file=path.name) from error
