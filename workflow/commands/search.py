"""`trinhky search`: the index of full-text search."""

from __future__ import annotations

import datetime as dt

import click

from workflow.commands.serve import settings_or_sentence
from workflow.services import search
from workflow.store.session import make_engine, unit_of_work

BATCH = 200
"""Documents in one transaction: well under a second, so that nobody waits long to write."""


@click.group("search")
def command() -> None:
    """The index of full-text search."""


@command.command("rebuild")
def rebuild() -> None:
    """Write every document's words anew, the newest first. People may go on working and searching meanwhile.

    What is left when it is broken off, and files that were never read, are the work of the job index_texts.
    """
    engine = make_engine(settings_or_sentence().database_url)
    done, before = 0, None
    try:
        with unit_of_work(engine) as uow:
            total = search.rebuild(uow)
            uow.commit()
        while True:
            with unit_of_work(engine) as uow:
                written, before = search.write_some(uow, now=dt.datetime.now(dt.UTC), limit=BATCH, before=before)
                uow.commit()
            if not written:
                break
            done += written
            if done % (50 * BATCH) == 0:
                click.echo(f"{done} of {total}")
    finally:
        engine.dispose()
    click.echo(f"{done} documents")
