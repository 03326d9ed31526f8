"""`trinhky drill DIR`: put the newest backup into a database that is thrown away, and compare everything."""

from __future__ import annotations

import click

from workflow.commands import _backups as words
from workflow.commands.serve import settings_or_sentence
from workflow.domain.backup import BackupError
from workflow.services.backup import drilling, records
from workflow.services.backup.records import Span
from workflow.store.session import make_engine, unit_of_work


@click.command("drill")
@click.argument("folder", metavar="DIR", required=False)
@click.option("--backup", "name", metavar="NAME", help="Which one; default: the newest in DIR.")
def command(folder: str | None, name: str | None) -> None:
    """Try a backup in DIR (default: TRINHKY_BACKUP) and name what is wrong with it; exit 1 where anything is.

    It needs room beside the backup for the tables, and nothing of the installation is touched.
    """
    settings = settings_or_sentence()
    source = words.folder_of(folder, settings)
    started = words.now()
    try:
        drilled = drilling.drill(source, name=name)
    except BackupError as error:
        raise words.refuse(error) from error
    span = Span(started, words.now())
    engine = make_engine(settings.database_url)

    def note() -> None:
        with unit_of_work(engine) as uow:
            records.record_drill(uow, drilled, folder=str(source.root), span=span)
            uow.commit()

    words.try_noting(note)
    engine.dispose()
    for one in drilled.findings:
        click.echo(words.line(one))
    if drilled.findings:
        raise SystemExit(1)
    rows = drilled.manifest.rows if drilled.manifest else 0
    click.echo(
        f"{drilled.name}: {rows:,} rows came back as written, {drilled.chains:,} chains hold, every file is whole"
    )
