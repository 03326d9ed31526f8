"""`trinhky restore DIR`: a backup into an empty installation of the same version."""

from __future__ import annotations

import click

from workflow.adapters.blobs import open_blobs
from workflow.commands import _backups as words
from workflow.commands.search import BATCH
from workflow.commands.serve import settings_or_sentence
from workflow.domain.backup import BackupError
from workflow.services import search
from workflow.services.backup import restoring
from workflow.store.session import Engine, make_engine, unit_of_work


@click.command("restore")
@click.argument("folder", metavar="DIR", required=False)
@click.option("--backup", "name", metavar="NAME", help="Which one; default: the newest in DIR.")
@click.option("--database", metavar="URL", help="Instead of TRINHKY_DATABASE_URL; on PostgreSQL the owner's.")
def command(folder: str | None, name: str | None, database: str | None) -> None:
    """Put a backup from DIR into a database that `trinhky migrate` has just made, and its files into the store.

    Every hash is checked first; then everything or nothing is written. The service must not run meanwhile.
    """
    settings = settings_or_sentence()
    source = words.folder_of(folder, settings)
    engine = make_engine(database or settings.database_url)
    try:
        manifest = restoring.restore(engine, folder=source, blobs=open_blobs(settings.blob_url), name=name)
        click.echo(f"{manifest.name}: {manifest.rows:,} rows, {manifest.files.rows:,} files are back")
        with unit_of_work(engine) as uow:
            ended = restoring.settle_in(uow, now=words.now())
            uow.commit()
        click.echo(f"{ended:,} open logins ended; {_write_search(engine):,} documents can be searched")
    except BackupError as error:
        raise words.refuse(error) from error
    finally:
        engine.dispose()
    for one in manifest.lacking:
        click.echo(words.line(one), err=True)
    click.echo(
        "Messages that had not left when the backup was made leave now, and what was revoked since counts again: "
        "look at both before you serve. Settings and keys are not in a backup."
    )


def _write_search(engine: Engine) -> int:
    with unit_of_work(engine) as uow:
        total = search.rebuild(uow)
        uow.commit()
    before: int | None = None
    while True:
        with unit_of_work(engine) as uow:
            written, before = search.write_some(uow, now=words.now(), limit=BATCH, before=before)
            uow.commit()
        if not written:
            return total
