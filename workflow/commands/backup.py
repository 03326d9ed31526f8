"""`trinhky backup DIR`: the database and every stored file, as they are now."""

from __future__ import annotations

import click

from workflow.adapters.blobs import open_blobs
from workflow.commands import _backups as words
from workflow.commands.serve import settings_or_sentence
from workflow.domain.backup import BackupError, Kind
from workflow.services.backup import making, records
from workflow.services.backup.records import Span
from workflow.store.session import make_engine, unit_of_work


@click.command("backup")
@click.argument("folder", metavar="DIR", required=False)
@click.option("--recheck", is_flag=True, help="Read files that are in DIR already; copy damaged ones again.")
def command(folder: str | None, recheck: bool) -> None:
    """Save the database and every stored file into DIR (default: TRINHKY_BACKUP), while people go on working.

    Files that an earlier backup in DIR has are not copied again. Exit 1 where something is missing in it.
    """
    settings = settings_or_sentence()
    into = words.folder_of(folder, settings)
    engine = make_engine(settings.database_url)
    started = words.now()
    try:
        with unit_of_work(engine) as uow:
            made = making.make(uow, folder=into, blobs=open_blobs(settings.blob_url), now=started, recheck=recheck)
    except BackupError as error:
        refusal = error

        def note_failure() -> None:
            with unit_of_work(engine) as uow:
                span = Span(started, words.now())
                records.record_failure(uow, Kind.BACKUP, refusal, folder=str(into.root), span=span)
                uow.commit()

        words.try_noting(note_failure)
        raise words.refuse(error) from error
    span = Span(started, words.now())

    def note() -> None:
        with unit_of_work(engine) as uow:
            records.record_backup(uow, made, folder=str(into.root), span=span)
            uow.commit()

    words.try_noting(note)
    engine.dispose()
    _tell(made, span)


def _tell(made: making.Made, span: Span) -> None:
    manifest = made.manifest
    seconds = (span.finished - span.started).total_seconds()
    click.echo(
        f"{manifest.name}: {manifest.rows:,} rows, {manifest.files.rows:,} files ({made.copied:,} new), "
        f"{words.megabytes(manifest.size)}, {seconds:.1f} s"
    )
    if made.removed:
        click.echo(f"superseded and removed: {', '.join(made.removed)}")
    click.echo(words.SECRETS)
    for one in manifest.lacking:
        click.echo(words.line(one), err=True)
    raise SystemExit(1 if manifest.lacking else 0)
